package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

// TestWholeLife takes a record of every kind of the catalogue through its whole
// life in public: reported, found, corrected, exported, reviewed and voided; and
// every step that its kind may take, each corrected and voided too. A new kind is
// among them by itself.
func TestWholeLife(t *testing.T) {
	t.Parallel()
	w := newParish(t)
	var all []registers.Register
	for _, kind := range slices.Sorted(maps.Keys(domain.Workflows())) {
		register, listed := registers.Of(kind)
		if !listed {
			t.Errorf("%s has no register", kind)
			continue
		}
		all = append(all, register)
	}
	for _, register := range all { // while the ledger is short: opening it reads it whole
		t.Run(register.Kind, func(t *testing.T) { w.live(t, register) })
	}
	for _, register := range all {
		t.Run(register.Kind+" steps", func(t *testing.T) { w.takeAllSteps(t, register) })
	}
}

// A parish is a served ledger with what the examples of help name.
type parish struct {
	folder, address string
	note            datafolder.Serving
	district        string
	schools         [3]string
	sent            int
}

func newParish(t *testing.T) *parish {
	t.Helper()
	w := &parish{folder: filepath.Join(t.TempDir(), "county")}
	mustRun(t, nil, "-d", w.folder, "init", "--district", "样例县", "--assume", "2017-2018")
	address, serve := startServe(t, w.folder)
	t.Cleanup(func() { stopServe(t, serve) })
	w.address, w.note = address, noteOf(t, w.folder)
	w.district = itemsOf(t, address, "journal", "type=district.registered&")[0]["stream"].(string) //nolint:forcetypeassert // of the endpoint's own form
	for i, name := range []string{"第一小学", "第二小学", "第三小学"} {
		w.schools[i] = w.must(t, "school.note", "", "unknown", map[string]string{"district": w.district, "name": name}).Stream
	}
	return w
}

// A done is what a command was answered with, and what a query must say to see it.
type done struct {
	answer
	Token string
}

// send sends a command under an id of its own.
func (w *parish) send(t *testing.T, name, stream string, occurred calendar.Occurred, data any) done {
	t.Helper()
	w.sent++
	id := event.UUIDv5("whole life", fmt.Sprint(w.sent)).String()
	request, err := event.Marshal(map[string]any{"id": id, "command": name, "stream": stream, "occurred": occurred, "data": data})
	if err != nil {
		t.Fatal(err)
	}
	_, body := post(t, w.note, id, string(request))
	var d done
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		t.Fatalf("%s: %v: %s", name, err, body)
	}
	return d
}

func (w *parish) must(t *testing.T, name, stream string, occurred calendar.Occurred, data any) done {
	t.Helper()
	d := w.send(t, name, stream, occurred, data)
	if d.Code != "" || len(d.Events) == 0 {
		t.Fatalf("%s: refused with %s (%s)", name, d.Code, d.EN)
	}
	return d
}

// follow waits until every read model knows what was done.
func (w *parish) follow(t *testing.T, d done) {
	t.Helper()
	if code, _, body := get(t, w.address+"/api/v1/status?min_position="+d.Token); code != http.StatusOK {
		t.Fatalf("the read models do not follow: %d %s", code, body)
	}
}

// A cast is whom the examples speak of in one record: people of its own, as
// nobody is in two places, and a community.
type cast struct{ community, person, mentee string }

func (w *parish) newCast(t *testing.T, community string) cast {
	t.Helper()
	person := func(name string) string {
		facts := map[string]any{"district": w.district, "school": w.schools[0], "name": map[string]string{"clear": fmt.Sprint(name, w.sent)}}
		return w.must(t, "person.note", "", "unknown", facts).Stream
	}
	return cast{community, person("欧阳明"), person("司马华")}
}

func (w *parish) newCommunity(t *testing.T) string {
	t.Helper()
	return w.must(t, "community.note", "", "unknown", map[string]string{"district": w.district, "name": fmt.Sprint("共同体", w.sent)}).Stream
}

