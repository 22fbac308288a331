package exchange_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/exchange"
	"twinledger/domain/org"
	"twinledger/domain/placement"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

const ledger = "k3m7q2xw5a"

// A bureau is a handler over a log in memory that knows a district, two schools
// and two people.
type bureau struct {
	*command.Handler
	log      *memlog.Log
	clock    *commandtest.Clock
	district string
	schools  [2]string
	people   [2]string
	ids      int
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	o := &bureau{log: memlog.New(), clock: commandtest.ClockAt("2018-02-01T08:00:00.000Z")}
	o.Handler = &command.Handler{Ledger: ledger, Log: o.log, Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: o.clock, Vault: &sealtest.Vault{}, Names: sealtest.Names{}, Patience: 500 * time.Millisecond}
	o.district = o.must(t, o.request("district.register", "", "", record.Report[org.District]{Facts: org.District{Name: "清涧县"}})).Stream
	for i, name := range []string{"甲小学", "乙小学"} {
		o.schools[i] = o.must(t, o.request("school.note", "", "", record.Report[org.School]{Facts: org.School{District: o.district, Name: name}})).Stream
	}
	for i, name := range []string{"李老师", "王老师"} {
		o.people[i] = o.must(t, o.request("person.note", "", "", record.Report[org.Person]{Facts: org.Person{District: o.district, School: o.schools[0], Name: seal.Text{Clear: name}}})).Stream
	}
	return o
}

// request returns a command under the next id.
func (o *bureau) request(name, stream string, day calendar.Day, body any) command.Request {
	o.ids++
	req := command.Request{ID: commandtest.ID(o.ids), Name: name, Stream: stream, Body: body, Actor: "clerk"}
	if day != "" {
		req.Occurred = calendar.OnDay(day)
	}
	return req
}

func (o *bureau) must(t *testing.T, req command.Request) command.Outcome {
	t.Helper()
	done, err := o.Handle(t.Context(), req)
	if err != nil {
		t.Fatalf("%s: %v", req.Name, err)
	}
	return done
}

// posting returns a posting of the first person, altered.
func (o *bureau) posting(start, end calendar.Occurred, alter ...func(*exchange.Facts)) exchange.Facts {
	f := facts(lasting(start, end))
	f.District, f.From, f.To, f.People = o.district, []record.Unit{{School: o.schools[0]}}, []record.Unit{{School: o.schools[1]}}, []string{o.people[0]}
	for _, a := range alter {
		a(&f)
	}
	return f
}

func (o *bureau) starting(start, end calendar.Occurred, alter ...func(*exchange.Facts)) command.Request {
	return o.request("exchange.start", "", "", exchange.Start{Facts: o.posting(start, end, alter...)})
}

// claims returns what is claimed of the first person, by exchange.
func (o *bureau) claims(t *testing.T) map[string][]calendar.Period {
	t.Helper()
	history, err := o.Load(t.Context(), placement.Key(o.people[0]))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]calendar.Period{}
	for _, c := range placement.Decider.Fold(history).Claims {
		out[c.Exchange] = c.Days
	}
	return out
}

func (o *bureau) wantClaims(t *testing.T, want map[string][]calendar.Period) {
	t.Helper()
	if diff := cmp.Diff(want, o.claims(t)); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func completing(o *bureau, stream string, day calendar.Day) command.Request {
	return o.request("exchange.complete", stream, day, record.TakeStep[exchange.Completed, *exchange.Completed]{})
}

func spring(from, to calendar.Day) []calendar.Period {
	return []calendar.Period{{First: from, Last: to}}
}

func TestNobodyIsInTwoPlaces(t *testing.T) {
	tests := []struct {
		name   string
		second func(*bureau) command.Request
		code   string
	}{
		{"a day in common", func(o *bureau) command.Request { return o.starting("day:2018-07-06", "day:2018-08-01") }, "exchange.overlap"},
		{"the first day in common, its end unknown", func(o *bureau) command.Request { return o.starting("day:2018-07-06", "unknown") }, "exchange.overlap"},
		{"the day after", func(o *bureau) command.Request { return o.starting("day:2018-07-07", "day:2018-08-01") }, ""},
		{"before, its end unknown", func(o *bureau) command.Request { return o.starting("day:2018-01-07", "unknown") }, ""},
		{"in part", func(o *bureau) command.Request {
			return o.starting("day:2018-04-01", "day:2018-05-01", kind("itinerant_teaching"))
		}, ""},
		{"nobody knows whether in full", func(o *bureau) command.Request { return o.starting("day:2018-04-01", "day:2018-05-01", kind("swap")) }, ""},
		{"reported afterwards", func(o *bureau) command.Request {
			return o.request("exchange.report", "", "", report{Facts: o.posting("day:2018-04-01", "day:2018-05-01")})
		}, ""},
		{"applied for", func(o *bureau) command.Request {
			return o.request("exchange.apply", "", "", report{Facts: o.posting("day:2018-04-01", "day:2018-05-01")})
		}, ""},
		{"somebody else", func(o *bureau) command.Request {
			return o.starting("day:2018-04-01", "day:2018-05-01", func(f *exchange.Facts) { f.People = o.people[1:] })
		}, ""},
		{"two people, one of whom is there", func(o *bureau) command.Request {
			return o.starting("day:2018-04-01", "day:2018-05-01", func(f *exchange.Facts) { f.People = []string{o.people[1], o.people[0]} })
		}, "exchange.overlap"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newBureau(t)
			first := o.must(t, o.starting("day:2018-03-01", "day:2018-07-06")).Stream
			second := tt.second(o)
			done, err := o.Handle(t.Context(), second)
			if !commandtest.Refused(t, err, code(tt.code)) {
				if len(done.Events) != 1 {
					t.Errorf("%d events", len(done.Events))
				}
				return
			}
			o.wantClaims(t, map[string][]calendar.Period{first: spring("2018-03-01", "2018-07-06")})
			history, _ := o.Load(t.Context(), placement.Key(o.people[1]))
			if left := placement.Decider.Fold(history).Claims; len(left) > 0 {
				t.Errorf("the refused command left %v", left)
			}
		})
	}
}

