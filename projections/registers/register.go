// Package registers asks the read model of records for the lists that the office
// keeps: registers, the sheet of a school or a person, and what is due.
package registers

import (
	"context"
	"slices"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/register"
	"twinledger/projections"
	"twinledger/projections/duplicates"
	"twinledger/projections/records"
)

// A Register is one list that the office keeps: the rows of one kind of stream.
type Register register.Register

// All are the registers, in the order in which they are shown.
var All = func() []Register {
	var all []Register
	for _, r := range register.All() {
		all = append(all, Register(r))
	}
	return all
}()

// Exported are the registers that are written and read as tables.
func Exported() []Register {
	forms := domain.Forms()
	return slices.DeleteFunc(slices.Clone(All), func(r Register) bool {
		_, is := forms[r.Kind]
		return !is
	})
}

// Named returns the register called name.
func Named(name string) (Register, bool) {
	i := slices.IndexFunc(All, func(r Register) bool { return r.Name == name })
	if i < 0 {
		return Register{}, false
	}
	return All[i], true
}

// Of returns the register of a kind of stream.
func Of(kind string) (Register, bool) {
	r, is := register.Of(kind)
	return Register(r), is
}

// ErrUnknownRegister refuses a register that there is none of.
var ErrUnknownRegister = fault.New(fault.NotFound, "register.unknown",
	"没有这个登记册；请用 lessons、exchanges、inspections 等名称。", "There is no such register; name one such as lessons, exchanges or inspections.")

// A Wanted is what a line must be to be listed; what is empty is not asked.
type Wanted struct {
	District  string
	Community string
	School    string // on either side, or concerned by a step; those that are the same school too
	Person    string
	Subject   string // as written
	Kind      string // of the glossary; a wide one finds the narrower ones
	Stage     string
	Mark      string       // one of the marks
	From, To  calendar.Day // it may have been true on one of the days between
	DueBy     calendar.Day // something is still owed, and was due by then
	Met       bool         // with DueBy: what was met or released, too
	ValidAt   calendar.Day // what it says was, or may have been, true then
}

// A Question asks for a part of a register.
type Question struct {
	Wanted
	AsOf     uint64       // ordinal; 0 for now
	JudgedOn calendar.Day // lines tell whether they lie ahead of it; "" asks for nothing of the kind
	After    string       // the key behind which to go on
	Limit    int          // at most so many lines; 0 means all
}

// A Line is one row, and whether what it says was true on the day asked for.
type Line struct {
	records.Row
	Valid    records.Validity // "" when no day was asked for
	Ahead    bool             // it is dated after the day judged on, and has not taken place
	CountsAs string           // key of the record that tells of the same thing and counts in its place, by somebody's decision; "" when the record counts
}

// A Reader answers questions about the registers.
type Reader struct {
	Rows    projections.Rows[records.Row]
	Decided projections.Rows[duplicates.Row] // about records that tell of the same thing; nil when nobody decided anything
}

// ToldTwice returns the records that do not count because another one stands for them,
// with that other one, as known at an ordinal.
func (r Reader) ToldTwice(ctx context.Context, asOf uint64) (map[string]string, error) {
	if r.Decided == nil {
		return nil, nil
	}
	return duplicates.Reader{Records: r.Rows, Decisions: r.Decided}.ToldTwice(ctx, asOf)
}

// Calendar returns what a district has published, as known at an ordinal, 0 for
// now.
func (r Reader) Calendar(ctx context.Context, district string, asOf uint64) (calendar.Calendar, error) {
	rows, err := r.Rows.Select(ctx, projections.Query{AsOf: asOf, Kind: "calendar", Where: []projections.Condition{
		projections.Is(records.ByDistrict, district), projections.Has(records.ByMarks, records.MarkStanding)}})
	published := calendar.Calendar{}
	for _, row := range rows {
		if year, is := row.Stated.(org.CalendarYear); is {
			published[year.SchoolYear] = year.Year
		}
	}
	return published, err
}

// Lines returns the lines of a register that are wanted, ordered by key.
func (r Reader) Lines(ctx context.Context, register Register, q Question) ([]Line, error) {
	return r.lines(ctx, q, register.query())
}

// query asks for all lines of the register.
func (g Register) query() projections.Query {
	q := projections.Query{Kind: g.Kind}
	if g.Kind == "row" {
		q.Where = append(q.Where, projections.Has(records.ByMarks, records.MarkHeld))
	}
	return q
}

