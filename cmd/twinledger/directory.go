package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/projections"
	"twinledger/projections/records"
	"twinledger/projections/reviews"
)

// A directory is the schools, communities and people of an opened folder, for
// the commands that list and settle them.
type directory struct {
	*org.Directory
	p        *program
	o        *datafolder.Folder
	entities map[string]entity // by key
	areas    map[string]string // names of districts by key
	counts   map[string]int    // records that name a key and stand
}

// An entity is what schools, communities and people have in common.
type entity struct {
	kind, district, name string
	names                []string // every way of writing it, in the form in which names are compared
	school               string   // of a person
	provisional, void    bool
	as                   string
	changes              []org.Change
}

// What a name or key is refused with.
var (
	errNobodyCalled = fault.New(fault.NotFound, "directory.nobody-called",
		"台账中没有叫这个名称的；名称和编号见 schools list、people list，相近的（如有）列在 nearest。",
		"Nobody is called this in the ledger; see names and ids with schools list or people list, similar ones, if any, are under nearest.")
	errSeveralCalled = fault.New(fault.Invalid, "directory.several-called",
		"叫这个名称的不止一个，见 fits；请写编号。", "Several are called this, see fits; give the id.")
)

// settle opens the folder for writing, lets f settle something, and brings the
// read models up to date.
func (p *program) settle(ctx context.Context, f func(d *directory) error) error {
	o, err := p.openToWrite(ctx)
	if err != nil {
		return err
	}
	d, err := p.directoryOf(ctx, o)
	if err == nil {
		err = f(d)
		err = errors.Join(err, o.CatchUp(ctx, nil))
	}
	return errors.Join(err, o.Close())
}

// directoryOf reads the directory from the log.
func (p *program) directoryOf(ctx context.Context, o *datafolder.Folder) (*directory, error) {
	known, err := o.Directory(ctx)
	if err != nil {
		return nil, err
	}
	d := &directory{Directory: known, p: p, o: o, entities: map[string]entity{}}
	for key, s := range d.Schools {
		d.entities[key] = entity{"school", s.Facts.District, s.Name(), each(s.Names(), datafolder.SameName), "", org.Provisional(s.State), s.Phase == record.Void, s.IdentifiedAs(), s.Changes}
	}
	for key, c := range d.Communities {
		names := append([]string{c.Facts.Name}, c.Aliases()...)
		d.entities[key] = entity{"community", c.Facts.District, c.Facts.Name, each(names, datafolder.SameName), "", org.Provisional(c), c.Phase == record.Void, c.IdentifiedAs(), c.Changes}
	}
	for key, person := range d.People {
		d.entities[key] = entity{"person", person.Facts.District, o.Names.Of(key), o.Names.Written(key), d.Same(person.Facts.School),
			org.Provisional(person), person.Phase == record.Void, person.IdentifiedAs(), person.Changes}
	}
	return d, nil
}

func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, one := range list {
		out = append(out, f(one))
	}
	return out
}

// key returns the key of the one that a user means by key or exact name, or of the
// community that is meant by a part of its name as well.
func (d *directory) key(kind, wanted string) (string, error) {
	if kind == "community" {
		return reviews.SearchCommunities(d.Communities, datafolder.SameName).Key(wanted)
	}
	search := org.Search{Normal: datafolder.SameName, None: errNobodyCalled, Several: errSeveralCalled}
	for key, e := range d.entities {
		if e.kind == kind {
			search.Among = append(search.Among, org.NamedParty{Key: key, Name: e.name, Names: e.names, IdentifiedAs: e.as, Void: e.void})
		}
	}
	return search.Key(wanted)
}

// keys returns the keys that a user means.
func (d *directory) keys(kind string, wanted []string) ([]string, error) {
	var out []string
	for _, one := range wanted {
		key, err := d.key(kind, one)
		if err != nil {
			return nil, err
		}
		out = append(out, key)
	}
	return out, nil
}

// carryOut sends a command to the one that is wanted, and prints what happened.
func (d *directory) carryOut(ctx context.Context, name, wanted string, occurred calendar.Occurred, body any) error {
	kind, _, _ := strings.Cut(name, ".")
	key, err := d.key(kind, wanted)
	if err != nil {
		return err
	}
	done, err := d.o.CarryOut(ctx, d.p.actor, command.Request{Name: name, Stream: key, Occurred: occurred, Body: body})
	if err != nil {
		return err
	}
	return d.p.printOutcome(done)
}

func (p *program) today() calendar.Occurred { return calendar.OnDay(calendar.DayOf(p.now())) }

// count counts, for every school, community and person, the records that name
// it, and learns the names of districts.
func (d *directory) count(ctx context.Context) error {
	d.counts, d.areas = map[string]int{}, map[string]string{}
	districts, err := d.o.Districts(ctx, 0)
	if err != nil {
		return err
	}
	for key, name := range districts {
		d.areas[key] = datafolder.SameName(name)
	}
	rows, err := d.o.Records().Select(ctx, projections.Query{Where: []projections.Condition{projections.Has(records.ByMarks, records.MarkStanding)}})
	for _, row := range rows {
		if records.IsRecord(row.Kind) {
			for _, key := range namedIn(row) {
				d.counts[key]++
			}
		}
	}
	return err
}

