package reading

import (
	"regexp"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

// What a cell can say that is no value.
var (
	ErrFormulaError = fault.New(fault.Invalid, "intake.formula-error",
		"此格是公式错误（如 #N/A），不是内容，按未知处理；请在表格程序里改好公式，再导入。",
		"The cell is the error of a formula, such as #N/A, and no content; it is taken as unknown. Put the formula right and import again.")
	ErrFormulaWithoutValue = fault.New(fault.Invalid, "intake.formula-without-value",
		"此格只有公式，没有存下结果，按未知处理；请用 Excel 或 WPS 打开文件、重新保存，再导入。",
		"The cell has a formula whose result was not stored; it is taken as unknown. Open the file in Excel or WPS, save it again, and import it.")
	ErrSameAsAbove = fault.New(fault.Invalid, "intake.same-as-above",
		"此格写着“同上”，没有回答是否照上一行，按未知处理；请回答问题，或逐行写明。",
		"The cell says “as above” and nobody answered whether that is the row above; it is taken as unknown. Answer the question, or write it in every row.")
)

// placeholder matches what people write where a form forbids them to leave a cell blank.
var placeholder = regexp.MustCompile(`^(?:[-—–―−_/\\|×✕✗╳xX.…*~]+|无|無|没有|沒有|暂无|暫無|尚无|暂缺|缺|空|空白|略|未知|不知|不详|不詳|不明|不清楚|待定|未定|待补|待填|未填|不适用|无此项|无记录|无内容|[Nn]/?[Aa]|[Nn]one|[Nn]ull|[Nn]il)$`)

// noEvidence matches further words that say under 佐证材料 that there is none.
var noEvidence = regexp.MustCompile(`^(?:[0零〇](?:份|张|件|个|篇|项)?|否|不|不需要?|无需|未|[Nn]o?|[☐□?？]|(?:尚未|暂未|还未|未|没|没有|无|暂无|待|缺|缺少|丢失|遗失)(?:上传|提供|提交|交|附|留存|保存|收集|整理|拍|照|拍照|照片|图片|材料|资料|佐证|佐证材料|证明|记录|补|补充|补交){0,2})$`)

// sameAsAbove matches what stands for the cell above.
var sameAsAbove = regexp.MustCompile(`^(?:同上|同前|上同|同上行|同上一行|[〃″々"”“]|'')$`)

var formulaError = regexp.MustCompile(`(?i)^#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA|#+)$`)

var formulaText = regexp.MustCompile(`^=[A-Za-z_$(+"'{\-\d]`)

// bare returns a text without what may stand around a placeholder: brackets and a full
// stop.
func bare(text string) string {
	text = strings.Trim(text, "。.．,，;；!！ ")
	for _, pair := range [...][2]string{{"(", ")"}, {"[", "]"}, {"【", "】"}, {"\"", "\""}, {"“", "”"}} {
		if inner, ok := strings.CutPrefix(text, pair[0]); ok && strings.HasSuffix(inner, pair[1]) {
			text = strings.TrimSpace(strings.TrimSuffix(inner, pair[1]))
		}
	}
	return text
}

// isPlaceholder tells whether a cell of a column says that there is nothing. A 0 says so
// where no number is meant.
func isPlaceholder(column, text string) bool {
	if text == "" {
		return true
	}
	inner := bare(text)
	switch {
	case inner == "": // signs alone
		return true
	case placeholder.MatchString(inner):
		return true
	case column == ColumnEvidence:
		return noEvidence.MatchString(inner)
	case isOfNames(column) && column != ColumnCategory && saysTotal(inner): // the clerk said that the row is an activity
		return true
	case column == ColumnQuantity || column == ColumnNumber || column == ColumnDate:
		return false
	}
	return inner == "0"
}

// cellFault returns what is wrong with a cell that holds no value, nil for any other.
func cellFault(cell Cell) *fault.Error {
	switch {
	case formulaError.MatchString(cell.Text):
		return ErrFormulaError
	case formulaText.MatchString(cell.Text):
		return ErrFormulaWithoutValue
	}
	return nil
}

// date returns what a cell says that a spreadsheet program keeps as a date.
func (c Cell) date() (calendar.Occurred, bool) { return c.Date, c.Date != "" }
