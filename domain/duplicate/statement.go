package duplicate

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/mentorship"
	"twinledger/domain/record"
)

// A Statement is what one record says that can show that another record tells of the
// same thing.
type Statement struct {
	Key       string            // of the record; "" for a row that is not recorded yet
	Kind      string            // kind of stream: lesson, visit …
	Order     uint64            // ordinal of the record's first event
	District  string            // key
	Community string            // key; "" when it names none
	Kinds     []record.Kind     // as said
	When      calendar.Occurred // day or days on which it took place, or its first day
	Until     calendar.Occurred // last day of something that lasts; "" when it does not last or nobody knows
	Schools   []string          // keys of all schools on either side and of organisers, sorted
	Open      bool              // a side is missing or named as a group, so that Schools may not be all
	Numbered  bool              // it says how many or how much
	Mode      record.Mode       // online or offline
	From, To  []string          // keys of the schools of each side and names of groups, sorted
	Subjects  []string          // in the form of [record.SubjectForm]; also the item of a donation and the period of a filing
	People    []string          // keys, sorted
	Import    string            // key of the import that read it; "" when no file brought it
	Content   map[string]string // title, class, batch … in clear, by the name of the field
}

// StatementOf returns what a record says, by the workflow of its kind. It returns
// false for a record that no other can repeat: one that is void or has not taken
// place, one whose date does not tell it from others, a pairing, and a reported figure.
// The last two are not summed up, so that telling them twice changes no number.
func StatementOf(key string, order uint64, p record.Progress, w record.Workflow) (Statement, bool) {
	said, is := p.Facts().(interface {
		Common() record.Facts
		References() []string
	})
	if !is || p.Phase != record.Standing {
		return Statement{}, false
	}
	occurred, took := w.TookPlace(p)
	s := NewStatement(w.Kind, occurred, said)
	s.Key, s.Order = key, order
	switch w.Kind {
	case "exchange": // steps may have moved its days
		moved := exchange.StateOf(p).Facts
		s.lasts(occurred, moved.Start, moved.End)
	case "mentorship":
		if f, is := said.(mentorship.Facts); is {
			s.lasts(occurred, f.Start, mentorship.EndOf(f, p))
		}
	}
	return s, took && s.CanRepeat()
}

// CanRepeat tells whether a statement may tell of the same thing as another one: whether
// its kind is summed up, and it has a day or, in a community, a month or term.
func (s Statement) CanRepeat() bool {
	if s.Kind == "pairing" || s.Kind == "indicator" || s.When == "" || s.When == calendar.Unknown {
		return false
	}
	return s.When.Dated() || s.Community != ""
}

// NewStatement returns what facts say that are not recorded yet: facts of a row that is
// being imported, of the kind of stream given.
func NewStatement(kind string, occurred calendar.Occurred, said interface {
	Common() record.Facts
	References() []string
}) Statement {
	f := said.Common()
	s := Statement{
		Kind: kind, District: f.District, Community: f.Community, Kinds: f.Kinds, Subjects: subjectsOf(said, f),
		Schools: schoolsOf(f), People: peopleOf(said, f), Content: contentOf(said, f), Numbered: f.Quantity.Number != "", Mode: f.Mode,
		From: sideOf(f.From), To: sideOf(f.To),
		Open: len(f.From) == 0 || len(f.To) == 0 || record.HasGroup(f.From) || record.HasGroup(f.To),
	}
	if f.Source != nil {
		s.Import = f.Source.Import
	}
	s.When = occurred
	if lasting, is := said.(record.Lasting); is {
		from, until := lasting.Lasts()
		s.lasts(occurred, from, until)
	}
	return s
}

// lasts takes over the first and last day of something that lasts. Where its first day
// is not known, the day on which it was said to be stands for it.
func (s *Statement) lasts(occurred, from, until calendar.Occurred) {
	s.When, s.Until = occurred, ""
	if from.Dated() {
		s.When = from
	}
	if until.Dated() {
		s.Until = until
	}
}

func schoolsOf(f record.Facts) []string {
	all := append(record.Schools(f.From), record.Schools(f.To)...)
	for _, o := range f.Organisers {
		if o.School != "" {
			all = append(all, o.School)
		}
	}
	return unique(all)
}

func sideOf(units []record.Unit) []string {
	var out []string
	for _, u := range units {
		out = append(out, u.School, string(u.Group))
	}
	return unique(out)
}

// peopleOf returns the people of a record and those that its kind alone names, such as
// a mentor. People whom only a step names, such as observers, are left out: a second
// report often does not know them.
func peopleOf(said interface{ References() []string }, f record.Facts) []string {
	people := slices.Clone(f.People)
	common := f.References()
	for _, key := range said.References() {
		if strings.HasPrefix(key, "person-") && !slices.Contains(common, key) {
			people = append(people, key)
		}
	}
	return unique(people)
}

func subjectsOf(said any, f record.Facts) []string {
	var out []string
	for _, word := range f.Subjects {
		out = append(out, record.SubjectForm(cmp.Or(word.Code, word.Text)))
	}
	switch own := said.(type) {
	case donation.Facts:
		out = append(out, record.SubjectForm(own.Item.Clear))
	case filing.Facts:
		if own.About != calendar.Unknown {
			out = append(out, string(own.About))
		}
	}
	return unique(out)
}

func contentOf(said any, f record.Facts) map[string]string {
	content := map[string]string{"title": plain(f.Title.Clear)}
	if distinct, is := said.(record.Distinct); is {
		for _, p := range distinct.Particulars() {
			content[p.EN] = plain(p.Text + string(p.When))
		}
	}
	maps.DeleteFunc(content, func(_, text string) bool { return text == "" })
	return content
}

// plain returns a text without white space, which two tellers set differently.
func plain(text string) string { return strings.Join(strings.Fields(text), "") }

// unique returns the keys or words sorted, each once and without empty ones.
func unique(all []string) []string {
	all = slices.DeleteFunc(slices.Clone(all), func(one string) bool { return one == "" })
	slices.Sort(all)
	return slices.Compact(all)
}

// An Identity returns the key that stands for a school, person or community: the key
// itself, or the one that it is said to be.
type Identity func(key string) string

// Resolved returns the statement with the schools, people and community in place of
// those that are said to be the same.
func (s Statement) Resolved(same Identity) Statement {
	s.Schools, s.People, s.From, s.To = each(s.Schools, same), each(s.People, same), each(s.From, same), each(s.To, same)
	if s.Community != "" {
		s.Community = same(s.Community)
	}
	return s
}

func each(keys []string, same Identity) []string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = same(key)
	}
	return unique(out)
}

// Matter returns a text that all likely duplicates of the statement share: district,
// kind of stream and date. Statements of different matters are never compared.
func (s Statement) Matter() string {
	return strings.Join([]string{s.District, s.Kind, string(s.When)}, "|")
}
