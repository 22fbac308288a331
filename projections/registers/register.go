package registers

import (
	"context"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/projections"
)

// A Register is one list that the office keeps: the rows of one kind of stream.
type Register struct {
	Name   string // names its address, its file and its sheet: lessons
	Kind   string // the kind of stream
	ZH, EN string
}

// All are the registers, in the order in which they are shown.
var All = []Register{
	{"pairings", "pairing", "结对登记", "pairings"},
	{"exchanges", "exchange", "交流轮岗名册", "exchange roster"},
	{"lessons", "lesson", "课例登记", "lesson register"},
	{"mentorships", "mentorship", "师徒结对登记", "mentorships"},
	{"visits", "visit", "互访登记", "visits"},
	{"meetings", "meeting", "会议登记", "meetings"},
	{"research", "research", "教研活动登记", "research sessions"},
	{"activities", "activity", "联合活动登记", "joint activities"},
	{"donations", "donation", "物资捐赠登记", "donations"},
	{"filings", "filing", "报送材料登记", "filings"},
	{"inspections", "inspection", "检查督导登记", "inspections"},
	{"rectifications", "rectification", "限期整改登记", "rectifications"},
	{"recognitions", "recognition", "证书与认定登记", "recognitions and certificates"},
	{"indicators", "indicator", "指标登记", "reported indicators"},
	{"schools", "school", "学校", "schools"},
	{"communities", "community", "共同体", "communities"},
	{"people", "person", "人员", "people"},
	{"held-rows", "row", "暂挂的行", "held rows"},
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
	i := slices.IndexFunc(All, func(r Register) bool { return r.Kind == kind })
	if i < 0 {
		return Register{}, false
	}
	return All[i], true
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
	AsOf  uint64 // ordinal; 0 for now
	After string // the key behind which to go on
	Limit int    // at most so many lines; 0 means all
}

// A Line is one row, and whether what it says was true on the day asked for.
type Line struct {
	Row
	Valid Validity // "" when no day was asked for
}

// A Reader answers questions about the registers.
type Reader struct{ Rows projections.Rows[Row] }

// Calendar returns what a district has published, as known at an ordinal, 0 for
// now.
func (r Reader) Calendar(ctx context.Context, district string, asOf uint64) (calendar.Calendar, error) {
	rows, err := r.Rows.Select(ctx, projections.Query{AsOf: asOf, Where: []projections.Condition{
		projections.Is(ByKind, "calendar"), projections.Is(ByDistrict, district), projections.Among(ByMark, MarkStanding)}})
	published := calendar.Calendar{}
	for _, row := range rows {
		year := ownOf[org.CalendarYear](row)
		published[year.SchoolYear] = year.Year
	}
	return published, err
}

// Lines returns the lines of a register that are wanted, ordered by key.
func (r Reader) Lines(ctx context.Context, register Register, q Question) ([]Line, error) {
	return r.lines(ctx, q, register.conditions()...)
}

// conditions returns what a row must be to be a line of the register.
func (g Register) conditions() []projections.Condition {
	if g.Kind == "row" {
		return []projections.Condition{projections.Is(ByKind, g.Kind), projections.Among(ByMark, MarkHeld)}
	}
	return []projections.Condition{projections.Is(ByKind, g.Kind)}
}

// lines returns the lines that meet the conditions and are wanted.
func (r Reader) lines(ctx context.Context, q Question, also ...projections.Condition) ([]Line, error) {
	same, err := r.identities(ctx, q)
	if err != nil {
		return nil, err
	}
	where := append(also, q.Wanted.conditions(same)...)
	calendars := map[string]calendar.Calendar{}
	var out []Line
	for after := q.After; ; {
		// Days, by the calendar, and what was met leave some rows out again, so that a page may take several turns.
		want := 0
		if q.Limit > 0 {
			want = q.Limit - len(out)
		}
		rows, err := r.Rows.Select(ctx, projections.Query{AsOf: q.AsOf, Where: where, After: after, Limit: want})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			line, listed, err := r.line(ctx, row, q, calendars)
			if err != nil {
				return nil, err
			}
			if listed {
				out = append(out, line)
			}
		}
		if want == 0 || len(rows) < want || len(out) == q.Limit {
			return out, nil
		}
		after = rows[len(rows)-1].Record
	}
}

