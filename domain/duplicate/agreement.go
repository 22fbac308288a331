package duplicate

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// A Difference names what keeps two statements from being likely duplicates. "" means
// that they are likely duplicates.
type Difference string

// The differences.
const (
	None         Difference = ""
	OtherRecord  Difference = "record" // it is the same record
	OtherMatter  Difference = "matter" // district, kind of stream or date
	NoDay        Difference = "no_day" // they have no day, and neither may be part of the other
	OtherLastDay Difference = "last_day"
	OtherKinds   Difference = "kinds"
	OtherSchools Difference = "schools"
	OtherSubject Difference = "subject"
	OtherPeople  Difference = "people"
	OtherContent Difference = "content" // of two rows of one file
)

// Compare tells whether two statements are likely duplicates, or what makes them
// different. Compare(a, b) is Compare(b, a). Both must be resolved by the same [Identity].
//
// Two records are likely duplicates when all of these hold:
//
//   - They are of the same district and kind of stream, on the same day or the same
//     days. Of what lasts, the first days agree, and the last days where both are known.
//   - A kind of the one is a kind of the other, or one is wider than the other. Any two
//     open lessons agree: one school writes 示范课 for what the other writes as 送课.
//   - They name the same schools, on whichever side. When one of them leaves a side out
//     or names it as a group, its schools need only be among those of the other. Records
//     that name no school at all agree when they are of the same community.
//   - They have the same subjects, or one of them has none, or one may be part of the
//     other and its subjects are among the other's. 小学数学 agrees with 数学 and not with
//     初中数学; see [record.SubjectsAgree].
//   - They name the same people, or the people of one are among those of the other, or
//     one of them names nobody. Lessons of two different teachers are two lessons.
//   - When one import read both, no title, class, batch or the like differs: who lists
//     two things in one file tells them apart there. Across files such words prove
//     nothing, because every school has its own.
//
// Records without a day, of a month or term, are likely duplicates only when one may be
// part of the other (see [PartOf]) and all else is told alike: community, kinds, mode,
// both sides and title. Two lessons of one term are two lessons.
//
// Numbers are not compared: two schools that disagree about the number still tell of
// the same thing.
func Compare(a, b Statement) Difference {
	switch {
	case a.Key != "" && a.Key == b.Key:
		return OtherRecord
	case a.Matter() != b.Matter():
		return OtherMatter
	case !a.When.Dated() && a.likeness() != b.likeness():
		return NoDay
	}
	return compareDetails(a, b)
}

// compareDetails is [Compare] for statements of one matter that, where they have no day,
// have one likeness.
func compareDetails(a, b Statement) Difference {
	switch {
	case a.Key != "" && a.Key == b.Key:
		return OtherRecord
	case !a.When.Dated() && !partWithoutDay(a, b) && !partWithoutDay(b, a):
		return NoDay
	case a.Until != "" && b.Until != "" && a.Until != b.Until:
		return OtherLastDay
	case !kindsAgree(a.Kinds, b.Kinds):
		return OtherKinds
	case !schoolsAgree(a, b):
		return OtherSchools
	case !subjectsAgree(a, b):
		return OtherSubject
	case !within(a.People, b.People) && !within(b.People, a.People):
		return OtherPeople
	case a.Import != "" && a.Import == b.Import && contentDiffers(a.Content, b.Content):
		return OtherContent
	}
	return None
}

// PartOf tells whether one of two likely duplicates may be part of the other: it does not
// say how many, and the other one does. It may have been counted there.
func PartOf(part, whole Statement) bool { return !part.Numbered && whole.Numbered }

// partWithoutDay tells whether a statement without a day may be part of another one of the
// same likeness.
func partWithoutDay(part, whole Statement) bool {
	return PartOf(part, whole) && part.CanRepeat() && covered(part.Subjects, whole.Subjects)
}

func subjectsAgree(a, b Statement) bool {
	if len(a.Subjects) == 0 || len(b.Subjects) == 0 {
		return true
	}
	few, many := covered(a.Subjects, b.Subjects), covered(b.Subjects, a.Subjects)
	return few && many || few && PartOf(a, b) || many && PartOf(b, a)
}

// covered tells whether each of few subjects agrees with one of many.
func covered(few, many []string) bool {
	return !slices.ContainsFunc(few, func(one string) bool {
		return !slices.ContainsFunc(many, func(other string) bool { return record.SubjectsAgree(one, other) })
	})
}

func kindsAgree(a, b []record.Kind) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Within(y) || y.Within(x) || x.Within("open_lesson") && y.Within("open_lesson") {
				return true
			}
		}
	}
	return false
}

func schoolsAgree(a, b Statement) bool {
	if len(a.Schools) == 0 || len(b.Schools) == 0 {
		return len(a.Schools) == len(b.Schools) && a.Community != "" && a.Community == b.Community
	}
	return slices.Equal(a.Schools, b.Schools) || a.Open && within(a.Schools, b.Schools) || b.Open && within(b.Schools, a.Schools)
}

// within tells whether every one of few is among many; none is always within.
func within(few, many []string) bool {
	return !slices.ContainsFunc(few, func(one string) bool { return !slices.Contains(many, one) })
}

func contentDiffers(a, b map[string]string) bool {
	for field, text := range a {
		if other := b[field]; other != "" && other != text {
			return true
		}
	}
	return false
}

// An Agreement is what two records agreed in when somebody decided about them. The
// decision holds while they agree in the same: a correction that changes what they
// agree in is about another thing.
type Agreement struct {
	When     calendar.Occurred `json:"when"`
	Kinds    []record.Kind     `json:"kinds"`              // the widest kinds in which both lie
	Schools  []string          `json:"schools,omitempty"`  // of both
	Subjects []string          `json:"subjects,omitempty"` // of both
}

// AgreementOf returns what two likely duplicates agree in.
func AgreementOf(a, b Statement) Agreement {
	widest := widestOf(b.Kinds)
	common := slices.DeleteFunc(widestOf(a.Kinds), func(k record.Kind) bool { return !slices.Contains(widest, k) })
	return Agreement{a.When, record.SortKinds(common), unique(append(slices.Clone(a.Schools), b.Schools...)),
		unique(append(slices.Clone(a.Subjects), b.Subjects...))}
}

// Resolved returns the agreement with schools in place of those that are said to be the
// same, and subjects in the form that today's list gives them.
func (a Agreement) Resolved(same Identity) Agreement {
	a.Schools = each(a.Schools, same)
	a.Subjects = each(a.Subjects, record.SubjectForm)
	return a
}

// Equal tells whether two agreements are the same. A subject that is only written in
// another way changes nothing.
func (a Agreement) Equal(b Agreement) bool {
	return a.When == b.When && slices.Equal(a.Kinds, b.Kinds) && slices.Equal(a.Schools, b.Schools) &&
		covered(a.Subjects, b.Subjects) && covered(b.Subjects, a.Subjects)
}

func widestOf(kinds []record.Kind) []record.Kind {
	var out []record.Kind
	for _, k := range kinds {
		for entry, _ := record.Lookup(k); entry.Parent != ""; entry, _ = record.Lookup(k) {
			k = entry.Parent
		}
		out = append(out, k)
	}
	return out
}
