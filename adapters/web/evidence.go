package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/intake"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// A bundle is the evidence block of one record: its events and where it was read.
type bundle struct {
	ID     string
	Number string // by which the page calls the record
	Sort   phrase
	Entry  string // where the register shows it; "" when none does
	Events []eventLine
	Place  *place // nil when it was not imported
	source *record.Source
	traces []review.Trace
	kind   string
}

// An eventLine is one event of a bundle.
type eventLine struct {
	ID, Anchor, Type string
	Ordinal          uint64
	Words            phrase
	Recorded         string
	Instant          string
}

// A place is where an imported record was read. File is empty when this reader
// may not see it; the sheet then has its number and no name.
type place struct {
	File   string
	Words  phrase // sheet and row
	Import string // shortened key of the import
}

// A link leads to a record on the page and says what it is.
type link struct {
	Href, Number string
	Sort         phrase
	When         phrase
	Kinds        []phrase
	Title        text
	Figure       phrase // how many it gave; zero where that is not told
	Reasons      []phrase
}

// A trail knows where on the page every record stands.
type trail struct {
	bundles map[string]*bundle
	entries map[string]review.Entry
	laid    laidOver
}

// newTrail collects the events of everything that the review opens to.
func newTrail(r review.Review, laid laidOver) trail {
	t := trail{map[string]*bundle{}, map[string]review.Entry{}, laid}
	eachRef(r, func(ref review.Ref) { t.add(ref) })
	eachEntry(r, func(e review.Entry) { t.entries[e.Record] = e })
	for key, b := range t.bundles {
		b.complete(key, t)
	}
	return t
}

func (t trail) add(ref review.Ref) *bundle {
	b := t.bundles[ref.Record]
	if b == nil {
		kind, _, _ := strings.Cut(ref.Record, "-")
		b = &bundle{ID: "e-" + ref.Record, kind: kind, Sort: streamWords(kind)}
		t.bundles[ref.Record] = b
	}
	if b.source == nil {
		b.source = ref.Source
	}
	for _, trace := range ref.Events {
		if !slices.ContainsFunc(b.traces, func(known review.Trace) bool { return known.ID == trace.ID }) {
			b.traces = append(b.traces, trace)
		}
	}
	return b
}

// complete gives a bundle its number, which is the ordinal of the record's first
// event: one record has it in every review.
func (b *bundle) complete(key string, t trail) {
	slices.SortFunc(b.traces, func(x, y review.Trace) int { return cmp.Compare(x.Ordinal, y.Ordinal) })
	b.Number = shortKey(key)
	if len(b.traces) > 0 {
		b.Number = "№ " + strconv.FormatUint(b.traces[0].Ordinal, 10)
	}
	for _, trace := range b.traces {
		b.Events = append(b.Events, eventLine{
			ID: trace.ID, Anchor: eventAnchor(trace.ID), Type: trace.Type, Ordinal: trace.Ordinal, Words: eventPhrase(trace.Type),
			Recorded: moment(trace.Recorded), Instant: trace.Recorded.String(),
		})
	}
	if b.source != nil {
		b.Place = t.place(*b.source)
	}
	if _, shown := t.entries[key]; shown {
		b.Entry = "#r-" + key
	}
}

func (t trail) place(s record.Source) *place { return placeOf(s, t.laid.labels[s.Import]) }

// placeOf says where an imported record was read; label names the import's file and sheets.
func placeOf(s record.Source, label intake.Label) *place {
	sheet := strconv.Itoa(s.Sheet + 1)
	p := &place{File: label.File, Import: shortKey(s.Import)}
	p.Words = phrase{zh: fmt.Sprintf("工作表 %s 第 %d 行", sheet, s.Row), en: fmt.Sprintf("sheet %s, row %d", sheet, s.Row)}
	if s.Sheet >= 0 && s.Sheet < len(label.Sheets) && label.Sheets[s.Sheet] != "" {
		p.Words.zh = fmt.Sprintf("工作表“%s”第 %d 行", label.Sheets[s.Sheet], s.Row)
	}
	return p
}

func eventAnchor(id string) string { return "ev-" + id }

// inOrder returns the bundles in the order in which their records entered.
func (t trail) inOrder() []*bundle {
	var out []*bundle
	for _, b := range t.bundles {
		out = append(out, b)
	}
	slices.SortFunc(out, func(x, y *bundle) int {
		return cmp.Or(cmp.Compare(x.first(), y.first()), cmp.Compare(x.ID, y.ID))
	})
	return out
}

func (b *bundle) first() uint64 {
	if len(b.traces) == 0 {
		return 0
	}
	return b.traces[0].Ordinal
}

// link leads to the record's line in a register or, when it has none, to its
// evidence.
func (t trail) link(record string) link {
	b := t.bundles[record]
	if b == nil {
		return link{Number: shortKey(record)}
	}
	l := link{Href: "#" + b.ID, Number: b.Number, Sort: b.Sort}
	if e, shown := t.entries[record]; shown {
		l.Href = b.Entry
		l.When, l.Title = writtenOccurred(e.Occurred), t.laid.text(e.Title, record, titleField)
		for _, k := range e.Kinds {
			l.Kinds = append(l.Kinds, kindWords(k))
		}
	}
	return l
}

func (t trail) links(refs []review.Ref) []link {
	var out []link
	for _, ref := range refs {
		out = append(out, t.link(ref.Record))
	}
	return out
}

// event returns an event of a record, nil when the page does not show it.
func (t trail) event(record, id string) *eventLine {
	if b := t.bundles[record]; b != nil {
		for i := range b.Events {
			if b.Events[i].ID == id {
				return &b.Events[i]
			}
		}
	}
	return nil
}
