package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A deskOf is one community of two schools and two people, at which an auditor
// sends one command after the other.
type deskOf struct {
	folder              string
	district, community string
	schools, people     [2]string
}

type object = map[string]any

func newDeskOf(t *testing.T) *deskOf {
	t.Helper()
	d := &deskOf{folder: filepath.Join(t.TempDir(), "county")}
	mustRun(t, nil, "-d", d.folder, "init", "--district", "样例县", "--assume", "2017-2018")
	var opened struct{ Stream string }
	if err := json.Unmarshal([]byte(mustRun(t, nil, "-d", d.folder, "--json", "journal", "--type", "district.registered")), &opened); err != nil {
		t.Fatal(err)
	}
	d.district = opened.Stream[strings.LastIndexByte(opened.Stream, '.')+1:]
	for i, name := range []string{"第一小学", "东山小学"} {
		d.schools[i], _ = d.must(t, "school.note", "", "unknown", object{"district": d.district, "name": name})
	}
	for i, name := range []string{"王芳", "李强"} {
		d.people[i], _ = d.must(t, "person.note", "", "unknown", object{"district": d.district, "school": d.schools[i], "name": name})
	}
	d.community, _ = d.must(t, "community.note", "", "unknown", object{"district": d.district, "name": "第一共同体"})
	return d
}

// send carries out a command and returns the key of its record and the id of its
// event, or the code of the refusal.
func (d *deskOf) send(t *testing.T, name, stream, occurred string, data object) (key, id, code string) {
	t.Helper()
	body, err := json.Marshal(object{"command": name, "stream": stream, "occurred": occurred, "data": data})
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if run(t.Context(), []string{"-d", d.folder, "--json", "record", "-"}, bytes.NewReader(body), &out, &errs) != 0 {
		var refusal struct{ Code string }
		if err := json.Unmarshal(errs.Bytes(), &refusal); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, &errs)
		}
		return "", "", refusal.Code
	}
	var done outcomeResult
	if err := json.Unmarshal(out.Bytes(), &done); err != nil {
		t.Fatal(err)
	}
	return done.Stream, done.Events[0].ID, ""
}

func (d *deskOf) must(t *testing.T, name, stream, occurred string, data object) (key, id string) {
	t.Helper()
	key, id, code := d.send(t, name, stream, occurred, data)
	if code != "" {
		t.Fatalf("%s: %s", name, code)
	}
	return key, id
}

// facts returns what a record of one kind says, and more.
func (d *deskOf) facts(kind string, more object) object {
	f := object{"district": d.district, "community": d.community, "kinds": []string{kind}, "mode": "offline", "title": "内容",
		"from": []object{{"school": d.schools[0]}}, "to": []object{{"school": d.schools[1]}},
		"quantity": object{"number": "1", "bound": "exact", "measure": object{"text": "次"}}}
	for name, value := range more {
		f[name] = value
	}
	return f
}

// A looked is what the auditor looks for in a review.
type looked struct {
	Status        string   // of the obligation to hold a seminar
	Because       []string // of its records, why they do not count
	Totals        []string // kinds that are counted
	NotTakenPlace []string // kinds of what has not taken place
}

func (d *deskOf) review(t *testing.T, term string) looked {
	t.Helper()
	var r struct {
		Obligations []struct {
			Results []struct {
				Status     string
				NotCounted []struct{ Reasons []string } `json:"not_counted"`
			}
		}
		Counts        []struct{ Kind struct{ Code string } }
		NotTakenPlace []struct{ Kinds []struct{ Code string } } `json:"not_taken_place"`
	}
	out := mustRun(t, nil, "-d", d.folder, "review", "第一共同体", term, "--programme", "zhaike", "--format", "json")
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&r); err != nil {
		t.Fatal(err)
	}
	seminar := r.Obligations[0].Results[0]
	found := looked{Status: seminar.Status}
	for _, n := range seminar.NotCounted {
		found.Because = append(found.Because, n.Reasons...)
	}
	for _, c := range r.Counts {
		found.Totals = append(found.Totals, c.Kind.Code)
	}
	for _, a := range r.NotTakenPlace {
		found.NotTakenPlace = append(found.NotTakenPlace, a.Kinds[0].Code)
	}
	slices.Sort(found.NotTakenPlace)
	return found
}

func (d *deskOf) wantReview(t *testing.T, term string, want looked) {
	t.Helper()
	if diff := cmp.Diff(want, d.review(t, term)); diff != "" {
		t.Errorf("review of %s (-want +got):\n%s", term, diff)
	}
}

