// Package facts keeps what reviews read: every record, school, community,
// calendar, programme and held row as it stands, in all versions.
package facts

import (
	"slices"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/mentorship"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/projections"
)

// A Row is what stands in one stream. Exactly one of its parts is set.
type Row struct {
	Key        string                          `json:"key"`
	Kind       string                          `json:"kind"` // kind of stream
	Fact       *review.Fact                    `json:"fact,omitempty"`
	Progress   *record.Progress                `json:"progress,omitempty"`   // beside Fact
	Pairing    *pairing.State                  `json:"pairing,omitempty"`    // beside Fact
	Exchange   *exchange.State                 `json:"exchange,omitempty"`   // beside Fact
	Mentorship *record.State[mentorship.Facts] `json:"mentorship,omitempty"` // beside Fact
	Held       *review.HeldRow                 `json:"held,omitempty"`
	District   *record.State[org.District]     `json:"district,omitempty"`
	School     *org.State[org.School]          `json:"school,omitempty"`
	Community  *org.State[org.Community]       `json:"community,omitempty"`
	Person     *org.State[org.Person]          `json:"person,omitempty"` // only of one who is, or was, said to be another
	Calendar   *record.State[org.CalendarYear] `json:"calendar,omitempty"`
	Programme  *programme.State                `json:"programme,omitempty"`
	Published  []uint64                        `json:"published,omitempty"` // beside Programme: the ordinals of its publications
	Trace      []review.Trace                  `json:"trace,omitempty"`     // beside Calendar: its events; beside School: those that made its turns
	Changes    []review.Amendment              `json:"changes,omitempty"`   // beside Calendar and School: corrections and voidings of these
}

// The columns by which rows are found.
const (
	ByKind      = "kind"
	ByDistrict  = "district"
	ByCommunity = "community"
	// ByLeft has the communities that a record once belonged to and no longer
	// does; few records have any.
	ByLeft = "left_communities"
)

// Model is the read model of facts, one row per stream.
var Model = projections.Model[Row]{
	Name: "facts", Version: 6, Key: key, Fold: fold,
	Columns: []projections.Column[Row]{
		{Name: ByKind, Value: func(r Row) string { return r.Kind }},
		{Name: ByDistrict, Value: Row.district},
		{Name: ByCommunity, Value: Row.community},
		{Name: ByLeft, Value: Row.left},
	},
}

// kinds are the streams that have a row, whatever is said in them. A person has
// one when somebody says that the person is another.
var kinds = []string{"row", "district", "school", "community", "calendar", "programme"}

// ways say which kinds of stream are records, and what steps these take.
var ways = domain.Workflows()

func key(a projections.Applied) string {
	switch a.Fact.(type) {
	case org.Identified[org.Person], record.Voided[org.Person]:
		return a.Key()
	}
	if _, isRecord := ways[a.Kind()]; !isRecord && !slices.Contains(kinds, a.Kind()) {
		return ""
	}
	return a.Key()
}

func fold(r Row, a projections.Applied) Row {
	r.Key, r.Kind = a.Key(), a.Kind()
	switch r.Kind {
	case "row":
		return foldRow(r, a)
	case "district":
		r.District = next(r.District, a.Event, record.Fold[org.District])
	case "school":
		return foldSchool(r, a)
	case "community":
		r.Community = next(r.Community, a.Event, org.Fold[org.Community])
	case "person":
		r.Person = next(r.Person, a.Event, org.Fold[org.Person])
	case "calendar":
		r.Calendar = next(r.Calendar, a.Event, record.Fold[org.CalendarYear])
		r.Trace, r.Changes = followed(r.Trace, r.Changes, a)
	case "programme":
		r.Programme = next(r.Programme, a.Event, programme.Fold)
		if _, published := a.Fact.(programme.Published); published {
			r.Published = append(slices.Clone(r.Published), a.Ordinal)
		}
	default:
		return foldFact(r, a)
	}
	return r
}

