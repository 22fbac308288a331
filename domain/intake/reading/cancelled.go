package reading

import (
	"regexp"
	"slices"

	"twinledger/domain/chinese"
	"twinledger/domain/fault"
)

// What a row is held with that says that its activity did not take place.
var (
	ErrCancelled = fault.New(fault.Invalid, "intake.cancelled",
		"此行写着没有开展（见所示的栏），此行暂挂，不计数；如确已开展，请回答问题。",
		"The row says in the column shown that it did not take place; it is held and does not count. If it did take place, answer the question.")
	ErrPostponed = fault.New(fault.Invalid, "intake.postponed",
		"此行写着推迟、改期（见所示的栏），不知道后来是否开展，此行暂挂，不计数；如确已开展，请回答问题。",
		"The row says in the column shown that it was postponed, and not whether it took place then; it is held and does not count. If it did take place, answer the question.")
	ErrPlanned = fault.New(fault.Invalid, "intake.planned",
		"此行写着只是计划、待定（见所示的栏），此行暂挂，不计数；如确已开展，请回答问题。",
		"The row says in the column shown that it is only planned; it is held and does not count. If it did take place, answer the question.")
)

// sayingWords are, for each sort of saying, the fault that holds a row, and the question about it.
var sayingWords = map[saying]struct {
	held   *fault.Error
	zh, en string
}{
	saysCancelled: {ErrCancelled, "写着没有开展", "say that they did not take place"},
	saysPostponed: {ErrPostponed, "写着推迟、改期", "say that they were postponed"},
	saysPlanned:   {ErrPlanned, "写着只是计划", "say that they are only planned"},
}

var (
	// stateHeading matches the heading of a column that says how far an activity came.
	stateHeading = regexp.MustCompile(`^(?:活动|项目|工作|送课|送教)?(?:状态|进度|进展|进展情况|开展情况|举行情况|实施情况|执行情况|完成情况|落实情况|是否(?:已|按期|如期|按时)?(?:开展|完成|举行|落实|实施|进行))$`)

	// cancelledHeading matches the heading of a column that says whether it was cancelled.
	cancelledHeading = regexp.MustCompile(`^(?:活动)?是否(?:已)?(?:取消|停办|延期|推迟|改期)$`)

	notTakenPlace = regexp.MustCompile(`^(?:否|未.*|没.*|不|×|✗|✕|0)$`)
	notYet        = regexp.MustCompile(`^(?:待.*|拟.*|计划.*|筹备.*|准备.*|尚待.*|进行中|预.*)$`)
	yes           = regexp.MustCompile(`^(?:是|√|✓|已.*|有)$`)
)

// holdCancelled holds the row where a cell of it says that the activity did not take place or is
// only planned, unless the clerk answered, once for the file and each sort of saying, that such
// rows did.
func (x *rowReader) holdCancelled() {
	sort, column, text := x.saysNotTakenPlace()
	if sort == "" {
		return
	}
	key, words := string(sort), sayingWords[sort]
	answer := x.questions.ask(Question{
		Key: key, Code: key, Column: column, Written: text, Suggested: "a",
		ZH: "有的行" + words.zh + "（如“" + column + "：" + text + "”），这些活动是不是没有发生？", EN: "Some rows " + words.en + ", such as “" + column + ": " + text + "”; is that so?",
		Choices: []Choice{{Value: "held", ZH: "没有发生，这些行暂挂、不计", EN: "they did not: hold them"}, {Value: "took-place", ZH: "发生了，照常入账", EN: "they did: record them"}},
	}, x.at())
	if answer == "took-place" {
		return
	}
	if answer == "" {
		x.asked = key
	}
	x.hold(words.held.With("says", cut(text, longestName)), column)
}

// saysNotTakenPlace returns what a row says of an activity that did not take place, the column
// that says so and its text.
func (x *rowReader) saysNotTakenPlace() (found saying, column, text string) {
	for _, cell := range x.row.Cells {
		c := x.table.Columns[cell.Column]
		sort := sayingIn(c.Name, cell.Text)
		if c.Name == "" {
			sort = sayingOfState(chinese.Word(c.Heading), compact(cell.Text), sort)
		}
		if sort != "" && (found == "" || slices.Index(sayings, sort) < slices.Index(sayings, found)) {
			found, column, text = sort, c.named(), cell.Text
		}
	}
	return found, column, text
}

// sayingOfState returns what a cell says in a column of the state of activities; sort is what its
// words alone say.
func sayingOfState(heading, text string, sort saying) saying {
	switch {
	case cancelledHeading.MatchString(heading) && yes.MatchString(text):
		return saysCancelled
	case cancelledHeading.MatchString(heading):
		return ""
	case sort != "" || !stateHeading.MatchString(heading):
		return sort
	case notTakenPlace.MatchString(text):
		return saysCancelled
	case notYet.MatchString(text):
		return saysPlanned
	}
	return ""
}
