package lesson_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/fault"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

const (
	district = "district-0198c000-0000-7000-8000-000000000001"
	core     = "school-0198c000-0000-7000-8000-000000000011"
	member   = "school-0198c000-0000-7000-8000-000000000012"
)

var reason = seal.Text{Clear: "原表写错"}

// facts returns three outreach lessons of Chinese, altered.
func facts(alter ...func(*lesson.Facts)) lesson.Facts {
	f := lesson.Facts{Facts: record.Facts{
		District: district, Community: "community-0198c000-0000-7000-8000-000000000021",
		Kinds: []record.Kind{"demo_lesson", "outreach_lesson"}, Mode: record.Offline, Title: seal.Text{Clear: "送课活动"},
		Subjects: []record.Word{{Text: "语文"}}, From: []record.Unit{{School: core}}, To: []record.Unit{{School: member}},
		Quantity: record.Quantity{Text: "3", Number: "3", Bound: record.Exact, Measure: record.Measure{Text: "节", Code: "lesson"}},
	}}
	for _, a := range alter {
		a(&f)
	}
	return f
}

func kinds(k ...record.Kind) func(*lesson.Facts) { return func(f *lesson.Facts) { f.Kinds = k } }
func mode(m record.Mode) func(*lesson.Facts)     { return func(f *lesson.Facts) { f.Mode = m } }
func to(u ...record.Unit) func(*lesson.Facts)    { return func(f *lesson.Facts) { f.To = u } }
func number(n string, b record.Bound) func(*lesson.Facts) {
	return func(f *lesson.Facts) { f.Quantity.Number, f.Quantity.Bound = n, b }
}

func measure(text, code string) func(*lesson.Facts) {
	return func(f *lesson.Facts) { f.Quantity.Measure = record.Measure{Text: text, Code: code} }
}
func written(text string) func(*lesson.Facts) {
	return func(f *lesson.Facts) { f.Quantity.Text = text }
}

// What stands in a stream, and what the commands would add to it.
var (
	reported  = record.Reported[lesson.Facts]{Facts: facts()}
	corrected = record.Corrected[lesson.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: facts(number("4", record.Exact))}
	voided    = record.Voided[lesson.Facts]{Target: commandtest.ID(1), Reason: reason}
)

type (
	report   = record.Report[lesson.Facts]
	correct  = record.Correct[lesson.Facts]
	withdraw = record.Withdraw[lesson.Facts]
)

// decide answers a command by what stands in the stream.
func decide(given []any, body any) ([]any, error) {
	s := lesson.RecordType.Decider.Fold(commandtest.History(given...))
	switch c := body.(type) {
	case report:
		return lesson.RecordType.Report(s, command.Meta{}, c)
	case correct:
		return lesson.RecordType.Correct(s, command.Meta{}, c)
	}
	return lesson.RecordType.Void(s, command.Meta{}, body.(withdraw))
}

func code(c string) error {
	if c == "" {
		return nil
	}
	return &fault.Error{Code: c}
}

