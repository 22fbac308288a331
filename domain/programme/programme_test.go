package programme_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
)

// sample returns a programme with every field filled, new on each call.
func sample() programme.Programme {
	return programme.Programme{
		Format: 1, Code: "zhaike",
		Title:    programme.Words{ZH: "寨科学科教研基地校方案", EN: "Zhaike plan"},
		Source:   "寨科方案 篇6",
		Parties:  []programme.Party{{Role: pairing.Core, Name: programme.Words{ZH: "核心校", EN: "core school"}}},
		Silences: []programme.Words{{ZH: "未写明学期起止", EN: "terms are not dated"}},
		Obligations: []programme.Obligation{
			obligation("zhaike-1"),
			{
				ID: "zhaike-2", Text: programme.Words{ZH: "每学期网络研修", EN: "online research"}, Section: "篇6", Strength: programme.Soft,
				Count: programme.Count{
					AtLeast: 1, Kinds: []record.Kind{"online_research", "research_session"}, Per: programme.PerMemberSchool, Window: programme.Term,
					Direction: programme.ByMember, Modes: []record.Mode{record.Online, record.Mixed}, Subjects: []string{"语文"},
				},
			},
		},
	}
}

func obligation(id string) programme.Obligation {
	return programme.Obligation{
		ID: id, Text: programme.Words{ZH: "每学期送课不少于两节", EN: "at least 2 outreach lessons per term"},
		Section: "篇6", Strength: programme.Hard,
		Count: programme.Count{
			AtLeast: 2, Kinds: []record.Kind{"outreach_lesson"}, Per: programme.PerCommunity, Window: programme.Term,
			Direction: programme.CoreToMember,
		},
		Notes: []programme.Words{{ZH: "未写明按校计", EN: "not said per school"}},
	}
}

