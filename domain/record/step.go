package record

import (
	"context"
	"errors"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// A Step is what is said whenever something takes place in the course of a
// record: an application is approved, a lesson is observed, a school is told to
// put something right. When it took place is the event's own occurred. Which of
// the fields a step must give is its [Rule]'s; what is not known is left out.
type Step struct {
	By       []Unit            `json:"by,omitempty"`       // the schools that took it, or that it concerns
	Office   string            `json:"office,omitempty"`   // the office or body that took it, as written; never a person
	People   []string          `json:"people,omitempty"`   // keys of people who took it, or whom it concerns
	Role     string            `json:"role,omitempty"`     // what these people are in it, as written: 组长, 联系人, 评课教师
	What     []Word            `json:"what,omitempty"`     // a type, a dimension, the clauses of an agreement
	Document string            `json:"document,omitempty"` // 文号
	From     calendar.Occurred `json:"from,omitempty"`     // first day of a period that it speaks of
	Until    calendar.Occurred `json:"until,omitempty"`    // last day of that period
	Due      calendar.Occurred `json:"due,omitempty"`      // by when something is owed because of it
	Grade    string            `json:"grade,omitempty"`    // 等级, as written
	Score    string            `json:"score,omitempty"`    // points, a plain decimal
	Quantity Quantity          `json:"quantity,omitzero"`
	Note     seal.Text         `json:"note,omitzero" lines:"several"` // opinion, finding or reason: prose, always sealed
	Evidence []seal.Text       `json:"evidence,omitempty"`
	Corrects string            `json:"corrects,omitempty"`              // id of the event whose step this replaces wholly
	Reason   seal.Text         `json:"reason,omitzero" lines:"several"` // why it does; of no step that corrects none
}

// A ReportedStep is a step that a report lists afterwards, in the facts of a record:
// it says that the step was taken, but no event of its own took it.
type ReportedStep struct {
	Verb     string            `json:"verb"` // of the kind's own steps: approved, observed
	Occurred calendar.Occurred `json:"occurred"`
	Step
}

// What a malformed step is refused with.
var (
	ErrStepIncomplete = fault.New(fault.Invalid, "record.step-incomplete",
		"此步骤缺少必填内容；请按 twinledger record --example 所示补填。", "The step leaves out what it must say; fill it in as twinledger record --example shows.")
	ErrBadScore = fault.New(fault.Invalid, "record.bad-score",
		"分数应为不带多余零的十进制数。", "A score is a plain decimal number.")
	ErrBadPeriod = fault.New(fault.Invalid, "record.bad-period",
		"期间的结束早于开始；请核对 from、until。", "The period ends before it begins; check from and until.")
	ErrReasonAlone = fault.New(fault.Invalid, "record.reason-alone",
		"reason 是更正某一步的原因，须同时在 corrects 写明原事件编号；如不是更正，请把内容写在 note。",
		"reason says why a step is corrected, so corrects must give the id of that step's event; write what is no correction in note.")
	ErrUnknownStep = fault.New(fault.Invalid, "record.unknown-step",
		"经过（course）中的步骤不属于这类记录；请核对 verb。", "A step told of in course is none of this kind of record; check its verb.")
)

// StepBody returns the step; every event that embeds a Step has this method.
func (s Step) StepBody() Step { return s }

func (s *Step) step() *Step { return s }

// A StepEvent is an event by which a record takes a step.
type StepEvent interface{ StepBody() Step }

// A Need is something that a step must say.
type Need string

// What a step may have to say.
const (
	NeedsDay      Need = "occurred" // the event's own occurred is a day
	NeedsActor    Need = "by"       // a school, or an office
	NeedsPeople   Need = "people"
	NeedsRole     Need = "role"
	NeedsWhat     Need = "what"
	NeedsDocument Need = "document"
	NeedsPeriod   Need = "until"
	NeedsDue      Need = "due"
	NeedsGrade    Need = "grade"
	NeedsScore    Need = "score"
	NeedsNote     Need = "note"
	NeedsEvidence Need = "evidence"
)

// gives tells whether the step gives what is needed.
func (s Step) gives(need Need, occurred calendar.Occurred) bool {
	switch need {
	case NeedsDay:
		return occurred.Precision() == calendar.PrecisionDay
	case NeedsActor:
		return len(s.By) > 0 || !blank(s.Office)
	case NeedsPeople:
		return len(s.People) > 0
	case NeedsRole:
		return !blank(s.Role)
	case NeedsWhat:
		return len(s.What) > 0
	case NeedsDocument:
		return !blank(s.Document)
	case NeedsPeriod:
		return s.Until != "" && s.Until != calendar.Unknown
	case NeedsDue:
		return s.Due.Precision() == calendar.PrecisionDay
	case NeedsGrade:
		return !blank(s.Grade) || s.Score != ""
	case NeedsScore:
		return s.Score != ""
	case NeedsNote:
		return !s.Note.IsZero()
	case NeedsEvidence:
		return len(s.Evidence) > 0
	}
	return true
}

// blank tells whether a text says nothing.
func blank(text string) bool { return strings.TrimSpace(text) == "" }

// Normal returns the step as it is stored.
func (s Step) Normal() Step {
	if s.Quantity != (Quantity{}) {
		s.Quantity = s.Quantity.Normal()
	}
	return s
}

// check returns the first thing in s that is malformed, or that is needed and
// not said.
func (s Step) check(occurred calendar.Occurred, needs []Need) error {
	for _, u := range s.By {
		if !u.wellFormed() {
			return ErrBadUnit.With("school", u.School).With("group", u.Group)
		}
	}
	if err := checkKeys("person", s.People); err != nil {
		return err
	}
	if err := CheckCodes(s.What...); err != nil {
		return err
	}
	for _, o := range []calendar.Occurred{s.From, s.Until, s.Due} {
		if _, err := calendar.Parse(string(o)); o != "" && err != nil {
			return err
		}
	}
	if s.From.Dated() && s.Until.Dated() && s.Until.Value() < s.From.Value() {
		return ErrBadPeriod.With("from", s.From).With("until", s.Until)
	}
	if s.Score != "" && !decimalForm.MatchString(s.Score) {
		return ErrBadScore.With("score", s.Score)
	}
	if s.Corrects == "" && !s.Reason.IsZero() {
		return ErrReasonAlone.With("field", "reason")
	}
	for _, need := range needs {
		if !s.gives(need, occurred) {
			return ErrStepIncomplete.With("missing", need)
		}
	}
	return s.Quantity.Check()
}

// References returns the schools and people that the step names.
func (s Step) References() []string { return append(Schools(s.By), s.People...) }

// sealed returns the step with its texts sealed. What always stands in clear
// must name nobody.
func (s Step) sealed(ctx context.Context, by seal.Sealer) (Step, error) {
	words := []string{s.Role, s.Document, s.Grade, s.Quantity.Text, s.Quantity.Measure.Text}
	for _, w := range s.What {
		words = append(words, w.Text)
	}
	if by.InClear(words...) || by.OfficesInClear(s.Office) {
		return s, ErrNameInClear
	}
	var errs [3]error
	s.Note, errs[0] = by.Prose(ctx, "note", s.Note)
	s.Reason, errs[1] = by.Prose(ctx, "reason", s.Reason)
	s.Evidence, errs[2] = sealTopics(ctx, by, "evidence", s.Evidence)
	return s, errors.Join(errs[:]...)
}

// sealTopics returns texts, each sealed as far as it must be; none stay none.
func sealTopics(ctx context.Context, by seal.Sealer, field string, texts []seal.Text) ([]seal.Text, error) {
	var out []seal.Text
	var all error
	for _, t := range texts {
		sealed, err := by.Topic(ctx, field, t)
		all = errors.Join(all, err)
		out = append(out, sealed)
	}
	return out, all
}
