package registers_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/duplicates"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

type said = projectiontest.Said

var (
	say, key = projectiontest.Say, projectiontest.Key
	reason   = seal.Text{Clear: "写错"}
	district = key("district", 1)
)

func common(from int, kinds ...record.Kind) record.Facts {
	return record.Facts{District: district, Community: key("community", 1), Kinds: kinds, Mode: record.Offline,
		From: []record.Unit{{School: key("school", from)}}, To: []record.Unit{{School: key("school", 9)}}, People: []string{key("person", 1)}}
}

func visit(n, from int, when calendar.Occurred) said {
	return say(key("visit", n), when, record.Reported[activity.Visit]{Facts: activity.Visit{Facts: common(from, "visit")}})
}

func school(n int) said {
	return say(key("school", n), "day:2017-09-01", record.Reported[org.School]{Facts: org.School{District: district, Name: "某校", Provisional: true}})
}

func posting(start, end calendar.Occurred) exchange.Facts {
	return exchange.Facts{Facts: common(1, "support_teaching"), Start: start, End: end}
}

func reader(given ...said) registers.Reader {
	events := projectiontest.Applied(given...)
	return registers.Reader{Rows: projectiontest.Rows[records.Row]{Model: records.Model, Events: events},
		Decided: projectiontest.Rows[duplicates.Row]{Model: duplicates.Model, Events: events}}
}

