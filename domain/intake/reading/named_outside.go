package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"twinledger/domain/calendar"
	"twinledger/domain/chinese"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/tabular"
)

// A table may leave out a column because something outside its rows says what the column would
// say: the title of a section, a line above the heading such as 填报单位：张湾小学, the name of the sheet,
// the title of the table, the name of the file. Which column it would be is asked once for the
// file and each sort of place, because a school that files a table need not be the one that sent
// somebody.

// An outsideName is what stands outside the rows of a table and may be said of each of them.
type outsideName struct {
	place   string   // where it stands, a key of outsidePlaces
	columns []string // that it may belong to
	text    string
}

// outsidePlaces are the places outside rows, as questions call them.
var outsidePlaces = map[string]struct{ zh, en string }{
	"section": {"分段的小标题", "in the title of a section"},
	"above":   {"表的上方", "above the table"},
	"title":   {"标题", "in the title"},
	"sheet":   {"工作表的名称", "in the name of the sheet"},
	"file":    {"文件名", "in the name of the file"},
}

// schoolColumns are the columns that a school outside the rows may belong to.
var schoolColumns = []string{ColumnFrom, ColumnTo}

// outsideColumns are the columns that something outside the rows may be said of.
var outsideColumns = append([]string{ColumnDate, ColumnCommunity, ColumnPeople, ColumnSubject}, schoolColumns...)

// sayOutside gives a row what stands outside the rows of its table, once the clerk has answered
// which column that is. What stands nearest goes before. A person is one more beside those whom the
// row names.
func (x *rowReader) sayOutside() {
	for _, name := range x.table.outsideNames(x.reader, x.row.Section) {
		further := name.columns[0] == ColumnPeople && x.table.has(ColumnPeople)
		columns := name.columns
		if !further {
			columns = slices.DeleteFunc(slices.Clone(columns), func(column string) bool { return !x.leavesOpen(column, name.place) })
		}
		if len(columns) == 0 {
			continue
		}
		answer := x.questions.ask(outsideQuestion(name, columns), x.at())
		if !slices.Contains(columns, answer) {
			continue
		}
		if x.row.Set = append(x.row.Set, Said{answer, name.text}); further { // equal rows of two schools' sheets are two rows
			x.outsidePeople = append(x.outsidePeople, tabular.Person("", name.text))
		} else {
			x.row.Values[answer] = Cell{Text: name.text}
		}
	}
}

// leavesOpen tells whether the row does not say itself what a column says, so that a place outside the
// rows may say it. A section may also do so in a column that the table has.
func (x *rowReader) leavesOpen(column, place string) bool {
	switch {
	case x.row.Values[column].Text != "", x.table.asked[column], column == ColumnDate && x.table.isDated():
		return false
	}
	return place == "section" || !x.table.has(column)
}

// outsideQuestion asks of which column something outside the rows is said.
func outsideQuestion(name outsideName, columns []string) Question {
	place, named := outsidePlaces[name.place], "“"+name.text+"”"
	person := columns[0] == ColumnPeople
	if person {
		named = "一个人的姓名" // who it is stays sealed
	}
	q := Question{Key: "outside/" + name.place + "/" + strings.Join(name.columns, "、"), Code: "outside", Column: columns[0]}
	q.Stops = name.place == "section" || name.place == "above" // it stands in the table: somebody meant it to be read
	if !person {
		q.Written = name.text
	}
	q.ZH = place.zh + "写着" + named + "，各行没有写“" + strings.Join(columns, "”“") + "”；它是不是各行的这一栏？"
	q.EN = "There is " + strings.ReplaceAll(named, "一个人的姓名", "the name of a person") + " " + place.en + ", and the rows do not say " + strings.Join(columns, " or ") + "; is it what that column would say of each row?"
	for _, column := range columns {
		q.Choices = append(q.Choices, Choice{Value: column, ZH: "是，是" + column, EN: "yes, it is the " + column})
	}
	q.Choices = append(q.Choices, Choice{Value: None, ZH: "不是", EN: "no"})
	if len(columns) == 1 {
		q.Suggested = "a"
	}
	return q
}