// namedIn returns the keys that a record names, each once.
func namedIn(row records.Row) []string {
	keys := row.Facts.References()
	for _, m := range row.Members {
		keys = append(keys, m.School)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// A directoryEntry is one line of "schools list", "communities list" or "people
// list".
type directoryEntry struct {
	Key         string        `json:"key"`
	Name        string        `json:"name"` // "" of a person whose name cannot be shown
	District    string        `json:"district"`
	School      string        `json:"school,omitempty"` // of a person: key
	Provisional bool          `json:"provisional"`
	SameAs      string        `json:"same_as,omitempty"` // the one that it is said to be
	Records     int           `json:"records"`           // that name it
	Changes     []changeEntry `json:"changes"`           // what was said of it since, each of which can be voided by its event
	Matches     []matchEntry  `json:"matches"`           // of a provisional one: which others it may be, best first
}

type changeEntry struct {
	Event  string         `json:"event"`
	Change org.ChangeKind `json:"change"`
	On     calendar.Day   `json:"on,omitempty"`
	Name   string         `json:"name,omitempty"`
	Others []string       `json:"others,omitempty"` // keys
}

type matchEntry struct {
	Key      string       `json:"key"`
	Name     string       `json:"name"`
	Likeness org.Likeness `json:"likeness"`
	Distance int          `json:"distance,omitempty"` // of a typing error
	School   string       `json:"school,omitempty"`   // of a person: key
}

// list prints the schools, communities or people in the order of their names.
func (p *program) list(ctx context.Context, kind string, provisional bool) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	d, err := p.directoryOf(ctx, o)
	if err == nil {
		err = d.count(ctx)
	}
	if err == nil {
		err = d.print(kind, provisional)
	}
	return errors.Join(err, o.Close())
}

func (d *directory) print(kind string, provisional bool) error {
	candidates := d.candidates(kind)
	keys := slices.Collect(func(yield func(string) bool) {
		for key, e := range d.entities {
			if e.kind == kind && !e.void && (e.provisional || !provisional) && !yield(key) {
				return
			}
		}
	})
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(strings.Compare(d.entities[a].name, d.entities[b].name), strings.Compare(a, b))
	})
	for _, key := range keys {
		entry := d.entry(key, candidates)
		if err := d.p.print(entry, func(w io.Writer) { d.text(w, entry) }); err != nil {
			return err
		}
	}
	return nil
}

// candidates returns those of a kind that something may be the same as.
func (d *directory) candidates(kind string) []org.Candidate {
	var out []org.Candidate
	for key, e := range d.entities {
		if e.kind != kind || e.void || e.as != "" {
			continue
		}
		c := org.NewCandidate(key, e.district, append([]string{e.name}, e.names...), datafolder.SameName)
		c.School, c.Area = e.school, d.areas[e.district]
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b org.Candidate) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func (d *directory) entry(key string, candidates []org.Candidate) directoryEntry {
	e := d.entities[key]
	entry := directoryEntry{Key: key, Name: e.name, District: e.district, School: e.school, Provisional: e.provisional, SameAs: e.as,
		Records: d.counts[key], Changes: []changeEntry{}, Matches: []matchEntry{}}
	for _, t := range e.changes {
		entry.Changes = append(entry.Changes, changeEntry{t.ID, t.Kind, t.On, t.Name, t.Keys})
	}
	i := slices.IndexFunc(candidates, func(c org.Candidate) bool { return c.Key == key })
	if e.provisional && i >= 0 {
		for _, m := range org.Matches(candidates[i], candidates) {
			other := d.entities[m.Key]
			entry.Matches = append(entry.Matches, matchEntry{m.Key, other.name, m.Likeness, m.Distance, other.school})
		}
	}
	return entry
}

var likenessWords = map[org.Likeness]string{
	org.SameName: "名称相同 same name", org.KnownAlias: "已登记的别名或原名 a known alias or former name", org.Abbreviation: "简称 abbreviation",
	org.SamePersonName: "别处有同名人员 the same name elsewhere", org.TypingError: "可能写错 typing error",
}

// inWords returns the words that a code has beside its type, Chinese first.
func inWords(code interface{ Words() (zh, en string) }) string {
	zh, en := code.Words()
	return zh + " " + en
}

// text writes an entry for a person.
func (d *directory) text(w io.Writer, e directoryEntry) {
	fmt.Fprintf(w, "%s  %s", e.Key, d.shown(e.Key))
	if e.School != "" {
		fmt.Fprintf(w, "（%s）", d.shown(e.School))
	}
	if e.Provisional {
		fmt.Fprint(w, "  待确认 provisional")
	}
	fmt.Fprintf(w, "  记录 records %d\n", e.Records)
	for _, c := range e.Changes {
		fmt.Fprintf(w, "    %s", inWords(c.Change))
		if c.Name != "" {
			fmt.Fprintf(w, " %s", c.Name)
		}
		for _, other := range c.Others {
			fmt.Fprintf(w, " %s", d.shown(other))
		}
		if c.On != "" {
			fmt.Fprintf(w, "  %s", c.On)
		}
		fmt.Fprintf(w, "  %s\n", c.Event)
	}
	for _, m := range e.Matches {
		fmt.Fprintf(w, "    可能是 may be %s  %s", m.Key, d.shown(m.Key))
		if m.School != "" {
			fmt.Fprintf(w, "（%s）", d.shown(m.School))
		}
		fmt.Fprintf(w, "：%s\n", likenessWords[m.Likeness])
	}
}

// shown returns the name of a key, or the key itself where the name is not known
// or cannot be opened.
func (d *directory) shown(key string) string {
	return cmp.Or(d.entities[key].name, key)
}
