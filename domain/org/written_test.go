package org_test

import (
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

func TestNormalName(t *testing.T) {
	tests := []struct{ name, written, want string }{
		{"as it is", "第一小学", "第一小学"},
		{"white space around it", " \t\u3000第一小学\u00a0\r\n", "第一小学"},
		{"lined up with others", "李　明", "李明"},
		{"a line break in a cell", "清涧县\n第一小学", "清涧县第一小学"},
		{"characters of no width", "\ufeff第一\u200b小\u200d学\u2060", "第一小学"},
		{"marks of direction", "\u202e第一\u202c小\u2066学\u2069\u200e\u200f", "第一小学"},
		{"a soft hyphen, a variation selector and blank letters", "第\u00ad一\ufe0f小\u3164学\u2800\u034f\U000e0100", "第一小学"},
		{"control characters", "第一\x00小\x07学\x1b", "第一小学"},
		{"words of Latin letters", "  St  John's\tschool ", "St John's school"},
		{"a number beside Chinese", "第 2 小学", "第 2 小学"},
		{"brackets stay as they are written", "第一小学（东区）", "第一小学（东区）"},
		{"nothing to be seen", " \u200b\u3000\x00", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := org.NormalName(tt.written); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		runes := rapid.SampledFrom([]rune{'李', '明', 'a', '1', ' ', '\u3000', '\n', '\u200b', '\x00', '（', '\u2028', '\xff', '\u202e', '\u2066', '\u00ad', '\u3164', '\ufe0f'})
		name := org.NormalName(string(rapid.SliceOf(runes).Draw(t, "name")))
		if again := org.NormalName(name); again != name {
			t.Errorf("%q becomes %q", name, again)
		}
	})
}

// TestNobodySeesTwoWhereOneIs: what differs in what nobody can see is one school,
// community or person, by whatever command it is named.
func TestNobodySeesTwoWhereOneIs(t *testing.T) {
	o := newTestLedger(t)
	const spaced = "\u3000甲\n小学\u200b "
	o.refuses(t, "district.already-reported", "district.register", "", record.Report[org.District]{Facts: org.District{Name: " 清涧\u200b县"}})
	key := o.must(t, "school.note", "", school{Facts: org.School{District: district, Name: spaced}}).Stream
	o.refuses(t, "school.already-reported", "school.note", "", school{Facts: org.School{District: district, Name: "甲小学"}})
	if s := o.school(t, key); key != org.SchoolKey(ledger, district, "甲小学") || s.Name() != "甲小学" {
		t.Errorf("%s is called %q", key, s.Name())
	}
	o.must(t, "community.note", "", community{Facts: org.Community{District: district, Name: "甲共同体"}})
	o.refuses(t, "community.already-reported", "community.note", "", community{Facts: org.Community{District: district, Name: "甲共同体\n"}})
	who := o.must(t, "person.note", "", person{Facts: org.Person{District: district, School: key, Name: seal.Text{Clear: "李　明"}}}).Stream
	o.refuses(t, "person.already-reported", "person.note", "", person{Facts: org.Person{District: district, School: key, Name: seal.Text{Clear: "\u200b李明"}}})
	if got := o.opened(t, who); got != "李明" {
		t.Errorf("the person is sealed as %q", got)
	}
	o.refuses(t, "org.no-name", "school.note", "", school{Facts: org.School{District: district, Name: "\u200b"}})
	o.refuses(t, "org.no-name", "person.note", "", person{Facts: org.Person{District: district, Name: seal.Text{Clear: "\u200b"}}})

	said := func(name string, body any) command.Outcome {
		t.Helper()
		done, err := o.on(t, name, key, "day:2018-03-01", body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return done
	}
	if done := said("school.rename", org.Renamed{Name: spaced}); len(done.Events) != 0 {
		t.Error("its own name, otherwise spaced, renames it")
	}
	said("school.alias", org.Aliased[org.School]{Alias: seal.Text{Clear: " 一小\n"}})
	if done := said("school.alias", org.Aliased[org.School]{Alias: seal.Text{Clear: "一小"}}); len(done.Events) != 0 {
		t.Error("the alias is added twice")
	}
	renamed := said("school.rename", org.Renamed{Name: " 实验\u3000小学"}).Events[0].ID
	said("school.correct_change", org.ChangeCorrected{Target: renamed, Reason: because, ChangeDetails: org.ChangeDetails{Name: "中心小学\t"}})
	said("school.correct", record.Correct[org.School]{Reason: because, Facts: org.School{District: district, Name: "乙小学 "}})
	if s := o.school(t, key); s.Facts.Name != "乙小学" || s.Name() != "中心小学" || s.Aliases()[0] != "一小" {
		t.Errorf("%+v", s)
	}
	_, err := o.on(t, "school.rename", key, "day:2018-04-01", org.Renamed{Name: "\u200b"})
	commandtest.Refused(t, err, &fault.Error{Code: "org.no-name"})
}

// opened returns the name of a person, as it was first sealed.
func (o *testLedger) opened(t *testing.T, key string) string {
	t.Helper()
	history, err := o.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	name, err := o.vault.Open(t.Context(), *history[0].Fact.(record.Reported[org.Person]).Facts.Name.Sealed, seal.Place(key, org.NameField))
	if err != nil {
		t.Fatal(err)
	}
	return name
}
