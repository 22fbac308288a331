package domain_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/exchange"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal/sealtest"
)

// The walk sends random commands of every kind, made of the examples that help
// shows, and looks at what is stored after each. Each world is a ledger of its
// own, so that a failure names the seed that leads to it.
const (
	worlds  = 50
	perWalk = 2020 // commands of one world; 101,000 in all
	longest = 16   // events of a stream that is addressed again
)

func TestNoWalkLeadsToAnIllegalState(t *testing.T) {
	wares := examples(t)
	for seed := range worlds {
		t.Run(fmt.Sprintf("world %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, uint64(seed), wares)
			for range perWalk {
				w.step(t)
			}
			w.look(t)
		})
	}
}

// A ware is a command that a person may send, with the example of its body.
type ware struct {
	def  command.Definition
	body any // as JSON decodes it
}

func examples(t *testing.T) []ware {
	t.Helper()
	var out []ware
	for _, def := range domain.Commands() {
		if def.Internal {
			continue
		}
		raw, err := event.Marshal(def.Example())
		if err != nil {
			t.Fatal(err)
		}
		w := ware{def: def}
		if err := json.Unmarshal(raw, &w.body); err != nil {
			t.Fatal(err)
		}
		out = append(out, w)
		if def.Name == "exchange.start" { // the step after an approval
			out = append(out, ware{def, map[string]any{"office": "县教育局"}})
		}
		if def.Kind == "exchange" { // walked more often: its commands keep a second stream
			out = append(out, w, w)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].def.Name < out[j].def.Name })
	return out
}

// A world is one ledger under a random walk.
type world struct {
	*command.Handler
	rand  *rand.Rand
	log   *memlog.Log
	clock *commandtest.Clock
	wares []ware
	ways  map[string]record.Workflow
	sent  int
	// of the command that is being made: whether things are left out of it, and
	// after which day of March it takes place
	spoiling bool
	from     int
	keys     map[string][]string // real keys by the kind of stream, for what examples name
	streams  map[string][]string // what may be addressed, by kind
	known    map[string]*known
	posts    map[string]posting
}

// known is what the walk has seen of a stream.
type known struct {
	ids      []string
	progress record.Progress
	void     bool
}

var errCut = errors.New("connection lost")

// A brittleLog loses the connection before it stores anything in an exchange.
type brittleLog struct{ *memlog.Log }

func (l brittleLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	if records[0].Envelope.Kind() == "exchange" {
		return event.Appended{}, errCut
	}
	return l.Log.Append(ctx, stream, expected, records...)
}

