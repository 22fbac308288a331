package review

import (
	"maps"
	"slices"
	"strconv"

	"twinledger/domain/calendar"
	"twinledger/domain/duplicate"
)

// A ToldTwiceEntry is a record that tells of the same thing as another one, by somebody's
// decision. The other one stands for both; this one is shown and counts nowhere.
type ToldTwiceEntry struct {
	Entry
	Kind   string `json:"kind"`   // kind of stream
	Stands string `json:"stands"` // key of the record that counts
	Event  string `json:"event"`  // id of the event that decided
}

// An UndecidedDuplicate is a record that may tell of the same thing as another one.
// Nobody has decided about the two.
type UndecidedDuplicate struct {
	Record string `json:"record"`
	Other  string `json:"other"`          // key of the record that may tell of the same thing
	Part   bool   `json:"part,omitempty"` // the record has no number, the other one has, and may contain it
}

// A PerhapsTwice is a record of a figure that may tell of the same thing as another one.
type PerhapsTwice struct {
	UndecidedDuplicate
	Number string `json:"number"` // decimal: what the record adds to the figure
}

func undecidedOf(l duplicate.Likely) UndecidedDuplicate {
	return UndecidedDuplicate{l.Second.Key, l.First.Key, duplicate.PartOf(l.Second, l.First)}
}

// itself is the identity of statements that name nobody who is said to be another.
func itself(key string) string { return key }

// twice is what one review knows of records that tell of the same thing.
type twice struct {
	duplicate.Resolution
	own   map[string]duplicate.Statement // of the community's records that count
	other []duplicate.Statement          // of other communities' records that count
	from  Input
}

func twiceOf(in Input) twice {
	t := twice{Resolution: duplicate.Resolve(in.Statements, in.Decisions, itself), own: map[string]duplicate.Statement{}, from: in}
	here := map[string]bool{}
	for _, f := range in.Facts {
		here[f.Key] = true
	}
	for _, s := range in.Statements {
		switch {
		case t.StandsFor[s.Key] != "":
		case here[s.Key]:
			t.own[s.Key] = s
		case s.Community != "": // without a community it counts nowhere, so that nothing is counted twice
			t.other = append(t.other, s)
		}
	}
	return t
}

// among returns which of the records that add to a figure may tell of the same thing as
// another one that adds to it, or that counts in another community. Of two that add to
// it, that is the one without a number or, when both or neither have one, the one that was
// recorded later.
func (t twice) among(counted []string) []duplicate.Likely {
	var statements []duplicate.Statement
	for _, key := range counted {
		if s, is := t.own[key]; is {
			statements = append(statements, s)
		}
	}
	if len(statements) == 0 {
		return nil
	}
	var out []duplicate.Likely
	seen := map[string]bool{}
	for _, likely := range duplicate.Resolve(append(statements, t.other...), t.from.Decisions, itself).Undecided {
		if !slices.Contains(counted, likely.Second.Key) { // another community's; then the first may be ours
			likely.First, likely.Second = likely.Second, likely.First
		}
		if key := likely.Second.Key; slices.Contains(counted, key) && !seen[key] {
			seen[key], out = true, append(out, likely)
		}
	}
	return out
}

// toldTwice lists the records of the term that count nowhere because another one stands
// for them.
func (c *computation) toldTwice() []ToldTwiceEntry {
	var out []ToldTwiceEntry
	for _, f := range c.in.Facts {
		stands := c.twice.StandsFor[f.Key]
		if stands == "" || f.Standing().PlaceIn(c.in.Calendar, c.in.Term) == calendar.Outside {
			continue
		}
		entry := ToldTwiceEntry{Entry: c.entry(f), Kind: f.Kind, Stands: stands}
		latest := uint64(0)
		for _, d := range c.in.Decisions {
			of := c.twice.Holds[d.Pair] && d.Decision.Answer == duplicate.Same && slices.Contains(d.Pair[:], f.Key) && d.Decision.Stands != f.Key
			if of && d.Order >= latest {
				entry.Event, latest = d.Event, d.Order
			}
		}
		out = append(out, entry)
	}
	return out
}

// undecided lists the records of the term that may tell of the same thing as another one.
func (c *computation) undecided() []UndecidedDuplicate {
	var keys []string
	for _, f := range c.inside {
		keys = append(keys, f.Key)
	}
	out := []UndecidedDuplicate{}
	for _, likely := range c.twice.among(keys) {
		out = append(out, undecidedOf(likely))
	}
	return out
}

// doubt notes which of a result's records are perhaps counted twice. What is met only
// with them cannot be judged. sure tells how many occurrences of each record do not hang
// on an approximate number; of one that lacks its number there are none.
func (c *computation) doubt(r *Result, owed int, sure map[string]int) {
	numbers, certain := map[string]int{}, 0
	counted := slices.Sorted(maps.Keys(sure))
	for _, f := range r.Counted {
		numbers[f.Record] = f.Number
		certain += sure[f.Record]
	}
	without := r.Achieved
	for _, likely := range c.twice.among(counted) {
		key := likely.Second.Key
		r.PerhapsTwice = append(r.PerhapsTwice, PerhapsTwice{undecidedOf(likely), strconv.Itoa(numbers[key])})
		without, certain = without-numbers[key], certain-sure[key]
	}
	if len(r.PerhapsTwice) == 0 {
		return
	}
	r.WithoutThem = &without
	switch {
	case r.Status == Met && certain < owed:
		r.Status, r.Excess, r.ShortBy = CannotJudge, 0, max(owed-without, 0)
		r.Because = append(r.Because, PerhapsSame)
	case r.Status == CannotJudge:
		r.Because = append(r.Because, PerhapsSame)
	}
	slices.Sort(r.Because)
}

// An addend is what a record adds to a total.
type addend struct{ record, number string }

// doubtTotal notes which of a total's records are perhaps counted twice.
func (c *computation) doubtTotal(l *Count, addends []addend) {
	var added []string
	for _, a := range addends {
		added = append(added, a.record)
	}
	perhaps := map[string]UndecidedDuplicate{}
	for _, likely := range c.twice.among(added) {
		perhaps[likely.Second.Key] = undecidedOf(likely)
	}
	if len(perhaps) == 0 {
		return
	}
	l.WithoutThem = "0"
	for _, a := range addends {
		if one, is := perhaps[a.record]; is {
			l.PerhapsTwice = append(l.PerhapsTwice, PerhapsTwice{one, a.number})
		} else {
			l.WithoutThem = addDecimals(l.WithoutThem, a.number)
		}
	}
}
