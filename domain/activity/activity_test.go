package activity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/record"
)

// facts returns what both sides and the community are known of, so often.
func facts(kind record.Kind, number, measure string) record.Facts {
	q, err := record.ParseQuantity(number, measure)
	if err != nil {
		panic(err)
	}
	return record.Facts{District: "district-0198c000-0000-7000-8000-000000000001", Community: "community-0198c000-0000-7000-8000-000000000021",
		Kinds: []record.Kind{kind}, Mode: record.ModeUnknown, Quantity: q,
		From: []record.Unit{{School: "school-0198c000-0000-7000-8000-000000000011"}}, To: []record.Unit{{Group: record.Members}}}
}

// TestWhatAGatheringLeavesUnknown holds of visits, meetings and research alike.
func TestWhatAGatheringLeavesUnknown(t *testing.T) {
	tests := []struct {
		name            string
		occurred        calendar.Occurred
		number, measure string
		want            []record.Unknown
	}{
		{"on a day", "day:2018-04-18", "1", "次", nil},
		{"on a day, without a number, took place once at least", "day:2018-04-18", "", "", nil},
		{"on a day, only people counted", "day:2018-04-18", "30", "人次", nil},
		{"several times in a term have no one day", "term:2017-2018/2", "3", "次", nil},
		{"once in a term", "term:2017-2018/2", "1", "次", []record.Unknown{record.UnknownDay}},
		{"in a term, without a number", "term:2017-2018/2", "", "次", []record.Unknown{record.UnknownDay, record.UnknownNumber}},
		{"in a term, only people counted", "term:2017-2018/2", "30", "人次", []record.Unknown{record.UnknownDay, record.UnknownOccurrences}},
		{"in a school year", "schoolyear:2017-2018", "1", "次", []record.Unknown{record.UnknownTerm}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for kind, got := range map[string][]record.Unknown{
				"visit":   activity.Visit{Facts: facts("visit", tt.number, tt.measure)}.Unknowns(tt.occurred),
				"meeting": activity.Meeting{Facts: facts("meeting", tt.number, tt.measure)}.Unknowns(tt.occurred),
				"session": activity.Research{Facts: facts("research_session", tt.number, tt.measure)}.Unknowns(tt.occurred),
			} {
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("unknown of a %s (-want +got):\n%s", kind, diff)
				}
			}
		})
	}
}

func TestKindsBelongToTheirBooks(t *testing.T) {
	for name, check := range map[string]func(record.Kind) error{
		"visit":            func(k record.Kind) error { return activity.Visit{Facts: facts(k, "", "")}.Check() },
		"joint_conference": func(k record.Kind) error { return activity.Meeting{Facts: facts(k, "", "")}.Check() },
		"homework_seminar": func(k record.Kind) error { return activity.Research{Facts: facts(k, "", "")}.Check() },
	} {
		t.Run(name, func(t *testing.T) {
			commandtest.Refused(t, check(record.Kind(name)), nil)
			commandtest.Refused(t, check("donation"), record.ErrBadKind)
		})
	}
}
