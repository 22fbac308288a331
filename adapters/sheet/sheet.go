// Package sheet reads the files in which schools keep their records, CSV and
// XLSX, into [reading.Workbook]: what every cell holds, not yet what it means.
//
// What a file is, its bytes say and never its name. Nothing is guessed: a byte
// that fits no encoding, a quote that is not closed and a damaged part of a
// workbook refuse the file and name the place, since a row that is silently
// lost or garbled would be missing from a term's review.
//
// Every text is NFKC and without white space around it. A date cell is no more
// precise than its number format shows; a number cell is a plain decimal.
package sheet

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

// The limits of a file. Larger ones are refused before they take the memory
// that others need.
const (
	MaxBytes         = 50 << 20  // of the file
	MaxUnpackedBytes = 256 << 20 // of a workbook's parts together
	MaxCells         = 4_000_000 // counted up to the last one with a text in each row
	MaxRows          = 20_000    // that hold something, headings included, in all sheets together
	maxColumns       = 16_384    // as in Excel
	maxRows          = 1_048_576 // as in Excel, for workbooks
)

// What [Read] refuses with. Each carries the file's name, and the line or sheet
// where it is known.
var (
	ErrEmptyFile = fault.New(fault.Invalid, "sheet.empty-file",
		"文件是空的；请核对是否选对了文件。", "The file is empty; check that it is the right one.")
	ErrTooLarge = fault.New(fault.Invalid, "sheet.too-large",
		"文件太大；请删去图片和空白行列，或按学期拆成几个文件。",
		"The file is too large; remove pictures and blank rows and columns, or split it by term.")
	ErrTooManyToImport = fault.New(fault.Invalid, "sheet.too-many-to-import",
		fmt.Sprintf("一次导入至多 %d 行（含表头，各工作表合计），此文件超出，未读；请按学期、学校或登记册拆成几个文件，逐个导入。搬迁整个台账请用 twinledger backup 和 restore。", MaxRows),
		fmt.Sprintf("One import takes at most %d rows, headings included and all sheets together, and the file has more, so it was not read; split it by term, school or register and import the parts one after the other. To move a whole ledger use twinledger backup and restore.", MaxRows))
	ErrOldWorkbook = fault.New(fault.Invalid, "sheet.old-workbook",
		"这是旧版 Excel 文件（.xls）；请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。",
		"This is an Excel file of the old kind (.xls); open it in Excel or WPS and save it as .xlsx.")
	ErrPassword = fault.New(fault.Invalid, "sheet.password",
		"文件有打开密码；请在 Excel 或 WPS 里去掉密码，另存后再导入。",
		"The file is protected by a password; remove it in Excel or WPS, save, and import again.")
	ErrNotATable = fault.New(fault.Invalid, "sheet.not-a-table",
		"这不是表格文件；请用 Excel 或 WPS 另存为 .xlsx 或 CSV 再导入。",
		"This is not a spreadsheet; save it as .xlsx or CSV with Excel or WPS.")
	ErrUndecodable = fault.New(fault.Invalid, "sheet.undecodable",
		"这一行有无法识别的字符，文件可能已损坏；请在 Excel 或 WPS 里另存为 .xlsx 或 UTF-8 的 CSV 再导入。",
		"This line has bytes that fit no known encoding, so the file may be damaged; save it as .xlsx or as CSV in UTF-8.")
	ErrBrokenQuote = fault.New(fault.Invalid, "sheet.broken-quote",
		"从这一行起的双引号不成对；含引号的单元格须整格用双引号括起，其中的引号写两遍。",
		"The quotes of the record that begins on this line do not match; put the whole cell in quotes and write each quote inside it twice.")
	ErrDamaged = fault.New(fault.Invalid, "sheet.damaged",
		"工作簿已损坏，读不全；请用 Excel 或 WPS 打开，另存为新的 .xlsx 再导入。",
		"The workbook is damaged and cannot be read in full; open it in Excel or WPS and save it as a new .xlsx.")
)

