package review

import (
	"slices"
	"strconv"

	"twinledger/domain/calendar"
	"twinledger/domain/programme"
	"twinledger/domain/record"
)

// obligations judges every rule of the programme, in the programme's order.
func (c *computation) obligations() []Obligation {
	out := []Obligation{}
	if c.in.Programme == nil {
		return out
	}
	for _, rule := range c.in.Programme.Programme.Obligations {
		o := Obligation{
			ID: rule.ID, Text: rule.Text, Section: rule.Section, Strength: rule.Strength, Per: rule.Count.Per,
			AtLeast: rule.Count.AtLeast, Kinds: kindWords(rule.Count.Kinds), Notes: list(rule.Notes), Results: []Result{},
		}
		if rule.Count.Per == programme.PerMemberSchool {
			o.Results = c.perMember(rule.Count)
		} else {
			o.Results = append(o.Results, c.judge(rule.Count, nil))
		}
		out = append(out, o)
	}
	return out
}

// perMember judges for every school by itself that is a member at some time in
// the term. Where no member is known
// nothing is counted, for there is nobody to count for; and nothing is short,
// for what is owed is owed by each of an unknown number of schools.
func (c *computation) perMember(count programme.Count) []Result {
	out := []Result{}
	seen := map[string]bool{}
	for _, m := range c.parts {
		days, _ := c.roles.days(m, c.bounds)
		if which := c.roles.partOf(m, days); (which == following || which == unclear) && !seen[m.School] {
			seen[m.School] = true
			named := c.school(m.School)
			out = append(out, c.ceasedWithin(m.School, c.judge(count, &named)))
		}
	}
	if len(out) == 0 {
		out = append(out, Result{Status: CannotJudge, Because: []Reason{MembersUnknown}, Counted: []CountedRecord{}, Open: []ConsideredRecord{}, NotCounted: []ConsideredRecord{}})
	}
	return out
}

// judge counts for the community, or for one school.
func (c *computation) judge(count programme.Count, school *NamedKey) Result {
	r := Result{School: school, Because: []Reason{}, Counted: []CountedRecord{}, Open: []ConsideredRecord{}, NotCounted: []ConsideredRecord{}}
	sure := 0  // occurrences that do not hang on an approximate number
	could := 0 // how many more the open records could give
	sureOf := map[string]int{}
	for _, f := range slices.Concat(c.in.Facts, c.own) {
		if !mayBeOf(f, count.Kinds) {
			continue
		}
		no, maybe := c.consider(f, count, school)
		if len(no) > 0 && f.Facts.Community == "" {
			continue // it would not count in this community either
		}
		if len(no) > 0 {
			r.NotCounted = append(r.NotCounted, ConsideredRecord{ref(f), no})
			continue
		}
		y := c.share(f, count, school)
		could = min(could+y.more, boundless)
		if len(maybe) > 0 {
			could = min(could+y.number, boundless)
			r.Open = append(r.Open, ConsideredRecord{ref(f), append(maybe, y.lacks...)})
			continue
		}
		if y.number > 0 {
			r.Counted = append(r.Counted, CountedRecord{ref(f), y.number, y.atLeast, c.timing(f) == reaching})
			r.Achieved += y.number
			r.AtLeast = r.AtLeast || y.atLeast
		}
		if len(y.lacks) > 0 {
			r.Open = append(r.Open, ConsideredRecord{ref(f), y.lacks})
		}
		sure, sureOf[f.Key] = sure+y.sure, y.sure
	}
	c.decide(&r, count.AtLeast, sure, could)
	c.doubt(&r, count.AtLeast, sureOf)
	r.Overlaps = c.overlapsAmong(r.counted())
	return r
}

// boundless stands for what a record of unknown number could give: more than
// any plan owes, and far from overflowing.
const boundless = 1 << 40

// decide sets the verdict: a shortfall that open records could close cannot be
// judged; otherwise it is short by so many.
func (c *computation) decide(r *Result, owed, sure, could int) {
	switch {
	case sure >= owed:
		r.Status, r.Excess = Met, r.Achieved-owed
		return
	case could >= owed-sure:
		r.Status = CannotJudge
		for _, looked := range r.Open {
			for _, reason := range looked.Reasons {
				if !slices.Contains(r.Because, reason) {
					r.Because = append(r.Because, reason)
				}
			}
		}
		slices.Sort(r.Because)
	case c.dated && c.in.JudgedOn <= c.window.Last:
		r.Status = Due
	default:
		r.Status = Short
	}
	r.ShortBy = max(owed-r.Achieved, 0)
}