// TestClaimsFollowTheCourse changes one posting by every way that moves its days.
func TestClaimsFollowTheCourse(t *testing.T) {
	o := newBureau(t)
	one := o.must(t, o.starting("day:2018-03-01", "day:2018-07-06")).Stream
	o.must(t, completing(o, one, "2018-04-30"))
	o.wantClaims(t, map[string][]calendar.Period{one: spring("2018-03-01", "2018-04-30")})

	asked := o.must(t, o.request("exchange.apply", "", "", report{Facts: o.posting("day:2018-05-01", "day:2018-07-06")})).Stream
	o.must(t, o.request("exchange.approve", asked, "", record.TakeStep[exchange.Approved, *exchange.Approved]{Step: exchange.Approved{Step: office}}))
	o.wantClaims(t, map[string][]calendar.Period{one: spring("2018-03-01", "2018-04-30")})
	_, err := o.Handle(t.Context(), o.request("exchange.start", asked, "2018-04-30", exchange.Start{}))
	commandtest.Refused(t, err, exchange.ErrOverlap)
	o.must(t, o.request("exchange.start", asked, "2018-05-02", exchange.Start{}))
	o.wantClaims(t, map[string][]calendar.Period{one: spring("2018-03-01", "2018-04-30"), asked: spring("2018-05-02", "2018-07-06")})

	_, err = o.Handle(t.Context(), o.request("exchange.void", one, "", withdraw{Target: o.last(t, one), Reason: reason}))
	commandtest.Refused(t, err, exchange.ErrOverlap) // without its completion it would last until July
	_, err = o.Handle(t.Context(), o.request("exchange.correct", one, "", correct{Reason: reason, Facts: o.posting("day:2018-03-01", "day:2018-05-02")}))
	commandtest.Refused(t, err, exchange.ErrOverlap)
	o.must(t, o.request("exchange.correct", one, "", correct{Reason: reason, Facts: o.posting("day:2018-03-01", "day:2018-05-01")}))
	o.must(t, o.request("exchange.interrupt", asked, "2018-06-01", record.TakeStep[exchange.Interrupted, *exchange.Interrupted]{}))
	o.wantClaims(t, map[string][]calendar.Period{one: spring("2018-03-01", "2018-05-01"), asked: spring("2018-05-02", "2018-05-31")})
	meanwhile := o.must(t, o.starting("day:2018-06-10", "day:2018-06-20")).Stream
	_, err = o.Handle(t.Context(), o.request("exchange.resume", asked, "2018-06-20", record.TakeStep[exchange.Resumed, *exchange.Resumed]{}))
	commandtest.Refused(t, err, exchange.ErrOverlap)
	o.must(t, o.request("exchange.resume", asked, "2018-06-21", record.TakeStep[exchange.Resumed, *exchange.Resumed]{}))
	o.must(t, o.request("exchange.void", meanwhile, "", withdraw{Reason: reason}))
	o.must(t, o.request("exchange.correct", one, "", correct{Reason: reason, Facts: o.posting("day:2018-03-01", "day:2018-05-01", share(exchange.Part))}))
	o.wantClaims(t, map[string][]calendar.Period{asked: {{First: "2018-05-02", Last: "2018-05-31"}, {First: "2018-06-21", Last: "2018-07-06"}}})
}

// last returns the id of a stream's last event.
func (o *bureau) last(t *testing.T, stream string) string {
	t.Helper()
	history, err := o.Load(t.Context(), stream)
	if err != nil || len(history) == 0 {
		t.Fatalf("%s: %d events, %v", stream, len(history), err)
	}
	return history[len(history)-1].ID
}

