package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"twinledger/adapters/sheet"
	"twinledger/domain/intake/reading"
)

// TestNoNameInTheLedger looks for every name and remark of the sample's files in
// every byte of the log and the read models.
func TestNoNameInTheLedger(t *testing.T) {
	t.Parallel()
	p := &program{now: time.Now, data: filepath.Join(t.TempDir(), "county"), out: io.Discard, err: io.Discard}
	o, err := p.establishSample(t.Context(), p.data)
	if err != nil {
		t.Fatal(err)
	}
	// Closed, the files hold all that the write-ahead logs held.
	closeFolder(t, o)
	secrets := sampleSecrets(t)
	if len(secrets) < 10 {
		t.Fatalf("the sample names only %d people and remarks", len(secrets))
	}
	looked := 0
	err = filepath.WalkDir(p.data, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Base(path) == "keys.sqlite" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		for _, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %q", path, secret)
			}
		}
		return nil
	})
	if err != nil || looked < 4 { // log, keys, read models, lock
		t.Fatalf("looked into %d files: %v", looked, err)
	}
}

// sampleSecrets returns every person and remark that the sample's files name.
func sampleSecrets(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("sample/records/*")
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		workbook, err := sheet.Read(filepath.Base(path), content)
		if err != nil {
			t.Fatal(err)
		}
		file, err := reading.Read(workbook, reading.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range file.Rows {
			secrets = append(secrets, reading.NamesIn(row.Value(reading.ColumnPeople).Text, false)...)
			// Two characters, such as 上午, stand in many places by chance.
			if remark := row.Value(reading.ColumnRemark).Text; len([]rune(remark)) > 2 {
				secrets = append(secrets, remark)
			}
		}
	}
	return secrets
}
