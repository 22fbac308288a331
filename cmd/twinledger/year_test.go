package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/projections/registers"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	storyFile  = "testdata/year/story.jsonl"
	reviewFile = "testdata/year/reviews.golden"
	storyOf    = "城关第一小学教育共同体"
)

// A sentence of the story is one command. What it makes has the sentence's name:
// in a later request "@name" is the record that it opened or changed, "@name#"
// the event that it made.
type sentence struct {
	Name    string          `json:"name"`
	Refused string          `json:"refused"` // the code with which it must be refused; "" when it is carried out
	Request json.RawMessage `json:"request"`
}

// An answer is what both ways in say about one command.
type answer struct {
	Stream   string          `json:"stream"`
	Repeated bool            `json:"repeated"`
	Events   []happenedEvent `json:"events"`
	Code     string          `json:"code"` // of a refusal, with its words
	ZH       string          `json:"zh"`
	EN       string          `json:"en"`
}

func readStory(t *testing.T) []sentence {
	t.Helper()
	raw, err := os.ReadFile(storyFile)
	if err != nil {
		t.Fatal(err)
	}
	var story []sentence
	for line := range bytes.Lines(raw) {
		var s sentence
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatalf("line %d: %v", len(story)+1, err)
		}
		story = append(story, s)
	}
	return story
}

var mentioned = regexp.MustCompile(`"@([a-z0-9-]+#?)"`)

// tellStory sends every command of the story in its order and returns what each
// was answered with, and the keys by name.
func tellStory(t *testing.T, story []sentence, send func(request []byte) answer) ([]answer, map[string]string) {
	t.Helper()
	keys := map[string]string{}
	var answers []answer
	for _, s := range story {
		request := mentioned.ReplaceAllFunc(s.Request, func(name []byte) []byte {
			key, known := keys[string(name[2:len(name)-1])]
			if !known {
				t.Fatalf("%s mentions %s before it is told", s.Name, name)
			}
			return []byte(`"` + key + `"`)
		})
		a := send(request)
		if a.Code != s.Refused {
			t.Fatalf("%s: answered with %q (%s), want %q", s.Name, a.Code, a.ZH, s.Refused)
		}
		answers = append(answers, a)
		if a.Code == "" {
			keys[s.Name] = a.Stream
			if len(a.Events) == 0 {
				t.Errorf("%s: nothing happened", s.Name)
				continue
			}
			keys[s.Name+"#"] = a.Events[0].ID
		}
	}
	return answers, keys
}

func parseAnswer(t *testing.T, raw []byte) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return a
}

// runHere runs one command line within this process and returns what it printed.
func runHere(t *testing.T, in string, args ...string) (out, told []byte, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(in), &stdout, &stderr)
	return stdout.Bytes(), stderr.Bytes(), code
}

// byCommandLine sends commands through "twinledger record".
func byCommandLine(t *testing.T, folder string) func([]byte) answer {
	return func(request []byte) answer {
		t.Helper()
		out, told, code := runHere(t, string(request), "-d", folder, "--json", "record", "-")
		switch code {
		case exitDone:
			return parseAnswer(t, out)
		case exitRefused:
			return parseAnswer(t, told)
		}
		t.Fatalf("exit code %d: %s\n%s", code, told, request)
		return answer{}
	}
}

// overHTTP sends commands to a running service, each under its own id.
func overHTTP(t *testing.T, note datafolder.Serving) func([]byte) answer {
	return func(request []byte) answer {
		t.Helper()
		var r struct{ ID string }
		if err := json.Unmarshal(request, &r); err != nil {
			t.Fatal(err)
		}
		code, body := post(t, note, r.ID, string(request))
		a := parseAnswer(t, []byte(body))
		want := http.StatusCreated
		if a.Repeated {
			want = http.StatusOK
		}
		if a.Code == "" && code != want || a.Code != "" && (code < 400 || code > 499) {
			t.Errorf("status %d for %s", code, body)
		}
		return a
	}
}