func TestProblem(t *testing.T) {
	tests := []struct {
		name  string
		alter func(*programme.Obligation)
		want  string
	}{
		{"as it should be", func(*programme.Obligation) {}, ""},
		{"no English", func(o *programme.Obligation) { o.Text.EN = "" }, ""},
		{"no notes", func(o *programme.Obligation) { o.Notes = nil }, ""},
		{"encouraged", func(o *programme.Obligation) { o.Strength = programme.Soft }, ""},
		{"told of elsewhere", func(o *programme.Obligation) { o.Strength = programme.Practice }, ""},
		{"per member school", func(o *programme.Obligation) { o.Count.Per = programme.PerMemberSchool }, ""},
		{"any direction", func(o *programme.Obligation) { o.Count.Direction = programme.AnyDirection }, ""},
		{"by a member", func(o *programme.Obligation) { o.Count.Direction = programme.ByMember }, ""},
		{"every mode by name", func(o *programme.Obligation) {
			o.Count.Modes = []record.Mode{record.Online, record.Offline, record.Mixed}
		}, ""},
		{"subjects as written", func(o *programme.Obligation) { o.Count.Subjects = []string{"道德与法治"} }, ""},

		{"no Chinese text", func(o *programme.Obligation) { o.Text.ZH = "" }, "text.zh"},
		{"no strength", func(o *programme.Obligation) { o.Strength = "" }, "strength"},
		{"strength in capitals", func(o *programme.Obligation) { o.Strength = "Hard" }, "strength"},
		{"at least none", func(o *programme.Obligation) { o.Count.AtLeast = 0 }, "count.at_least"},
		{"fewer than none", func(o *programme.Obligation) { o.Count.AtLeast = -1 }, "count.at_least"},
		{"no kinds", func(o *programme.Obligation) { o.Count.Kinds = nil }, "count.kinds"},
		{"a kind not in the glossary", func(o *programme.Obligation) { o.Count.Kinds = append(o.Count.Kinds, "outreach") }, "count.kinds"},
		{"an empty kind", func(o *programme.Obligation) { o.Count.Kinds = []record.Kind{""} }, "count.kinds"},
		{"no scope", func(o *programme.Obligation) { o.Count.Per = "" }, "count.per"},
		{"scope not counted yet", func(o *programme.Obligation) { o.Count.Per = "teacher" }, "count.per"},
		{"no window", func(o *programme.Obligation) { o.Count.Window = "" }, "count.window"},
		{"window not counted yet", func(o *programme.Obligation) { o.Count.Window = "school_year" }, "count.window"},
		{"direction unheard of", func(o *programme.Obligation) { o.Count.Direction = "both" }, "count.direction"},
		{"mode unknown", func(o *programme.Obligation) { o.Count.Modes = []record.Mode{record.ModeUnknown} }, "count.modes"},
		{"mode empty", func(o *programme.Obligation) { o.Count.Modes = []record.Mode{record.Online, ""} }, "count.modes"},
		{"two at once, the first is told", func(o *programme.Obligation) { o.Strength, o.Count.AtLeast = "", 0 }, "strength"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := obligation("zhaike-1")
			tt.alter(&o)
			if got := o.Problem(); got != tt.want {
				t.Errorf("Problem = %q, want %q", got, tt.want)
			}
			p := sample()
			p.Obligations = []programme.Obligation{o}
			if err := p.Check(); (err != nil) != (tt.want != "") || err != nil && !errors.Is(err, programme.ErrBadProgramme) {
				t.Errorf("Check = %v, with the problem %q", err, tt.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		alter func(*programme.Programme)
		want  error
	}{
		{"as it should be", func(*programme.Programme) {}, nil},
		{"nothing owed", func(p *programme.Programme) { p.Obligations = nil }, nil},
		{"neither parties nor silences", func(p *programme.Programme) { p.Parties, p.Silences = nil, nil }, nil},
		{"code with digits and dashes", func(p *programme.Programme) { p.Code = "county-1plusn" }, nil},
		{"no format", func(p *programme.Programme) { p.Format = 0 }, programme.ErrBadProgramme},
		{"format of a later program", func(p *programme.Programme) { p.Format = 2 }, programme.ErrBadProgramme},
		{"no code", func(p *programme.Programme) { p.Code = "" }, programme.ErrBadProgramme},
		{"code in capitals", func(p *programme.Programme) { p.Code = "Zhaike" }, programme.ErrBadProgramme},
		{"code in Chinese", func(p *programme.Programme) { p.Code = "寨科" }, programme.ErrBadProgramme},
		{"code begins with a digit", func(p *programme.Programme) { p.Code = "1plusn" }, programme.ErrBadProgramme},
		{"code with two dashes together", func(p *programme.Programme) { p.Code = "a--b" }, programme.ErrBadProgramme},
		{"code with a line end", func(p *programme.Programme) { p.Code = "zhaike\n" }, programme.ErrBadProgramme},
		{"no id", func(p *programme.Programme) { p.Obligations[0].ID = "" }, programme.ErrBadProgramme},
		{"id with a dot", func(p *programme.Programme) { p.Obligations[0].ID = "zhaike.1" }, programme.ErrBadProgramme},
		{"id twice", func(p *programme.Programme) { p.Obligations[1].ID = "zhaike-1" }, programme.ErrBadProgramme},
		{"second obligation malformed", func(p *programme.Programme) { p.Obligations[1].Count.Kinds = nil }, programme.ErrBadProgramme},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := sample()
			tt.alter(&p)
			if err := p.Check(); !errors.Is(err, tt.want) {
				t.Errorf("Check = %v, want %v", err, tt.want)
			}
		})
	}
}

// The digest is stored beside what was judged by it: it may not change.
const sampleDigest = "60399413a2a79d027b74d4b9f087dc742ec7bcc438ff8418fafa807757ad0aef"

func TestDigest(t *testing.T) {
	if got := sample().Digest(); got != sampleDigest {
		t.Errorf("digest of the sample = %s, want %s as released", got, sampleDigest)
	}
	alterations := map[string]func(*programme.Programme){
		"format":         func(p *programme.Programme) { p.Format = 2 },
		"code":           func(p *programme.Programme) { p.Code = "other" },
		"title":          func(p *programme.Programme) { p.Title.EN += "." },
		"source":         func(p *programme.Programme) { p.Source += "。" },
		"role":           func(p *programme.Programme) { p.Parties[0].Role = pairing.Member },
		"name":           func(p *programme.Programme) { p.Parties[0].Name.ZH = "基地校" },
		"parties":        func(p *programme.Programme) { p.Parties = nil },
		"silence":        func(p *programme.Programme) { p.Silences[0].ZH += "。" },
		"obligation id":  func(p *programme.Programme) { p.Obligations[0].ID = "zhaike-3" },
		"text":           func(p *programme.Programme) { p.Obligations[0].Text.ZH += "。" },
		"section":        func(p *programme.Programme) { p.Obligations[0].Section = "篇7" },
		"strength":       func(p *programme.Programme) { p.Obligations[0].Strength = programme.Soft },
		"at least":       func(p *programme.Programme) { p.Obligations[0].Count.AtLeast++ },
		"kinds":          func(p *programme.Programme) { p.Obligations[0].Count.Kinds[0] = "demo_lesson" },
		"per":            func(p *programme.Programme) { p.Obligations[0].Count.Per = programme.PerMemberSchool },
		"window":         func(p *programme.Programme) { p.Obligations[0].Count.Window = "school_year" },
		"direction":      func(p *programme.Programme) { p.Obligations[0].Count.Direction = programme.AnyDirection },
		"modes":          func(p *programme.Programme) { p.Obligations[1].Count.Modes = p.Obligations[1].Count.Modes[:1] },
		"subjects":       func(p *programme.Programme) { p.Obligations[1].Count.Subjects[0] = "数学" },
		"note":           func(p *programme.Programme) { p.Obligations[0].Notes[0].EN += "." },
		"order of rules": func(p *programme.Programme) { o := p.Obligations; o[0], o[1] = o[1], o[0] },
		"fewer rules":    func(p *programme.Programme) { p.Obligations = p.Obligations[:1] },
	}
	seen := map[string]string{sample().Digest(): "the sample"}
	for name, alter := range alterations {
		p := sample()
		alter(&p)
		if before, same := seen[p.Digest()]; same {
			t.Errorf("another %s has the digest of %s", name, before)
		}
		seen[p.Digest()] = name
	}
	if diff := cmp.Diff(sample(), sample()); diff != "" {
		t.Errorf("the sample is not itself:\n%s", diff)
	}
}