// TestTwoAtOnce lets several commands want one person at the same moment.
func TestTwoAtOnce(t *testing.T) {
	const rounds, rivals = 20, 4
	for range rounds {
		o := newBureau(t)
		o.Patience = 10 * time.Second
		var reqs []command.Request
		for range rivals {
			reqs = append(reqs, o.starting("day:2018-03-01", "day:2018-07-06"))
		}
		errs := make([]error, rivals)
		var all sync.WaitGroup
		for i, req := range reqs {
			all.Go(func() { _, errs[i] = o.Handle(context.Background(), req) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, exchange.ErrOverlap) {
				t.Errorf("refused with %v", err)
			}
		}
		if won != 1 || len(o.claims(t)) != 1 {
			t.Fatalf("%d of %d postings started, %d claims stand; want one", won, rivals, len(o.claims(t)))
		}
	}
}

// A cutLog loses the connection for good before it stores anything in an
// exchange's stream.
type cutLog struct{ command.Log }

var errCut = errors.New("connection lost")

func (l cutLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	if records[0].Envelope.Kind() == "exchange" {
		return event.Appended{}, errCut
	}
	return l.Log.Append(ctx, stream, expected, records...)
}

// crashed carries out a command whose process is cut off after its claim.
func (o *bureau) crashed(t *testing.T, req command.Request) {
	t.Helper()
	cut := *o.Handler
	cut.Log, cut.Patience = cutLog{o.log}, 500*time.Millisecond
	if _, err := cut.Handle(t.Context(), req); !errors.Is(err, errCut) {
		t.Fatalf("cut off with %v", err)
	}
	if len(o.claims(t)) == 0 {
		t.Fatal("nothing was claimed before the process was cut off")
	}
}

func TestTheSameCommandGoesOnFromItsClaim(t *testing.T) {
	o := newBureau(t)
	req := o.starting("day:2018-03-01", "day:2018-07-06")
	o.crashed(t, req)
	done := o.must(t, req)
	o.wantClaims(t, map[string][]calendar.Period{done.Stream: spring("2018-03-01", "2018-07-06")})
	if history, _ := o.Load(t.Context(), placement.Key(o.people[0])); len(history) != 1 {
		t.Errorf("the placement has %d events, want the one claim", len(history))
	}
}

func TestAnAbandonedClaimGivesWay(t *testing.T) {
	tests := map[string]time.Duration{"a fresh one, waited for": 0, "an old one": time.Hour}
	for name, age := range tests {
		t.Run(name, func(t *testing.T) {
			o := newBureau(t)
			left := o.starting("day:2018-03-01", "day:2018-07-06")
			o.crashed(t, left)
			o.clock.Move(age)
			won := o.must(t, o.starting("day:2018-04-01", "day:2018-05-01")).Stream
			_, err := o.Handle(t.Context(), left)
			commandtest.Refused(t, err, exchange.ErrAbandoned)
			stream := event.StreamKey(event.StreamOf(ledger, left.ID, "exchange"))
			history, err := o.Load(t.Context(), stream)
			if err != nil || exchange.Decider.Fold(history).Phase != exchange.StageVoid {
				t.Errorf("the abandoned start is not void: %+v, %v", history, err)
			}
			if days := o.claims(t)[won]; !cmp.Equal(days, spring("2018-04-01", "2018-05-01")) {
				t.Errorf("the days are claimed as %v", days)
			}
		})
	}
}

// TestAnAbandonedResumption: the abandoned step was none of a new stream.
func TestAnAbandonedResumption(t *testing.T) {
	o := newBureau(t)
	one := o.must(t, o.starting("day:2018-03-01", "day:2018-07-06")).Stream
	o.must(t, o.request("exchange.interrupt", one, "2018-04-01", record.TakeStep[exchange.Interrupted, *exchange.Interrupted]{}))
	resume := o.request("exchange.resume", one, "2018-05-02", record.TakeStep[exchange.Resumed, *exchange.Resumed]{})
	o.crashed(t, resume)
	two := o.must(t, o.starting("day:2018-05-02", "day:2018-05-10")).Stream
	_, err := o.Handle(t.Context(), resume)
	commandtest.Refused(t, err, exchange.ErrOverlap)
	later := o.request("exchange.resume", one, "2018-05-11", record.TakeStep[exchange.Resumed, *exchange.Resumed]{})
	o.must(t, later)
	o.wantClaims(t, map[string][]calendar.Period{
		one: {{First: "2018-03-01", Last: "2018-03-31"}, {First: "2018-05-11", Last: "2018-07-06"}},
		two: spring("2018-05-02", "2018-05-10"),
	})
}

// TestASlowStarterIsStopped: whoever was given up for lost comes back, and finds
// that the other's posting stands.
func TestASlowStarterIsStopped(t *testing.T) {
	o := newBureau(t)
	slow := *o.Handler
	slow.Log = slowLog{Log: o.log, before: func() {
		o.clock.Move(time.Hour)
		o.must(t, o.starting("day:2018-04-01", "day:2018-05-01"))
	}, once: &sync.Once{}}
	_, err := slow.Handle(t.Context(), o.starting("day:2018-03-01", "day:2018-07-06"))
	commandtest.Refused(t, err, exchange.ErrAbandoned)
}

// A slowLog lets others go first when an exchange is to be stored.
type slowLog struct {
	command.Log
	before func()
	once   *sync.Once
}

func (l slowLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	if records[0].Envelope.Kind() == "exchange" {
		l.once.Do(l.before)
	}
	return l.Log.Append(ctx, stream, expected, records...)
}
