package intake

import (
	"context"
	"errors"
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// A reference is a stream that a row names, and the column that names it; "" is
// the district, which no column names.
type reference struct{ column, key string }

// references returns what the row names, in the order in which it is noted.
func (p RowPlan) references(b builder) []reference {
	refs := []reference{{"", b.district}}
	if p.Community != "" && p.Command != "" { // what only describes a school is not recorded of a community
		refs = append(refs, reference{ColumnCommunity, b.community(p.Community)})
	}
	for _, school := range p.Schools {
		refs = append(refs, reference{p.schoolColumn(school), b.school(school)})
	}
	for _, person := range p.People {
		refs = append(refs, reference{ColumnPeople, b.person(person)})
	}
	return refs
}

// schoolColumn returns the column in which the row names the school.
func (p RowPlan) schoolColumn(school string) string {
	if p.Table.Form == Roster {
		return ColumnSchool
	}
	if slices.Contains(Split(p.Row.Cells[ColumnFrom].Text), school) {
		return ColumnFrom
	}
	return ColumnTo
}

// voidReference returns the first reference of the row that is void. checked
// remembers what the streams said.
func (im *Importer) voidReference(ctx context.Context, p RowPlan, checked map[string]bool) (reference, bool, error) {
	for _, ref := range p.references(im.builder(nil)) {
		void, known := checked[ref.key]
		if !known {
			history, err := im.Handler.Load(ctx, ref.key)
			if err != nil {
				return ref, false, err
			}
			void = isVoid(history)
			checked[ref.key] = void
		}
		if void {
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

// holdVoid holds the rows that name what is void, as the ledger would refuse
// them. A row that was taken before keeps its plan.
func (im *Importer) holdVoid(ctx context.Context, plans []RowPlan) error {
	checked := map[string]bool{}
	for i := range plans {
		p := &plans[i]
		if p.Outcome == Held {
			continue
		}
		ref, void, err := im.voidReference(ctx, *p, checked)
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
// column of the void reference where that is why.
func (im *Importer) holdWritten(ctx context.Context, p *RowPlan, refused *fault.Error) error {
	column := ""
	if errors.Is(refused, command.ErrVoidReference) {
		ref, _, err := im.voidReference(ctx, *p, map[string]bool{})
		if err != nil {
			return err
		}
		column = ref.column
	}
	p.hold(refused, column)
	return nil
}
