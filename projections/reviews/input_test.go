package reviews_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/org"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/projections/reviews"
)

var term = calendar.Term{Year: "2017-2018", Number: 2}

func question(alter ...func(*reviews.Question)) reviews.Question {
	q := reviews.Question{Community: community, Term: term}
	for _, a := range alter {
		a(&q)
	}
	return q
}

func asOf(ordinal uint64) func(*reviews.Question) {
	return func(q *reviews.Question) { q.AsOf = ordinal }
}
func judgedBy(code string) func(*reviews.Question) {
	return func(q *reviews.Question) { q.Published = code }
}
func called(name string) func(*reviews.Question) {
	return func(q *reviews.Question) { q.Community = name }
}

func TestInput(t *testing.T) {
	r := reader(after(surroundings, founded, reportedLesson(1, "课"), held(1, community), reportedLesson(2, "后来的课"))...)
	in, err := r.Input(t.Context(), question(asOf(8)))
	if err != nil {
		t.Fatal(err)
	}
	if in.Ordinal != 8 || in.Hash == [32]byte{} || in.Recorded.String() != "2018-07-03T00:08:00.000Z" {
		t.Errorf("as of %d, %x, %s", in.Ordinal, in.Hash, in.Recorded)
	}
	if in.District.Name != "清涧县" || in.Community.Name != "清涧县第二小学共同体" || in.Ledger != r.Ledger || in.Term != term {
		t.Errorf("of %+v, %+v", in.District, in.Community)
	}
	if len(in.Facts) != 2 || len(in.Held) != 1 || len(in.Calendar) != 1 || in.Programme != nil {
		t.Errorf("%d records, %d held rows, %d years, programme %v; want 2, 1, 1 and none", len(in.Facts), len(in.Held), len(in.Calendar), in.Programme)
	}
	names := map[string]string{}
	for key, s := range in.Schools {
		names[key] = s.Name()
	}
	if diff := cmp.Diff(map[string]string{core: "第二小学", member: "郝家也中心小学"}, names); diff != "" {
		t.Errorf("schools (-want +got):\n%s", diff)
	}
	if all, err := r.Input(t.Context(), question()); err != nil || all.Ordinal != 9 || len(all.Facts) != 3 {
		t.Errorf("of everything known: as of %d, %d records, %v", all.Ordinal, len(all.Facts), err)
	}
}

func TestInputLeavesOutWhatIsVoid(t *testing.T) {
	r := reader(after(surroundings, say(key("calendar", 1), "", record.Voided[org.CalendarYear]{Target: id(5), Reason: reason}))...)
	if in, err := r.Input(t.Context(), question()); err != nil || len(in.Calendar) != 0 {
		t.Errorf("calendar %+v, %v; want none", in.Calendar, err)
	}
}

func TestWhichCommunity(t *testing.T) {
	third := say(key("community", 3), "", record.Voided[org.Community]{Target: id(7), Reason: reason})
	r := reader(after(surroundings, noted(2, "清涧县第三小学共同体"), noted(3, "清涧县第三小学校"), third)...)
	tests := []struct {
		name, wanted, key string
		err               error
	}{
		{"by key", key("community", 2), key("community", 2), nil},
		{"by name", "清涧县第二小学共同体", community, nil},
		{"by a part of the name", "第三小学", key("community", 2), nil},
		{"a part that fits two", "清涧县", "", reviews.ErrAmbiguousCommunity},
		{"a name that fits none", "第四小学", "", reviews.ErrNoCommunity},
		{"no name", "", "", reviews.ErrNoCommunity},
		{"a voided one by name", "清涧县第三小学校", "", reviews.ErrNoCommunity},
		{"a voided one by key", key("community", 3), key("community", 3), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, err := r.Input(t.Context(), question(called(tt.wanted)))
			if !errors.Is(err, tt.err) || tt.err == nil && in.Community.Key != tt.key {
				t.Errorf("found %s, %v; want %s, %v", in.Community.Key, err, tt.key, tt.err)
			}
		})
	}
}

func TestBeforeAnythingWasKnown(t *testing.T) {
	if _, err := reader().Input(t.Context(), question()); !errors.Is(err, reviews.ErrNothingKnown) {
		t.Errorf("of an empty ledger: %v", err)
	}
	if _, err := reader(surroundings...).Input(t.Context(), question(asOf(99))); !errors.Is(err, reviews.ErrNothingKnown) {
		t.Errorf("of an ordinal to come: %v", err)
	}
	if _, err := reader(surroundings...).Input(t.Context(), question(asOf(1))); !errors.Is(err, reviews.ErrNoCommunity) {
		t.Errorf("before the community was noted: %v", err)
	}
}

