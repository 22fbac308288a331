package httpapi_test

import (
	"cmp"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"twinledger/adapters/httpapi"
	"twinledger/domain"
	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/fault"
	"twinledger/domain/filing"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/duplicates"
	"twinledger/projections/imports"
	"twinledger/projections/journal"
	"twinledger/projections/projectiontest"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

// id returns an id that ends in suffix.
func id(suffix string) string {
	return "01980a6e-7c10-7000-8000-000000000000"[:36-len(suffix)] + suffix
}

// The streams of the sample ledger. The lessons' keys end where a digit's
// predecessor is not a digit.
var (
	county    = "district-" + id("d1")
	first     = "community-" + id("c1")
	second    = "community-" + id("c2")
	core      = "school-" + id("51")
	member    = "school-" + id("52")
	teacher   = "person-" + id("71")
	lessonA   = "lesson-" + id("10")
	lessonB   = "lesson-" + id("19")
	lessonC   = "lesson-" + id("1a")
	posting   = "exchange-" + id("20")
	told      = "exchange-" + id("2f")
	inspected = "inspection-" + id("30")
)

func sealed(keys ...string) seal.Text {
	return seal.Text{Sealed: &seal.Sealed{Form: 1, Keys: keys, Box: "c2VhbGVk"}}
}

// common returns the facts that the sample's records share.
func common(community string, kinds ...record.Kind) record.Facts {
	return record.Facts{
		District: county, Community: community, Kinds: kinds, Mode: record.Offline,
		From: []record.Unit{{School: core}}, To: []record.Unit{{School: member}},
	}
}

// history is the sample ledger.
func history() []projections.Applied {
	demo := common(first, "demo_lesson", "outreach_lesson")
	demo.Title, demo.Subjects, demo.People = seal.Text{Clear: "分数的初步认识 <一>"}, []record.Word{{Text: "数学", Code: "mathematics"}}, []string{teacher}
	demo.Quantity = record.Quantity{Text: "2", Number: "2", Bound: record.Exact, Measure: record.Measure{Text: "节", Code: "lesson"}}
	demo.Evidence, demo.Source = []seal.Text{{Clear: "照片"}}, &record.Source{Import: "import-" + id("a1"), Sheet: 0, Row: 7}
	mended := demo
	mended.Quantity.Text, mended.Quantity.Number = "3", "3"
	vague := common(first, "open_lesson")
	vague.Mode, vague.Title, vague.Remark, vague.To = record.ModeUnknown, sealed(teacher), sealed(teacher, "source-"+id("a2")), []record.Unit{{Group: record.Members}}
	other := common(second, "sync_class")
	other.Subjects = []record.Word{{Text: "语文"}}
	posted := exchange.Facts{Facts: common(first, "support_teaching"), Start: "day:2018-03-01", End: calendar.Unknown}
	posted.People = []string{teacher}
	heard := exchange.Facts{Facts: common(second, "shadow_posting"), Start: calendar.Unknown, End: calendar.Unknown}
	visit := inspection.Facts{Facts: common(first, "supervision"), Findings: []inspection.Finding{{
		Dimension: record.Word{Text: "队伍建设", Code: "team"}, Text: sealed("source-" + id("a2")), Grade: "良好"}}}
	sides := pairing.Facts{Facts: common(first, "pairing"), Basis: pairing.Founding,
		Sides: []pairing.Side{{School: core, Role: pairing.Core}, {School: member, Role: pairing.Member}}}
	h := &recorder{}
	h.add(county, "district.noted", "day:2017-09-01", record.Reported[org.District]{Facts: org.District{Name: "某县"}})
	h.add(first, "community.noted", "day:2017-09-01", record.Reported[org.Community]{Facts: org.Community{District: county, Name: "城关第一教育共同体"}})
	h.add(second, "community.noted", calendar.Unknown, record.Reported[org.Community]{Facts: org.Community{District: county, Name: "河西教育共同体", Provisional: true}})
	h.add("pairing-"+id("41"), "pairing.reported", "day:2017-09-01", record.Reported[pairing.Facts]{Facts: sides})
	h.add(lessonA, "lesson.reported", "day:2018-04-18", record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: demo}})
	h.add(lessonB, "lesson.reported", "term:2017-2018/2", record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: vague}})
	h.add(lessonC, "lesson.reported", "month:2018-05", record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: other}})
	h.add(lessonA, "lesson.corrected", "day:2018-04-19", record.Corrected[lesson.Facts]{Target: id("e5"), Facts: lesson.Facts{Facts: mended}})
	h.add(lessonC, "lesson.voided", calendar.Unknown, record.Voided[lesson.Facts]{Target: id("e7")})
	h.add(posting, "exchange.started", "day:2018-03-01", exchange.Started{Facts: posted})
	h.add(posting, "exchange.completed", "day:2018-06-30", exchange.Completed{})
	h.add(told, "exchange.reported", "schoolyear:2016-2017", record.Reported[exchange.Facts]{Facts: heard})
	h.add(inspected, "inspection.reported", "day:2018-06-12", record.Reported[inspection.Facts]{Facts: visit})
	h.add("row-"+id("61"), "row.taken", calendar.Unknown, intake.RowTaken{District: county, Community: first, Outcome: intake.Held, Problems: []intake.Problem{{Code: "intake.unknown-category", Column: "类别"}}})
	// The ordinals from here on: 15 to 17 schools and a person, 18 a document that is owed, 19 what it takes, 20 and 21 a school that is another.
	school := func(key, name string) {
		h.add(key, "school.register", "day:2017-09-01", record.Reported[org.School]{Facts: org.School{District: county, Name: name, Stage: "小学"}})
	}
	school(core, "城关第一小学")
	school(member, "河西小学")
	h.add(teacher, "person.noted", calendar.Unknown, record.Reported[org.Person]{Facts: org.Person{District: county, School: core, Name: sealed(teacher)}})
	owed := filing.Facts{Facts: common(first, "summary"), Due: "day:2018-07-10"}
	h.add("filing-"+id("80"), "filing.due", "day:2018-03-01", filing.Due{Reported: record.Reported[filing.Facts]{Facts: owed}})
	h.add("filing-"+id("80"), "filing.filed", "day:2018-07-12", filing.Filed{Step: record.Step{People: []string{teacher}, Note: sealed(teacher)}})
	school("school-"+id("53"), "城关一小")
	h.add("school-"+id("53"), "school.identified", calendar.Unknown, org.Identified[org.School]{As: core})
	went := common(first, "visit")
	went.From = []record.Unit{{School: "school-" + id("53")}}
	h.add("visit-"+id("90"), "visit.reported", "day:2018-05-04", record.Reported[activity.Visit]{Facts: activity.Visit{Facts: went}})
	return h.events
}

