package main

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"twinledger/cmd/twinledger/internal/datafolder"
)

// A dry run only reads: it goes on while another process holds the folder.
func TestADryRunNeedsNoLock(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	before := mustRun(t, nil, "-d", folder, "status")
	lock, err := datafolder.Hold(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock() //nolint:errcheck // the test ends
	out := mustRun(t, nil, "-d", folder, "import", "--dry-run", "sample/records/qingjian-2018-spring.csv")
	if !strings.Contains(out, "试读（未写入）dry run") || !strings.Contains(out, "已入账 recorded") {
		t.Errorf("a dry run beside another process says\n%s", out)
	}
	if after := mustRun(t, nil, "-d", folder, "status"); after != before {
		t.Errorf("a dry run changed the ledger from\n%s\nto\n%s", before, after)
	}
}

// Whoever may not see names sees none in a text that was stored before anybody knew the
// person; neither do they see the names of files.
func TestNamesInClearAreMaskedWhereTheyAreShown(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
	record := filepath.Join(t.TempDir(), "records.csv")
	write := func(path, content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(record, "日期,共同体,类别,内容,学科,派出单位,接收单位,数量,单位\n2018-04-20,第一共同体,示范课,阿娜尔讲分数,数学,甲小学,乙小学,1,节\n")
	mustRun(t, nil, "-d", folder, "import", record)
	later := filepath.Join(t.TempDir(), "later.csv")
	write(later, "日期,共同体,类别,内容,学科,派出单位,接收单位,人员,数量,单位\n2018-05-20,第一共同体,示范课,认识分数,数学,甲小学,乙小学,阿娜尔,1,节\n")
	mustRun(t, nil, "-d", folder, "import", later)
	address, serve := startServe(t, folder)
	waitReady(t, address)
	page := address + "/reviews/" + url.PathEscape("第一共同体") + "/2017-2018/2"
	for _, asked := range []string{address + "/api/v1/lessons", address + "/api/v1/lessons?format=csv", page} {
		code, _, body := get(t, asked)
		if code != http.StatusOK || !bytes.Contains(body, []byte("〔姓名〕讲分数")) || bytes.Contains(body, []byte("阿娜尔")) || bytes.Contains(body, []byte("records.csv")) {
			t.Errorf("%s: %d\n%.3000s", asked, code, body)
		}
	}
	stopServe(t, serve)
	named, serve := startServe(t, folder, "--names")
	waitReady(t, named)
	if _, _, body := get(t, strings.Replace(page, address, named, 1)); !bytes.Contains(body, []byte("阿娜尔讲分数")) || !bytes.Contains(body, []byte("records.csv")) {
		t.Errorf("with --names the page lacks a name:\n%.3000s", body)
	}
	stopServe(t, serve)
}
