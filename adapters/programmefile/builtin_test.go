package programmefile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/programmefile"
)

// The digests are stored in ledgers beside the reviews that used them: a plan
// that is changed is another plan. Change a line only with the plan's text.
var digests = map[string]string{
	"county-1plusn": "824ff0cf423e397b1713cc883bb3296fb557185a274d3d09871d879dd9dfab2a",
	"zhaike":        "bcb0d9b38baab8687764bf1468e57c651e087e7cdbaae36e866b21be301b1035",
}

func TestBuiltin(t *testing.T) {
	got := map[string]string{}
	for _, f := range programmefile.Builtin() {
		if err := f.Programme.Check(); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.Name != f.Programme.Code+".yaml" {
			t.Errorf("%s holds the plan %s", f.Name, f.Programme.Code)
		}
		for _, w := range f.Programme.Silences {
			if w.ZH == "" || w.EN == "" {
				t.Errorf("%s: a silence is told in one language only: %+v", f.Name, w)
			}
		}
		got[f.Programme.Code] = f.Programme.Digest()
	}
	if diff := cmp.Diff(digests, got); diff != "" {
		t.Errorf("digests differ (-want +got):\n%s", diff)
	}
}

func TestBuiltinObligations(t *testing.T) {
	want := map[string]string{
		"zhaike-1":         "1 management_seminar per community",
		"zhaike-2":         "2 outreach_lesson per community core_to_member",
		"zhaike-3":         "1 open_classroom per member_school",
		"county-1plusn-13": "2 management_meeting per community by_core",
		"county-1plusn-14": "1 contest_lesson outreach_lesson seminar_lesson showcase_lesson per community by_core",
	}
	got := map[string]string{}
	for _, f := range programmefile.Builtin() {
		for _, o := range f.Programme.Obligations {
			text := string(rune('0' + o.Count.AtLeast))
			for _, k := range o.Count.Kinds {
				text += " " + string(k)
			}
			text += " per " + string(o.Count.Per)
			if o.Count.Direction != "" {
				text += " " + string(o.Count.Direction)
			}
			got[o.ID] = text
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("obligations differ (-want +got):\n%s", diff)
	}
}

func TestBuiltinIsNobodysToChange(t *testing.T) {
	first := programmefile.Builtin()[0]
	first.Content[0] = 'x'
	first.Programme.Obligations[0].ID = "changed"
	second := programmefile.Builtin()[0]
	if second.Content[0] == 'x' || second.Programme.Obligations[0].ID == "changed" {
		t.Error("a change to one caller's plan reached another's")
	}
}

func TestFind(t *testing.T) {
	if f, ok := programmefile.Find("zhaike"); !ok || f.Name != "zhaike.yaml" {
		t.Errorf("Find(zhaike) = %s, %t", f.Name, ok)
	}
	if f, ok := programmefile.Find("zhaike.yaml"); ok {
		t.Errorf("Find takes codes, yet found %s by its file's name", f.Name)
	}
}
