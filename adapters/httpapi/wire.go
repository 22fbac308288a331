package httpapi

import (
	"twinledger/domain/calendar"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// RecordJSON is what all records say. What a record does not say is empty, and
// is named under unknowns when it should have been said.
type RecordJSON struct {
	Record    string       `json:"record" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Occurred  string       `json:"occurred" doc:"When, no more precisely than it is known: day:, days:, span:, month:, months:, term:, schoolyear:, year: or unknown." example:"day:2018-04-18"`
	District  string       `json:"district" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	Community string       `json:"community" doc:"Key of the community; empty when it is not stated." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	Kinds     []string     `json:"kinds" doc:"Codes of the glossary for what took place." example:"demo_lesson,outreach_lesson"`
	Mode      string       `json:"mode" enum:"online,offline,mixed,unknown" doc:"Whether people met." example:"offline"`
	Title     textJSON     `json:"title" doc:"What it was about."`
	Subjects  []wordJSON   `json:"subjects" doc:"School subjects."`
	From      []unitJSON   `json:"from" doc:"Who teaches, sends or inspects."`
	To        []unitJSON   `json:"to" doc:"Where, who receives or is inspected."`
	People    []string     `json:"people" doc:"Keys of the people named, never their names." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Quantity  quantityJSON `json:"quantity" doc:"How much the record says there was."`
	Evidence  []textJSON   `json:"evidence" doc:"Evidence as named, not the files."`
	Remark    textJSON     `json:"remark" doc:"Remark; always sealed."`
	Source    *sourceJSON  `json:"source,omitempty" doc:"Where an imported record was read; left out of others."`
	Unknowns  []string     `json:"unknowns" doc:"Codes of what the record should say and does not." example:"day,subject"`
	Corrected bool         `json:"corrected" doc:"A correction replaced what was first said." example:"false"`
	Ordinals  []uint64     `json:"ordinals" doc:"Ordinals of the events behind the record; see the journal." example:"[12,57]"`

	Organisers []organiserJSON `json:"organisers" doc:"Who held it, and in which part."`
	Attendance quantityJSON    `json:"attendance" doc:"How many attended, beside how often it took place."`
	Level      string          `json:"level" doc:"Level as written; empty when none is." example:"县级"`
	Related    []string        `json:"related" doc:"Keys of records that it belongs to." example:"inspection-01980a6e-7c10-7000-8000-000000000001"`
	Course     []toldJSON      `json:"course" doc:"Steps that the record tells of, which nobody took here."`
}

// An organiserJSON is one who held an activity.
type organiserJSON struct {
	School string `json:"school" doc:"Key of the school; empty for an office." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Office string `json:"office" doc:"An office that is no school, as written." example:"县教研室"`
	Part   string `json:"part" enum:"host,undertaker,co_organiser" doc:"Its part." example:"host"`
}

// SaidJSON is what is said when something takes place in the course of a record.
type SaidJSON struct {
	Verb     string       `json:"verb" doc:"What took place: the verb of the event." example:"observed"`
	Occurred string       `json:"occurred" doc:"When, as precisely as it is known." example:"day:2018-04-20"`
	By       []unitJSON   `json:"by" doc:"The schools that took it, or that it concerns."`
	Office   string       `json:"office" doc:"The office that took it, as written." example:"县教育局"`
	People   []string     `json:"people" doc:"Keys of the people who took it, or whom it concerns." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Role     string       `json:"role" doc:"What these people are in it, as written." example:"联系人"`
	What     []wordJSON   `json:"what" doc:"A type, a dimension, the clauses of an agreement."`
	Document string       `json:"document" doc:"Number of the document." example:"教〔2018〕3号"`
	From     string       `json:"from" doc:"First day of the period that it speaks of; empty when it speaks of none." example:"day:2018-03-01"`
	Until    string       `json:"until" doc:"Last day of that period." example:"day:2019-02-28"`
	Due      string       `json:"due" doc:"By when something is owed because of it." example:"day:2018-06-30"`
	Grade    string       `json:"grade" doc:"Grade as written." example:"良好"`
	Score    string       `json:"score" doc:"Points, a plain decimal." example:"86.5"`
	Quantity quantityJSON `json:"quantity" doc:"How much of it there was."`
	Note     textJSON     `json:"note" doc:"Opinion, finding or reason; always sealed."`
	Evidence []textJSON   `json:"evidence" doc:"Evidence as named, not the files."`
}

// A stepJSON is one step that stands in the course of a record.
type stepJSON struct {
	ID     string `json:"id" doc:"Id of the event that took it." example:"01980a6e-7c10-5000-8000-000000000007"`
	Latest string `json:"latest" doc:"Id of the event that corrected it last; empty when none did." example:"01980a6e-7c10-5000-8000-000000000008"`
	SaidJSON
	Reason textJSON `json:"reason" doc:"Why it was corrected; always sealed."`
}

// A toldJSON is a reported step.
type toldJSON struct{ SaidJSON }

// A textJSON is a text, or the fact that there is one.
type textJSON struct {
	Text   string `json:"text" doc:"The text; empty when there is none or it is sealed." example:"分数的初步认识"`
	Sealed bool   `json:"sealed" doc:"There is a text, which names people and is sealed." example:"false"`
}

// A wordJSON is a written word with its code.
type wordJSON struct {
	Text string `json:"text" doc:"As written." example:"数学"`
	Code string `json:"code" doc:"Code of the glossary; empty when none is known." example:"mathematics"`
}

// A unitJSON is a school or a group of schools.
type unitJSON struct {
	School string `json:"school,omitempty" doc:"Key of the school; left out of a group." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Group  string `json:"group,omitempty" enum:"members" doc:"Schools that the record names together; left out of a school." example:"members"`
}

// A quantityJSON is how much there was.
type quantityJSON struct {
	Text    string   `json:"text" doc:"As written." example:"约30"`
	Number  string   `json:"number" doc:"Decimal number; empty when blank or unreadable." example:"30"`
	Bound   string   `json:"bound" enum:",exact,at_least,about" doc:"How the number is meant; empty without a number." example:"about"`
	Measure wordJSON `json:"measure" doc:"What is counted."`
}

// A sourceJSON is the place where an imported record was read.
type sourceJSON struct {
	Import string `json:"import" doc:"Key of the import." example:"import-01980a6e-7c10-7000-8000-000000000006"`
	Sheet  int    `json:"sheet" doc:"Index of the sheet, from 0." example:"0"`
	Row    int    `json:"row" doc:"Physical row, from 1." example:"7"`
}

// wireRecord returns what every record's line has; unknowns, corrections and
// ordinals stand beside the facts in each row.
func wireRecord(key string, occurred calendar.Occurred, f record.Facts, unknowns []record.Unknown, corrected bool, ordinals []uint64) RecordJSON {
	return RecordJSON{
		Record: key, Occurred: string(occurred), District: f.District, Community: f.Community,
		Kinds: codes(f.Kinds), Mode: mode(f.Mode), Title: wireText(f.Title), Subjects: each(f.Subjects, wireWord),
		From: each(f.From, wireUnit), To: each(f.To, wireUnit), People: list(f.People), Quantity: wireQuantity(f.Quantity),
		Evidence: each(f.Evidence, wireText), Remark: wireText(f.Remark), Source: wireSource(f.Source),
		Unknowns: codes(unknowns), Corrected: corrected, Ordinals: list(ordinals),
		Organisers: each(f.Organisers, func(o record.Organiser) organiserJSON { return organiserJSON(o) }),
		Attendance: wireQuantity(f.Attendance), Level: f.Level, Related: list(f.Related), Course: each(f.Course, wireReportedStep),
	}
}

func wireSaid(verb string, occurred calendar.Occurred, s record.Step) SaidJSON {
	return SaidJSON{
		Verb: verb, Occurred: string(occurred), By: each(s.By, wireUnit), Office: s.Office, People: list(s.People), Role: s.Role,
		What: each(s.What, wireWord), Document: s.Document, From: string(s.From), Until: string(s.Until), Due: string(s.Due),
		Grade: s.Grade, Score: s.Score, Quantity: wireQuantity(s.Quantity), Note: wireText(s.Note), Evidence: each(s.Evidence, wireText),
	}
}

func wireReportedStep(t record.ReportedStep) toldJSON {
	return toldJSON{wireSaid(t.Verb, t.Occurred, t.Step)}
}

func wireStep(t record.TakenStep) stepJSON {
	return stepJSON{t.ID, t.Latest, wireSaid(t.Verb, t.Occurred, t.Step), wireText(t.Step.Reason)}
}

// mode returns a mode; a held row and whatever is no record has none.
func mode(m record.Mode) string {
	if m == "" {
		return string(record.ModeUnknown)
	}
	return string(m)
}

func wireText(t seal.Text) textJSON { return textJSON{t.Clear, t.Sealed != nil} }

func wireWord(w record.Word) wordJSON { return wordJSON(w) }

func wireUnit(u record.Unit) unitJSON { return unitJSON{u.School, string(u.Group)} }

func wireQuantity(q record.Quantity) quantityJSON {
	return quantityJSON{q.Text, q.Number, string(q.Bound), wordJSON(q.Measure)}
}

func wireSource(s *record.Source) *sourceJSON {
	if s == nil {
		return nil
	}
	return &sourceJSON{s.Import, s.Sheet, s.Row}
}

// each maps a list to one that is never null.
func each[A, B any](items []A, wire func(A) B) []B {
	out := []B{}
	for _, item := range items {
		out = append(out, wire(item))
	}
	return out
}

func codes[C ~string](items []C) []string { return each(items, func(c C) string { return string(c) }) }
