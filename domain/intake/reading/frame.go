package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	signature = regexp.MustCompile(`^(?:填表|填报|制表|制单|审核|审批|审定|复核|经办|联系|负责|分管|主管|单位负责|学校负责|校长|園长|园长|领导|签字|签名|签章|盖章|公章|\(?(?:盖|公|签)章\)?)(?:人|单位|学校|校长|园长|领导|部门|日期|时间|电话|签字|签名|签章|意见|\(签字\)|\(盖章\)|\(签章\))*(?:\([^)]*\))?(?:[:：]|$)`)
	note      = regexp.MustCompile(`^(?:附?注|备注|说明|附注|附件|填表说明|填写说明|注意事项|温馨提示|要求)[:：.、1一(]`)
	noteLine  = regexp.MustCompile(`^(?:\d{1,2}[.、．)]|[(（]\d{1,2}[)）]|[①-⑳]|[一二三四五六七八九十]{1,2}[、.])`)
	pageLine  = regexp.MustCompile(`^(?:第?\d+页?[,，/\s-]*(?:共|/)?\d*页?|第[一二三四五六七八九十\d]+页.*|共\d+页.*|-\s*\d+\s*-|[Pp]age\s*\d+.*|(?:接|续|转)(?:上|下)页)$`)
	dateLine  = regexp.MustCompile(`^(?:填表|填报|制表|上报)?(?:日期|时间)?[:：]?(?:\d{2,4}|[〇零一二三四五六七八九]{4})年\d{0,2}[〇一二三四五六七八九十]{0,3}月\d{0,2}[〇一二三四五六七八九十]{0,3}日?$|^年\s*月\s*日$|^\d{4}[-./]\d{1,2}[-./]\d{1,2}$`)
)

// A frameReader tells the rows around a table's records from the records.
type frameReader struct {
	noting bool // the row before was a note, which may go on
	ended  bool // a signature or note was read: what follows may be more of the frame
}

// frame returns what a row is that is no record, "" of a record. texts are its texts, of
// which filled stand in columns that a record must fill: date, category, school, person.
func (f *frameReader) frame(texts []string, filled int) string {
	if len(texts) == 0 {
		return ""
	}
	what := f.whatIs(texts, filled)
	f.noting = what == "note"
	f.ended = f.ended && what != "" || what == "note" || what == "signature"
	return what
}

// mostFrameCells is how many cells a row of signatures has at most.
const mostFrameCells = 6

func (f *frameReader) whatIs(texts []string, filled int) string {
	first := strings.TrimSpace(texts[0])
	joined := compact(first)
	few := len(texts) <= 2
	switch {
	case len(texts) <= mostFrameCells && signature.MatchString(joined) && f.signs(texts):
		return "signature"
	case few && note.MatchString(joined):
		return "note"
	case few && pageLine.MatchString(compact(strings.Join(texts, ""))):
		return "page"
	case few && dateLine.MatchString(compact(strings.Join(texts, ""))):
		return "date"
	case few && f.noting && (noteLine.MatchString(joined) || len(texts) == 1):
		return "note"
	case len(texts) == 1 && f.ended && filled == 0:
		return "note"
	case len(texts) == 1 && utf8.RuneCountInString(joined) > 60:
		return "note"
	}
	return ""
}

// signs tells whether the row holds little but words of signatures: most texts end in a
// colon, hold one, or are such words.
func (f *frameReader) signs(texts []string) bool {
	words := 0
	for _, text := range texts {
		if c := compact(text); signature.MatchString(c) || strings.ContainsAny(c, ":：") || dateLine.MatchString(c) {
			words++
		}
	}
	return 2*words >= len(texts)
}

// printedNumber matches what stands under 序号 before anything else is written into a row.
var printedNumber = regexp.MustCompile(`^(?:[(（]?(?:\d{1,5}|[一二三四五六七八九十百]{1,4})[)）]?[.、．]?|[①-⑳]|序号)$`)

// onlyNumbered tells whether a row holds nothing but the number, and the unit, that were
// printed in advance.
func (t *openTable) onlyNumbered(row TableRow) bool {
	for _, cell := range row.Cells {
		name := t.name(cell.Column)
		if name != ColumnMeasure && (name != ColumnNumber || !printedNumber.MatchString(compact(cell.Text))) {
			return false
		}
	}
	return len(row.Cells) > 0
}

// toBeSeparated tells whether a row may be one of totals, which is known only when the columns are
// named: a cell labels it so, or it holds a number alone, which may be that of a page.
func (t *openTable) toBeSeparated(texts []string, what string) bool {
	if t.Form != Activity && t.Form != Roster {
		return false
	}
	labelled := slices.ContainsFunc(texts, func(text string) bool { form, _ := labelIn(text); return form == totalLabel })
	return labelled || what == "page" && len(texts) == 1 && numberOnlyRow.MatchString(compact(texts[0]))
}

// isPageNumber tells whether a row holds the number of a page alone: it does not stand in the
// column of numbers.
func (t *Table) isPageNumber(row TableRow) bool {
	return len(row.Cells) == 1 && t.Columns[row.Cells[0].Column].Name != ColumnQuantity && pageLine.MatchString(compact(row.Cells[0].Text))
}

// mayBeTitle tells whether a row above a heading may be the title of the table below: it is one
// text, and neither a number nor a label of totals.
func (t *openTable) mayBeTitle(row TableRow) bool {
	if len(row.Cells) != 1 || row.Cells[0].Number != "" {
		return false
	}
	text := compact(row.Cells[0].Text)
	return !numberOnlyRow.MatchString(text) && !saysTotal(text)
}
