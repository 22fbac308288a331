// Package communities is the community board: which communities there are, who
// belongs to them, and how much of each kind is recorded.
//
// It is no read model of its own: a record may move to another community by a
// correction, so nothing is summed up before somebody asks, and the board adds
// the registers' rows that stand at the ordinal asked for.
package communities

import (
	"context"
	"slices"
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/projections"
	"twinledger/projections/registers"
)

// A Board is one community with its totals.
type Board struct {
	Key         string       `json:"key"`
	Name        string       `json:"name"`
	District    string       `json:"district"`
	Provisional bool         `json:"provisional"`
	Members     []Member     `json:"members"`
	Totals      []Total      `json:"totals"`
	Incomplete  int          `json:"incomplete"` // records that leave something unknown
	Ahead       int          `json:"ahead"`      // records of what has not taken place, or never will; they count nowhere else
	Held        int          `json:"held"`       // rows that could not be counted
	Turns       []org.Change `json:"turns,omitempty"`
	Ordinals    []uint64     `json:"ordinals"` // of the events of the community itself
}

// A Member is one school's time in a community.
type Member struct {
	pairing.Membership
	Valid registers.Validity `json:"valid,omitempty"` // on the day asked for; "" when none was
}

// A Total is how much of one kind of stream is recorded that took place.
type Total struct {
	Kind        string `json:"kind"`
	Records     int    `json:"records"`
	Occurrences int    `json:"occurrences"` // of the numbered records
	Unnumbered  int    `json:"unnumbered"`  // records that do not say how much
}

// A Question asks for boards; what is empty is not asked.
type Question struct {
	AsOf     uint64       // ordinal; 0 for now
	ValidAt  calendar.Day // only the members of that day
	District string
	Keys     []string // only these communities
}

// Boards returns the boards that are asked for, ordered by name. A community that
// is said to be another one has no board; what is recorded of it stands on the
// other's, which answers for its key.
func Boards(ctx context.Context, reader registers.Reader, q Question) ([]Board, error) {
	of, err := rows(ctx, reader, q, projections.Is(registers.ByKind, "community"))
	if err != nil {
		return nil, err
	}
	stands := standsFor(of)
	byKey := map[string]*Board{}
	for _, r := range of {
		wanted := len(q.Keys) == 0 || slices.ContainsFunc(q.Keys, func(key string) bool { return stands(key) == r.Record })
		if wanted && !r.Void() && stands(r.Record) == r.Record && (q.District == "" || q.District == r.Facts.District) {
			byKey[r.Record] = boardOf(r)
		}
	}
	records, err := contributions(ctx, reader, q, of, byKey, stands)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if board := byKey[stands(r.Facts.Community)]; board != nil && r.Kind != "community" && !r.Void() {
			board.add(r)
		}
	}
	boards, calendars := []Board{}, map[string]calendar.Calendar{}
	for _, b := range byKey {
		if err := b.on(ctx, reader, q, calendars); err != nil {
			return nil, err
		}
		sort.Slice(b.Totals, func(i, j int) bool { return b.Totals[i].Kind < b.Totals[j].Kind })
		boards = append(boards, *b)
	}
	sort.Slice(boards, func(i, j int) bool { return boards[i].Name+boards[i].Key < boards[j].Name+boards[j].Key })
	return boards, nil
}

func rows(ctx context.Context, reader registers.Reader, q Question, where projections.Condition) ([]registers.Row, error) {
	return reader.Rows.Select(ctx, projections.Query{AsOf: q.AsOf, Where: []projections.Condition{where}})
}

// standsFor returns who stands for a community: itself, or the one that it is
// said to be.
func standsFor(all []registers.Row) func(key string) string {
	as := map[string]string{}
	for _, r := range all {
		if !r.Void() {
			as[r.Record] = r.As()
		}
	}
	return func(key string) string { return org.Follow(key, func(k string) string { return as[k] }) }
}

// contributions reads what is recorded of the boards' communities; of all of
// them at once, unless some are asked for.
func contributions(ctx context.Context, reader registers.Reader, q Question, all []registers.Row, boards map[string]*Board, stands func(string) string) ([]registers.Row, error) {
	if len(q.Keys) == 0 {
		return rows(ctx, reader, q, projections.Greater(registers.ByCommunity, ""))
	}
	keys := ""
	for _, r := range all {
		if boards[stands(r.Record)] != nil {
			keys += " " + r.Record
		}
	}
	return rows(ctx, reader, q, projections.OneOf(registers.ByCommunity, keys))
}

func boardOf(r registers.Row) *Board {
	return &Board{Key: r.Record, Name: r.Name, District: r.Facts.District, Provisional: r.Is(registers.MarkProvisional),
		Members: []Member{}, Totals: []Total{}, Turns: r.Turns, Ordinals: r.Ordinals}
}

func (b *Board) add(r registers.Row) {
	if r.Kind == "row" {
		if r.Held {
			b.Held++
		}
		return
	}
	for _, m := range r.Members {
		b.Members = append(b.Members, Member{Membership: m})
	}
	if len(r.Unknowns) > 0 {
		b.Incomplete++
	}
	if r.Ahead {
		b.Ahead++
		return
	}
	for i := range b.Totals {
		if b.Totals[i].Kind == r.Kind {
			b.Totals[i].add(r)
			return
		}
	}
	total := Total{Kind: r.Kind}
	total.add(r)
	b.Totals = append(b.Totals, total)
}

// on leaves the members of the day that is asked for. calendars keeps those that
// were read, by district.
func (b *Board) on(ctx context.Context, reader registers.Reader, q Question, calendars map[string]calendar.Calendar) error {
	if q.ValidAt == "" {
		return nil
	}
	known, read := calendars[b.District]
	if !read {
		var err error
		if known, err = reader.Calendar(ctx, b.District, q.AsOf); err != nil {
			return err
		}
		calendars[b.District] = known
	}
	for i := range b.Members {
		b.Members[i].Valid = validOn(b.Members[i].Membership, q.ValidAt, known)
	}
	b.Members = slices.DeleteFunc(b.Members, func(m Member) bool { return m.Valid == registers.No })
	return nil
}

// validOn tells whether a school was a member on a day. A roster says so of its
// own time, and leaves every other open until the school left.
func validOn(m pairing.Membership, day calendar.Day, known calendar.Calendar) registers.Validity {
	if m.Basis != pairing.Roster {
		return registers.Row{From: m.Since, Until: m.Until}.ValidOn(day, known)
	}
	if seen, ok := known.Extent(m.Since); ok && seen.First <= day && day <= seen.Last {
		return registers.Certainly
	}
	if (registers.Row{From: calendar.Unknown, Until: m.Until}).ValidOn(day, known) == registers.No {
		return registers.No
	}
	return registers.Possibly
}

func (t *Total) add(r registers.Row) {
	t.Records++
	t.Occurrences += r.Occurrences
	if r.Facts.Quantity.Number == "" && r.Counts() {
		t.Unnumbered++
	}
}