// TestWhatIsOnlyPlannedFulfilsNoObligation follows a seminar that is planned in
// one term for the next: it is listed where it is to take place and counts only
// once it did.
func TestWhatIsOnlyPlannedFulfilsNoObligation(t *testing.T) {
	t.Parallel()
	d := newDeskOf(t)
	seminar, _ := d.must(t, "meeting.plan", "", "day:2018-01-10", d.facts("management_seminar", object{"planned": "day:2018-05-16"}))
	planned := looked{Status: "short", Because: []string{"not_taken_place"}, NotTakenPlace: []string{"management_seminar"}}
	d.wantReview(t, "2017-2018/2", planned)
	d.wantReview(t, "2017-2018/1", looked{Status: "short", Because: []string{"not_taken_place"}})
	for day, want := range map[string]int{"2018-01-10": 0, "2018-05-16": 1} {
		if got := strings.Count(mustRun(t, nil, "-d", d.folder, "list", "meetings", "--valid-at", day), seminar); got != want {
			t.Errorf("on %s the seminar is listed %d times, want %d", day, got, want)
		}
	}
	_, cancelled := d.must(t, "meeting.cancel", seminar, "day:2018-05-15", object{"note": "因故取消"})
	d.wantReview(t, "2017-2018/2", planned)
	d.must(t, "meeting.void", seminar, "day:2018-05-16", object{"target": cancelled, "reason": "未取消"})
	d.must(t, "meeting.hold", seminar, "day:2018-05-16", object{})
	d.wantReview(t, "2017-2018/2", looked{Status: "met", Totals: []string{"management_seminar"}})
}

// TestToldRefusalsCountNowhere reports records of the past whose told course says
// that they came to nothing, with and without the step that opened them.
func TestToldRefusalsCountNowhere(t *testing.T) {
	t.Parallel()
	d := newDeskOf(t)
	told := func(verbs ...string) object {
		var course []object
		for _, verb := range verbs {
			course = append(course, object{"verb": verb, "occurred": "day:2018-03-01", "office": "县教育局", "note": "说明"})
		}
		return object{"course": course}
	}
	d.must(t, "meeting.report", "", "day:2018-04-18", d.facts("management_seminar", told("cancelled")))
	d.must(t, "exchange.report", "", "day:2018-04-18", d.facts("rotation", told("recommended", "refused")))
	d.must(t, "filing.report", "", "day:2018-04-18", d.facts("plan", told("returned")))
	d.must(t, "exchange.report", "", "day:2018-04-18", d.facts("support_teaching", told("approved")))
	d.must(t, "filing.report", "", "day:2018-04-18", d.facts("summary", told("returned", "filed")))
	d.wantReview(t, "2017-2018/2", looked{Status: "short", Because: []string{"not_taken_place"},
		Totals: []string{"support_teaching", "summary"}, NotTakenPlace: []string{"management_seminar", "plan", "rotation"}})
	if listed := mustRun(t, nil, "-d", d.folder, "list", "exchanges", "--valid-at", "2018-04-18"); strings.Contains(listed, "类别：轮岗") {
		t.Errorf("what was refused is listed as valid:\n%s", listed)
	}
}

// TestOnePersonUnderTwoKeysIsInOnePlace identifies one person as another, before
// and after postings of both.
func TestOnePersonUnderTwoKeysIsInOnePlace(t *testing.T) {
	t.Parallel()
	d := newDeskOf(t)
	posting := func(person int, from, to string) object {
		return d.facts("support_teaching", object{"people": []string{d.people[person]}, "start": "day:" + from, "end": "day:" + to})
	}
	d.must(t, "exchange.start", "", "day:2018-03-01", posting(1, "2018-03-01", "2018-03-31"))
	_, identified := d.must(t, "person.identify", d.people[1], "unknown", object{"as": d.people[0]})
	for person := range d.people {
		if _, _, code := d.send(t, "exchange.start", "", "day:2018-03-31", posting(person, "2018-03-31", "2018-04-30")); code != "exchange.overlap" {
			t.Errorf("person %d beside a posting from before: %q", person, code)
		}
	}
	d.must(t, "exchange.start", "", "day:2018-05-01", posting(0, "2018-05-01", "2018-05-31"))
	if _, _, code := d.send(t, "exchange.start", "", "day:2018-05-02", posting(1, "2018-05-02", "2018-05-03")); code != "exchange.overlap" {
		t.Errorf("the other key beside a posting from after: %q", code)
	}
	d.must(t, "person.void", d.people[1], "unknown", object{"target": identified, "reason": "不是同一人"})
	d.must(t, "exchange.start", "", "day:2018-05-02", posting(1, "2018-05-02", "2018-05-03"))
}