// TestAYear tells a school year in the life of one community through the command
// line and, to a copy of the same freshly opened ledger, over HTTP: both ways make
// the same events, registers, sheets, boards and reviews. Told once more, nothing
// happens. Both ledgers are one ledger's copies and every command has an id of its
// own, so that all keys and ids are the same too.
func TestAYear(t *testing.T) {
	t.Parallel()
	story := readStory(t)
	told, sent := filepath.Join(t.TempDir(), "told"), filepath.Join(t.TempDir(), "sent")
	mustRun(t, nil, "-d", told, "init", "--district", "邻县")
	copyFolder(t, told, sent)
	want, keys := tellStory(t, story, byCommandLine(t, told))
	sentAt, serve := startServe(t, sent)
	got, _ := tellStory(t, story, overHTTP(t, noteOf(t, sent)))
	for i, s := range story {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("%s (-command line +HTTP):\n%s", s.Name, diff)
		}
	}

	head := journalOf(t, sent)
	again, _ := tellStory(t, story, overHTTP(t, noteOf(t, sent)))
	for i, s := range story {
		first := got[i]
		first.Repeated = s.Refused == ""
		if diff := cmp.Diff(first, again[i]); diff != "" {
			t.Errorf("%s told again (-first +again):\n%s", s.Name, diff)
		}
	}
	if diff := cmp.Diff(head, journalOf(t, sent)); diff != "" {
		t.Errorf("told again, the journal changed:\n%s", diff)
	}

	toldAt, other := startServe(t, told)
	year := twoWays{told, sent, toldAt, sentAt}
	t.Run("command line", func(t *testing.T) { year.printSame(t, keys) })
	t.Run("endpoint", func(t *testing.T) { year.answerSame(t, keys) })
	t.Run("registers", year.listWhatIsServed)
	t.Run("sheets", func(t *testing.T) {
		year.sheetSame(t, "schools", keys["hedong"])
		year.sheetSame(t, "people", keys["li"])
	})
	t.Run("reviews", year.reviewSame)
	stopServe(t, serve)
	stopServe(t, other)
	if diff := cmp.Diff(canonicalDump(t, told), canonicalDump(t, sent)); diff != "" {
		t.Errorf("log and read models (-told +sent):\n%s", diff)
	}
}

// constant returns text with what differs by nature replaced: the instants at
// which something was recorded, as the story was told at two times; the sealed
// boxes, as each sealing draws a nonce; and the running hash, which is over both.
// See [variable]. Nothing else may differ.
func constant(text []byte) string { return string(variable.ReplaceAll(text, []byte(`"$1":"…"`))) }

func journalOf(t *testing.T, folder string) string {
	t.Helper()
	return mustRun(t, nil, "-d", folder, "--json", "journal")
}

// twoWays is the ledger that was told by the command line and the one that was
// sent the same story, each with the address at which it is served.
type twoWays struct{ told, sent, toldAt, sentAt string }

// printSame compares what the command line prints of both ledgers.
func (w twoWays) printSame(t *testing.T, keys map[string]string) {
	commands := [][]string{{"journal"}, {"programme", "list"}, {"schools", "list"}, {"communities", "list"}, {"people", "list"}}
	for _, r := range registers.All {
		commands = append(commands, []string{"list", r.Name})
	}
	for _, name := range []string{"pairings", "exchanges", "schools"} {
		commands = append(commands, []string{"list", name, "--valid-at", "2018-02-01"})
	}
	for _, name := range []string{"hedong", "liulin", "qiaotou", "yixiao", "li", "sun"} {
		commands = append(commands, []string{"sheet", keys[name]})
	}
	for _, command := range commands {
		said := [2]string{}
		for i, folder := range []string{w.told, w.sent} {
			out, stderr, code := runHere(t, "", append([]string{"-d", folder, "--json"}, command...)...)
			if code != exitDone {
				t.Fatalf("%v: %s", command, stderr)
			}
			said[i] = constant(out)
		}
		if diff := cmp.Diff(said[0], said[1]); diff != "" {
			t.Errorf("%v (-told +sent):\n%s", command, diff)
		}
	}
}

