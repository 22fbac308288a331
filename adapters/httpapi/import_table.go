package httpapi

import (
	"io"
	"strconv"
	"strings"

	"twinledger/domain/intake"
	"twinledger/domain/record"
)

// reportHeadings are the headings of a report as a table.
var reportHeadings = []string{"工作表", "行", "结果", "记录编号", "命令", "日期", "未知", "可能重复", "可能已包含在其中", "首次见于", "问题"}

// WriteCSV writes every row that the report lists as a table: UTF-8 with a byte order mark, one
// line for each row, its cells harmless to a spreadsheet.
func (r ImportReport) WriteCSV(w io.Writer) error { return writeCSV(w, r.rows()) }

// rows returns the listed rows as cells, the headings first.
func (r ImportReport) rows() [][]string {
	out := [][]string{append([]string(nil), reportHeadings...)}
	for _, row := range r.Rows {
		var unknowns, problems []string
		for _, code := range row.Unknowns {
			zh, _ := record.Unknown(code).Words()
			unknowns = append(unknowns, zh)
		}
		for _, problem := range row.Problems {
			problems = append(problems, problem.Fault().Message()+" ["+problem.Code+"]")
		}
		outcome, _ := intake.Outcome(row.Outcome).Words()
		if row.Waits {
			outcome = "此前已暂挂，仍未入账"
		}
		out = append(out, []string{row.SheetName, strconv.Itoa(row.Row), outcome, row.Record, row.Command, row.Occurred, strings.Join(unknowns, "、"),
			strings.Join(row.Twice, "\n"), partText(row.Part), firstText(row.First), strings.Join(problems, "\n")})
	}
	return out
}

// partText says of a row without a number that the one like it may contain it.
func partText(part bool) string {
	if part {
		return "是"
	}
	return ""
}

// firstText names the place where an equal row was first read.
func firstText(p *ImportedPlace) string {
	if p == nil {
		return ""
	}
	place := p.File
	if place == "" {
		place = p.Import
	}
	if p.SheetName != "" {
		place += " " + p.SheetName
	}
	return place + " " + strconv.Itoa(p.Row)
}
