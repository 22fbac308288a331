package intake

import (
	"cmp"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
)

// keys gives keys for the names in facts. What a written name means, only it decides.
type keys struct{ run *run }

func (run *run) keys() keys { return keys{run} }

// School returns the key of the school that is written name: that of the file's own tables,
// else the one that the ledger knows under the name, else the one under which it is noted.
func (k keys) School(name string) string {
	if key := cmp.Or(k.run.described.keys[name], k.run.described.schools[name]); key != "" {
		return key
	}
	if reading.IsKey(name, "school") {
		return name
	}
	return k.run.noted(name)
}

// noted returns the key of the school that was or would be noted under a name.
func (run *run) noted(name string) string {
	if run.Directory != nil {
		return run.Directory.School(run.District, name)
	}
	return org.SchoolKey(run.Handler.Ledger, run.District, name)
}

// Community returns the key of the community that is written name.
func (k keys) Community(name string) string {
	name = org.NormalName(name)
	switch {
	case name == "":
		return ""
	case reading.IsKey(name, "community"):
		return cmp.Or(k.run.described.keys[name], name)
	case k.run.Directory != nil:
		return k.run.Directory.Community(k.run.District, name)
	}
	return org.CommunityKey(k.run.Handler.Ledger, k.run.District, name)
}

// District returns the district that the file is taken in for.
func (k keys) District(string) string { return k.run.District }

// Person returns the key of the person who is written name at a school.
func (k keys) Person(name, school string) string {
	name = org.NormalName(name)
	if reading.IsKey(name, "person") {
		return cmp.Or(k.run.described.keys[name], name)
	}
	at := ""
	if school != "" {
		at = k.School(school)
	}
	return k.run.personAt(at, name)
}

// personAt returns the key of the person with a name at the school with a key.
func (run *run) personAt(school, name string) string {
	if run.Directory != nil {
		return run.Directory.Person(run.Handler.Vault, run.Names, run.District, school, name)
	}
	return org.PersonKey(run.Handler.Vault, run.District, school, name)
}

// Record returns the key as it stands: what it means here is known only when the row is
// taken, see [records].
func (k keys) Record(former string) string { return former }

// records gives, for the keys of records in the ledger that wrote a file, the keys here. All
// other keys stay as they are.
type records struct {
	run     *run
	without []string // records to which a reference is left out
}

// School returns the key.
func (r records) School(key string) string { return key }

// Community returns the key.
func (r records) Community(key string) string { return key }

// District returns the key.
func (r records) District(key string) string { return key }

// Person returns the key.
func (r records) Person(key, _ string) string { return key }

// Record returns the key of the record in this ledger, "" when it is to be left out.
func (r records) Record(former string) string {
	if slices.Contains(r.without, former) {
		return ""
	}
	return cmp.Or(r.run.described.keys[former], former)
}

// described is what a file says of whom and what it names: its own tables of schools,
// communities, people and records.
type described struct {
	rows    map[string]int    // keys of records in the ledger that wrote the file, to the rows that say them
	schools map[string]string // names that only one school of the file has or had, to its key here
	keys    map[string]string // keys in the ledger that wrote the file, to keys here

	founding map[string]string // keys of inspections there, to the events here that report them
	anew     map[string]bool   // keys of records there whose rows make records here once more
}

func newDescribed() *described {
	return &described{rows: map[string]int{}, schools: map[string]string{}, keys: map[string]string{}, founding: map[string]string{}, anew: map[string]bool{}}
}

// describe learns from the rows of a file whom and what they describe.
func (run *run) describe(plans []RowPlan) {
	d := run.described
	several, bearers := map[string]bool{}, map[string]int{}
	for _, kind := range []string{"school", "community", "person"} {
		for i := range plans {
			p := &plans[i]
			if p.register() != kind || p.Outcome == Held {
				continue
			}
			key := run.party(*p)
			if j, known := bearers[key]; known && p.anotherThan(plans[j]) {
				p.hold(ErrSameName.With("other_row", plans[j].at()), reading.ColumnRecord)
				continue
			}
			bearers[key] = i
			if p.Row.Former != "" {
				d.keys[p.Row.Former] = key
			}
			if kind != "school" {
				continue
			}
			for _, name := range p.schoolNames() {
				if other := d.schools[name]; other != "" && other != key {
					several[name] = true
				}
				d.schools[name] = key
			}
		}
		for name := range several {
			delete(d.schools, name)
		}
	}
	for i, p := range plans {
		if p.register() == "" || p.Row.Former == "" || p.Outcome == Held {
			continue
		}
		d.rows[p.Row.Former] = i
		if !p.isParty() {
			d.keys[p.Row.Former] = event.StreamKey(event.StreamOf(run.Handler.Ledger, p.Key[len("row-"):], p.register()))
		}
	}
}

// party returns the key of the school, community or person that the row describes. It takes
// names, and after [run.resolve] keys.
func (run *run) party(p RowPlan) string {
	s, _ := p.statement()
	switch f := s.Facts.(type) {
	case org.School:
		return run.noted(org.NormalName(f.Name))
	case org.Community:
		return run.keys().Community(f.Name)
	case org.Person:
		school := f.School
		if school != "" && !reading.IsKey(school, "school") {
			school = run.keys().School(school)
		} else if school != "" {
			school = cmp.Or(run.described.keys[school], school)
		}
		return run.personAt(school, org.NormalName(f.Name.Clear))
	}
	return ""
}

// schoolNames returns every name that a school's row gives it.
func (p RowPlan) schoolNames() []string {
	s, _ := p.statement()
	school, _ := s.Facts.(org.School)
	names := []string{org.NormalName(school.Name)}
	for _, change := range p.Row.Changes {
		if change.Kind == org.ChangeRenamed {
			names = append(names, change.Name)
		}
	}
	return names
}

// anotherThan tells whether two rows that lead to one key here describe two in the ledger
// that wrote them, of whom nobody said that they are the same.
func (p RowPlan) anotherThan(other RowPlan) bool {
	return p.Row.Former != "" && other.Row.Former != "" && p.Row.Former != other.Row.Former && !p.identified() && !other.identified()
}

// identified tells whether somebody said that the row's school, community or person is
// another one.
func (p RowPlan) identified() bool {
	return slices.ContainsFunc(p.Row.Changes, func(c org.Change) bool { return c.Kind == org.ChangeIdentified })
}
