//go:build linux

package main

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"twinledger/adapters/sheet"
)

// BenchmarkLargeFiles imports files at the limit of rows, and looks at far larger ones, which
// are refused. Each import is a process of its own; its peak memory, its time, and how many
// times as long as the bare parsing of the same file it took are reported:
//
//	go test ./cmd/twinledger -run '^$' -bench LargeFiles -benchtime 1x
//
// The peak of a process is never told below the memory that this one had when it started it.
// What is recorded for each row takes longer than to parse it, so that the last figure says
// something of the refusals only.
func BenchmarkLargeFiles(b *testing.B) {
	const most = sheet.MaxRows - 1 // beside the heading
	for _, file := range []struct {
		name    string
		refused bool
		write   func(path string) error
		parse   func(path string) error
		args    []string
	}{
		{"csv of 100000 rows", true, recordsCSV(100_000, ""), parseCSV, []string{"--dry-run"}},
		{"csv of 100000 long rows", true, recordsCSV(100_000, longRemark), parseCSV, []string{"--dry-run"}},
		{"workbook of 1048575 cells", true, cellsWorkbook(1_048_575), parseWorkbook, []string{"--dry-run"}},
		{"workbook of 100000 rows", true, recordsWorkbook(100_000), parseWorkbook, []string{"--dry-run"}},
		{"csv at the limit", false, recordsCSV(most, ""), parseCSV, []string{"--dry-run"}},
		{"csv at the limit for good", false, recordsCSV(most, ""), parseCSV, nil},
		{"workbook at the limit", false, recordsWorkbook(most), parseWorkbook, []string{"--dry-run"}},
		{"workbook at the limit for good", false, recordsWorkbook(most), parseWorkbook, nil},
	} {
		b.Run(file.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "records")
			if err := file.write(path); err != nil {
				b.Fatal(err)
			}
			var peak int64
			var took, bare time.Duration
			for range b.N {
				folder := filepath.Join(b.TempDir(), "county")
				measured(b, false, "-d", folder, "init", "--district", "样例县")
				began := time.Now()
				if err := file.parse(path); err != nil {
					b.Fatal(err)
				}
				bare += time.Since(began)
				kilobytes, elapsed := measured(b, file.refused, append([]string{"-d", folder, "import", "--quiet", path}, file.args...)...)
				peak, took = max(peak, kilobytes), took+elapsed
			}
			b.ReportMetric(float64(peak)/1024, "peak-MB")
			b.ReportMetric(took.Seconds()/float64(b.N), "s/import")
			b.ReportMetric(took.Seconds()/bare.Seconds(), "times-parsing")
		})
	}
}

// measured runs the program to its end and returns its peak memory and how long it took. A file
// that is to be refused must be, in the words for too many rows.
func measured(b *testing.B, refused bool, args ...string) (kilobytes int64, took time.Duration) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, args...) //nolint:gosec // this very program
	cmd.Args[0] = "twinledger"
	began := time.Now()
	out, err := cmd.CombinedOutput()
	took = time.Since(began)
	if refused != strings.Contains(string(out), sheet.ErrTooManyToImport.ZH) || refused != (err != nil) {
		b.Fatalf("twinledger %v: %v\n%.2000s", args, err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("no usage is known")
	}
	return usage.Maxrss, took
}

var recordHeadings = []string{"序号", "日期", "共同体", "类别", "形式", "内容", "学科", "派出单位", "接收单位", "人员", "数量", "单位", "佐证材料", "备注"}

const longRemark = "课堂上教师以生活情境导入，学生分组讨论并汇报，课后双方学校教师就教学目标的达成进行了评议，并约定下月回访。"

// recordRow returns an ordinary row: of 40 schools, 500 teachers and three years.
func recordRow(i int, remark string) []string {
	return []string{
		fmt.Sprint(i), fmt.Sprintf("%d-%02d-%02d", 2016+i%3, 3+i%4, 1+i%28), "青山教共体", []string{"示范课", "听课", "评课", "集体备课"}[i%4], "送课",
		fmt.Sprintf("《平行四边形的面积》第%d课时", i), []string{"数学", "语文", "英语"}[i%3], fmt.Sprintf("第%d小学", i%20), fmt.Sprintf("第%d小学", 20+i%20),
		string([]rune("王李张刘陈杨赵黄周吴")[i%10]) + string([]rune("建国文丽芳")[i/10%5]) + string([]rune("明霞伟敏静强军洋勇艳")[i/50%10]), "1", "节", "照片、教案", remark,
	}
}

func recordsCSV(rows int, remark string) func(path string) error {
	return func(path string) error {
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		w := csv.NewWriter(file)
		err = w.Write(recordHeadings)
		for i := 1; i <= rows && err == nil; i++ {
			err = w.Write(recordRow(i, remark))
		}
		w.Flush()
		return errors.Join(err, w.Error(), file.Close())
	}
}

func recordsWorkbook(rows int) func(path string) error {
	return workbookOf(rows+1, func(row int) []any {
		texts := recordHeadings
		if row > 1 {
			texts = recordRow(row-1, "")
		}
		cells := make([]any, len(texts))
		for i, text := range texts {
			cells[i] = text
		}
		return cells
	})
}

func cellsWorkbook(rows int) func(path string) error {
	return workbookOf(rows, func(row int) []any { return []any{row} })
}

func workbookOf(rows int, cells func(row int) []any) func(path string) error {
	return func(path string) error {
		book := excelize.NewFile()
		w, err := book.NewStreamWriter("Sheet1")
		for row := 1; row <= rows && err == nil; row++ {
			err = w.SetRow(fmt.Sprintf("A%d", row), cells(row))
		}
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			return err
		}
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		return errors.Join(book.Write(file), file.Close(), book.Close())
	}
}

// parseCSV reads every record of a file and keeps nothing.
func parseCSV(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	r := csv.NewReader(bufio.NewReader(file))
	r.ReuseRecord = true
	for err == nil {
		_, err = r.Read()
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, file.Close())
}

// parseWorkbook reads every XML token of every part of a workbook and keeps nothing.
func parseWorkbook(path string) error {
	book, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	for _, part := range book.File {
		if filepath.Ext(part.Name) != ".xml" {
			continue
		}
		body, err := part.Open()
		if err != nil {
			return err
		}
		tokens := xml.NewDecoder(body)
		for err == nil {
			_, err = tokens.RawToken()
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
		if err := body.Close(); err != nil {
			return err
		}
	}
	return book.Close()
}
