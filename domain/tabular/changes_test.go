package tabular_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/org"
	"twinledger/domain/tabular"
)

// TestChangesAreReadAsTheyAreWritten, and without the closing 为 of a word too.
func TestChangesAreReadAsTheyAreWritten(t *testing.T) {
	const a, b = "school-0198c000-0000-7000-8000-000000000001", "school-0198c000-0000-7000-8000-000000000002"
	changes := []org.Change{
		{Kind: org.ChangeConfirmed}, {Kind: org.ChangeIdentified, Keys: []string{a}}, {Kind: org.ChangeAliased, Name: "二小"},
		{Kind: org.ChangeRenamed, On: "2018-02-26", Name: "实验小学"}, {Kind: org.ChangePlacedUnder, On: "2018-03-01", Keys: []string{b}},
		{Kind: org.ChangeMerged, On: "2018-09-01", Keys: []string{a}, Memberships: true}, {Kind: org.ChangeSplit, On: "2019-09-01", Keys: []string{a, b}},
	}
	read, err := tabular.ReadChanges(tabular.WriteChanges(changes, names{}), "school", keys{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(changes, read); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	for word, want := range map[string]org.ChangeKind{"更名": org.ChangeRenamed, "更名为": org.ChangeRenamed, "分设": org.ChangeSplit, "为": "", "改名": ""} {
		read, err := tabular.ReadChanges("变动="+word+"；日期=2018-02-26；名称=实验小学", "school", keys{})
		if (err == nil) != (want != "") || err == nil && read[0].Kind != want {
			t.Errorf("%s is read as %v, %v", word, read, err)
		}
	}
}