// Read returns what the file holds. name is only told: the bytes say whether it
// is CSV (UTF-8 with or without a byte order mark, UTF-16 with one, or GB18030;
// separated by commas, tabs or semicolons) or a workbook (.xlsx, .xlsm), of
// which hidden sheets are read too, or a [Bundle]. Rows without any text are left out.
//
// Every error is a fault of this package that names the file.
func Read(name string, content []byte) (reading.Workbook, error) {
	w := reading.Workbook{File: path.Base(strings.ReplaceAll(name, `\`, "/")), Fingerprint: sha256.Sum256(content)}
	var err error
	switch {
	case len(content) > MaxBytes:
		err = ErrTooLarge.With("bytes", len(content)).With("most", MaxBytes)
	case len(bytes.TrimSpace(content)) == 0:
		err = ErrEmptyFile
	case bundled(content):
		w.Form = "csv"
		w.Sheets, err = readBundle(content)
	case bytes.HasPrefix(content, []byte("PK\x03\x04")), bytes.HasPrefix(content, []byte("PK\x05\x06")):
		w.Form = "xlsx"
		w.Sheets, err = readWorkbook(content)
	case bytes.HasPrefix(content, oleMagic):
		err = oleFault(content)
	case foreign(content) != "":
		err = ErrNotATable.With("kind", foreign(content))
	default:
		w.Form = "csv"
		w.Encoding, w.Sheets, err = readText(content, newAllowance())
	}
	if f, ok := fault.As(err); ok {
		place := f.Place
		place.File = w.File
		return reading.Workbook{}, f.At(place)
	}
	return w, err
}

var oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// oleFault tells an encrypted workbook from an old one: both are OLE containers,
// and the names of their streams are kept in UTF-16.
func oleFault(content []byte) error {
	has := func(stream string) bool {
		var wide []byte
		for _, b := range []byte(stream) {
			wide = append(wide, b, 0)
		}
		return bytes.Contains(content, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return ErrPassword
	case has("WordDocument"):
		return ErrNotATable.With("kind", "Word (.doc)")
	case has("PowerPoint Document"):
		return ErrNotATable.With("kind", "PowerPoint (.ppt)")
	}
	return ErrOldWorkbook
}

// foreign names what the file is when its first bytes say that it is neither
// text nor a workbook, and "" otherwise.
func foreign(content []byte) string {
	for _, known := range []struct{ magic, kind string }{
		{"%PDF", "PDF"}, {"\x89PNG", "PNG"}, {"\xff\xd8\xff", "JPEG"}, {"GIF8", "GIF"}, {"II*\x00", "TIFF"}, {"MM\x00*", "TIFF"},
		{"RIFF", "WebP"}, {"Rar!", "RAR"}, {"7z\xbc\xaf", "7z"}, {"\x1f\x8b", "gzip"}, {`{\rtf`, "RTF"},
	} {
		if bytes.HasPrefix(content, []byte(known.magic)) {
			return known.kind
		}
	}
	start := content[:min(len(content), 512)]
	lower := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(start, utf8Mark))))
	for _, mark := range []string{"<html", "<!doctype", "<table", "<?xml", "<meta", "<head", "mime-version:"} {
		if strings.HasPrefix(lower, mark) {
			// Many school systems export such files under the name .xls.
			return "HTML/XML"
		}
	}
	return ""
}

// clean returns a text as a cell holds it: NFKC, lines ended by \n, without
// white space or marks of no width around it.
func clean(s string) string { return bare(norm.NFKC.String(s)) }

// bare ends lines by \n and takes away white space and marks of no width around
// a text.
func bare(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff' || r == '\u180e'
	})
}

// trimmed leaves out the empty cells at a row's end.
func trimmed(cells []reading.Cell) []reading.Cell {
	for len(cells) > 0 && cells[len(cells)-1] == (reading.Cell{}) {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// written returns the cell of a text, which keeps what cleaning changes.
func written(s string) reading.Cell {
	cell := reading.Cell{Text: clean(s)}
	if raw := bare(s); raw != cell.Text && cell.Text != "" {
		cell.Raw = raw
	}
	return cell
}
