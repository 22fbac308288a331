// Package registers is the read model behind every register, sheet and board:
// one row for each record, school, community and person, and for each imported
// row that is held, whatever kind it is; and one for each district and each year
// of its calendar, by which dates become days.
//
// A register is a question about these rows, not a table of its own, so that
// every one of them is searched, paged, read as of an ordinal and at a date in
// the same way. What a kind alone says stands in its line as the kind's events
// store it.
package registers

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/intake"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/projections"
)

// A Row is what stands in one stream.
type Row struct {
	Record      string               `json:"record"` // key of the stream
	Kind        string               `json:"kind"`   // kind of stream
	Progress    record.Progress      `json:"progress"`
	Facts       record.Facts         `json:"facts"`             // what all kinds may say
	Own         json.RawMessage      `json:"own,omitempty"`     // what the kind alone says, as its events store it
	From        calendar.Occurred    `json:"from"`              // since when what it says is true
	Until       calendar.Occurred    `json:"until"`             // until when; [Open] while nobody ended it
	Lasting     bool                 `json:"lasting,omitempty"` // it says from when to when
	Ahead       bool                 `json:"ahead,omitempty"`   // what it stands for has not taken place, or never will
	Due         calendar.Occurred    `json:"due,omitempty"`     // by when something is owed because of it
	Occurrences int                  `json:"occurrences"`       // as far as it says how often it took place
	Numbered    bool                 `json:"numbered"`          // it says so
	Unknowns    []record.Unknown     `json:"unknowns,omitempty"`
	Corrected   bool                 `json:"corrected,omitempty"`
	Held        bool                 `json:"held,omitempty"`    // an imported row that could not be counted
	Members     []pairing.Membership `json:"members,omitempty"` // of a pairing
	Name        string               `json:"name,omitempty"`    // of a school or community
	Provisional bool                 `json:"provisional,omitempty"`
	Ordinals    []uint64             `json:"ordinals"`        // of the events behind it
	Turns       []org.Change         `json:"turns,omitempty"` // of a school, community or person: what was said of it since

	// What the facts themselves say, from which Until and Due are told anew when a
	// step that moved them is voided.
	SaidUntil   calendar.Occurred `json:"said_until,omitempty"`
	SaidDue     calendar.Occurred `json:"said_due,omitempty"`
	SaidPlanned calendar.Occurred `json:"said_planned,omitempty"`
}

// Open is the end of what has not ended, as far as anybody said.
const Open calendar.Occurred = ""

// The columns by which rows are found.
const (
	ByKind      = "kind" // kind of stream
	ByDistrict  = "district"
	ByCommunity = "community"
	BySchool    = "school"
	ByPerson    = "person"
	BySubject   = "subject"
	ByWhat      = "what" // kinds of the glossary, wider ones too
	ByStage     = "stage"
	ByMark      = "mark"
	ByFirst     = "first_day" // no row is true before it; "" when that is not known
	ByLast      = "last_day"  // none after it; "9999-12-31" when that is not known
	ByDue       = "due"
)

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

// Model is the read model behind the registers, one row per stream.
var Model = projections.Model[Row]{
	Name: "registers", Version: 3, Key: key, Fold: fold,
	Columns: []projections.Column[Row]{
		{Name: ByKind, Value: func(r Row) string { return r.Kind }},
		{Name: ByDistrict, Value: func(r Row) string { return r.Facts.District }},
		{Name: ByCommunity, Value: func(r Row) string { return r.Facts.Community }},
		{Name: BySchool, Value: func(r Row) string { return projections.Words(r.schools()...) }},
		{Name: ByPerson, Value: func(r Row) string { return projections.Words(r.people()...) }},
		{Name: BySubject, Value: func(r Row) string { return projections.Subjects(r.Facts) }},
		{Name: ByWhat, Value: func(r Row) string { return projections.Kinds(r.Facts) }},
		{Name: ByStage, Value: func(r Row) string { return string(r.Progress.Stage) }},
		{Name: ByMark, Value: func(r Row) string { return projections.Words(r.Marks()...) }},
		{Name: ByFirst, Value: func(r Row) string { first, _ := r.span(); return string(first) }},
		{Name: ByLast, Value: func(r Row) string { _, last := r.span(); return string(last) }},
		{Name: ByDue, Value: func(r Row) string { return r.Due.Value() }},
	},
}

