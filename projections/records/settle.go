package records

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/mentorship"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// lasting are the kinds whose rows say since when something is so, and not when
// something took place.
var lasting = []string{"pairing", "rectification", "school", "community", "person"}

// settle tells anew what follows from what was folded.
func (r *Row) settle() {
	r.state()
	r.when()
	switch r.Kind {
	case "pairing":
		s := pairing.StateOf(r.Progress)
		r.Members, r.From = s.Members, s.Since()
	case "exchange":
		r.post(exchange.StateOf(r.Progress))
	case "mentorship":
		if f, is := r.Stated.(mentorship.Facts); is {
			r.Start, r.End = f.Start, mentorship.EndOf(f, r.Progress)
		}
	case "inspection":
		r.find()
	}
}

// state takes over what the stream says of itself.
func (r *Row) state() {
	r.Facts, r.Unknowns = record.Facts{}, nil
	if said, is := r.Stated.(interface{ Common() record.Facts }); is {
		r.Facts = said.Common()
	}
	r.Unknowns = record.LeftUnknown(r.Stated, r.Progress.Occurred)
	switch f := r.Stated.(type) {
	case org.District:
		r.Facts.District, r.Name = r.Key, f.Name
	case org.CalendarYear:
		r.Facts.District = f.District
	case intake.RowTaken:
		r.Facts = record.Facts{District: f.District, Community: f.Community, Source: &f.Source}
		r.Unknowns = f.Unknowns
	case interface {
		Listed() (district, name string, provisional bool)
	}:
		r.Facts.District, r.Name, r.Provisional = f.Listed()
	}
	if len(r.Programme.Publications) > 0 {
		r.Facts.District = r.Programme.Publications[0].Published.District
	}
	r.Occurrences, r.Numbered = r.Facts.Quantity.Occurrences()
}

// when tells when what the row says took place, since when and until when it is so,
// and by when something is owed because of it.
func (r *Row) when() {
	r.Occurred, r.From, r.Until, r.NotTakenPlace = r.Progress.Occurred, r.Progress.Occurred, r.Progress.Occurred, false
	r.Start, r.End, r.Planned, r.Due = "", "", "", ""
	if slices.Contains(lasting, r.Kind) {
		r.Until = Open
	}
	lasts, is := r.Stated.(record.Lasting)
	if r.Lasting = is; is {
		r.From, r.Until = lasts.Lasts()
	}
	if plans, is := r.Stated.(record.Planning); is {
		r.Planned = plans.PlannedFor()
	}
	if owes, is := r.Stated.(record.Owing); is {
		r.Due = owes.DueBy()
	}
	for _, t := range r.Progress.Steps {
		if t.Step.Due != "" {
			r.Due = t.Step.Due
		}
	}
	if IsRecord(r.Kind) {
		r.takePlace()
	}
	r.end()
}

// takePlace tells whether what the record stands for has taken place by its steps,
// and when. Until it has, it lies where it is planned.
func (r *Row) takePlace() {
	when, took := workflows[r.Kind].TookPlace(r.Progress)
	r.NotTakenPlace = !took
	if took && when != r.Progress.Occurred {
		r.Occurred, r.Unknowns = when, record.Dated(r.Unknowns, when)
	}
	if !r.Lasting {
		r.From = when
	}
	switch {
	case r.NotTakenPlace && r.Planned != "":
		r.From, r.Until = r.Planned, r.Planned
	case !r.NotTakenPlace && !r.Lasting && !slices.Contains(lasting, r.Kind):
		r.Until = when
	}
}

// endings are the steps after which what a record says is no longer so.
var endings = []string{"completed", "ended", "revoked", "closed", "cancelled", "withdrawn", "refused"}

// end tells until when it is so, where a step or a merger says that it is over.
func (r *Row) end() {
	for _, t := range r.Changes {
		if (t.Kind == org.ChangeMerged || t.Kind == org.ChangeSplit) && t.On != "" {
			r.Until = calendar.OnDay(t.On.Add(-1)) // that day it is another school already
		}
	}
	if on, over := r.over(); over && !(r.NotTakenPlace && r.Planned != "") {
		r.Until = on
	}
}

// over returns the day on which a step said that it is no longer so.
func (r Row) over() (on calendar.Occurred, over bool) {
	for _, t := range r.Progress.Steps {
		if slices.Contains(endings, t.Verb) {
			on, over = t.Occurred, true
		}
	}
	return on, over
}