// answerSame compares what the endpoint answers of both ledgers: registers page by
// page, sheets, boards, what is owed, and the journal.
func (w twoWays) answerSame(t *testing.T, keys map[string]string) {
	queries := []string{
		"/api/v1/communities", "/api/v1/communities?valid_at=2017-12-01", "/api/v1/communities/" + keys["gj"],
		"/api/v1/communities/" + keys["gj"] + "?valid_at=2018-03-02",
		"/api/v1/filings/calendar?on=2018-07-15", "/api/v1/rectifications/calendar?on=2018-06-20",
		"/api/v1/schools/" + keys["hedong"] + "/sheet", "/api/v1/schools/" + keys["qiaotou"] + "/sheet?valid_at=2018-04-01",
		"/api/v1/people/" + keys["li"] + "/sheet",
	}
	for _, query := range queries {
		said := [2]string{}
		for i, address := range []string{w.toldAt, w.sentAt} {
			code, _, body := get(t, address+query)
			if code != http.StatusOK {
				t.Fatalf("%s: %d %s", query, code, body)
			}
			said[i] = constant(body)
		}
		if diff := cmp.Diff(said[0], said[1]); diff != "" {
			t.Errorf("%s (-told +sent):\n%s", query, diff)
		}
	}
	for _, name := range append(servedRegisters(), "journal") {
		if diff := cmp.Diff(itemsOf(t, w.toldAt, name), itemsOf(t, w.sentAt, name)); diff != "" {
			t.Errorf("%s (-told +sent):\n%s", name, diff)
		}
	}
}

// servedRegisters returns the names of the registers whose lines the endpoint
// serves: all but the communities, of which it serves the boards.
func servedRegisters() []string {
	var names []string
	for _, r := range registers.All {
		if r.Kind != "community" {
			names = append(names, r.Name)
		}
	}
	return names
}

// itemsOf reads a list of the endpoint page by page; asked are filters, each
// followed by &.
func itemsOf(t *testing.T, address, list string, asked ...string) []map[string]any {
	t.Helper()
	var items []map[string]any
	for after := "limit=7"; ; {
		code, _, body := get(t, address+"/api/v1/"+list+"?"+strings.Join(asked, "")+after)
		var page struct {
			Items []map[string]any
			Next  json.RawMessage
		}
		if err := json.Unmarshal([]byte(constant(body)), &page); err != nil || code != http.StatusOK {
			t.Fatalf("%s: %d %v %s", list, code, err, body)
		}
		items = append(items, page.Items...)
		if page.Next == nil {
			return items
		}
		after = "limit=7&after=" + strings.Trim(string(page.Next), `"`)
	}
}

// listWhatIsServed compares, of each register, what the command line lists of the
// ledger that it was told with what the endpoint serves of the other: the same
// lines in the same order, and every field that both have says the same.
func (w twoWays) listWhatIsServed(t *testing.T) {
	for _, name := range append(servedRegisters(), "journal") {
		command := []string{"-d", w.told, "--json", "list", name}
		if name == "journal" {
			command = []string{"-d", w.told, "--json", name}
		}
		out, stderr, code := runHere(t, "", command...)
		if code != exitDone {
			t.Fatalf("%s: %s", name, stderr)
		}
		var listed []map[string]any
		for line := range bytes.Lines(out) {
			entry := map[string]any{}
			if err := json.Unmarshal([]byte(constant(line)), &entry); err != nil {
				t.Fatal(err)
			}
			listed = append(listed, entry)
		}
		served := itemsOf(t, w.sentAt, name)
		if len(listed) != len(served) || len(served) == 0 && name != "held-rows" {
			t.Errorf("%s: %d lines are listed, %d served", name, len(listed), len(served))
			continue
		}
		for i := range listed {
			common := func(from, of map[string]any) map[string]any {
				both := maps.Clone(from)
				maps.DeleteFunc(both, func(field string, _ any) bool { _, too := of[field]; return !too })
				return both
			}
			one, other := common(listed[i], served[i]), common(served[i], listed[i])
			if diff := cmp.Diff(one, other); diff != "" || len(one) < 5 {
				t.Errorf("%s, line %d with %d common fields (-listed +served):\n%s", name, i+1, len(one), diff)
			}
		}
	}
}

