package httpapi

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/projections/registers"
)

// byteOrderMark makes a spreadsheet read UTF-8.
const byteOrderMark = "\ufeff"

// getTable declares a GET operation that answers with JSON or with a table.
func getTable[I any](s *server, operation huma.Operation, ask func(context.Context, *I, *http.Request) (reply, error)) {
	operation.Method = http.MethodGet
	operation.Middlewares = huma.Middlewares{s.checked}
	declare(s, operation, func(ctx context.Context, in *I, r *http.Request) (reply, error) {
		answer, err := ask(ctx, in, r)
		if err == nil {
			answer.header["Vary"] = "Accept"
		}
		return answer, err
	})
	s.compile(s.api.OpenAPI().Paths[operation.Path].Get.Parameters)
}

// alsoCSV describes answers, those of a status given or else 200, that are also given as a table.
func alsoCSV(described map[string]*huma.Response, statuses ...string) map[string]*huma.Response {
	table := &huma.MediaType{Schema: &huma.Schema{
		Type: huma.TypeString,
		Description: "RFC 4180, UTF-8 with a byte order mark, headings in Chinese. A cell that a spreadsheet would take for a formula (it begins with =, +, -, @, a tab or a line end, and is no number) " +
			"has an apostrophe in front. The header Link names the next page.",
	}}
	if len(statuses) == 0 {
		statuses = []string{"200"}
	}
	for _, status := range statuses {
		answer := described[status]
		answer.Content = maps.Clone(answer.Content)
		answer.Content[csvType] = table
	}
	return described
}

// wantsCSV tells whether the answer is to be a table: when the request says so, or
// else when Accept names text/csv and does not prefer JSON.
func wantsCSV(r *http.Request, format string) bool {
	if format != "" {
		return format == "csv"
	}
	table, object := 0.0, 0.0
	for accepted := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(accepted)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			quality = q
		}
		switch mediaType {
		case csvType:
			table = quality
		case jsonType:
			object = quality
		}
	}
	return table > 0 && table >= object
}

// csvAnswered answers with lines as a table.
func csvAnswered(r *http.Request, ordinal uint64, next string, table registers.Table, lines []registers.Line) (reply, error) {
	rows := [][]string{table.Header}
	for _, line := range lines {
		cells, err := table.Row(line, registers.Keys{})
		if err != nil {
			return reply{}, err
		}
		rows = append(rows, cells)
	}
	return tabled(r, ordinal, next, rows)
}

// tabled answers with rows of cells, the first of them the headings.
func tabled(r *http.Request, ordinal uint64, next string, rows [][]string) (reply, error) {
	var b bytes.Buffer
	err := writeCSV(&b, rows)
	answer := reply{contentType: csvContentType, body: b.Bytes(), header: map[string]string{asOfHeader: strconv.FormatUint(ordinal, 10)}}
	return linked(r, answer, ordinal, next), err
}

// csvContentType says of an answer that it is a table.
const csvContentType = csvType + "; charset=utf-8"

// writeCSV writes rows of cells as a spreadsheet reads them.
func writeCSV(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			row[i] = registers.Harmless(cell)
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// linked returns the answer with the address of the next page, which speaks of
// the same state.
func linked(r *http.Request, answer reply, ordinal uint64, next string) reply {
	if next == "" || answer.header == nil {
		return answer
	}
	query := r.URL.Query()
	query.Set("after", next)
	query.Set("as_of", strconv.FormatUint(ordinal, 10))
	answer.header["Link"] = "<" + r.URL.Path + "?" + query.Encode() + `>; rel="next"`
	return answer
}
