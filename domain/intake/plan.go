package intake

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
)

// A RowPlan is what one row would become: what reading understood of it, with keys in the
// place of names, and what was judged about it.
type RowPlan struct {
	Key        string // key of the row's own stream: its identity
	Table      *reading.Table
	Row        reading.Row
	Outcome    Outcome             // Recorded, Incomplete or Held
	Statements []reading.Statement // with keys in the place of names; none when held
	Unknowns   []record.Unknown
	Problems   []error // faults with their place, in the order of the columns
	Again      string  // key of the equal row beside which the clerk wants it recorded; "" mostly

	names  named  // whom and what it names
	unheld string // name of the command that would record the row if it were not held
}

// named is whom and what a row names, as it is written.
type named struct {
	schools []string
	people  []personName
}

// A personName is a person as a row names them.
type personName struct{ school, name string } // school "" when it is not known

// Occurred returns when what the row tells of took place.
func (p RowPlan) Occurred() calendar.Occurred { return p.Row.Occurred }

// Command returns the name of the command that records the row or, of one that was held though
// it could be read, would record it; "" when none does.
func (p RowPlan) Command() string {
	s, ok := p.statement()
	switch {
	case !ok:
		return p.unheld
	case p.register() == "" && s.Kind == "school":
		return ""
	case reading.IsParty(s.Kind):
		return s.Kind + ".note"
	}
	return s.Kind + ".report"
}

// statement returns what makes the row's record: its last statement. What a roster says of a
// school stands before its role.
func (p RowPlan) statement() (reading.Statement, bool) {
	if len(p.Statements) == 0 {
		return reading.Statement{}, false
	}
	return p.Statements[len(p.Statements)-1], true
}

// describes returns what a roster's row says of its school.
func (p RowPlan) describes() (org.School, bool) {
	if p.register() != "" || len(p.Statements) == 0 {
		return org.School{}, false
	}
	school, is := p.Statements[0].Facts.(org.School)
	return school, is
}

// register returns the kind of the register whose table has the row, "" of another table.
func (p RowPlan) register() string { return p.Table.Register }

// isParty tells whether the row is that of a school, community or person in a register.
func (p RowPlan) isParty() bool { return reading.IsParty(p.register()) }

// facts returns what the row's record says in common with those of every kind, and whether it
// makes a record.
func (p RowPlan) facts() (record.Facts, bool) {
	s, ok := p.statement()
	if !ok {
		return record.Facts{}, false
	}
	common, is := s.Facts.(interface{ Common() record.Facts })
	if !is {
		return record.Facts{}, false
	}
	return common.Common(), true
}

// at returns the row's place.
func (p RowPlan) at() reading.RowAt {
	return reading.RowAt{Key: p.Key, Sheet: p.Table.Sheet, SheetName: p.Table.SheetName, At: p.Row.Number}
}

// place returns where a cell of the row stands.
func (p RowPlan) place(column string) fault.Place {
	return fault.Place{File: p.Table.File, Sheet: p.Table.SheetName, Row: p.Row.Number, Column: column, Value: cut(p.Row.Value(column).Written(), longestName)}
}

// hold lets a row wait that cannot be recorded as it stands.
func (p *RowPlan) hold(err error, column string) {
	if f, ok := fault.As(err); ok {
		err = f.At(p.place(column))
	}
	p.Problems = append(p.Problems, err)
	p.unheld = p.Command()
	p.Outcome, p.Statements = Held, nil
}

// settle decides between recorded and incomplete, by what the facts leave unknown in the form
// in which they are stored.
func (run *run) settle(p *RowPlan) {
	p.Outcome = Recorded
	if s, ok := p.statement(); ok && p.Command() != "" {
		facts := s.Facts
		if !reading.IsParty(s.Kind) {
			facts = normal(run.definition(s.Kind, "report"), facts)
		}
		p.Unknowns = record.LeftUnknown(facts, p.Row.Occurred)
	}
	if len(p.Unknowns) > 0 || len(p.Problems) > 0 {
		p.Outcome = Incomplete
	}
}

// forget drops what only the taking of the row needs, once it is taken: its cells, statements and
// names. The rows of a file are many.
func (p *RowPlan) forget() {
	p.unheld = p.Command()
	p.Statements, p.Row.Cells, p.names = nil, nil, named{}
}

// problemCodes returns the problems in the form in which they are stored.
func (p RowPlan) problemCodes() []Problem {
	var out []Problem
	for _, err := range p.Problems {
		if f, ok := fault.As(err); ok {
			out = append(out, Problem{f.Code, f.Place.Column})
		}
	}
	return out
}

// plansOf returns a plan for every row of a file, with keys in the place of names.
func (run *run) plansOf(f *reading.File) ([]RowPlan, []string, error) {
	keys, groups, err := identities(run.Handler.Vault, run.District, *f)
	if err != nil {
		return nil, nil, err
	}
	plans := make([]RowPlan, len(f.Rows))
	for i, row := range f.Rows {
		p := RowPlan{Key: keys[i], Table: &f.Tables[row.Table], Row: row, Problems: row.Problems, Statements: row.Statements}
		if row.Held || len(row.Statements) == 0 {
			p.Outcome, p.Statements = Held, nil
		}
		p.Row.Statements = nil // those of the plan take their place
		plans[i] = p
	}
	return plans, groups, nil
}

// resolve puts keys in the place of names, once the file's own tables say what they mean.
func (run *run) resolve(plans []RowPlan) {
	for i := range plans {
		p := &plans[i]
		if p.Outcome == Held {
			continue
		}
		names := namesOf{p: p}
		resolved := make([]reading.Statement, len(p.Statements))
		for n, s := range p.Statements {
			if school, is := s.Facts.(org.School); is && p.register() == "" {
				names.School(org.NormalName(school.Name)) // a roster's row may say nothing but this
			}
			tabular.Resolve(s.Facts, &names)
			facts := tabular.Resolve(s.Facts, run.keys())
			resolved[n] = reading.Statement{Kind: s.Kind, Facts: of(facts, run.District)}
		}
		p.Statements = resolved
		run.settle(p)
	}
}

// namesOf collects whom a row names.
type namesOf struct{ p *RowPlan }

// School notes a school's name.
func (n *namesOf) School(name string) string {
	if !reading.IsKey(name, "school") && !slices.Contains(n.p.names.schools, name) {
		n.p.names.schools = append(n.p.names.schools, name)
	}
	return name
}

// Person notes a person's name and that of the person's school.
func (n *namesOf) Person(name, school string) string {
	if reading.IsKey(name, "person") {
		return name
	}
	if school != "" {
		n.School(school)
	}
	if one := (personName{school, name}); !slices.Contains(n.p.names.people, one) {
		n.p.names.people = append(n.p.names.people, one)
	}
	return name
}

// Community passes over the community, which the row holds by itself.
func (n *namesOf) Community(name string) string { return name }

// District passes over the district, which is that of the import.
func (n *namesOf) District(name string) string { return name }

// Record passes over records.
func (n *namesOf) Record(former string) string { return former }

// definition returns the command of a kind of stream.
func (run *run) definition(kind, verb string) command.Definition {
	return run.Handler.Definitions[kind+"."+verb]
}

// sealer returns what seals the texts of a row that is only looked at.
func (run *run) sealer(kind string, vault seal.Vault) seal.Sealer {
	return seal.Sealer{Vault: vault, Names: run.writer.Names, Stream: kind + "-", Fallback: "source-"}
}

// id derives the id of a command that follows from parts.
func (run *run) id(parts ...string) string {
	return event.UUIDv8(run.Handler.Vault.MAC("import command v1", parts...)).String()
}