// foldSchool keeps, beside what is said of a school, the events that said it.
func foldSchool(r Row, a projections.Applied) Row {
	r.School = next(r.School, a.Event, org.FoldSchool)
	change := review.Amendment{Trace: trace(a)}
	switch d := a.Fact.(type) {
	case org.ChangeCorrected:
		change.Target, change.Reason = d.Target, d.Reason
	case record.Voided[org.School]:
		if d.Target == r.School.Founding {
			return r
		}
		change.Target, change.Reason = d.Target, d.Reason
	default:
		if r.School.HasChange(a.ID) {
			r.Trace = append(slices.Clone(r.Trace), trace(a))
		}
		return r
	}
	r.Changes = append(slices.Clone(r.Changes), change)
	return r
}

// next applies an event to a state that may not be there yet.
func next[S any](s *S, e event.Event, apply func(S, event.Event) S) *S {
	var before S
	if s != nil {
		before = *s
	}
	after := apply(before, e)
	return &after
}

// foldRow keeps rows that an import holds, and what became of them; the others
// stand in their records.
func foldRow(r Row, a projections.Applied) Row {
	if taken, ok := a.Fact.(intake.RowTaken); ok && taken.Outcome == intake.Held {
		r.Held = &review.HeldRow{Key: r.Key, Taken: taken, When: a.Occurred, Trace: []review.Trace{trace(a)}}
		return r
	}
	if _, voided := a.Fact.(record.Voiding); voided && r.Held != nil {
		held := *r.Held
		held.Void = true
		held.Trace, held.Amendments = followed(held.Trace, held.Amendments, a)
		r.Held = &held
	}
	return r
}

// followed returns a stream's events and, of these, its changes with a behind
// them.
func followed(events []review.Trace, changes []review.Amendment, a projections.Applied) ([]review.Trace, []review.Amendment) {
	events = append(slices.Clone(events), trace(a))
	change := review.Amendment{Trace: trace(a)}
	switch d := a.Fact.(type) {
	case record.Replacement:
		change.Target, change.Reason, _ = d.Replaces()
	case record.Voiding:
		change.Target, change.Reason = d.Voids()
	case record.StepEvent:
		step := d.StepBody()
		if step.Corrects == "" {
			return events, changes
		}
		change.Target, change.Reason = step.Corrects, step.Reason
	default:
		return events, changes
	}
	return events, append(slices.Clone(changes), change)
}

func trace(a projections.Applied) review.Trace {
	return review.Trace{Ordinal: a.Ordinal, ID: a.ID, Type: a.Type, Recorded: a.Recorded}
}

// speaker is the facts of any kind of record.
type speaker interface {
	Common() record.Facts
	Unknowns(calendar.Occurred) []record.Unknown
}

// foldFact folds the events of a record: what all kinds share, then what is an
// exchange's, a pairing's, a donation's or an inspection's own.
func foldFact(r Row, a projections.Applied) Row {
	var f review.Fact
	if r.Fact != nil {
		f = *r.Fact
	}
	f.Key, f.Kind = r.Key, r.Kind
	changes, stood := len(f.Amendments), f.Standing()
	f.Trace, f.Amendments = followed(f.Trace, f.Amendments, a)
	way := ways[r.Kind]
	r.Progress = next(r.Progress, a.Event, way.Fold)
	f.Void, f.Workflow, f.Stage = r.Progress.Phase == record.Void, r.Progress.Founded != "reported", r.Progress.Stage
	switch d := a.Fact.(type) {
	case record.Replacement:
		_, _, facts := d.Replaces()
		say(&f, a.Occurred, facts)
	case record.Founder:
		say(&f, a.Occurred, d.Founds())
	}
	for _, t := range r.Progress.Steps {
		if t.Step.Due != "" {
			f.Due = t.Step.Due
		}
	}
	when, took := way.TookPlace(*r.Progress)
	f.NotTakenPlace = !took
	switch {
	case !took:
		f.Occurred = r.Progress.Occurred // what a step had told may be void
	case when != f.Occurred:
		takePlace(&f, when)
	}
	switch r.Kind {
	case "exchange":
		r.Exchange = next(r.Exchange, a.Event, exchange.Fold)
		f.Start, f.End = r.Exchange.Facts.Start, r.Exchange.Facts.End
		f.Unknowns = r.Exchange.Facts.Unknowns(f.Occurred)
	case "mentorship":
		r.Mentorship = next(r.Mentorship, a.Event, mentorship.RecordType.Decider.Apply)
		f.Start, f.End = r.Mentorship.Facts.Start, mentorship.EndOf(r.Mentorship.Facts, *r.Progress)
	case "inspection":
		f.Findings = find(f.Findings, way.AsReportedSteps(*r.Progress))
		if len(f.Findings) > 0 {
			f.Unknowns = slices.DeleteFunc(slices.Clone(f.Unknowns), func(u record.Unknown) bool { return u == record.UnknownFindings })
		}
	case "pairing":
		r.Pairing = next(r.Pairing, a.Event, pairing.Fold)
		f.Memberships = r.Pairing.Members
	}
	if len(f.Amendments) > changes && f.Standing() != stood {
		f.Former = append(slices.Clone(f.Former), stood)
	}
	r.Fact = &f
	return r
}

