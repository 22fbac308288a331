package intake

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"

	"twinledger/domain/activity"
	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/exchange"
	"twinledger/domain/fault"
	"twinledger/domain/filing"
	"twinledger/domain/indicator"
	"twinledger/domain/inspection"
	"twinledger/domain/lesson"
	"twinledger/domain/mentorship"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/recognition"
	"twinledger/domain/record"
	"twinledger/domain/rectification"
	"twinledger/domain/seal"
)

// What a row can be held or marked incomplete for.
var (
	ErrNoCategory = fault.New(fault.Invalid, "intake.no-category",
		"未填写类别，此行暂挂；请补填类别（如 结对、交流轮岗、示范课、互访、会议、物资捐赠、总结）。", "The row has no 类别 and is held; fill it in, e.g. 示范课.")
	ErrUnknownCategory = fault.New(fault.Invalid, "intake.unknown-category",
		"类别不在术语表中，此行暂挂；请改用 结对、交流轮岗、示范课、互访、会议、物资捐赠、总结 等。", "The 类别 is not in the glossary and the row is held; use 结对, 交流轮岗, 示范课, 互访, 会议, 物资捐赠, 总结 or the like.")
	ErrUnknownForm = fault.New(fault.Invalid, "intake.unknown-form",
		"形式无法识别，记录中未填，原文留在此行的封存副本；可写 线上、线下、送课、支教、跟岗、对调 等。", "The 形式 is not known; the record is without it and the row's sealed copy keeps the text. Write 线上, 线下, 送课, 支教, 跟岗, 对调 or the like.")
	ErrGroupAsSide = fault.New(fault.Invalid, "intake.group-as-side",
		"结对须逐一写明学校，不能写“成员学校”。", "A pairing names its schools one by one, not 成员学校.")
	ErrUnknownRole = fault.New(fault.Invalid, "intake.unknown-role",
		"身份无法识别，记录中未填，原文留在此行的封存副本；可写 核心校 或 成员校。", "The 身份 is not known; the school is recorded without it and the row's sealed copy keeps the text. Write 核心校 or 成员校.")
	ErrNoSchoolName = fault.New(fault.Invalid, "intake.no-school-name",
		"名册此行没有学校名称，此行暂挂；请补填。", "The roster's row names no school and is held; fill it in.")
	ErrMergedCell = fault.New(fault.Invalid, "intake.merged-cell",
		"此格属于一个上下合并的单元格，只有第一行有内容，此行按空白处理；请取消合并，逐行填写。",
		"The cell is covered by a merged range whose value stands in a row above, so this row is read without it; unmerge the cells and fill in every row.")
)

// A RowPlan is what one row would become. It is made from the file alone.
type RowPlan struct {
	Key      string // key of the row's own stream: its identity
	Table    Table
	Row      TableRow
	Outcome  Outcome // Recorded, Incomplete or Held
	Unknowns []record.Unknown
	Problems []error // faults with their place, in the order of the columns
	PartOf   int     // index of the row that may contain this one, or -1
	Again    string  // key of the equal row beside which the clerk wants it recorded; "" mostly

	Occurred  calendar.Occurred
	Category  string // the category as written, "" of a roster row
	Community string // name as written, "" when not stated
	Schools   []string
	People    []PersonName
	Command   string         // name of the command that records it; "" when held
	Describes *org.Described // what a roster row adds to the school
	facts     func(builder) record.Facts
	body      rowBody      // the command's body once names are keys; empty when there is none
	register  *registerRow // of a register's table; nil otherwise
}

// A rowBody makes the bodies of the commands that record a row.
type rowBody struct {
	report func(builder) any            // of the command that records it
	amend  func(builder, seal.Text) any // of the command that corrects its record, with the reason
	check  func(builder) error          // what is malformed in the facts
}

// bodyOf returns the bodies of commands with these facts.
func bodyOf[F record.Body[F]](facts func(builder) F) rowBody {
	return rowBody{
		report: func(b builder) any { return record.Report[F]{Facts: facts(b)} },
		amend:  func(b builder, reason seal.Text) any { return record.Correct[F]{Reason: reason, Facts: facts(b)} },
		check:  func(b builder) error { return facts(b).Normal().Check() },
	}
}

// A PersonName is a person as a row names them: (school, written name).
type PersonName struct{ School, Name string } // School "" when it is not known

