package vocabulary_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/vocabulary"
)

const terms = `code,zh,en,wide,also
demo_lesson,示范课,demo lesson,yes,公开示范课、示范教学
outreach_lesson,送课,outreach lesson,no,送教下乡、送教
lecture,讲座,lecture,no,
observe,听课,observation,no,
critique,评课,critique,no,
,箱,,no,盒
`

const phrases = `word,codes,certain
听评课、听课评课,observe、critique,yes
其他,lecture、observe,no
`

func list() *vocabulary.List {
	return vocabulary.NewList(vocabulary.ReadTerms(terms), vocabulary.ReadPhrases(phrases)...)
}

func TestWritten(t *testing.T) {
	for text, want := range map[string][]string{
		"示范课": {"demo_lesson"}, " 示 范 課。": {"demo_lesson"}, "送教下鄉": {"outreach_lesson"}, "听评课": {"observe", "critique"},
		"demo_lesson": {"demo_lesson"}, "Demo-Lesson": {"demo_lesson"}, "Demo Lesson": {"demo_lesson"}, "ｌｅｃｔｕｒｅ": {"lecture"}, "盒": {""},
		"其他": nil, "示范": nil, "": nil, "，": nil,
	} {
		got, known := list().Written(text)
		if !slices.Equal(got, want) || known != (want != nil) {
			t.Errorf("%q is read as %q, %t, want %q", text, got, known, want)
		}
	}
	if term, known := list().Term("demo_lesson"); !known || term.ZH != "示范课" || term.Fields["wide"] != "yes" || len(term.Also) != 2 {
		t.Errorf("the term is %+v, %t", term, known)
	}
}

func TestNearest(t *testing.T) {
	for text, want := range map[string][]string{
		"示范课":         {"demo_lesson"},         // what is known is nearest to itself alone
		"名师示范课":       {"demo_lesson"},         // the end of a compound says what it is
		"法治讲座":        {"lecture"},             // likewise
		"讲坐":          {"lecture"},             // a slip of the hand
		"送教下乡了":       {"outreach_lesson"},     // one sign too many
		"其他":          {"lecture", "observe"},  // as the list says
		"听课、评课":       {"observe", "critique"}, // two words
		"demo_leson":  {"demo_lesson"},         // a typing error in a code
		"outreach":    {"outreach_lesson"},     // a part of a code
		"苹果":          nil,                     // nothing is near
		"王老师":         nil,                     // nor to a name
		"":            nil,                     // nor to nothing
		"this_is_not": nil,                     // nor to other letters
		"装了一箱":        nil,                     // a word without a code is not offered
		"听评课":         {"observe", "critique"}, // a word for two things is both
		"送课示范":        {"outreach_lesson", "demo_lesson"},
	} {
		got := list().Nearest(text, 2)
		if text == "听课、评课" || text == "送课示范" {
			slices.Sort(got)
			want = slices.Sorted(slices.Values(want))
		}
		if !slices.Equal(got, want) {
			t.Errorf("near %q are %q, want %q", text, got, want)
		}
	}
	if got := list().Nearest("其他", 1); len(got) != 1 {
		t.Errorf("asked for one, got %q", got)
	}
}

// TestNearestIsBounded: whatever is written, no more is offered than was asked for,
// nothing twice, and nothing that is no code.
func TestNearestIsBounded(t *testing.T) {
	l := list()
	rapid.Check(t, func(t *rapid.T) {
		text, n := rapid.StringMatching(`[示范课送教下乡讲座听评a-z_、 ]{0,60}`).Draw(t, "text"), rapid.IntRange(0, 6).Draw(t, "n")
		got := l.Nearest(text, n)
		if len(got) > n {
			t.Fatalf("%d are offered, %d were asked for", len(got), n)
		}
		for i, code := range got {
			if _, known := l.Term(code); !known || slices.Contains(got[:i], code) {
				t.Fatalf("%q is offered: %q", code, got)
			}
		}
	})
}

// TestOneWordOneMeaning: a list in which a word stands for two terms does not load.
func TestOneWordOneMeaning(t *testing.T) {
	for name, make := range map[string]func(){
		"two terms of one word": func() { vocabulary.NewList(vocabulary.ReadTerms("code,zh,en,also\na,听课,,\nb,評課,,听课\n")) },
		"a phrase of a term's word": func() {
			vocabulary.NewList(vocabulary.ReadTerms("code,zh,en,also\na,听课,,\n"), vocabulary.Phrase{Word: "听课", Codes: []string{"a"}})
		},
		"a phrase of no term": func() {
			vocabulary.NewList(nil, vocabulary.Phrase{Word: "听课", Codes: []string{"a"}, Certain: true})
		},
		"no list": func() { vocabulary.ReadTerms("code,zh\na\n") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it loads")
				}
			}()
			make()
		})
	}
}
