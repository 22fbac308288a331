// Package indicator holds figures that somebody reports about a school, a
// community or a district: staff numbers, rates, rankings, scores (mechanisms,
// points 5 and 6; design, reported indicators). Each says of which period it is,
// as of which day, and where it was read. Nothing computes them and they stand
// for no activity.
package indicator

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about a figure; when it occurred is when it was
// given out. To is the school that it is of; without one it is the community's,
// and without that the district's.
type Facts struct {
	record.Facts
	What       record.Word       `json:"what"`                 // what is measured, as written: 语文优课率
	Value      string            `json:"value"`                // a plain decimal; "" when not stated or unreadable
	Unit       string            `json:"unit"`                 // as written: %, 人, 分; a rate's is % or ‰
	Population int               `json:"population,omitempty"` // of a rank: among how many; 0 when not stated
	About      calendar.Occurred `json:"about"`                // the period that the figure is of
	AsOf       calendar.Occurred `json:"as_of"`                // the day on which it was so
	Authority  string            `json:"authority,omitempty"`  // the office that it comes from, as written
	Document   string            `json:"document,omitempty"`   // the document that it stands in, as written
}

// RecordType is the record type of indicators.
var RecordType = record.NewReportType[Facts]("indicator", "指标").WithExample(example())

func example() Facts {
	common := record.ExampleFacts("年度考核名次", "", "", "ranking")
	common.From, common.People, common.Subjects, common.Quantity, common.Level = nil, nil, nil, record.Quantity{}, "县级"
	return Facts{common, record.Word{Text: "学校年度考核名次", Code: "annual_assessment_rank"}, "7", "名", 23,
		"year:2017", "day:2018-02-28", "县教育局督导室", "教督〔2018〕2号"}
}

// rates are the kinds of which the figure is a share of the whole.
var rates = []record.Kind{"excellent_rate", "pass_rate", "loss_rate", "coverage_rate"}

// The refusals of an indicator, beside those of every record.
var (
	ErrNoName = fault.New(fault.Invalid, "indicator.no-name",
		"请在 what.text 写明指标名称。", "Name in what.text what is measured.")
	ErrBadValue = fault.New(fault.Invalid, "indicator.bad-value",
		"指标值应为不带多余零的十进制数（如 96.5）；不详时留空；只有增值类指标可为负数。",
		"A value is a plain decimal number such as 96.5; leave it empty when unknown; only value-added figures may be negative.")
	ErrBadRate = fault.New(fault.Invalid, "indicator.bad-rate",
		"比率的单位应为 % 或 ‰，数值在 0—100（‰ 为 0—1000）之间；请核对。", "A rate is in % or ‰ and lies between 0 and 100 (or 1000); check value and unit.")
	ErrBadCount = fault.New(fault.Invalid, "indicator.bad-count",
		"人数应为整数；请核对。", "A number of people is whole; check it.")
	ErrBadRank = fault.New(fault.Invalid, "indicator.bad-rank",
		"名次应为不小于 1、不大于参评总数（population）的整数；请核对。", "A rank is a whole number from 1 to the number of those ranked (population); check both.")
	ErrBadDay = fault.New(fault.Invalid, "indicator.bad-day",
		"as_of 应为日期（day:…），不详时留空。", "as_of is a day (day:…), or empty when unknown.")
	ErrOneSchool = fault.New(fault.Invalid, "indicator.one-school",
		"一条指标只属于一所学校；请在 to 中写一所学校，或不写（属于共同体、区县）。", "A figure is of one school: name one in to, or none when it is the community's or the district's.")
)

// Normal returns f in its stored form: unsaid dates are unknown, and what a
// person left out of the name is the kind's.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	if f.About == "" {
		f.About = calendar.Unknown
	}
	if f.AsOf == "" {
		f.AsOf = calendar.Unknown
	}
	if entry, known := record.Lookup(f.kind()); known && f.What == (record.Word{}) {
		f.What.Text = entry.ZH
	}
	return f
}

