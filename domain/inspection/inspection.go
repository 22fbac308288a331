// Package inspection holds inspections (督导、考核、检查、评估): who is to inspect whom
// and when, the team and who withdrew from it, what was found, how it was scored
// and judged, and that the result was published (mechanisms 41 and 42).
//
// Nobody may inspect a school that they belong to. The state knows people and
// schools by their keys only, so that whoever is concerned must be recused by
// declaration; from then on the inspection takes nothing from that person.
package inspection

import (
	"context"
	"errors"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what is said of an inspection. From, or an organiser, inspects; To is
// inspected. When a report occurred is when the inspection took place; when an
// announcement occurred is when it was announced.
type Facts struct {
	record.Facts
	Findings   []Finding         `json:"findings,omitempty"`   // as reported; an announced inspection has them as steps
	Planned    calendar.Occurred `json:"planned,omitempty"`    // when it is to take place
	About      calendar.Occurred `json:"about,omitempty"`      // the period that is inspected
	Dimensions []record.Word     `json:"dimensions,omitempty"` // what is looked at, as the plan words it
	Document   string            `json:"document,omitempty"`   // 文号 of the notice
}

// A Finding is one thing that the inspectors found, under one dimension.
type Finding struct {
	Dimension record.Word `json:"dimension"`            // team, conditions, results …, as the plan words it
	Text      seal.Text   `json:"text" lines:"several"` // prose, always sealed
	Grade     string      `json:"grade,omitempty"`
}

// Announced says that a school will be inspected.
type Announced struct{ record.Reported[Facts] }

// The steps of an inspection.
type (
	// Teamed says who belongs to the team; later ones add to it.
	Teamed struct{ record.Step }
	// Recused says who takes no part any more, and why.
	Recused struct{ record.Step }
	// Visited says that the team, or some of it, was at the school.
	Visited struct{ record.Step }
	// Found says one thing that was found, under a dimension.
	Found struct{ record.Step }
	// Scored gives the points of a dimension; those of the whole when it names none.
	Scored struct{ record.Step }
	// Concluded says what the inspection came to.
	Concluded struct{ record.Step }
	// Published says that the result was made known, under which number and since when.
	Published struct{ record.Step }
	// Interviewed says that somebody was called to account (约谈).
	Interviewed struct{ record.Step }
	// Cancelled says that an announced inspection does not take place, and why.
	Cancelled struct{ record.Step }
)

// RecordType is the record type of inspections: announced, teamed, visited, concluded,
// published, in this order. Findings and scores come between the first visit and
// the conclusion.
var RecordType = record.NewReportType[Facts]("inspection", "检查督导").WithUpcasts(event.UpcastUnchanged).
	WithExample(example()).
	WithOpenings(record.DefineOpening[Announced]("announce", "announced", "通知检查", "announce an inspection", Facts.announced).WithExample(announcementExample())).
	NotTakenPlace("announced", "teamed", "cancelled").
	WithSteps(
		record.DefineStep[Teamed](record.Rule{Command: "team", Verb: "teamed", ZH: "组成检查组", EN: "name people of an inspection's team",
			From: []record.Stage{"announced", "teamed"}, To: "teamed", Needs: []record.Need{record.NeedsPeople}}),
		record.DefineStep[Recused](record.Rule{Command: "recuse", Verb: "recused", ZH: "检查人员回避", EN: "withdraw people from an inspection",
			From: []record.Stage{"announced", "teamed", "visited"}, Needs: []record.Need{record.NeedsPeople, record.NeedsNote}}).WithExample(colleague),
		record.DefineStep[Visited](record.Rule{Command: "visit", Verb: "visited", ZH: "登记到校检查", EN: "record that the team was at the school",
			From: []record.Stage{"teamed", "visited"}, To: "visited", Needs: []record.Need{record.NeedsDay, record.NeedsPeople}}),
		record.DefineStep[Found](record.Rule{Command: "find", Verb: "found", ZH: "登记检查结果", EN: "record one finding under a dimension",
			From: []record.Stage{"visited"}, Needs: []record.Need{record.NeedsWhat, record.NeedsNote}}),
		record.DefineStep[Scored](record.Rule{Command: "score", Verb: "scored", ZH: "登记检查得分", EN: "record the points of a dimension, or of the whole",
			From: []record.Stage{"visited"}, Needs: []record.Need{record.NeedsScore}}),
		record.DefineStep[Concluded](record.Rule{Command: "conclude", Verb: "concluded", ZH: "登记检查结论", EN: "record what an inspection came to",
			From: []record.Stage{"visited"}, To: "concluded", Needs: []record.Need{record.NeedsGrade}}),
		record.DefineStep[Published](record.Rule{Command: "publish", Verb: "published", ZH: "公布检查结果", EN: "publish an inspection's result",
			From: []record.Stage{"concluded", "reported"}, To: "published", Needs: []record.Need{record.NeedsDocument}}),
		record.DefineStep[Interviewed](record.Rule{Command: "interview", Verb: "interviewed", ZH: "登记约谈", EN: "record that somebody was called to account",
			From: []record.Stage{"concluded", "published", "reported"}, Needs: []record.Need{record.NeedsActor, record.NeedsPeople, record.NeedsNote}}),
		record.DefineStep[Cancelled](record.Rule{Command: "cancel", Verb: "cancelled", ZH: "取消检查", EN: "cancel an announced inspection",
			From: []record.Stage{"announced", "teamed"}, To: "cancelled", Needs: []record.Need{record.NeedsNote}}),
	).
	Legal(legal)

// colleague shows the recusal of somebody else than the people who, in the other
// examples, go on with the inspection.
func colleague(s *record.Step) { s.People = []string{record.ExampleMentee} }

func example() Facts {
	f := record.ExampleFacts("结对工作专项督导", "1", "次", "supervision")
	f.Organisers = []record.Organiser{{Office: "县教育督导室", Part: "host"}, {School: record.ExampleThird, Part: "co_organiser"}}
	return Facts{
		Facts:    f,
		Findings: []Finding{{Dimension: record.Word{Text: "队伍建设", Code: "team"}, Text: seal.Text{Clear: "骨干教师交流按计划落实"}, Grade: "良好"}},
		Planned:  "day:2018-05-09", About: "term:2017-2018/2",
		Dimensions: []record.Word{{Text: "队伍建设", Code: "team"}, {Text: "办学条件", Code: "conditions"}},
		Document:   "教督〔2018〕2号",
	}
}

// announcementExample is the example of an announcement, which has no findings yet.
func announcementExample() Facts {
	f := example()
	f.Findings = nil
	return f
}

// What an inspection is refused with.
var (
	ErrNoInspector = fault.New(fault.Invalid, "inspection.no-inspector",
		"检查通知没有写明检查单位；请填写 from 或 organisers。", "The announcement does not say who inspects; fill in from or organisers.")
	ErrNoSchool = fault.New(fault.Invalid, "inspection.no-school",
		"检查通知没有写明受检学校；请填写 to。", "The announcement does not say who is inspected; fill in to.")
	ErrNoPlannedDay = fault.New(fault.Invalid, "inspection.no-planned-day",
		"检查通知没有写明计划检查的时间；请填写 planned。", "The announcement does not say when the inspection is to take place; fill in planned.")
	ErrFindingsTooEarly = fault.New(fault.Refused, "inspection.findings-ahead",
		"检查通知不能带检查结果；请在到校检查后用 inspection.find 登记。", "An announcement has no findings yet; record them with inspection.find after the visit.")
	ErrRecused = fault.New(fault.Refused, "inspection.recused",
		"该人员已回避，不能再参加此次检查；请从 people 中删去，或先作废回避。", "This person was recused and takes no further part; leave the person out of people, or void the recusal.")
	ErrNotOfTeam = fault.New(fault.Refused, "inspection.not-of-team",
		"该人员不在检查组中；请先用 inspection.team 登记。", "This person is not of the team; name the person with inspection.team first.")
	ErrScoredTwice = fault.New(fault.Refused, "inspection.scored-twice",
		"这一方面（或总分）已有得分；请更正原来的得分。", "The dimension, or the whole, has a score already; correct that one.")
)

// legal refuses what a person does who is not of the team or was recused from
// it, and a second score of the same dimension.
func legal(_ Facts, p record.Progress) error {
	if err := membership(p); err != nil {
		return err
	}
	scored := map[string]bool{}
	for _, t := range p.Steps {
		if t.Verb != "scored" {
			continue
		}
		dimension := ""
		for _, w := range t.Step.What {
			dimension += strings.TrimSpace(w.Text) + "\n"
		}
		if scored[dimension] {
			return ErrScoredTwice.With("dimension", strings.TrimSpace(dimension))
		}
		scored[dimension] = true
	}
	return nil
}

// membership goes through the steps and refuses the first that somebody takes who
// was recused or, but for the naming of the team, is not of it.
func membership(p record.Progress) error {
	team, recused := map[string]bool{}, map[string]bool{}
	for _, t := range p.Steps {
		for _, person := range t.Step.People {
			var refusal *fault.Error
			switch t.Verb {
			case "recused":
				recused[person] = true
			case "teamed", "visited", "found", "scored", "concluded":
				team[person] = team[person] || t.Verb == "teamed"
				switch {
				case recused[person]:
					refusal = ErrRecused
				case !team[person]:
					refusal = ErrNotOfTeam
				}
			}
			if refusal != nil {
				return refusal.With("step", t.Verb).With("person", person)
			}
		}
	}
	return nil
}

// announced refuses an announcement that does not say who inspects whom and
// when, or that knows what will be found.
func (f Facts) announced(calendar.Occurred) error {
	switch {
	case len(f.From) == 0 && len(f.Organisers) == 0:
		return ErrNoInspector
	case len(f.To) == 0:
		return ErrNoSchool
	case f.Planned == "" || f.Planned == calendar.Unknown:
		return ErrNoPlannedDay
	case len(f.Findings) > 0:
		return ErrFindingsTooEarly
	}
	return nil
}

// ErrEmptyFinding refuses a finding, or what is to be looked at, without dimension.
var ErrEmptyFinding = fault.New(fault.Invalid, "inspection.empty-finding",
	"每条检查结果、每个检查方面都要写明名称。", "Every finding needs its dimension, and every dimension its name.")

// Normal returns f in its stored form.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	return f
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	for _, finding := range f.Findings {
		if finding.Dimension.Text == "" {
			return ErrEmptyFinding
		}
	}
	for _, dimension := range f.Dimensions {
		if dimension.Text == "" {
			return ErrEmptyFinding
		}
	}
	for _, o := range []calendar.Occurred{f.Planned, f.About} {
		if _, err := calendar.Parse(string(o)); o != "" && err != nil {
			return err
		}
	}
	words := slices.Clone(f.Dimensions)
	for _, finding := range f.Findings {
		words = append(words, finding.Dimension)
	}
	if err := record.CheckCodes(words...); err != nil {
		return err
	}
	return f.Facts.Check("inspection")
}

