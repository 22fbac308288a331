// Package record holds what all records of activities have in common: who, with
// whom, what, when, how much, and where it was read; and the life of a record
// that is reported, corrected and voided but never edited.
package record

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// Facts are what a record says. What it does not say is empty; nothing is
// filled in. From and To mean, by the kind of record:
//
//	pairing      –                              –
//	exchange     the school a person comes from the school the person goes to
//	lesson       who teaches                    where, before whom
//	visit        who goes                       whom they visit
//	meeting      who calls it                   who attends
//	donation     giver                          receiver
//	filing       who files it                   with whom
//	inspection   who inspects                   who is inspected
//	mentorship   the mentor's school            the mentee's school
//	recognition  the school that gives it       the schools that hold it
//	indicator    –                              the school that the figure is of
//
// Direction is what the record says; which side is the core is looked up at the
// date, and who helps whom is not derived from either (mechanisms, point 24).
type Facts struct {
	District  string      `json:"district"`            // key of the district
	Community string      `json:"community,omitempty"` // key of the community; empty when not stated
	Kinds     []Kind      `json:"kinds"`               // sorted; never empty
	Mode      Mode        `json:"mode"`                // unknown when not stated
	Title     seal.Text   `json:"title"`               // 内容, in clear unless it names somebody
	Subjects  []Word      `json:"subjects,omitempty"`
	From      []Unit      `json:"from,omitempty"`
	To        []Unit      `json:"to,omitempty"`
	People    []string    `json:"people,omitempty"` // keys of people
	Quantity  Quantity    `json:"quantity"`
	Evidence  []seal.Text `json:"evidence,omitempty"`     // 佐证材料 as named, not the files
	Remark    seal.Text   `json:"remark" lines:"several"` // 备注, always sealed
	Source    *Source     `json:"source,omitempty"`       // where an imported record was read

	Organisers []Organiser    `json:"organisers,omitempty"` // who held it, in which part
	Attendance Quantity       `json:"attendance,omitzero"`  // how many attended, beside the occurrences
	Level      string         `json:"level,omitempty"`      // 级别 as written: 市、区、校
	Related    []string       `json:"related,omitempty"`    // keys of records that it belongs to
	Course     []ReportedStep `json:"course,omitempty"`     // steps that the report lists

	AsWritten []WrittenCell `json:"as_written,omitempty"` // what a file's cells said that could not be told apart
}

// A WrittenCell is what a cell of a file said that could not be told apart: several people
// without a sign between them, 各校, 四校. It is kept beside what could be read, so that
// nothing that somebody wrote is lost, and the record stays incomplete in that column. Where
// all names were read and the cell only says more of them, as in 王小明（主讲）, it is complete.
type WrittenCell struct {
	Column   string    `json:"column"`             // the column's name, such as 人员
	Text     seal.Text `json:"text"`               // sealed where it may name somebody
	Complete bool      `json:"complete,omitempty"` // all that the column asks for was read
}

// An Organiser is a school or office that holds an activity, and its part in it:
// 主办 host, 承办 undertaker, 协办 co_organiser (mechanisms, point 10).
type Organiser struct {
	School string `json:"school,omitempty"` // key of the school
	Office string `json:"office,omitempty"` // an office that is no school, as written
	Part   string `json:"part"`             // host, undertaker, co_organiser
}

// A Mode says whether people met.
type Mode string

// The modes.
const (
	ModeUnknown Mode = "unknown"
	Online      Mode = "online"
	Offline     Mode = "offline"
	Mixed       Mode = "mixed"
)

// A Word is a written word with the glossary's code where one is known.
type Word struct {
	Text string `json:"text"`
	Code string `json:"code,omitempty"`
}

// A Unit is a school, or a group of schools that the record does not list.
type Unit struct {
	School string `json:"school,omitempty"` // key of the school
	Group  Group  `json:"group,omitempty"`
}

// A Group stands for schools that a record names together.
type Group string

// Members are the members of the community as a group (成员学校): they count for
// the community, not for any one school.
const Members Group = "members"

// A Source is the place where an imported record was read.
type Source struct {
	Import string `json:"import"` // key of the import
	Sheet  int    `json:"sheet"`  // from 0
	Row    int    `json:"row"`    // physical row, from 1
}