// CameToNothing tells whether a step, taken or told of, said that what the row
// stands for will never be.
func (r Row) CameToNothing() bool {
	nothing := func(verb string) bool { return verb == "waived" || slices.Contains(endings, verb) }
	return slices.ContainsFunc(r.Progress.Steps, func(t record.TakenStep) bool { return nothing(t.Verb) }) ||
		slices.ContainsFunc(r.Facts.Course, func(t record.ReportedStep) bool { return nothing(t.Verb) })
}

// post takes over a posting's days, which its steps may have moved.
func (r *Row) post(s exchange.State) {
	r.Start, r.End = s.Facts.Start, s.Facts.End
	r.Unknowns = record.LeftUnknown(s.Facts, r.Occurred)
	r.From, r.Until = r.Start, r.End
	if on, over := r.over(); over {
		r.Until = on
		return
	}
	switch told := r.Progress.Founded == "reported"; {
	case told && r.From == calendar.Unknown && r.Until == calendar.Unknown:
		// What is told of a time without its days lies within that time.
		r.From, r.Until = s.Occurred, s.Occurred
	case !told && r.Until == calendar.Unknown:
		// Of what is followed as it happens, an end that nobody knows has not come.
		r.Until = Open
	}
}

// find collects what inspectors found: what the facts say, then what the steps do.
func (r *Row) find() {
	r.Findings = nil
	if f, is := r.Stated.(inspection.Facts); is {
		for _, finding := range f.Findings {
			r.Findings = append(r.Findings, review.Finding{Finding: finding})
		}
	}
	for _, t := range r.Progress.ReportedSteps {
		r.noteFinding(t.Verb, t.Step)
	}
	for _, t := range r.Progress.Steps {
		r.noteFinding(t.Verb, t.Step)
	}
	if len(r.Findings) > 0 {
		r.Unknowns = slices.DeleteFunc(slices.Clone(r.Unknowns), func(u record.Unknown) bool { return u == record.UnknownFindings })
	}
}

// noteFinding adds what a step says that it found.
func (r *Row) noteFinding(verb string, step record.Step) {
	if verb != "found" {
		return
	}
	finding := review.Finding{Finding: inspection.Finding{Text: step.Note, Grade: step.Grade}, Noted: true}
	if len(step.What) > 0 {
		finding.Dimension = step.What[0]
	}
	r.Findings = append(r.Findings, finding)
}

// Fact returns a record as reviews read it.
func (r Row) Fact() review.Fact {
	f := review.Fact{
		Key: r.Key, Kind: r.Kind, Occurred: r.Occurred, Workflow: r.Progress.Founded != "reported", Stage: r.Progress.Stage, NotTakenPlace: r.NotTakenPlace,
		Planned: r.Planned, Due: r.Due, Void: r.Void(), Facts: r.Facts, Unknowns: r.Unknowns, Start: r.Start, End: r.End,
		Findings: r.Findings, Memberships: r.Members, Trace: r.Events, Amendments: r.Amendments, Former: r.Former,
	}
	if own, distinct := r.Stated.(record.Distinct); distinct {
		f.Particulars = own.Particulars()
	}
	switch own := r.Stated.(type) {
	case filing.Facts:
		f.About = own.About
	case donation.Facts:
		f.Item = own.Item
	}
	return f
}

// HeldRow returns a row of a file that an import holds as reviews read it.
func (r Row) HeldRow() review.HeldRow {
	taken, _ := r.Stated.(intake.RowTaken)
	return review.HeldRow{Key: r.Key, Taken: taken, When: r.Progress.Occurred, Void: r.Void(), Trace: r.Events, Amendments: r.Amendments}
}

// School returns a school as reviews read it: with the events that said something of
// it after it first came up, and the corrections and voidings of these.
func (r Row) School() review.School {
	school := review.School{SchoolState: org.SchoolState{State: StateOf[org.School](r)}}
	for _, e := range r.Events {
		if org.ChangeKind(verb(e.Type)).Known() {
			school.Trace = append(school.Trace, e)
		}
	}
	for _, c := range r.Amendments {
		if c.Target != r.Progress.Founding && verb(c.Type) != "corrected" {
			school.Amendments = append(school.Amendments, c)
		}
	}
	return school
}

// verb returns the verb of a type of event: renamed of school.renamed.
func verb(eventType string) string { return eventType[strings.LastIndexByte(eventType, '.')+1:] }
