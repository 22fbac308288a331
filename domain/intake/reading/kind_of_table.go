package reading

import (
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/heading"
	"twinledger/domain/record"
)

// A table without a column 类别 takes its kind from what stands above it. A workbook may hold tables
// of several kinds, so each wording is asked about for itself.

// A kindWording is what the titles of a table or section say of the kind of its rows.
type kindWording struct {
	key    string        // of the question which kind the rows are of
	text   string        // the title or name that says it, "" when none does
	kinds  []record.Kind // those that may be meant, the likeliest first
	likely bool          // the first is suggested
}

// wording returns what is said of the kind of the rows of a section: by its title, else by the
// title, the sheet, the file or the headings of the table.
func (t *Table) wording(section *Section) kindWording {
	title := ""
	if section != nil {
		title = section.Title
	}
	if known, is := t.wordings[title]; is {
		return known
	}
	if t.wordings == nil {
		t.wordings = map[string]kindWording{}
	}
	t.wordings[title] = t.findWording(title)
	return t.wordings[title]
}

func (t *Table) findWording(title string) kindWording {
	var texts []string
	if title != "" {
		texts = append(texts, title)
	}
	above := slices.Concat(slices.Clone(t.above), t.titles)
	slices.Reverse(above)
	texts = append(append(texts, above...), t.SheetName, withoutEnding(t.File))
	for i, text := range texts { // a label may name somebody: 听课人：李小红
		texts[i] = strings.TrimSpace(labelled.ReplaceAllString(chinese.Narrow(text), ""))
	}
	for _, c := range t.Columns {
		if !strings.Contains(c.Heading, "课题") { // the topic of a lesson, mostly, and no project
			texts = append(texts, c.Heading)
		}
	}
	for i, text := range texts {
		if title != "" && i > 0 {
			break // a section of its own title says itself what it is
		}
		if kinds := kindsIn(text); len(kinds) > 0 {
			return kindWording{setKey(ColumnCategory) + "/" + wordsOf(kinds), text, kinds, true}
		}
	}
	for _, name := range []string{title, t.SheetName} {
		if bare := bareTitle(name); bare != "" {
			return kindWording{setKey(ColumnCategory) + "/" + bare, name, record.NearestKinds(bare, mostOffered), false}
		}
	}
	if t.pair.named {
		return kindWording{key: setKey(ColumnCategory), kinds: []record.Kind{"mentorship"}, likely: true}
	}
	if kindOfTable(t) == heading.Exchange {
		return kindWording{key: setKey(ColumnCategory), kinds: []record.Kind{"exchange"}, likely: true}
	}
	return kindWording{key: setKey(ColumnCategory)}
}

// plainSheet matches the name of a sheet that says nothing of what it holds.
var plainSheet = regexp.MustCompile(`(?i)^(?:(?:sheet|工作表|表)?\d*|.*\d.*|.*[年月日]|.*(?:学年|学期|季|共同体|教共体|学共体|集团|联盟|片区|学区))$`)

// bareTitle returns the words of a title or a sheet's name that may say of what kind its rows are,
// "" when it only says when they were, or of which school.
func bareTitle(title string) string {
	bare := chinese.Word(sectionNumber.ReplaceAllString(compact(title), ""))
	if short := titleFrame.ReplaceAllString(bare, ""); short != "" {
		bare = short
	}
	if plainSheet.MatchString(bare) || looksLikeSchool(bare) {
		return ""
	}
	return bare
}

// askCategory asks of which kind the rows of a table are that has no column 类别, once for each
// wording above such rows.
func (x *rowReader) askCategory() {
	if x.table.has(ColumnCategory) || x.table.asked[ColumnCategory] {
		return
	}
	w := x.table.wording(x.row.Section)
	q := Question{Key: w.key, Code: "set", Column: ColumnCategory, Written: w.text, Free: true, Stops: true,
		ZH: "表中没有“类别”一栏；这个文件的记录都是哪一类？（也可写 --set 类别=…）",
		EN: "The table has no column 类别; what are the records of this file? (Or write --set 类别=….)"}
	if w.text != "" {
		q.ZH = "“" + w.text + "”的表中没有“类别”一栏；这些记录是哪一类？（整个文件都是一类时，也可写 --set 类别=…）"
		q.EN = "The table of “" + w.text + "” has no column 类别; what are its records? (Or write --set 类别=… if those of the whole file are one kind.)"
	}
	for _, kind := range w.kinds {
		entry, _ := record.Lookup(kind)
		q.Choices = append(q.Choices, Choice{Value: entry.ZH, ZH: entry.ZH, EN: entry.EN})
	}
	if w.likely {
		q.Suggested = "a"
	}
	q.Choices = append(q.Choices, Choice{Value: None, ZH: "都不是，暂挂这些行", EN: "none of them; hold the rows"})
	x.questions.ask(q, x.at())
}

// wordsOf returns the words of kinds, parted by 、.
func wordsOf(kinds []record.Kind) string {
	var words []string
	for _, kind := range kinds {
		entry, _ := record.Lookup(kind)
		words = append(words, entry.ZH)
	}
	return strings.Join(words, "、")
}
