package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
)

// A reference is a stream that a row names, the column that names it and how it is written
// there. The district is written in no column.
type reference struct{ column, key, written string }

// references returns what the row names, in the order in which it is noted.
func (run *run) references(p RowPlan) []reference {
	refs := []reference{{"", run.District, ""}}
	if p.Row.Community != "" && p.Command() != "" && !p.isParty() { // what only describes a school is not recorded of a community
		refs = append(refs, reference{reading.ColumnCommunity, run.keys().Community(p.Row.Community), p.Row.Community})
	}
	for _, school := range p.names.schools {
		refs = append(refs, reference{p.schoolColumn(school), run.keys().School(school), school})
	}
	for _, person := range p.names.people {
		refs = append(refs, reference{reading.ColumnPeople, run.keys().Person(person.name, person.school), person.name})
	}
	for _, former := range p.Row.Related {
		if run.described.anew[former] {
			continue // the record that its row made before is void, and another one is about to be made
		}
		refs = append(refs, reference{columnRelated, records{run: run}.Record(former), former})
	}
	return refs
}

// schoolColumn returns the column in which the row names the school.
func (p RowPlan) schoolColumn(school string) string {
	if p.register() == "" && p.Table.Form == reading.Roster {
		return reading.ColumnSchool
	}
	for _, c := range p.Table.Columns {
		if c.Name != "" && strings.Contains(org.NormalName(p.Row.Value(c.Name).Written()), school) {
			return c.Name
		}
	}
	return reading.ColumnTo
}

// standing is what a stream that is referred to says of itself.
type standing struct{ there, void bool }

// firstReference returns the first reference of the row to a stream of which wanted says so.
// seen remembers what the streams said.
func (run *run) firstReference(ctx context.Context, p RowPlan, seen map[string]standing, wanted func(standing) bool) (reference, bool, error) {
	for _, ref := range run.references(p) {
		s, known := seen[ref.key]
		if !known {
			history, err := run.Handler.Load(ctx, ref.key)
			if err != nil {
				return ref, false, err
			}
			s = standing{len(history) > 0, command.IsVoid(history) && undoneBy(history) == ""}
			seen[ref.key] = s
		}
		if wanted(s) {
			return ref, true, nil
		}
	}
	return reference{}, false, nil
}

// holdWritten lets a row wait that was refused while it was recorded, with the column of the
// reference where that is why: to what is void, or is not there since its own row is held.
func (run *run) holdWritten(ctx context.Context, p *RowPlan, refused *fault.Error) error {
	wanted := func(s standing) bool { return s.void }
	if errors.Is(refused, command.ErrUnknownReference) {
		wanted = func(s standing) bool { return !s.there }
	} else if !errors.Is(refused, command.ErrVoidReference) {
		p.hold(refused, "")
		return nil
	}
	ref, _, err := run.firstReference(ctx, *p, map[string]standing{}, wanted)
	if err != nil {
		return err
	}
	if ref.column == columnRelated && errors.Is(refused, command.ErrUnknownReference) {
		refused = ErrMissingRecord.With("id", ref.written)
	}
	p.hold(refused, ref.column)
	return nil
}

// settleReferences says, for what the file's rows refer to, which records are meant here: those
// that are there, or that the rows will make.
func (run *run) settleReferences(ctx context.Context, report *Report) error {
	for former, i := range run.described.rows {
		line := report.Lines[i]
		if line.Plan.isParty() {
			continue
		}
		key, founding, err := run.recordOf(ctx, report, line)
		if err != nil {
			return err
		}
		run.described.keys[former] = key
		if founding != "" {
			run.described.founding[former] = founding
		}
	}
	return nil
}

// inOrder returns the rows as they are taken: as they stand, but each after those that it
// refers to, and what is said of schools, communities and people last, for it changes what
// their names mean. Where rows refer to each other in a circle, one of them comes before one
// that it refers to.
func (run *run) inOrder(r *Report) []int {
	var order, last []int
	placed := make([]bool, len(r.Lines))
	var place func(i int)
	place = func(i int) {
		if placed[i] {
			return
		}
		placed[i] = true
		for _, former := range r.Lines[i].Plan.Row.Related {
			if j, there := run.described.rows[former]; there {
				place(j)
			}
		}
		if r.Lines[i].Plan.isParty() {
			last = append(last, i)
			return
		}
		order = append(order, i)
	}
	for i := range r.Lines {
		place(i)
	}
	return append(order, last...)
}

// leaveForLater notes of each row what it refers to that is there only after it: where rows
// that are new refer to each other in a circle, or one to itself.
func (run *run) leaveForLater(report *Report, order []int) {
	at := make([]int, len(order))
	for n, i := range order {
		at[i] = n
	}
	for i := range report.Lines {
		line := &report.Lines[i]
		line.later = nil
		for _, former := range line.Plan.Row.Related {
			j, there := run.described.rows[former]
			if there && at[j] >= at[i] && report.recordsAnew(report.Lines[j]) && !slices.Contains(line.later, former) {
				line.later = append(line.later, former)
			}
		}
	}
}