// A builder turns names into keys. What a written name means, only it decides.
type builder struct {
	ledger, district string
	vault            seal.Vault
	source           *record.Source
	names            *org.Names
	directory        *org.Directory // nil: every name means what was noted under it
	file             *described     // what the file itself says; may be nil
	without          []string       // records to which a reference is left out
}

func (b builder) school(name string) string {
	name = org.NormalName(name)
	if key := cmp.Or(b.file.key(name), b.file.school(name)); key != "" {
		return key
	}
	if isKey(name, "school") {
		return name
	}
	if b.directory != nil {
		return b.directory.School(b.district, name)
	}
	return org.SchoolKey(b.ledger, b.district, name)
}

func (b builder) person(p PersonName) string {
	p.Name = org.NormalName(p.Name)
	if isKey(p.Name, "person") {
		return cmp.Or(b.file.key(p.Name), p.Name)
	}
	school := ""
	if p.School != "" {
		school = b.school(p.School)
	}
	if b.directory != nil {
		return b.directory.Person(b.vault, b.names, b.district, school, p.Name)
	}
	return org.PersonKey(b.vault, b.district, school, p.Name)
}

func (b builder) community(name string) string {
	name = org.NormalName(name)
	switch {
	case name == "":
		return ""
	case isKey(name, "community"):
		return cmp.Or(b.file.key(name), name)
	case b.directory != nil:
		return b.directory.Community(b.district, name)
	}
	return org.CommunityKey(b.ledger, b.district, name)
}

func (b builder) units(names []string) []record.Unit {
	var out []record.Unit
	for _, name := range names {
		if groups[name] {
			out = append(out, record.Unit{Group: record.Members})
		} else {
			out = append(out, record.Unit{School: b.school(name)})
		}
	}
	return out
}

