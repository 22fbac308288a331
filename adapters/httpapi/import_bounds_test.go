package httpapi_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"twinledger/adapters/httpapi"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
)

// manyRows is a desk that reports a row more of two outcomes than a report lists, a held one
// first and last.
func manyRows() deskOf {
	return deskOf{take: func(_ context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
		r := intake.Report{}
		for row := 2; row < 2+2*(httpapi.MostListed+1); row++ {
			outcome := []intake.Outcome{intake.Held, intake.Recorded}[row%2]
			r.Lines = append(r.Lines, intake.Line{Outcome: outcome, Plan: intake.RowPlan{Table: &reading.Table{}, Outcome: outcome,
				Row: reading.Row{TableRow: reading.TableRow{Number: row}, Occurred: "unknown"}}})
			r.Warnings = append(r.Warnings, reading.ErrFarYear)
		}
		return httpapi.ReportOf(order, r, nil), nil
	}}
}

// TestAReportIsBounded: a report lists the first rows of each outcome and counts all; the
// option whole asks for every row.
func TestAReportIsBounded(t *testing.T) {
	config := sample()
	config.CommandGateway = manyRows()
	h := handler(t, config)
	for _, test := range []struct {
		options                     string
		rows, unlisted, warnings, n int
	}{
		{`{"source": "清涧"}`, 2 * httpapi.MostListed, 2, httpapi.MostListed, httpapi.MostListed + 2},
		{`{"source": "清涧", "whole": true}`, 2*httpapi.MostListed + 2, 0, 2*httpapi.MostListed + 2, 0},
	} {
		body, contentType := form(t, [3]string{"options", "", test.options}, [3]string{"file", "a.csv", "a,b"})
		w := write(h, "/api/v1/imports", body, "Content-Type", contentType, "Idempotency-Key", "")
		served(t, h).checkOf(t, "post", "/api/v1/imports", w)
		var r httpapi.ImportReport
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if len(r.Rows) != test.rows || r.Unlisted != test.unlisted || len(r.Warnings) != test.warnings || r.UnlistedWarnings != test.n || r.Counts.Rows != 2*httpapi.MostListed+2 {
			t.Errorf("%s: %d rows and %d more, %d warnings and %d more, counts %+v", test.options, len(r.Rows), r.Unlisted, len(r.Warnings), r.UnlistedWarnings, r.Counts)
		}
		for i, row := range r.Rows {
			if row.Row != i+2 {
				t.Fatalf("%s: row %d stands in place %d", test.options, row.Row, i)
			}
		}
	}
}

// TestAReportIsATable: whoever accepts a table gets one line for every row.
func TestAReportIsATable(t *testing.T) {
	config := sample()
	config.CommandGateway = manyRows()
	h := handler(t, config)
	for _, ask := range [][2]string{{"", "text/csv"}, {"&format=csv", ""}} {
		w := write(h, "/api/v1/imports?file=a.csv"+ask[0], "a,b", "Content-Type", "text/csv", "Idempotency-Key", "", "Accept", ask[1])
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Fatalf("%v: %d %s %s", ask, w.Code, w.Header(), w.Body)
		}
		text, marked := strings.CutPrefix(w.Body.String(), "\ufeff")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || !marked {
			t.Fatalf("%v: marked %v, %v", ask, marked, err)
		}
		if last := rows[len(rows)-1]; len(rows) != 1+2*(httpapi.MostListed+1) || rows[0][1] != "行" || last[1] != "403" || last[2] != "已入账" {
			t.Errorf("%v: %d lines, the last %v", ask, len(rows), last)
		}
	}
}

// TestAReportAsATableSaysAll: place, outcome, record, unknowns and problems of a row, and where
// it was first read.
func TestAReportAsATableSaysAll(t *testing.T) {
	w := write(handler(t, sample()), "/api/v1/imports?file=a.csv&format=csv", "a,b", "Content-Type", "text/csv", "Idempotency-Key", "")
	for _, want := range []string{
		"送课,2,已入账," + lessonA + ",lesson.report,day:2018-04-18", "送课,3,暂挂,", "列 column 内容，值 value “长”", "[intake.row-too-large]",
		"旧.xlsx 送课 9", "送课,5,已入账（不完整）," + lessonC, ",row 2,是,",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the table does not say %q:\n%s", want, w.Body)
		}
	}
}

// TestAProblemBringsABoundedReport: what came before a problem is listed within bounds too,
// even where the answer was to be a table.
func TestAProblemBringsABoundedReport(t *testing.T) {
	desk := manyRows()
	config := sample()
	config.CommandGateway = deskOf{take: func(ctx context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
		r, _ := desk.take(ctx, order)
		return r, fault.New(fault.Refused, "row.refused", "不行。", "No.")
	}}
	w := write(handler(t, config), "/api/v1/imports?file=a.csv&format=csv", "a,b", "Content-Type", "text/csv", "Idempotency-Key", "")
	var problem struct{ Report httpapi.ImportReport }
	if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || len(problem.Report.Rows) != 2*httpapi.MostListed || problem.Report.Unlisted != 2 {
		t.Errorf("%d: %v, %d rows and %d more", w.Code, err, len(problem.Report.Rows), problem.Report.Unlisted)
	}
}
