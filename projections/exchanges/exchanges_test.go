package exchanges_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/exchange"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/exchanges"
	"twinledger/projections/projectiontest"
)

type said = projectiontest.Said

var say = projectiontest.Say

var (
	key    = projectiontest.Key("exchange", 1)
	reason = seal.Text{Clear: "写错"}
)

func facts(end calendar.Occurred) exchange.Facts {
	return exchange.Facts{Start: "day:2018-03-01", End: end, Facts: record.Facts{District: projectiontest.Key("district", 1), Community: projectiontest.Key("community", 1),
		Kinds: []record.Kind{"support_teaching"}, Mode: record.ModeUnknown, From: []record.Unit{{School: projectiontest.Key("school", 1)}},
		To: []record.Unit{{School: projectiontest.Key("school", 2)}}, People: []string{projectiontest.Key("person", 1)}}}
}

func TestModel(t *testing.T) {
	started := say(key, "day:2018-03-01", exchange.Started{Facts: facts("unknown")})
	completed := say(key, "day:2018-07-06", exchange.Completed{})
	tests := []struct {
		name  string
		given []said
		want  map[string]exchanges.Row
	}{
		{"nothing", nil, map[string]exchanges.Row{}},
		{"started", []said{started}, map[string]exchanges.Row{key: {Record: key, Occurred: "day:2018-03-01", Unknowns: []record.Unknown{record.UnknownEnd}, Ordinals: []uint64{1},
			State: exchange.State{Phase: exchange.Under, Founding: commandtest.ID(1), Occurred: "day:2018-03-01", Facts: facts("unknown")}}}},
		{"completed", []said{started, completed}, map[string]exchanges.Row{key: {Record: key, Occurred: "day:2018-03-01", Ordinals: []uint64{1, 2},
			State: exchange.State{Phase: exchange.Finished, Founding: commandtest.ID(1), Completion: commandtest.ID(2), Occurred: "day:2018-03-01", Facts: facts("day:2018-07-06")}}}},
		{"the completion voided", []said{started, completed, say(key, "", record.Voided[exchange.Facts]{Target: commandtest.ID(2), Reason: reason})},
			map[string]exchanges.Row{key: {Record: key, Occurred: "day:2018-03-01", Unknowns: []record.Unknown{record.UnknownEnd}, Ordinals: []uint64{1, 2, 3},
				State: exchange.State{Phase: exchange.Under, Founding: commandtest.ID(1), Occurred: "day:2018-03-01", Facts: facts("unknown")}}}},
		{"reported and corrected", []said{say(key, "term:2017-2018/2", record.Reported[exchange.Facts]{Facts: facts("unknown")}),
			say(key, "term:2017-2018/1", record.Corrected[exchange.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: facts("day:2018-07-06")})},
			map[string]exchanges.Row{key: {Record: key, Occurred: "term:2017-2018/1", Corrected: true, Ordinals: []uint64{1, 2},
				State: exchange.State{Phase: exchange.Told, Founding: commandtest.ID(1), Occurred: "term:2017-2018/1", Facts: facts("day:2018-07-06")}}}},
		{"voided stays on the roster", []said{say(key, "term:2017-2018/2", record.Reported[exchange.Facts]{Facts: facts("day:2018-07-06")}),
			say(key, "", record.Voided[exchange.Facts]{Target: commandtest.ID(1), Reason: reason})},
			map[string]exchanges.Row{key: {Record: key, Occurred: "term:2017-2018/2", Ordinals: []uint64{1, 2},
				State: exchange.State{Phase: exchange.Void, Founding: commandtest.ID(1), Occurred: "term:2017-2018/2", Facts: facts("day:2018-07-06")}}}},
		{"another kind of record", []said{say(projectiontest.Key("lesson", 1), "", record.Reported[lesson.Facts]{})}, map[string]exchanges.Row{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, exchanges.Model.Replay(projectiontest.Applied(tt.given...)...)); diff != "" {
				t.Errorf("roster (-want +got):\n%s", diff)
			}
		})
	}
}
