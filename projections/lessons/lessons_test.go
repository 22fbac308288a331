package lessons_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/activity"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/lessons"
	"twinledger/projections/projectiontest"
)

type said = projectiontest.Said

var say = projectiontest.Say

var (
	first, second = projectiontest.Key("lesson", 1), projectiontest.Key("lesson", 2)
	core, member  = projectiontest.Key("school", 1), projectiontest.Key("school", 2)
	community     = projectiontest.Key("community", 1)
	reason        = seal.Text{Clear: "写错"}
)

// facts returns so many lessons, "" of an unknown number.
func facts(number string) lesson.Facts {
	f := lesson.Facts{Facts: record.Facts{District: projectiontest.Key("district", 1), Community: community, Kinds: []record.Kind{"demo_lesson", "outreach_lesson"},
		Mode: record.Offline, Subjects: []record.Word{{Text: "语文"}, {Text: "国学"}}, From: []record.Unit{{School: core}}, To: []record.Unit{{School: member}},
		Quantity: record.Quantity{Text: number, Number: number, Measure: record.Measure{Text: "节", Code: "lesson"}}}}
	if number != "" {
		f.Quantity.Bound = record.Exact
	}
	return f
}

func TestModel(t *testing.T) {
	reported := say(first, "day:2018-04-18", record.Reported[lesson.Facts]{Facts: facts("3")})
	corrected := say(first, "day:2018-04-19", record.Corrected[lesson.Facts]{Target: commandtest.ID(1), Reason: reason, Facts: facts("")})
	voided := say(first, "", record.Voided[lesson.Facts]{Target: commandtest.ID(1), Reason: reason})
	line := lessons.Row{Record: first, Occurred: "day:2018-04-18", Facts: facts("3"), Occurrences: 3, Numbered: true, Ordinals: []uint64{1}}
	after := func(row lessons.Row, alter func(*lessons.Row)) map[string]lessons.Row {
		alter(&row)
		return map[string]lessons.Row{row.Record: row}
	}
	tests := []struct {
		name  string
		given []said
		want  map[string]lessons.Row
	}{
		{"nothing", nil, map[string]lessons.Row{}},
		{"reported", []said{reported}, map[string]lessons.Row{first: line}},
		{"corrected to no number", []said{reported, corrected}, after(line, func(r *lessons.Row) {
			r.Occurred, r.Facts, r.Corrected, r.Occurrences, r.Numbered = "day:2018-04-19", facts(""), true, 0, false
			r.Unknowns, r.Ordinals = []record.Unknown{record.UnknownNumber}, []uint64{1, 2}
		})},
		{"voided stays on the register", []said{reported, voided}, after(line, func(r *lessons.Row) { r.Void, r.Ordinals = true, []uint64{1, 2} })},
		{"two lessons", []said{reported, say(second, "day:2018-04-18", record.Reported[lesson.Facts]{Facts: facts("3")})}, map[string]lessons.Row{
			first: line, second: after(line, func(r *lessons.Row) { r.Record, r.Ordinals = second, []uint64{2} })[second]}},
		{"another kind of record", []said{say(projectiontest.Key("visit", 1), "", record.Reported[activity.Visit]{Facts: activity.Visit{}})}, map[string]lessons.Row{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lessons.Model.Replay(projectiontest.Applied(tt.given...)...)); diff != "" {
				t.Errorf("register (-want +got):\n%s", diff)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	row := lessons.Row{Record: first, Occurred: "day:2018-04-18", Facts: facts("3")}
	want := map[string]string{
		lessons.ByCommunity: community, lessons.BySchool: " " + core + " " + member + " ", lessons.BySubject: " 语文 国学 ",
		lessons.ByKind: " demo_lesson open_lesson outreach_lesson open_lesson ", lessons.ByOccurred: "day:2018-04-18",
	}
	got := map[string]string{}
	for _, c := range lessons.Model.Columns {
		got[c.Name] = c.Value(row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}