// keys returns the keys of the lines that are wanted.
func keys(t *testing.T, r registers.Reader, register string, q registers.Question) []string {
	t.Helper()
	g, known := registers.Named(register)
	if !known {
		t.Fatal(register)
	}
	lines, err := r.Lines(t.Context(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	return keysOf(lines)
}

// TestASchoolIsFoundUnderAllItsKeys: a question for a school finds the records of
// those that are said to be the same one, from when it is said until it is voided.
func TestASchoolIsFoundUnderAllItsKeys(t *testing.T) {
	r := reader(school(1), school(2), school(3), visit(1, 1, "day:2018-04-18"), visit(2, 2, "day:2018-04-19"), visit(3, 3, "day:2018-04-20"),
		say(key("school", 2), "", org.Identified[org.School]{As: key("school", 1)}),
		say(key("school", 3), "", org.Identified[org.School]{As: key("school", 2)}),
		say(key("school", 2), "", record.Voided[org.School]{Target: commandtest.ID(7), Reason: reason}))
	for _, tt := range []struct {
		name string
		asOf uint64
		of   int
		want []int
	}{
		{"before anything was said", 6, 1, []int{1}},
		{"one is another", 7, 1, []int{1, 2}},
		{"asked by the other's key", 7, 2, []int{1, 2}},
		{"a chain", 8, 1, []int{1, 2, 3}},
		{"a chain that was cut", 9, 1, []int{1}},
		{"what is left of it", 9, 2, []int{2, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, n := range tt.want {
				want = append(want, key("visit", n))
			}
			got := keys(t, r, "visits", registers.Question{AsOf: tt.asOf, Wanted: registers.Wanted{School: key("school", tt.of)}})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("visits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidity(t *testing.T) {
	begun := say(key("exchange", 1), "day:2018-03-01", exchange.Started{Facts: posting("day:2018-03-01", calendar.Unknown)})
	done := say(key("exchange", 1), "day:2018-06-30", exchange.Completed{})
	wish := pairing.Facts{Facts: common(1, "pairing"), Basis: pairing.Founding, Sides: []pairing.Side{{School: key("school", 1), Role: "supported_school"}}}
	askedFor := say(key("pairing", 1), "day:2018-01-10", pairing.Applied{Reported: record.Reported[pairing.Facts]{Facts: wish}})
	help := func(from calendar.Occurred) record.Step {
		return record.Step{By: []record.Unit{{School: key("school", 2)}}, From: from}
	}
	matched := func(on, from calendar.Occurred) said {
		return say(key("pairing", 1), on, pairing.Matched{Step: help(from)})
	}
	told := wish
	told.Course = []record.ReportedStep{{Verb: "applied", Occurred: "day:2018-01-10"}, {Verb: "matched", Occurred: "day:2018-01-15", Step: help("day:2018-03-01")}}
	toldAsMatched := say(key("pairing", 1), "day:2018-01-10", record.Reported[pairing.Facts]{Facts: told})
	year := say(key("calendar", 1), "", record.Reported[org.CalendarYear]{Facts: org.CalendarYear{District: district, Year: calendar.AssumedYear("2017-2018")}})
	for _, tt := range []struct {
		name     string
		register string
		given    []said
		day      calendar.Day
		want     records.Validity // "" for no line
	}{
		{"on the day", "visits", []said{visit(1, 1, "day:2018-04-18")}, "2018-04-18", records.Certainly},
		{"the day after", "visits", []said{visit(1, 1, "day:2018-04-18")}, "2018-04-19", ""},
		{"one of several days", "visits", []said{visit(1, 1, "days:2018-04-18,2018-04-25")}, "2018-04-25", records.Certainly},
		{"between several days", "visits", []said{visit(1, 1, "days:2018-04-18,2018-04-25")}, "2018-04-20", ""},
		{"within some months", "visits", []said{visit(1, 1, "months:2018-03/2018-05")}, "2018-04-18", records.Possibly},
		{"after some months", "visits", []said{visit(1, 1, "months:2018-03/2018-05")}, "2018-06-01", ""},
		{"within the month", "visits", []said{visit(1, 1, "month:2018-04")}, "2018-04-18", records.Possibly},
		{"within the term, by the calendar", "visits", []said{year, visit(1, 1, "term:2017-2018/2")}, "2018-04-18", records.Possibly},
		{"outside the term, by the calendar", "visits", []said{year, visit(1, 1, "term:2017-2018/2")}, "2018-02-01", ""},
		{"the same without a calendar", "visits", []said{visit(1, 1, "term:2017-2018/2")}, "2018-02-01", records.Possibly},
		{"nobody knows when", "visits", []said{visit(1, 1, "")}, "2018-02-01", records.Possibly},
		{"void", "visits", []said{visit(1, 1, "day:2018-04-18"), say(key("visit", 1), "", record.Voided[activity.Visit]{Target: commandtest.ID(1), Reason: reason})}, "2018-04-18", ""},
		{"a posting under way", "exchanges", []said{begun}, "2020-01-01", records.Certainly},
		{"after its end", "exchanges", []said{begun, done}, "2018-07-01", ""},
		{"after an end that was voided", "exchanges", []said{begun, done, say(key("exchange", 1), "", record.Voided[exchange.Facts]{Target: commandtest.ID(2), Reason: reason})}, "2018-07-01", records.Certainly},
		{"told of without an end", "exchanges", []said{say(key("exchange", 1), "day:2018-03-01", record.Reported[exchange.Facts]{Facts: posting("day:2018-03-01", calendar.Unknown)})}, "2020-01-01", records.Possibly},
		{"told of a term without its days", "exchanges", []said{say(key("exchange", 1), "month:2018-03", record.Reported[exchange.Facts]{Facts: posting(calendar.Unknown, calendar.Unknown)})}, "2018-03-15", records.Possibly},
		{"told of a term long past", "exchanges", []said{say(key("exchange", 1), "term:2011-2012/1", record.Reported[exchange.Facts]{Facts: posting(calendar.Unknown, calendar.Unknown)})}, "2018-05-01", ""},
		{"only applied for", "exchanges", []said{say(key("exchange", 1), "day:2018-02-01", exchange.Applied{Reported: record.Reported[exchange.Facts]{Facts: posting("day:2018-03-01", "day:2018-06-30")}})}, "2018-04-01", records.Possibly},
		{"a pairing applied for", "pairings", []said{askedFor}, "2018-02-01", records.Possibly},
		{"matched for later, before it holds", "pairings", []said{askedFor, matched("day:2018-01-15", "day:2018-03-01")}, "2018-02-01", ""},
		{"matched for later, once it holds", "pairings", []said{askedFor, matched("day:2018-01-15", "day:2018-03-01")}, "2018-03-01", records.Certainly},
		{"matched afterwards", "pairings", []said{askedFor, matched("day:2018-03-20", "day:2018-03-01")}, "2018-03-10", records.Certainly},
		{"matched for a month", "pairings", []said{askedFor, matched("day:2018-01-15", "month:2018-03")}, "2018-03-10", records.Possibly},
		{"matched without saying since when", "pairings", []said{askedFor, matched("day:2018-01-15", "")}, "2018-02-01", records.Certainly},
		{"told of as matched for later", "pairings", []said{toldAsMatched}, "2018-02-01", ""},
		{"told of as matched, once it holds", "pairings", []said{toldAsMatched}, "2018-03-01", records.Certainly},
		{"a school", "schools", []said{school(1)}, "2030-01-01", records.Certainly},
		{"a school that merged", "schools", []said{school(1), say(key("school", 1), "day:2018-09-01", org.Merged{Into: key("school", 2)})}, "2018-09-01", ""},
		{"a school the day before", "schools", []said{school(1), say(key("school", 1), "day:2018-09-01", org.Merged{Into: key("school", 2)})}, "2018-08-31", records.Certainly},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, _ := registers.Named(tt.register)
			lines, err := reader(tt.given...).Lines(t.Context(), g, registers.Question{Wanted: registers.Wanted{ValidAt: tt.day}})
			if err != nil {
				t.Fatal(err)
			}
			valid := records.Validity("")
			for _, l := range lines {
				valid = l.Valid
			}
			if valid != tt.want {
				t.Errorf("%q, want %q", valid, tt.want)
			}
		})
	}
}

func TestLinesOfADayComeInPages(t *testing.T) {
	var given []said
	for n := range 9 {
		given = append(given, visit(n, 1, []calendar.Occurred{"day:2018-04-18", "day:2018-04-19", "month:2018-04"}[n%3]))
	}
	r := reader(given...)
	asked := registers.Question{Wanted: registers.Wanted{ValidAt: "2018-04-18"}}
	whole := keys(t, r, "visits", asked)
	for limit := 1; limit <= len(whole)+1; limit++ {
		q := asked
		q.Limit = limit
		var walked []string
		for {
			page := keys(t, r, "visits", q)
			if len(page) > limit {
				t.Fatalf("%d lines on a page of %d", len(page), limit)
			}
			if len(page) == 0 {
				break
			}
			walked = append(walked, page...)
			q.After = page[len(page)-1]
		}
		if diff := cmp.Diff(whole, walked); diff != "" || len(whole) != 6 {
			t.Errorf("in pages of %d (-whole +walked):\n%s", limit, diff)
		}
	}
}

// TestPagesAreTheWhole: whatever is asked, of which day and as of when, the pages have
// the lines of the whole, each once and in its order.
func TestPagesAreTheWhole(t *testing.T) {
	when := rapid.SampledFrom([]calendar.Occurred{"day:2018-04-18", "day:2018-04-19", "days:2018-04-18,2018-04-20", "month:2018-04", "months:2018-03/2018-04", "term:2017-2018/2", calendar.Unknown})
	some := func(kind string) *rapid.Generator[string] {
		return rapid.Map(rapid.IntRange(1, 3), func(n int) string { return key(kind, n) })
	}
	maybe := func(g *rapid.Generator[string]) *rapid.Generator[string] {
		return rapid.OneOf(rapid.Just(""), rapid.Just(""), rapid.Just(""), rapid.Just(""), g)
	}
	day := maybe(rapid.SampledFrom([]string{"2018-01-31", "2018-04-18", "2018-04-30", "2018-09-01"}))
	rapid.Check(t, func(t *rapid.T) {
		given := []said{school(1), school(2), school(3),
			say(key("calendar", 1), "", record.Reported[org.CalendarYear]{Facts: org.CalendarYear{District: district, Year: calendar.AssumedYear("2017-2018")}})}
		for n := range rapid.IntRange(0, 25).Draw(t, "records") {
			facts := common(rapid.IntRange(1, 3).Draw(t, "school"), "visit")
			facts.Community, facts.People = some("community").Draw(t, "community"), []string{some("person").Draw(t, "person")}
			on := when.Draw(t, "when")
			switch rapid.SampledFrom([]string{"visit", "visit", "filing", "row", "void"}).Draw(t, "kind") {
			case "visit":
				given = append(given, say(key("visit", n), on, record.Reported[activity.Visit]{Facts: activity.Visit{Facts: facts}}))
			case "filing":
				facts.Kinds = []record.Kind{"summary"}
				given = append(given, say(key("filing", n), on, filing.Due{Reported: record.Reported[filing.Facts]{Facts: filing.Facts{Facts: facts, Due: "day:2018-04-30"}}}))
				if rapid.Bool().Draw(t, "filed") {
					given = append(given, say(key("filing", n), "day:2018-04-18", filing.Filed{}))
				}
			case "row":
				given = append(given, say(key("row", n), on, intake.RowTaken{District: district, Community: facts.Community, Outcome: intake.Held}))
			case "void":
				given = append(given, say(key("visit", n), on, record.Reported[activity.Visit]{Facts: activity.Visit{Facts: facts}}),
					say(key("visit", n), "", record.Voided[activity.Visit]{Target: commandtest.ID(len(given) + 1), Reason: reason}))
			}
		}
		if rapid.Bool().Draw(t, "identified") {
			given = append(given, say(key("school", 2), "", org.Identified[org.School]{As: key("school", 1)}))
		}
		register, _ := registers.Named(rapid.SampledFrom([]string{"visits", "visits", "visits", "filings", "held-rows", "schools"}).Draw(t, "register"))
		asked := registers.Question{AsOf: rapid.Uint64Range(0, uint64(len(given))).Draw(t, "as of"), Wanted: registers.Wanted{
			School: maybe(some("school")).Draw(t, "wanted school"), Person: maybe(some("person")).Draw(t, "wanted person"),
			Community: maybe(some("community")).Draw(t, "wanted community"), Mark: maybe(rapid.SampledFrom(records.AllMarks)).Draw(t, "mark"),
			From: calendar.Day(day.Draw(t, "from")), To: calendar.Day(day.Draw(t, "to")), ValidAt: calendar.Day(day.Draw(t, "valid at")),
			DueBy: calendar.Day(day.Draw(t, "due by")), Met: rapid.Bool().Draw(t, "met"),
		}}
		r := reader(given...)
		whole, err := r.Lines(context.Background(), register, asked)
		if err != nil {
			t.Fatal(err)
		}
		var walked []registers.Line
		for asked.Limit = rapid.IntRange(1, len(whole)+1).Draw(t, "limit"); ; {
			page, err := r.Lines(context.Background(), register, asked)
			if err != nil || len(page) > asked.Limit {
				t.Fatalf("%d lines on a page of %d, %v", len(page), asked.Limit, err)
			}
			walked = append(walked, page...)
			if len(page) < asked.Limit {
				break
			}
			asked.After = page[len(page)-1].Key
		}
		if !reflect.DeepEqual(walked, whole) {
			t.Fatalf("pages of %d have %d lines, the whole has %d:\n%s", asked.Limit, len(walked), len(whole), cmp.Diff(keysOf(whole), keysOf(walked)))
		}
	})
}

func keysOf(lines []registers.Line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Key)
	}
	return out
}

func TestSheet(t *testing.T) {
	number := common(1, "demo_lesson")
	number.Quantity = record.Quantity{Text: "3", Number: "3", Bound: record.Exact, Measure: record.Measure{Text: "节", Code: "lesson"}}
	r := reader(school(1), visit(1, 1, "day:2018-04-18"), say(key("lesson", 1), "day:2018-04-18", record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: number}}), visit(2, 2, "day:2018-04-18"))
	sheet, err := r.Sheet(t.Context(), key("school", 1), registers.Question{})
	if err != nil {
		t.Fatal(err)
	}
	type part struct {
		register                       string
		lines, occurrences, unnumbered int
	}
	var got []part
	for _, p := range sheet.Parts {
		got = append(got, part{p.Register.Name, len(p.Lines), p.Occurrences, p.Unnumbered})
	}
	want := []part{{"lessons", 1, 3, 0}, {"visits", 1, 0, 1}}
	if !slices.Equal(got, want) || sheet.Of.Key != key("school", 1) {
		t.Errorf("the sheet of %s says %v, want %v", sheet.Of.Key, got, want)
	}
	_, err = r.Sheet(t.Context(), key("school", 7), registers.Question{})
	commandtest.Refused(t, err, registers.ErrNotThere)
}

