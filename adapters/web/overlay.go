package web

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"twinledger/domain/intake"
	"twinledger/domain/review"
	"twinledger/domain/seal"
)

// The fields of a record's events for which its texts are sealed.
const (
	titleField    = "title"
	itemField     = "item"
	evidenceField = "evidence"
	findingField  = "finding"
	reasonField   = "reason"
	noteField     = "note"
)

// A text is a title or the like as this reader may see it. The zero text says
// that there is none.
type text struct {
	Words  string
	Sealed bool // there is one, and it stays sealed
	Broken bool // what lies there is not what was sealed
}

// IsZero tells whether there is no text at all.
func (t text) IsZero() bool { return t == text{} }

// sealedAt is a sealed text at its place; one field may hold several.
type sealedAt struct{ box, place string }

// laidOver is everything that an overlay gives for one review, asked for once,
// before the page is composed.
type laidOver struct {
	opened map[sealedAt]text
	labels map[string]intake.Label
	person func(key string) string
	clear  func(text string) string
}

// layOver asks for every text and label of the review.
func layOver(ctx context.Context, r review.Review, show Overlay) (laidOver, error) {
	if show == nil {
		show = NoNames
	}
	l := laidOver{map[sealedAt]text{}, map[string]intake.Label{}, show.Person, show.Clear}
	var errs []error
	eachText(r, func(t seal.Text, place string) {
		if err := l.open(ctx, show, t, place); err != nil {
			errs = append(errs, fmt.Errorf("open text: %w", err))
		}
	})
	eachRef(r, func(ref review.Ref) {
		if ref.Source == nil {
			return
		}
		if err := l.label(ctx, show, ref.Source.Import); err != nil {
			errs = append(errs, fmt.Errorf("open label of import: %w", err))
		}
	})
	return l, errors.Join(errs...)
}

func (l laidOver) open(ctx context.Context, show Overlay, t seal.Text, place string) error {
	if t.Sealed == nil {
		return nil
	}
	at := sealedAt{t.Sealed.Box, place}
	if _, asked := l.opened[at]; asked {
		return nil
	}
	words, err := show.Open(ctx, *t.Sealed, place)
	switch {
	case err == nil:
		l.opened[at] = text{Words: words}
	case errors.Is(err, seal.ErrNoKey):
		l.opened[at] = text{Sealed: true}
	case errors.Is(err, seal.ErrTampered):
		l.opened[at] = text{Broken: true}
	default:
		return err
	}
	return nil
}

// label asks for an import's names. Without them a place is shown by numbers,
// which need no key, so a broken label is no reason to withhold the page.
func (l laidOver) label(ctx context.Context, show Overlay, key string) error {
	if _, asked := l.labels[key]; asked {
		return nil
	}
	label, err := show.Label(ctx, key)
	if err != nil && !errors.Is(err, seal.ErrNoKey) && !errors.Is(err, seal.ErrTampered) {
		return err
	}
	l.labels[key] = label
	return nil
}

// text returns what the reader sees of t, a field of a record's event.
func (l laidOver) text(t seal.Text, record, field string) text {
	if t.Sealed == nil {
		return text{Words: l.clear(t.Clear)}
	}
	return l.opened[sealedAt{t.Sealed.Box, seal.Place(record, field)}]
}

// fieldOf returns the field of the event that a finding's text is.
func fieldOf(f review.Finding) string {
	if f.Noted {
		return noteField
	}
	return findingField
}

// eachText calls f for every text of the review and its place.
func eachText(r review.Review, f func(t seal.Text, place string)) {
	entry := func(e review.Entry) {
		f(e.Title, seal.Place(e.Record, titleField))
		f(e.Item, seal.Place(e.Record, itemField))
		for _, t := range e.Evidence {
			f(t, seal.Place(e.Record, evidenceField))
		}
		for _, finding := range e.Findings {
			f(finding.Text, seal.Place(e.Record, fieldOf(finding)))
		}
	}
	eachEntry(r, entry)
	for _, c := range r.Corrections {
		f(c.Reason, seal.Place(c.Record, reasonField))
	}
}

// eachEntry calls f for every line of the registers and every record that is listed
// with what it says.
func eachEntry(r review.Review, f func(review.Entry)) {
	for _, register := range r.Registers {
		for _, e := range register.Entries {
			f(e)
		}
	}
	for _, u := range r.Unplaced {
		f(u.Entry)
	}
	for _, a := range r.NotTakenPlace {
		f(a.Entry)
	}
	for _, e := range r.ToldTwice {
		f(e.Entry)
	}
	for _, e := range r.WithoutCommunity {
		f(e)
	}
}

// eachRef calls f for everything in the review that opens to a record.
func eachRef(r review.Review, f func(review.Ref)) {
	if r.Term.Calendar != nil {
		f(*r.Term.Calendar)
	}
	for _, p := range r.Parties {
		f(p.Record)
	}
	for _, o := range r.Obligations {
		for _, result := range o.Results {
			eachRefOf(result, f)
		}
	}
	for _, c := range r.Counts {
		for _, ref := range c.Counted {
			f(ref)
		}
		for _, ref := range c.Listed {
			f(ref)
		}
		eachRefOfOverlaps(c.Overlaps, f)
	}
	eachEntry(r, func(e review.Entry) { f(e.Ref) })
	for _, lacking := range r.Incomplete {
		f(lacking.Ref)
	}
	for _, h := range r.Held {
		f(h.Ref)
	}
	for _, c := range r.Corrections {
		f(c.Ref)
	}
	for _, ref := range slices.Concat(r.Unevidenced, r.Unassigned) {
		f(ref)
	}
	for _, change := range r.SchoolChanges {
		f(change.Ref)
	}
}

func eachRefOf(result review.Result, f func(review.Ref)) {
	for _, counted := range result.Counted {
		f(counted.Ref)
	}
	for _, looked := range result.Open {
		f(looked.Ref)
	}
	for _, looked := range result.NotCounted {
		f(looked.Ref)
	}
	eachRefOfOverlaps(result.Overlaps, f)
}

func eachRefOfOverlaps(overlaps []review.PostingOverlap, f func(review.Ref)) {
	for _, o := range overlaps {
		f(o.Postings[0])
		f(o.Postings[1])
	}
}
