package registers

import (
	"context"
	"slices"

	"twinledger/domain/exchange"
	"twinledger/domain/fault"
	"twinledger/projections"
)

// A Sheet is everything that names one school or one person, register by
// register.
type Sheet struct {
	Of       Line
	Parts    []Part             // of the registers that name it, in their order
	Overlaps []exchange.Overlap // of a person's postings among the lines, certain and possible
}

// A Part is what one register says in a sheet.
type Part struct {
	Register    Register
	Lines       []Line
	Occurrences int // of the numbered lines that stand, took place by the day judged on, and for which no other one stands
	Unnumbered  int // of those the lines that do not say how often
}

// ErrNotThere refuses a sheet of something that the ledger does not know.
var ErrNotThere = fault.New(fault.NotFound, "register.not-there",
	"台账中没有这所学校或这个人员；请核对编号。", "The ledger knows no such school or person; check the key.")

// Sheet returns the sheet of a school or a person, as known at q.AsOf and, where
// q.ValidAt is given, of what was true then. The rest of what is wanted narrows
// the lines; pages are not made.
func (r Reader) Sheet(ctx context.Context, key string, q Question) (Sheet, error) {
	of, there, err := r.Line(ctx, key, q.AsOf, "")
	if err != nil {
		return Sheet{}, err
	}
	if !there {
		return Sheet{}, ErrNotThere.With("key", key)
	}
	sheet := Sheet{Of: of}
	q.After, q.Limit = "", 0
	if of.Kind == "person" {
		q.Person = key
	} else {
		q.School = key
	}
	lines, err := r.lines(ctx, q, projections.Query{})
	if err != nil {
		return Sheet{}, err
	}
	for _, register := range All {
		part := Part{Register: register}
		for _, line := range lines {
			if line.Kind == register.Kind && line.Key != key {
				part.add(line)
			}
		}
		if len(part.Lines) > 0 {
			sheet.Parts = append(sheet.Parts, part)
		}
	}
	if of.Kind == "person" {
		sheet.Overlaps, err = r.overlaps(ctx, of, lines, q)
	}
	return sheet, err
}

// overlaps returns which of a person's postings overlap or may overlap, reported
// ones included.
func (r Reader) overlaps(ctx context.Context, of Line, lines []Line, q Question) ([]exchange.Overlap, error) {
	same, err := r.identities(ctx, q)
	if err != nil {
		return nil, err
	}
	known, err := r.Calendar(ctx, of.Facts.District, q.AsOf)
	if err != nil {
		return nil, err
	}
	keys := same(of.Key)
	var postings []exchange.Posting
	for _, line := range lines {
		posted := func(person string) bool { return slices.Contains(keys, person) }
		if line.Kind == "exchange" && !line.Void() && !line.NotTakenPlace && slices.ContainsFunc(line.Facts.People, posted) {
			postings = append(postings, exchange.Posting{Exchange: line.Key, State: exchange.StateOf(line.Progress)})
		}
	}
	return exchange.Overlaps(known, postings), nil
}

func (p *Part) add(line Line) {
	p.Lines = append(p.Lines, line)
	switch {
	case line.Void(), line.NotTakenPlace, line.Ahead, line.CountsAs != "":
	case line.Numbered:
		p.Occurrences += line.Occurrences
	case line.Counts():
		p.Unnumbered++
	}
}
