package reading

import "twinledger/domain/org"

// schoolOfSheet gives a row the school after which its sheet is called, once the clerk has
// answered what that school is: a workbook may have a sheet for each school, and no column for
// it.
func (x *rowReader) schoolOfSheet() {
	missing := ""
	for _, column := range []string{ColumnFrom, ColumnTo} {
		if !x.table.has(column) && !x.table.asked[column] {
			if missing != "" {
				return
			}
			missing = column
		}
	}
	name := org.NormalName(x.table.SheetName)
	if missing == "" || x.row.Values[missing].Text != "" || !looksLikeSchool(name) && !x.known.School(name) {
		return
	}
	answer := x.questions.ask(Question{
		Key: "sheet/" + missing, Code: "sheet", Column: missing, Written: name, Suggested: "a",
		ZH:      "工作表以学校命名（如“" + name + "”），表中没有“" + missing + "”一栏；表名是不是" + missing + "？",
		EN:      "Sheets are called after schools, such as “" + name + "”, and have no column " + missing + "; is that the sheet's name?",
		Choices: []Choice{{Value: "yes", ZH: "是，表名是" + missing, EN: "yes, the sheet's name is " + missing}, {Value: None, ZH: "不是", EN: "no"}},
	}, x.at())
	if answer == "yes" {
		x.row.Values[missing] = Cell{Text: x.table.SheetName}
		x.row.Set = append(x.row.Set, Said{missing, name}) // equal rows of two schools' sheets are two rows
	}
}
