package filing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/filing"
	"twinledger/domain/record"
)

func TestUnknowns(t *testing.T) {
	all := filing.Facts{Facts: record.Facts{Community: "community-0198c000-0000-7000-8000-000000000021",
		From: []record.Unit{{School: "school-0198c000-0000-7000-8000-000000000011"}}}}
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    filing.Facts
		want     []record.Unknown
	}{
		{"all is said", "day:2018-07-03", all, nil},
		{"known to the month", "month:2018-07", all, []record.Unknown{record.UnknownDay}},
		{"nothing is said", calendar.Unknown, filing.Facts{}, []record.Unknown{record.UnknownCommunity, record.UnknownTerm, record.UnknownFrom}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns(tt.occurred)); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
		})
	}
}
