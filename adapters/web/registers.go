package web

import (
	"cmp"
	"strconv"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// A termRegister is one list of the term's records.
type termRegister struct {
	Anchor  string
	Name    phrase
	Entries []entry
}

// An entry is one line of a register.
type entry struct {
	ID, Evidence, Number string
	When                 phrase
	Kinds                []phrase
	Mode                 phrase // zero when it is not known
	Title                text
	Item                 text // of a donation, where the title does not say it already
	Subjects             string
	Start, End           phrase // of an exchange
	Particulars          []particular
	Findings             []finding
	Named                []text // evidence as named
	Sides                []side
	People               []person
	Quantity             phrase
	Workflow             bool
	Corrected, Late      bool
	ReachesBeyond        bool // its dates reach beyond the day judged on
	Unknowns             []phrase
	Place                phrase // of an unplaced record
}

// A person is shown by name or, to those who may not see it, by the key.
type person struct{ Name, Key string }

// A side is those who stand on one side of a record.
type side struct {
	Word  phrase
	Units []phrase
}

// A particular is what a kind alone says.
type particular struct{ Name, Value phrase }

// A finding is one result of an inspection.
type finding struct {
	Dimension, Grade string
	Text             text
}

// A count is a total over the records of one kind.
type count struct {
	Anchor, Href         string
	Kind, Figure         phrase
	Doubt                phrase // the total without the records that may be told twice; zero when there are none
	Subjects, From       []string
	Records              int
	Numbered, Unnumbered int
	Counted, Listed      []link
	Overlaps             []overlap
}

func (t trail) registers(list []review.Register) []termRegister {
	var out []termRegister
	for _, r := range list {
		view := termRegister{Anchor: "g-" + r.Kind, Name: phrase{zh: r.ZH, en: r.EN}}
		for _, e := range r.Entries {
			view.Entries = append(view.Entries, t.entry(e))
		}
		out = append(out, view)
	}
	return out
}

func (t trail) entry(e review.Entry) entry {
	b := t.bundles[e.Record]
	view := entry{
		ID: "r-" + e.Record, Evidence: "#" + b.ID, Number: b.Number, When: writtenOccurred(e.Occurred),
		Title: t.laid.text(e.Title, e.Record, titleField), Subjects: strings.Join(e.Subjects, "、"),
		Sides: sidesOf(b.kind, units(e.From), units(e.To)), Quantity: writtenQuantity(e.Quantity),
		Workflow: e.Workflow, Corrected: e.Corrected, Late: e.Late, ReachesBeyond: e.ReachesBeyond,
	}
	if item := t.laid.text(e.Item, e.Record, itemField); item != view.Title {
		view.Item = item
	}
	if b.kind == "indicator" {
		view.Quantity = phrase{zh: "—"} // its figure is no number of anything
	}
	if e.Mode != record.ModeUnknown {
		view.Mode = inWords(e.Mode)
	}
	if e.Start != "" || e.End != "" {
		view.Start, view.End = known(e.Start), known(e.End)
	}
	for _, k := range e.Kinds {
		view.Kinds = append(view.Kinds, kindWords(k))
	}
	for _, p := range e.Particulars {
		value := phrase{zh: p.Text}
		if p.When != "" {
			value = writtenOccurred(p.When)
		}
		view.Particulars = append(view.Particulars, particular{phrase{zh: p.ZH, en: p.EN}, value})
	}
	for _, f := range e.Findings {
		view.Findings = append(view.Findings, finding{f.Dimension.Text, f.Grade, t.laid.text(f.Text, e.Record, fieldOf(f))})
	}
	for _, named := range e.Evidence {
		view.Named = append(view.Named, t.laid.text(named, e.Record, evidenceField))
	}
	for _, key := range e.People {
		view.People = append(view.People, person{t.laid.person(key), shortKey(key)})
	}
	for _, u := range e.Unknowns {
		view.Unknowns = append(view.Unknowns, inWords(u))
	}
	return view
}

// known says a date and, where nothing is said, that it is not known.
func known(o calendar.Occurred) phrase {
	if o == "" {
		o = calendar.Unknown
	}
	return writtenOccurred(o)
}

func units(list []review.Unit) []phrase {
	var out []phrase
	for _, u := range list {
		if u.School != nil {
			school := named(*u.School)
			if u.RecordedAs != nil {
				school.zh += "（记为" + named(*u.RecordedAs).zh + "）"
			}
			out = append(out, school)
		} else {
			out = append(out, worded(groupWords, u.Group))
		}
	}
	return out
}

func (t trail) unplaced(list []review.UnplacedRecord) []entry {
	var out []entry
	for _, u := range list {
		view := t.entry(u.Entry)
		view.Place = worded(placeWords, u.Place)
		if u.Partly {
			view.Place = partlyWords
		}
		out = append(out, view)
	}
	return out
}

// notTakenPlace lists what has not taken place, each with how far it has come and by when
// it is owed.
func (t trail) notTakenPlace(list []review.NotTakenPlaceEntry) []entry {
	var out []entry
	for _, a := range list {
		view := t.entry(a.Entry)
		view.Place = stageWords(a.Stage)
		if a.Ahead {
			view.Place = inWords(review.Ahead)
		}
		if a.Due != "" {
			due := writtenOccurred(a.Due)
			view.Place.zh += "，期限 " + due.zh
			view.Place.en += ", by " + cmp.Or(due.en, due.zh)
		}
		out = append(out, view)
	}
	return out
}

// stageWords says how far a record has come whose thing has not taken place.
func stageWords(s record.Stage) phrase {
	zh, en := s.Words()
	return phrase{zh: zh, en: en}
}

// counts returns the totals; a total leads to its one record or to the list of
// its records.
func (t trail) counts(list []review.Count) []count {
	var out []count
	for i, c := range list {
		view := count{
			Anchor: "c-" + strconv.Itoa(i+1), Kind: kindWords(c.Kind), Figure: bounded(c.Bound, c.Total, c.Measure), Subjects: c.Subjects,
			Records: c.Records, Numbered: c.Numbered, Unnumbered: c.Unnumbered, Counted: t.links(c.Counted), Listed: t.links(c.Listed),
			Overlaps: t.overlaps(c.Overlaps),
		}
		view.Doubt = doubtful(c.PerhapsTwice, c.WithoutThem)
		for _, school := range c.From {
			view.From = append(view.From, plain(named(school)))
		}
		if c.Numbered == 0 && c.Total == "0" {
			view.Figure = phrase{zh: "未注明", en: "not given"} // nobody said that there were none
		}
		view.Href = "#" + view.Anchor
		switch {
		case len(view.Counted) == 1:
			view.Href = view.Counted[0].Href
		case len(view.Counted) == 0 && len(view.Listed) == 1:
			view.Href = view.Listed[0].Href
		}
		out = append(out, view)
	}
	return out
}
