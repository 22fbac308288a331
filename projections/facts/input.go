package facts

import (
	"context"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/journal"
)

// What asking for a review is refused with.
var (
	ErrNoCommunity = fault.New(fault.NotFound, "review.no-such-community",
		"没有这个共同体；名称见 twinledger communities list 或 /api/v1/communities，相近的（如有）列在 nearest。",
		"There is no such community; see the names with twinledger communities list or under /api/v1/communities, similar ones, if any, are under nearest.")
	ErrAmbiguousCommunity = fault.New(fault.Invalid, "review.ambiguous-community",
		"有多个共同体与此相符，见 fits；请写全名或编号。", "Several communities fit, see fits; give the full name or the id.")
	ErrNoProgramme = fault.New(fault.NotFound, "review.no-such-programme",
		"没有发布过这个方案；请写已发布方案的代码、内置方案的代码或方案文件。", "No such programme is published; give the code of a published or built-in one, or a file.")
	ErrNothingKnown = fault.New(fault.NotFound, "review.nothing-known",
		"截至该时点台账中还没有记录。", "The ledger held no record at that point.")
)

// A Question asks for one review.
type Question struct {
	Community string // key, name, or a part of the name that fits one community
	Term      calendar.Term
	AsOf      uint64               // ordinal; 0 means everything known
	Published string               // code of a published programme to judge by, "" for the one in force
	Programme *programme.Programme // a programme that is not published, to judge by
}

// A Reader reads the inputs of reviews.
type Reader struct {
	Ledger  string
	Facts   projections.Rows[Row]
	Journal projections.Rows[journal.Row]
	Normal  func(string) string // gives two ways of writing a name one form; nil leaves names as they are
}

// Input collects what the review that q asks for is computed from, as it was
// known at q.AsOf.
func (r Reader) Input(ctx context.Context, q Question) (review.Input, error) {
	in := review.Input{Ledger: r.Ledger, Term: q.Term, Calendar: calendar.Calendar{}, Schools: map[string]review.School{}}
	last, err := r.last(ctx, q.AsOf)
	if err != nil {
		return in, err
	}
	in.Ordinal, in.Hash, in.Recorded = last.Ordinal, last.Hash.Bytes(), last.Recorded
	community, keys, err := r.community(ctx, q.Community, in.Ordinal)
	if err != nil {
		return in, err
	}
	district := community.Community.Facts.District
	in.Community = review.NamedKey{Key: community.Key, Name: community.Community.Facts.Name}
	if err := r.records(ctx, &in, keys); err != nil {
		return in, err
	}
	if err := r.people(ctx, &in); err != nil {
		return in, err
	}
	if err := r.surroundings(ctx, &in, district); err != nil {
		return in, err
	}
	if err := r.unassigned(ctx, &in, district); err != nil {
		return in, err
	}
	in.Programme, err = r.governing(ctx, in, district, q)
	return in, err
}

// last returns the journal's row at an ordinal, or its newest.
func (r Reader) last(ctx context.Context, ordinal uint64) (journal.Row, error) {
	q := projections.Query{Newest: true, Limit: 1}
	if ordinal > 0 {
		q = projections.Query{Where: []projections.Condition{projections.Is(journal.ByOrdinal, journal.Key(ordinal))}}
	}
	rows, err := r.Journal.Select(ctx, q)
	if err != nil {
		return journal.Row{}, err
	}
	if len(rows) == 0 {
		return journal.Row{}, ErrNothingKnown.With("as_of", ordinal)
	}
	return rows[0], nil
}

// community returns the row of the community that is wanted, and the keys of all
// that are said to be the same one, its own among them.
func (r Reader) community(ctx context.Context, wanted string, asOf uint64) (Row, []string, error) {
	rows, err := r.Facts.Select(ctx, projections.Query{AsOf: asOf, Where: []projections.Condition{projections.Is(ByKind, "community")}})
	if err != nil {
		return Row{}, nil, err
	}
	states := map[string]org.State[org.Community]{}
	for _, row := range rows {
		states[row.Key] = *row.Community
	}
	key, err := SearchCommunities(states, r.Normal).Key(wanted)
	if err != nil {
		return Row{}, nil, err
	}
	var found Row
	var same []string
	stands := sameCommunity(rows)
	for _, row := range rows {
		if stands(row.Key) == stands(key) {
			same = append(same, row.Key)
		}
		if row.Key == stands(key) {
			found = row
		}
	}
	return found, same, nil
}