// listed are the kinds of streams that have a row, beside those of records.
var listed = []string{"row", "district", "calendar", "school", "community", "person"}

func key(a projections.Applied) string {
	kind := a.Kind()
	// A row that was counted stands in its records.
	if taken, is := a.Fact.(intake.RowTaken); is && taken.Outcome != intake.Held {
		return ""
	}
	if _, isRecord := ways[kind]; isRecord || slices.Contains(listed, kind) {
		return a.Key()
	}
	return ""
}

var ways = domain.Workflows()

func fold(r Row, a projections.Applied) Row {
	r.Record, r.Kind = a.Key(), a.Kind()
	r.Ordinals = append(slices.Clone(r.Ordinals), a.Ordinal)
	switch r.Kind {
	case "row":
		return foldHeld(r, a)
	case "school":
		r.Turns = turns[org.School](r.Turns, a)
	case "community":
		r.Turns = turns[org.Community](r.Turns, a)
	case "person":
		r.Turns = turns[org.Person](r.Turns, a)
	}
	r.Progress = ways[r.Kind].Fold(r.Progress, a.Event)
	if step, is := a.Fact.(record.StepEvent); is && step.StepBody().Corrects != "" {
		r.Corrected = true
	}
	switch d := a.Fact.(type) {
	case org.Described:
		r.Own = own(described(ownOf[org.School](r), d))
	case record.Replacement:
		r.Corrected = true
		_, _, facts := d.Replaces()
		r.say(facts)
	case record.Founder:
		// What opens a stream may also be a step of one that is open.
		if r.Progress.Founding == a.ID {
			r.say(d.Founds())
		}
	}
	r.lasts()
	if when, took := ways[r.Kind].TookPlace(r.Progress); r.isRecord() {
		r.Ahead = !took
		r.takePlace(when)
	}
	// What follows from facts and steps together, the kind itself says.
	switch nothing := (event.Event{Envelope: a.Envelope}); r.Kind {
	case "pairing":
		s := pairing.Fold(pairing.State{Progress: r.Progress, Facts: Said[pairing.Facts](r)}, nothing)
		r.Members, r.From = s.Members, s.Since()
	case "exchange":
		r.posted(r.posting())
	}
	return r
}

// Counts tells whether a record of this kind stands for a number of something:
// one that does not say how many lacks it. Pairings and reported figures do not.
func (r Row) Counts() bool { return r.Kind != "pairing" && r.Kind != "indicator" }

// posting returns what an exchange's facts and steps together say.
func (r Row) posting() exchange.State {
	return exchange.Fold(exchange.State{Record: record.State[exchange.Facts]{Progress: r.Progress, Facts: Said[exchange.Facts](r)}}, event.Event{})
}

// described returns a school with what a roster says of it.
func described(school org.School, d org.Described) org.School {
	school.Stage, school.Setting = cmp.Or(d.Stage, school.Stage), cmp.Or(d.Setting, school.Setting)
	return school
}

