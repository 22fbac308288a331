// Package records is the read model of everything that has a stream of its own: every
// record, school, community, person, district, calendar and programme, and every row
// of a file that an import holds. Registers, sheets, boards, calendars and reviews
// are questions to it, so that they agree on where a record stands, whether it took
// place, what is due because of it, and what it leaves unknown.
package records

import (
	"maps"
	"slices"
	"strings"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/filing"
	"twinledger/domain/intake"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections"
)

// A Row is what the events of one stream say, as they stand corrected. The first
// part is folded from them; the second follows from the first.
type Row struct {
	Key        string // of the stream
	Kind       string // of the stream: lesson, school, row …
	Progress   record.Progress
	Stated     any // what it says, of its kind's own type: lesson.Facts, org.School, intake.RowTaken …; nil when nothing
	Changes    []org.Change
	Programme  programme.State    // of a programme
	Published  []uint64           // of a programme: the ordinals of its publications
	Events     []review.Trace     // all of them, in order
	Amendments []review.Amendment // those of them that correct or void others
	Former     []review.Standing  // where a record stood before corrections and voidings moved it

	Facts         record.Facts      // what records of every kind may say; of others only district, community and source
	Occurred      calendar.Occurred // when it took place, or was said to
	From          calendar.Occurred // since when what it says is true
	Until         calendar.Occurred // until when; [Open] while nobody ended it
	Start, End    calendar.Occurred // of a posting or mentorship: its first and last day; else ""
	Lasting       bool              // it says from when to when
	NotTakenPlace bool              // what it stands for has not taken place, or never will
	Planned       calendar.Occurred // when it is to take place, where that is said
	Due           calendar.Occurred // by when something is owed because of it
	Occurrences   int               // as far as it says how often it took place
	Numbered      bool              // it says so
	Unknowns      []record.Unknown
	Findings      []review.Finding     // of an inspection
	Members       []pairing.Membership // of a pairing
	Name          string               // of a school, community or district, as it first came up
	Provisional   bool                 // only a file mentioned it when it came up
}

// Open is the end of what has not ended, as far as anybody said.
const Open calendar.Occurred = ""

// Model is the read model, one row for each stream.
var Model = projections.Model[Row]{
	Name: "records", Version: 4, Key: key, Fold: fold, Columns: columns, Indexed: []string{ByCommunity, ByLeft, ByMatter},
}

// others are the kinds of streams that have a row, beside those of records.
var others = []string{"row", "district", "calendar", "school", "community", "person", "programme"}

// workflows are the kinds of streams that are records, with the steps they take.
var workflows = domain.Workflows()

// Accounted are the kinds of streams that a review accounts for: records, and rows
// that an import holds.
var Accounted = append(slices.Sorted(maps.Keys(workflows)), "row")

// IsRecord tells whether a kind of stream is a record of something that takes place,
// and not a school, a calendar or the like.
func IsRecord(kind string) bool { return workflows[kind].Kind != "" }

func key(e event.Event) string {
	// A row of a file that was counted stands in its record.
	if taken, is := e.Fact.(intake.RowTaken); is && taken.Outcome != intake.Held {
		return ""
	}
	if kind := e.Kind(); IsRecord(kind) || slices.Contains(others, kind) {
		return e.Key()
	}
	return ""
}

func fold(r Row, a projections.Applied) Row {
	stood := r.Standing()
	r.Key, r.Kind = a.Key(), a.Kind()
	at := review.Trace{Ordinal: a.Ordinal, ID: a.ID, Type: a.Type, Recorded: a.Recorded}
	r.Events = append(r.Events, at)
	target, reason, changes := changeOf(a.Fact)
	if changes {
		r.Amendments = append(r.Amendments, review.Amendment{Trace: at, Target: target, Reason: reason})
	}
	r.take(a)
	r.settle()
	if changes && IsRecord(r.Kind) && r.Standing() != stood {
		r.Former = append(r.Former, stood)
	}
	return r
}

// changeOf tells what an event corrects or voids, and why, if it does.
func changeOf(fact any) (target string, reason seal.Text, changes bool) {
	switch d := fact.(type) {
	case record.Replacement:
		target, reason, _ = d.Replaces()
		return target, reason, true
	case record.Voiding:
		target, reason = d.Voids()
		return target, reason, true
	case org.ChangeCorrected:
		return d.Target, d.Reason, true
	case record.StepEvent:
		step := d.StepBody()
		return step.Corrects, step.Reason, step.Corrects != ""
	}
	return "", seal.Text{}, false
}