// A recorder gives events their places.
type recorder struct{ events []projections.Applied }

func (h *recorder) add(stream, name string, occurred calendar.Occurred, fact any) {
	ordinal := uint64(len(h.events) + 1)
	at := time.Date(2018, 7, 3, 8, 0, 0, 0, time.UTC).Add(time.Duration(ordinal) * time.Minute)
	data, err := event.Marshal(fact)
	if err != nil {
		panic(err)
	}
	h.events = append(h.events, projections.Applied{Ordinal: ordinal, Event: event.Event{Fact: fact, Envelope: event.Envelope{
		ID: id("e" + strconv.FormatUint(ordinal, 16)), Stream: event.StreamName("k3m7x2qdtf", stream), Type: name, Version: 1,
		Occurred: occurred, Recorded: event.InstantOf(at), Actor: "clerk-" + strconv.FormatUint(1+ordinal%2, 10), Unit: core, Command: id("f1"), Data: data,
	}}})
}

// remember returns a read model over events, found by replaying them.
func remember[S any](model projections.Model[S], events []projections.Applied) projectiontest.Rows[S] {
	return projectiontest.Rows[S]{Model: model, Events: events}
}

// An indexed journal is one whose running hashes are made of the ordinals, so that a
// test can tell them by sight.
type indexed struct{ projectiontest.Journal }

func (j indexed) Events(ctx context.Context, q journal.Question) ([]journal.Row, error) {
	found, err := j.Journal.Events(ctx, q)
	for i, row := range found {
		hash := [32]byte{byte(row.Ordinal)}
		found[i].Hash = journal.Hash(hex.EncodeToString(hash[:]))
	}
	return found, err
}