func newWorld(t *testing.T, seed uint64, wares []ware) *world {
	log, clock := memlog.New(), commandtest.ClockAt("2018-07-03T08:00:00.000Z")
	w := &world{rand: rand.New(rand.NewPCG(seed, 3)), log: log, clock: clock, wares: wares, ways: domain.Workflows(),
		keys: map[string][]string{}, streams: map[string][]string{}, known: map[string]*known{}, posts: map[string]posting{}}
	w.Handler = &command.Handler{Ledger: "k3m7q2xw5a", Log: log, Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: clock, Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": record.ExamplePerson}}
	w.settle(t, "district.register", `{"name":"走查县"}`)
	district := w.keys["district"][0]
	for _, name := range []string{"走查一校", "走查二校", "走查三校", "走查四校"} {
		w.settle(t, "school.note", `{"district":"`+district+`","name":"`+name+`"}`)
	}
	for _, name := range []string{"走查一体", "走查二体"} {
		w.settle(t, "community.note", `{"district":"`+district+`","name":"`+name+`"}`)
	}
	for _, name := range []string{"赵某", "钱某", "孙某"} {
		w.settle(t, "person.note", `{"district":"`+district+`","school":"`+w.keys["school"][0]+`","name":"`+name+`"}`)
	}
	return w
}

// settle notes what the walk's records name. It is never addressed itself, so
// that it stands to the end.
func (w *world) settle(t *testing.T, name, body string) {
	t.Helper()
	req, err := command.ParseRequest([]byte(`{"command":"`+name+`","data":`+body+`}`), w.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	w.sent++
	req.ID = commandtest.ID(w.sent)
	done, err := w.Handle(t.Context(), req)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	kind := event.StreamKind(done.Stream)
	w.keys[kind] = append(w.keys[kind], done.Stream)
}

// pick returns a random command and what it is put to. Every third is a step that
// the stage of a record allows: chance alone seldom comes far.
func (w *world) pick() (ware, string) {
	of := w.streams[w.wares[w.rand.IntN(len(w.wares))].def.Kind]
	if len(of) > 0 && w.rand.IntN(3) == 0 {
		stream := of[max(0, len(of)-1-w.rand.IntN(6))]
		kind := event.StreamKind(stream)
		rules := slices.DeleteFunc(slices.Clone(w.ways[kind].Rules), func(r record.Rule) bool {
			return !slices.Contains(r.From, w.known[stream].progress.Stage) || r.To == "" && w.rand.IntN(4) > 0
		})
		if len(rules) > 0 {
			name := kind + "." + rules[w.rand.IntN(len(rules))].Command
			fit := slices.DeleteFunc(slices.Clone(w.wares), func(x ware) bool { return x.def.Name != name })
			if len(fit) > 0 {
				return fit[w.rand.IntN(len(fit))], stream
			}
		}
	}
	x := w.wares[w.rand.IntN(len(w.wares))]
	if strings.HasSuffix(x.def.Name, ".void") && w.rand.IntN(4) > 0 {
		x = w.wares[w.rand.IntN(len(w.wares))] // else little grows old
	}
	return x, w.addressed(x.def)
}

// step sends one random command and looks at what became of it.
func (w *world) step(t *testing.T) {
	ware, stream := w.pick()
	w.sent++
	file := map[string]any{"id": commandtest.ID(w.sent), "command": ware.def.Name}
	if stream != "" {
		file["stream"] = stream
	}
	w.spoiling, w.from = w.rand.IntN(6) == 0, 3*len(w.idsOf(file["stream"]))
	file["occurred"] = w.when()
	file["data"] = w.altered("", ware.body, file["stream"])
	raw, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	req, err := command.ParseRequest(raw, w.Definitions)
	if err != nil {
		w.mustBeFault(t, raw, err)
		return
	}
	if ware.def.Kind == "exchange" && w.rand.IntN(30) == 0 {
		w.cutOff(t, req)
		return
	}
	done, err := w.Handle(t.Context(), req)
	if err != nil {
		w.mustBeFault(t, raw, err)
		return
	}
	if len(done.Events) > 0 {
		w.check(t, raw, done)
	}
	if w.rand.IntN(20) == 0 {
		if again, err := w.Handle(t.Context(), req); len(done.Events) > 0 && (err != nil || !again.Repeated) {
			t.Fatalf("sent again: %+v, %v\n%s", again, err, raw)
		}
	}
}

// cutOff carries out a command whose process loses the connection; what it left
// is old by the time of the next one.
func (w *world) cutOff(t *testing.T, req command.Request) {
	t.Helper()
	lost := *w.Handler
	lost.Log, lost.Patience = brittleLog{w.log}, time.Millisecond
	if done, err := lost.Handle(t.Context(), req); err == nil && len(done.Events) > 0 {
		t.Fatalf("stored without a connection: %+v", done)
	}
	w.clock.Move(time.Minute)
}

func (w *world) mustBeFault(t *testing.T, raw []byte, err error) {
	t.Helper()
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Refused:
	default:
		t.Fatalf("not refused but failed with %v\n%s", err, raw)
	}
}

// addressed returns a stream for a command: of its kind for the most part, a
// recent one, so that histories grow long.
func (w *world) addressed(def command.Definition) string {
	if def.Opens() && !(def.Name == "exchange.start" && w.rand.IntN(2) == 0) {
		return ""
	}
	of := w.streams[def.Kind]
	if len(of) == 0 || w.rand.IntN(100) == 0 {
		return def.Kind + "-" + commandtest.ID(w.rand.IntN(1000)+900000)
	}
	stream := of[max(0, len(of)-1-w.rand.IntN(6))]
	if seen := w.known[stream]; len(seen.ids) > longest || seen.void && w.rand.IntN(8) > 0 {
		w.streams[def.Kind] = slices.DeleteFunc(of, func(s string) bool { return s == stream })
	}
	return stream
}

func (w *world) when() string {
	if w.rand.IntN(8) == 0 {
		return []string{"unknown", "month:2018-03", "term:2017-2018/2", "span:2018-03-02/2018-03-04", "days:2018-03-02,2018-03-09", "months:2018-03/2018-06"}[w.rand.IntN(6)]
	}
	return "day:" + string(w.day())
}

// day returns a day that for the most part lies behind those of the steps before.
func (w *world) day() calendar.Day {
	if w.rand.IntN(8) == 0 {
		return calendar.Day("2018-03-01").Add(w.rand.IntN(40))
	}
	return calendar.Day("2018-03-01").Add(w.from + w.rand.IntN(8))
}

// altered returns a copy of an example's JSON with the walk's own keys, days and
// events in it, and now and then something missing or wrong.
func (w *world) altered(field string, value, stream any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v)+2)
		for _, name := range slices.Sorted(mapKeys(v)) {
			if !w.spoiling || w.rand.IntN(10) != 0 {
				out[name] = w.altered(name, v[name], stream)
			}
		}
		if ids := w.idsOf(stream); field == "" && len(ids) > 0 && w.rand.IntN(6) == 0 {
			out["corrects"], out["reason"] = ids[w.rand.IntN(len(ids))], map[string]any{"clear": "日期写错"}
		}
		if _, posting := v["full_time"]; posting && w.rand.IntN(3) == 0 {
			out["full_time"] = []string{"", "", "", "no", "unknown", "maybe"}[w.rand.IntN(6)]
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = w.altered(field, v[i], stream)
		}
		return out
	case string:
		return w.word(field, v, stream)
	}
	return value
}

