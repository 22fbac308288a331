package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/seal"
)

// A reference is a stream that a row names, the column that names it and how it is
// written there. The district is written in no column.
type reference struct{ column, key, written string }

// references returns what the row names, in the order in which it is noted.
func (p RowPlan) references(b builder) []reference {
	refs := []reference{{"", b.district, ""}}
	if p.Community != "" && p.Command != "" { // what only describes a school is not recorded of a community
		refs = append(refs, reference{ColumnCommunity, b.community(p.Community), p.Community})
	}
	for _, school := range p.Schools {
		refs = append(refs, reference{p.schoolColumn(school), b.school(school), school})
	}
	for _, person := range p.People {
		refs = append(refs, reference{ColumnPeople, b.person(person), person.Name})
	}
	if p.register != nil {
		for _, former := range p.register.related {
			refs = append(refs, reference{columnRelated, fileKeys{b}.Record(former), former})
		}
	}
	return refs
}

// schoolColumn returns the column in which the row names the school.
func (p RowPlan) schoolColumn(school string) string {
	if p.register != nil {
		for _, c := range p.register.kind.form.Columns {
			if strings.Contains(org.NormalName(p.register.cells[c.Header]), school) {
				return c.Header
			}
		}
	}
	if p.Table.Form == Roster {
		return ColumnSchool
	}
	if slices.Contains(normalNames(p.Row.Cells[ColumnFrom].Text), school) {
		return ColumnFrom
	}
	return ColumnTo
}

// standing is what a stream that is referred to says of itself.
type standing struct{ there, void bool }

// firstReference returns the first reference of the row to a stream of which wanted
// says so. seen remembers what the streams said.
func (im *Importer) firstReference(ctx context.Context, p RowPlan, seen map[string]standing, wanted func(standing) bool) (reference, bool, error) {
	for _, ref := range p.references(im.builder(nil)) {
		s, known := seen[ref.key]
		if !known {
			history, err := im.Handler.Load(ctx, ref.key)
			if err != nil {
				return ref, false, err
			}
			s = standing{len(history) > 0, isVoid(history)}
			seen[ref.key] = s
		}
		if wanted(s) {
			return ref, true, nil
		}
	}
	return reference{}, false, nil
}

// isVoid tells whether the event that opened a stream never held.
func isVoid(history []event.Event) bool {
	return slices.ContainsFunc(history, func(e event.Event) bool {
		v, ok := e.Fact.(interface{ Voids() (string, seal.Text) })
		if !ok {
			return false
		}
		target, _ := v.Voids()
		return target == history[0].ID
	})
}

// heldForOthers tells whether a row was held for what other rows of its file said,
// not for what it says itself.
func (r RowTaken) heldForOthers() bool {
	return r.Outcome == Held && slices.ContainsFunc(r.Problems, func(p Problem) bool {
		return slices.ContainsFunc([]*fault.Error{ErrContradicts, ErrMissingRecord, ErrMissingParty, ErrSameRecord, ErrSameName},
			func(err *fault.Error) bool { return p.Code == err.Code })
	})
}

// holdVoid holds the rows that name what is void, as the ledger would refuse
// them. A row that was taken before keeps its plan.
func (im *Importer) holdVoid(ctx context.Context, plans []RowPlan) error {
	seen := map[string]standing{}
	for i := range plans {
		p := &plans[i]
		if p.Outcome == Held {
			continue
		}
		ref, void, err := im.firstReference(ctx, *p, seen, func(s standing) bool { return s.void })
		if err != nil {
			return err
		}
		if !void {
			continue
		}
		line, err := im.lookUp(ctx, *p)
		if err != nil {
			return err
		}
		if line.Outcome != Already {
			p.hold(command.ErrVoidReference.With("id", ref.key), ref.column)
		}
	}
	return nil
}

// holdWritten lets a row wait that was refused while it was recorded, with the
// column of the reference where that is why: to what is void, or is not there since
// its own row is held.
func (im *Importer) holdWritten(ctx context.Context, p *RowPlan, refused *fault.Error) error {
	wanted := func(s standing) bool { return s.void }
	if errors.Is(refused, command.ErrUnknownReference) {
		wanted = func(s standing) bool { return !s.there }
	} else if !errors.Is(refused, command.ErrVoidReference) {
		p.hold(refused, "")
		return nil
	}
	ref, _, err := im.firstReference(ctx, *p, map[string]standing{}, wanted)
	if err != nil {
		return err
	}
	if ref.column == columnRelated && errors.Is(refused, command.ErrUnknownReference) {
		refused = ErrMissingRecord.With("id", ref.written)
	}
	p.hold(refused, ref.column)
	return nil
}
