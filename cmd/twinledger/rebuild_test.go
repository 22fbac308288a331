package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/bigledger"
	"twinledger/cmd/twinledger/internal/datafolder"
)

// bigFolder makes a ledger of so many events, with its read models.
func bigFolder(t *testing.T, events int) string {
	t.Helper()
	small, folder := filepath.Join(t.TempDir(), "small"), filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", small, "generate", "--schools", "12", "--terms", "1", "--seed", "5")
	log, err := sqlitelog.OpenReadOnly(datafolder.LogPath(small))
	if err == nil {
		err = os.Mkdir(folder, 0o750)
	}
	if err == nil {
		settings := bigledger.Settings{Events: events, Seed: 1, Until: time.Now()}
		err = errors.Join(bigledger.Write(t.Context(), log, datafolder.LogPath(folder), settings, func(int) {}), log.Close())
	}
	if err == nil {
		err = keyvault.Copy(t.Context(), datafolder.VaultPath(small), datafolder.VaultPath(folder))
	}
	if err != nil {
		t.Fatal(err)
	}
	mustRun(t, nil, "-d", folder, "status")
	return folder
}

// TestRebuildUnderLoad lets serve build its read models anew, go back, release and build
// again while it is asked 200 questions a second. The read models that it begins with
// were altered, so that old and new answers differ: every answer is the one or the other
// as a whole, and the right one for its time.
func TestRebuildUnderLoad(t *testing.T) {
	t.Parallel()
	folder := bigFolder(t, 5_000)
	db, err := sql.Open("sqlite", "file:"+generationIn(t, folder))
	if err == nil {
		_, err = db.ExecContext(t.Context(), `UPDATE data SET data = CAST(replace(CAST(data AS TEXT), '小学', '旧学') AS BLOB)`)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	address, serve := startServe(t, folder)
	waitReady(t, address)
	l := newLoad(t, address)
	was := l.askAll(t)
	begun := time.Now()
	l.begin(200)

	out := mustRun(t, nil, "-d", folder, "rebuild")
	if !strings.Contains(out, "已重建并启用 rebuilt and served") || !strings.Contains(out, "差异 differences in data") || !strings.Contains(out, "旧学") {
		t.Errorf("rebuild says\n%s", out)
	}
	is := l.askAll(t)
	for question := range is {
		if is[question] == was[question] && strings.Contains(is[question], "小学") {
			t.Errorf("%s is answered alike by both", question)
		}
	}
	order := func(flag string) time.Duration {
		t.Helper()
		begun := time.Now()
		if _, told, code := runHere(t, "", "-d", folder, "rebuild", flag); code != exitDone {
			t.Fatalf("rebuild %s: %s", flag, told)
		}
		return time.Since(begun)
	}
	expect := func(situation string, want map[string]string) {
		t.Helper()
		for question, got := range l.askAll(t) {
			if got != want[question] {
				t.Errorf("%s, %s is answered with\n%s\nwant\n%s", situation, question, got, want[question])
			}
		}
	}
	back := order("--back")
	expect("gone back", was)
	forth := order("--back")
	expect("gone back again", is)
	order("--release")
	expect("released", is)
	if _, told, code := runHere(t, "", "-d", folder, "rebuild", "--back"); code != exitRefused || !bytes.Contains(told, []byte("readmodel.no-former")) {
		t.Errorf("gone back to what was released: %d %s", code, told)
	}
	settled := time.Now()
	for i := 0; i == 0 || time.Since(begun) < 5*time.Second; i++ {
		if out := mustRun(t, nil, "-d", folder, "rebuild"); !strings.Contains(out, "与原读模型内容相同 nothing differs") {
			t.Errorf("rebuild of what is right says\n%s", out)
		}
		expect("built again", is)
		order("--back")
		expect("gone back to what is alike", is)
	}
	took, answers, differing := time.Since(begun), l.end(), 0
	var slowest time.Duration
	for _, a := range answers {
		slowest = max(slowest, a.ended.Sub(a.begun))
		switch {
		case a.code != http.StatusOK || a.body == "":
			t.Errorf("%s: %d %s", a.question, a.code, a.body)
		case a.body != was[a.question] && a.body != is[a.question]:
			t.Errorf("%s is answered with neither the old nor the new:\n%s", a.question, a.body)
		case was[a.question] == is[a.question]:
			continue
		case a.body == was[a.question] && a.begun.After(settled):
			t.Errorf("%s is answered as before the rebuild", a.question)
		}
		differing++
	}
	if differing < len(answers)/2 {
		t.Errorf("only %d of %d questions are answered otherwise before and after", differing, len(answers))
	}
	t.Logf("%d answers in %s, the slowest after %s; serving the new read models took %s; going back took %s and %s", len(answers), took.Round(time.Millisecond),
		slowest.Round(time.Millisecond), swapTime(answers, was, is).Round(10*time.Microsecond), back.Round(time.Millisecond), forth.Round(time.Millisecond))
	if out := mustRun(t, nil, "-d", folder, "verify"); strings.Count(out, "every row is what the events say") != 2 {
		t.Errorf("verify says\n%s", out)
	}
	stopServe(t, serve)
}

// swapTime returns how long after the last question that was still put to the old read
// models the first one that was put to the new ones came.
func swapTime(answers []loadAnswer, was, is map[string]string) time.Duration {
	var lastOld, firstNew time.Time
	for _, a := range answers {
		if was[a.question] != is[a.question] && a.body == is[a.question] && (firstNew.IsZero() || a.begun.Before(firstNew)) {
			firstNew = a.begun
		}
	}
	for _, a := range answers {
		if was[a.question] != is[a.question] && a.body == was[a.question] && a.begun.Before(firstNew) && a.begun.After(lastOld) {
			lastOld = a.begun
		}
	}
	return firstNew.Sub(lastOld)
}

// A load asks serve the same questions again and again.
type load struct {
	address   string
	client    *http.Client
	questions []string
	stop      context.CancelFunc
	asking    sync.WaitGroup

	mu      sync.Mutex
	answers []loadAnswer
}

type loadAnswer struct {
	question, body string
	code           int
	begun, ended   time.Time
}

func newLoad(t *testing.T, address string) *load {
	t.Helper()
	l := &load{address: address, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	t.Cleanup(l.client.CloseIdleConnections)
	var boards struct {
		Items []struct {
			Key     string
			Members []struct{ School string }
		}
	}
	if _, _, body := get(t, address+"/api/v1/communities"); json.Unmarshal(body, &boards) != nil || len(boards.Items) == 0 {
		t.Fatalf("communities: %s", body)
	}
	board := boards.Items[0]
	l.questions = []string{"/", "/api/v1/reviews?term=2016-2017/2&programme=county-1plusn&community=" + url.QueryEscape(board.Key)}
	for _, member := range board.Members {
		l.questions = append(l.questions, "/api/v1/schools/"+member.School)
	}
	for limit := range 8 {
		l.questions = append(l.questions, fmt.Sprint("/api/v1/schools?limit=", limit+3))
	}
	return l
}

// askAll asks every question once.
func (l *load) askAll(t *testing.T) map[string]string {
	t.Helper()
	answers := map[string]string{}
	for _, question := range l.questions {
		a := l.ask(question)
		if a.code != http.StatusOK {
			t.Fatalf("%s: %d %s", question, a.code, a.body)
		}
		answers[question] = a.body
	}
	return answers
}

func (l *load) ask(question string) loadAnswer {
	a := loadAnswer{question: question, begun: time.Now()}
	answer, err := l.client.Get(l.address + question) //nolint:noctx // a loopback address of this test
	if err != nil {
		a.body = err.Error()
		return a
	}
	raw, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		a.body = err.Error()
		return a
	}
	a.code, a.body, a.ended = answer.StatusCode, string(raw), time.Now()
	return a
}

// begin asks so many questions a second until end is called.
func (l *load) begin(perSecond int) {
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	questions := make(chan string, perSecond) // those that wait when the machine is slow
	l.asking.Go(func() {
		defer close(questions)
		ticker := time.NewTicker(time.Second / time.Duration(perSecond))
		defer ticker.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			select {
			case questions <- l.questions[i%len(l.questions)]:
			default:
			}
		}
	})
	for range 16 {
		l.asking.Go(func() {
			for question := range questions {
				a := l.ask(question)
				l.mu.Lock()
				l.answers = append(l.answers, a)
				l.mu.Unlock()
			}
		})
	}
}