// example returns the example body of a command, spoken of the cast, with 级别 as
// given.
func (w *parish) example(t *testing.T, command string, c cast, level string) json.RawMessage {
	t.Helper()
	body, err := event.Marshal(domain.Commands()[command].Example())
	if err != nil {
		t.Fatal(err)
	}
	return json.RawMessage(strings.NewReplacer(
		record.ExampleDistrict, w.district, record.ExampleCommunity, c.community, record.ExampleCore, w.schools[0], record.ExampleMember, w.schools[1],
		record.ExampleThird, w.schools[2], record.ExamplePerson, c.person, record.ExampleMentee, c.mentee, `"level":"县级"`, `"level":"`+level+`"`,
	).Replace(string(body)))
}

const (
	reportedOn calendar.Occurred = "day:2018-03-06" // within the second term
	ourTerm    string            = "2017-2018/2"
)

// live takes one reported record through its life.
func (w *parish) live(t *testing.T, register registers.Register) {
	kind := register.Kind
	c := w.newCast(t, w.newCommunity(t))
	if kind != "pairing" { // a review is of a community that has a pairing
		w.must(t, "pairing.report", "", "day:2018-03-01", w.example(t, "pairing.report", c, "县级"))
	}
	report := w.example(t, kind+".report", c, "县级")
	reported := w.must(t, kind+".report", "", reportedOn, report)
	key := reported.Stream
	w.follow(t, reported)
	w.find(t, register, key, c, report)

	w.follow(t, w.must(t, kind+".correct", key, reportedOn, w.example(t, kind+".correct", c, "市级")))
	if line := w.listed(t, register, key, "--mark", "corrected"); !strings.Contains(line, "市级") {
		t.Errorf("corrected, it is listed as %q", line)
	}
	if events := itemsOf(t, w.address, "journal", "stream="+key+"&type="+kind+".corrected&"); len(events) != 1 {
		t.Errorf("the journal has %d corrections", len(events))
	}
	if row := w.exported(t, register, key); !slices.Contains(row, "市级") {
		t.Errorf("corrected, it is exported as %q", row)
	}
	if parts := w.reviewed(t, c.community, key); len(parts) == 0 {
		t.Error("the review does not know it")
	}

	w.follow(t, w.must(t, kind+".void", key, reportedOn, map[string]any{"target": "", "reason": record.ExampleReason}))
	if w.listed(t, register, key, "--mark", "void") == "" {
		t.Error("void, it is not listed as such")
	}
	if !w.serves(t, register, key, "mark=void&") || w.serves(t, register, key, "mark=standing&") {
		t.Error("void, it is not served as such")
	}
	if w.exported(t, register, key) != nil || w.exported(t, register, key, "--with-void") == nil {
		t.Error("void, it is exported, or not even with those that are void")
	}
	for _, part := range w.reviewed(t, c.community, key) {
		if part != "corrections" {
			t.Errorf("void, the review still has it among its %s", part)
		}
	}
}

// find looks for a record in its register: by itself, by school, by person and by
// kind, on the command line and over HTTP.
func (w *parish) find(t *testing.T, register registers.Register, key string, c cast, report json.RawMessage) {
	t.Helper()
	var said struct{ Kinds []string }
	if err := json.Unmarshal(report, &said); err != nil || len(said.Kinds) == 0 {
		t.Fatalf("%v: %s", err, report)
	}
	asked := map[string]string{"community": c.community, "kind": said.Kinds[0]}
	for _, school := range w.schools {
		if strings.Contains(string(report), school) {
			asked["school"] = school
		}
	}
	if strings.Contains(string(report), c.person) {
		asked["person"] = c.person
	}
	flags := []string{"--mark", records.MarkReported}
	for by, wanted := range asked {
		flags = append(flags, "--"+by, wanted)
		if !w.serves(t, register, key, by+"="+wanted+"&") {
			t.Errorf("the endpoint does not find it by %s", by)
		}
	}
	if w.listed(t, register, key, flags...) == "" {
		t.Errorf("list does not find it by %v", flags)
	}
}

