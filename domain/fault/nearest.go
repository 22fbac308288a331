package fault

import (
	"cmp"
	"slices"
	"strings"
)

// mostNear is how many words a message offers in place of a wrong one.
const mostNear = 3

// Nearest returns, parted by the Chinese list mark, up to three of the known words
// that somebody who wrote something else may have meant: those with which it
// shares the most pairs of neighbouring characters, and at least a third of its
// own; "" when there are none. Words that are equally near come in the order of
// known.
func Nearest(written string, known []string) string {
	type near struct {
		word   string
		shared int
	}
	pairs := pairsOf(written)
	var found []near
	for _, word := range known {
		others, shared := pairsOf(word), 0
		for pair := range pairs {
			if others[pair] {
				shared++
			}
		}
		if shared > 0 && 3*shared >= len(pairs) {
			found = append(found, near{word, shared})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(b.shared, a.shared) })
	var words []string
	for _, n := range found[:min(mostNear, len(found))] {
		words = append(words, n.word)
	}
	return strings.Join(words, "、")
}

// pairsOf returns the pairs of neighbouring characters of a word.
func pairsOf(word string) map[[2]rune]bool {
	pairs, runes := map[[2]rune]bool{}, []rune(word)
	for i := 1; i < len(runes); i++ {
		pairs[[2]rune{runes[i-1], runes[i]}] = true
	}
	return pairs
}