// posted takes over a posting's days, which its steps may have moved.
func (r *Row) posted(s exchange.State) {
	r.Unknowns = s.Facts.Unknowns(s.Occurred)
	r.From, r.Until = s.Facts.Start, s.Facts.End
	if on, over := r.ended(); over {
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

// ended returns the day on which a step said that it is no longer so.
func (r Row) ended() (on calendar.Occurred, over bool) {
	for _, t := range r.Progress.Steps {
		if slices.Contains(endings, t.Verb) {
			on, over = t.Occurred, true
		}
	}
	return on, over
}

// Said returns the facts of the row's kind, as they stand corrected. F is the
// type of those facts; what is of another kind says little or nothing in it.
func Said[F any](r Row) F {
	var facts F
	// Both are what this package marshalled from F itself.
	if common, err := event.Marshal(r.Facts); err == nil {
		json.Unmarshal(common, &facts) //nolint:errcheck // what cannot be read is not said
	}
	if len(r.Own) > 0 {
		json.Unmarshal(r.Own, &facts) //nolint:errcheck // what cannot be read is not said
	}
	return facts
}

// turns returns what stands of what was said of a school, community or person.
func turns[F any](before []org.Change, a projections.Applied) []org.Change {
	return org.Fold(org.State[F]{Changes: before}, a.Event).Changes
}

// foldHeld keeps rows that an import holds; the others stand in their records.
func foldHeld(r Row, a projections.Applied) Row {
	switch d := a.Fact.(type) {
	case intake.RowTaken:
		r.Held = d.Outcome == intake.Held
		r.Facts = record.Facts{District: d.District, Community: d.Community, Source: &d.Source}
		r.Progress = record.Progress{Phase: record.Standing, Stage: record.Stage(d.Outcome), Founding: a.ID, Founded: "taken", Occurred: a.Occurred}
		r.Unknowns, r.From, r.Until = d.Unknowns, a.Occurred, a.Occurred
	case record.Voiding:
		r.Progress.Phase = record.Void
	}
	return r
}

// ownOf returns the facts of what is no record: a school, a year of a calendar.
func ownOf[F any](r Row) F {
	var facts F
	json.Unmarshal(r.Own, &facts) //nolint:errcheck // what cannot be read is not said
	return facts
}

// say takes over what a record now says of itself.
func (r *Row) say(facts any) {
	if facts == nil {
		return
	}
	r.Own = own(facts)
	if said, ok := facts.(interface{ Common() record.Facts }); ok {
		r.Facts = said.Common()
	} else if placed, ok := facts.(interface {
		Listed() (district, name string, provisional bool)
	}); ok {
		r.Facts.District, r.Name, r.Provisional = placed.Listed()
	} else if year, is := facts.(org.CalendarYear); is {
		r.Facts.District = year.District
	}
	r.Occurrences, r.Numbered = r.Facts.Quantity.Occurrences()
	r.Unknowns = nil
	if unknown, ok := facts.(interface {
		Unknowns(calendar.Occurred) []record.Unknown
	}); ok {
		r.Unknowns = unknown.Unknowns(r.Progress.Occurred)
	}
	r.From, r.SaidUntil = r.Progress.Occurred, r.Progress.Occurred
	if slices.Contains(lasting, r.Kind) {
		r.SaidUntil = Open
	}
	lasting, lasts := facts.(record.Lasting)
	if r.Lasting = lasts; lasts {
		r.From, r.SaidUntil = lasting.Lasts()
	}
	r.SaidDue, r.SaidPlanned = "", ""
	if planning, ok := facts.(record.Planning); ok {
		r.SaidPlanned = planning.PlannedFor()
	}
	if owing, ok := facts.(record.Owing); ok {
		r.SaidDue = owing.DueBy()
	}
}

// lasting are the kinds whose records say since when something is so, and not
// when something took place.
var lasting = []string{"pairing", "rectification", "school", "community", "person"}

// lasts takes over what the steps say of until when, and by when.
func (r *Row) lasts() {
	r.Until, r.Due = r.SaidUntil, r.SaidDue
	for _, t := range r.Turns {
		if (t.Kind == org.ChangeMerged || t.Kind == org.ChangeSplit) && t.On != "" {
			r.Until = calendar.OnDay(t.On.Add(-1)) // that day it is another school already
		}
	}
	for _, t := range r.Progress.Steps {
		if t.Step.Due != "" {
			r.Due = t.Step.Due
		}
	}
	if on, over := r.ended(); over {
		r.Until = on
	}
}

// cameToNothing tells whether a step, taken or told of, said that what the row
// stands for will never be.
func (r Row) cameToNothing() bool {
	nothing := func(verb string) bool { return verb == "waived" || slices.Contains(endings, verb) }
	return slices.ContainsFunc(r.Progress.Steps, func(t record.TakenStep) bool { return nothing(t.Verb) }) ||
		slices.ContainsFunc(r.Facts.Course, func(t record.ReportedStep) bool { return nothing(t.Verb) })
}

// endings are the steps after which what a record says is no longer so.
var endings = []string{"completed", "ended", "revoked", "closed", "cancelled", "withdrawn", "refused"}

// takePlace gives what is no lasting thing the date on which it took place, which
// a step may tell: a session that was planned, a document that was due.
// Until it took place it lies where it is planned.
func (r *Row) takePlace(when calendar.Occurred) {
	if !r.Lasting {
		r.From = when
	}
	if r.Ahead && r.SaidPlanned != "" {
		r.From, r.Until = r.SaidPlanned, r.SaidPlanned
	}
	if r.Ahead || r.Lasting || slices.Contains(lasting, r.Kind) {
		return
	}
	if _, over := r.ended(); !over {
		r.Until = when
	}
	r.Unknowns = record.Dated(r.Unknowns, when)
}

// own returns what the kind alone says: its stored facts without those that all
// kinds share. Fields come sorted.
func own(facts any) json.RawMessage {
	b, err := event.Marshal(facts)
	if err != nil {
		return nil
	}
	if _, shares := facts.(interface{ Common() record.Facts }); !shares {
		return b
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(b, &fields) != nil {
		return nil
	}
	for _, shared := range shared {
		delete(fields, shared)
	}
	if len(fields) == 0 {
		return nil
	}
	b, err = event.Marshal(fields)
	if err != nil {
		return nil
	}
	return b
}

// shared are the JSON names of the facts that all kinds share.
var shared = func() []string {
	var names []string
	shape := reflect.TypeFor[record.Facts]()
	for i := range shape.NumField() {
		name, _, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}()

// schools returns the schools that the row names, on either side or as those a
// step concerns; of a school itself, the school.
func (r Row) schools() []string {
	if r.Kind == "school" {
		return []string{r.Record}
	}
	keys := append(record.Schools(r.Facts.From), record.Schools(r.Facts.To)...)
	for _, o := range r.Facts.Organisers {
		keys = append(keys, o.School)
	}
	for _, t := range r.Facts.Course {
		keys = append(keys, record.Schools(t.By)...)
	}
	for _, t := range r.Progress.Steps {
		keys = append(keys, record.Schools(t.Step.By)...)
	}
	for _, m := range r.Members {
		keys = append(keys, m.School)
	}
	return append(keys, r.keysIn("school-")...)
}

// people returns the people that the row names; of a person, the person.
func (r Row) people() []string {
	if r.Kind == "person" {
		return []string{r.Record}
	}
	keys := slices.Clone(r.Facts.People)
	for _, t := range r.Progress.Steps {
		keys = append(keys, t.Step.People...)
	}
	for _, t := range r.Facts.Course {
		keys = append(keys, t.People...)
	}
	return append(keys, r.keysIn("person-")...)
}

// keysIn returns the keys with a prefix that stand in what the kind alone says:
// a mentor, the school that an order goes to.
func (r Row) keysIn(prefix string) []string {
	var keys []string
	for rest := string(r.Own); ; {
		_, after, found := strings.Cut(rest, `"`+prefix)
		if !found {
			return keys
		}
		id, behind, _ := strings.Cut(after, `"`)
		keys, rest = append(keys, prefix+id), behind
	}
}

// Marks returns the row's marks, in no order.
func (r Row) Marks() []string {
	var marks []string
	mark := func(is bool, mark string) {
		if is {
			marks = append(marks, mark)
		}
	}
	void := r.Progress.Phase == record.Void
	mark(void, MarkVoid)
	mark(!void, MarkStanding)
	mark(r.Corrected, MarkCorrected)
	mark(len(r.Unknowns) > 0, MarkIncomplete)
	mark(r.Progress.Founded == "reported", MarkReported)
	mark(r.Progress.Founded != "reported" && r.isRecord(), MarkFollowed)
	mark(r.Held, MarkHeld)
	mark(r.Provisional && !r.turned(org.ChangeConfirmed) && !r.turned(org.ChangeIdentified), MarkProvisional)
	mark(r.turned(org.ChangeIdentified), MarkIdentified)
	return marks
}

// Is tells whether the row has a mark.
func (r Row) Is(mark string) bool { return slices.Contains(r.Marks(), mark) }

func (r Row) turned(sort org.ChangeKind) bool {
	return slices.ContainsFunc(r.Turns, func(t org.Change) bool { return t.Kind == sort })
}

func (r Row) isRecord() bool {
	_, is := ways[r.Kind]
	return is
}

// Void tells whether the row's stream is void.
func (r Row) Void() bool { return r.Progress.Phase == record.Void }