func TestWhichProgramme(t *testing.T) {
	withdrawn := func(n int) said {
		return say(key("programme", 6), "", programme.Withdrawn{Target: id(n), Reason: reason})
	}
	zhaike := func(from, to calendar.Day) said { return published("zhaike", from, to) }
	tests := []struct {
		name   string
		given  []said // the first is the event 6
		ask    []func(*reviews.Question)
		event  string
		whatIf bool
		err    error
	}{
		{"none published", nil, nil, "", false, nil},
		{"one in force", []said{zhaike("2017-09-01", "")}, nil, id(6), false, nil},
		{"in force on the term's last day only", []said{zhaike("2018-08-31", "2018-08-31")}, nil, id(6), false, nil},
		{"ended before the term's last day", []said{zhaike("2017-09-01", "2018-08-30")}, nil, "", false, nil},
		{"not yet in force", []said{zhaike("2018-09-01", "")}, nil, "", false, nil},
		{"withdrawn", []said{zhaike("2017-09-01", ""), withdrawn(6)}, nil, "", false, nil},
		{"withdrawn later than asked", []said{zhaike("2017-09-01", ""), withdrawn(6)}, []func(*reviews.Question){asOf(6)}, id(6), false, nil},
		{"two, one later in force", []said{zhaike("2018-01-01", ""), zhaike("2017-09-01", "")}, nil, id(6), false, nil},
		{"two from the same day, the later published", []said{zhaike("2017-09-01", ""), zhaike("2017-09-01", "2018-12-31")}, nil, id(7), false, nil},
		{"three from the same day", []said{zhaike("2017-09-01", ""), zhaike("2017-09-01", "2018-12-31"), zhaike("2017-09-01", "2019-12-31")}, nil, id(8), false, nil},
		{"two plans from the same day, the later published", []said{published("qingjian", "2017-09-01", ""), zhaike("2017-09-01", "")}, nil, id(7), false, nil},
		{"two plans from the same day, the other way round", []said{zhaike("2017-09-01", ""), published("qingjian", "2017-09-01", "")}, nil, id(7), false, nil},
		{"by another plan that is in force", []said{published("qingjian", "2017-09-01", ""), zhaike("2017-09-01", "")}, []func(*reviews.Question){judgedBy("qingjian")}, id(6), false, nil},
		{"as if by one not yet in force", []said{zhaike("2018-09-01", "")}, []func(*reviews.Question){judgedBy("zhaike")}, id(6), true, nil},
		{"by the version that is in force", []said{zhaike("2017-09-01", ""), zhaike("2018-09-01", "")}, []func(*reviews.Question){judgedBy("zhaike")}, id(6), false, nil},
		{"by one that is not published", []said{zhaike("2017-09-01", "")}, []func(*reviews.Question){judgedBy("qingjian")}, "", false, reviews.ErrNoProgramme},
		{"by one that is withdrawn", []said{zhaike("2017-09-01", ""), withdrawn(6)}, []func(*reviews.Question){judgedBy("zhaike")}, "", false, reviews.ErrNoProgramme},
		{"by a file", []said{zhaike("2017-09-01", "")}, []func(*reviews.Question){func(q *reviews.Question) { q.Programme = &programme.Programme{Code: "draft"} }}, "", true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, err := reader(after(surroundings, tt.given...)...).Input(t.Context(), question(tt.ask...))
			if !errors.Is(err, tt.err) {
				t.Fatalf("refused with %v, want %v", err, tt.err)
			}
			event, whatIf := "", false
			if in.Programme != nil {
				event, whatIf = in.Programme.Event, in.Programme.WhatIf
			}
			if event != tt.event || whatIf != tt.whatIf {
				t.Errorf("judged by %q, what if %v; want %q, %v", event, whatIf, tt.event, tt.whatIf)
			}
		})
	}
}

func TestOrdinalAt(t *testing.T) {
	r := reader(surroundings...) // recorded at 00:01, 00:02 … of 3 July
	tests := []struct {
		name, instant string
		want          uint64
		err           error
	}{
		{"before the first record", "2018-07-03T00:00:59.999Z", 0, reviews.ErrNothingKnown},
		{"at the first record", "2018-07-03T00:01:00.000Z", 1, nil},
		{"between two", "2018-07-03T00:03:30.000Z", 3, nil},
		{"at the last", "2018-07-03T00:05:00.000Z", 5, nil},
		{"years later", "2028-01-01T00:00:00.000Z", 5, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			instant, err := event.ParseInstant(tt.instant)
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.OrdinalAt(t.Context(), instant)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("ordinal %d, %v; want %d, %v", got, err, tt.want, tt.err)
			}
		})
	}
	if at, err := r.RecordedAt(t.Context(), 3); err != nil || at.String() != "2018-07-03T00:03:00.000Z" {
		t.Errorf("the third was recorded at %s, %v", at, err)
	}
}
