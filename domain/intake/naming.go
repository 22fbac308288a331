package intake

import (
	"context"
	"unicode/utf8"

	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/seal"
)

// A nameSet finds names in texts, both in the form in which the ledger compares
// them. Like [seal.Names] it passes over names of a single character, and over
// what is too long for a name.
type nameSet struct {
	normal  func(string) string
	names   map[string]bool
	longest int
}

func (s *nameSet) add(name string) {
	name = s.normal(name)
	n := utf8.RuneCountInString(name)
	if n < 2 || n > longestName {
		return
	}
	s.names[name], s.longest = true, max(s.longest, n)
}

// in tells whether text names somebody who is wanted; nil wants everybody.
func (s *nameSet) in(text string, wanted func(name string) bool) bool {
	runes := []rune(s.normal(text))
	for from := range runes {
		for to := from + 2; to <= len(runes) && to-from <= s.longest; to++ {
			name := string(runes[from:to])
			if s.names[name] && (wanted == nil || wanted(name)) {
				return true
			}
		}
	}
	return false
}

// peopleOf returns whom the rows name, and what their people cells hold, as names tells it.
func peopleOf(plans []RowPlan, normal func(string) string, names func(cell string) []string) *nameSet {
	set := nameSet{normal: normal, names: map[string]bool{}}
	for _, p := range plans {
		for _, person := range p.names.people {
			set.add(person.name)
		}
		if p.register() == "person" {
			set.add(org.NormalName(p.Row.Value("名称").Written()))
		}
		if p.Table.Form == reading.Activity {
			for _, name := range names(p.Row.Value(reading.ColumnPeople).Text) {
				set.add(name)
			}
			for _, cell := range p.Row.Cells {
				if p.Table.Columns[cell.Column].Beside == reading.ColumnPeople {
					for _, name := range names(cell.Text) {
						set.add(name)
					}
				}
			}
		}
	}
	return &set
}

// certainNames returns the names that a people cell certainly holds.
func certainNames(cell string) []string { return reading.NamesIn(cell, false) }

// possibleNames returns the names that a people cell may hold together with their parts: to
// seal a text too many is better than to leave one in clear.
func possibleNames(cell string) []string { return reading.NamesIn(cell, true) }

// fileNames knows, beside the people of the ledger, those whom the file names
// and the ledger does not know by id: of rows that are held, be it only while
// they are recorded, and of cells that join several. A text that names one of
// them is sealed under the source's key.
type fileNames struct {
	ledger seal.Names
	known  *org.Names // by id
	file   *nameSet
	texts  map[string]string // of a cell as written, where reading changed it
	source string            // key
}

func newFileNames(ledger seal.Names, known *org.Names, plans []RowPlan, source string) fileNames {
	texts := map[string]string{}
	for _, p := range plans {
		for _, cell := range p.Row.Cells {
			if cell.Raw != "" {
				texts[cell.Raw] = cell.Text
			}
		}
	}
	return fileNames{ledger, known, peopleOf(plans, known.Normal, possibleNames), texts, source}
}

// In returns the keys that a text must be sealed under for whom it names.
func (n fileNames) In(text string) []string {
	keys := n.ledger.In(text)
	unknown := func(name string) bool { return !n.known.Knows(name) }
	if n.file.in(text, unknown) || n.file.in(n.texts[text], unknown) {
		keys = append(keys, n.source)
	}
	return keys
}

// An onceVault seals under each key once: prose that names somebody unknown
// would else be sealed twice under its source's key.
type onceVault struct{ seal.Vault }

// Seal is the vault's, without repeated keys.
func (v onceVault) Seal(ctx context.Context, text, place string, keys ...string) (seal.Sealed, error) {
	var once []string
	seen := make(map[string]bool, len(keys))
	for _, key := range keys {
		if !seen[key] {
			seen[key] = true
			once = append(once, key)
		}
	}
	return v.Vault.Seal(ctx, text, place, once...)
}

// nameInClear returns the first column that must stand in clear and names somebody, "" when
// there is none.
func (p RowPlan) nameInClear(ledger *org.Names, file *nameSet) string {
	facts, ok := p.facts()
	if !ok {
		return ""
	}
	names := func(text string) bool {
		return file.in(text, nil) || len(ledger.In(text)) > 0 || seal.LooksLikeName(text)
	}
	for _, subject := range facts.Subjects {
		if names(subject.Text) {
			return reading.ColumnSubject
		}
	}
	switch {
	case names(facts.Quantity.Text), names(facts.Attendance.Text):
		return reading.ColumnQuantity
	case names(facts.Quantity.Measure.Text):
		return reading.ColumnMeasure
	}
	return ""
}
