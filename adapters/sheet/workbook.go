package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

// readWorkbook reads every worksheet, hidden ones included, in the order of the
// workbook. Excelize opens the package and gives the texts; what kind each cell
// is it does not tell while streaming, so the sheet's part is scanned for that,
// and for the damage that excelize passes over.
func readWorkbook(content []byte) (sheets []reading.Sheet, err error) {
	defer func() {
		// The package comes from anywhere; should excelize panic on a part of
		// it, the file is refused and the program goes on.
		if p := recover(); p != nil {
			sheets, err = nil, ErrDamaged.Because(fmt.Errorf("excelize: %v", p))
		}
	}()
	if err := checkPackage(content); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		UnzipSizeLimit: MaxUnpackedBytes, UnzipXMLSizeLimit: MaxUnpackedBytes, // nothing goes to temporary files
		RawCellValue: true, CultureInfo: excelize.CultureNameZhCN,
	})
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	defer func() { err = errors.Join(err, closeFault(f)) }()
	b := book{file: f, formats: formatsOf(f), left: newAllowance()}
	if f.WorkBook.WorkbookPr != nil {
		b.date1904 = f.WorkBook.WorkbookPr.Date1904
	}
	targets, err := b.worksheets()
	if err != nil {
		return nil, err
	}
	for i, s := range f.WorkBook.Sheets.Sheet {
		target, ok := targets[s.ID]
		if !ok {
			continue // a sheet of charts or macros has no cells
		}
		rows, err := b.sheet(s.Name, target)
		if err != nil {
			if found, ok := fault.As(err); ok {
				place := found.Place
				place.Sheet = s.Name
				return nil, found.At(place)
			}
			return nil, ErrDamaged.Because(err).At(fault.Place{Sheet: s.Name})
		}
		sheets = append(sheets, reading.Sheet{Index: i, Name: s.Name, Hidden: s.State != "" && s.State != "visible", Rows: rows})
	}
	return sheets, nil
}

func closeFault(f *excelize.File) error {
	if err := f.Close(); err != nil {
		return ErrDamaged.Because(err)
	}
	return nil
}

// maxParts is more than any workbook of records has.
const maxParts = 10_000

// checkPackage refuses what is no workbook, what would unpack to more than the
// limit, what has too many rows, and what does not unpack to what was packed:
// excelize takes the part that it could read for the whole.
func checkPackage(content []byte) error {
	reader, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return ErrDamaged.Because(err)
	}
	if kind := kindOfPackage(reader); kind != "" {
		return ErrNotATable.With("kind", kind)
	}
	total := uint64(0)
	for _, part := range reader.File {
		// Each is compared too: the sum of hostile sizes may wrap around.
		if total += part.UncompressedSize64; part.UncompressedSize64 > MaxUnpackedBytes || total > MaxUnpackedBytes {
			return ErrTooLarge.With("most_unpacked_bytes", MaxUnpackedBytes)
		}
	}
	if len(reader.File) > maxParts {
		return ErrTooLarge.With("parts", len(reader.File))
	}
	rows := rowCounter{left: MaxRows}
	for _, part := range reader.File {
		if part.Flags&1 != 0 {
			return ErrPassword
		}
		rows.begin(part.Name)
		err := unpacks(part, &rows)
		if errors.Is(err, ErrTooManyToImport) {
			return err
		}
		if err != nil {
			return ErrDamaged.Because(fmt.Errorf("%s: %w", part.Name, err))
		}
	}
	return nil
}

func unpacks(part *zip.File, to io.Writer) error {
	body, err := part.Open()
	if err != nil {
		return err
	}
	_, err = io.Copy(to, body)
	return errors.Join(err, body.Close())
}

// kindOfPackage names a package that is no workbook of the kind that is read,
// by its main part; "" is a workbook.
func kindOfPackage(reader *zip.Reader) string {
	kind := "zip"
	for _, part := range reader.File {
		switch strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/")) {
		case "[content_types].xml":
			if kind == "zip" {
				kind = ""
			}
		case "word/document.xml":
			return "Word (.docx)"
		case "ppt/presentation.xml":
			return "PowerPoint (.pptx)"
		case "xl/workbook.bin":
			return "Excel (.xlsb)"
		case "content.xml":
			return "OpenDocument (.ods, .odt)"
		}
	}
	return kind
}

// A book is an open workbook.
type book struct {
	file     *excelize.File
	formats  []precision // by cell style
	date1904 bool
	left     *allowance
}

type relationships struct {
	Relationship []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:",attr"`
		Target string `xml:",attr"`
	}
}

// worksheets returns the parts of the worksheets by relationship id.
func (b *book) worksheets() (map[string]string, error) {
	root, err := b.relationships("_rels/.rels")
	if err != nil {
		return nil, err
	}
	main := ""
	for _, r := range root.Relationship {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			main = partName("", r.Target)
		}
	}
	rels, err := b.relationships(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"))
	if err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, r := range rels.Relationship {
		if strings.HasSuffix(r.Type, "/worksheet") {
			targets[r.ID] = partName(path.Dir(main), r.Target)
		}
	}
	if len(targets) == 0 {
		return nil, ErrDamaged.Because(errors.New("no worksheet"))
	}
	return targets, nil
}

// partName resolves a relationship's target against the folder of its source.
func partName(folder, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if rooted, ok := strings.CutPrefix(target, "/"); ok {
		return path.Clean(rooted)
	}
	return path.Join(folder, target)
}

func (b *book) relationships(name string) (relationships, error) {
	var found relationships
	decoder, err := b.decoder(name)
	if err == nil {
		err = decoder.Decode(&found)
	}
	if err != nil {
		return found, ErrDamaged.Because(fmt.Errorf("%s: %w", name, err))
	}
	return found, nil
}

// decoder reads a part of the package.
func (b *book) decoder(name string) (*xml.Decoder, error) {
	part, ok := b.file.Pkg.Load(name)
	if !ok {
		return nil, fmt.Errorf("part %s is missing", name)
	}
	body, ok := part.([]byte)
	if !ok {
		return nil, fmt.Errorf("part %s cannot be read", name)
	}
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.CharsetReader = b.file.CharsetReader
	return decoder, nil
}