// line returns a row as a line, and whether the days that are asked for, and what
// is still owed, leave it in. calendars keeps those that were read.
func (r Reader) line(ctx context.Context, row Row, q Question, calendars map[string]calendar.Calendar) (Line, bool, error) {
	line := Line{Row: row}
	if q.DueBy != "" && !q.Met && !line.Owed() {
		return line, false, nil
	}
	if q.ValidAt == "" && q.From == "" && q.To == "" {
		return line, true, nil
	}
	known, asked := calendars[row.Facts.District]
	if !asked {
		var err error
		if known, err = r.Calendar(ctx, row.Facts.District, q.AsOf); err != nil {
			return line, false, err
		}
		calendars[row.Facts.District] = known
	}
	if q.ValidAt != "" {
		line.Valid = row.ValidOn(q.ValidAt, known)
	}
	return line, line.Valid != No && row.mayTouch(q.From, q.To, known), nil
}

// identities returns, for a key that is asked for, all that are said to be the
// same one, itself among them, parted by spaces.
func (r Reader) identities(ctx context.Context, q Question) (func(key string) string, error) {
	as := map[string]string{}
	for _, key := range []string{q.School, q.Community, q.Person} {
		kind, _, _ := strings.Cut(key, "-")
		if key == "" {
			continue
		}
		rows, err := r.Rows.Select(ctx, projections.Query{AsOf: q.AsOf, Where: []projections.Condition{
			projections.Is(ByKind, kind), projections.Among(ByMark, MarkIdentified), projections.Among(ByMark, MarkStanding)}})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			as[row.Record] = row.As()
		}
	}
	follow := func(key string) string { return org.Follow(key, func(k string) string { return as[k] }) }
	return func(key string) string {
		all := []string{key}
		for other := range as {
			all = append(all, other, as[other])
		}
		slices.Sort(all)
		all = slices.Compact(all)
		return strings.Join(slices.DeleteFunc(all, func(k string) bool { return follow(k) != follow(key) }), " ")
	}, nil
}

// As returns the key of the one that a school, community or person is said to be
// last, "" of one that is itself.
func (r Row) As() string {
	for _, t := range slices.Backward(r.Turns) {
		if t.Kind == org.ChangeIdentified && len(t.Keys) > 0 {
			return t.Keys[0]
		}
	}
	return ""
}

// conditions returns what the columns can tell of what is wanted; same gives all
// keys of what has one.
func (w Wanted) conditions(same func(key string) string) []projections.Condition {
	all := []projections.Condition{
		projections.Is(ByDistrict, w.District), projections.OneOf(ByCommunity, same(w.Community)), projections.AmongAny(BySchool, same(w.School)),
		projections.AmongAny(ByPerson, same(w.Person)), projections.Among(BySubject, w.Subject), projections.Among(ByWhat, w.Kind),
		projections.Is(ByStage, w.Stage), projections.Among(ByMark, w.Mark),
		projections.AtLeast(ByLast, string(w.From)), projections.AtMost(ByFirst, string(w.To)),
		projections.AtLeast(ByLast, string(w.ValidAt)), projections.AtMost(ByFirst, string(w.ValidAt)),
		projections.AtMost(ByDue, string(w.DueBy)),
	}
	if w.DueBy != "" {
		all = append(all, projections.Greater(ByDue, " "))
	}
	return slices.DeleteFunc(all, func(c projections.Condition) bool { return c.Value == "" })
}

// Line returns the line of a key as known at an ordinal, 0 for now, and whether
// there is one. Of a day that is not "" it says whether what the line says was
// true then, also where it was not.
func (r Reader) Line(ctx context.Context, key string, asOf uint64, validAt calendar.Day) (Line, bool, error) {
	found, err := r.Rows.Select(ctx, projections.Query{AsOf: asOf, After: justBefore(key), Limit: 1})
	if err != nil || len(found) == 0 || found[0].Record != key {
		return Line{}, false, err
	}
	line, _, err := r.line(ctx, found[0], Question{AsOf: asOf, Wanted: Wanted{ValidAt: validAt}}, map[string]calendar.Calendar{})
	return line, err == nil, err
}
