package reading

import (
	"regexp"

	"twinledger/domain/fault"
)

// ErrCancelled holds a row that says that its activity did not take place.
var ErrCancelled = fault.New(fault.Invalid, "intake.cancelled",
	"此行写着没有开展（见所示的栏），此行暂挂，不计数；如确已开展，请回答问题。",
	"The row says in the column shown that it did not take place; it is held and does not count. If it did take place, answer the question.")

var (
	// cancelled matches, in a remark, that something did not take place.
	cancelled = regexp.MustCompile(`取消|未(?:能)?(?:开展|举行|实施|进行|成行|完成)|没有(?:开展|举行|进行)|(?:活动)?(?:延期|推迟)`)

	// stateHeading matches the heading of a column that says how far an activity came, and
	// notYet what such a column says of one that did not take place.
	stateHeading = regexp.MustCompile(`^(?:活动)?(?:状态|开展情况|完成情况|落实情况|是否(?:已)?(?:开展|完成|举行|落实))$`)
	notYet       = regexp.MustCompile(`^(?:否|未.*|没.*|待.*|拟.*|计划(?:中)?|进行中|×)$`)
)

// holdCancelled holds the row where its remark or a column of its state says that the activity
// did not take place, unless the clerk answered, once for the file, that such rows did.
func (x *rowReader) holdCancelled() {
	column, text := x.saysCancelled()
	if text == "" {
		return
	}
	const key = "cancelled"
	answer := x.questions.ask(Question{
		Key: key, Code: "cancelled", Column: column, Written: text, Suggested: "a",
		ZH: "有的行写着没有开展（如“" + column + "：" + text + "”），这些活动是不是没有发生？", EN: "Some rows say that they did not take place, such as “" + column + ": " + text + "”; is that so?",
		Choices: []Choice{{Value: "held", ZH: "没有发生，这些行暂挂、不计", EN: "they did not: hold them"}, {Value: "took-place", ZH: "发生了，照常入账", EN: "they did: record them"}},
	}, x.at())
	if answer == "took-place" {
		return
	}
	if answer == "" {
		x.asked = key
	}
	x.hold(ErrCancelled.With("says", cut(text, longestName)), column)
}

// saysCancelled returns the column that says that the activity did not take place, and what it
// says; "" when none does.
func (x *rowReader) saysCancelled() (column, text string) {
	if remark := x.row.Values[ColumnRemark].Text; cancelled.MatchString(remark) {
		return ColumnRemark, remark
	}
	for _, cell := range x.row.Cells {
		c := x.table.Columns[cell.Column]
		if c.Name == "" && stateHeading.MatchString(c.Heading) && (notYet.MatchString(compact(cell.Text)) || cancelled.MatchString(cell.Text)) {
			return c.Heading, cell.Text
		}
	}
	return "", ""
}