// SealBody returns f with its texts sealed. Dimensions, grades and the notice's
// number stand in clear and must name nobody.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	words := []string{f.Document}
	for _, dimension := range f.Dimensions {
		words = append(words, dimension.Text)
	}
	for _, finding := range f.Findings {
		words = append(words, finding.Dimension.Text, finding.Grade)
	}
	if s.InClear(words...) {
		return f, record.ErrNameInClear
	}
	sealed, err := f.Facts.SealTexts(ctx, s)
	findings := slices.Clone(f.Findings)
	for i := range findings {
		var findingErr error
		findings[i].Text, findingErr = s.Prose(ctx, "finding", findings[i].Text)
		err = errors.Join(err, findingErr)
	}
	f.Facts, f.Findings = sealed, findings
	return f, err
}

// PlannedFor returns when it is to take place.
func (f Facts) PlannedFor() calendar.Occurred { return f.Planned }

// Particulars returns the period that is inspected, what is looked at and the
// number of the notice.
func (f Facts) Particulars() record.Particulars {
	return record.Particulars{}.When("所属时期", "about", f.About).Words("检查方面", "dimensions", f.Dimensions).
		Text("文号", "document", f.Document)
}

// Unknowns lists what the report leaves unknown. An announcement leaves findings
// to its steps.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	out := record.Common(occurred, f.Facts)
	if record.DayUnknown(occurred) {
		out = append(out, record.UnknownDay)
	}
	if len(f.To) == 0 {
		out = append(out, record.UnknownTo)
	}
	if len(f.Findings) == 0 && f.Planned == "" {
		out = append(out, record.UnknownFindings)
	}
	return out
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	RecordType.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
