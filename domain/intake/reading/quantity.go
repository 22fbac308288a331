package reading

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/fault"
	"twinledger/domain/record"
)

var (
	scientific = regexp.MustCompile(`^\d+(?:\.\d+)?[eE][+-]?\d{1,2}$`)
	rangeOf    = regexp.MustCompile(`^(?:约|大约|大概)?(\d+(?:\.\d+)?)(\p{Han}{0,3}?)[-~—–―～至到]+(\d+(?:\.\d+)?)(\p{Han}{0,3}|\(\p{Han}{1,3}\))$`)
	halfOf     = regexp.MustCompile(`^半(?:个)?(天|日|节|课时|小时|学期|年|个月|月)$`)
	andHalf    = regexp.MustCompile(`^([一二两三四五六七八九]|\d+)(?:个)?(天|日|节|课时|小时|学期|年|个月|月)半$`)
	bracketed  = regexp.MustCompile(`^([^()]+)\((\p{Han}{1,4})\)$`)
)

// quantity reads 数量 and 单位. What the heading names as the unit holds where the row names
// none. A number that the ledger cannot keep is as unreadable as a word.
func (x *rowReader) quantity() record.Quantity {
	number, measure := x.number(), x.value(ColumnMeasure)
	toldAbove := x.toldAbove()
	heading := x.table.measureOf(ColumnQuantity)
	if heading != "" && x.table.hasPlainNumber() {
		measure = "" // 单位 belongs to the column 数量 beside this one
	}
	q, err := readQuantity(number, cmp.Or(measure, heading))
	if err == nil && heading != "" && measure != "" && !sameMeasure(heading, measure) {
		q.Number, q.Bound, err = "", "", record.ErrTwoMeasures
	}
	if q.Text = x.row.Values[ColumnQuantity].Written(); number == "" && q.Number == "" {
		q.Text = ""
	}
	if err == nil && !keeps(q) {
		q.Number, q.Bound, err = "", "", record.ErrUnreadableQuantity
	}
	if toldAbove != "" && err == nil {
		if q.Text = toldAbove; slices.Contains(occurrenceCodes, q.Measure.Code) || q.Measure.Code == classHour {
			q.Number, q.Bound = "0", record.Exact
		}
	}
	switch {
	case err != nil:
		x.problem(asFault(err), ColumnQuantity)
		x.keep(ColumnQuantity)
	case q.Number != "" && q.Measure.Text == "":
		x.problem(ErrNoUnit, ColumnQuantity)
	}
	return q
}

// number returns what 数量 says. One in a merged cell is taken as it is only where it is known to be
// the number of each row; until then only the first row has it.
func (x *rowReader) number() string {
	text := x.value(ColumnQuantity)
	if text == "" || !x.isMerged(ColumnQuantity) {
		return text
	}
	switch x.askMerged(ColumnQuantity, text) {
	case ofEachRow:
		return text
	case ofAllRows:
		return ""
	}
	x.problem(ErrMergedNumber, ColumnQuantity)
	x.keep(ColumnQuantity)
	return ""
}

// isMerged tells whether what a row says in a column stands in a merged cell that begins above it.
func (x *rowReader) isMerged(column string) bool {
	cell, _ := x.table.named(x.row.TableRow, column)
	return cell.Above
}

// The values of the choices what a number in a merged cell is.
const (
	ofAllRows = "sum"
	ofEachRow = "each"
)

// askMerged asks what a number in a merged cell is, once for the file: that of each row, or that of
// all of them together.
func (x *rowReader) askMerged(column, text string) string {
	return x.questions.ask(Question{
		Key: "merged/" + column, Code: "merged-number", Column: column, Written: text,
		ZH:      "“" + column + "”写在上下合并的格子里（如“" + text + "”），是各行合计，还是每行都是这个数？",
		EN:      "Numbers stand in merged cells, such as “" + text + "”; is that the sum of the rows, or the number of each row?",
		Choices: []Choice{{Value: ofAllRows, ZH: "各行合计：只记在第一行", EN: "the sum: the first row has it"}, {Value: ofEachRow, ZH: "每行都是这个数", EN: "the number of each row"}},
	}, x.at())
}

// toldAbove returns what a record says in the place of a number that the record of a row above has
// for this row too, as the clerk said; "" of any other. Where it counts occurrences such a record
// adds none: without a number it would count as at least one more.
func (x *rowReader) toldAbove() string {
	text := x.row.Values[ColumnQuantity].Written()
	if !x.isMerged(ColumnQuantity) || isPlaceholder(ColumnQuantity, text) || x.answers.Choices["merged/"+ColumnQuantity] != ofAllRows {
		return ""
	}
	return fmt.Sprintf("%s（各行合计，记在第 %d 行）", text, x.numberedRow)
}

// ErrMergedNumber marks a row whose number stands in a merged cell with those of other rows.
var ErrMergedNumber = fault.New(fault.Invalid, "intake.merged-number",
	"数量写在上下合并的格子里，分不清是合计还是每行的数，只记在第一行，此行数量按未知处理；请回答问题，或逐行写明。",
	"The number stands in a merged cell, and it is not known whether it is the sum of the rows or that of each; the first row has it and this one has none. Answer the question, or write a number in every row.")

// ErrNoUnit marks a number that does not say of what.
var ErrNoUnit = fault.New(fault.Invalid, "intake.no-unit",
	"数量没有单位，不知道是几节还是几次；请在“单位”栏或表头里写明，如 数量（节）。",
	"The number has no unit, so that nobody knows of what it is; write the unit in the column 单位 or in the heading, as in 数量（节）.")

// sameMeasure tells whether two words are one unit. Units without a code, such as 件 and 张, are one
// where they are one word.
func sameMeasure(a, b string) bool {
	one, other := record.MeasureOf(a), record.MeasureOf(b)
	return one.Code == other.Code && (one.Code != "" || one.Text == other.Text)
}

// readQuantity returns what a number and a unit say. Beside what [record.ParseQuantity]
// reads there are 1.8e+01, as programs write numbers into CSV files; 2-3节, which is at
// least 2; 半天, which is 0.5 天; and 3（节）.
func readQuantity(number, measure string) (record.Quantity, error) {
	text := compact(number)
	if m := bracketed.FindStringSubmatch(text); m != nil {
		text = m[1] + m[2]
	}
	atLeast := false
	switch m := rangeOf.FindStringSubmatch(text); {
	case m != nil:
		low, err1 := strconv.ParseFloat(m[1], 64)
		high, err2 := strconv.ParseFloat(m[3], 64)
		if err1 == nil && err2 == nil && low < high && (m[2] == "" || m[4] == "" || m[2] == m[4]) {
			text, atLeast = m[1]+strings.Trim(cmp.Or(m[4], m[2]), "()"), true
		}
	case scientific.MatchString(text):
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			text = strconv.FormatFloat(value, 'f', -1, 64)
		}
	case halfOf.MatchString(text):
		text = "0.5" + halfOf.FindStringSubmatch(text)[1]
	case andHalf.MatchString(text):
		m := andHalf.FindStringSubmatch(text)
		if q, err := record.ParseQuantity(m[1], ""); err == nil {
			text = q.Number + ".5" + m[2]
		}
	}
	q, err := record.ParseQuantity(text, measure)
	if err == nil && atLeast && q.Bound == record.Exact {
		q.Bound = record.AtLeast
	}
	return q, err
}

// keeps tells whether a record may say the quantity, all else being well formed.
func keeps(q record.Quantity) bool { return q.Normal().Check() == nil }
