package intake

import (
	"fmt"

	"twinledger/domain/event"
)

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
	out.Changed = FirstOfEach(c.Changed, most, func(change Change) Effect { return change.Effect })
	out.Removed = FirstOfEach(c.Removed, most, func(removal Removal) Effect { return removal.Effect })
	out.Added, out.Undecided = c.Added[:min(most, len(c.Added))], c.Undecided[:min(most, len(c.Undecided))]
	out.Unlisted.Changed += len(c.Changed) - len(out.Changed)
	out.Unlisted.Removed += len(c.Removed) - len(out.Removed)
	out.Unlisted.Added += len(c.Added) - len(out.Added)
	out.Unlisted.Undecided += len(c.Undecided) - len(out.Undecided)
	return &out
}

// FirstOfEach returns of each kind at most the given number of rows, the first ones, in their order;
// an empty list when there are none.
func FirstOfEach[R any, K comparable](rows []R, most int, kindOf func(R) K) []R {
	out := make([]R, 0, min(len(rows), most))
	count := map[K]int{}
	for _, row := range rows {
		if kind := kindOf(row); count[kind] < most {
			count[kind]++
			out = append(out, row)
		}
	}
	return out
}

// UnlistedUndone is how much of each list of an undoing is counted and not listed.
type UnlistedUndone struct {
	Voided   int `json:"voided" doc:"Of what is void now." example:"0"`
	Restored int `json:"restored" doc:"Of what says again what it said before." example:"0"`
	Kept     int `json:"kept" doc:"Of what stays." example:"0"`
}

// First returns the undoing with at most the given number of each kind in each list. The others
// are counted.
func (u Undoing) First(most int) Undoing {
	voided := FirstOfEach(u.Voided, most, event.StreamKind)
	restored := FirstOfEach(u.Restored, most, event.StreamKind)
	kept := FirstOfEach(u.Kept, most, func(k Kept) string { return event.StreamKind(k.Key) })
	u.Unlisted.Voided += len(u.Voided) - len(voided)
	u.Unlisted.Restored += len(u.Restored) - len(restored)
	u.Unlisted.Kept += len(u.Kept) - len(kept)
	u.Voided, u.Restored, u.Kept = voided, restored, kept
	return u
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
