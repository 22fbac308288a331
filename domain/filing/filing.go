// Package filing holds documents that a school hands in: plans, summaries,
// monthly reports, bulletins, forms, archives; and those that it owes by a day
// (mechanisms 18 and 36 to 40, 44, 47).
package filing

import (
	"context"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/duty"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what is said about a document. From, or an organiser that is no school,
// files or owes it; To are schools that receive it. When a report occurred is when it was filed or is
// dated; when an expectation occurred is since when the document is owed.
type Facts struct {
	record.Facts
	About   calendar.Occurred `json:"about,omitempty"`   // the period that it is about
	Due     calendar.Occurred `json:"due,omitempty"`     // its last good day
	Offices []string          `json:"offices,omitempty"` // offices that receive it, as written
}

// Due says that a document is owed by a day.
type Due struct{ record.Reported[Facts] }

// The steps of a document that is owed or was filed.
type (
	// Filed says that it was handed in, when, and under which number.
	Filed struct{ record.Step }
	// Returned says that it was sent back to be done again (退回重报), why, and by when.
	Returned struct{ record.Step }
	// Accepted says that whoever receives it accepted it.
	Accepted struct{ record.Step }
	// Waived says that it need not be filed, and why.
	Waived struct{ record.Step }
)

// What a malformed document, or one that is expected without saying enough, is
// refused with.
var (
	ErrNoFiler = fault.New(fault.Invalid, "filing.no-filer",
		"应报材料没有写明由谁报送；请填写 from，非学校单位写在 organisers。",
		"Nobody is named who owes the document; fill in from, or organisers for an office that is no school.")
	ErrNoDue = fault.New(fault.Invalid, "filing.no-due",
		"应报材料没有写明截止日期；请在 due 填写具体的一天，如 day:2018-07-10。", "The document has no day by which it is due; give due as a day, such as day:2018-07-10.")
	ErrBadDue = fault.New(fault.Invalid, "filing.bad-due",
		"截止日期应为具体的一天，如 day:2018-07-10。", "A document is due by a day, such as day:2018-07-10.")
	ErrBadOffice = fault.New(fault.Invalid, "filing.bad-office",
		"受理单位名称不能为空；请填写或删去 offices 中的空项。", "An office that receives the document has no name; fill it in or leave it out of offices.")
)

// RecordType is the record type of filings. A returned document is filed again, as often as it
// is returned; one that is accepted or waived stays so until that is voided.
var RecordType = record.NewReportType[Facts]("filing", "报送材料").WithUpcasts(event.UpcastUnchanged).
	WithExample(example()).
	WithOpenings(record.DefineOpening[Due]("expect", "due", "登记应报材料", "note a document that is owed by a day", Facts.expected)).
	NotTakenPlace("due", "returned", "waived").
	WithSteps(
		record.DefineStep[Filed](record.Rule{Command: "file", Verb: "filed", ZH: "报送应报材料", EN: "file a document that is owed",
			From: []record.Stage{"due", "returned"}, To: "filed", Needs: []record.Need{record.NeedsDay}}),
		record.DefineStep[Returned](record.Rule{Command: "return", Verb: "returned", ZH: "退回重报", EN: "return a document to be filed again",
			From: []record.Stage{"filed", "reported"}, To: "returned", Needs: []record.Need{record.NeedsActor, record.NeedsNote}}),
		record.DefineStep[Accepted](record.Rule{Command: "accept", Verb: "accepted", ZH: "受理报送材料", EN: "accept a document",
			From: []record.Stage{"filed", "reported"}, To: "accepted", Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Waived](record.Rule{Command: "waive", Verb: "waived", ZH: "免予报送", EN: "say that a document need not be filed",
			From: []record.Stage{"due", "returned"}, To: "waived", Needs: []record.Need{record.NeedsActor, record.NeedsNote}}),
	).
	Legal(legal)

func example() Facts {
	return Facts{record.ExampleFacts("学期工作总结", "1", "份", "summary"), "term:2017-2018/2", "day:2018-07-10", []string{"县教育局教育股"}}
}

// owed says which steps bear on whether a document is still owed.
var owed = duty.Verbs{Owed: []string{"due"}, Done: []string{"reported", "filed"}, Again: []string{"returned"}, Released: []string{"waived"}}

// Rounds returns each time that the document was owed, with when it was filed:
// one, and one more for each time it was returned.
func Rounds(f Facts, p record.Progress) []duty.Round { return owed.Rounds(f, p) }

// RoundsOn returns those of the rounds that there were at the end of a day, as they
// stood then.
func RoundsOn(f Facts, p record.Progress, day calendar.Day) []duty.Round {
	return owed.RoundsOn(f, p, day)
}

// expected refuses a document that is said to be owed by nobody, or by no day.
func (f Facts) expected(calendar.Occurred) error {
	switch {
	case len(f.From) == 0 && len(f.Organisers) == 0:
		return ErrNoFiler
	case f.Due == "":
		return ErrNoDue
	}
	return nil
}

// legal refuses a return whose new due day is none.
func legal(_ Facts, p record.Progress) error {
	for _, t := range p.Steps {
		if t.Verb == "returned" && t.Step.Due != "" && t.Step.Due.Precision() != calendar.PrecisionDay {
			return ErrBadDue.With("due", t.Step.Due)
		}
	}
	return nil
}

// DueBy returns the day by which it is due at first.
func (f Facts) DueBy() calendar.Occurred { return f.Due }

// Normal returns f in its stored form.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	return f
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	if f.About != "" {
		if _, err := calendar.Parse(string(f.About)); err != nil {
			return err
		}
	}
	if f.Due != "" {
		if _, err := calendar.Parse(string(f.Due)); err != nil || f.Due.Precision() != calendar.PrecisionDay {
			return ErrBadDue.With("due", f.Due)
		}
	}
	if slices.ContainsFunc(f.Offices, func(office string) bool { return strings.TrimSpace(office) == "" }) {
		return ErrBadOffice
	}
	return f.Facts.Check("filing")
}

// SealBody returns f with its texts sealed. Offices stand in clear and must name
// nobody.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	if s.OfficesInClear(f.Offices...) {
		return f, record.ErrNameInClear
	}
	var err error
	f.Facts, err = f.Facts.SealTexts(ctx, s)
	return f, err
}

// Particulars returns the period that it is about, its last good day and the
// offices that receive it.
func (f Facts) Particulars() record.Particulars {
	return record.Particulars{}.When("所属时期", "about", f.About).When("期限", "due", f.Due).
		Text("受理单位", "received by", strings.Join(f.Offices, "、"))
}

// Unknowns lists what the report leaves unknown.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if record.DayUnknown(occurred) {
		out = append(out, record.UnknownDay)
	}
	if len(f.From) == 0 && len(f.Organisers) == 0 {
		out = append(out, record.UnknownFrom)
	}
	return out
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	RecordType.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