func mapKeys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (w *world) idsOf(stream any) []string {
	key, _ := stream.(string)
	if seen := w.known[key]; seen != nil {
		return seen.ids
	}
	return nil
}

func (w *world) word(field, v string, stream any) string {
	kind := event.StreamKind(v)
	ids := w.idsOf(stream)
	switch {
	case strings.Contains(v, "-00000000-") && len(w.keys[kind]) > 0:
		return w.keys[kind][w.rand.IntN(len(w.keys[kind]))]
	case field == "target" && len(ids) > 1 && w.rand.IntN(8) > 0:
		return ids[1+w.rand.IntN(len(ids)-1)]
	case v == "support_teaching" && w.rand.IntN(4) == 0:
		return []string{"itinerant_teaching", "swap", "rotation", "visit"}[w.rand.IntN(4)]
	case field == "name" && w.rand.IntN(2) == 0:
		return fmt.Sprint(v, w.rand.IntN(40))
	case field == "end" && w.rand.IntN(3) == 0:
		return []string{"unknown", "month:2018-04"}[w.rand.IntN(2)]
	case field == "end":
		return "day:" + string(w.day().Add(w.rand.IntN(20)))
	case strings.HasPrefix(v, "day:"):
		return "day:" + string(w.day())
	}
	return v
}