// A sheetPart is what both ways say of one register in a sheet.
type sheetPart struct {
	Register                string
	Occurrences, Unnumbered int
	Lines                   []struct{ Record string }
}

// sheetSame compares a sheet as printed of the one ledger and as served of the
// other: the same records under the same registers, with the same sums.
func (w twoWays) sheetSame(t *testing.T, register, key string) {
	out, stderr, code := runHere(t, "", "-d", w.told, "--json", "sheet", key)
	var printed struct{ Parts []sheetPart }
	if err := json.Unmarshal(out, &printed); err != nil || code != exitDone || len(printed.Parts) == 0 {
		t.Fatalf("sheet %s: %v %s", key, err, stderr)
	}
	status, _, body := get(t, w.sentAt+"/api/v1/"+register+"/"+key+"/sheet")
	var served struct{ Parts map[string]sheetPart }
	if err := json.Unmarshal(body, &served); err != nil || status != http.StatusOK {
		t.Fatalf("sheet %s: %d %v %s", key, status, err, body)
	}
	byRegister := map[string]sheetPart{}
	for _, part := range printed.Parts {
		name := part.Register
		part.Register = ""
		byRegister[name] = part
	}
	if diff := cmp.Diff(byRegister, served.Parts); diff != "" {
		t.Errorf("sheet of %s (-printed +served):\n%s", key, diff)
	}
}

// reviewSame compares the bytes of the reviews of both terms, as printed of the
// one ledger and as served of the other, and their text with the golden file.
func (w twoWays) reviewSame(t *testing.T) {
	var text strings.Builder
	for _, term := range []string{"2017-2018/1", "2017-2018/2"} {
		printed, stderr, code := runHere(t, "", "-d", w.told, "review", storyOf, term, "--judged-on", "2020-01-01", "--format", "json")
		if code != exitDone {
			t.Fatalf("%s: %s", term, stderr)
		}
		status, _, served := get(t, w.sentAt+"/api/v1/reviews?community="+url.QueryEscape(storyOf)+"&judged_on=2020-01-01&term="+term)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", term, status, served)
		}
		if diff := cmp.Diff(constant(printed), constant(served)); diff != "" {
			t.Errorf("%s (-printed +served):\n%s", term, diff)
		}
		words, stderr, code := runHere(t, "", "-d", w.told, "review", storyOf, term, "--judged-on", "2020-01-01")
		if code != exitDone {
			t.Fatalf("%s: %s", term, stderr)
		}
		// The instant of the newest record and the hash over the review, which
		// holds such instants.
		text.WriteString(instantOrHash.ReplaceAllString(string(words), "…"))
	}
	golden(t, reviewFile, text.String())
}

var instantOrHash = regexp.MustCompile(`[0-9-]{10}T[0-9:.]{12}Z|[0-9-]{10} [0-9:]{8} \+08:00|[0-9a-f]{64}`)

// golden compares text with a golden file, or writes it anew.
func golden(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestTheYearHasAllKinds holds the story to what it is for: it has a record of
// every kind, and a correction and a voiding of records and of steps.
func TestTheYearHasAllKinds(t *testing.T) {
	t.Parallel()
	kinds, said := map[string]bool{}, map[string]int{}
	for _, s := range readStory(t) {
		var r struct {
			Command string
			Data    struct{ Target, Corrects string }
		}
		if err := json.Unmarshal(s.Request, &r); err != nil {
			t.Fatal(err)
		}
		kind, order, _ := strings.Cut(r.Command, ".")
		kinds[kind] = true
		if s.Refused != "" {
			order = "refused"
		}
		said[fmt.Sprint(order, " step ", r.Data.Target != "" || r.Data.Corrects != "")]++
	}
	for _, r := range registers.All {
		if !kinds[r.Kind] && r.Kind != "row" {
			t.Errorf("the year has no %s", r.Kind)
		}
	}
	for _, wanted := range []string{"refused step false", "correct step false", "void step false", "void step true", "critique step true"} {
		if said[wanted] == 0 {
			t.Errorf("the year has no %q; it has %v", wanted, slices.Sorted(maps.Keys(said)))
		}
	}
}