// take folds what an event says, by the rules of its kind.
func (r *Row) take(a projections.Applied) {
	switch r.Kind {
	case "row":
		r.hold(a)
	case "programme":
		r.Programme = programme.Fold(r.Programme, a.Event)
		if _, published := a.Fact.(programme.Published); published {
			r.Published = append(r.Published, a.Ordinal)
		}
	case "school":
		follow(r, a.Event, org.FoldSchool)
	case "community":
		follow(r, a.Event, org.Fold[org.Community])
	case "person":
		follow(r, a.Event, org.Fold[org.Person])
	default:
		r.Progress = workflows[r.Kind].Fold(r.Progress, a.Event)
		r.Stated = r.Progress.Facts()
	}
}

// hold takes in a row of a file that an import holds, or its voiding. When the import is
// undone that held it, nothing of the row stands; when a later one is that settled it, it is
// held again.
func (r *Row) hold(a projections.Applied) {
	switch d := a.Fact.(type) {
	case intake.RowTaken:
		r.Stated = d
		r.Progress = record.Progress{Phase: record.Standing, Stage: record.Stage(d.Outcome), Founding: a.ID, Founded: "taken", Occurred: a.Occurred}
	case record.Voiding:
		r.Progress.Phase = record.Void
	case intake.RowUndone:
		r.Progress.Phase = record.Void
		if d.Waits {
			r.Progress.Phase = record.Standing
		}
	}
}

// follow folds what is said of a school, community or person.
func follow[F any](r *Row, e event.Event, fold func(org.State[F], event.Event) org.State[F]) {
	s := fold(StateOf[F](*r), e)
	r.Progress, r.Changes, r.Stated = s.Progress, s.Changes, s.Facts
}

// StateOf returns what is known of a school, community or person, whose facts are of
// type F.
func StateOf[F any](r Row) org.State[F] {
	facts, _ := r.Stated.(F)
	return org.State[F]{State: record.State[F]{Progress: r.Progress, Facts: facts}, Changes: r.Changes}
}

// Ordinals returns the ordinals of the events behind the row.
func (r Row) Ordinals() []uint64 {
	out := make([]uint64, len(r.Events))
	for i, e := range r.Events {
		out[i] = e.Ordinal
	}
	return out
}

// Void tells whether the row's stream is void.
func (r Row) Void() bool { return r.Progress.Phase == record.Void }

// Held tells whether the row is one of a file that could not be counted.
func (r Row) Held() bool {
	_, held := r.Stated.(intake.RowTaken)
	return held
}

// Corrected tells whether something that the row's stream said was corrected.
func (r Row) Corrected() bool {
	return slices.ContainsFunc(r.Amendments, func(c review.Amendment) bool { return !strings.HasSuffix(c.Type, ".voided") })
}

// Counts tells whether a record of this kind stands for a number of something: one
// that does not say how many lacks it. Pairings and reported figures do not.
func (r Row) Counts() bool { return r.Kind != "pairing" && r.Kind != "indicator" }

// IdentifiedAs returns the key of the school, community or person that this one is said to be,
// "" when it is itself or void.
func (r Row) IdentifiedAs() string {
	i := r.lastChange(org.ChangeIdentified)
	if i < 0 || r.Void() {
		return ""
	}
	return r.Changes[i].Keys[0]
}

// lastChange returns the place of the last change of a kind, or -1.
func (r Row) lastChange(kind org.ChangeKind) int {
	for i, t := range slices.Backward(r.Changes) {
		if t.Kind == kind {
			return i
		}
	}
	return -1
}

// Standing returns where a record stands: in which community and when. A document
// counts in the period that it is about, whenever it was filed.
func (r Row) Standing() review.Standing {
	when := r.Occurred
	if f, is := r.Stated.(filing.Facts); is && f.About != "" && f.About != calendar.Unknown {
		when = f.About
	}
	return review.Standing{Community: r.Facts.Community, Occurred: when, Start: r.Start, End: r.End}
}