// listed returns the line of a record as the command line lists it, "" when it
// does not.
func (w *parish) listed(t *testing.T, register registers.Register, key string, asked ...string) string {
	t.Helper()
	out, told, code := runHere(t, "", append([]string{"-d", w.folder, "--json", "list", register.Name}, asked...)...)
	if code != exitDone {
		t.Fatalf("list %v: %s", asked, told)
	}
	for line := range bytes.Lines(out) {
		if bytes.Contains(line, []byte(`"record":"`+key+`"`)) {
			return string(line)
		}
	}
	return ""
}

// serves tells whether the endpoint lists a record.
func (w *parish) serves(t *testing.T, register registers.Register, key, asked string) bool {
	t.Helper()
	return slices.ContainsFunc(itemsOf(t, w.address, register.Name, asked), func(item map[string]any) bool { return item["record"] == key })
}

// exported returns a record's row in the table that its register is exported as,
// nil when it has none.
func (w *parish) exported(t *testing.T, register registers.Register, key string, flags ...string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), register.Name+".csv")
	if _, told, code := runHere(t, "", append([]string{"-d", w.folder, "export", file, "--register", register.Name}, flags...)...); code != exitDone {
		t.Fatalf("export: %s", told)
	}
	for _, row := range tableIn(t, file) {
		if slices.Contains(row, key) {
			return row
		}
	}
	return nil
}

// reviewed returns the parts of the community's review that count or list a record.
func (w *parish) reviewed(t *testing.T, community, key string) []string {
	t.Helper()
	out, told, code := runHere(t, "", "-d", w.folder, "review", community, ourTerm, "--programme", "county-1plusn", "--format", "json")
	if code != exitDone {
		t.Fatalf("review: %s", told)
	}
	parts := map[string]any{}
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&parts); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(parts, func(_ string, part any) bool { return !counts(part, key) })
	return slices.Sorted(maps.Keys(parts))
}

// counts tells whether a part of a review names a record, but for the lists of
// what was looked at and not counted.
func counts(part any, key string) bool {
	switch p := part.(type) {
	case string:
		return p == key
	case []any:
		return slices.ContainsFunc(p, func(one any) bool { return counts(one, key) })
	case map[string]any:
		for field, value := range p {
			if field != "not_counted" && counts(value, key) {
				return true
			}
		}
	}
	return false
}

// beforehand are the steps that must stand before one may be taken although its
// stage would allow it: what is reviewed or renewed is an agreement, the chair
// passes to a member, and so on.
var beforehand = map[string][]string{
	"pairing.reviewed": {"signed"}, "pairing.renewed": {"signed"}, "pairing.chair_rotated": {"joined"},
	"pairing.person_eliminated": {"person_admitted"}, "pairing.person_assessed": {"person_admitted"},
}

// takeAllSteps takes every step that a kind may take, each in a record of its own
// that was led there, and corrects and voids it.
func (w *parish) takeAllSteps(t *testing.T, register registers.Register) {
	workflow, openings := domain.Workflows()[register.Kind], w.openings(t, register.Kind)
	community := w.newCommunity(t)
	for _, rule := range workflow.Rules {
		opening, path := pathTo(workflow, openings, rule)
		if opening == "" {
			t.Errorf("no opening leads to %s", rule.Verb)
			continue
		}
		c := w.newCast(t, community)
		day := calendar.Day("2018-03-06")
		key := w.must(t, opening, "", calendar.OnDay(day), w.example(t, opening, c, "县级")).Stream
		for _, verb := range append(path, beforehand[register.Kind+"."+rule.Verb]...) {
			day = day.Add(1)
			w.must(t, orderOf(workflow, verb), key, calendar.OnDay(day), w.step(t, orderOf(workflow, verb), c))
		}
		w.takeChangeAndVoid(t, register, rule, key, calendar.OnDay(day.Add(1)), c)
	}
}