// normalNames returns the names of a cell as the ledger keeps them, so that what
// nobody can see makes no second school or person.
func normalNames(cell string) []string {
	var out []string
	for _, name := range Split(cell) {
		if name = org.NormalName(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// groups are the words that stand for the members of a community together.
var groups = map[string]bool{"成员学校": true, "成员校": true, "各成员学校": true, "各成员校": true}

// plan says what every row of the tables would become, as far as the row alone
// tells.
func plan(tables []Table, registers map[string]registerKind) []RowPlan {
	var plans []RowPlan
	only := onlyCommunity(tables)
	for _, table := range tables {
		for _, row := range table.Rows {
			switch table.Form {
			case Activity:
				plans = append(plans, planActivity(table, row))
			case Roster:
				plans = append(plans, planRoster(table, row, only))
			case WholeRegister:
				plans = append(plans, planRegister(table, row, registers[table.Register]))
			}
		}
	}
	return plans
}

// onlyCommunity returns the one community that all activity rows name, or "".
func onlyCommunity(tables []Table) string {
	only := ""
	for _, table := range tables {
		for _, row := range table.Rows {
			name := org.NormalName(row.Cells[ColumnCommunity].Text)
			switch {
			case table.Form != Activity || name == "" || name == only:
			case only == "":
				only = name
			default:
				return ""
			}
		}
	}
	return only
}

// markParts lists rows without a number that look like part of another row of
// the file. Only rows that agree in what makes them alike are compared.
func markParts(plans []RowPlan, b builder) {
	numbered := map[string][]int{}
	for i, p := range plans {
		if p.facts != nil && p.facts(b).Quantity.Number != "" {
			numbered[p.likeness()] = append(numbered[p.likeness()], i)
		}
	}
	for i := range plans {
		part := &plans[i]
		if part.facts == nil || part.facts(b).Quantity.Number != "" {
			continue
		}
		for _, j := range numbered[part.likeness()] {
			if record.PartOf(part.facts(b), part.Occurred, plans[j].facts(b), plans[j].Occurred) {
				part.PartOf, part.Outcome = j, Incomplete
				break
			}
		}
	}
}

// likeness joins what two rows must have in common for one to be part of the
// other.
func (p RowPlan) likeness() string {
	parts := []string{p.Command, string(p.Occurred)}
	for _, column := range []string{ColumnCommunity, ColumnCategory, ColumnForm, ColumnFrom, ColumnTo} {
		parts = append(parts, p.Row.Cells[column].Text)
	}
	return strings.Join(parts, "\n")
}

func planActivity(table Table, row TableRow) RowPlan {
	text := func(column string) string { return row.Cells[column].Text }
	written := func(column string) string { return row.Cells[column].Written() }
	p := RowPlan{Table: table, Row: row, PartOf: -1, Occurred: calendar.Unknown, Category: text(ColumnCategory), Community: org.NormalName(text(ColumnCommunity))}
	if p.holdOversized() {
		return p
	}
	p.noteMerged()
	held := p.readWhen()
	category, known := categories[p.Category]
	switch {
	case p.Category == "":
		held = p.problem(ErrNoCategory, ColumnCategory)
	case !known:
		held = p.problem(ErrUnknownCategory, ColumnCategory)
	}
	if held {
		p.Outcome = Held
		return p
	}
	mode, kinds := p.readForm(category)
	quantity := p.readQuantity()
	from, to := p.list(ColumnFrom, ErrSeveralUnits, record.UnknownFrom), p.list(ColumnTo, ErrSeveralUnits, record.UnknownTo)
	people := p.list(ColumnPeople, ErrSeveralPeople, record.UnknownPeople)
	p.readNames(from, to, people, category.postsPeople)
	p.facts = func(b builder) record.Facts {
		return record.Facts{
			District: b.district, Community: b.community(p.Community), Kinds: record.SortKinds(kinds), Mode: mode,
			Title: seal.Text{Clear: written(ColumnContent)}, Subjects: words(Split(text(ColumnSubject))),
			From: b.units(from), To: b.units(to), People: b.people(p.People),
			Quantity: quantity, Evidence: texts(written(ColumnEvidence)), Remark: seal.Text{Clear: written(ColumnRemark)}, Source: b.source,
		}
	}
	several := p.Unknowns
	category.finish(&p, from, to)
	p.leaveUnknown(several)
	p.settle()
	return p
}

func (b builder) people(names []PersonName) []string {
	var out []string
	for _, n := range names {
		out = append(out, b.person(n))
	}
	return out
}

func words(list []string) []record.Word {
	var out []record.Word
	for _, s := range list {
		out = append(out, record.Word{Text: s})
	}
	return out
}

func texts(s string) []seal.Text {
	if s == "" {
		return nil
	}
	return []seal.Text{{Clear: s}}
}

// readWhen reads the date and tells whether the row must be held for it.
func (p *RowPlan) readWhen() bool {
	cell, ok := p.Row.Cells[ColumnDate]
	if !ok {
		return false
	}
	occurred, err := readDate(cell)
	if err != nil {
		return p.problem(err, ColumnDate)
	}
	p.Occurred = occurred
	return false
}

// problem notes what could not be read, and where; it returns true.
func (p *RowPlan) problem(err error, column string) bool {
	if f, ok := fault.As(err); ok {
		err = f.At(p.placeOf(column))
	}
	p.Problems = append(p.Problems, err)
	return true
}

func (p *RowPlan) placeOf(column string) fault.Place {
	return fault.Place{File: p.Table.File, Sheet: p.Table.SheetName, Row: p.Row.Number, Column: column, Value: cut(p.Row.Cells[column].Written(), longestName)}
}

// readForm reads 形式, which holds the mode, the kind of lesson or the kind of
// exchange, by 类别.
func (p *RowPlan) readForm(c category) (record.Mode, []record.Kind) {
	mode, kinds := record.ModeUnknown, []record.Kind{c.kind}
	for _, word := range Split(p.Row.Cells[ColumnForm].Text) {
		m, isMode := modes[word]
		k, isKind := forms[word]
		switch {
		case isMode:
			mode = m
		case isKind && c.mayBe(k):
			if k.Within(c.kind) && c.kind == c.widest() {
				kinds = kinds[:0]
			}
			kinds = append(kinds, k)
		default:
			p.problem(ErrUnknownForm, ColumnForm)
		}
	}
	return mode, kinds
}

// readNames collects the schools and people that the row names. A person
// belongs to the sole sending school of a posting or a lesson, otherwise to a
// school that is not known.
func (p *RowPlan) readNames(from, to, people []string, ofSender bool) {
	for _, name := range append(append([]string(nil), from...), to...) {
		if !groups[name] {
			p.Schools = append(p.Schools, name)
		}
	}
	school := ""
	if ofSender && len(from) == 1 && !groups[from[0]] {
		school = from[0]
	}
	for _, name := range people {
		p.People = append(p.People, PersonName{school, name})
	}
}

// readQuantity reads 数量 and 单位. A number that the ledger cannot keep, such as
// 2.0000001 from a computed cell, is as unreadable as a word.
func (p *RowPlan) readQuantity() record.Quantity {
	quantity, err := record.ParseQuantity(p.Row.Cells[ColumnQuantity].Text, p.Row.Cells[ColumnMeasure].Text)
	quantity.Text = p.Row.Cells[ColumnQuantity].Written()
	if err == nil && !keeps(quantity) {
		quantity.Number, quantity.Bound, err = "", "", record.ErrUnreadableQuantity
	}
	if err != nil {
		p.problem(err, ColumnQuantity)
	}
	return quantity
}

// keeps tells whether a record may say the quantity, all else being well formed.
func keeps(q record.Quantity) bool {
	sound := record.Facts{District: "district-", Kinds: []record.Kind{"visit"}, Mode: record.ModeUnknown, Quantity: q}
	return sound.Check("visit") == nil
}

// noteMerged notes the known columns whose value may stand in a row above.
// Nothing is filled in: whether it holds for this row too, nobody said.
func (p *RowPlan) noteMerged() {
	for _, column := range p.Row.Merged {
		if column != ColumnNumber && slices.Contains(formColumns[p.Table.Form], column) {
			p.problem(ErrMergedCell, column)
		}
	}
}

// leaveUnknown adds what is unknown beside what the facts say of themselves.
func (p *RowPlan) leaveUnknown(more []record.Unknown) {
	for _, u := range more {
		if !slices.Contains(p.Unknowns, u) {
			p.Unknowns = append(p.Unknowns, u)
		}
	}
}

// settle decides between recorded and incomplete.
func (p *RowPlan) settle() {
	if p.Outcome == Held {
		return
	}
	p.Outcome = Recorded
	if len(p.Unknowns) > 0 || len(p.Problems) > 0 {
		p.Outcome = Incomplete
	}
}

// planRoster reads one school of a roster. Its role belongs to the one community
// that the workbook's activities name and to the term that the title names.
func planRoster(table Table, row TableRow, community string) RowPlan {
	text := func(column string) string { return row.Cells[column].Text }
	if own := org.NormalName(text(ColumnCommunity)); own != "" {
		community = own
	}
	p := RowPlan{Table: table, Row: row, PartOf: -1, Occurred: calendar.Unknown, Community: community}
	if p.holdOversized() {
		return p
	}
	p.noteMerged()
	school := org.NormalName(text(ColumnSchool))
	switch {
	case school == "":
		p.hold(ErrNoSchoolName, ColumnSchool)
		return p
	case joined(school):
		p.hold(ErrSeveralUnits, ColumnSchool)
		return p
	}
	p.Schools = []string{school}
	p.Occurred = titleTerm(table.Title)
	p.Describes = &org.Described{Stage: text(ColumnStage), Setting: text(ColumnSetting)}
	if written := text(ColumnRole); written != "" {
		role, known := pairing.RoleWritten(written)
		if !known {
			p.problem(ErrUnknownRole, ColumnRole)
		} else {
			p.Command = "pairing.report"
			p.facts = func(b builder) record.Facts {
				return record.Facts{District: b.district, Community: b.community(community), Kinds: []record.Kind{"pairing"},
					Mode: record.ModeUnknown, Source: b.source}
			}
			pairingFacts := func(b builder) pairing.Facts {
				return pairing.Facts{Facts: p.facts(b), Basis: pairing.Roster, Sides: []pairing.Side{{School: b.school(school), Role: role}}}
			}
			p.body = bodyOf(pairingFacts)
			p.Unknowns = pairingFacts(builder{}).Unknowns(p.Occurred)
			if community != "" {
				p.Unknowns = without(p.Unknowns, record.UnknownCommunity)
			}
		}
	}
	p.settle()
	return p
}

var termInTitle = regexp.MustCompile(`\d{4}\s*[-—–~至]\s*\d{4}\s*学年度?\s*(第[一二12]|上|下)学期|\d{4}年?[春秋]季?(学期)?`)

// titleTerm returns the term that a title names, else Unknown.
func titleTerm(title string) calendar.Occurred {
	occurred, err := calendar.ParseWritten(termInTitle.FindString(title))
	if err != nil || occurred == "" {
		return calendar.Unknown
	}
	return occurred
}

func without(list []record.Unknown, drop record.Unknown) []record.Unknown {
	var out []record.Unknown
	for _, u := range list {
		if u != drop {
			out = append(out, u)
		}
	}
	return out
}

// A category is how rows of one 类别 are read.
type category struct {
	kind        record.Kind
	postsPeople bool // people belong to the sole sender
	finish      func(p *RowPlan, from, to []string)
}

// widest returns the widest kind that the category's kind is one of.
func (c category) widest() record.Kind {
	k := c.kind
	for {
		entry, _ := record.Lookup(k)
		if entry.Parent == "" {
			return k
		}
		k = entry.Parent
	}
}

// mayBe tells whether a row of the category may be of kind k as well.
func (c category) mayBe(k record.Kind) bool { return k.Within(c.widest()) }

// unknowner is what every kind's facts can say of themselves.
type unknowner interface {
	Unknowns(calendar.Occurred) []record.Unknown
}

// finishWith completes a plan with the command and the facts of one kind.
func finishWith[F interface {
	record.Body[F]
	unknowner
}](command string, facts func(p *RowPlan, common record.Facts) F) func(*RowPlan, []string, []string) {
	return func(p *RowPlan, _, _ []string) {
		p.Command = command
		common := p.facts
		p.body = bodyOf(func(b builder) F { return facts(p, common(b)) })
		// What is unknown follows from names alone; keys do not matter here.
		p.Unknowns = facts(p, common(builder{vault: noVault{}})).Unknowns(p.Occurred)
	}
}

// noVault stands in where only the number of people matters.
type noVault struct{ seal.Vault }

func (noVault) MAC(string, ...string) [32]byte { return [32]byte{} }

func finishPairing(p *RowPlan, from, to []string) {
	isGroup := func(name string) bool { return groups[name] }
	if slices.ContainsFunc(from, isGroup) {
		p.problem(ErrGroupAsSide, ColumnFrom)
	}
	if slices.ContainsFunc(to, isGroup) {
		p.problem(ErrGroupAsSide, ColumnTo)
	}
	common := p.facts
	facts := func(b builder) pairing.Facts {
		f := pairing.Facts{Facts: common(b), Basis: pairing.Founding}
		f.From, f.To = nil, nil
		seen := map[string]bool{}
		add := func(names []string, role pairing.Role) {
			for _, name := range names {
				if !groups[name] && !seen[name] {
					seen[name] = true
					f.Sides = append(f.Sides, pairing.Side{School: b.school(name), Role: role})
				}
			}
		}
		add(from, pairing.Core)
		add(to, pairing.Member)
		return f
	}
	if len(p.Schools) == 0 {
		p.problem(pairing.ErrNoSides, ColumnFrom)
		p.Outcome, p.facts = Held, nil
		return
	}
	p.Command = "pairing.report"
	p.body = bodyOf(facts)
	p.Unknowns = facts(builder{vault: noVault{}}).Unknowns(p.Occurred)
}

var (
	finishExchange = finishWith("exchange.report", func(p *RowPlan, f record.Facts) exchange.Facts {
		posting := exchange.Facts{Facts: f, Start: calendar.Unknown, End: calendar.Unknown}
		if extent, _ := (calendar.Calendar{}).Extent(p.Occurred); p.Occurred.Precision() == calendar.PrecisionSpan {
			posting.Start, posting.End = calendar.OnDay(extent.First), calendar.OnDay(extent.Last)
		} else if first, last, _ := p.Occurred.Months(); first != last {
			posting.Start, posting.End = calendar.InMonths(first, first), calendar.InMonths(last, last)
		}
		return posting
	})
	finishLesson   = finishWith("lesson.report", func(_ *RowPlan, f record.Facts) lesson.Facts { return lesson.Facts{Facts: f} })
	finishVisit    = finishWith("visit.report", func(_ *RowPlan, f record.Facts) activity.Visit { return activity.Visit{Facts: f} })
	finishMeeting  = finishWith("meeting.report", func(_ *RowPlan, f record.Facts) activity.Meeting { return activity.Meeting{Facts: f} })
	finishResearch = finishWith("research.report", func(_ *RowPlan, f record.Facts) activity.Research { return activity.Research{Facts: f} })
	finishDonation = finishWith("donation.report", func(p *RowPlan, f record.Facts) donation.Facts {
		return donation.Facts{Facts: f, Item: seal.Text{Clear: p.Row.Cells[ColumnContent].Written()}}
	})
	finishFiling     = finishWith("filing.report", func(_ *RowPlan, f record.Facts) filing.Facts { return filing.Facts{Facts: f} })
	finishInspection = finishWith("inspection.report", func(_ *RowPlan, f record.Facts) inspection.Facts { return inspection.Facts{Facts: f} })
	finishActivity   = finishWith("activity.report", func(_ *RowPlan, f record.Facts) activity.Activity { return activity.Activity{Facts: f} })
	finishOrder      = finishWith("rectification.report", func(p *RowPlan, f record.Facts) rectification.Facts {
		return rectification.Facts{Facts: f, Task: seal.Text{Clear: p.Row.Cells[ColumnContent].Written()}}
	})
	finishRecognition = finishWith("recognition.report", func(_ *RowPlan, f record.Facts) recognition.Facts {
		return recognition.Facts{Facts: f, ValidFrom: calendar.Unknown, ValidUntil: calendar.Unknown}
	})
	// Which of two people is the mentor, the activity form has no column for.
	finishMentorship = finishWith("mentorship.report", func(_ *RowPlan, f record.Facts) mentorship.Facts {
		return mentorship.Facts{Facts: f, Start: calendar.Unknown, End: calendar.Unknown}
	})
	// The figure stands under 数量 and its unit under 单位; it counts no occurrences.
	finishIndicator = finishWith("indicator.report", func(p *RowPlan, f record.Facts) indicator.Facts {
		figure := indicator.Facts{Facts: f, What: record.Word{Text: p.Row.Cells[ColumnContent].Text}, Unit: f.Quantity.Measure.Text,
			About: calendar.Unknown, AsOf: calendar.Unknown}
		if f.Quantity.Bound == record.Exact {
			figure.Value = f.Quantity.Number
		}
		figure.Quantity = record.Quantity{}
		return figure.Normal()
	})
)

// finishers gives, for each widest kind that a row can be, how the row is
// recorded.
var finishers = map[record.Kind]category{
	"pairing": {finish: finishPairing}, "exchange": {postsPeople: true, finish: finishExchange},
	"open_lesson": {postsPeople: true, finish: finishLesson}, "dedicated_delivery_class": {postsPeople: true, finish: finishLesson},
	"air_class": {postsPeople: true, finish: finishLesson}, "online_class": {postsPeople: true, finish: finishLesson},
	"visit": {finish: finishVisit}, "meeting": {finish: finishMeeting}, "research_session": {finish: finishResearch},
	"donation": {finish: finishDonation}, "filing": {finish: finishFiling}, "inspection": {finish: finishInspection},
	"micro_lesson": {postsPeople: true, finish: finishLesson}, "extension_course": {postsPeople: true, finish: finishLesson},
	"rectification_order": {finish: finishOrder}, "recognition": {finish: finishRecognition},
	"mentorship": {finish: finishMentorship}, "indicator": {finish: finishIndicator},
}

// synonyms are words of 类别 and 形式 beside the glossary's own.
var synonyms = map[string]record.Kind{
	"结对帮扶": "pairing", "轮岗交流": "exchange", "交流": "exchange", "互换": "swap", "送教": "outreach_lesson", "送课下乡": "outreach_lesson",
	"送教课": "outreach_lesson", "赛课": "contest_lesson", "展课": "showcase_lesson", "参观学习": "visit", "例会": "meeting", "教研": "research_session",
	"研讨会": "research_session", "捐赠": "donation", "工作总结": "summary", "简报": "bulletin", "督导检查": "supervision",
	"网络教研": "online_research", "跟班": "class_shadowing",
}

// modes are the words of 形式 for whether people met.
var modes = map[string]record.Mode{
	"线上": record.Online, "线下": record.Offline, "线上线下": record.Mixed, "线上线下结合": record.Mixed, "线上+线下": record.Mixed, "混合": record.Mixed,
}

// forms are the words of 形式, and categories those of 类别, with the kind that
// each stands for.
var forms, categories = func() (map[string]record.Kind, map[string]category) {
	words := map[string]record.Kind{}
	for _, entry := range record.Glossary() {
		words[entry.ZH] = entry.Kind
	}
	for word, kind := range synonyms {
		words[word] = kind
	}
	read := map[string]category{}
	for word, kind := range words {
		c := category{kind: kind}
		finisher, ok := finishers[c.widest()]
		if slices.Contains(activity.Kinds, c.widest()) {
			finisher, ok = category{finish: finishActivity}, true
		}
		if ok {
			c.postsPeople, c.finish = finisher.postsPeople, finisher.finish
			read[word] = c
		}
	}
	return words, read
}()

// Problem codes of the plan, for the row's event.
func (p RowPlan) problemCodes() []Problem {
	var out []Problem
	for _, err := range p.Problems {
		var f *fault.Error
		if errors.As(err, &f) {
			out = append(out, Problem{f.Code, f.Place.Column})
		}
	}
	return out
}
