package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/fault"
)

func TestReport(t *testing.T) {
	t.Parallel()
	refusal := fault.New(fault.Refused, "lesson.voided", "该记录已作废。", "The record is voided.")
	placed := fault.New(fault.Invalid, "sheet.bad-day", "日期不对。", "No date.").With("value", "<去年>").At(fault.Place{File: "a.xlsx", Row: 7})
	damaged := fault.New(fault.Internal, "event.damaged", "内容不符。", "Not what was written.").With("ordinal", 7)
	for _, c := range []struct {
		situation string
		err       error
		exit      int
		want      string
	}{
		{"a refusal", fmt.Errorf("import: %w", refusal), exitRefused,
			`{"code":"lesson.voided","kind":"refused","zh":"该记录已作废。","en":"The record is voided.","details":[]}`},
		{"with place and details", placed, exitRefused,
			`{"code":"sheet.bad-day","kind":"invalid","zh":"日期不对。","en":"No date.","place":{"file":"a.xlsx","row":7},"details":[{"name":"value","value":"<去年>"}]}`},
		{"a fault that is ours", damaged, exitFailed,
			`{"code":"event.damaged","kind":"internal","zh":"内容不符。","en":"Not what was written.","details":[{"name":"ordinal","value":"7"}],"cause":"event.damaged: 内容不符。 / Not what was written. (ordinal=7)"}`},
		{"a disk that failed", errors.New("disk full"), exitFailed,
			`{"code":"internal","kind":"internal","zh":"出错","en":"failed","details":[],"cause":"disk full"}`},
		{"stopped", fmt.Errorf("import: %w", context.Canceled), exitFailed,
			`{"code":"interrupted","kind":"unavailable","zh":"已中断；再次运行同一命令即可继续","en":"stopped; run the same command again to continue","details":[]}`},
		{"two refusals", errors.Join(refusal, nil, errors.Join(refusal)), exitRefused,
			`{"code":"lesson.voided","kind":"refused","zh":"该记录已作废。","en":"The record is voided.","details":[],` +
				`"more":[{"code":"lesson.voided","kind":"refused","zh":"该记录已作废。","en":"The record is voided.","details":[]}]}`},
		{"a failure and a refusal", errors.Join(errors.New("disk full"), refusal), exitFailed,
			`{"code":"internal","kind":"internal","zh":"出错","en":"failed","details":[],"cause":"disk full",` +
				`"more":[{"code":"lesson.voided","kind":"refused","zh":"该记录已作废。","en":"The record is voided.","details":[]}]}`},
	} {
		var out, text bytes.Buffer
		exit := report(&out, true, c.err)
		if d := cmp.Diff(c.want+"\n", out.String()); d != "" || exit != c.exit {
			t.Errorf("%s: exit code %d, want %d (-want +got):\n%s", c.situation, exit, c.exit, d)
		}
		if exit := report(&text, false, c.err); exit != c.exit || text.Len() == 0 {
			t.Errorf("%s: as text the exit code is %d, want %d, and it says %q", c.situation, exit, c.exit, &text)
		}
	}
}

// A brokenWriter takes nothing.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestResultThatCannotBeWritten lets no command end well whose result nobody got.
func TestResultThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"version"}, {"version", "--json"}} {
		var told bytes.Buffer
		if exit := run(t.Context(), args, nil, brokenWriter{}, &told); exit != exitFailed {
			t.Errorf("%v: exit code %d, %s", args, exit, &told)
		}
	}
}

// TestServeSaysWhereAsJSON starts the sample as a script would: one document with
// the addresses, and nothing else.
func TestServeSaysWhereAsJSON(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	cmd := twinledgerProcess(t, "-d", folder, "serve", "--sample", "--json", "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	printed := bufio.NewReader(out)
	line, err := printed.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var result serveResult
	if err := json.Unmarshal(line, &result); err != nil {
		t.Fatalf("%v\n%s", err, line)
	}
	if result.Folder != folder {
		t.Errorf("it serves %s", result.Folder)
	}
	for _, address := range []string{result.Pages, result.OpenAPI} {
		if code, _, body := get(t, address); code != http.StatusOK {
			t.Errorf("%s: %d\n%s", address, code, body)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(printed)
	if err := errors.Join(err, cmd.Wait()); err != nil || len(rest) > 0 {
		t.Errorf("it also says %q, and ends with %v", rest, err)
	}
}
