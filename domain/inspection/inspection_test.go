package inspection_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/fault"
	"twinledger/domain/inspection"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

const school = "school-0198c000-0000-7000-8000-000000000012"

// facts returns an inspection of a school with these findings.
func facts(findings ...inspection.Finding) inspection.Facts {
	return inspection.Facts{Findings: findings, Facts: record.Facts{District: "district-0198c000-0000-7000-8000-000000000001",
		Community: "community-0198c000-0000-7000-8000-000000000021", Kinds: []record.Kind{"supervision"}, Mode: record.ModeUnknown, To: []record.Unit{{School: school}}}}
}

func finding(dimension, text, grade string) inspection.Finding {
	return inspection.Finding{Dimension: record.Word{Text: dimension}, Text: seal.Text{Clear: text}, Grade: grade}
}

func TestCheck(t *testing.T) {
	lessons := facts()
	lessons.Kinds = []record.Kind{"demo_lesson"}
	tests := []struct {
		name  string
		facts inspection.Facts
		code  string
	}{
		{"without findings", facts(), ""},
		{"with findings", facts(finding("师资队伍", "好", "良好"), finding("办学条件", "", "")), ""},
		{"a finding under no dimension", facts(finding("师资队伍", "好", ""), finding("", "好", "")), "inspection.empty-finding"},
		{"a lesson", lessons, "record.bad-kind"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want error
			if tt.code != "" {
				want = &fault.Error{Code: tt.code}
			}
			commandtest.Refused(t, tt.facts.Check(), want)
		})
	}
}

func TestFindingsAreSealed(t *testing.T) {
	s := seal.Sealer{Vault: &sealtest.Vault{}, Names: sealtest.Names{"李老师": "person-1"}, Stream: "inspection-1", Fallback: "source-1"}
	given := facts(finding("师资队伍", "李老师很好", "良好"), finding("办学条件", "", "一般"))
	got, err := given.SealBody(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if text := got.Findings[0].Text; text.Clear != "" || strings.Join(text.Sealed.Keys, " ") != "person-1 source-1" {
		t.Errorf("the finding became %+v", text)
	}
	if given.Findings[0].Text.Clear == "" {
		t.Error("sealing changed the command itself, which may be tried again")
	}
	if diff := cmp.Diff(given.Findings[1], got.Findings[1]); diff != "" {
		t.Errorf("a finding without prose changed:\n%s", diff)
	}
	for _, bad := range []inspection.Finding{finding("李老师", "好", ""), finding("师资队伍", "好", "李老师优")} {
		_, err := facts(bad).SealBody(t.Context(), s)
		commandtest.Refused(t, err, record.ErrNameInClear)
	}
}

func TestUnknowns(t *testing.T) {
	tests := []struct {
		name     string
		occurred calendar.Occurred
		facts    inspection.Facts
		want     []record.Unknown
	}{
		{"all is said", "day:2018-05-09", facts(finding("师资队伍", "好", "")), nil},
		{"known to the term, without findings", "term:2017-2018/2", facts(), []record.Unknown{record.UnknownDay, record.UnknownFindings}},
		{"nothing is said", calendar.Unknown, inspection.Facts{}, []record.Unknown{record.UnknownCommunity, record.UnknownTerm, record.UnknownTo, record.UnknownFindings}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.facts.Unknowns(tt.occurred)); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
		})
	}
}