func (l *load) end() []loadAnswer {
	l.stop()
	l.asking.Wait()
	return l.answers
}

// building waits until serve has built some of its read models and not all; false when
// it was too quick.
func building(t *testing.T, address string) bool {
	t.Helper()
	for {
		r := rebuildOf(t, address)
		if r.Phase != "building" || r.Done > 0 {
			return r.Phase == "building"
		}
	}
}

// stoppedUnderWay starts a rebuild inside serve, from the first record, and stops it while
// it builds; it returns how far it was.
func stoppedUnderWay(t *testing.T, folder, address string, stop func(t *testing.T)) rebuildState {
	t.Helper()
	for range 20 {
		if code, body := orderRebuild(t, folder, `{"do": "start", "anew": true}`); code != http.StatusOK {
			t.Fatalf("start: %d %s", code, body)
		}
		if building(t, address) {
			stop(t)
			soon(t, "it ends", func() (bool, string) {
				r := rebuildOf(t, address)
				return r.Phase != "building" && r.Phase != "comparing", fmt.Sprintf("%+v", r)
			})
			if r := rebuildOf(t, address); r.Phase == "stopped" {
				return r
			}
		}
		soon(t, "it ends", func() (bool, string) {
			r := rebuildOf(t, address)
			return r.Phase == "served", fmt.Sprintf("%+v", r)
		})
	}
	t.Fatal("every rebuild ended before it could be stopped")
	return rebuildState{}
}