// kind returns the figure's kind when it has one only.
func (f Facts) kind() record.Kind {
	if len(f.Kinds) == 1 {
		return f.Kinds[0]
	}
	return ""
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	if err := f.Facts.Check("indicator"); err != nil {
		return err
	}
	if len(f.Kinds) > 1 {
		return record.ErrBadKind.With("kind", f.Kinds[1])
	}
	if f.What.Text == "" {
		return ErrNoName
	}
	if err := record.CheckCodes(f.What); err != nil {
		return err
	}
	if len(f.To) > 1 || record.HasGroup(f.To) {
		return ErrOneSchool
	}
	if _, err := calendar.Parse(string(f.About)); err != nil {
		return err
	}
	if _, err := calendar.Parse(string(f.AsOf)); err != nil {
		return err
	}
	if f.AsOf != calendar.Unknown && f.AsOf.Precision() != calendar.PrecisionDay {
		return ErrBadDay.With("as_of", f.AsOf)
	}
	return f.checkValue()
}

var (
	decimalForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,11})(\.[0-9]{0,5}[1-9])?$`)
	wholeForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,11})$`)
)

// checkValue refuses a figure that cannot be one of its kind.
func (f Facts) checkValue() error {
	refusal := func(err *fault.Error) error {
		return err.With("value", f.Value).With("unit", f.Unit).With("population", f.Population)
	}
	if f.Population < 0 || f.Population > 0 && !f.Is("ranking") {
		return refusal(ErrBadRank)
	}
	if f.Value == "" {
		return nil
	}
	negative := f.Value[0] == '-'
	if !decimalForm.MatchString(f.Value) || f.Value == "-0" || negative && !f.Is("value_added") {
		return refusal(ErrBadValue)
	}
	whole := wholeForm.MatchString(f.Value)
	number, err := strconv.ParseFloat(f.Value, 64) // at most 12 digits before and 6 behind the point: comparing it with whole numbers is exact
	switch {
	case err != nil:
		return refusal(ErrBadValue)
	case f.rate() && !(f.Unit == "%" && number <= 100 || f.Unit == "‰" && number <= 1000):
		return refusal(ErrBadRate)
	case (f.Is("staff_number") || f.Is("student_number")) && !whole:
		return refusal(ErrBadCount)
	case f.Is("ranking") && (!whole || number < 1 || f.Population > 0 && number > float64(f.Population)):
		return refusal(ErrBadRank)
	}
	return nil
}

func (f Facts) rate() bool {
	for _, k := range rates {
		if f.Is(k) {
			return true
		}
	}
	return false
}

// SealBody returns f with its texts sealed. What always stands in clear must
// name nobody.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	if s.InClear(f.What.Text, f.Unit, f.Document) || s.OfficesInClear(f.Authority) {
		return f, record.ErrNameInClear
	}
	sealed, err := f.SealTexts(ctx, s)
	f.Facts = sealed
	return f, err
}

// Particulars returns the figure: what is measured, its value, among how many a
// rank is, of which period and as of which day, and where it comes from.
func (f Facts) Particulars() record.Particulars {
	value := f.Value
	if value != "" {
		value += " " + f.Unit
	}
	return record.Particulars{}.Text("指标", "figure", f.What.Text).Text("数值", "value", strings.TrimSpace(value)).
		Number("总数", "among", f.Population).When("所属时期", "about", f.About).When("截至日期", "as of", f.AsOf).
		Text("数据来源", "given by", f.Authority).Text("文号", "document", f.Document)
}

// Unknowns lists what the report leaves unknown: the figure, the period that it
// is of, and among how many a rank is. When it was given out is not missed.
func (f Facts) Unknowns(calendar.Occurred) []record.Unknown {
	var out []record.Unknown
	if f.Value == "" {
		out = append(out, record.UnknownNumber)
	}
	if f.About == calendar.Unknown || f.About == "" {
		out = append(out, record.UnknownTerm)
	}
	if f.Is("ranking") && f.Population == 0 {
		out = append(out, record.UnknownPopulation)
	}
	if f.Authority == "" && f.Document == "" {
		out = append(out, record.UnknownAuthority)
	}
	return out
}

// Register declares the events of this package.
func Register(r *event.Registry) { RecordType.Register(r) }

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
