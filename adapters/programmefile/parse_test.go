package programmefile_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"twinledger/adapters/programmefile"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
)

// small is a plan with every field; the tables below spoil it line by line.
const small = `format: 1
code: example
title: {zh: 样例方案, en: example plan}
source: 样例方案 第一篇
parties:
  - {role: core_school, zh: 核心校, en: core school}
silences:
  - {zh: 未写明学期起止, en: terms are not dated}
obligations:
  - id: example-1
    zh: 每学期送课不少于两节
    en: at least 2 outreach lessons per term
    section: 第一篇
    strength: hard
    count:
      at_least: 2
      kinds: [outreach_lesson, demo_lesson]
      per: community
      window: term
      direction: core_to_member
      modes: [offline, mixed]
      subjects: [语文, 数学]
    notes:
      - {zh: 未写明按校计, en: not said per school}
`

// lines returns small with lines replaced, by number from 1. A replacement may
// hold several lines or, as drop, none.
func lines(replace map[int]string) string {
	all := strings.Split(strings.TrimSuffix(small, "\n"), "\n")
	var out []string
	for i, line := range all {
		if text, ok := replace[i+1]; ok {
			line = text
		}
		if line != drop {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

const drop = "\x00drop"

var smallTree = programme.Programme{
	Format: 1, Code: "example", Title: programme.Words{ZH: "样例方案", EN: "example plan"}, Source: "样例方案 第一篇",
	Parties:  []programme.Party{{Role: pairing.Core, Name: programme.Words{ZH: "核心校", EN: "core school"}}},
	Silences: []programme.Words{{ZH: "未写明学期起止", EN: "terms are not dated"}},
	Obligations: []programme.Obligation{{
		ID: "example-1", Text: programme.Words{ZH: "每学期送课不少于两节", EN: "at least 2 outreach lessons per term"},
		Section: "第一篇", Strength: programme.Hard,
		Count: programme.Count{
			AtLeast: 2, Kinds: []record.Kind{"demo_lesson", "outreach_lesson"}, Per: programme.PerCommunity, Window: programme.Term,
			Direction: programme.CoreToMember, Modes: []record.Mode{record.Offline, record.Mixed}, Subjects: []string{"语文", "数学"},
		},
		Notes: []programme.Words{{ZH: "未写明按校计", EN: "not said per school"}},
	}},
}

// faults returns the faults that Parse joined.
func faults(t interface {
	Helper()
	Fatalf(string, ...any)
}, err error) []*fault.Error {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("Parse returned %T, want joined faults", err)
	}
	var out []*fault.Error
	for _, e := range joined.Unwrap() {
		f, ok := errors.AsType[*fault.Error](e)
		if !ok {
			t.Fatalf("Parse joined %T, want *fault.Error", e)
		}
		out = append(out, f)
	}
	return out
}

func TestParse(t *testing.T) {
	minimal := smallTree
	minimal.Parties, minimal.Silences, minimal.Obligations = nil, nil, []programme.Obligation{}
	chinese := minimal
	chinese.Title.EN = ""
	several := minimal
	several.Silences = []programme.Words{{ZH: "第一行\n第二行"}, {ZH: "甲: 乙, 丙"}}
	backslash := smallTree
	backslash.Source = `C:\users`
	const head = "format: 1\ncode: example\ntitle: {zh: 样例方案, en: example plan}\nsource: 样例方案 第一篇\n"
	tests := []struct {
		name string
		file string
		want programme.Programme
	}{
		{"every field", small, smallTree},
		{"saved by Windows Notepad", "\uFEFF" + strings.ReplaceAll(small, "\n", "\r\n"), smallTree},
		{"saved with bare carriage returns", strings.ReplaceAll(small, "\n", "\r"), smallTree},
		{"no line end after the last line", strings.TrimSuffix(small, "\n"), smallTree},
		{"between document marks", "---\n" + small + "...\n", smallTree},
		{"in braces", "{format: 1, code: example, title: {zh: 样例方案, en: example plan}, source: 样例方案 第一篇, obligations: []}", minimal},
		{"no obligations", head + "obligations: []\n", minimal},
		{"no English", "format: 1\ncode: example\ntitle: {zh: 样例方案}\nsource: 样例方案 第一篇\nobligations: []\n", chinese},
		{"texts in every style", head + "obligations: []\nsilences:\n  - zh: |\n      第一行\n      第二行\n  - zh: \"甲: 乙, 丙\"\n", several},
		{"a backslash in single quotes", strings.Replace(small, "样例方案 第一篇", `'C:\users'`, 1), backslash},
		{"fields in another order", "obligations: []\n" + head, minimal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := programmefile.Parse("plan.yaml", []byte(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("tree differs (-want +got):\n%s", diff)
			}
			if err := got.Check(); err != nil {
				t.Errorf("the tree read does not pass Check: %v", err)
			}
		})
	}
}

func TestParseRefusals(t *testing.T) {
	tests := []struct {
		name string
		file string
		want string // line:column code, one each, in order
	}{
		{"nothing", "", "1:1 empty"},
		{"comments only", "# 方案\n", "1:1 empty"},
		{"a word", "方案\n", "1:1 not-a-mapping"},
		{"a list", "- format: 1\n", "1:1 not-a-mapping"},
		{"empty braces", "{}\n", "1:1 missing-field, 1:1 missing-field, 1:1 missing-field, 1:1 missing-field, 1:1 missing-field"},
		{"two plans", small + "---\n" + small, "25:1 several-documents"},
		{"a mark at the end", small + "---\n", "25:1 several-documents"},
		{"a second plan after an end mark", small + "...\n" + small, "26:1 several-documents"},

		{"format of a later program", lines(map[int]string{1: "format: 2", 2: "kode: x"}), "1:9 unknown-format"},
		{"format in quotes", lines(map[int]string{1: "format: '1'"}), "1:9 not-a-number"},
		{"no format", lines(map[int]string{1: drop}), "1:1 missing-field"},
		{"code in capitals", lines(map[int]string{2: "code: Example"}), "2:7 bad-value"},
		{"code in Chinese", lines(map[int]string{2: "code: 样例"}), "2:7 bad-value"},
		{"code is a number", lines(map[int]string{2: "code: 2017"}), "2:7 not-text"},
		{"title without parts", lines(map[int]string{3: "title: 样例方案"}), "3:8 not-a-mapping"},
		{"title in English only", lines(map[int]string{3: "title: {en: x}"}), "3:8 missing-field"},
		{"title is a list", lines(map[int]string{3: "title: [样例]"}), "3:8 not-a-mapping"},
		{"empty source", lines(map[int]string{4: "source:"}), "4:1 missing-field"},
		{"blank source", lines(map[int]string{4: "source: '  '"}), "4:1 missing-field"},
		{"source null", lines(map[int]string{4: "source: ~"}), "4:1 missing-field"},
		{"source is a number", lines(map[int]string{4: "source: 12"}), "4:9 not-text"},
		{"source is yes or no", lines(map[int]string{4: "source: true"}), "4:9 not-text"},
		{"source is not a number", lines(map[int]string{4: "source: .nan"}), "4:9 not-text"},
		{"source is infinite", lines(map[int]string{4: "source: .inf"}), "4:9 not-text"},
		{"source is a list", lines(map[int]string{4: "source: [甲]"}), "4:9 not-text"},
		{"source has an escaped bell", lines(map[int]string{4: `source: "甲\a"`}), "4:9 bad-character"},
		{"empty parties", lines(map[int]string{5: "parties:", 6: drop}), "5:1 missing-field"},
		{"parties as fields", lines(map[int]string{6: "  base_school: 基地校"}), "6:3 not-a-list"},
		{"unknown role", lines(map[int]string{6: "  - {role: core, zh: 核心校}"}), "6:12 bad-value"},
		{"role in Chinese", lines(map[int]string{6: "  - {role: 基地校, zh: 基地校}"}), "6:12 bad-value"},
		{"role twice", lines(map[int]string{6: "  - {role: core_school, zh: 甲}\n  - {role: core_school, zh: 乙}"}), "7:12 duplicate"},
		{"remark without parts", lines(map[int]string{8: "  - 未写明"}), "8:5 not-a-mapping"},
		{"empty remark", lines(map[int]string{8: "  -"}), "8:4 not-a-mapping"},
		{"comma inside a text", lines(map[int]string{8: "  - {zh: 未写明, 待定, en: x}"}), "8:15 unknown-field"},

		{"no obligations", "format: 1\ncode: x\ntitle: {zh: 甲}\nsource: 乙\n", "1:1 missing-field"},
		{"empty obligations", "format: 1\ncode: x\ntitle: {zh: 甲}\nsource: 乙\nobligations:\n", "5:1 missing-field"},
		{"obligations by id", "format: 1\ncode: x\ntitle: {zh: 甲}\nsource: 乙\nobligations:\n  x-1: {zh: 甲}\n", "6:3 not-a-list"},
		{"obligation is a text", "format: 1\ncode: x\ntitle: {zh: 甲}\nsource: 乙\nobligations:\n  - 送课\n", "6:5 not-a-mapping"},
		{"id ends in a dash", lines(map[int]string{10: "  - id: example-"}), "10:9 bad-value"},
		{"no id", lines(map[int]string{10: "  -"}), "11:5 missing-field"},
		{"no Chinese", lines(map[int]string{11: drop}), "10:5 missing-field"},
		{"no section", lines(map[int]string{13: drop}), "10:5 missing-field"},
		{"section is a number", lines(map[int]string{13: "    section: 6"}), "13:14 not-text"},
		{"misspelt field", lines(map[int]string{14: "    strenght: hard"}), "14:5 unknown-field"},
		{"invented field", lines(map[int]string{14: "    strength: hard\n    owner: 教研室"}), "15:5 unknown-field"},
		{"number as a field", lines(map[int]string{14: "    strength: hard\n    1: 教研室"}), "15:5 unknown-field"},
		{"field in Chinese", lines(map[int]string{14: "    力度: hard"}), "14:5 unknown-field"},
		{"field twice", lines(map[int]string{14: "    strength: hard\n    strength: soft"}), "15:5 duplicate"},
		{"unknown strength", lines(map[int]string{14: "    strength: must"}), "14:15 bad-value"},
		{"strength in capitals", lines(map[int]string{14: "    strength: Hard"}), "14:15 bad-value"},
		{"count is a number", lines(map[int]string{15: "    count: 2", 16: drop, 17: drop, 18: drop, 19: drop, 20: drop, 21: drop, 22: drop}), "15:12 not-a-mapping"},
		{"at least none", lines(map[int]string{16: "      at_least: 0"}), "16:17 bad-value"},
		{"at least minus one", lines(map[int]string{16: "      at_least: -1"}), "16:17 bad-value"},
		{"at least one and a half", lines(map[int]string{16: "      at_least: 1.5"}), "16:17 not-a-number"},
		{"at least, in hexadecimal", lines(map[int]string{16: "      at_least: 0x10"}), "16:17 bad-value"},
		{"at least, in octal", lines(map[int]string{16: "      at_least: 010"}), "16:17 bad-value"},
		{"at least, too many", lines(map[int]string{16: "      at_least: 99999999999999999999"}), "16:17 not-a-number"},
		{"at least, full-width", lines(map[int]string{16: "      at_least: ２"}), "16:17 not-a-number"},
		{"at least, in Chinese", lines(map[int]string{16: "      at_least: 两节"}), "16:17 not-a-number"},
		{"at least a list", lines(map[int]string{16: "      at_least: [2]"}), "16:17 not-a-number"},
		{"no kinds", lines(map[int]string{17: "      kinds: []"}), "17:7 missing-field"},
		{"kind without brackets", lines(map[int]string{17: "      kinds: outreach_lesson"}), "17:14 not-a-list"},
		{"short kind", lines(map[int]string{17: "      kinds: [outreach]"}), "17:15 bad-value"},
		{"kinds in Chinese", lines(map[int]string{17: "      kinds: [送课, 示范课]"}), "17:15 bad-value, 17:19 bad-value"},
		{"kinds with a Chinese comma", lines(map[int]string{17: "      kinds: [outreach_lesson，demo_lesson]"}), "17:15 bad-value"},
		{"kind twice", lines(map[int]string{17: "      kinds: [demo_lesson, demo_lesson]"}), "17:28 duplicate"},
		{"kind is a number", lines(map[int]string{17: "      kinds: [1]"}), "17:15 not-text"},
		{"kind left empty", lines(map[int]string{17: "      kinds:\n        - demo_lesson\n        -"}), "19:10 bad-value"},
		{"unknown scope", lines(map[int]string{18: "      per: member"}), "18:12 bad-value"},
		{"window not yet counted", lines(map[int]string{19: "      window: school_year"}), "19:15 bad-value"},
		{"any direction", lines(map[int]string{20: "      direction: any"}), "20:18 bad-value"},
		{"unknown mode", lines(map[int]string{21: "      modes: [unknown]"}), "21:15 bad-value"},
		{"mode twice", lines(map[int]string{21: "      modes: [online, online]"}), "21:23 duplicate"},
		{"subject is a number", lines(map[int]string{22: "      subjects: [3]"}), "22:18 not-text"},
		{"subject twice", lines(map[int]string{22: "      subjects: [语文, 语文]"}), "22:22 duplicate"},
		{"id twice", small + strings.Join(strings.Split(small, "\n")[9:], "\n"), "25:9 duplicate"},

		{"an anchor", lines(map[int]string{3: "title: &t {zh: 样例}"}), "3:8 unsupported-yaml"},
		{"an alias", lines(map[int]string{3: "title: *t"}), "3:8 unsupported-yaml"},
		{"text begins with a star", lines(map[int]string{4: "source: *样例* 方案"}), "4:9 unsupported-yaml, 4:14 syntax"},
		{"a merge", lines(map[int]string{16: "      <<: {at_least: 2}"}), "16:7 unsupported-yaml, 16:7 missing-field"},
		{"a tag", lines(map[int]string{16: "      at_least: !!int '2'"}), "16:17 unsupported-yaml"},
		{"a directive", "%YAML 1.2\n---\n" + small, "1:1 unsupported-yaml"},
		{"a complex key", lines(map[int]string{2: "? code\n: example"}), "1:1 missing-field, 2:1 unsupported-yaml"},

		{"a backslash in double quotes", lines(map[int]string{4: `source: "C:\users"`}), "4:9 unsupported-yaml"},

		{"full-width colon", lines(map[int]string{4: "source：样例"}), "4:1 syntax"},
		{"no space after the colon", lines(map[int]string{4: "source:样例"}), "4:1 syntax"},
		{"full-width space before a field", lines(map[int]string{4: "\u3000source: 样例"}), "4:1 unknown-field"},
		{"tab as indentation", lines(map[int]string{6: "\t- {role: core_school, zh: 核心校}"}), "6:1 syntax"},
		{"bracket left open", lines(map[int]string{17: "      kinds: [demo_lesson"}), "18:7 syntax"},
		{"quote left open", lines(map[int]string{4: `source: "样例`}), "4:9 syntax"},
		{"colon inside a text", lines(map[int]string{4: "source: 样例: 第一篇"}), "4:9 syntax"},
		{"ragged indentation", lines(map[int]string{13: "     section: 第一篇"}), "12:9 syntax"},

		{"zero-width space", lines(map[int]string{14: "    strength: \u200Bhard"}), "14:15 bad-character"},
		{"byte-order mark inside", lines(map[int]string{1: "format: 1", 2: "\uFEFFcode: example"}), "2:1 bad-character"},
		{"control characters", lines(map[int]string{2: "code: exam\x01ple", 4: "source: 样\x7F例"}), "2:11 bad-character, 4:10 bad-character"},
		{"brackets without end", strings.Repeat("[", 20_000), "1:17 too-deep"},
		{"dashes without end", strings.Repeat("- ", 20_000), "1:17 too-deep"},
		{"large file", small + strings.Repeat("# 注释\n", programmefile.MaxBytes/8), "0: too-large"},
		{"very many words", strings.Repeat("a:\n", 40_000), "0: too-large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree, err := programmefile.Parse("plan.yaml", []byte(tt.file))
			var got []string
			for _, f := range faults(t, err) {
				got = append(got, fmt.Sprintf("%d:%s %s", f.Place.Line, f.Place.Column, strings.TrimPrefix(f.Code, "programmefile.")))
				if f.Kind != fault.Invalid || f.Place.File != "plan.yaml" || f.ZH == "" || f.EN == "" {
					t.Errorf("incomplete fault %+v", f)
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("refusals differ (-want +got):\n%s\n%v", diff, err)
			}
			if !cmp.Equal(tree, programme.Programme{}) {
				t.Errorf("a refused file yields a tree: %+v", tree)
			}
		})
	}
}

func TestParseOtherEncodings(t *testing.T) {
	encode := func(encoded []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return encoded
	}
	tests := []struct {
		name    string
		content []byte
		line    int
		column  string
	}{
		{"GB18030", encode(simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(small))), 3, "13"},
		{"UTF-16 with a mark", encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(small))), 1, "1"},
		{"UTF-16 without a mark", encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(small))), 1, "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := programmefile.Parse("plan.yaml", tt.content)
			all := faults(t, err)
			if len(all) != 1 || !errors.Is(err, programmefile.ErrNotUTF8) {
				t.Fatalf("Parse = %v, want ErrNotUTF8 alone", err)
			}
			want := fault.Place{File: "plan.yaml", Line: tt.line, Column: tt.column}
			if diff := cmp.Diff(want, all[0].Place); diff != "" {
				t.Errorf("place differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseKnowsTheDomainsWords(t *testing.T) {
	for _, e := range record.Glossary() {
		if _, err := programmefile.Parse("plan.yaml", []byte(lines(map[int]string{17: "      kinds: [" + string(e.Kind) + "]"}))); err != nil {
			t.Errorf("kind %s: %v", e.Kind, err)
		}
	}
	roles := strings.Fields(`core_school member_school lead_unit main_school supporting_school guiding_school base_school
		centre_school helping_school head_school cooperating_school supported_school joint_unit partner_school
		alliance_school helped_school guided_school linked_school branch campus paired_school`)
	for _, role := range roles {
		if _, err := programmefile.Parse("plan.yaml", []byte(lines(map[int]string{6: "  - {role: " + role + ", zh: 甲}"}))); err != nil {
			t.Errorf("role %s: %v", role, err)
		}
		facts := pairing.Facts{Basis: pairing.Founding, Sides: []pairing.Side{{School: "school-1", Role: pairing.Role(role)}}}
		if errors.Is(facts.Check(), pairing.ErrBadRole) {
			t.Errorf("role %s is not one of pairings", role)
		}
	}
}

// A publication holds the text and the tree in one event.
func TestLargestPlanFitsOneEvent(t *testing.T) {
	file := []byte(small[:strings.Index(small, "silences:")])
	file = append(file, "obligations: []\nsilences:\n"...)
	for line := "- {zh: '" + strings.Repeat(`"`, 2000) + "'}\n"; len(file)+len(line) < programmefile.MaxBytes; {
		file = append(file, line...)
	}
	tree, err := programmefile.Parse("plan.yaml", file)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := event.Marshal(programme.Published{Programme: tree, File: string(file)})
	if err != nil {
		t.Fatal(err)
	}
	if len(stored) > 900_000 {
		t.Errorf("a plan of %d bytes makes an event of %d", len(file), len(stored))
	}
}