// today is the day of the sample, after all that its records tell of.
const today calendar.Day = "2018-07-31"

// errBadAsOf is what the sample's as-of refuses with.
var errBadAsOf = fault.New(fault.Invalid, "sample.bad-as-of", "看不懂这个时点；请写序号。", "This point cannot be read; write an ordinal.")

// The fakes of the small ports.
type (
	asOf        func(context.Context, string) (uint64, error)
	status      func(context.Context) (httpapi.State, error)
	reviewer    func(context.Context, httpapi.Question) (review.Review, error)
	rows[S any] func(context.Context, projections.Query) ([]S, error)
	follower    func(ctx context.Context, token event.Token) error
	rebuilder   func(context.Context, httpapi.RebuildOrder) (httpapi.Rebuild, error)
)

func (f follower) Await(ctx context.Context, token event.Token) error { return f(ctx, token) }
func (f rebuilder) Rebuild(ctx context.Context, order httpapi.RebuildOrder) (httpapi.Rebuild, error) {
	return f(ctx, order)
}

func (f asOf) Ordinal(ctx context.Context, s string) (uint64, error) { return f(ctx, s) }
func (f asOf) JudgedOn(_ context.Context, given, _ string) (calendar.Day, error) {
	return cmp.Or(calendar.Day(given), today), nil
}
func (f status) Status(ctx context.Context) (httpapi.State, error)             { return f(ctx) }
func (f rows[S]) Select(ctx context.Context, q projections.Query) ([]S, error) { return f(ctx, q) }
func (f rows[S]) Count(ctx context.Context, q projections.Query, _ []string, _ string) ([]projections.Group, error) {
	_, err := f(ctx, q)
	return nil, err
}
func (f reviewer) Review(ctx context.Context, q httpapi.Question) (review.Review, error) {
	return f(ctx, q)
}

func ordinals(_ context.Context, s string) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, errBadAsOf.Because(err)
	}
	return n, nil
}

// reached returns a status whose read models, those served before too, have reached an ordinal.
func reached(head, ordinal uint64) status {
	return func(context.Context) (httpapi.State, error) {
		return httpapi.State{Ledger: "k3m7x2qdtf", Head: head, Reached: ordinal, Projectors: []httpapi.Projector{
			{Name: "served", Ordinal: ordinal}, {Name: "former", Ordinal: ordinal}}}, nil
	}
}

// plainReview computes the review of a community without a programme or records.
func plainReview(_ context.Context, q httpapi.Question) (review.Review, error) {
	term, err := calendar.ReadTerm(q.Term)
	if err != nil {
		return review.Review{}, err
	}
	return review.Compute(review.Input{Ledger: "k3m7x2qdtf", Ordinal: 14, JudgedOn: calendar.Day(q.JudgedOn), Term: term, Community: review.NamedKey{Key: q.Community},
		Recorded: event.InstantOf(time.Date(2018, 7, 3, 8, 0, 0, 0, time.UTC))}), nil
}

// sample returns the configuration over the sample ledger.
func sample() httpapi.Config {
	events := history()
	return httpapi.Config{
		Registers:  registers.Reader{Rows: remember(records.Model, events)},
		Duplicates: duplicates.Reader{Records: remember(records.Model, events), Decisions: remember(duplicates.Model, events)},
		Imports:    remember(imports.Model, events),
		Journal:    indexed{projectiontest.Journal{Of: events}}, Reviewer: reviewer(plainReview), AsOf: asOf(ordinals), Status: reached(22, 22),
		Ready: func(context.Context) error { return nil }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "1.0.0-sample",
		Follower: follower(func(context.Context, event.Token) error { return nil }), CommandGateway: sampleDesk(),
		Rebuilder:   rebuilder(sampleRebuild),
		Definitions: domain.Commands(), CommandID: func(actor, key string) string { return event.UUIDv5("k3m7x2qdtf", actor, key).String() }, Secret: "sample-secret",
	}
}

func handler(t testing.TB, config httpapi.Config) http.Handler {
	t.Helper()
	h, err := httpapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request with the id "sample".
func ask(h http.Handler, method, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Header.Set("X-Request-Id", "sample")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