// lines returns those of the rows that all asks for which are wanted.
func (r Reader) lines(ctx context.Context, q Question, all projections.Query) ([]Line, error) {
	same, err := r.identities(ctx, q)
	if err != nil {
		return nil, err
	}
	all.AsOf, all.After = q.AsOf, q.After
	q.Wanted.narrow(&all, same)
	schools, people := same(q.School), same(q.Person)
	told, err := r.ToldTwice(ctx, q.AsOf)
	if err != nil {
		return nil, err
	}
	districts := r.Districts(q.AsOf)
	var out []Line
	for {
		// Whom a row names, days, by the calendar, and what was met leave some rows out
		// again, so that a page may take several turns.
		if q.Limit > 0 {
			all.Limit = q.Limit - len(out)
		}
		rows, err := r.Rows.Select(ctx, all)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			line, listed, err := r.line(ctx, row, q, districts)
			if err != nil {
				return nil, err
			}
			line.CountsAs = told[row.Key]
			if listed && (q.School == "" || overlap(row.Schools(), schools)) && (q.Person == "" || overlap(row.People(), people)) {
				out = append(out, line)
			}
		}
		if all.Limit == 0 || len(rows) < all.Limit || len(out) == q.Limit {
			return out, nil
		}
		all.After = rows[len(rows)-1].Key
	}
}

// overlap tells whether a key is among both.
func overlap(keys, wanted []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(wanted, key) })
}

// line returns a row as a line, and whether the days that are asked for, and what
// is still owed, leave it in. A pairing that is asked for on a day has the schools of
// that day.
func (r Reader) line(ctx context.Context, row records.Row, q Question, districts Districts) (Line, bool, error) {
	line := Line{Row: row}
	if q.DueBy != "" && !q.Met && !line.Owed() {
		return line, false, nil
	}
	if q.ValidAt == "" && q.From == "" && q.To == "" && q.JudgedOn == "" {
		return line, true, nil
	}
	in, err := districts.Of(ctx, row.Facts.District)
	if err != nil {
		return line, false, err
	}
	known := in.Calendar
	if q.ValidAt != "" && row.Kind == "pairing" {
		line.Members = membersOn(row, in, q.ValidAt)
	}
	if q.ValidAt != "" {
		line.Valid = row.ValidOn(q.ValidAt, known)
	}
	line.Ahead = q.JudgedOn != "" && row.Ahead(q.JudgedOn, known)
	return line, line.Valid != records.No && row.MayTouch(q.From, q.To, known), nil
}

// identities returns, for a key that is asked for, all that are said to be the same
// one, itself among them.
func (r Reader) identities(ctx context.Context, q Question) (func(key string) []string, error) {
	as := map[string]string{}
	for _, key := range []string{q.School, q.Community, q.Person} {
		if key == "" {
			continue
		}
		rows, err := r.Rows.Select(ctx, projections.Query{AsOf: q.AsOf, Kind: event.StreamKind(key), Where: []projections.Condition{
			projections.Has(records.ByMarks, records.MarkIdentified), projections.Has(records.ByMarks, records.MarkStanding)}})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			as[row.Key] = row.IdentifiedAs()
		}
	}
	follow := func(key string) string { return org.Follow(key, func(k string) string { return as[k] }) }
	return func(key string) []string {
		all := []string{key}
		for other := range as {
			all = append(all, other, as[other])
		}
		slices.Sort(all)
		return slices.DeleteFunc(slices.Compact(all), func(k string) bool { return follow(k) != follow(key) })
	}, nil
}

// narrow adds to a query what an index and columns can tell of what is wanted; same
// gives all keys of what has one.
func (w Wanted) narrow(q *projections.Query, same func(key string) []string) {
	text := func(column, value string) {
		if value != "" {
			q.Where = append(q.Where, projections.Is(column, value))
		}
	}
	word := func(column, value string) {
		if value != "" {
			q.Where = append(q.Where, projections.Has(column, value))
		}
	}
	days := func(from, to calendar.Day) {
		if from != "" {
			q.Where = append(q.Where, projections.NotLess(records.ByLast, records.Number(from)))
		}
		if to != "" {
			q.Where = append(q.Where, projections.NotMore(records.ByFirst, records.Number(to)))
		}
	}
	switch {
	case w.Person != "":
		q.Naming = same(w.Person)
	case w.School != "":
		q.Naming = same(w.School)
	}
	if w.Community != "" {
		q.Where = append(q.Where, projections.Is(records.ByCommunity, same(w.Community)...))
	}
	text(records.ByDistrict, w.District)
	text(records.ByStage, w.Stage)
	word(records.BySubject, w.Subject)
	word(records.ByWhat, w.Kind)
	word(records.ByMarks, w.Mark)
	days(w.From, w.To)
	days(w.ValidAt, w.ValidAt)
	if w.DueBy != "" {
		q.Where = append(q.Where, projections.NotMore(records.ByDue, records.Number(w.DueBy)))
	}
}

// Line returns the line of a key as known at an ordinal, 0 for now, and whether there
// is one. Where validAt is given, the line says whether it was true on that day.
func (r Reader) Line(ctx context.Context, key string, asOf uint64, validAt calendar.Day) (Line, bool, error) {
	found, err := r.Rows.Select(ctx, projections.Query{AsOf: asOf, Keys: []string{key}})
	if err != nil || len(found) == 0 {
		return Line{}, false, err
	}
	line, _, err := r.line(ctx, found[0], Question{AsOf: asOf, Wanted: Wanted{ValidAt: validAt}}, r.Districts(asOf))
	if err != nil {
		return line, false, err
	}
	told, err := r.ToldTwice(ctx, asOf)
	line.CountsAs = told[key]
	return line, err == nil, err
}
