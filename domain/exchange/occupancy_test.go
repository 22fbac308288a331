package exchange_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/exchange"
	"twinledger/domain/record"
)

func share(s exchange.Share) func(*exchange.Facts) {
	return func(f *exchange.Facts) { f.FullTime = s }
}

func TestShare(t *testing.T) {
	kinds := func(k ...record.Kind) func(*exchange.Facts) { return func(f *exchange.Facts) { f.Kinds = k } }
	tests := []struct {
		name  string
		facts exchange.Facts
		want  exchange.Share
	}{
		{"support teaching", facts(), exchange.Full},
		{"itinerant teaching", facts(kinds("itinerant_teaching")), exchange.Part},
		{"a swap", facts(kinds("swap")), exchange.ShareUnsaid},
		{"support teaching as an exchanged teacher", facts(kinds("exchanged_teacher", "support_teaching")), exchange.Full},
		{"kinds that do not agree", facts(kinds("class_shadowing", "rotation", "support_teaching")), exchange.ShareUnsaid},
		{"said otherwise", facts(share(exchange.Part)), exchange.Part},
		{"a post said to be full-time", facts(kinds("temporary_post"), share(exchange.Full)), exchange.Full},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.facts.Share(); got != tt.want {
				t.Errorf("share %s, want %s", got, tt.want)
			}
		})
	}
}

// fold returns the state after facts.
func fold(facts ...any) exchange.State { return exchange.Decider.Fold(history(facts...)) }

func begun(alter ...func(*exchange.Facts)) exchange.Started {
	return exchange.Started{Facts: facts(alter...)}
}

func told(alter ...func(*exchange.Facts)) record.Reported[exchange.Facts] {
	return record.Reported[exchange.Facts]{Facts: facts(alter...)}
}

func TestServed(t *testing.T) {
	tests := []struct {
		name  string
		state exchange.State
		asOf  calendar.Day
		days  int
		exact bool
	}{
		{"one day", fold(started, on("2018-03-01", exchange.Completed{})), "", 1, true},
		{"to its completion", fold(started, on("2018-03-31", exchange.Completed{})), "", 31, true},
		{"without what was interrupted", fold(started, on("2018-03-11", exchange.Interrupted{}), on("2018-03-21", exchange.Resumed{}), on("2018-03-31", exchange.Completed{})), "", 21, true},
		{"completed while away", fold(started, on("2018-03-11", exchange.Interrupted{}), on("2018-03-31", exchange.Completed{})), "", 10, true},
		{"interrupted on its first day", fold(started, on("2018-03-01", exchange.Interrupted{}), on("2018-03-31", exchange.Completed{})), "", 0, false},
		{"under way, its end unknown", fold(started), "", 1, false},
		{"under way, so far, its end planned", fold(begun(lasting("day:2018-03-01", "day:2018-07-06"))), "2018-03-10", 10, true},
		{"reported with both days", fold(told(lasting("day:2018-03-01", "day:2018-03-10"))), "", 10, true},
		{"reported with months", fold(told(lasting("month:2018-03", "month:2018-05"))), "", 32, false},
		{"reported without days", fold(told(lasting("unknown", "unknown"))), "", 0, false},
		{"approved", fold(applied, approved), "", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if days, exact := tt.state.Served(tt.asOf); days != tt.days || exact != tt.exact {
				t.Errorf("%d days, exact %v; want %d, %v", days, exact, tt.days, tt.exact)
			}
		})
	}
}

func TestOverlaps(t *testing.T) {
	spring := fold(begun(lasting("day:2018-03-01", "day:2018-07-06")))
	terms := calendar.Calendar{"2017-2018": calendar.AssumedYear("2017-2018")}
	none := calendar.Period{}
	tests := []struct {
		name    string
		other   exchange.State
		any     bool
		certain bool
		days    calendar.Period
	}{
		{"a day in common", fold(begun(lasting("day:2018-07-06", "day:2018-08-01"))), true, true, calendar.Period{First: "2018-07-06", Last: "2018-07-06"}},
		{"the day after", fold(begun(lasting("day:2018-07-07", "day:2018-08-01"))), false, false, none},
		{"reported days in common", fold(told(lasting("day:2018-03-05", "day:2018-03-10"))), true, true, calendar.Period{First: "2018-03-05", Last: "2018-03-10"}},
		{"a month that ends in it", fold(told(lasting("day:2018-01-01", "month:2018-03"))), true, true, calendar.Period{First: "2018-03-01", Last: "2018-03-01"}},
		{"a month that may end in it", fold(told(lasting("day:2018-01-01", "month:2018-02"))), false, false, none},
		{"no known end", fold(told(lasting("day:2018-01-01", "unknown"))), true, false, calendar.Period{First: "2018-03-01", Last: "2018-07-06"}},
		{"no known days at all", fold(told(lasting("unknown", "unknown"))), true, false, calendar.Period{First: "2018-03-01", Last: "2018-07-06"}},
		{"reported of another term", fold(commandtest.Dated{When: "term:2017-2018/1", Fact: told(lasting("unknown", "unknown"))}), false, false, none},
		{"reported of the same term", fold(commandtest.Dated{When: "term:2017-2018/2", Fact: told(lasting("unknown", "unknown"))}), true, false, calendar.Period{First: "2018-03-01", Last: "2018-07-06"}},
		{"a swap on these days", fold(begun(kind("swap"), lasting("day:2018-03-05", "day:2018-03-10"))), true, false, calendar.Period{First: "2018-03-05", Last: "2018-03-10"}},
		{"itinerant teaching beside it", fold(begun(kind("itinerant_teaching"), lasting("day:2018-03-05", "day:2018-03-10"))), false, false, none},
		{"one that did not begin", fold(applied, approved), false, false, none},
		{"a void one", fold(begun(lasting("day:2018-03-05", "day:2018-03-10")), voided(commandtest.ID(1))), false, false, none},
		{"one completed before", fold(begun(lasting("day:2018-01-01", "day:2018-04-01")), on("2018-02-01", exchange.Completed{})), false, false, none},
		{"one interrupted meanwhile", fold(begun(lasting("day:2018-01-01", "day:2018-08-31")), on("2018-03-01", exchange.Interrupted{}), on("2018-07-07", exchange.Resumed{})), false, false, none},
		{"one resumed too early", fold(begun(lasting("day:2018-01-01", "day:2018-08-31")), on("2018-03-01", exchange.Interrupted{}), on("2018-07-06", exchange.Resumed{})), true, true, calendar.Period{First: "2018-07-06", Last: "2018-07-06"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want []exchange.Overlap
			if tt.any {
				want = []exchange.Overlap{{Exchanges: [2]string{"a", "b"}, Certain: tt.certain, Days: tt.days}}
			}
			got := exchange.Overlaps(terms, []exchange.Posting{{Exchange: "a", State: spring}, {Exchange: "b", State: tt.other}})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("overlaps (-want +got):\n%s", diff)
			}
		})
	}
}
