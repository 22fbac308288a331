package record

import (
	_ "embed" // the list of modes
	"slices"
	"strings"

	"twinledger/domain/chinese"
	"twinledger/domain/fault"
	"twinledger/domain/vocabulary"
)

// KindsWritten returns the kinds that a text names, sorted, and whether every word
// of it is known. One word may stand for several kinds (听评课), and the text may
// list several words: 示范课、讲座 or 示范课（送课）. A code is a word too.
func KindsWritten(text string) ([]Kind, bool) {
	if found, known := kindsOfWord(text); known {
		return found, true
	}
	var all []Kind
	for _, part := range strings.FieldsFunc(chinese.Narrow(text), partsKinds) {
		if chinese.Word(part) == "" {
			continue
		}
		found, known := kindsOfWord(part)
		if !known {
			return nil, false
		}
		all = append(all, found...)
	}
	return SortKinds(all), len(all) > 0
}

// partsKinds tells whether a character stands between two words of a list.
func partsKinds(r rune) bool {
	return strings.ContainsRune("、,;/|+&()[]【】〔〕\n\r和与及暨兼", r)
}

// kindsOfWord returns the kinds of one word. 听课活动 is 听课: behind what is held
// on a day, 活动 adds nothing. Behind what lasts or is a document it does:
// 结对活动 is something other than 结对.
func kindsOfWord(text string) ([]Kind, bool) {
	codes, known := kinds.Written(text)
	if bare, general := strings.CutSuffix(chinese.Word(text), "活动"); !known && general {
		codes, known = kinds.Written(bare)
		known = known && !slices.ContainsFunc(codes, lasts)
	}
	if !known {
		return nil, false
	}
	return SortKinds(kindsOf(codes)), true
}

// lasts tells whether a kind is something other than what is held on a day.
func lasts(code string) bool {
	return slices.ContainsFunc([]Kind{"pairing", "exchange", "filing", "rectification_order", "recognition", "indicator"}, Kind(code).Within)
}

func kindsOf(codes []string) []Kind {
	var out []Kind
	for _, code := range codes {
		out = append(out, Kind(code))
	}
	return out
}

// NearestKinds returns up to n kinds that somebody may have meant who wrote text,
// the likeliest first; none when nothing is near.
func NearestKinds(text string, n int) []Kind { return kindsOf(kinds.Nearest(text, n)) }

// NearestKindsIn is [NearestKinds] among the kinds within one of the widest given.
func NearestKindsIn(text string, n int, widest ...Kind) []Kind {
	near := slices.DeleteFunc(NearestKinds(text, len(glossary)), func(k Kind) bool { return !slices.ContainsFunc(widest, k.Within) })
	return near[:min(n, len(near))]
}

// mostNear is how many kinds a refusal offers in place of an unknown word.
const mostNear = 3

// WithNearestKinds returns the refusal of a text that is no kind with those that
// somebody may have meant, where there are any; where widest are given, among
// those within one of them.
func WithNearestKinds(refusal *fault.Error, text string, widest ...Kind) *fault.Error {
	near := NearestKinds(text, mostNear)
	if len(widest) > 0 {
		near = NearestKindsIn(text, mostNear, widest...)
	}
	if len(near) == 0 {
		return refusal
	}
	return refusal.With("nearest", KindWords(near))
}

// KindWords returns what kinds are called in Chinese, each with its code behind
// it, parted by 、: what a message offers.
func KindWords(kinds []Kind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, entries[k].ZH+"("+string(k)+")")
	}
	return strings.Join(words, "、")
}

var (
	//go:embed modes.csv
	modeList string

	modes = vocabulary.NewList(vocabulary.ReadTerms(modeList))
)

// ModeWritten returns the mode that a text names, by its word or code, and whether
// it names one.
func ModeWritten(text string) (Mode, bool) {
	codes, known := modes.Written(text)
	if !known {
		return ModeUnknown, false
	}
	return Mode(codes[0]), true
}

// NearestModes returns up to n modes that somebody may have meant who wrote text.
func NearestModes(text string, n int) []Mode {
	var out []Mode
	for _, code := range modes.Nearest(text, n) {
		out = append(out, Mode(code))
	}
	return out
}

// Modes returns the modes that can be written, in the order of their list.
func Modes() []Mode {
	var out []Mode
	for _, term := range modes.Terms() {
		out = append(out, Mode(term.Code))
	}
	return out
}

// Words returns what the mode is called in Chinese and English, nothing when it is
// unknown.
func (m Mode) Words() (zh, en string) {
	term, _ := modes.Term(string(m))
	return term.ZH, term.EN
}
