package reading_test

import (
	"strings"

	"twinledger/domain/intake/reading"
)

const fullHeading = "序号|日期|共同体|类别|形式|内容|学科|派出单位|接收单位|人员|数量|单位|佐证材料|备注"

// sheet makes a sheet of rows written as cells between bars. Empty lines are
// rows that a reader leaves out.
func sheet(index int, name string, lines ...string) reading.Sheet {
	s := reading.Sheet{Index: index, Name: name}
	for i, line := range lines {
		if line == "" {
			continue
		}
		row := reading.PhysicalRow{Number: i + 1, Line: i + 11}
		for text := range strings.SplitSeq(line, "|") {
			row.Cells = append(row.Cells, reading.Cell{Text: text})
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func workbook(sheets ...reading.Sheet) reading.Workbook {
	return reading.Workbook{File: "台账.xlsx", Sheets: sheets}
}