// mayBeOf tells whether a record is of one of the kinds, or only said to be of
// a wider one.
func mayBeOf(f Fact, kinds []record.Kind) bool {
	yes, maybe := ofKind(f.Facts, kinds)
	return f.Kind != "pairing" && (yes || maybe)
}

func ofKind(f record.Facts, kinds []record.Kind) (yes, maybe bool) {
	for _, wanted := range kinds {
		if f.Is(wanted) {
			return true, false
		}
		for _, said := range f.Kinds {
			maybe = maybe || wanted.Within(said)
		}
	}
	return false, maybe
}

// undated tells why nobody can say that a record counts in this term.
func (c *computation) undated(f Fact) Reason {
	if f.Standing().certainlyIn(c.in.Calendar, c.in.Term) {
		return BeyondTerm
	}
	return Undated
}

// consider tells why a record does not count, or why it cannot be told. Without
// either it counts.
func (c *computation) consider(f Fact, count programme.Count, school *NamedKey) (no, maybe []Reason) {
	add := func(yes bool, unknown, other Reason) {
		switch {
		case yes:
		case unknown != "":
			maybe = append(maybe, unknown)
		default:
			no = append(no, other)
		}
	}
	if f.Void {
		return []Reason{Voided}, nil
	}
	if f.NotTakenPlace {
		return []Reason{NotTakenPlace}, nil
	}
	when, place := c.timing(f), f.Standing().PlaceIn(c.in.Calendar, c.in.Term)
	switch {
	case place == calendar.Outside:
		return []Reason{OtherTerm}, nil
	case c.twice.StandsFor[f.Key] != "":
		return []Reason{ToldTwice}, nil
	case when == ahead, c.dated && c.window.First > c.in.JudgedOn:
		return []Reason{Ahead}, nil // also what may lie elsewhere, for the term has not begun
	case place != calendar.Inside:
		maybe = append(maybe, c.undated(f))
	}
	if when == perhapsAhead {
		maybe = append(maybe, PerhapsAhead)
	}
	if f.Facts.Community == "" {
		maybe = append(maybe, NoCommunity)
	}
	if is, _ := ofKind(f.Facts, count.Kinds); !is {
		maybe = append(maybe, Unclassified)
	}
	days := c.days(f)
	direction := c.roles.direction(count.Direction, f.Facts, days)
	add(direction.yes, direction.maybe, OtherDirection)
	if school != nil {
		of, other := c.roles.concerns(memberSide(f.Facts, count.Direction, school.Key), school.Key, days)
		if of.maybe == "" || of.maybe != direction.maybe { // one doubt is said once
			add(of.yes, of.maybe, other)
		}
	}
	if len(count.Modes) > 0 {
		unknown := Reason("")
		if f.Facts.Mode == record.ModeUnknown {
			unknown = ModeUnknown
		}
		add(slices.Contains(count.Modes, f.Facts.Mode), unknown, OtherMode)
	}
	if len(count.Subjects) > 0 {
		unknown := Reason("")
		if len(f.Facts.Subjects) == 0 {
			unknown = SubjectUnknown
		}
		has := func(w record.Word) bool { return slices.Contains(count.Subjects, w.Text) }
		add(slices.ContainsFunc(f.Facts.Subjects, has), unknown, OtherSubject)
	}
	return no, maybe
}

// days returns the days of the term on which a record that lies, or may lie, in
// it may have taken place: by them the schools' parts are looked up.
func (c *computation) days(f Fact) calendar.Period {
	extent, bounded := f.Standing().extent(c.in.Calendar)
	if !bounded || !extent.Overlaps(c.bounds) {
		return c.bounds
	}
	return calendar.Period{First: max(extent.First, c.bounds.First), Last: min(extent.Last, c.bounds.Last)}
}

// A yield is how many occurrences a record gives.
type yield struct {
	number  int      // with which it is counted
	sure    int      // of these, those that do not hang on an approximate number
	more    int      // how many more it could give
	atLeast bool     // there may be more than number
	lacks   []Reason // why there may be more, or fewer
}