func TestLifeOfALesson(t *testing.T) {
	tests := []struct {
		name  string
		given []any
		body  any
		want  []any
		code  string
	}{
		{"first report", nil, report{Facts: facts()}, []any{reported}, ""},
		{"reported with kinds out of order and twice, without mode", nil, report{Facts: facts(mode(""), kinds("outreach_lesson", "demo_lesson", "outreach_lesson"))},
			[]any{record.Reported[lesson.Facts]{Facts: facts(mode(record.ModeUnknown))}}, ""},
		{"reported with a measure without its code", nil, report{Facts: facts(measure(" 节 ", ""))}, []any{reported}, ""},
		{"reported with a number that nobody wrote otherwise", nil, report{Facts: facts(written(""))}, []any{reported}, ""},
		{"corrected with a measure without its code", []any{reported}, correct{Reason: reason, Facts: facts(number("4", record.Exact), measure("节", ""))}, []any{corrected}, ""},
		{"corrected for a reason of white space", []any{reported}, correct{Reason: seal.Text{Clear: " \u3000\n"}, Facts: facts()}, nil, "record.no-reason"},
		{"voided for a reason of white space", []any{reported}, withdraw{Reason: seal.Text{Clear: "\t"}}, nil, "record.no-reason"},
		{"reported twice in one stream", []any{reported}, report{Facts: facts()}, nil, "lesson.already-reported"},
		{"reported again after it was voided", []any{reported, voided}, report{Facts: facts()}, nil, "lesson.already-reported"},

		{"corrected without naming the event", []any{reported}, correct{Reason: reason, Facts: corrected.Facts}, []any{corrected}, ""},
		{"corrected by the event's id", []any{reported}, correct{Target: commandtest.ID(1), Reason: reason, Facts: corrected.Facts}, []any{corrected}, ""},
		{"corrected a second time", []any{reported, corrected}, correct{Reason: reason, Facts: facts()},
			[]any{record.Corrected[lesson.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: facts()}}, ""},
		{"a correction corrected", []any{reported, corrected}, correct{Target: commandtest.ID(2), Reason: reason, Facts: facts()}, nil, "lesson.wrong-target"},
		{"corrected before any report", nil, correct{Reason: reason, Facts: facts()}, nil, "lesson.not-reported"},
		{"corrected when void", []any{reported, voided}, correct{Reason: reason, Facts: facts()}, nil, "lesson.voided"},
		{"corrected without a reason", []any{reported}, correct{Facts: facts()}, nil, "record.no-reason"},
		{"corrected to what is malformed", []any{reported}, correct{Reason: reason, Facts: facts(kinds("visit"))}, nil, "record.bad-kind"},

		{"voided", []any{reported}, withdraw{Reason: reason}, []any{voided}, ""},
		{"voided by the event's id", []any{reported}, withdraw{Target: commandtest.ID(1), Reason: reason}, []any{voided}, ""},
		{"voided for a sealed reason", []any{reported}, withdraw{Reason: seal.Text{Sealed: &seal.Sealed{Form: 1}}},
			[]any{record.Voided[lesson.Facts]{Target: commandtest.ID(1), Reason: seal.Text{Sealed: &seal.Sealed{Form: 1}}}}, ""},
		{"voided after a correction", []any{reported, corrected}, withdraw{Reason: reason}, []any{voided}, ""},
		{"a correction voided", []any{reported, corrected}, withdraw{Target: commandtest.ID(2), Reason: reason}, nil, "lesson.wrong-target"},
		{"voided twice", []any{reported, voided}, withdraw{Reason: reason}, nil, "lesson.voided"},
		{"voided before any report", nil, withdraw{Reason: reason}, nil, "lesson.not-reported"},
		{"voided without a reason", []any{reported}, withdraw{}, nil, "record.no-reason"},
		{"voided under another event's id", []any{reported}, withdraw{Target: commandtest.ID(7), Reason: reason}, nil, "lesson.wrong-target"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decide(tt.given, tt.body)
			commandtest.Refused(t, err, code(tt.code))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decided (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMalformedLessons(t *testing.T) {
	tests := []struct {
		name  string
		facts lesson.Facts
		code  string
	}{
		{"no district", facts(func(f *lesson.Facts) { f.District = "" }), "record.no-district"},
		{"a school for a district", facts(func(f *lesson.Facts) { f.District = core }), "record.no-district"},
		{"no kind", facts(kinds()), "record.bad-kind"},
		{"a kind outside the glossary", facts(kinds("demo_lesson", "great_lesson")), "record.bad-kind"},
		{"a kind of another sort of record", facts(kinds("demo_lesson", "visit")), "record.bad-kind"},
		{"a lesson of a wide kind", facts(kinds("open_lesson")), ""},
		{"an air class", facts(kinds("air_class")), ""},
		{"a mode outside the list", facts(mode("hybrid")), "record.bad-mode"},
		{"a unit that is nothing", facts(to(record.Unit{})), "record.bad-unit"},
		{"a unit that is school and group at once", facts(to(record.Unit{School: member, Group: record.Members})), "record.bad-unit"},
		{"a group outside the list", facts(to(record.Unit{Group: "everybody"})), "record.bad-unit"},
		{"a person for a school", facts(to(record.Unit{School: "person-0198c000-0000-7000-8000-000000000031"})), "record.bad-unit"},
		{"the members as a group", facts(to(record.Unit{Group: record.Members})), ""},
		{"a number without a bound", facts(number("3", "")), "record.bad-quantity"},
		{"a bound without a number", facts(number("", record.Exact)), "record.bad-quantity"},
		{"a bound outside the list", facts(number("3", "roughly")), "record.bad-quantity"},
		{"a number with a superfluous zero", facts(number("3.0", record.Exact)), "record.bad-quantity"},
		{"a number with a leading zero", facts(number("03", record.Exact)), "record.bad-quantity"},
		{"a negative number", facts(number("-3", record.Exact)), "record.bad-quantity"},
		{"a number in words", facts(number("三", record.Exact)), "record.bad-quantity"},
		{"half a lesson", facts(number("0.5", record.Exact)), ""},
		{"nought lessons", facts(number("0", record.Exact)), ""},
		{"no number at all", facts(number("", "")), ""},
		{"a measure whose code is another's", facts(measure("人次", "lesson")), "record.bad-measure"},
		{"a measure with a code outside the glossary", facts(measure("节", "foo")), "record.bad-measure"},
		{"a word outside the glossary with a code", facts(measure("位", "lesson")), "record.bad-measure"},
		{"a code without a word", facts(measure("", "lesson")), "record.bad-measure"},
		{"a word outside the glossary", facts(measure("位", "")), ""},
		{"no measure at all", facts(measure("", "")), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decide(nil, report{Facts: tt.facts})
			commandtest.Refused(t, err, code(tt.code))
		})
	}
}

func TestWhatALessonLeavesUnknown(t *testing.T) {
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    lesson.Facts
		want     []record.Unknown
	}{
		{"all is said", "day:2018-04-18", facts(), nil},
		{"several lessons of a term have no one day", "term:2017-2018/2", facts(), nil},
		{"one lesson known to the term", "term:2017-2018/2", facts(number("1", record.Exact)), []record.Unknown{record.UnknownDay}},
		{"one lesson known to the month", "month:2018-04", facts(number("1", record.Exact)), []record.Unknown{record.UnknownDay}},
		{"unnumbered, known to the term", "term:2017-2018/2", facts(number("", "")), []record.Unknown{record.UnknownDay, record.UnknownNumber}},
		{"known to the school year", "schoolyear:2017-2018", facts(), []record.Unknown{record.UnknownTerm}},
		{"nothing is said", calendar.Unknown, lesson.Facts{}, []record.Unknown{record.UnknownCommunity, record.UnknownTerm,
			record.UnknownNumber, record.UnknownSubject, record.UnknownFrom, record.UnknownTo}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns(tt.occurred)); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFoldNeverFails folds events in any order, as a damaged or foreign log
// might hold them: a state has facts and a founding event if it is not absent.
func TestFoldNeverFails(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOf(rapid.SampledFrom([]any{reported, corrected, voided, "an event of another package"})).Draw(t, "events")
		lesson.RecordType.Decider.Fold(commandtest.History(given...))
	})
}