// orderRebuild sends an order about read models.
func orderRebuild(t *testing.T, folder, order string) (int, string) {
	t.Helper()
	note := noteOf(t, folder)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, note.Address+"/api/v1/rebuild", strings.NewReader(order))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+note.Secret)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(raw)
}

// goesOn starts a rebuild, which goes on from where one was stopped, and waits for its
// end.
func goesOn(t *testing.T, folder, address string, from rebuildState) {
	t.Helper()
	if code, body := orderRebuild(t, folder, `{"do": "start"}`); code != http.StatusOK {
		t.Fatalf("start: %d %s", code, body)
	}
	soon(t, "it is served", func() (bool, string) {
		r := rebuildOf(t, address)
		if r.Phase == "building" && r.Done > 0 && r.Done < from.Done {
			t.Errorf("it does not go on from %d, but is at %d", from.Done, r.Done)
		}
		return r.Phase == "served", fmt.Sprintf("%+v", r)
	})
	r := rebuildOf(t, address)
	if !r.Compared || slices.ContainsFunc(r.Differences, func(d struct{ Missing, Added, Changed int }) bool { return d.Missing+d.Added+d.Changed > 0 }) {
		t.Errorf("gone on with, it differs: %+v", r)
	}
}

// TestARebuildInsideServeIsStopped stops rebuilds that serve does, by an order, by the
// command, by Ctrl-C at the command that waits for it and by stopping serve; each time
// the next one goes on from there and what is served does not change meanwhile.
func TestARebuildInsideServeIsStopped(t *testing.T) {
	t.Parallel()
	all := t
	folder := bigFolder(t, 20_000)
	address, serve := startServe(t, folder)
	waitReady(t, address)
	served := func() string { return rebuildOf(t, address).Served }
	if _, told, code := runHere(t, "", "-d", folder, "rebuild", "--accept-log"); code != exitRefused || !bytes.Contains(told, []byte("rebuild.accept-beside-serve")) {
		t.Errorf("rebuild --accept-log beside serve: %d %s", code, told)
	}
	for how, stop := range map[string]func(t *testing.T){
		"by an order": func(t *testing.T) {
			if code, body := orderRebuild(t, folder, `{"do": "cancel"}`); code != http.StatusOK && code != http.StatusNotFound {
				t.Errorf("cancel: %d %s", code, body)
			}
		},
		"by the command": func(t *testing.T) {
			out, told, code := runHere(t, "", "-d", folder, "rebuild", "--cancel")
			if code == exitDone && !bytes.Contains(out, []byte("已停止，再次运行即可继续 stopped")) && !bytes.Contains(out, []byte("rebuilt and served")) {
				t.Errorf("rebuild --cancel says %s", out)
			}
			if code != exitDone && !bytes.Contains(told, []byte("rebuild.not-running")) {
				t.Errorf("rebuild --cancel: %d %s", code, told)
			}
		},
	} {
		t.Run(how, func(t *testing.T) {
			before := served()
			stopped := stoppedUnderWay(t, folder, address, stop)
			if out, told, code := runHere(t, "", "-d", folder, "rebuild", "--status"); code != exitDone || !bytes.Contains(out, []byte("stopped")) {
				t.Errorf("rebuild --status: %d %s%s", code, out, told)
			}
			for range 2 { // nothing runs any more
				if code, body := orderRebuild(t, folder, `{"do": "cancel"}`); code != http.StatusNotFound || !strings.Contains(body, "rebuild.not-running") {
					t.Errorf("cancel once more: %d %s", code, body)
				}
			}
			if before == "" || stopped.Served == "" || stopped.Done == 0 {
				t.Errorf("stopped: %+v", stopped)
			}
			goesOn(t, folder, address, stopped)
		})
	}
	t.Run("by Ctrl-C at the command", func(t *testing.T) {
		for range 20 {
			before := served()
			client := twinledgerProcess(t, "-d", folder, "--json", "rebuild", "--anew")
			var out bytes.Buffer
			client.Stdout = &out
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			soon(t, "it begins", func() (bool, string) {
				r := rebuildOf(t, address)
				return r.Phase == "building" && r.Done > 0 || r.Served != before, fmt.Sprintf("%+v", r)
			})
			if err := client.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			err := client.Wait()
			var told rebuildState
			if jsonErr := json.Unmarshal(out.Bytes(), &told); jsonErr != nil {
				t.Fatalf("%v %v: %s", err, jsonErr, &out)
			}
			if r := rebuildOf(t, address); r.Phase == "stopped" {
				if told.Phase != "stopped" || r.Served != before {
					t.Errorf("the command says %+v, serve %+v, before %s", told, r, before)
				}
				goesOn(t, folder, address, r)
				return
			}
		}
		t.Error("every rebuild ended before Ctrl-C")
	})
	t.Run("by stopping serve", func(t *testing.T) {
		for range 20 {
			if code, body := orderRebuild(t, folder, `{"do": "start", "anew": true}`); code != http.StatusOK {
				t.Fatalf("start: %d %s", code, body)
			}
			under := building(t, address)
			if !under {
				soon(t, "it is served", func() (bool, string) { return rebuildOf(t, address).Phase == "served", "" })
				continue
			}
			was := rebuildOf(t, address)
			stopServe(t, serve)
			address, serve = startServe(all, folder)
			waitReady(t, address)
			if r := rebuildOf(t, address); r.Phase != "none" || r.Served == "" {
				t.Errorf("started again: %+v", r)
			}
			goesOn(t, folder, address, was)
			return
		}
		t.Error("every rebuild ended before serve was stopped")
	})
	stopServe(t, serve)
	checkNothingLeft(t, folder)
}