// share returns what a record gives towards a count. Of several occurrences in
// several subjects, or at several schools, nobody said how many fall to which: at
// least one to each.
func (c *computation) share(f Fact, count programme.Count, school *NamedKey) yield {
	y := c.occurrences(f)
	var split []Reason
	if len(count.Subjects) > 0 {
		wanted := func(w record.Word) bool { return slices.Contains(count.Subjects, w.Text) }
		if slices.ContainsFunc(f.Facts.Subjects, func(w record.Word) bool { return !wanted(w) }) {
			split = append(split, SeveralSubjects)
		}
	}
	if school != nil {
		side := memberSide(f.Facts, count.Direction, school.Key)
		if len(side) > 1 && slices.Contains(record.Schools(side), school.Key) {
			split = append(split, SeveralSchools)
		}
	}
	if y.number <= 1 || len(split) == 0 {
		return y
	}
	// Of two subjects at two schools the one may have fallen to each alone.
	surely := 1
	if len(split) > 1 {
		surely = 0
	}
	return yield{surely, min(surely, y.sure), min(y.more+y.number-surely, boundless), surely > 0, append(split, y.lacks...)}
}

// occurrences returns what a record of the term gives. 节, 次 and 场 give their
// number; 人, 人次 and 台 never do; a dated record without a number of
// occurrences took place at least once.
func (c *computation) occurrences(f Fact) yield {
	if n, counted := f.Facts.Quantity.Occurrences(); counted {
		if n > 1 && !known(f.Start) && f.Occurred.Dated() && c.timing(f) == reaching {
			return yield{1, 1, n - 1, true, []Reason{ReachesBeyond}} // how many of them were over, nobody says
		}
		switch f.Facts.Quantity.Bound {
		case record.About:
			return yield{number: n, more: boundless, lacks: []Reason{Approximate}}
		case record.AtLeast:
			return yield{n, n, boundless, true, []Reason{PerhapsMore}}
		}
		return yield{number: n, sure: n}
	}
	lacks := []Reason{Unnumbered}
	if f.Facts.Quantity.Number != "" {
		lacks = []Reason{PeopleOnly}
	}
	if f.Standing().dated() {
		return yield{1, 1, boundless, true, lacks}
	}
	return yield{more: boundless, lacks: lacks}
}

// counts totals the records of the term, by kind and by what is counted.
func (c *computation) counts() []Count {
	out := []Count{}
	for _, entry := range record.Glossary() {
		out = append(out, c.countKind(entry)...)
	}
	return out
}

// countKind totals the records that are said to be of exactly this kind, one
// line for each measure.
func (c *computation) countKind(entry record.Entry) []Count {
	var lines []Count
	added := map[string][]addend{} // by measure
	line := func(measure string) *Count {
		for i := range lines {
			if lines[i].Measure == measure {
				return &lines[i]
			}
		}
		lines = append(lines, Count{Kind: KindWords{entry.Kind, entry.ZH, entry.EN}, Measure: measure, Total: "0", Bound: record.Exact,
			Subjects: []string{}, From: []NamedKey{}, Counted: []Ref{}, Listed: []Ref{}})
		return &lines[len(lines)-1]
	}
	for _, f := range c.inside {
		// A figure that is reported is nothing that took place.
		if f.Kind != "indicator" && slices.Contains(f.Facts.Kinds, entry.Kind) {
			measure := f.Facts.Quantity.Measure.Text
			number := c.addTo(line(measure), f)
			added[measure] = append(added[measure], addend{f.Key, number})
		}
	}
	for i, l := range lines {
		lines[i].Overlaps = c.overlapsAmong(l.records())
		c.doubtTotal(&lines[i], added[l.Measure])
	}
	return lines
}

// addTo adds a record to a total: its number as written or, when it has none
// and its day is known, at least one. It returns what it added.
func (c *computation) addTo(l *Count, f Fact) string {
	q := f.Facts.Quantity
	l.Records++
	number := q.Number
	if number == "" {
		l.Unnumbered++
		l.Listed = append(l.Listed, ref(f))
		n := c.occurrences(f).number
		if n > 0 {
			l.Bound = weaker(l.Bound, record.AtLeast)
			l.Total = addDecimals(l.Total, strconv.Itoa(n))
		}
		return strconv.Itoa(n)
	}
	l.Numbered++
	l.Counted = append(l.Counted, ref(f))
	l.Total = addDecimals(l.Total, number)
	l.Bound = weaker(l.Bound, q.Bound)
	for _, s := range f.Facts.Subjects {
		if !slices.Contains(l.Subjects, s.Text) {
			l.Subjects = append(l.Subjects, s.Text)
		}
	}
	for _, key := range record.Schools(f.Facts.From) {
		if named := c.school(key); !slices.Contains(l.From, named) {
			l.From = append(l.From, named)
		}
	}
	return number
}

// weaker returns the bound of a sum of two numbers: the one that claims less.
func weaker(a, b record.Bound) record.Bound {
	switch {
	case a == record.About || b == record.About:
		return record.About
	case a == record.AtLeast || b == record.AtLeast:
		return record.AtLeast
	}
	return record.Exact
}