// outsideNames returns what stands outside the rows of a section, the nearest first.
func (t *Table) outsideNames(r *reader, section *Section) []outsideName {
	if t.outside == nil {
		t.outside = r.outsideTable(t)
	}
	if section == nil || len(section.names) == 0 {
		return t.outside
	}
	var out []outsideName
	for _, name := range section.names {
		out = addOutside(out, "section", name.text, name.columns...)
	}
	for _, name := range t.outside {
		out = addOutside(out, name.place, name.text, name.columns...)
	}
	return out
}

// outsideTable returns what stands outside a table, the nearest first. What heads the first table of
// a sheet heads those below it too.
func (r *reader) outsideTable(t *Table) []outsideName {
	out := []outsideName{}
	titles := slices.Concat(slices.Clone(t.above), t.titles)
	for _, title := range slices.Backward(titles) {
		for _, name := range r.labelledIn(title) {
			out = addOutside(out, "above", name.text, name.columns...)
		}
	}
	named := func(place, text string) {
		if school := r.schoolAtStart(text); !t.hasSchool(school) { // else it is the school of the other column
			out = addOutside(out, place, school, schoolColumns...)
		}
		out = addOutside(out, place, r.communityAtStart(text), ColumnCommunity)
	}
	named("sheet", t.SheetName)
	for _, title := range slices.Backward(titles) {
		if !labelled.MatchString(chinese.Narrow(title)) {
			named("title", title)
		}
	}
	named("file", withoutEnding(t.File))
	return out
}

// addOutside adds a name, unless a nearer place says the same, or its own place says another.
func addOutside(names []outsideName, place, text string, columns ...string) []outsideName {
	if text == "" || slices.ContainsFunc(names, func(n outsideName) bool { return n.text == text || n.place == place && n.columns[0] == columns[0] }) {
		return names
	}
	return append(names, outsideName{place, columns, text})
}

// hasSchool tells whether a row of the table says a school in a column of schools.
func (t *Table) hasSchool(name string) bool {
	return name != "" && slices.ContainsFunc(t.Rows, func(row TableRow) bool {
		return slices.ContainsFunc(row.Cells, func(cell TableCell) bool {
			return slices.Contains(schoolColumns, t.Columns[cell.Column].Name) && org.NormalName(cell.Text) == name
		})
	})
}

var (
	// labelled matches a label and what stands behind it: 填报单位：张湾小学.
	labelled = regexp.MustCompile(`([\p{Han}/]{2,10})(?:\([^()]*\))?[:：]\s*([^\s:：]+)`)

	// ofSender matches the label of the school that filed the table, or that it is about.
	ofSender = regexp.MustCompile(`^(?:填报|填表|上报|报送|报告|制表|申报|所在|任教|工作|本)?(?:学校|单位|校名|校|园)(?:名称|全称)?$`)

	// sealMark matches what asks for a seal or a signature behind a name.
	sealMark = regexp.MustCompile(`\([^()]*(?:章|签)[^()]*\)$`)
)

// labelledIn returns what the labels in a text say that may be said of each row.
func (r *reader) labelledIn(text string) []outsideName {
	var out []outsideName
	for _, found := range labelled.FindAllStringSubmatch(chinese.Narrow(text), -1) {
		label, said := found[1], org.NormalName(sealMark.ReplaceAllString(found[2], ""))
		if said == "" || isPlaceholder("", said) || utf8.RuneCountInString(said) > longestSection {
			continue
		}
		column := r.columnOfLabel(label)
		switch {
		case ofSender.MatchString(chinese.Word(label)) && r.isSchool(said):
			out = append(out, outsideName{"above", schoolColumns, said})
		case slices.Contains(schoolColumns, column) && r.isSchool(said), column == ColumnCommunity && r.isCommunity(said),
			column == ColumnPeople && looksLikePerson(said), column == ColumnSubject && record.IsSubject(said), column == ColumnDate && isWholeDate(said):
			out = append(out, outsideName{"above", []string{column}, said})
		}
	}
	return out
}

// isWholeDate tells whether a text is a date that needs no surroundings.
func isWholeDate(text string) bool {
	_, err := calendar.ReadAlone(text)
	return err == nil && !numberOnlyRow.MatchString(compact(text))
}

// columnOfLabel returns the column that a label above a table means, "" when it is none that may be
// said of each row. Somebody who signs, or leads, is no person of each row.
func (r *reader) columnOfLabel(label string) string {
	for _, m := range r.meanings(label) {
		if slices.Contains(outsideColumns, m.column) && (m.usual || observers.MatchString(label)) {
			return m.column
		}
	}
	return ""
}