// What malformed facts are refused with.
var (
	ErrNoDistrict = fault.New(fault.Invalid, "record.no-district",
		"记录没有写明所属区县；请填写 district。", "The record names no district; give one.")
	ErrBadKind = fault.New(fault.Invalid, "record.bad-kind",
		"类别代码不在术语表中或不属于这类记录；请核对 kinds。", "A kind is not in the glossary or not of this record's sort; check kinds.")
	ErrBadMode = fault.New(fault.Invalid, "record.bad-mode",
		"mode 应为 online、offline、mixed 或 unknown。", "mode must be online, offline, mixed or unknown.")
	ErrBadUnit = fault.New(fault.Invalid, "record.bad-unit",
		"单位应写学校编号（school-…）或 group: members，二者择一；请改正 from、to、by。",
		"A unit is either a school's id (school-…) or group: members; put from, to and by right.")
	ErrBadQuantity = fault.New(fault.Invalid, "record.bad-quantity",
		"数量应为不带多余零的十进制数，bound 应为 exact、at_least 或 about。", "A quantity's number is a plain decimal; its bound is exact, at_least or about.")
	ErrBadMeasure = fault.New(fault.Invalid, "record.bad-measure",
		"计量单位的代码与所写的单位不符；请在 measure.text 写单位（节、次、场、人次等），code 留空，由系统填写。",
		"A measure's code is not that of the word written; write the word in measure.text (节, 次, 场, 人次 …) and leave its code empty, to be filled in.")
	ErrBadKey = fault.New(fault.Invalid, "record.bad-key",
		"community 应写共同体编号（community-…），people 应写人员编号（person-…）；请改正。",
		"community is the id of a community (community-…), people are ids of people (person-…); put them right.")
	ErrBadCode = fault.New(fault.Invalid, "record.bad-code",
		"词语的代码（code）只用小写字母、数字和下划线；没有代码就留空，把词写在 text。",
		"A word's code has small letters, digits and underscores only; leave it out where there is none and write the word in text.")
	ErrBadOrganiser = fault.New(fault.Invalid, "record.bad-organiser",
		"主办、承办、协办单位应写学校编号或单位名称之一，part 为 host、undertaker 或 co_organiser。",
		"An organiser is a school's id or an office's name, its part host, undertaker or co_organiser.")
	ErrNoReason = fault.New(fault.Invalid, "record.no-reason",
		"更正或作废必须写明原因。", "A correction or voiding must give its reason.")
)

// Common returns f; a kind's own facts that hold f have it too.
func (f Facts) Common() Facts { return f }

// Check returns the first thing that is malformed. Every kind must lie within
// one of the widest kinds given.
func (f Facts) Check(widest ...Kind) error {
	if event.StreamKind(f.District) != "district" {
		return ErrNoDistrict.With("district", f.District)
	}
	if f.Community != "" {
		if err := checkKeys("community", []string{f.Community}); err != nil {
			return err
		}
	}
	if err := checkKeys("person", f.People); err != nil {
		return err
	}
	if err := CheckCodes(f.Subjects...); err != nil {
		return err
	}
	if len(f.Kinds) == 0 {
		return ErrBadKind.With("kinds", "")
	}
	for _, k := range f.Kinds {
		within := false
		for _, w := range widest {
			within = within || k.Within(w)
		}
		if _, known := Lookup(k); !known || !within {
			return WithNearestKinds(ErrBadKind.With("kind", k), string(k), widest...)
		}
	}
	switch f.Mode {
	case ModeUnknown, Online, Offline, Mixed:
	default:
		return ErrBadMode.With("mode", f.Mode)
	}
	for _, u := range append(append([]Unit(nil), f.From...), f.To...) {
		if !u.wellFormed() {
			return ErrBadUnit.With("school", u.School).With("group", u.Group)
		}
	}
	for _, o := range f.Organisers {
		if !o.wellFormed() {
			return ErrBadOrganiser.With("school", o.School).With("office", o.Office).With("part", o.Part)
		}
	}
	for _, t := range f.Course {
		if err := t.check(); err != nil {
			return err
		}
	}
	if err := f.Attendance.Check(); err != nil {
		return err
	}
	return f.Quantity.Check()
}

