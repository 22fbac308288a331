package donation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

func TestUnknowns(t *testing.T) {
	quantity, err := record.ParseQuantity("10", "台")
	if err != nil {
		t.Fatal(err)
	}
	all := donation.Facts{Item: seal.Text{Clear: "手提电脑"}, Facts: record.Facts{Community: "community-0198c000-0000-7000-8000-000000000021", Quantity: quantity,
		From: []record.Unit{{School: "school-0198c000-0000-7000-8000-000000000011"}}, To: []record.Unit{{Group: record.Members}}}}
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    donation.Facts
		want     []record.Unknown
	}{
		{"all is said", "day:2018-04-18", all, nil},
		{"known to the term", "term:2017-2018/2", all, []record.Unknown{record.UnknownDay}},
		{"nothing is said", calendar.Unknown, donation.Facts{}, []record.Unknown{record.UnknownCommunity, record.UnknownTerm,
			record.UnknownNumber, record.UnknownItem, record.UnknownFrom, record.UnknownTo}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns(tt.occurred)); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnItemThatNamesSomebodyIsSealed(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": "person-1"}, Stream: "donation-1", Fallback: "source-1"}
	for item, want := range map[string]bool{"手提电脑": false, "李老师的手提电脑": true} {
		got, err := donation.Facts{Item: seal.Text{Clear: item}}.SealBody(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if sealed := got.Item.Sealed != nil; sealed != want {
			t.Errorf("%s is sealed: %v, want %v", item, sealed, want)
		}
	}
}