// isSchool tells whether a name is that of a school.
func (r *reader) isSchool(name string) bool { return r.known.School(name) || looksLikeSchool(name) }

// isCommunity tells whether a name is that of a community.
func (r *reader) isCommunity(name string) bool {
	return r.known.Community(name) || communityWord.MatchString(name) && !anyCommunity.MatchString(name)
}

var (
	// anyCommunity matches what speaks of communities and names none.
	anyCommunity = regexp.MustCompile(`^(?:(?:全|本|各|该|我|所有|其他|某)?(?:县|区|市|镇|乡)?(?:内)?(?:各|所有|全部)?(?:所属|所在)?(?:城乡|学校|教育|办学|发展|互助|义务教育|紧密型)*(?:共同体|教共体|学共体|集团|联盟|片区|学区))$`)

	// office matches an office above the schools, which files tables about others.
	office = regexp.MustCompile(`(?:教体局|教育局|教育股|教委|教研室|发展中心|进修学校)$`)

	// kindOfSchools matches what speaks of schools of a kind, and names none.
	kindOfSchools = regexp.MustCompile(`^(?:学校|小学|中学|初中|高中|幼儿园|教学点|学区|校区|分校)$|(?:中小学|中小学校|(?:农村|乡村|城区|镇区|薄弱|优质|义务教育|公办|民办|普通|送课|送教|受援|支援|帮扶|结对|县|区|市)(?:中心)?(?:小学|中学|学校|初中|高中|幼儿园))$`)

	// wholeSchoolName matches the end of a name that stands at the beginning of a title: short forms
	// such as 二小 or 附中 cannot be told there from other words.
	wholeSchoolName = regexp.MustCompile(`(?:小学|小學|中学|中學|学校|學校|幼儿园|幼兒園|教学点|完小|初中|高中|校区|分校|分园|中心校)$`)

	// timeBefore matches the time before the name in a title: 2017-2018学年第二学期张湾小学送课统计表.
	timeBefore = regexp.MustCompile(`^(?:(?:19|20)\d\d(?:[-~—–至](?:19|20)?\d\d)?(?:学年度?|年度?|届)?|第?[一二12上下]学期|(?:上|下)半年|[春秋]季?(?:学期)?|\d{1,2}月份?|关于|附件\d*[:：]?|[-—_·])`)
)

// longestTitleName is how many characters the name at the start of a title has at most.
const longestTitleName = 20

// schoolAtStart returns the school whose name begins a title or the name of a sheet, "" when there is
// none: 张湾小学 of 张湾小学2018年春季送课统计表. What begins with the name of a community names no school.
func (r *reader) schoolAtStart(text string) string {
	if r.communityAtStart(text) != "" {
		return ""
	}
	return nameAtStart(text, func(name string) bool {
		return (r.known.School(name) || wholeSchoolName.MatchString(name) && looksLikeSchool(name)) && !office.MatchString(name) && !kindOfSchools.MatchString(name)
	})
}

// communityAtStart returns the community whose name begins a title, "" when there is none.
func (r *reader) communityAtStart(text string) string { return nameAtStart(text, r.isCommunity) }

// nameAtStart returns the longest beginning of a text that is a name.
func nameAtStart(text string, isName func(string) bool) string {
	text = org.NormalName(compact(text))
	for rest := timeBefore.ReplaceAllString(text, ""); rest != text; rest = timeBefore.ReplaceAllString(text, "") {
		text = rest
	}
	runes := []rune(text)
	for n := min(len(runes), longestTitleName); n >= 2; n-- {
		name := string(runes[:n])
		rest := string(runes[n:])
		if isName(name) && !strings.ContainsAny(name, joiners+"；;:：") && !continuesName.MatchString(rest) && !(strings.HasSuffix(name, "校") && schoolBased.MatchString(rest)) {
			return name
		}
	}
	return ""
}

// continuesName matches what behind a name makes it one of several, or part of a longer one.
var continuesName = regexp.MustCompile(`^(?:[:：]|[与和及、,，/—–-]\p{Han}|附属|附小|附中|分校|分园|教育|集团|共同体|片区|学区|老师|教师[:：]|校长)`)

// schoolBased matches what makes 校 behind a name the beginning of a word: 校本教研, 校长.
var schoolBased = regexp.MustCompile(`^[本长園园内际史训歌]`)
