package intake

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// What a cell that lists several names without ； is met with.
var (
	ErrSeveralPeople = fault.New(fault.Invalid, "intake.several-people",
		"一格里像是写了几个人，分不清，人员按未知处理；请用；分隔。",
		"The cell seems to name several people and cannot be told apart, so the people stay unknown; separate them with ；.")
	ErrSeveralUnits = fault.New(fault.Invalid, "intake.several-units",
		"一格里像是写了几所学校，分不清，按未知处理；请用；分隔（名册每校一行）。",
		"The cell seems to name several schools and cannot be told apart, so they stay unknown; separate them with ；, or in a roster give each its own row.")
)

// joiners are the signs that people write between names. They separate nothing,
// for they occur inside names too; so what they join is not taken for one name.
const joiners = "、，,/／"

func joined(name string) bool { return strings.ContainsAny(name, joiners) }

// schoolSubjects are words that people cells join (语文、数学教师) and that name
// nobody.
var schoolSubjects = strings.Fields("语文 数学 英语 物理 化学 生物 历史 地理 政治 道德与法治 道法 思想品德 品德 科学 科技 " +
	"音乐 美术 体育 艺术 国学 书法 信息技术 信息科技 劳动 综合实践 心理健康 心理 通用技术")

// namesIn returns the names that a people cell may hold, joined ones apart.
func namesIn(cell string) []string {
	var names []string
	for _, name := range Split(cell) {
		parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(joiners, r) })
		for _, part := range parts {
			if part = strings.TrimSpace(part); len(parts) == 1 || !slices.Contains(schoolSubjects, part) {
				names = append(names, part)
			}
		}
	}
	return names
}

// list returns the names of a cell that lists, none when it seems to join
// several; that is the given problem.
func (p *RowPlan) list(column string, problem error, unknown record.Unknown) []string {
	names := normalNames(p.Row.Cells[column].Text)
	if !slices.ContainsFunc(names, joined) {
		return names
	}
	p.problem(problem, column)
	p.Unknowns = append(p.Unknowns, unknown)
	return nil
}

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

// peopleOf returns what the people cells hold, as names tells it.
func peopleOf(plans []RowPlan, normal func(string) string, names func(cell string) []string) *nameSet {
	set := nameSet{normal: normal, names: map[string]bool{}}
	for _, p := range plans {
		for _, person := range p.People {
			set.add(person.Name)
		}
		if p.register != nil && p.Table.Register == "person" {
			set.add(org.NormalName(p.register.cells["名称"]))
		}
		if p.Table.Form == Activity {
			for _, name := range names(p.Row.Cells[ColumnPeople].Text) {
				set.add(name)
			}
		}
	}
	return &set
}

// looseJoiners are signs that, beside white space and the joiners, may stand
// between two names or between a name and what is said of it. They occur inside
// names so often that what they join stays one written person.
const looseJoiners = joiners + "和与()（）[]【】〔〕"

// sealedNamesIn returns the names that a people cell may hold together with
// their parts: to seal a text too many is better than to leave one in clear.
func sealedNamesIn(cell string) []string {
	names := namesIn(cell)
	for _, name := range names {
		parts := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(looseJoiners, r) })
		for _, part := range parts {
			if part != name && !slices.Contains(schoolSubjects, part) {
				names = append(names, part)
			}
		}
	}
	return names
}

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
	return fileNames{ledger, known, peopleOf(plans, known.Normal, sealedNamesIn), texts, source}
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

// nameInClear returns the first column that must stand in clear and names
// somebody, "" when there is none.
func (p RowPlan) nameInClear(ledger *org.Names, file *nameSet) string {
	if p.facts == nil {
		return ""
	}
	for _, column := range []string{ColumnSubject, ColumnQuantity, ColumnMeasure} {
		words := []string{p.Row.Cells[column].Text}
		if column == ColumnSubject {
			words = Split(words[0])
		}
		for _, word := range words {
			if file.in(word, nil) || len(ledger.In(word)) > 0 || seal.LooksLikeName(word) {
				return column
			}
		}
	}
	return ""
}

// holdRefused holds the rows whose record the ledger would refuse, for a name
// that would stand in clear or for what is malformed, so that it is said before
// anything is written.
func holdRefused(plans []RowPlan, ledger *org.Names, b builder) {
	file := peopleOf(plans, ledger.Normal, namesIn)
	for i := range plans {
		p := &plans[i]
		if p.Outcome == Held {
			continue
		}
		if column := p.nameInClear(ledger, file); column != "" {
			p.hold(record.ErrNameInClear, column)
		} else if p.body.check != nil {
			if err := p.body.check(b); err != nil {
				p.hold(err, "")
			}
		}
	}
}

// holdNaming holds the rows of registers of which a text that stands in clear names
// somebody: their columns differ, so each record is asked itself.
func (im *Importer) holdNaming(ctx context.Context, plans []RowPlan) error {
	vault := rehearseSeals(im.Handler.Vault) // what is only looked at leaves no key behind
	for i := range plans {
		p := &plans[i]
		if p.register == nil || p.Outcome == Held {
			continue
		}
		body, ok := p.body.report(im.builder(nil)).(command.Sealable)
		if !ok {
			continue
		}
		sealer := seal.Sealer{Vault: vault, Names: im.writer.Names, Stream: p.register.kind.form.Kind + "-", Fallback: "source-"}
		_, err := body.SealTexts(ctx, sealer)
		refused, is := fault.As(err)
		if err != nil && (!is || !holdable(refused)) {
			return err
		}
		if err == nil {
			continue
		}
		line, err := im.lookUp(ctx, *p)
		if err != nil {
			return err
		}
		if line.Outcome != Already {
			p.hold(refused, "")
		}
	}
	return nil
}

// hold lets a row wait that cannot be recorded as it stands.
func (p *RowPlan) hold(err error, column string) {
	p.problem(err, column)
	p.Outcome, p.facts = Held, nil
}
