// Package vocabulary holds lists of terms (kinds of records, roles of schools,
// units of measure, modes) and finds which term a written word stands for. A term
// has a code, which is stored and never changes, and all the words under which
// schools write it. When no term is meant for certain, the nearest are offered.
//
// A list is a CSV file embedded beside the package that owns it, so that a word
// is added there and is then understood in files, commands, programmes and pages.
package vocabulary

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"twinledger/domain/chinese"
)

// A Term is one line of a list.
type Term struct {
	Code   string            // "" of words that are known and have no code
	ZH, EN string            // what the term is called
	Also   []string          // other words for the same thing
	Fields map[string]string // what the further columns of the list say
}

// A Phrase is a word that stands for several terms at once (听评课 is listening
// to a lesson and discussing it) or that may mean one of several.
type Phrase struct {
	Word    string
	Codes   []string
	Certain bool // all of Codes are meant; otherwise one of them may be
}

// separator stands between the words of one cell of a list.
const separator = "、"

// rows returns the lines of a CSV text by the names of its first line. The lists
// are part of the program, so a malformed one stops it at once.
func rows(text string) []map[string]string {
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("vocabulary: the list cannot be read: %v", err))
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out
}

// ReadTerms returns the terms of a CSV text with the columns code, zh, en, also
// (words parted by 、) and any others.
func ReadTerms(text string) []Term {
	var out []Term
	for _, row := range rows(text) {
		out = append(out, Term{Code: row["code"], ZH: row["zh"], EN: row["en"], Also: words(row["also"]), Fields: row})
	}
	return out
}

// ReadPhrases returns the phrases of a CSV text with the columns word, codes and
// certain. A cell of word may hold several words that mean the same.
func ReadPhrases(text string) []Phrase {
	var out []Phrase
	for _, row := range rows(text) {
		for _, word := range words(row["word"]) {
			out = append(out, Phrase{Word: word, Codes: words(row["codes"]), Certain: row["certain"] == "yes"})
		}
	}
	return out
}

func words(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, separator)
}

// A List finds terms by how they are written.
type List struct {
	terms   []Term
	byCode  map[string]Term
	meaning map[string][]string // the codes for which a word stands for certain
	perhaps map[string][]string // the codes that a word may mean
	forms   []form              // every word of every term, in the order of the list
}

// A form is one word of a term, in the form in which words are compared.
type form struct {
	runes []rune
	codes []string
}

// NewList returns the list of these terms and phrases. It panics when one word
// stands for two terms: such a word is a phrase that is not certain.
func NewList(terms []Term, phrases ...Phrase) *List {
	l := &List{terms: terms, byCode: map[string]Term{}, meaning: map[string][]string{}, perhaps: map[string][]string{}}
	for _, term := range terms {
		if term.Code != "" {
			l.byCode[term.Code] = term
		}
		for _, word := range append([]string{term.ZH, term.EN, term.Code}, term.Also...) {
			l.learn(word, []string{term.Code})
		}
	}
	for _, p := range phrases {
		for _, code := range p.Codes {
			if _, known := l.byCode[code]; !known {
				panic(fmt.Sprintf("vocabulary: %s stands for %s, which is no term", p.Word, code))
			}
		}
		if p.Certain {
			l.learn(p.Word, p.Codes)
			continue
		}
		word := formOf(p.Word)
		if l.meaning[word] != nil || l.perhaps[word] != nil {
			panic(fmt.Sprintf("vocabulary: %s is listed twice", p.Word))
		}
		l.perhaps[word] = p.Codes
	}
	return l
}

func (l *List) learn(written string, codes []string) {
	word := formOf(written)
	if word == "" {
		return
	}
	if former, twice := l.meaning[word]; twice {
		if !slices.Equal(former, codes) {
			panic(fmt.Sprintf("vocabulary: %s stands for %v and for %v", written, former, codes))
		}
		return
	}
	l.meaning[word] = codes
	l.forms = append(l.forms, form{[]rune(word), codes})
}

// formOf returns the form in which words are compared. In words of letters - and _
// are the same, so that demo-lesson is the code demo_lesson.
func formOf(text string) string {
	word := chinese.Word(text)
	if latin([]rune(word)) {
		return strings.ReplaceAll(word, "-", "_")
	}
	return word
}

// Terms returns all terms in the order of the list.
func (l *List) Terms() []Term { return slices.Clone(l.terms) }

// Term returns the term with a code, and whether there is one.
func (l *List) Term(code string) (Term, bool) {
	term, known := l.byCode[code]
	return term, known
}

// Written returns the codes for which a text stands for certain, in the order of
// the list or phrase, and whether it stands for any. The text may be a term's
// code, its name in Chinese or English, or another word for it; how it is typed
// (see [chinese.Word]) makes no difference.
func (l *List) Written(text string) (codes []string, known bool) {
	codes, known = l.meaning[formOf(text)]
	return slices.Clone(codes), known
}