// TestHeldRows lists only rows that could not be counted.
func TestHeldRows(t *testing.T) {
	taken := func(n int, outcome intake.Outcome) said {
		return say(key("row", n), "", intake.RowTaken{District: district, Community: key("community", 1), Outcome: outcome})
	}
	got := keys(t, reader(taken(1, intake.Held), taken(2, "recorded")), "held-rows", registers.Question{})
	if !slices.Equal(got, []string{key("row", 1)}) {
		t.Errorf("held rows %v", got)
	}
}

func TestDuties(t *testing.T) {
	facts := filing.Facts{Facts: common(1, "summary"), Due: "day:2018-07-10"}
	toldDue := facts
	toldDue.Course = []record.ReportedStep{{Verb: "due", Occurred: "day:2018-03-01"}}
	due := say(key("filing", 1), "day:2018-03-01", filing.Due{Reported: record.Reported[filing.Facts]{Facts: facts}})
	filed := say(key("filing", 1), "day:2018-07-12", filing.Filed{})
	returned := say(key("filing", 1), "day:2018-07-13", filing.Returned{Step: record.Step{Due: "day:2018-07-20"}})
	type owed struct {
		due                calendar.Occurred
		late, overdueBy, n int
	}
	for _, tt := range []struct {
		name  string
		given []said
		q     registers.DutyQuestion
		want  []owed
	}{
		{"not yet due", []said{due}, registers.DutyQuestion{On: "2018-07-10"}, []owed{{"day:2018-07-10", 0, 0, 1}}},
		{"overdue", []said{due}, registers.DutyQuestion{On: "2018-07-13"}, []owed{{"day:2018-07-10", 0, 3, 1}}},
		{"filed late", []said{due, filed}, registers.DutyQuestion{On: "2018-07-13"}, []owed{{"day:2018-07-10", 2, 0, 1}}},
		{"the day before it was filed late", []said{due, filed}, registers.DutyQuestion{On: "2018-07-11"}, []owed{{"day:2018-07-10", 2, 1, 1}}},
		{"returned", []said{due, filed, returned}, registers.DutyQuestion{On: "2018-07-21"}, []owed{{"day:2018-07-10", 2, 0, 1}, {"day:2018-07-20", 0, 1, 2}}},
		{"before it was returned", []said{due, say(key("filing", 1), "day:2018-07-05", filing.Filed{}), say(key("filing", 1), "day:2018-07-20", filing.Returned{})},
			registers.DutyQuestion{On: "2018-07-15"}, []owed{{"day:2018-07-10", 0, 0, 1}, {"day:2018-07-10", 0, 0, 2}}},
		{"the day before it was waived", []said{due, say(key("filing", 1), "day:2018-07-20", filing.Waived{})},
			registers.DutyQuestion{On: "2018-07-15"}, []owed{{"day:2018-07-10", 0, 5, 1}}},
		{"reported, its course telling only that it is due", []said{say(key("filing", 1), "day:2018-03-01", record.Reported[filing.Facts]{Facts: toldDue})},
			registers.DutyQuestion{On: "2018-07-15"}, []owed{{"day:2018-07-10", 0, 5, 1}}},
		{"due between two days", []said{due, filed, returned}, registers.DutyQuestion{DueFrom: "2018-07-11", DueTo: "2018-07-31"}, []owed{{"day:2018-07-20", 0, 0, 2}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, _ := registers.Named("filings")
			duties, err := reader(tt.given...).Duties(t.Context(), g, tt.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []owed
			for _, d := range duties {
				got = append(got, owed{d.Round.Due, d.LateBy, d.OverdueBy, d.Number})
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("owed %v, want %v", got, tt.want)
			}
		})
	}
}

// TestEveryRegisterIsATable holds that each kind says what it says in JSON too.
func TestEveryRegisterIsATable(t *testing.T) {
	for _, g := range registers.All {
		table := registers.TableOf(g)
		cells, err := table.Row(registers.Line{Row: records.Row{Kind: g.Kind, Key: key(g.Kind, 1)}}, registers.Keys{})
		if err != nil || len(cells) != len(table.Header) || len(cells) == 0 {
			t.Errorf("%s: %d cells under %d headings, %v", g.Name, len(cells), len(table.Header), err)
		}
		if _, says := g.Facts(); !says && g.Kind != "row" {
			t.Errorf("%s: nothing is known of what its kind says", g.Name)
		}
	}
}

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{"": "", "=1": "'=1", "-3.5": "-3.5", "+86": "+86", "-x": "'-x", "@a": "'@a", "\ta": "'\ta", "语文": "语文"} {
		if got := registers.Harmless(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
}

// TestEveryKindHasItsRegister, and only one, so that whatever the glossary names can
// be recorded and is found in one place.
func TestEveryKindHasItsRegister(t *testing.T) {
	in := map[record.Kind][]string{}
	for _, register := range registers.All {
		for _, kind := range register.Kinds() {
			in[kind] = append(in[kind], register.Name)
		}
	}
	for _, entry := range record.Glossary() {
		if len(in[entry.Kind]) != 1 {
			t.Errorf("%s (%s) belongs to %q", entry.Kind, entry.ZH, in[entry.Kind])
		}
	}
}
