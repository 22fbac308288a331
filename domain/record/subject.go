package record

import (
	"cmp"
	_ "embed" // the lists of subjects and phases
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/vocabulary"
)

// The list of subjects and the list of phases of schooling (学段) with their years.
// The column like of the first names subjects for which teachers also write the
// subject of the line: 外语 is mostly English. The column within of the second names
// the wider phase.
var (
	//go:embed subjects.csv
	subjectList string
	//go:embed phases.csv
	phaseList string

	subjects = vocabulary.NewList(vocabulary.ReadTerms(subjectList))
	phases   = vocabulary.NewList(vocabulary.ReadTerms(phaseList))
)

// A phaseWord is a word that may stand before a subject: 小学 before 数学.
type phaseWord struct{ word, phase string }

// phaseWords holds the words of all phases, the longest first, so that 小学部 is not
// read as 小学.
var phaseWords = func() []phaseWord {
	var out []phaseWord
	for _, term := range phases.Terms() {
		for _, word := range append([]string{term.Code, term.ZH}, term.Also...) {
			out = append(out, phaseWord{chinese.Word(word), term.Code})
		}
	}
	slices.SortStableFunc(out, func(a, b phaseWord) int { return cmp.Compare(len(b.word), len(a.word)) })
	return out
}()

// behindSubject are words that add nothing behind a subject of the list: 数学课 is 数学.
var behindSubject = []string{"学科", "课", "科"}

// betweenPhase stands between the phase and the subject in the form of a subject.
const betweenPhase = "/"

// SubjectForm returns the form in which subjects that are written in several ways are
// compared: mathematics for 数学, primary_school/mathematics for 小学数学 and 数学（小学）.
// A word that the list of subjects does not have stands for itself. The form of a form
// is the form itself.
func SubjectForm(text string) string {
	word := chinese.Word(text)
	if code, listed := subjectCode(word); listed {
		return code
	}
	phase, rest := cutPhase(word)
	if phase == "" {
		return word
	}
	if code, listed := subjectCode(rest); listed {
		rest = code
	}
	return phase + betweenPhase + rest
}

// IsSubject tells whether a text is a subject of the list, also with a phase before it.
// A single character such as 语 is none: it is one only beside others.
func IsSubject(text string) bool {
	word := chinese.Word(text)
	if _, listed := subjects.Written(word); listed {
		return len([]rune(word)) > 1
	}
	_, rest := cutPhase(word)
	_, listed := subjects.Written(rest)
	return listed && len([]rune(rest)) > 1
}

func subjectCode(word string) (string, bool) {
	codes, listed := subjects.Written(word)
	for _, behind := range behindSubject {
		if bare, has := strings.CutSuffix(word, behind); has && !listed {
			codes, listed = subjects.Written(bare)
		}
	}
	if !listed {
		return "", false
	}
	return codes[0], true
}

// cutPhase parts the phase from the subject before or behind which it is written. It
// returns "" and the whole word where no phase is written, or nothing else.
func cutPhase(word string) (phase, rest string) {
	if phase, rest = formParts(word); phase != "" || isPhase(word) {
		return phase, rest
	}
	for _, known := range phaseWords {
		rest, found := strings.CutPrefix(word, known.word)
		if !found {
			rest, found = strings.CutSuffix(word, "("+known.word+")")
		}
		if rest = chinese.Word(rest); found && rest != "" && !isPhase(strings.Trim(rest, "()")) {
			return known.phase, rest
		}
	}
	return "", word
}

// SubjectsAgree tells whether two subjects, in the form of [SubjectForm], may be the
// same one: they are equal, or one is also written for the other, and the phase of the
// one lies in that of the other or is not said.
func SubjectsAgree(one, other string) bool {
	if one == other {
		return true
	}
	onePhase, one := formParts(one)
	otherPhase, other := formParts(other)
	return (one == other || slices.Contains(alsoWritten[one], other) || slices.Contains(alsoWritten[other], one)) && (phaseWithin(onePhase, otherPhase) || phaseWithin(otherPhase, onePhase))
}

func formParts(form string) (phase, subject string) {
	phase, subject, found := strings.Cut(form, betweenPhase)
	if _, known := phases.Term(phase); !found || !known {
		return "", form
	}
	return phase, subject
}

func isPhase(word string) bool {
	_, is := phases.Written(word)
	return is
}

// alsoWritten holds for each subject those for which teachers write it too.
var alsoWritten = func() map[string][]string {
	out := map[string][]string{}
	for _, term := range subjects.Terms() {
		if like := term.Fields["like"]; like != "" {
			out[term.Code] = strings.Split(like, "、")
		}
	}
	return out
}()

// phaseWithin tells whether a phase lies in a wider one. Every phase lies in "", which
// says none.
func phaseWithin(phase, wider string) bool {
	for phase != wider && phase != "" {
		term, _ := phases.Term(phase)
		phase = term.Fields["within"]
	}
	return phase == wider
}
