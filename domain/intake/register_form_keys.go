package intake

import (
	"slices"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/org"
)

// A partyAt is a school, community or person that a row gives by its key in
// another ledger.
type partyAt struct{ column, key string }

// namesRead collects what a row names, while it is read.
type namesRead struct {
	nameless
	plan    *RowPlan
	related []string
}

// School notes the name of a school.
func (n *namesRead) School(name string) string {
	name = org.NormalName(name)
	if !n.foreign(name, "school") && !slices.Contains(n.plan.Schools, name) {
		n.plan.Schools = append(n.plan.Schools, name)
	}
	return n.nameless.School(name)
}

// Community notes the name of the row's community.
func (n *namesRead) Community(name string) string {
	name = org.NormalName(name)
	if !n.foreign(name, "community") && n.plan.Community == "" && !n.plan.register.isParty() {
		n.plan.Community = name
	}
	return n.nameless.Community(name)
}

// Person notes the name of a person and of the person's school.
func (n *namesRead) Person(name, school string) string {
	if school != "" {
		n.School(school)
	}
	if one := (PersonName{org.NormalName(school), org.NormalName(name)}); !n.foreign(name, "person") && !slices.Contains(n.plan.People, one) {
		n.plan.People = append(n.plan.People, one)
	}
	return n.nameless.Person(name, school)
}

// Record notes the key of a record that the row refers to.
func (n *namesRead) Record(former string) string {
	if !slices.Contains(n.related, former) {
		n.related = append(n.related, former)
	}
	return former
}

// foreign tells whether a name is a key, and notes it then.
func (n *namesRead) foreign(name, kind string) bool {
	if !isKey(name, kind) {
		return false
	}
	r := n.plan.register
	r.parties = append(r.parties, partyAt{columnOf(kind), name})
	return true
}

// columnOf returns the column that mostly names what is of a kind.
func columnOf(kind string) string {
	switch kind {
	case "community":
		return ColumnCommunity
	case "person":
		return ColumnPeople
	}
	return ColumnSchool
}

// isKey tells whether a text is a key of a kind.
func isKey(text, kind string) bool {
	id, prefixed := strings.CutPrefix(text, kind+"-")
	return prefixed && event.IsID(id)
}

// nameless gives keys that only have the right form.
type nameless struct{}

// School returns a form of key.
func (nameless) School(string) string { return "school-" }

// Community returns a form of key.
func (nameless) Community(string) string { return "community-" }

// District returns a form of key.
func (nameless) District(string) string { return "district-" }

// Person returns a form of key.
func (nameless) Person(string, string) string { return "person-" }

// Record returns the key as it is.
func (nameless) Record(former string) string { return former }

// fileKeys are the keys that the builder gives.
type fileKeys struct{ b builder }

// School returns the school's key.
func (k fileKeys) School(name string) string { return k.b.school(name) }

// Community returns the community's key.
func (k fileKeys) Community(name string) string { return k.b.community(name) }

// District returns the district that the file is taken in for.
func (k fileKeys) District(string) string { return k.b.district }

// Person returns the person's key.
func (k fileKeys) Person(name, school string) string { return k.b.person(PersonName{school, name}) }

// Record returns the key of the record in this ledger, "" when it is to be left out.
func (k fileKeys) Record(former string) string {
	if slices.Contains(k.b.without, former) {
		return ""
	}
	if key := k.b.file.key(former); key != "" {
		return key
	}
	return former
}

// described is what a file says of whom and what it names: its own tables of
// schools, communities, people and records.
type described struct {
	rows    map[string]int    // keys of records in the ledger that wrote the file, to the rows that say them
	schools map[string]string // names that only one school of the file has or had, to its key here
	keys    map[string]string // keys in the ledger that wrote the file, to keys here

	founding map[string]string // keys of inspections there, to the events here that report them
}

func (d *described) key(former string) string {
	if d == nil {
		return ""
	}
	return d.keys[former]
}

func (d *described) school(name string) string {
	if d == nil {
		return ""
	}
	return d.schools[name]
}

// describeFile learns from the rows of a file whom and what they describe.
func (im *Importer) describeFile(plans []RowPlan) {
	d := &described{rows: map[string]int{}, schools: map[string]string{}, keys: map[string]string{}, founding: map[string]string{}}
	im.file = d
	b := im.builder(nil)
	several, bearers := map[string]bool{}, map[string]int{}
	for _, kind := range []string{"school", "community", "person"} {
		for i := range plans {
			r := plans[i].register
			if r == nil || r.kind.form.Kind != kind || plans[i].Outcome == Held {
				continue
			}
			key := plans[i].party(b)
			if j, known := bearers[key]; known && r.anotherThan(plans[j].register) {
				plans[i].hold(ErrSameName.With("other_row", plans[j].at()), ColumnRecord)
				continue
			}
			bearers[key] = i
			if r.former != "" {
				d.keys[r.former] = key
			}
			if kind != "school" {
				continue
			}
			for _, name := range r.names() {
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
		r := p.register
		if r == nil || r.former == "" || p.Outcome == Held {
			continue
		}
		d.rows[r.former] = i
		if !r.isParty() {
			d.keys[r.former] = im.recordKey(p)
		}
	}
}

// noted returns the key of the school that was or would be noted under a name.
func (b builder) noted(name string) string {
	if b.directory != nil {
		return b.directory.School(b.district, name)
	}
	return org.SchoolKey(b.ledger, b.district, name)
}

// recordKey returns the key of the record that the row would make: it follows
// from the row.
func (im *Importer) recordKey(p RowPlan) string {
	return event.StreamKey(event.StreamOf(im.Handler.Ledger, p.Key[len("row-"):], p.register.kind.form.Kind))
}
