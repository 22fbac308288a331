package inspections_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/command/commandtest"
	"twinledger/domain/inspection"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/inspections"
	"twinledger/projections/projectiontest"
)

type said = projectiontest.Said

var say = projectiontest.Say

var (
	key    = projectiontest.Key("inspection", 1)
	reason = seal.Text{Clear: "写错"}
)

func facts(findings ...inspection.Finding) inspection.Facts {
	return inspection.Facts{Findings: findings, Facts: record.Facts{District: projectiontest.Key("district", 1), Community: projectiontest.Key("community", 1),
		Kinds: []record.Kind{"supervision"}, Mode: record.ModeUnknown, To: []record.Unit{{School: projectiontest.Key("school", 2)}}}}
}

func TestModel(t *testing.T) {
	finding := inspection.Finding{Dimension: record.Word{Text: "师资队伍"}, Text: seal.Text{Sealed: &seal.Sealed{Form: 1, Keys: []string{"source-1"}, Box: "AA=="}}, Grade: "良好"}
	reported := say(key, "day:2018-05-09", record.Reported[inspection.Facts]{Facts: facts()})
	corrected := say(key, "day:2018-05-10", record.Corrected[inspection.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: facts(finding)})
	voided := say(key, "", record.Voided[inspection.Facts]{Target: commandtest.ID(1), Reason: reason})
	tests := []struct {
		name  string
		given []said
		want  map[string]inspections.Row
	}{
		{"nothing", nil, map[string]inspections.Row{}},
		{"reported without findings", []said{reported}, map[string]inspections.Row{key: {Record: key, Occurred: "day:2018-05-09", Facts: facts(),
			Unknowns: []record.Unknown{record.UnknownFindings}, Ordinals: []uint64{1}}}},
		{"corrected to hold findings", []said{reported, corrected}, map[string]inspections.Row{key: {Record: key, Occurred: "day:2018-05-10", Facts: facts(finding),
			Corrected: true, Ordinals: []uint64{1, 2}}}},
		{"voided stays on the register", []said{reported, voided}, map[string]inspections.Row{key: {Record: key, Occurred: "day:2018-05-09", Facts: facts(),
			Unknowns: []record.Unknown{record.UnknownFindings}, Void: true, Ordinals: []uint64{1, 2}}}},
		{"another kind of record", []said{say(projectiontest.Key("lesson", 1), "", record.Reported[lesson.Facts]{})}, map[string]inspections.Row{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, inspections.Model.Replay(projectiontest.Applied(tt.given...)...)); diff != "" {
				t.Errorf("register (-want +got):\n%s", diff)
			}
		})
	}
}
