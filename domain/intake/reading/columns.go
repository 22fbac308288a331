package reading

import "slices"

// The columns of a table of activities, as their headings are written.
const (
	ColumnNumber    = "序号"
	ColumnDate      = "日期"
	ColumnCommunity = "共同体"
	ColumnCategory  = "类别"
	ColumnForm      = "形式"
	ColumnContent   = "内容"
	ColumnSubject   = "学科"
	ColumnFrom      = "派出单位"
	ColumnTo        = "接收单位"
	ColumnPeople    = "人员"
	ColumnQuantity  = "数量"
	ColumnMeasure   = "单位"
	ColumnEvidence  = "佐证材料"
	ColumnRemark    = "备注"
)

// The further columns of a roster.
const (
	ColumnSchool  = "学校"
	ColumnStage   = "学段"
	ColumnSetting = "城乡"
	ColumnRole    = "身份"
)

// A Form is what a table holds.
type Form string

// The forms. What a table of the form Unfamiliar holds, nobody can tell.
const (
	Activity      Form = "activity"
	Roster        Form = "roster"
	WholeRegister Form = "register" // all that a register says, as the program exports it or as its template is filled in
	Unfamiliar    Form = "unknown"
)

var formColumns = map[Form][]string{
	Activity: {
		ColumnNumber, ColumnDate, ColumnCommunity, ColumnCategory, ColumnForm, ColumnContent, ColumnSubject,
		ColumnFrom, ColumnTo, ColumnPeople, ColumnQuantity, ColumnMeasure, ColumnEvidence, ColumnRemark,
	},
	Roster: {ColumnNumber, ColumnCommunity, ColumnSchool, ColumnStage, ColumnSetting, ColumnRole, ColumnRemark},
}

// Columns returns the columns that a table of this form may have, in their usual order.
// Others are kept as extra columns.
func Columns(form Form) []string { return slices.Clone(formColumns[form]) }

// The columns that tables of activities may have in the place of 日期, as rosters of posted
// teachers do.
const (
	ColumnStart = "开始日期"
	ColumnEnd   = "结束日期"
)

// allColumns are all columns that a table of a form may have, also those in the place of others.
var allColumns = map[Form][]string{Activity: append(Columns(Activity), dateColumns[1:]...), Roster: Columns(Roster)}

// isColumn tells whether a table of the form may have the column.
func isColumn(form Form, column string) bool {
	return slices.Contains(allColumns[form], column)
}

// IsColumn tells whether some table may have the column.
func IsColumn(column string) bool { return isColumn(Activity, column) || isColumn(Roster, column) }

// StaysInClear tells whether what stands in a column is never sealed, so that it must name
// nobody. Schools and communities are names themselves, and are read as such.
func StaysInClear(column string) bool {
	return slices.Contains([]string{ColumnNumber, ColumnDate, ColumnStart, ColumnEnd, ColumnCategory, ColumnForm, ColumnSubject, ColumnQuantity, ColumnMeasure, ColumnStage, ColumnSetting, ColumnRole}, column)
}
