package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

// A File is a CSV file of a folder.
type File struct {
	Name    string // without folders
	Content []byte
}

// Bundle packs the CSV files of a folder into one file that [Read] takes for a
// workbook with a sheet for each. The same files in the same order give the same
// bytes.
func Bundle(files []File) ([]byte, error) {
	var out bytes.Buffer
	packed := zip.NewWriter(&out)
	for _, file := range files {
		part, err := packed.Create(file.Name)
		if err == nil {
			_, err = part.Write(file.Content)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", file.Name, err)
		}
	}
	if err := packed.Close(); err != nil {
		return nil, fmt.Errorf("pack folder: %w", err)
	}
	return out.Bytes(), nil
}

// bundled tells whether a package holds CSV files and nothing else.
func bundled(content []byte) bool {
	packed, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(packed.File) == 0 {
		return false
	}
	for _, part := range packed.File {
		if !strings.HasSuffix(strings.ToLower(part.Name), ".csv") {
			return false
		}
	}
	return true
}

// readBundle reads each file as a sheet that is called like it.
func readBundle(content []byte) ([]reading.Sheet, error) {
	packed, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, ErrDamaged.Because(err)
	}
	if len(packed.File) > maxParts {
		return nil, ErrTooLarge.With("parts", len(packed.File))
	}
	var sheets []reading.Sheet
	left, allowed := int64(MaxUnpackedBytes), newAllowance()
	for _, part := range packed.File {
		name := strings.TrimSuffix(part.Name[strings.LastIndexAny(part.Name, `/\`)+1:], ".csv")
		text, err := unpack(part, left)
		if left -= int64(len(text)); left < 0 {
			err = ErrTooLarge.With("most_unpacked_bytes", MaxUnpackedBytes)
		}
		var rows []reading.Sheet
		if err == nil {
			_, rows, err = readText(text, allowed)
		}
		if errors.Is(err, ErrEmptyFile) {
			continue
		}
		if f, ok := fault.As(err); ok {
			place := f.Place
			place.Sheet = name
			return nil, f.At(place)
		}
		if err != nil {
			return nil, ErrDamaged.Because(err).At(fault.Place{Sheet: name})
		}
		sheets = append(sheets, reading.Sheet{Index: len(sheets), Name: name, Rows: rows[0].Rows})
	}
	if len(sheets) == 0 {
		return nil, ErrEmptyFile
	}
	return sheets, nil
}

// unpack returns what a part holds: at most one byte more than left.
func unpack(part *zip.File, left int64) ([]byte, error) {
	body, err := part.Open()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(body, left+1))
	return text, errors.Join(err, body.Close())
}
