// Package lesson holds lessons that one school gives for others to learn from:
// demo lessons, outreach lessons and their kin.
//
// One report may stand for several lessons: its quantity says how many. A lesson
// may be of several kinds at once, as a demo lesson given at the partner school
// is (mechanisms, points 16 and 24).
package lesson

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about lessons. From teaches, To is where; those who
// teach are its people, those who observe are named by the steps. Mechanisms 22 to
// 26 say what belongs to each kind.
type Facts struct {
	record.Facts
	Class    string          `json:"class,omitempty"`        // 班级, as written
	Platform string          `json:"platform,omitempty"`     // where an online lesson is given or kept
	Series   string          `json:"series,omitempty"`       // the course (课程) that it is part of
	Usage    record.Quantity `json:"usage,omitzero"`         // how often a recorded lesson was used
	Weak     bool            `json:"weak_subject,omitempty"` // its subject is one that the receiver is short of (薄弱学科)
}

// The steps that may follow a lesson, in any order: who teaches and who hears it
// are of two schools, so that the other side's word is part of the record.
type (
	// Confirmed says that the other side confirms that the lesson took place.
	Confirmed struct{ record.Step }
	// Observed says who observed it (听课); observers are counted apart from lessons.
	Observed struct{ record.Step }
	// Critiqued says that it was discussed afterwards (评课, 议课).
	Critiqued struct{ record.Step }
	// Evaluated says how it was judged.
	Evaluated struct{ record.Step }
)

const reported record.Stage = "reported"

// RecordType is the record type of lessons.
var RecordType = record.NewReportType[Facts]("lesson", "课例").WithUpcasts(event.UpcastUnchanged).
	WithExample(example()).
	WithSteps(
		record.DefineStep[Confirmed](record.Rule{Command: "confirm", Verb: "confirmed", ZH: "对方确认课例", EN: "confirm that a lesson took place",
			From: []record.Stage{reported}, Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Observed](record.Rule{Command: "observe", Verb: "observed", ZH: "登记听课", EN: "record who observed a lesson",
			From: []record.Stage{reported}, Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Critiqued](record.Rule{Command: "critique", Verb: "critiqued", ZH: "登记评课", EN: "record the discussion of a lesson",
			From: []record.Stage{reported}, Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Evaluated](record.Rule{Command: "evaluate", Verb: "evaluated", ZH: "登记课例评价", EN: "record how a lesson was judged",
			From: []record.Stage{reported}, Needs: []record.Need{record.NeedsActor, record.NeedsGrade}}),
	)

func example() Facts {
	return Facts{
		Facts: record.ExampleFacts("送课下乡", "2", "节", "demo_lesson", "outreach_lesson"),
		Class: "五年级（2）班", Platform: "县教育云平台", Series: "单元整体教学", Weak: true,
		Usage: record.Quantity{Text: "30", Number: "30", Bound: record.Exact, Measure: record.MeasureOf("次")},
	}
}

// Widest are the kinds within which a lesson's kinds lie.
var Widest = []record.Kind{"open_lesson", "dedicated_delivery_class", "air_class", "online_class", "micro_lesson", "extension_course"}

// Normal returns f in its stored form.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	if f.Usage != (record.Quantity{}) {
		f.Usage = f.Usage.Normal()
	}
	return f
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	if err := f.Usage.Check(); err != nil {
		return err
	}
	return f.Facts.Check(Widest...)
}

// SealBody returns f with its texts sealed. Class, platform, series and usage stand
// in clear and must name nobody.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	if s.InClear(f.Class, f.Platform, f.Series, f.Usage.Text, f.Usage.Measure.Text) {
		return f, record.ErrNameInClear
	}
	var err error
	f.Facts, err = f.Facts.SealTexts(ctx, s)
	return f, err
}

// Particulars returns the class, the platform, the course and how often a
// recording was used.
func (f Facts) Particulars() record.Particulars {
	return record.Particulars{}.Text("班级", "class", f.Class).Text("平台", "platform", f.Platform).Text("课程", "course", f.Series).
		Quantity("使用次数", "used", f.Usage)
}

// Unknowns lists what the report leaves unknown. Several lessons of one term
// have no one day, so the day is missed only of a single or unnumbered one.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if n, known := f.Quantity.Occurrences(); record.DayUnknown(occurred) && (!known || n == 1) {
		out = append(out, record.UnknownDay)
	}
	if _, known := f.Quantity.Occurrences(); !known {
		out = append(out, record.UnknownNumber)
	}
	if len(f.Subjects) == 0 {
		out = append(out, record.UnknownSubject)
	}
	return append(out, record.MissingUnits(f.Facts)...)
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	RecordType.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
