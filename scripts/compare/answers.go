package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"mime"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// An answer is what one binary says: its exit code or status, the bytes, and the
// same as a tree of maps, arrays and texts.
type answer struct {
	code string
	raw  []byte
	tree any
}

// lines reads JSON documents, or plain text where they are none.
func lines(raw []byte) (any, error) {
	documents := []any{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	for {
		var one any
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return text(raw)
		}
		documents = append(documents, one)
	}
}

// text reads plain text or HTML as its lines.
func text(raw []byte) (any, error) {
	out := []any{}
	for line := range strings.Lines(string(raw)) {
		out = append(out, strings.TrimRight(line, "\r\n"))
	}
	return out, nil
}

// table reads CSV: the header, and each row by it; plain text where it is none.
func table(raw []byte) (any, error) {
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil || len(records) == 0 {
		return text(raw)
	}
	header, rows := []any{}, []any{}
	for _, name := range records[0] {
		header = append(header, name)
	}
	for _, record := range records[1:] {
		row := map[string]any{}
		for i, cell := range record {
			row[records[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return map[string]any{"header": header, "rows": rows}, nil
}

// served reads an answer over HTTP by its type.
func served(contentType string, body []byte) (any, error) {
	kind, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return nil, err
	case kind == "text/csv":
		return table(body)
	case !strings.HasSuffix(kind, "json"):
		return text(body)
	}
	documents, err := lines(body)
	if one, is := documents.([]any); is && len(one) == 1 {
		return one[0], err
	}
	return documents, err
}

// workbook reads the cells of an .xlsx file: sheet by sheet, row by row.
func workbook(name string) (any, error) {
	file, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var shared struct {
		Items []cellText `xml:"si"`
	}
	if err := readPart(&file.Reader, "xl/sharedStrings.xml", &shared); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	sheets := map[string]any{}
	for _, part := range file.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") || !strings.HasSuffix(part.Name, ".xml") {
			continue
		}
		var sheet sheetPart
		if err := readPart(&file.Reader, part.Name, &sheet); err != nil {
			return nil, err
		}
		rows := []any{}
		for _, row := range sheet.Rows {
			cells := map[string]any{}
			for _, c := range row.Cells {
				value := c.Value + c.Inline.String()
				if n, err := strconv.Atoi(c.Value); c.Type == "s" && err == nil && n < len(shared.Items) {
					value = shared.Items[n].String()
				}
				cells[strings.TrimRight(c.At, "0123456789")] = value
			}
			rows = append(rows, cells)
		}
		sheets[part.Name] = rows
	}
	return sheets, nil
}

// A cellText is a text as a whole or in runs.
type cellText struct {
	Whole string   `xml:"t"`
	Runs  []string `xml:"r>t"`
}

// String returns the text.
func (t cellText) String() string { return t.Whole + strings.Join(t.Runs, "") }

type sheetPart struct {
	Rows []struct {
		Cells []struct {
			At     string   `xml:"r,attr"`
			Type   string   `xml:"t,attr"`
			Value  string   `xml:"v"`
			Inline cellText `xml:"is"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
}

func readPart(archive *zip.Reader, name string, into any) error {
	part, err := archive.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(xml.NewDecoder(part).Decode(into), part.Close())
}

// A difference is a place in an answer where the sides say different things.
type difference struct {
	path     string
	old, now any
}

// A comparison is what differs between two answers.
type comparison struct {
	differences []difference
	reordered   string // the first array that differs only in its order
}

// absent stands where a side says nothing.
type absent struct{}

// withNewNames returns a tree in which the properties have their new names.
func withNewNames(tree any, renamed map[string]string) any {
	switch t := tree.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range t {
			if after, is := renamed[name]; is {
				name = after
			}
			out[name] = withNewNames(value, renamed)
		}
		return out
	case []any:
		out := make([]any, len(t))
		for i, value := range t {
			out[i] = withNewNames(value, renamed)
		}
		return out
	}
	return tree
}

// compareAnswers compares two answers to a question.
func compareAnswers(q question, old, now answer) comparison {
	var c comparison
	c.compare("(code)", old.code, now.code)
	if strings.HasSuffix(q.kind, "status") || strings.HasSuffix(q.kind, "description") {
		withoutModels(old.tree)
		withoutModels(now.tree)
	}
	c.compare("$", old.tree, now.tree)
	if q.bytes && len(c.differences) == 0 && !bytes.Equal(old.raw, now.raw) {
		c.differences = append(c.differences, difference{"(bytes)", fmt.Sprint(len(old.raw), " bytes"), fmt.Sprint(len(now.raw), " bytes, order ", c.reordered)})
	}
	return c
}

func (c *comparison) compare(path string, old, now any) {
	if reflect.DeepEqual(old, now) {
		return
	}
	switch a := old.(type) {
	case map[string]any:
		if b, is := now.(map[string]any); is {
			c.compareObjects(path, a, b)
			return
		}
	case []any:
		if b, is := now.([]any); is {
			c.compareArrays(path, a, b)
			return
		}
	}
	c.differences = append(c.differences, difference{path, old, now})
}

func (c *comparison) compareObjects(path string, old, now map[string]any) {
	all := maps.Clone(old)
	maps.Copy(all, now)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c.compare(path+"."+name, valueOf(old, name), valueOf(now, name))
	}
}

func valueOf(object map[string]any, name string) any {
	if value, is := object[name]; is {
		return value
	}
	return absent{}
}

// compareArrays matches elements by what identifies them, else by place. The same
// elements in another order are no difference.
func (c *comparison) compareArrays(path string, old, now []any) {
	for _, field := range []string{"record", "key", "ordinal", "id", "event", "记录编号", "heading", "register", "code", "kind", "name"} {
		byOld, namesOld := identified(old, field)
		byNow, namesNow := identified(now, field)
		if len(byOld) != len(old) || len(byNow) != len(now) {
			continue
		}
		if !slices.Equal(namesOld, namesNow) && sameElements(namesOld, namesNow) {
			c.reorderedAt(path)
		}
		all := maps.Clone(byOld)
		maps.Copy(all, byNow)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			c.compare(fmt.Sprintf("%s[%s]", path, name), valueOf(byOld, name), valueOf(byNow, name))
		}
		return
	}
	c.compareUnnamed(path, old, now)
}

func (c *comparison) compareUnnamed(path string, old, now []any) {
	if sameElements(texts(old), texts(now)) {
		c.reorderedAt(path)
		return
	}
	for i := range max(len(old), len(now)) {
		var pair [2]any = [2]any{absent{}, absent{}}
		for side, elements := range [][]any{old, now} {
			if i < len(elements) {
				pair[side] = elements[i]
			}
		}
		c.compare(fmt.Sprintf("%s[%d]", path, i), pair[0], pair[1])
	}
}

func (c *comparison) reorderedAt(path string) {
	if c.reordered == "" {
		c.reordered = path
	}
}

// identified returns an array's objects by a field, and its values in order.
func identified(elements []any, field string) (map[string]any, []string) {
	byName, names := map[string]any{}, []string{}
	for _, element := range elements {
		if object, is := element.(map[string]any); is && object[field] != nil {
			name := short(object[field])
			byName[name], names = element, append(names, name)
		}
	}
	return byName, names
}

func texts(elements []any) []string {
	out := []string{}
	for _, element := range elements {
		out = append(out, fmt.Sprint(element)) // fmt prints maps by key
	}
	return out
}

func sameElements(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// short writes a value in one line that is not too long.
func short(value any) string {
	if _, is := value.(absent); is {
		return "(nothing)"
	}
	if s, is := value.(string); is {
		return s[:min(len(s), 300)]
	}
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(b[:min(len(b), 300)])
}
