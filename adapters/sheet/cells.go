package sheet

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"twinledger/domain/calendar"
	"twinledger/domain/intake/reading"
)

// sheet reads the rows of one worksheet.
func (b *book) sheet(name, part string) ([]reading.PhysicalRow, error) {
	scanned, err := b.scan(part)
	if err != nil {
		return nil, err
	}
	stored, err := b.texts(name, true)
	if err != nil {
		return nil, err
	}
	var shown *texts
	if b.needsShown(scanned) {
		if shown, err = b.texts(name, false); err != nil {
			return nil, err
		}
	}
	var rows []reading.PhysicalRow
	for _, row := range scanned {
		if len(row.cells) == 0 {
			continue
		}
		cells, err := b.cellsOf(row, stored, shown)
		if err != nil {
			return nil, err
		}
		texts := slices.ContainsFunc(cells, func(c reading.Cell) bool { return c.Text != "" })
		if cells = trimmed(cells); texts {
			b.left.cells -= len(cells)
			b.left.rows--
			rows = append(rows, reading.PhysicalRow{Number: row.number, Hidden: row.hidden, Cells: cells})
		}
	}
	return rows, nil
}

func (b *book) texts(name string, raw bool) (*texts, error) {
	rows, err := b.file.Rows(name)
	return &texts{rows: rows, options: excelize.Options{RawCellValue: raw, CultureInfo: excelize.CultureNameZhCN}}, err
}

func (b *book) cellsOf(row scannedRow, stored, shown *texts) ([]reading.Cell, error) {
	texts, err := stored.row(row.number)
	if err != nil {
		return nil, err
	}
	var display []string
	if shown != nil {
		if display, err = shown.row(row.number); err != nil {
			return nil, err
		}
	}
	at := func(texts []string, column int) string {
		if column <= len(texts) {
			return texts[column-1]
		}
		return ""
	}
	cells := make([]reading.Cell, row.cells[len(row.cells)-1].column)
	for _, c := range row.cells {
		if c.merged {
			cells[c.column-1].Merged = true
			continue
		}
		if c.kind == "s" && !b.hasString(c.value) {
			return nil, fmt.Errorf("row %d column %d: string %s is missing", row.number, c.column, c.value)
		}
		cells[c.column-1] = b.cell(c, at(texts, c.column), at(display, c.column))
	}
	return cells, nil
}

// hasString tells whether the workbook has the string of this index. Excelize
// would give the index in place of a missing one.
func (b *book) hasString(index string) bool {
	i, err := strconv.Atoi(strings.TrimSpace(index))
	return err == nil && i >= 0 && b.file.SharedStrings != nil && i < len(b.file.SharedStrings.SI)
}

// cell returns the cell whose text is stored and which a spreadsheet program
// shows as shown.
func (b *book) cell(c scannedCell, stored, shown string) reading.Cell {
	if c.formula != "" {
		// Nobody computed it yet; the formula is at least seen.
		return reading.Cell{Text: clean(c.formula)}
	}
	switch c.kind {
	case "", "n":
		return b.number(c, shown)
	case "d":
		if day, err := calendar.ParseDay(c.value[:min(len(c.value), len("2006-01-02"))]); err == nil {
			return dateCell(day, b.precision(c.style))
		}
		return written(c.value)
	case "b":
		if text, ok := map[string]string{"1": "TRUE", "0": "FALSE"}[c.value]; ok {
			return reading.Cell{Text: text}
		}
	}
	return written(stored)
}

// number returns the cell of a number, which by its format may be a date.
func (b *book) number(c scannedCell, shown string) reading.Cell {
	decimal, value := decimalOf(c.value)
	if decimal == "" {
		return written(c.value)
	}
	switch p := b.precision(c.style); p {
	case showsGeneral, showsNumber:
		return reading.Cell{Text: asShown(decimal, clean(shown)), Number: decimal}
	case showsTime:
		if text := clean(shown); text != "" {
			return reading.Cell{Text: text}
		}
	default:
		if day, ok := dayOfSerial(value, b.date1904); ok {
			return dateCell(day, p)
		}
	}
	return reading.Cell{Text: decimal}
}

// dateCell returns the cell of a day, cut to what its format shows. A year
// that no record can have is a number with the wrong format: its text is kept
// and read like any other.
func dateCell(day calendar.Day, p precision) reading.Cell {
	text := string(day)
	switch p {
	case showsMonth:
		text = text[:len("2006-01")]
	case showsYear:
		text = text[:len("2006")]
	}
	occurred, err := calendar.ParseWritten(text)
	if err != nil {
		return reading.Cell{Text: text}
	}
	return reading.Cell{Text: text, Date: occurred}
}

// dayOfSerial returns the day that a serial number means; the part of the day
// is passed over. ok is false when it lies beyond the days that a calendar has.
func dayOfSerial(serial float64, date1904 bool) (day calendar.Day, ok bool) {
	epoch := calendar.Day("1899-12-30")
	switch {
	case date1904:
		epoch = "1904-01-01"
	case serial < 60:
		epoch = "1899-12-31" // Excel believes in 29 February 1900
	}
	if serial < 0 || serial >= 200_000 {
		return "", false
	}
	day = epoch.Add(int(math.Floor(serial)))
	return day, day != ""
}

var numberForm = regexp.MustCompile(`^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$`)

// decimalOf returns a stored number as a plain decimal of the fifteen digits
// that a spreadsheet program keeps, or "" when it is none or beyond what a
// record can count.
func decimalOf(stored string) (decimal string, value float64) {
	stored = strings.TrimSpace(stored)
	if !numberForm.MatchString(stored) {
		return "", 0
	}
	value, err := strconv.ParseFloat(stored, 64)
	if size := math.Abs(value); err != nil || size >= 1e15 || size != 0 && size < 1e-15 {
		return "", 0
	}
	value, err = strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64)
	if err != nil || value == 0 {
		return "0", 0
	}
	return strconv.FormatFloat(value, 'f', -1, 64), value
}

var plainlyShown = regexp.MustCompile(`^(-?)0*([\d,]*?)(?:\.(\d*?)0*)?\p{Han}{0,4}$`)

// asShown returns a number as it is shown when that differs from the decimal by
// grouping, zeros or a unit behind it at most: 30人次, 1,200. A rounded number,
// a percentage or an amount of money is given as the decimal instead, for what
// is shown is not what is there.
func asShown(decimal, shown string) string {
	m := plainlyShown.FindStringSubmatch(shown)
	if m == nil || !strings.ContainsAny(shown, "0123456789") {
		return decimal
	}
	plain := strings.ReplaceAll(m[2], ",", "")
	if plain == "" {
		plain = "0"
	}
	if m[3] != "" {
		plain += "." + m[3]
	}
	if m[1]+plain != decimal {
		return decimal
	}
	return shown
}

// needsShown tells whether a number is shown in a way of its own somewhere.
func (b *book) needsShown(rows []scannedRow) bool {
	for _, row := range rows {
		for _, c := range row.cells {
			p := b.precision(c.style)
			if (c.kind == "" || c.kind == "n") && (p == showsNumber || p == showsTime) {
				return true
			}
		}
	}
	return false
}