// sameCommunity returns who stands for a community: itself, or the one that it is
// said to be.
func sameCommunity(rows []Row) func(key string) string {
	as := map[string]string{}
	for _, row := range rows {
		if row.Community != nil {
			as[row.Key] = row.Community.IdentifiedAs()
		}
	}
	return func(key string) string { return org.Follow(key, func(k string) string { return as[k] }) }
}

// people puts, in place of people who are said to be others, those others.
func (r Reader) people(ctx context.Context, in *review.Input) error {
	rows, err := r.Facts.Select(ctx, projections.Query{AsOf: in.Ordinal, Where: []projections.Condition{projections.Is(ByKind, "person")}})
	if err != nil || len(rows) == 0 {
		return err
	}
	as := map[string]string{}
	for _, row := range rows {
		as[row.Key] = row.Person.IdentifiedAs()
	}
	for i, f := range in.Facts {
		var people []string
		for _, key := range f.Facts.People {
			if one := org.Follow(key, func(k string) string { return as[k] }); !slices.Contains(people, one) {
				people = append(people, one)
			}
		}
		in.Facts[i].Facts.People = people
	}
	return nil
}

// unassigned reads the district's records and held rows that name no community.
func (r Reader) unassigned(ctx context.Context, in *review.Input, district string) error {
	rows, err := r.Facts.Select(ctx, projections.Query{AsOf: in.Ordinal,
		Where: []projections.Condition{projections.Is(ByCommunity, ""), projections.Is(ByDistrict, district)}})
	if err != nil {
		return err
	}
	for _, row := range rows {
		switch {
		case row.Fact != nil && !row.Fact.Void:
			in.Unassigned = append(in.Unassigned, review.Ref{Record: row.Key, Events: row.Fact.Trace, Source: row.Fact.Facts.Source})
		case row.Held != nil && !row.Held.Void:
			source := row.Held.Taken.Source
			in.Unassigned = append(in.Unassigned, review.Ref{Record: row.Key, Events: row.Held.Trace, Source: &source})
		}
	}
	return nil
}

