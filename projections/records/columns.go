package records

import (
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/duplicate"
	"twinledger/domain/event"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/projections"
)

// The columns by which rows are found and counted.
const (
	ByKind          = "kind" // kind of stream
	ByDistrict      = "district"
	ByCommunity     = "community"
	ByLeft          = "left_communities" // those that a record once belonged to and no longer does
	BySubject       = "subjects"         // as written
	ByWhat          = "what"             // kinds of the glossary, wider ones too
	ByStage         = "stage"
	ByMarks         = "marks"
	ByFirst         = "first_day"       // as a number such as 20180418: it is not true before; 0 when that is not known
	ByLast          = "last_day"        // it is not true behind it; 99991231 when that is not known
	ByBegan         = "began"           // the first day on which what it stands for may have begun, by any calendar; 0 when that is not known
	ByDue           = "due"             // the last day by which something is owed
	ByStandings     = "standings"       // where a record stands or, before it was corrected, stood; see [Standings]
	ByTimes         = "times"           // how often it took place, where it says so
	ByNotTakenPlace = "not_taken_place" // 1 when it has not taken place
	ByNumber        = "number"          // "none" when it gives no number of what it counts
	ByMatter        = "matter"          // what likely duplicates share; see [duplicate.Statement.Matter]; not known of what counts nothing
)

var columns = []projections.Column[Row]{
	projections.TextColumn(ByKind, func(r Row) string { return r.Kind }),
	projections.TextColumn(ByDistrict, func(r Row) string { return r.Facts.District }),
	projections.TextColumn(ByCommunity, Row.community),
	projections.WordsColumn(ByLeft, Row.left),
	projections.WordsColumn(BySubject, Row.subjects),
	projections.WordsColumn(ByWhat, Row.kinds),
	projections.TextColumn(ByStage, func(r Row) string { return string(r.Progress.Stage) }),
	projections.WordsColumn(ByMarks, Row.Marks),
	projections.NumberColumn(ByFirst, func(r Row) (int64, bool) { return Number(r.From.Widest().First), true }),
	projections.NumberColumn(ByLast, func(r Row) (int64, bool) { return Number(r.Until.Widest().Last), true }),
	projections.NumberColumn(ByBegan, func(r Row) (int64, bool) { return Number(r.began().Widest().First), true }),
	projections.NumberColumn(ByDue, Row.dueDay),
	projections.WordsColumn(ByStandings, Row.standings),
	projections.NumberColumn(ByTimes, func(r Row) (int64, bool) { return int64(r.Occurrences), r.Numbered }),
	projections.NumberColumn(ByNotTakenPlace, func(r Row) (int64, bool) { return 1, r.NotTakenPlace }),
	projections.TextColumn(ByNumber, Row.number),
	projections.TextColumn(ByMatter, Row.matter),
}

// Number returns a day as a number that sorts as days do; 0 for the unknown day.
func Number(day calendar.Day) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(string(day), "-", ""), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (r Row) community() string {
	if r.Kind == "community" {
		return r.Key
	}
	return r.Facts.Community
}

func (r Row) left() []string {
	var out []string
	for _, s := range r.Former {
		if s.Community != r.Facts.Community && !slices.Contains(out, s.Community) {
			out = append(out, s.Community)
		}
	}
	return out
}

func (r Row) subjects() []string {
	var out []string
	for _, s := range r.Facts.Subjects {
		out = append(out, s.Text)
	}
	return out
}

// kinds returns the kinds and every wider one, so that a question for a wide kind
// finds the narrow ones.
func (r Row) kinds() []string {
	var out []string
	for _, k := range r.Facts.Kinds {
		for k != "" {
			out = append(out, string(k))
			entry, _ := record.Lookup(k)
			k = entry.Parent
		}
	}
	return out
}

func (r Row) dueDay() (int64, bool) {
	if r.Due == "" {
		return 0, false
	}
	return Number(r.Due.Widest().Last), true
}

// standings are those of a record that is not a pairing: a pairing is of every term.
func (r Row) standings() []string {
	if !IsRecord(r.Kind) || r.Kind == "pairing" {
		return nil
	}
	out := []string{standingText(r.Standing())}
	for _, s := range r.Former {
		out = append(out, standingText(s))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r Row) number() string {
	if r.Facts.Quantity.Number == "" && r.Counts() {
		return "none"
	}
	return ""
}

// Statement returns what the record says that can show that another one tells of the
// same thing, and whether it counts so that it can be told twice.
func (r Row) Statement() (duplicate.Statement, bool) {
	if !IsRecord(r.Kind) || r.NotTakenPlace || len(r.Events) == 0 {
		return duplicate.Statement{}, false
	}
	return duplicate.StatementOf(r.Key, r.Events[0].Ordinal, r.Progress, workflows[r.Kind])
}

func (r Row) matter() string {
	s, counts := r.Statement()
	if !counts {
		return ""
	}
	return s.Matter()
}

// The marks of rows.
const (
	MarkVoid        = "void"
	MarkStanding    = "standing"
	MarkCorrected   = "corrected"
	MarkIncomplete  = "incomplete"
	MarkReported    = "reported" // told of afterwards
	MarkFollowed    = "followed" // made by the workflow
	MarkHeld        = "held"
	MarkProvisional = "provisional"
	MarkIdentified  = "identified" // said to be another one
)

// AllMarks are all marks, in the order in which they are offered.
var AllMarks = []string{MarkStanding, MarkVoid, MarkCorrected, MarkIncomplete, MarkReported, MarkFollowed, MarkHeld, MarkProvisional, MarkIdentified}

// Marks returns the row's marks, in no order.
func (r Row) Marks() []string {
	var marks []string
	mark := func(is bool, mark string) {
		if is {
			marks = append(marks, mark)
		}
	}
	identified := r.lastChange(org.ChangeIdentified) >= 0
	mark(r.Void(), MarkVoid)
	mark(!r.Void(), MarkStanding)
	mark(r.Corrected(), MarkCorrected)
	mark(len(r.Unknowns) > 0, MarkIncomplete)
	mark(r.Progress.Founded == "reported", MarkReported)
	mark(r.Progress.Founded != "reported" && IsRecord(r.Kind), MarkFollowed)
	mark(r.Held(), MarkHeld)
	mark(r.Provisional && !identified && r.lastChange(org.ChangeConfirmed) < 0, MarkProvisional)
	mark(identified, MarkIdentified)
	return marks
}

// Is tells whether the row has a mark.
func (r Row) Is(mark string) bool { return slices.Contains(r.Marks(), mark) }

// Schools returns the schools that the row names, on either side or as those a
// step concerns; of a school itself, the school.
func (r Row) Schools() []string { return r.named("school") }

// People returns the people that the row names; of a person, the person.
func (r Row) People() []string { return r.named("person") }

// named returns the keys of a kind that the row names, as it stands.
func (r Row) named(kind string) []string {
	if r.Kind == kind {
		return []string{r.Key}
	}
	var keys []string
	if facts, is := r.Stated.(interface{ References() []string }); is && IsRecord(r.Kind) {
		keys = facts.References()
	}
	for _, t := range r.Progress.Steps {
		keys = append(keys, t.Step.References()...)
	}
	for _, m := range r.Members {
		keys = append(keys, m.School)
	}
	if p, is := r.Stated.(org.Person); is {
		keys = append(keys, p.School)
	}
	return slices.DeleteFunc(keys, func(key string) bool { return event.StreamKind(key) != kind })
}
