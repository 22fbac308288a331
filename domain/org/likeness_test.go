package org_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/org"
)

func candidate(n int, name string, aliases ...string) org.Candidate {
	return org.Candidate{Key: schoolKey(n), Name: name, Aliases: aliases, District: district, Area: "清涧县"}
}

func TestLikenessOfSchools(t *testing.T) {
	tests := []struct {
		name, other string
		want        org.Likeness
		distance    int
	}{
		{"郝家也中心小学", "郝家也中心小学", org.SameName, 0},
		{"第一小学", "清涧县第一小学", org.Abbreviation, 0},
		{"第一小学", "清涧第一小学", org.Abbreviation, 0},
		{"一小", "第一小学", org.Abbreviation, 0},
		{"一小", "清涧县第一小学", org.Abbreviation, 0},
		{"二中", "第二中学", org.Abbreviation, 0},
		{"中心小学", "郝家也中心小学", org.Abbreviation, 0},
		{"郝小", "郝家也小学", org.Abbreviation, 0},
		{"一小", "第十一小学", "", 0},
		{"第一小学", "第十一小学", "", 0},
		{"第一小学", "第二小学", "", 0},
		{"郝家小学", "郝家中学", "", 0},
		{"城东小学", "城西小学", "", 0},
		{"郝家也中心小学", "郝家也中心小雪", org.TypingError, 1},
		{"郝家也中心小学", "郝也家中心小学", org.TypingError, 1},
		{"郝家也中心小学", "郝家地中心小雪", org.TypingError, 2},
		{"双庙小学", "双妙小学", org.TypingError, 1},
		{"双庙小学", "石盘小学", "", 0},
		{"一校", "二校", "", 0},
		{"甲小学", "乙小学", "", 0},
		{"双庙中心小学", "寨沟中心小学", "", 0},
		{"店则沟九年制学校", "店则沟学校", org.Abbreviation, 0},
		{"郝家也中心小学", "", "", 0},
	}
	for _, tt := range tests {
		got := org.Matches(candidate(1, tt.name), []org.Candidate{candidate(2, tt.other)})
		var likeness org.Likeness
		var distance int
		if len(got) > 0 {
			likeness, distance = got[0].Likeness, got[0].Distance
		}
		if likeness != tt.want || distance != tt.distance {
			t.Errorf("%s and %s: %q at %d, want %q at %d", tt.name, tt.other, likeness, distance, tt.want, tt.distance)
		}
	}
}

func TestBestMatchFirst(t *testing.T) {
	all := []org.Candidate{candidate(2, "双妙小学"), candidate(3, "双庙中心校", "双庙小学"), candidate(4, "清涧县双庙小学"), candidate(5, "双庙小学"), candidate(1, "双庙小学")}
	elsewhere := candidate(6, "双庙小学")
	elsewhere.District = org.DistrictKey(ledger, "绥德县")
	want := []string{schoolKey(5), schoolKey(3), schoolKey(4), schoolKey(2)}
	var got []string
	for _, m := range org.Matches(candidate(1, "双庙小学"), append(all, elsewhere)) {
		got = append(got, m.Key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("matches %v, want %v", got, want)
	}
}

func TestLikenessOfPeople(t *testing.T) {
	at := func(n int, school, name string) org.Candidate {
		return org.Candidate{Key: "person-" + schoolKey(n)[len("school-"):], Name: name, District: district, School: school}
	}
	tests := []struct {
		situation string
		one, two  org.Candidate
		want      org.Likeness
	}{
		{"at another school", at(1, firstSchool, "李红"), at(2, secondSchool, "李红"), org.SamePersonName},
		{"at no known school", at(1, firstSchool, "李红"), at(2, "", "李红"), org.SamePersonName},
		{"at the same school", at(1, firstSchool, "李红"), at(2, firstSchool, "李红"), org.SameName},
		{"a typing error", at(1, firstSchool, "欧阳海燕"), at(2, firstSchool, "欧阳海雁"), org.TypingError},
		{"another given name", at(1, firstSchool, "李红"), at(2, firstSchool, "李梅"), ""},
		{"another surname", at(1, firstSchool, "王晓红"), at(2, firstSchool, "李晓红"), ""},
		{"a typing error elsewhere", at(1, firstSchool, "欧阳海燕"), at(2, secondSchool, "欧阳海雁"), ""},
	}
	for _, tt := range tests {
		got := org.Matches(tt.one, []org.Candidate{tt.two})
		if (len(got) > 0) != (tt.want != "") || len(got) > 0 && got[0].Likeness != tt.want {
			t.Errorf("%s: %+v, want %q", tt.situation, got, tt.want)
		}
	}
}

// TestLikenessIsMutual: whoever is suggested to one is suggested that one, for
// the same reason; nobody is suggested to himself.
func TestLikenessIsMutual(t *testing.T) {
	name := rapid.StringOfN(rapid.SampledFrom([]rune("清涧县第一二十小中学校郝家双庙心")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		var all []org.Candidate
		for n := range 5 {
			c := candidate(n, name.Draw(t, "name"), rapid.SliceOfN(name, 0, 2).Draw(t, "aliases")...)
			if rapid.Bool().Draw(t, "person") {
				c.Key = "person-" + c.Key[len("school-"):]
				c.School = rapid.SampledFrom([]string{"", firstSchool, secondSchool}).Draw(t, "school")
			}
			all = append(all, c)
		}
		for _, one := range all {
			for _, m := range org.Matches(one, all) {
				other := all[slices.IndexFunc(all, func(c org.Candidate) bool { return c.Key == m.Key })]
				back := slices.ContainsFunc(org.Matches(other, all), func(b org.Match) bool {
					return b.Key == one.Key && b.Likeness == m.Likeness && b.Distance == m.Distance
				})
				if m.Key == one.Key || !back {
					t.Fatalf("%+v is suggested to %+v, but not the other way round", m, one)
				}
			}
		}
	})
}