// TestWhatSaysNothingOrTheWrongThingIsRefused sends what looks like an answer and
// is none.
func TestWhatSaysNothingOrTheWrongThingIsRefused(t *testing.T) {
	t.Parallel()
	d := newDeskOf(t)
	applied, _ := d.must(t, "exchange.apply", "", "day:2018-02-01", d.facts("rotation", object{"people": []string{d.people[0]}}))
	lesson, _ := d.must(t, "lesson.report", "", "day:2018-04-18", d.facts("demo_lesson", nil))
	tests := []struct {
		name, command, stream string
		data                  object
		code                  string
	}{
		{"a blank office", "exchange.approve", applied, object{"office": "　"}, "record.step-incomplete"},
		{"a school for a community", "lesson.report", "", d.facts("demo_lesson", object{"community": d.schools[0]}), "record.bad-key"},
		{"a school for a person", "lesson.report", "", d.facts("demo_lesson", object{"people": []string{d.schools[0]}}), "record.bad-key"},
		{"a school for a person of a step", "lesson.observe", lesson, object{"by": []object{{"school": d.schools[0]}}, "people": []string{d.schools[0]}}, "record.bad-key"},
		{"a name for a subject's code", "lesson.report", "", d.facts("demo_lesson", object{"subjects": []object{{"text": "语文", "code": "王芳"}}}), "record.bad-code"},
		{"a name for the code of a step", "lesson.observe", lesson, object{"by": []object{{"school": d.schools[0]}}, "what": []object{{"text": "课", "code": "王芳"}}}, "record.bad-code"},
		{"a blank school", "school.note", "", object{"district": d.district, "name": "\u00a0"}, "org.no-name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, code := d.send(t, tt.command, tt.stream, "day:2018-04-18", tt.data); code != tt.code {
				t.Errorf("refused with %q, want %q", code, tt.code)
			}
		})
	}
}

// TestCorrectedStepsAreMarked corrects a step: the register finds the record among
// the corrected ones.
func TestCorrectedStepsAreMarked(t *testing.T) {
	t.Parallel()
	d := newDeskOf(t)
	lesson, _ := d.must(t, "lesson.report", "", "day:2018-04-18", d.facts("demo_lesson", nil))
	observed := object{"by": []object{{"school": d.schools[0]}}, "note": "听课"}
	_, step := d.must(t, "lesson.observe", lesson, "day:2018-04-18", observed)
	observed["corrects"], observed["reason"] = step, "写错"
	d.must(t, "lesson.observe", lesson, "day:2018-04-19", observed)
	if listed := mustRun(t, nil, "-d", d.folder, "list", "lessons", "--mark", "corrected"); !strings.Contains(listed, lesson) {
		t.Errorf("not among the corrected:\n%s", listed)
	}
}

// TestASheetListsOverlapsAndCountsWhatTookPlace reports two postings of one person
// over the same days, and plans a meeting: the sheets list the overlap and count
// no meeting.
func TestASheetListsOverlapsAndCountsWhatTookPlace(t *testing.T) {
	t.Parallel()
	d := newDeskOf(t)
	var postings []string
	for _, days := range [][2]string{{"day:2018-03-01", "day:2018-04-30"}, {"day:2018-04-10", "day:2018-05-31"}, {"day:2018-05-31", "unknown"}} {
		key, _ := d.must(t, "exchange.report", "", days[0], d.facts("support_teaching", object{"people": d.people[:1], "start": days[0], "end": days[1]}))
		postings = append(postings, key)
	}
	d.must(t, "meeting.plan", "", "day:2018-01-10", d.facts("management_seminar", object{"planned": "day:2018-05-16"}))
	sheet := func(of string) (s sheetDocument) {
		if err := json.Unmarshal([]byte(mustRun(t, nil, "-d", d.folder, "--json", "sheet", of)), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	found := map[string]bool{}
	for _, o := range sheet(d.people[0]).Overlaps {
		for _, key := range o.Exchanges {
			found[key] = true
		}
		if !o.Certain || o.From == "" || o.Until < o.From {
			t.Errorf("overlap %+v, want a certain one on known days", o)
		}
	}
	if len(found) != len(postings) {
		t.Errorf("overlaps of %v, want of %v", found, postings)
	}
	for _, part := range sheet(d.schools[0]).Parts {
		if part.Register == "meetings" && part.Occurrences+part.Unnumbered != 0 {
			t.Errorf("the planned meeting counts: %+v", part)
		}
	}
	if status := mustRun(t, nil, "-d", d.folder, "status"); !strings.Contains(status, "： 交流轮岗名册 3，尚未发生 not taken place 1，") {
		t.Errorf("status counts otherwise:\n%s", status)
	}
}

// TestAPairingHoldsSinceItWasGranted applies for a pairing: it is valid, as the
// others, from the day on which it was matched.
func TestAPairingHoldsSinceItWasGranted(t *testing.T) {
	t.Parallel()
	d := newDeskOf(t)
	applied, _ := d.must(t, "pairing.apply", "", "day:2018-03-01", d.facts("pairing", object{"from": nil, "to": nil, "basis": "founding",
		"sides": []object{{"school": d.schools[1], "role": "member_school"}}}))
	_, matched := d.must(t, "pairing.match", applied, "day:2018-04-10", object{"by": []object{{"school": d.schools[0]}}, "office": "县教育局"})
	valid := func(day, word string) {
		t.Helper()
		if listed := mustRun(t, nil, "-d", d.folder, "list", "pairings", "--valid-at", day); strings.Contains(listed, applied) != (word != "") || !strings.Contains(listed, word) {
			t.Errorf("on %s, want %q:\n%s", day, word, listed)
		}
	}
	valid("2018-03-05", "")
	valid("2018-04-10", "当日有效：是")
	d.must(t, "pairing.void", applied, "day:2018-04-11", object{"target": matched, "reason": "未匹配"})
	valid("2018-03-05", "当日有效：可能")
}
