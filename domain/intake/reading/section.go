package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"twinledger/domain/chinese"
	"twinledger/domain/heading"
	"twinledger/domain/org"
)

// A Section is what rows above some rows say of them: 一、送课情况, the name of a school or community
// across the whole table, or labels such as 派出学校：张湾小学.
type Section struct {
	Title string        // as 一、送课情况; "" when there is none
	Month string        // as 3月, for dates of which only the day is written; "" when it names none
	names []outsideName // what may be said of each row
}

// School returns the school that the section names, "" when it names none.
func (s Section) School() string {
	for _, name := range s.names {
		if slices.Contains(name.columns, ColumnFrom) || slices.Contains(name.columns, ColumnTo) {
			return name.text
		}
	}
	return ""
}

// with returns the section with names in the place of those for the same columns.
func (s Section) with(names ...outsideName) Section {
	s.names = slices.DeleteFunc(slices.Clone(s.names), func(old outsideName) bool {
		return slices.ContainsFunc(names, func(n outsideName) bool { return slices.Contains(n.columns, old.columns[0]) })
	})
	s.names = append(s.names, names...)
	return s
}

// sectionNumber matches the number before the title of a section.
var sectionNumber = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}[、.．]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十\d]{1,3}(?:部分|大项|类)[、:：]?)`)

var (
	// numberBefore matches the number before a name that heads a section, in any form.
	numberBefore = regexp.MustCompile(`^(?:` + sectionNumber.String()[1:] + `|\d{1,2}[、.．)）]|\(\d{1,2}\))`)

	// countBehind matches what is counted behind such a name: 张湾小学（3节）.
	countBehind = regexp.MustCompile(`(?:\([^()]*\d[^()]*\)|[:：])$`)
)

// monthAlone matches a month that heads the days below it.
var monthAlone = regexp.MustCompile(`^(?:\d{4}年)?(?:1[0-2]|[1-9]|[一二三四五六七八九十]|十[一二])月份?$`)

// continuedTitle matches a title that only says that a table goes on.
var continuedTitle = regexp.MustCompile(`^\(?(?:续|接上|续上)表?|\(续表?\)$`)

// longestSection is how many characters the title of a section has at most.
const longestSection = 40

// sectionAt returns the section that a single text of a row begins, and whether it begins one.
// A school that stands in a column for schools, or a community in its own, is no section.
func (s *sheetReader) sectionAt(text string, column int) (Section, bool) {
	if utf8.RuneCountInString(text) > longestSection || continuedTitle.MatchString(compact(text)) {
		return Section{}, false
	}
	means := ""
	if column >= 0 {
		if found := s.meanings(s.open.name(column)); len(found) > 0 {
			means = found[0].column
		}
	}
	numbered := sectionNumber.MatchString(compact(text))
	bare := org.NormalName(countBehind.ReplaceAllString(numberBefore.ReplaceAllString(compact(text), ""), ""))
	now := Section{}
	if s.open.section != nil {
		now = *s.open.section
	}
	labels, school := s.labelledIn(text), s.schoolAtStart(bare)
	switch {
	case !numbered && means != "" && means != ColumnNumber && !slices.Contains(dateColumns, means):
		return Section{}, false
	case monthAlone.MatchString(bare) && column >= 0:
		now.Month = strings.TrimSuffix(bare, "份")
		return now, true
	case len(labels) > 0 && column >= 0:
		return now.with(labels...), true
	case strings.ContainsAny(bare, ":：；;"), !numbered && strings.ContainsAny(bare, joiners):
	case s.isSchool(bare):
		return now.with(outsideName{"section", schoolColumns, bare}), true
	case s.isCommunity(bare):
		return now.with(outsideName{"section", []string{ColumnCommunity}, bare}), true
	case school != "" && isKindTitle(strings.TrimPrefix(bare, school)): // 张湾小学送课情况
		return Section{Title: text}.with(outsideName{"section", schoolColumns, school}), true
	}
	if numbered || isKindTitle(text) {
		return Section{Title: text}, true
	}
	return Section{}, false
}

// isKindTitle tells whether a text is little but the word of a kind: 送课, 送课情况, 听课记录表.
func isKindTitle(text string) bool {
	bare := titleFrame.ReplaceAllString(compact(text), "")
	return utf8.RuneCountInString(bare) <= longestKind && len(kindsIn(bare)) == 1 && strings.HasPrefix(text, bare) && isKindWord(bare)
}

// titleFrame matches what a title says beside the word of a kind.
var titleFrame = regexp.MustCompile(`(?:活动)?(?:情况|记录|登记|统计|汇总|台账|明细|一览|部分|类)*表?[:：]?$`)

// takeTitle takes the rows with a single text that stand right above a row out of the table,
// and returns their texts, from top to bottom: they are the title of the next table.
func (t *openTable) takeTitle() []string {
	var texts []string
	for _, single := range t.single {
		texts = append(texts, single.text)
		if n := len(t.Rows); n > 0 && t.Rows[n-1].Number >= single.number {
			t.Rows = slices.DeleteFunc(t.Rows, func(r TableRow) bool { return r.Number == single.number })
		}
		t.Frames = slices.DeleteFunc(t.Frames, func(f Frame) bool { return f.Number == single.number })
		t.Frames = append(t.Frames, Frame{single.number, "title", cut(withoutPeople(single.text), frameRunes)})
	}
	t.single = nil
	return texts
}

// withoutPeople returns a text in which … stands behind every label but those of schools and
// communities: who filled in a table, or signed it, is not told.
func withoutPeople(text string) string {
	return labelled.ReplaceAllStringFunc(chinese.Narrow(text), func(said string) string {
		label, value, _ := strings.Cut(said, ":")
		if value = org.NormalName(value); looksLikeSchool(value) || communityWord.MatchString(value) {
			return said
		}
		return label + ":…"
	})
}

// mostTitleRows is how many rows the title of a table has at most.
const mostTitleRows = 4

// beginsSection tells whether a row of a table of activities is the title of a section, which the
// rows below belong to. A text alone under 序号 is one even where nothing is known of it: a record
// has more than that.
func (s *sheetReader) beginsSection(row TableRow) bool {
	if len(row.Cells) != 1 || row.Cells[0].Above {
		return false
	}
	cell := row.Cells[0]
	if s.open.Form == Activity && cell.Number == "" && cell.Date == "" {
		if section, begins := s.sectionAt(cell.Text, cell.Column); begins {
			s.open.section = &section
			return true
		}
	}
	return s.open.name(cell.Column) == ColumnNumber
}

// takeLabels takes a row of nothing but labels, 填报单位：石桥小学 and 填表人：周平, for what they say of the
// rows below, and tells whether it is one.
func (s *sheetReader) takeLabels(row TableRow) bool {
	if s.open.Form != Activity || len(row.Cells) == 0 {
		return false
	}
	var texts []string
	for _, cell := range row.Cells {
		if cell.Above || !labelled.MatchString(chinese.Narrow(cell.Text)) && !bareLabel.MatchString(chinese.Narrow(cell.Text)) {
			return false
		}
		texts = append(texts, cell.Text)
	}
	joined := strings.Join(texts, " ")
	names := s.labelledIn(joined)
	if len(names) == 0 {
		return false
	}
	section := Section{}
	if s.open.section != nil {
		section = *s.open.section
	}
	section = section.with(names...)
	s.open.section = &section
	s.open.single = append(slices.Clone(s.open.single), singleRow{row.Number, joined})
	return true
}

// bareLabel matches a label behind which nothing stands.
var bareLabel = regexp.MustCompile(`^[\p{Han}/ ]{2,12}(?:\([^()]*\))?[:：]\s*$`)

// A singleRow is a row with one text right above the row that is being read.
type singleRow struct {
	number int
	text   string
}

// noteSingle notes a row with one text, which may be the title of a table below it. A note or a
// signature is none, unless it is numbered as the title of a section is.
func (t *openTable) noteSingle(row TableRow, what string) {
	text := row.Cells[0].Text
	if numbered := sectionNumber.MatchString(compact(text)); !t.mayBeTitle(row) || what != "" && !numbered || continuedTitle.MatchString(compact(text)) {
		if what == "" {
			t.single = nil
		}
		return
	}
	if n := len(t.single); n > 0 && t.single[n-1].number < row.Number-2 {
		t.single = nil
	}
	if len(t.single) == mostTitleRows {
		t.single = t.single[1:]
	}
	t.single = append(slices.Clone(t.single), singleRow{row.Number, text})
}

// titled tells whether a row with one text stands right above a row, and whether it is numbered.
func (t *openTable) titled(row PhysicalRow) (titled, numbered bool) {
	n := len(t.single)
	if n == 0 || t.single[n-1].number < row.Number-2 {
		return false, false
	}
	return true, sectionNumber.MatchString(compact(t.single[n-1].text))
}

// laterHeading tells of which form a row below records is a heading, "" if of none: under the
// title of a section fewer columns are enough, and a row of nothing but headings is one even
// without a title.
func (s *sheetReader) laterHeading(row PhysicalRow) Form {
	form, known := s.headingForm(row, true)
	if form != "" || known < 2 || s.open.Form == WholeRegister {
		return form
	}
	titled, numbered := s.open.titled(row)
	if form, _ := s.headingForm(row, false); titled && form != "" {
		return form
	}
	texts, plain := 0, 0
	for _, name := range headingTexts(row) {
		if name == "" {
			continue
		}
		texts++
		if found := heading.Of(name); IsColumn(name) || len(found) > 0 && (found[0].Certain || numbered) {
			plain++
		}
	}
	if plain == texts && (texts >= leastColumns || titled) {
		return Activity
	}
	return ""
}

// sectionsOf returns the section that the titles of a table begin. What a label says there is said
// of the whole table.
func (s *sheetReader) sectionsOf(titles []string) *Section {
	out := Section{}
	for _, title := range titles {
		if found, is := s.sectionAt(title, -1); is {
			if found.Title != "" {
				out.Title = title
			}
			out = out.with(found.names...)
		}
	}
	if out.Title == "" && len(out.names) == 0 {
		return nil
	}
	return &out
}