// check looks at the stream that a command changed.
func (w *world) check(t *testing.T, raw []byte, done command.Outcome) {
	t.Helper()
	kind := event.StreamKind(done.Stream)
	seen := w.known[done.Stream]
	if seen == nil {
		seen = &known{}
		w.known[done.Stream] = seen
		if !slices.Contains(w.keys[kind], done.Stream) {
			w.streams[kind] = append(w.streams[kind], done.Stream)
		}
	}
	history, err := w.Load(t.Context(), done.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if seen.void && !done.Repeated && !standsAgain(history, len(seen.ids)) {
		t.Fatalf("a void stream changed\n%s", raw)
	}
	workflow, steps := w.ways[kind]
	var fresh record.Progress
	for i, e := range history {
		fresh = workflow.Fold(fresh, e)
		if i >= len(seen.ids) {
			seen.progress = workflow.Fold(seen.progress, e)
			seen.ids = append(seen.ids, e.ID)
		}
		if seen.ids[i] != e.ID {
			t.Fatalf("event %d of %s is another than before", i, done.Stream)
		}
	}
	if last := done.Events[len(done.Events)-1]; history[len(history)-1].ID != last.ID {
		t.Fatalf("the stored history does not end with what was answered\n%s", raw)
	}
	seen.void = voided(history)
	if !steps {
		return
	}
	if !reflect.DeepEqual(fresh, seen.progress) {
		t.Fatalf("the state followed is not that of the stored history\nfollowed %+v\nstored   %+v\n%s", seen.progress, fresh, raw)
	}
	course, wrong := told(history, workflow)
	if wrong == "" {
		wrong = legalBy(workflow, history, course)
	}
	if wrong == "" && kind == "exchange" {
		wrong = w.checkPosting(done.Stream, history, course)
	}
	if wrong != "" {
		t.Fatalf("%s: %s\n%s", done.Stream, wrong, raw)
	}
}

// look goes over everything stored at the end: nothing of it is unreadable, and
// no void stream went on.
func (w *world) look(t *testing.T) {
	for key, seen := range w.known {
		history, err := w.Load(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if seen.void && len(history) != len(seen.ids) {
			t.Errorf("%s is void and went on", key)
		}
	}
	if len(w.posts) == 0 || len(w.streams) < 10 {
		t.Errorf("the walk came to %d postings and %d kinds of streams; it shows nothing", len(w.posts), len(w.streams))
	}
}

// standsAgain tells whether the n-th event of a history voids the one before it, by which
// the stream was void.
func standsAgain(history []event.Event, n int) bool {
	v, is := history[n].Fact.(record.Voiding)
	if !is {
		return false
	}
	target, _ := v.Voids()
	return target == history[n-1].ID
}

func voided(history []event.Event) bool {
	voiding := ""
	for _, e := range history {
		if v, is := e.Fact.(record.Voiding); is {
			switch target, _ := v.Voids(); target {
			case history[0].ID:
				voiding = e.ID
			case voiding:
				voiding = ""
			}
		}
	}
	return voiding != ""
}

// A taken step stands in a stream, as this test reads it.
type taken struct {
	id, latest, verb string
	occurred         calendar.Occurred
}

// told returns the steps that stand, read without the engine.
func told(history []event.Event, workflow record.Workflow) (course []taken, wrong string) {
	ruled := map[string]bool{}
	for _, r := range workflow.Rules {
		ruled[r.Verb] = true
	}
	find := func(id string) int {
		return slices.IndexFunc(course, func(t taken) bool { return t.id == id || t.latest == id })
	}
	for i, e := range history[1:] {
		_, verb, _ := strings.Cut(e.Type, ".")
		if v, is := e.Fact.(record.Voiding); is {
			target, _ := v.Voids()
			if at := find(target); at >= 0 {
				course = slices.Delete(slices.Clone(course), at, at+1)
			}
			continue
		}
		stepping, is := e.Fact.(record.StepEvent)
		if !is || !ruled[verb] {
			continue
		}
		step := taken{id: e.ID, verb: verb, occurred: e.Occurred}
		if corrects := stepping.StepBody().Corrects; corrects != "" {
			at := find(corrects)
			if at < 0 || course[at].verb != verb {
				return nil, fmt.Sprintf("event %d corrects nothing that stands", i+1)
			}
			step.id, step.latest = course[at].id, e.ID
			course[at] = step
			continue
		}
		course = append(course, step)
	}
	return course, ""
}

// legalBy tells what is wrong with the order of steps by the kind's own rules.
func legalBy(workflow record.Workflow, history []event.Event, course []taken) string {
	_, founded, _ := strings.Cut(history[0].Type, ".")
	stage, count := record.Stage(founded), map[string]int{}
	if voided(history) {
		return ""
	}
	for _, step := range course {
		rule, _ := workflow.Rule(step.verb)
		count[step.verb]++
		if !slices.Contains(rule.From, stage) || rule.Once && count[step.verb] > 1 {
			return fmt.Sprintf("%s was taken when it was %s", step.verb, stage)
		}
		if rule.To != "" {
			stage = rule.To
		}
	}
	return ""
}

// exchangeTable says, apart from the program, which step leads where.
var exchangeTable = map[string]map[string]string{
	"applied":     {"recommended": "recommended", "approved": "approved", "refused": "refused", "withdrawn": "withdrawn"},
	"recommended": {"approved": "approved", "refused": "refused", "withdrawn": "withdrawn"},
	"approved":    {"started": "started", "cancelled": "cancelled"},
	"started":     {"interrupted": "interrupted", "completed": "completed"},
	"interrupted": {"resumed": "started", "completed": "completed"},
	"completed":   {"assessed": "completed"},
	"reported":    {"assessed": "reported"},
}

// A posting is whose full time an exchange certainly takes, and on which days.
type posting struct {
	people []string
	days   map[calendar.Day]bool
}

// checkPosting holds an exchange against the table and against everybody else's
// postings.
func (w *world) checkPosting(key string, history []event.Event, course []taken) string {
	_, stage, _ := strings.Cut(history[0].Type, ".")
	founded := stage
	for _, step := range course {
		next, legal := exchangeTable[stage][step.verb]
		if !legal && !voided(history) {
			return fmt.Sprintf("%s was taken when it was %s", step.verb, stage)
		}
		stage = next
	}
	phase := string(exchange.Decider.Fold(history).Phase)
	if voided(history) {
		stage = "void"
	}
	if phase != stage {
		return fmt.Sprintf("it is %s and should be %s", phase, stage)
	}
	w.posts[key] = posting{}
	if founded == "reported" || stage != "started" && stage != "interrupted" && stage != "completed" {
		return ""
	}
	facts := factsOf(history)
	if !takesAll(facts) {
		return ""
	}
	mine := posting{facts.People, daysOf(history, course, facts)}
	w.posts[key] = mine
	for other, theirs := range w.posts {
		for _, person := range mine.people {
			if other == key || !slices.Contains(theirs.people, person) {
				continue
			}
			for day := range mine.days {
				if theirs.days[day] {
					return fmt.Sprintf("%s is also in %s in full on %s", person, other, day)
				}
			}
		}
	}
	return ""
}

func factsOf(history []event.Event) exchange.Facts {
	var facts exchange.Facts
	for _, e := range history {
		switch d := e.Fact.(type) {
		case record.Replacement:
			_, _, said := d.Replaces()
			facts = said.(exchange.Facts)
		case record.Founder:
			if said := d.Founds(); said != nil {
				facts = said.(exchange.Facts)
			}
		}
	}
	return facts
}

// takesAll says, apart from the program, which of the walk's postings are
// full-time.
func takesAll(f exchange.Facts) bool {
	if f.FullTime != "" {
		return f.FullTime == exchange.Full
	}
	full := slices.Contains(f.Kinds, "support_teaching") || slices.Contains(f.Kinds, "rotation")
	return full && !slices.Contains(f.Kinds, "itinerant_teaching")
}

// daysOf counts day by day where the person certainly was.
func daysOf(history []event.Event, course []taken, facts exchange.Facts) map[calendar.Day]bool {
	start, end := facts.Start, facts.End
	marks := map[calendar.Day]string{}
	for _, step := range course {
		switch step.verb {
		case "started":
			start = lastSaid(history, step, func(f exchange.Facts) calendar.Occurred { return f.Start })
		case "completed":
			end = lastSaid(history, step, func(f exchange.Facts) calendar.Occurred { return f.End })
		case "interrupted", "resumed":
			marks[calendar.Day(step.occurred.Value())] = step.verb // two on one day: the later holds
		}
	}
	days := map[calendar.Day]bool{}
	var there []calendar.Day // of the stretch that goes on, not known to be so yet
	present := true
	first := calendar.Day(start.Value())
	for day := first; day < "2018-08-01"; day = day.Add(1) {
		switch marks[day] {
		case "interrupted":
			for _, d := range there {
				days[d] = true
			}
			there, present = nil, false
		case "resumed":
			present = true
			there = nil
			days[day] = true
		}
		if present {
			there = append(there, day)
		}
		if day == first && present {
			days[day] = true
		}
	}
	until := calendar.Day(end.Value())
	if end.Precision() == calendar.PrecisionMonth {
		until += "-01"
	}
	for _, d := range there {
		if end != calendar.Unknown && d <= until {
			days[d] = true
		}
	}
	return days
}

// lastSaid returns the day of a step: as it was taken or corrected, or as facts
// corrected after it say.
func lastSaid(history []event.Event, step taken, of func(exchange.Facts) calendar.Occurred) calendar.Occurred {
	said := calendar.Unknown
	for _, e := range history {
		if e.ID == step.id || e.ID == step.latest {
			said = e.Occurred
		}
		if d, is := e.Fact.(record.Replacement); is && said != calendar.Unknown {
			_, _, facts := d.Replaces()
			if day := of(facts.(exchange.Facts)); day.Precision() == calendar.PrecisionDay {
				said = day
			}
		}
	}
	return said
}
