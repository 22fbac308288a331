// Package reviews collects what term reviews are computed from, and in which terms
// there is something to review, from the read model of records.
package reviews

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
	"twinledger/projections/duplicates"
	"twinledger/projections/journal"
	"twinledger/projections/records"
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
	JudgedOn  calendar.Day         // what is dated after it has not taken place; "" means the day on which the last known record was recorded
	Published string               // code of a published programme to judge by, "" for the one in force
	Programme *programme.Programme // a programme that is not published, to judge by
}

// A Reader reads the inputs of reviews.
type Reader struct {
	Ledger  string
	Records projections.Rows[records.Row]
	Decided projections.Rows[duplicates.Row] // what was decided about records that are perhaps the same
	Journal journal.Index
	Normal  func(string) string // gives two ways of writing a name one form; nil leaves names as they are
}

// Input collects what the review that q asks for is computed from, as it was
// known at q.AsOf.
func (r Reader) Input(ctx context.Context, q Question) (review.Input, error) {
	in := review.Input{Ledger: r.Ledger, Term: q.Term, Calendar: calendar.Calendar{}, Schools: map[string]review.School{}}
	last, err := r.at(ctx, q.AsOf)
	if err != nil {
		return in, err
	}
	in.Ordinal, in.Hash, in.Recorded, in.JudgedOn = last.Ordinal, last.Hash.Bytes(), last.Recorded, q.JudgedOn
	community, keys, err := r.community(ctx, q.Community, in.Ordinal)
	if err != nil {
		return in, err
	}
	district := community.Facts.District
	in.Community = review.NamedKey{Key: community.Key, Name: community.Name}
	if err := r.records(ctx, &in, keys); err != nil {
		return in, err
	}
	if err := r.unassigned(ctx, &in, district); err != nil {
		return in, err
	}
	if err := r.people(ctx, &in); err != nil {
		return in, err
	}
	if err := r.surroundings(ctx, &in, district); err != nil {
		return in, err
	}
	if err := r.toldTwice(ctx, &in); err != nil {
		return in, err
	}
	in.Programme, err = r.governing(ctx, in, district, q)
	return in, err
}

// at returns the journal's line of an ordinal, or its newest.
func (r Reader) at(ctx context.Context, ordinal uint64) (journal.Row, error) {
	row, known, err := journal.Last(ctx, r.Journal, ordinal)
	if err == nil && !known {
		err = ErrNothingKnown.With("as_of", ordinal)
	}
	return row, err
}

// community returns the row of the community that is wanted, and the keys of all
// that are said to be the same one, its own among them.
func (r Reader) community(ctx context.Context, wanted string, asOf uint64) (records.Row, []string, error) {
	rows, err := r.Records.Select(ctx, projections.Query{AsOf: asOf, Kind: "community"})
	if err != nil {
		return records.Row{}, nil, err
	}
	states := map[string]org.State[org.Community]{}
	for _, row := range rows {
		states[row.Key] = records.StateOf[org.Community](row)
	}
	key, err := SearchCommunities(states, r.Normal).Key(wanted)
	if err != nil {
		return records.Row{}, nil, err
	}
	var found records.Row
	var same []string
	stands := SameCommunity(rows)
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

// SameCommunity returns who stands for a community: itself, or the one that it is
// said to be. rows are all communities.
func SameCommunity(rows []records.Row) func(key string) string {
	as := map[string]string{}
	for _, row := range rows {
		as[row.Key] = row.IdentifiedAs()
	}
	return func(key string) string { return org.Follow(key, func(k string) string { return as[k] }) }
}

// unassigned reads the district's records and held rows that name no community.
func (r Reader) unassigned(ctx context.Context, in *review.Input, district string) error {
	rows, err := r.Records.Select(ctx, projections.Query{AsOf: in.Ordinal, Where: []projections.Condition{
		projections.Is(records.ByCommunity, ""), projections.Is(records.ByDistrict, district), projections.Has(records.ByMarks, records.MarkStanding),
		projections.Is(records.ByKind, records.Accounted...)}})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if records.IsRecord(row.Kind) {
			in.WithoutCommunity = append(in.WithoutCommunity, row.Fact())
		} else {
			in.Unassigned = append(in.Unassigned, review.Ref{Record: row.Key, Events: row.Events, Source: row.Facts.Source})
		}
	}
	return nil
}

// records reads the records and held rows of the community, under all keys that
// stand for it, and those records that once belonged to it.
func (r Reader) records(ctx context.Context, in *review.Input, keys []string) error {
	rows, err := r.Records.Select(ctx, projections.Query{AsOf: in.Ordinal, Where: []projections.Condition{projections.Is(records.ByCommunity, keys...)}})
	if err != nil {
		return err
	}
	for _, row := range rows {
		switch {
		case records.IsRecord(row.Kind):
			in.Facts = append(in.Facts, within(row.Fact(), in.Community.Key, keys))
		case row.Held():
			in.Held = append(in.Held, row.HeldRow())
		}
	}
	left, err := r.Records.Select(ctx, projections.Query{AsOf: in.Ordinal, Where: []projections.Condition{projections.Has(records.ByLeft, keys...)}})
	if err != nil {
		return err
	}
	for _, row := range left {
		if !slices.Contains(keys, row.Facts.Community) {
			in.Left = append(in.Left, within(row.Fact(), in.Community.Key, keys))
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

// surroundings reads the district, its calendar and its schools.
func (r Reader) surroundings(ctx context.Context, in *review.Input, district string) error {
	for _, kind := range []string{"district", "calendar", "school"} {
		rows, err := r.Records.Select(ctx, projections.Query{AsOf: in.Ordinal, Kind: kind, Where: []projections.Condition{projections.Is(records.ByDistrict, district)}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			switch stated := row.Stated.(type) {
			case org.District:
				in.District = review.NamedKey{Key: row.Key, Name: row.Name}
			case org.CalendarYear:
				takeCalendar(in, row, stated.Year)
			case org.School:
				in.Schools[row.Key] = row.School()
			}
		}
	}
	return nil
}

// takeCalendar gives a review a year of the district's calendar; a void one bounds no
// term and shows only that it was there.
func takeCalendar(in *review.Input, row records.Row, year calendar.Year) {
	if !row.Void() {
		in.Calendar[year.SchoolYear] = year
	}
	if year.SchoolYear == in.Term.Year {
		in.Published = &review.PublishedCalendar{Key: row.Key, Void: row.Void(), Trace: row.Events, Amendments: row.Amendments}
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
	rows, err := r.Records.Select(ctx, projections.Query{AsOf: in.Ordinal, Kind: "programme", Where: []projections.Condition{projections.Is(records.ByDistrict, district)}})
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
	row, err := r.at(ctx, ordinal)
	return row.Recorded, err
}

// OrdinalAt returns the ordinal of the last record before the first one that was
// recorded after the instant.
func (r Reader) OrdinalAt(ctx context.Context, instant event.Instant) (uint64, error) {
	ordinal, err := r.Journal.LastUntil(ctx, instant)
	if err == nil && ordinal == 0 {
		err = ErrNothingKnown.With("as_of", instant.Shown())
	}
	return ordinal, err
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
