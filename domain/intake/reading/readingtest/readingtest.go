// Package readingtest makes sheets for tests of imports.
package readingtest

import (
	"strings"

	"twinledger/domain/intake/reading"
)

// Heading is a heading with all columns of a table of activities, as [Sheet] takes it.
const Heading = "序号|日期|共同体|类别|形式|内容|学科|派出单位|接收单位|人员|数量|单位|佐证材料|备注"

// Sheet makes a sheet of rows that are written as cells between bars. Empty lines are rows
// that a reader of files leaves out.
func Sheet(index int, name string, lines ...string) reading.Sheet {
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