func (w *parish) takeChangeAndVoid(t *testing.T, register registers.Register, rule record.Rule, key string, on calendar.Occurred, c cast) {
	t.Helper()
	order := orderOf(domain.Workflows()[register.Kind], rule.Verb)
	data := w.step(t, order, c)
	taken := w.must(t, order, key, on, data)
	if taken.Events[0].Type != register.Kind+"."+rule.Verb {
		t.Errorf("%s made a %s", order, taken.Events[0].Type)
	}
	stood := w.steps(t, register, key, taken.Token)
	if n := len(stood); n == 0 || stood[n-1] != rule.Verb {
		t.Errorf("a record that took %s says that it took %v", rule.Verb, stood)
		return
	}
	if rule.Command != "" { // joining and leaving are voided and said anew
		data["corrects"], data["reason"] = taken.Events[0].ID, record.ExampleReason
		corrected := w.must(t, order, key, on, data)
		if diff := cmp.Diff(stood, w.steps(t, register, key, corrected.Token)); diff != "" {
			t.Errorf("%s corrected (-before +after):\n%s", rule.Verb, diff)
		}
	}
	void := w.must(t, register.Kind+".void", key, on, map[string]any{"target": taken.Events[0].ID, "reason": record.ExampleReason})
	if diff := cmp.Diff(stood[:len(stood)-1], w.steps(t, register, key, void.Token)); diff != "" {
		t.Errorf("%s void (-want +got):\n%s", rule.Verb, diff)
	}
}

// steps returns the verbs of the steps that stand in a record, as served.
func (w *parish) steps(t *testing.T, register registers.Register, key, token string) []string {
	t.Helper()
	code, _, body := get(t, w.address+"/api/v1/"+register.Name+"/"+key+"?min_position="+token)
	var single struct {
		Item struct{ Steps []struct{ Verb string } }
	}
	if err := json.Unmarshal(body, &single); err != nil || code != http.StatusOK {
		t.Fatalf("%d %v %s", code, err, body)
	}
	return each(single.Item.Steps, func(s struct{ Verb string }) string { return s.Verb })
}

// step returns the example of a step. A command that also opens records is, as a
// step, told by its day alone; a renewal reaches beyond what it renews.
func (w *parish) step(t *testing.T, order string, c cast) map[string]any {
	t.Helper()
	data := map[string]any{}
	if domain.Commands()[order].Opens() {
		return data
	}
	if err := json.Unmarshal(w.example(t, order, c, "县级"), &data); err != nil {
		t.Fatal(err)
	}
	if order == "pairing.renew" {
		data["until"] = "day:2020-08-31"
	}
	return data
}

// openings returns the stage to which every command that opens records of a kind
// leads, by that command.
func (w *parish) openings(t *testing.T, kind string) map[string]record.Stage {
	t.Helper()
	stages := map[string]record.Stage{}
	community := w.newCommunity(t)
	for name, d := range domain.Commands() {
		if d.Kind == kind && d.Opens() && !d.Internal {
			opened := w.must(t, name, "", "day:2018-03-06", w.example(t, name, w.newCast(t, community), "县级"))
			_, verb, _ := strings.Cut(opened.Events[0].Type, ".")
			stages[name] = record.Stage(verb)
		}
	}
	return stages
}

// orderOf returns the command of a verb. Joining and leaving are older than the
// engine and have rules without an order.
func orderOf(workflow record.Workflow, verb string) string {
	rule, _ := workflow.Rule(verb)
	if rule.Command == "" {
		return workflow.Kind + "." + map[string]string{"joined": "join", "left": "leave"}[verb]
	}
	return workflow.Kind + "." + rule.Command
}

// pathTo returns an opening and the fewest steps after which a rule's step may be
// taken; no opening when there is none.
func pathTo(workflow record.Workflow, openings map[string]record.Stage, wanted record.Rule) (opening string, path []string) {
	type reached struct {
		opening string
		path    []string
		stage   record.Stage
	}
	var ahead []reached
	for _, name := range slices.Sorted(maps.Keys(openings)) {
		ahead = append(ahead, reached{name, nil, openings[name]})
	}
	seen := map[record.Stage]bool{}
	for len(ahead) > 0 {
		at := ahead[0]
		ahead = ahead[1:]
		if slices.Contains(wanted.From, at.stage) {
			return at.opening, at.path
		}
		if seen[at.stage] {
			continue
		}
		seen[at.stage] = true
		for _, rule := range workflow.Rules {
			if rule.To != "" && slices.Contains(rule.From, at.stage) {
				ahead = append(ahead, reached{at.opening, append(slices.Clone(at.path), rule.Verb), rule.To})
			}
		}
	}
	return "", nil
}
