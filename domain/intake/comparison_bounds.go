package intake

import "fmt"

// Unlisted is how many rows of each list of a comparison are counted and not listed.
type Unlisted struct {
	Changed   int `json:"changed" doc:"Of the rows that became others." example:"0"`
	Removed   int `json:"removed" doc:"Of the rows that are gone." example:"0"`
	Added     int `json:"added" doc:"Of the rows that are new." example:"0"`
	Undecided int `json:"undecided" doc:"Of the rows of which nobody can tell what became of them." example:"0"`
}

// First returns the comparison with at most the given number of rows in each list, of changed
// and removed rows as many of each effect, so that what is asked is not crowded out. The others
// are counted.
func (c *Comparison) First(most int) *Comparison {
	if c == nil {
		return nil
	}
	out := *c
	out.Changed = firstOfEach(c.Changed, most, func(change Change) Effect { return change.Effect })
	out.Removed = firstOfEach(c.Removed, most, func(removal Removal) Effect { return removal.Effect })
	out.Added, out.Undecided = c.Added[:min(most, len(c.Added))], c.Undecided[:min(most, len(c.Undecided))]
	out.Unlisted.Changed += len(c.Changed) - len(out.Changed)
	out.Unlisted.Removed += len(c.Removed) - len(out.Removed)
	out.Unlisted.Added += len(c.Added) - len(out.Added)
	out.Unlisted.Undecided += len(c.Undecided) - len(out.Undecided)
	return &out
}

// firstOfEach returns the first rows of each kind, in their order.
func firstOfEach[R any, K comparable](rows []R, most int, kindOf func(R) K) []R {
	var out []R
	count := map[K]int{}
	for _, row := range rows {
		if kind := kindOf(row); count[kind] < most {
			count[kind]++
			out = append(out, row)
		}
	}
	return out
}

// mostNamed is how many rows or records a refusal names.
const mostNamed = 100

// joined returns what a refusal names in one text, which says how many more there are.
func joined(rows []string) string {
	text := ""
	for i, row := range rows {
		if i == mostNamed {
			return text + fmt.Sprintf(" … +%d", len(rows)-mostNamed)
		}
		if i > 0 {
			text += " "
		}
		text += row
	}
	return text
}
