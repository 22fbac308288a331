package vocabulary

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// longestCompared is how many characters a text may have to be compared: no word
// of a list is nearly as long, and the comparison takes the square of it.
const longestCompared = 40

// likeEnough is the least likeness of a word that is offered; 1 is the same word.
const likeEnough = 0.55

// Nearest returns up to n codes of the terms that somebody may have meant who
// wrote text, the likeliest first; none when nothing is near. A text that stands
// for terms for certain is nearest to these alone. Those that a phrase offers for
// the text come first, then terms by how many characters their words share with it.
// Equally near terms come in the order of the list.
func (l *List) Nearest(text string, n int) []string {
	word := formOf(text)
	if codes, known := l.meaning[word]; known {
		return first(codes, n)
	}
	runes := []rune(word)
	if len(runes) == 0 || len(runes) > longestCompared {
		return nil
	}
	best := map[string]float64{}
	var order []string
	for _, f := range l.forms {
		likeness := alike(runes, f.runes)
		if likeness < likeEnough {
			continue
		}
		for _, code := range f.codes {
			if code == "" {
				continue
			}
			if _, met := best[code]; !met {
				order = append(order, code)
			}
			best[code] = max(best[code], likeness)
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(best[b], best[a]) })
	for _, code := range slices.Backward(l.perhaps[word]) {
		order = slices.Insert(slices.DeleteFunc(order, func(c string) bool { return c == code }), 0, code)
	}
	return first(order, n)
}

func first(codes []string, n int) []string { return slices.Clone(codes[:min(n, len(codes))]) }

// alike returns how alike two words are, from 0 to 1. In a Chinese compound the
// last part says what the thing is (心理讲座 is a 讲座), so a word that ends with
// another is more like it than one that begins with it. Codes and English words
// are compared by typing errors.
func alike(written, known []rune) float64 {
	if latin(written) || latin(known) {
		return typedAlike(written, known)
	}
	written, known = withoutGeneral(written), withoutGeneral(known)
	shared := common(written, known)
	likeness := 2 * float64(shared) / float64(len(written)+len(known))
	longer, shorter := string(written), string(known)
	if len(written) < len(known) {
		longer, shorter = shorter, longer
	}
	switch least := min(len(written), len(known)); {
	case len(written) == 2 && len(known) == 2 && written[0] == known[0]:
		likeness = max(likeness, likeEnough)
	case shared < 2 && max(len(written), len(known)) > 2:
		return 0
	case least > 1 && strings.HasSuffix(longer, shorter):
		likeness = max(likeness, 0.8)
	case least > 1 && strings.Contains(longer, shorter):
		likeness = max(likeness, 0.6)
	}
	return likeness
}

// general are the words that say nothing of what a thing is.
var general = []string{"活动", "工作"}

// withoutGeneral returns a word without a general one at its end.
func withoutGeneral(word []rune) []rune {
	for _, g := range general {
		if rest, found := strings.CutSuffix(string(word), g); found && rest != "" {
			return []rune(rest)
		}
	}
	return word
}

func latin(word []rune) bool {
	return !slices.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// typedAlike returns the likeness of two words of letters: one typing error in
// three letters is still near, and so is a word that is one whole part of a code
// (outreach of outreach_lesson).
func typedAlike(written, known []rune) float64 {
	a, b := string(written), string(known)
	if len(written) > 2 && strings.Contains("_"+b+"_", "_"+a+"_") {
		return 0.9
	}
	d := distance(written, known)
	if d > max(1, len(written)/3) || d >= len(written) {
		return 0
	}
	return 1 - float64(d)/float64(len(written)+1)
}

// common returns the length of the longest run of characters that both words hold
// in the same order, with others between them or not.
func common(a, b []rune) int {
	row := make([]int, len(b)+1)
	for i := range a {
		before := 0 // what stood to the upper left
		for j := range b {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			before = above
		}
	}
	return row[len(b)]
}

// distance returns how many letters must be added, removed, replaced or swapped
// with their neighbour to make a into b.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i := range a {
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			d := min(rows[i][j]+cost, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && a[i-1] == b[j] && a[i] == b[j-1] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(a)][len(b)]
}
