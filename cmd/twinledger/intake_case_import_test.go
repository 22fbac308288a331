package main

import (
	"bytes"
	"encoding/json"
	"slices"
)

// An importedFile is what "import --json" prints, as far as cases look at it.
type importedFile struct {
	Rows      []importedRow   `json:"rows"`
	Questions []askedQuestion `json:"questions"`
	Counts    map[string]int  `json:"counts"`
}

// An importedRow is what it prints of one row.
type importedRow struct {
	SheetName string   `json:"sheet_name"`
	Row       int      `json:"row"`
	Outcome   string   `json:"outcome"`
	Record    string   `json:"record"`
	Unknowns  []string `json:"unknowns"`
}

// importFile looks at a file first, compares and answers the questions, and then
// imports it.
func (r *caseRun) importFile(step intakeStep) {
	answers, open := r.answerQuestions(step)
	taken, text, code := r.imported(append(slices.Clone(step.args), answers...))
	r.said(step, code, text)
	if len(taken.open()) > open {
		r.problem("%v: asks more after the answers %v:\n%s", step.args, answers, text)
	}
	for name, count := range step.counts {
		if taken.Counts[name] != count {
			r.problem("%v: %d %s, want %d", step.args, taken.Counts[name], name, count)
		}
	}
	if step.anyRows || code != exitDone && step.exit == exitDone {
		return
	}
	lines := r.linesOf(taken)
	for _, row := range step.rows {
		r.compareRow(step, row, taken, lines)
	}
	for _, row := range taken.Rows {
		name := r.nameOf(step, row.SheetName, row.Row)
		if !slices.ContainsFunc(step.rows, func(e expectedRow) bool { return e.row == name }) {
			r.problem("%v: row %s is a record (%s) and should be none", step.args, name, row.Outcome)
		}
	}
}

// imported runs an import and reads its report; what it printed is returned too.
func (r *caseRun) imported(args []string) (importedFile, string, int) {
	out, told, code := r.twinledger(append([]string{"--json"}, args...)...)
	var report importedFile
	if line, _, _ := bytes.Cut(out, []byte("\n")); len(line) > 0 {
		if err := json.Unmarshal(line, &report); err != nil {
			r.problem("%v: %v in %s", args, err, line)
		}
	}
	return report, string(out) + string(told), code
}

// nameOf names a row of the report as the case does.
func (r *caseRun) nameOf(step intakeStep, sheet string, number int) string {
	file, _ := r.file(step.args)
	if file.rows[rowName("", number)] || !file.rows[rowName(sheet, number)] {
		return rowName("", number)
	}
	return rowName(sheet, number)
}