// records reads the records and held rows of the community, under all keys that
// stand for it, and those records that once belonged to it.
func (r Reader) records(ctx context.Context, in *review.Input, keys []string) error {
	for _, key := range keys {
		rows, err := r.Facts.Select(ctx, projections.Query{AsOf: in.Ordinal, Where: []projections.Condition{projections.Is(ByCommunity, key)}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			switch {
			case row.Fact != nil:
				in.Facts = append(in.Facts, within(*row.Fact, in.Community.Key, keys))
			case row.Held != nil:
				in.Held = append(in.Held, *row.Held)
			}
		}
		// The first condition lets an index pass over the many that never left any.
		left, err := r.Facts.Select(ctx, projections.Query{AsOf: in.Ordinal,
			Where: []projections.Condition{projections.Greater(ByLeft, ""), projections.Among(ByLeft, key)}})
		if err != nil {
			return err
		}
		for _, row := range left {
			known := func(f review.Fact) bool { return f.Key == row.Key }
			if !slices.Contains(keys, row.Fact.Facts.Community) && !slices.ContainsFunc(in.Left, known) {
				in.Left = append(in.Left, within(*row.Fact, in.Community.Key, keys))
			}
		}
	}
	return nil
}

// within returns the record with one key in place of all that stand for the same
// community.
func within(f review.Fact, community string, keys []string) review.Fact {
	if slices.Contains(keys, f.Facts.Community) {
		f.Facts.Community = community
	}
	f.Former = slices.Clone(f.Former)
	for i, stood := range f.Former {
		if slices.Contains(keys, stood.Community) {
			f.Former[i].Community = community
		}
	}
	return f
}

// surroundings reads the district, its calendar and the names of its schools.
func (r Reader) surroundings(ctx context.Context, in *review.Input, district string) error {
	for _, kind := range []string{"district", "calendar", "school"} {
		rows, err := r.Facts.Select(ctx, projections.Query{AsOf: in.Ordinal,
			Where: []projections.Condition{projections.Is(ByDistrict, district), projections.Is(ByKind, kind)}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			switch {
			case row.District != nil:
				in.District = review.NamedKey{Key: row.Key, Name: row.District.Facts.Name}
			case row.Calendar != nil:
				row.take(in)
			case row.School != nil:
				in.Schools[row.Key] = review.School{SchoolState: org.SchoolState{State: *row.School}, Trace: row.Trace, Amendments: row.Changes}
			}
		}
	}
	return nil
}

// take gives a review the row's calendar; a void one bounds no term and shows only
// that it was there.
func (r Row) take(in *review.Input) {
	year, void := r.Calendar.Facts.Year, r.Calendar.Phase == record.Void
	if !void {
		in.Calendar[year.SchoolYear] = year
	}
	if year.SchoolYear == in.Term.Year {
		in.Published = &review.PublishedCalendar{Key: r.Key, Void: void, Trace: r.Trace, Amendments: r.Changes}
	}
}

// governing returns the programme to judge by: the one that is not published,
// when one is given; else, of those published (under the code asked for), the one
// in force on the term's last day that came into force last, of several from the
// same day the latest published. A code that is asked for may also name one that
// is not in force.
func (r Reader) governing(ctx context.Context, in review.Input, district string, q Question) (*review.GoverningProgramme, error) {
	if q.Programme != nil {
		return &review.GoverningProgramme{Programme: *q.Programme, WhatIf: true}, nil
	}
	rows, err := r.Facts.Select(ctx, projections.Query{AsOf: in.Ordinal,
		Where: []projections.Condition{projections.Is(ByDistrict, district), projections.Is(ByKind, "programme")}})
	if err != nil {
		return nil, err
	}
	window, _, known := in.Calendar.Window(q.Term)
	var best *candidate
	for _, row := range rows {
		for i, p := range row.Programme.Publications {
			from, to := p.Published.From, p.Published.To
			c := candidate{Publication: p, ordinal: row.Published[i], inForce: known && from <= window.Last && (to == "" || to >= window.Last)}
			asked := q.Published == p.Published.Programme.Code || q.Published == "" && c.inForce
			if asked && !p.Withdrawn && (best == nil || c.rather(*best)) {
				best = &c
			}
		}
	}
	switch {
	case best == nil && q.Published != "":
		return nil, ErrNoProgramme.With("programme", q.Published)
	case best == nil:
		return nil, nil
	}
	return &review.GoverningProgramme{Programme: best.Published.Programme, Version: best.Version, Event: best.Event,
		From: best.Published.From, To: best.Published.To, WhatIf: !best.inForce}, nil
}

// A candidate is a publication that a term may be judged by.
type candidate struct {
	programme.Publication
	ordinal uint64
	inForce bool // on the term's last day
}

// rather tells whether c is to be judged by rather than d.
func (c candidate) rather(d candidate) bool {
	switch {
	case c.inForce != d.inForce:
		return c.inForce
	case c.Published.From != d.Published.From:
		return c.Published.From > d.Published.From
	}
	return c.ordinal > d.ordinal
}

// RecordedAt returns when the record of an ordinal was recorded.
func (r Reader) RecordedAt(ctx context.Context, ordinal uint64) (event.Instant, error) {
	row, err := r.last(ctx, ordinal)
	return row.Recorded, err
}

// OrdinalAt returns the ordinal of the last record before the first one that
// was recorded after the instant, which is written as [event.Instant] writes it.
func (r Reader) OrdinalAt(ctx context.Context, instant string) (uint64, error) {
	rows, err := r.Journal.Select(ctx, projections.Query{Limit: 1, Where: []projections.Condition{projections.Greater(journal.ByRecorded, instant)}})
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		last, err := r.last(ctx, 0)
		return last.Ordinal, err
	}
	if rows[0].Ordinal == 1 {
		return 0, ErrNothingKnown.With("as_of", instant)
	}
	return rows[0].Ordinal - 1, nil
}

// SearchCommunities returns what leads from a key, a name or a part of a name to one
// of the communities that are given by key: the same for reviews, for lists and for
// whatever settles communities. normal gives two ways of writing a name one form;
// nil leaves names as they are.
func SearchCommunities(among map[string]org.State[org.Community], normal func(string) string) org.Search {
	search := org.Search{Normal: normal, Parts: true, None: ErrNoCommunity, Several: ErrAmbiguousCommunity}
	for key, c := range among {
		b := org.NamedParty{Key: key, Name: c.Facts.Name, IdentifiedAs: c.IdentifiedAs(), Void: c.Phase == record.Void}
		for _, name := range append([]string{c.Facts.Name}, c.Aliases()...) {
			if normal != nil {
				name = normal(name)
			}
			b.Names = append(b.Names, name)
		}
		search.Among = append(search.Among, b)
	}
	return search
}
