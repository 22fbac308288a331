package sheet

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

// readText reads a CSV file as a workbook of one sheet, and no more than is left of the file's
// allowance.
func readText(content []byte, left *allowance) (encoding string, sheets []reading.Sheet, err error) {
	text, encoding, err := decode(content)
	if err != nil {
		return "", nil, err
	}
	if strings.ContainsRune(text, 0) {
		return "", nil, ErrNotATable.With("kind", "binary")
	}
	if strings.TrimSpace(strings.Trim(text, "\ufeff")) == "" {
		return "", nil, ErrEmptyFile
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // as the old Macintosh ended its lines
	}
	rows, err := textRows(text, left)
	if err != nil {
		return "", nil, err
	}
	return encoding, []reading.Sheet{{Rows: rows}}, nil
}

// A textRecord is a record of a CSV file as it is written, without the empty fields at its end.
type textRecord struct {
	number int // counts lines without anything as records, as a spreadsheet program does
	line   int // where it begins
	fields []string
}

// textRows splits a text into rows. All records are told apart before any is normalised, so that
// a file with too many is refused in little time.
func textRows(text string, left *allowance) ([]reading.PhysicalRow, error) {
	records, err := records(text, left)
	if err != nil {
		return nil, err
	}
	rows := make([]reading.PhysicalRow, 0, len(records))
	for _, record := range records {
		row := reading.PhysicalRow{Number: record.number, Line: record.line, Cells: make([]reading.Cell, len(record.fields))}
		for i, field := range record.fields {
			row.Cells[i] = written(field)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// records returns the records that hold something.
func records(text string, left *allowance) ([]textRecord, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = separator(text)
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	var records []textRecord
	number, line, read := 0, 1, int64(0)
	for {
		fields, err := reader.Read()
		if err == io.EOF {
			return records, nil
		}
		if err != nil {
			return nil, brokenQuote(err)
		}
		begins, _ := reader.FieldPos(0)
		number += 1 + begins - line
		end := reader.InputOffset()
		line += strings.Count(text[read:end], "\n")
		read = end
		for len(fields) > 0 && bare(fields[len(fields)-1]) == "" {
			fields = fields[:len(fields)-1]
		}
		if len(fields) == 0 {
			continue
		}
		if err := left.take(len(fields), fault.Place{Line: begins}); err != nil {
			return nil, err
		}
		records = append(records, textRecord{number, begins, slices.Clone(fields)})
	}
}

// brokenQuote names the line on which the record with the bad quote begins: an
// unclosed one is noticed only far below.
func brokenQuote(err error) error {
	broken, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return ErrBrokenQuote.Because(err)
	}
	return ErrBrokenQuote.At(fault.Place{Line: broken.StartLine}).With("noticed_on_line", broken.Line)
}

// headingLines is how far down a heading is looked for.
const headingLines = 40

// separator returns the sign that splits the heading best: the one that leaves
// the most names of columns. In a file without such a heading it is the most
// frequent one of the first line.
func separator(text string) rune {
	known := map[string]bool{}
	for _, name := range append(reading.Columns(reading.Activity), reading.Columns(reading.Roster)...) {
		known[name] = true
	}
	best, most, first := ',', 1, ""
	lines := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if lines++; lines > headingLines {
			break
		}
		if first == "" {
			first = line
		}
		for _, sign := range ",\t;" {
			names := 0
			for field := range strings.SplitSeq(line, string(sign)) {
				if len(field) < 64 && known[strings.Join(strings.Fields(strings.Trim(clean(field), `"`)), "")] {
					names++
				}
			}
			if names > most {
				best, most = sign, names
			}
		}
	}
	if most > 1 {
		return best
	}
	for _, sign := range "\t;" {
		if strings.Count(first, string(sign)) > strings.Count(first, string(best)) {
			best = sign
		}
	}
	return best
}

var utf8Mark = []byte("\xef\xbb\xbf")

// decode returns the text and the name of its encoding. What is valid UTF-8 is
// taken to be UTF-8, and everything else to be GB18030 or damaged.
func decode(content []byte) (text, encoding string, err error) {
	if rest, ok := bytes.CutPrefix(content, utf8Mark); ok {
		if bad := firstInvalid(rest); bad >= 0 {
			return "", "", undecodable(rest, bad)
		}
		return string(rest), "utf-8-bom", nil
	}
	if rest, ok := bytes.CutPrefix(content, []byte("\xff\xfe")); ok {
		text, err := decodeUTF16(rest, binary.LittleEndian)
		return text, "utf-16le", err
	}
	if rest, ok := bytes.CutPrefix(content, []byte("\xfe\xff")); ok {
		text, err := decodeUTF16(rest, binary.BigEndian)
		return text, "utf-16be", err
	}
	bad := firstInvalid(content)
	if bad < 0 {
		return string(content), "utf-8", nil
	}
	if writtenInUTF8(content[:bad]) {
		return "", "", undecodable(content, bad)
	}
	text, err = decodeGB18030(content)
	return text, "gb18030", err
}

// writtenInUTF8 tells whether a text that is valid UTF-8 so far can hardly be
// anything else. Without it a UTF-8 file with one bad byte might be read as
// GB18030, all of it garbled and none of it refused: Chinese in GB18030 does
// not happen to be valid UTF-8 for eight ideographs.
func writtenInUTF8(valid []byte) bool {
	ideographs := 0
	for _, r := range string(valid) {
		if unicode.Is(unicode.Han, r) {
			ideographs++
		}
	}
	return ideographs >= 8
}

// firstInvalid returns the offset of the first byte that is not UTF-8, or -1.
func firstInvalid(content []byte) int {
	for at := 0; at < len(content); {
		r, size := utf8.DecodeRune(content[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// undecodable names the line of the byte at the offset.
func undecodable(content []byte, offset int) error {
	end := []byte("\n")
	if !bytes.Contains(content, end) {
		end = []byte("\r")
	}
	return ErrUndecodable.At(fault.Place{Line: 1 + bytes.Count(content[:offset], end)})
}

func decodeGB18030(content []byte) (string, error) {
	decoder := simplifiedchinese.GB18030.NewDecoder()
	var whole strings.Builder
	whole.Grow(len(content) + len(content)/2) // two bytes become three
	_, err := io.Copy(&whole, decoder.Reader(bytes.NewReader(content)))
	if err == nil && !strings.ContainsRune(whole.String(), utf8.RuneError) {
		return whole.String(), nil
	}
	// A line feed is never the second half of a character, so each line can be
	// tried on its own.
	at := 0
	for line := range bytes.Lines(content) {
		decoder.Reset()
		text, err := decoder.Bytes(line)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return "", undecodable(content, at)
		}
		at += len(line)
	}
	return "", undecodable(content, 0)
}

func decodeUTF16(content []byte, order binary.ByteOrder) (string, error) {
	var b strings.Builder
	b.Grow(len(content) + len(content)/2) // two bytes become three
	line := 1
	for len(content) >= 2 {
		r, size := rune(order.Uint16(content)), 2
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if len(content) >= 4 {
				low, size = rune(order.Uint16(content[2:])), 4
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return "", ErrUndecodable.At(fault.Place{Line: line})
			}
		}
		if r == '\n' {
			line++
		}
		b.WriteRune(r)
		content = content[size:]
	}
	if len(content) > 0 {
		return "", ErrUndecodable.At(fault.Place{Line: line})
	}
	return b.String(), nil
}