// checkKeys refuses a key that is of no stream of the kind.
func checkKeys(kind string, keys []string) error {
	for _, key := range keys {
		if event.StreamKind(key) != kind {
			return ErrBadKey.With("id", key)
		}
	}
	return nil
}

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// CheckCodes refuses a code that is none: codes stand in clear, whatever they say.
func CheckCodes(words ...Word) error {
	for _, w := range words {
		if w.Code != "" && !codeForm.MatchString(w.Code) {
			return ErrBadCode.With("code", w.Code)
		}
	}
	return nil
}

// check returns the first thing that is malformed. Of what is told, nothing is
// needed: what is not known is left out.
func (t ReportedStep) check() error {
	if _, err := calendar.Parse(string(t.Occurred)); err != nil {
		return err
	}
	return t.Step.check(t.Occurred, nil)
}

func (o Organiser) wellFormed() bool {
	switch o.Part {
	case "host", "undertaker", "co_organiser":
		return !blank(o.Office) && o.School == "" || o.Office == "" && event.StreamKind(o.School) == "school"
	}
	return false
}

func (u Unit) wellFormed() bool {
	if u.Group != "" {
		return u.Group == Members && u.School == ""
	}
	return event.StreamKind(u.School) == "school"
}

// Check refuses a number that is not a plain decimal, a bound without one and a
// measure whose code is not the glossary's for its word: what is counted decides
// verdicts and is not to be had by a slip.
func (q Quantity) Check() error {
	numbered := q.Number != ""
	bounded := q.Bound == Exact || q.Bound == AtLeast || q.Bound == About
	if numbered != bounded || numbered && !decimalForm.MatchString(q.Number) || !numbered && q.Bound != "" {
		return ErrBadQuantity.With("number", q.Number).With("bound", q.Bound)
	}
	if q.Measure.Code != MeasureOf(q.Measure.Text).Code {
		return ErrBadMeasure.With("text", q.Measure.Text).With("code", q.Measure.Code)
	}
	return nil
}

// Normal returns q as it is stored: a number that nobody wrote otherwise is its
// own text, and a word of the glossary has its code. A code that was given stays,
// to be checked.
func (q Quantity) Normal() Quantity {
	if q.Text == "" {
		q.Text = q.Number
	}
	measure := MeasureOf(q.Measure.Text)
	if q.Measure.Code != "" {
		measure.Code = q.Measure.Code
	}
	q.Measure = measure
	return q
}

var decimalForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,11})(\.[0-9]{0,5}[1-9])?$`)

// Normal returns f in the form in which it is stored: kinds sorted, mode given,
// the measure with its code.
func (f Facts) Normal() Facts {
	f.Kinds = SortKinds(f.Kinds)
	if f.Mode == "" {
		f.Mode = ModeUnknown
	}
	f.Quantity = f.Quantity.Normal()
	if f.Attendance != (Quantity{}) {
		f.Attendance = f.Attendance.Normal()
	}
	for i := range f.Course {
		if i == 0 {
			f.Course = slices.Clone(f.Course)
		}
		f.Course[i].Step = f.Course[i].Step.Normal()
		if f.Course[i].Occurred == "" {
			f.Course[i].Occurred = calendar.Unknown
		}
	}
	return f
}

// ErrNameInClear refuses a person's name where none may stand in clear.
var ErrNameInClear = fault.New(fault.Invalid, "record.name-in-clear",
	"学科、数量、单位、级别、机构、职务、等级、文号等不封存的文字中含有人员姓名；请把姓名移到人员栏（people）。",
	"A text that is not sealed (subject, quantity, measure, level, office, role, grade, document number) contains a person's name; move the name to the people.")

// SealTexts returns f with its texts sealed as far as they must be. Words that
// are always kept in clear must name nobody.
func (f Facts) SealTexts(ctx context.Context, s seal.Sealer) (Facts, error) {
	words := []string{f.Quantity.Text, f.Quantity.Measure.Text, f.Attendance.Text, f.Attendance.Measure.Text, f.Level}
	for _, o := range f.Organisers {
		if s.OfficesInClear(o.Office) {
			return f, ErrNameInClear
		}
	}
	for _, subject := range f.Subjects {
		words = append(words, subject.Text)
	}
	if s.InClear(words...) {
		return f, ErrNameInClear
	}
	var errs [4]error
	f.Title, errs[0] = s.Topic(ctx, "title", f.Title)
	f.Remark, errs[1] = s.Prose(ctx, "remark", f.Remark)
	f.Evidence, errs[2] = sealTopics(ctx, s, "evidence", f.Evidence)
	course := slices.Clone(f.Course)
	for i := range course {
		step, err := course[i].Step.sealed(ctx, s)
		course[i].Step, errs[3] = step, errors.Join(errs[3], err)
	}
	f.Course = course
	written, err := sealWritten(ctx, s, f.AsWritten)
	f.AsWritten = written
	return f, errors.Join(append(errs[:], err)...)
}

// sealWritten returns cells with what may name people sealed: those of 人员 always, others
// where they contain a known name.
func sealWritten(ctx context.Context, s seal.Sealer, cells []WrittenCell) ([]WrittenCell, error) {
	var errs []error
	out := slices.Clone(cells)
	for i := range out {
		var err error
		if out[i].Column == peopleColumn {
			out[i].Text, err = s.Prose(ctx, "as_written", out[i].Text)
		} else {
			out[i].Text, err = s.Topic(ctx, "as_written", out[i].Text)
		}
		errs = append(errs, err)
	}
	return out, errors.Join(errs...)
}

// peopleColumn is the column of a file that names people.
const peopleColumn = "人员"

// unknownIn says what a record leaves unknown whose cell of a column could not be told apart.
var unknownIn = map[string]Unknown{
	peopleColumn: UnknownPeople, "派出单位": UnknownFrom, "接收单位": UnknownTo, "共同体": UnknownCommunity, "学科": UnknownSubject, "数量": UnknownNumber, "形式": UnknownForm, "类别": UnknownForm,
}

// References returns the keys of everything that f names.
func (f Facts) References() []string {
	keys := []string{f.District, f.Community}
	for _, u := range f.From {
		keys = append(keys, u.School)
	}
	for _, u := range f.To {
		keys = append(keys, u.School)
	}
	for _, o := range f.Organisers {
		keys = append(keys, o.School)
	}
	for _, t := range f.Course {
		keys = append(keys, t.References()...)
	}
	return append(append(keys, f.Related...), f.People...)
}

// Schools returns the schools among units, in order.
func Schools(units []Unit) []string {
	var out []string
	for _, u := range units {
		if u.School != "" {
			out = append(out, u.School)
		}
	}
	return out
}

// HasGroup tells whether units name the members as a group.
func HasGroup(units []Unit) bool {
	for _, u := range units {
		if u.Group == Members {
			return true
		}
	}
	return false
}

// Is tells whether one of f's kinds is k or one of k.
func (f Facts) Is(k Kind) bool {
	for _, have := range f.Kinds {
		if have.Within(k) {
			return true
		}
	}
	return false
}

// An Unknown is the code of something that a record should say and does not.
type Unknown string

// What a record may leave unknown.
const (
	UnknownCommunity   Unknown = "community"
	UnknownDay         Unknown = "day"         // known to the term at best
	UnknownTerm        Unknown = "term"        // known only to the school year, the year, or not at all
	UnknownNumber      Unknown = "number"      // blank or unreadable
	UnknownOccurrences Unknown = "occurrences" // a number of people, not of occurrences
	UnknownFrom        Unknown = "from"
	UnknownTo          Unknown = "to"
	UnknownPeople      Unknown = "people"
	UnknownSubject     Unknown = "subject"
	UnknownStart       Unknown = "start"
	UnknownEnd         Unknown = "end"
	UnknownItem        Unknown = "item"
	UnknownFindings    Unknown = "findings"
	UnknownPopulation  Unknown = "population" // among how many a rank is
	UnknownAuthority   Unknown = "authority"  // where a figure comes from
	UnknownForm        Unknown = "form"       // a word under 形式 that nobody knows
	UnknownMeasure     Unknown = "measure"    // a number that does not say of what
)

// unknownWords gives each unknown in words.
var unknownWords = map[Unknown][2]string{
	UnknownCommunity: {"共同体", "community"}, UnknownDay: {"具体日期", "day"},
	UnknownTerm: {"所属学期", "term"}, UnknownNumber: {"数量", "number"},
	UnknownOccurrences: {"次数（只有人数）", "occurrences (only people are counted)"},
	UnknownFrom:        {"派出单位", "sending unit"}, UnknownTo: {"接收单位", "receiving unit"},
	UnknownPeople: {"人员", "people"}, UnknownSubject: {"学科", "subject"},
	UnknownStart: {"开始日期", "start day"}, UnknownEnd: {"结束日期", "end day"},
	UnknownItem: {"物品", "item"}, UnknownFindings: {"检查结果", "findings"},
	UnknownPopulation: {"参评总数", "number of those ranked"}, UnknownAuthority: {"数据来源", "source of the figure"},
	UnknownForm: {"形式", "form"}, UnknownMeasure: {"计量单位（有数字，没有单位）", "unit (a number with no unit)"},
}

// Words returns the unknown in Chinese and English.
func (u Unknown) Words() (zh, en string) {
	w := unknownWords[u]
	return w[0], w[1]
}

// Common returns what every kind of record leaves unknown: its community and
// its term.
func Common(occurred calendar.Occurred, f Facts) []Unknown {
	var out []Unknown
	if f.Community == "" {
		out = append(out, UnknownCommunity)
	}
	if TermUnknown(occurred) {
		out = append(out, UnknownTerm)
	}
	return out
}

// LeftUnknown returns what facts of any kind leave unknown, each once: what their kind misses,
// and what stands in cells that could not be told apart.
func LeftUnknown(facts any, occurred calendar.Occurred) []Unknown {
	var all []Unknown
	if said, is := facts.(interface {
		Unknowns(calendar.Occurred) []Unknown
	}); is {
		all = said.Unknowns(occurred)
	}
	if common, is := facts.(interface{ Common() Facts }); is {
		for _, cell := range common.Common().AsWritten {
			if u := unknownIn[cell.Column]; u != "" && !cell.Complete {
				all = append(all, u)
			}
		}
	}
	var out []Unknown
	for _, u := range all {
		if common, is := facts.(interface{ Common() Facts }); is && u == UnknownNumber && common.Common().Quantity.withoutUnit() {
			u = UnknownMeasure
		}
		if !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// withoutUnit tells whether there is a number that does not say of what.
func (q Quantity) withoutUnit() bool { return q.Number != "" && q.Measure.Text == "" }

// TermUnknown tells whether a date is too wide for any term.
func TermUnknown(o calendar.Occurred) bool {
	switch o.Precision() {
	case calendar.PrecisionUnknown, calendar.PrecisionYear, calendar.PrecisionSchoolYear:
		return true
	case calendar.PrecisionMonths:
		extent, _ := calendar.Calendar{}.Extent(o)
		return extent.Last > extent.First.Add(longestTerm)
	}
	return false
}

// longestTerm is the number of days beyond which no county's term lasts: seven
// months.
const longestTerm = 215

// Dated returns what is left unknown of unknowns once a later step tells when it
// took place.
func Dated(unknowns []Unknown, when calendar.Occurred) []Unknown {
	return slices.DeleteFunc(slices.Clone(unknowns), func(u Unknown) bool {
		return u == UnknownTerm && !TermUnknown(when) || u == UnknownDay && when.Dated()
	})
}

// DayUnknown tells whether neither day nor days are known, of a date that is
// known to a term.
func DayUnknown(o calendar.Occurred) bool { return !o.Dated() && !TermUnknown(o) }

// MissingUnits lists which side of a two-sided record is not named.
func MissingUnits(f Facts) []Unknown {
	var out []Unknown
	if len(f.From) == 0 {
		out = append(out, UnknownFrom)
	}
	if len(f.To) == 0 {
		out = append(out, UnknownTo)
	}
	return out
}

// What some kinds' facts say beside when they occurred.
type (
	// Lasting facts are true over a time: a posting, a mentorship, a certificate.
	Lasting interface {
		// Lasts returns since when and until when, as far as known; "" while
		// nobody said that it ended.
		Lasts() (from, until calendar.Occurred)
	}
	// Planning facts say when something is to take place.
	Planning interface {
		// PlannedFor returns when, "" when that is not said.
		PlannedFor() calendar.Occurred
	}
	// Owing facts say by when something is owed.
	Owing interface {
		// DueBy returns the day, "" when none is given.
		DueBy() calendar.Occurred
	}
)
