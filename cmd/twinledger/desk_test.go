package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

// TestScriptsBesideServe runs the scripts of commands that write once more, each
// with serve holding the folder from the moment that it is there: everything is
// said as without.
func TestScriptsBesideServe(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Files: besideServe(t, "record", "import", "import_report", "imports"),
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"serve": func(ts *testscript.TestScript, _ bool, args []string) { serveIn(ts, args[0]) }},
		Setup: setUp,
	})
}

// besideServe returns copies of scripts in which a line "serve county" follows
// the one that makes the folder.
func besideServe(t *testing.T, names ...string) []string {
	t.Helper()
	made := regexp.MustCompile(`(?m)^exec twinledger -d county init .*$`)
	folder := t.TempDir()
	var files []string
	for _, name := range names {
		script, err := os.ReadFile(filepath.Join("testdata/script", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		if len(made.FindAll(script, -1)) != 1 {
			t.Fatalf("%s does not make the folder county once", name)
		}
		file := filepath.Join(folder, name+".txtar")
		if err := os.WriteFile(file, made.ReplaceAll(script, []byte("$0\nserve county")), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// serveIn runs serve on a folder until the script ends.
func serveIn(ts *testscript.TestScript, folder string) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	told, out := io.Pipe()
	go func() {
		ended <- run(ctx, []string{"-d", ts.MkAbs(folder), "serve", "--listen", "127.0.0.1:0"}, nil, out, io.Discard)
		_ = out.Close()
	}()
	ts.Defer(func() {
		stop()
		if code := <-ended; code != exitDone {
			ts.Logf("serve ended with %d", code)
		}
	})
	first := make([]byte, 1)
	if _, err := told.Read(first); err != nil { // it prints when it answers
		ts.Fatalf("serve does not answer: %v", err)
	}
	go io.Copy(io.Discard, told) //nolint:errcheck // nobody reads the rest
}

// answersOf runs commands one after the other and returns what each printed and
// ended with, with everything that differs from ledger to ledger made the same.
func answersOf(t *testing.T, folder string, commands [][]string) []string {
	t.Helper()
	id := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9-]{10}T[0-9:.]{12}Z|[0-9-]{10} [0-9:]{8} \+08:00`)
	var answers []string
	for _, args := range commands {
		cmd := twinledgerProcess(t, append([]string{"-d", folder}, args...)...)
		var out, told bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &told
		_ = cmd.Run()
		text := strings.Join([]string{strings.Join(args, " "), out.String(), told.String(), cmd.ProcessState.String()}, "\n")
		answers = append(answers, strings.ReplaceAll(id.ReplaceAllString(text, "ID"), folder, "FOLDER"))
	}
	return answers
}

// TestWritingThroughServeSaysTheSame compares every command that writes, and every
// way in which it may be refused, word for word with and without serve.
func TestWritingThroughServeSaysTheSame(t *testing.T) {
	t.Parallel()
	const lesson = "lesson-00000000-0000-0000-0000-000000000000"
	file := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	known := `{"id": "01980a6e-7c10-7000-8000-000000000001", "command": "district.register", "data": {"name": "乙县"}}`
	once, other := file("once.json", known), file("other.json", strings.Replace(known, "乙县", "丙县", 1))
	const records, fromQingjian = "sample/records/hanting-2013.csv", "sample/records/qingjian-2018-spring.csv"
	commands := [][]string{
		{"record", once}, {"record", once}, {"record", other}, {"--actor", "clerk-9", "record", once},
		{"record", file("bad.json", "{\n]")}, {"record", file("unknown.json", `{"command": "lesson.dream", "data": {}}`)},
		{"void", lesson, "--reason", "重复"}, {"void", lesson, "--reason", " "}, {"correct", lesson, file("facts.json", `{"occurred": "unknown", "facts": {}}`), "--reason", "改"},
		{"programme", "publish", "county-1plusn", "--from", "2017-09-01", "--district", "样例县"},
		{"programme", "publish", "county-1plusn", "--from", "2017-09-01", "--district", "样例县"},
		{"programme", "publish", "county-1plusn", "--from", "2017-09-01"}, {"programme", "publish", "county-1plusn", "--from", "yesterday", "--district", "样例县"},
		{"import", "--district", "样例县", "--dry-run", records}, {"import", "--district", "样例县", records, fromQingjian}, {"import", "--district", "样例县", "-q", records},
		{"import", records}, {"import", "--district", "样例县", file("empty.csv", ""), "missing.csv", file("other.csv", "a,b\n1,2\n")},
		{"--json", "record", other}, {"--json", "import", "--district", "样例县", fromQingjian},
		{"review", "清涧", "2017-2018/2", "--programme", "zhaike"},
	}
	alone, beside := filepath.Join(t.TempDir(), "county"), filepath.Join(t.TempDir(), "county")
	for _, folder := range []string{alone, beside} {
		mustRun(t, nil, "-d", folder, "init", "--district", "样例县", "--assume", "2009-2019")
	}
	_, serve := startServe(t, beside)
	info, err := os.Stat(filepath.Join(beside, "serve.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("serve.json: %v, %v", info, err)
	}
	want, got := answersOf(t, alone, commands), answersOf(t, beside, commands)
	stopServe(t, serve)
	for i := range want {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("%v (-without serve +with):\n%s", commands[i], diff)
		}
	}
	if _, err := os.Stat(filepath.Join(beside, "serve.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("serve.json is left behind: %v", err)
	}
}

// TestANoteThatLeadsNowhere refuses to write while somebody holds the folder and
// its serve.json was left behind, belongs to another ledger, or is damaged.
func TestANoteThatLeadsNowhere(t *testing.T) {
	t.Parallel()
	folder, elsewhere := filepath.Join(t.TempDir(), "county"), filepath.Join(t.TempDir(), "other")
	for _, f := range []string{folder, elsewhere} {
		mustRun(t, nil, "-d", f, "init", "--district", "某县")
	}
	startServe(t, elsewhere)
	other, err := os.ReadFile(filepath.Join(elsewhere, "serve.json"))
	if err != nil {
		t.Fatal(err)
	}
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stale := `{"address": "http://` + nobody.Addr().String() + `", "secret": "x", "pid": 1}`
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	lock, err := datafolder.Hold(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock() //nolint:errcheck // the folder is removed
	for situation, note := range map[string]string{"nobody listens": stale, "another ledger's": string(other), "damaged": `{"addr`, "none": ""} {
		if err := os.WriteFile(filepath.Join(folder, "serve.json"), []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := twinledgerProcess(t, "-d", folder, "import", "sample/records/hanting-2013.csv").CombinedOutput()
		if err == nil || !strings.Contains(string(out), "folder.busy") || strings.Contains(string(out), "secret") {
			t.Errorf("%s: %v\n%s", situation, err, out)
		}
	}
}

// noteOf returns what serve wrote into its folder.
func noteOf(t *testing.T, folder string) datafolder.Serving {
	t.Helper()
	note, err := datafolder.ReadServing(folder)
	if err != nil || note.Address == "" {
		t.Fatalf("serve.json: %+v, %v", note, err)
	}
	return note
}

// post sends a command with a credential and an Idempotency-Key.
func post(t *testing.T, note datafolder.Serving, key, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, note.Address+"/api/v1/commands", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + note.Secret, "Content-Type": "application/json", "Idempotency-Key": key} {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(raw)
}

// TestCommandsOverHTTP writes to a served ledger and reads its own writes.
func TestCommandsOverHTTP(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	address, serve := startServe(t, folder)
	note := noteOf(t, folder)
	var tokens []string
	for i, name := range []string{"甲县", "乙县", "丙县"} {
		code, body := post(t, note, name, `{"command": "district.register", "data": {"name": "`+name+`"}}`)
		var done struct{ Stream, Token string }
		if err := json.Unmarshal([]byte(body), &done); err != nil || code != http.StatusCreated || done.Token == "" {
			t.Fatalf("%d %s", code, body)
		}
		tokens = append(tokens, done.Token)
		code, _, journal := get(t, address+"/api/v1/journal?type=district.registered&min_position="+done.Token)
		if code != http.StatusOK || !strings.Contains(string(journal), done.Stream) {
			t.Errorf("%d: its own write %d is not seen: %d %s", i, len(tokens), code, journal)
		}
		again, repeated := post(t, note, name, `{"command": "district.register", "data": {"name": "`+name+`"}}`)
		if again != http.StatusOK || !strings.Contains(repeated, `"repeated":true`) || !strings.Contains(repeated, done.Stream) {
			t.Errorf("again: %d %s", again, repeated)
		}
		other, reused := post(t, note, name, `{"command": "district.register", "data": {"name": "丁县"}}`)
		if other != http.StatusConflict || !strings.Contains(reused, "command.reused") {
			t.Errorf("another body: %d %s", other, reused)
		}
	}
	if slices.Contains(tokens[1:], tokens[0]) {
		t.Errorf("tokens %v", tokens)
	}
	if code, _, body := get(t, address+"/api/v1/journal?min_position=czo5OTk5"); code != http.StatusBadRequest || !strings.Contains(string(body), "event.bad-token") {
		t.Errorf("a token that was never given: %d %s", code, body)
	}
	_, _, status := get(t, address+"/api/v1/status")
	var told struct{ Ledger string }
	if err := json.Unmarshal(status, &told); err != nil || told.Ledger == "" {
		t.Fatalf("status: %v %s", err, status)
	}
	ahead := base64.RawURLEncoding.EncodeToString([]byte(told.Ledger + "/s:999"))
	elsewhere := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", elsewhere, "init", "--district", "某县")
	for situation, token := range map[string]string{"behind the newest": ahead, "of another ledger": recordedToken(t, elsewhere, "戊县")} {
		if code, _, body := get(t, address+"/api/v1/journal?min_position="+token); code != http.StatusBadRequest || !strings.Contains(string(body), "event.bad-token") {
			t.Errorf("a token %s: %d %s", situation, code, body)
		}
	}
	code, _, numbers := get(t, address+"/metrics")
	if code != http.StatusOK || !strings.Contains(string(numbers), "\ntwinledger_log_appended_events_total 3\n") ||
		!strings.Contains(string(numbers), `twinledger_projector_applied_events_total{projector="served"} 3`) {
		t.Errorf("metrics: %d\n%s", code, numbers)
	}
	stopServe(t, serve)
}

// recordedToken records something with the command line and returns the token
// that it prints.
func recordedToken(t *testing.T, folder, district string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "district.json")
	if err := os.WriteFile(file, []byte(`{"command": "district.register", "data": {"name": "`+district+`"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out := mustRun(t, nil, "-d", folder, "--json", "record", file)
	var done struct{ Token string }
	if err := json.Unmarshal([]byte(out), &done); err != nil || done.Token == "" {
		t.Fatalf("%v: %s", err, out)
	}
	return done.Token
}

// TestATokenOfTheCommandLineIsTakenByTheEndpoint: what record prints, whether it
// wrote by itself or through serve, is what min_position takes.
func TestATokenOfTheCommandLineIsTakenByTheEndpoint(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	alone := recordedToken(t, folder, "戊县")
	address, serve := startServe(t, folder)
	for situation, token := range map[string]string{"alone": alone, "through serve": recordedToken(t, folder, "己县")} {
		if code, _, body := get(t, address+"/api/v1/journal?min_position="+token); code != http.StatusOK {
			t.Errorf("written %s: %d %s", situation, code, body)
		}
	}
	stopServe(t, serve)
}

// TestServeFinishesWhatRuns stops a service while a command is under way: it is
// not ready any more, the command is answered, and everything is closed.
func TestServeFinishesWhatRuns(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	p := &program{now: time.Now, data: folder, out: io.Discard, err: io.Discard}
	o, err := p.openToWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeFolder(t, o)
	slow := &slowGateway{Gateway: o.Gateway, begun: make(chan struct{}), goOn: make(chan struct{})}
	o.Gateway = slow
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newService(t.Context(), o, listener, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	stopped := make(chan error, 1)
	go func() { stopped <- s.run(ctx) }()

	type answer struct {
		code int
		body string
	}
	answered := make(chan answer, 1)
	go func() {
		code, body := post(t, s.note, "one", `{"command": "district.register", "data": {"name": "乙县"}}`)
		answered <- answer{code, body}
	}()
	select {
	case <-slow.begun:
	case got := <-answered:
		t.Fatalf("not handed in: %d %s", got.code, got.body)
	}
	stop()
	for !errors.Is(s.ready(t.Context()), errStopping) {
		select {
		case err := <-stopped:
			t.Fatalf("stopped while a command is under way: %v", err)
		default:
		}
	}
	close(slow.goOn)
	if got := <-answered; got.code != http.StatusCreated {
		t.Errorf("the command under way: %d %s", got.code, got.body)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := http.Get(s.note.Address + "/livez"); err == nil { //nolint:bodyclose,noctx // there is none
		t.Error("it still answers")
	}
}

// A slowGateway keeps every command waiting.
type slowGateway struct {
	datafolder.Gateway
	begun, goOn chan struct{}
}

// CarryOut carries out a command when it may.
func (d *slowGateway) CarryOut(ctx context.Context, req command.Request) (command.Outcome, error) {
	close(d.begun)
	<-d.goOn
	return d.Gateway.CarryOut(ctx, req)
}

// TestAnIDIsPutToOneUse hands in one id for two districts at the same moment, many
// times over.
func TestAnIDIsPutToOneUse(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	p := &program{now: time.Now, data: folder, out: io.Discard, err: io.Discard}
	o, err := p.openToWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeFolder(t, o)
	for i := range 20 {
		answers := make(chan error, 2)
		for _, name := range []string{"甲", "乙"} {
			go func() {
				req := command.Request{ID: event.UUIDv5(o.Ledger, "same", string(rune('a'+i))).String(), Name: "district.register",
					Body: record.Report[org.District]{Facts: org.District{Name: name + string(rune('一'+i))}}}
				_, err := o.Gateway.CarryOut(t.Context(), req)
				answers <- err
			}()
		}
		first, second := <-answers, <-answers
		if f, _ := fault.As(errors.Join(first, second)); f == nil || !errors.Is(f, command.ErrReused) || first != nil && second != nil {
			t.Errorf("%d: %v and %v", i, first, second)
		}
	}
}
