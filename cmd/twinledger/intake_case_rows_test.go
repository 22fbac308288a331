package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// registerOf names the register that lists records whose key begins so.
var registerOf = map[string]string{
	"pairing": "pairings", "exchange": "exchanges", "lesson": "lessons", "mentorship": "mentorships", "visit": "visits",
	"meeting": "meetings", "research": "research", "activity": "activities", "donation": "donations", "filing": "filings",
	"inspection": "inspections", "rectification": "rectifications", "recognition": "recognitions", "indicator": "indicators",
	"school": "schools", "community": "communities",
}

// A registerLine is a line of "list REGISTER --json".
type registerLine struct {
	Record   string   `json:"record"`
	Occurred string   `json:"occurred"`
	Kinds    []string `json:"kinds"`
	Cells    []struct {
		Heading string `json:"heading"`
		Text    string `json:"text"`
	} `json:"cells"`
}

func (l registerLine) cell(heading string) string {
	for _, cell := range l.Cells {
		if cell.Heading == heading {
			return cell.Text
		}
	}
	return ""
}

// linesOf returns the lines of the registers in which the report's records stand,
// by record.
func (r *caseRun) linesOf(report importedFile) map[string]registerLine {
	lines, listed := map[string]registerLine{}, map[string]bool{}
	for _, row := range report.Rows {
		kind, _, _ := strings.Cut(row.Record, "-")
		register := registerOf[kind]
		if register == "" || listed[register] {
			continue
		}
		listed[register] = true
		out, told, code := r.twinledger("list", register, "--json")
		if code != exitDone {
			r.problem("list %s: %s", register, told)
		}
		for text := range strings.Lines(string(out)) {
			var line registerLine
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				r.problem("list %s: %v", register, err)
				break
			}
			lines[line.Record] = line
		}
	}
	return lines
}

// compareRow compares what became of a row, and the register's line of its record.
func (r *caseRun) compareRow(step intakeStep, want expectedRow, report importedFile, lines map[string]registerLine) {
	for _, row := range report.Rows {
		if r.nameOf(step, row.SheetName, row.Row) != want.row {
			continue
		}
		taken := row.Outcome == "recorded" || row.Outcome == "incomplete"
		if want.outcome != "*" && row.Outcome != want.outcome && (want.outcome != "taken" || !taken) {
			r.problem("%v: row %s is %s, want %s", step.args, want.row, row.Outcome, want.outcome)
			return
		}
		r.compareColumn(step, want, "unknowns", row.Unknowns)
		if row.Outcome == "held" {
			return
		}
		line, ok := lines[row.Record]
		if !ok {
			r.problem("%v: row %s has no line in a register", step.args, want.row)
			return
		}
		for name, got := range line.columns() {
			r.compareColumn(step, want, name, got)
		}
		return
	}
	r.problem("%v: row %s is no record, want %s", step.args, want.row, want.outcome)
}

// columns returns what a line says in the columns of expectations.
func (l registerLine) columns() map[string][]string {
	return map[string][]string{
		"date": {l.Occurred}, "kinds": l.Kinds, "community": names(l.cell("共同体")), "from": names(l.cell("派出单位")), "to": names(l.cell("接收单位")),
		"people": names(l.cell("人员")), "subjects": names(l.cell("学科")), "quantity": {strings.TrimSuffix(l.cell("数量"), l.cell("单位")) + l.cell("单位")}, "evidence": {strings.ReplaceAll(l.cell("佐证材料"), `\`, "")},
	}
}

var (
	betweenNames = regexp.MustCompile(`[、；;\n]`)
	inBrackets   = regexp.MustCompile(`（[^（）]*）`)
	escapedSign  = regexp.MustCompile(`\\[、；;]`)

	// Signs that separate nothing are replaced while a cell is split.
	keptSigns  = strings.NewReplacer("、", "\x01", "；", "\x02", ";", "\x03")
	givenSigns = strings.NewReplacer("\x01", "、", "\x02", "；", "\x03", ";")
)

// names returns the names of a cell without what stands in brackets behind them,
// such as the school of a person. A separator after a backslash is a part of a name.
func names(cell string) []string {
	cell = escapedSign.ReplaceAllStringFunc(inBrackets.ReplaceAllString(cell, ""), func(sign string) string { return keptSigns.Replace(sign[1:]) })
	parts := betweenNames.Split(cell, -1)
	for i := range parts {
		parts[i] = givenSigns.Replace(parts[i])
	}
	return parts
}

// compareColumn compares one column of an expected row; the order of several
// values says nothing. "!x" says that x is none of them.
func (r *caseRun) compareColumn(step intakeStep, want expectedRow, name string, got []string) {
	wanted, looked := want.columns[name]
	if !looked || wanted == "*" {
		return
	}
	if unwanted, ok := strings.CutPrefix(wanted, "!"); ok {
		if slices.Contains(got, unwanted) {
			r.problem("%v: row %s: %s has %q", step.args, want.row, name, unwanted)
		}
		return
	}
	parts := []string{}
	if wanted != "-" {
		parts = []string{wanted}
		if name != "quantity" && name != "evidence" && name != "date" {
			parts = betweenNames.Split(wanted, -1)
		}
	}
	if a, b := comparable(parts), comparable(got); !slices.Equal(a, b) {
		r.problem("%v: row %s: %s is %q, want %q", step.args, want.row, name, b, a)
	}
}

// comparable returns values sorted, without white space and without empty ones.
func comparable(values []string) []string {
	out := []string{}
	for _, value := range values {
		if value = strings.Join(strings.Fields(value), ""); value != "" {
			out = append(out, value)
		}
	}
	slices.Sort(out)
	return out
}