// takePlace gives a record that was only announced the date on which a step says
// that it took place.
func takePlace(f *review.Fact, when calendar.Occurred) {
	f.Occurred = when
	f.Unknowns = record.Dated(f.Unknowns, when)
}

// say takes over what a record now says.
func say(f *review.Fact, occurred calendar.Occurred, facts any) {
	said, ok := facts.(speaker)
	if !ok {
		return
	}
	f.Occurred, f.Facts, f.Unknowns = occurred, said.Common(), said.Unknowns(occurred)
	f.Planned, f.Due, f.Start, f.End = "", "", "", ""
	if planning, plans := facts.(record.Planning); plans {
		f.Planned = planning.PlannedFor()
	}
	if owing, owes := facts.(record.Owing); owes {
		f.Due = owing.DueBy()
	}
	f.Particulars = nil
	if own, distinct := facts.(record.Distinct); distinct {
		f.Particulars = own.Particulars()
	}
	f.About = ""
	switch own := facts.(type) {
	case filing.Facts:
		f.About = own.About
	case donation.Facts:
		f.Item = own.Item
	case inspection.Facts:
		f.Findings = nil
		for _, finding := range own.Findings {
			f.Findings = append(f.Findings, review.Finding{Finding: finding})
		}
	}
}

// find returns what inspectors found: what the facts say, then what the steps do.
func find(said []review.Finding, course []record.ReportedStep) []review.Finding {
	found := slices.DeleteFunc(slices.Clone(said), func(f review.Finding) bool { return f.Noted })
	for _, t := range course {
		if t.Verb != "found" {
			continue
		}
		finding := review.Finding{Finding: inspection.Finding{Text: t.Note, Grade: t.Grade}, Noted: true}
		if len(t.What) > 0 {
			finding.Dimension = t.What[0]
		}
		found = append(found, finding)
	}
	return found
}

func (r Row) district() string {
	switch {
	case r.Fact != nil:
		return r.Fact.Facts.District
	case r.Held != nil:
		return r.Held.Taken.District
	case r.School != nil:
		return r.School.Facts.District
	case r.Community != nil:
		return r.Community.Facts.District
	case r.Calendar != nil:
		return r.Calendar.Facts.District
	case r.Programme != nil && len(r.Programme.Publications) > 0:
		return r.Programme.Publications[0].Published.District
	case r.District != nil:
		return r.Key
	}
	return ""
}

func (r Row) community() string {
	switch {
	case r.Fact != nil:
		return r.Fact.Facts.Community
	case r.Held != nil:
		return r.Held.Taken.Community
	case r.Community != nil:
		return r.Key
	}
	return ""
}

func (r Row) left() string {
	if r.Fact == nil {
		return ""
	}
	var keys []string
	for _, stood := range r.Fact.Former {
		if stood.Community != "" && stood.Community != r.community() && !slices.Contains(keys, stood.Community) {
			keys = append(keys, stood.Community)
		}
	}
	if keys == nil {
		return ""
	}
	return projections.Words(keys...)
}
