package activity

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/record"
)

// The ways to open a visit, meeting, session or activity F as it happens.
type (
	// Planned says that it is to take place.
	Planned[F any] struct{ record.Reported[F] }
	// Requested says that a school asks for it (菜单式预约申请).
	Requested[F any] struct{ record.Reported[F] }
)

// The steps that lead from a request to an activity, in the order of the
// menu-style booking (mechanism 9, wuzhong), and what may follow either opening.
type (
	// Diagnosed says who went to see the school that asked, or talked with it.
	Diagnosed[F any] struct{ record.Step }
	// Designed says that the schools drew up the joint plan.
	Designed[F any] struct{ record.Step }
	// Appraised is one part of the appraisal (论证) that What names, by whom, with
	// the opinion given.
	Appraised[F any] struct{ record.Step }
	// Revised says that the plan was revised after the appraisal.
	Revised[F any] struct{ record.Step }
	// Documented says that the office confirmed the plan by a document.
	Documented[F any] struct{ record.Step }
	// Trained says that those who take part were trained for it.
	Trained[F any] struct{ record.Step }
	// Prepared is one part of the preparation that What names: 团队研读, 个人备课,
	// 集体打磨; its document is the version it led to.
	Prepared[F any] struct{ record.Step }
	// Shown is one part of the showcase (展课) that What names: 说课, 上课, 议课, 辩课.
	Shown[F any] struct{ record.Step }
	// Delivered says that what was shown was taken to another school (送课).
	Delivered[F any] struct{ record.Step }
	// Held says that it took place.
	Held[F any] struct{ record.Step }
	// Summarised says what it came to, with its minutes and materials.
	Summarised[F any] struct{ record.Step }
	// Cancelled says that it does not take place, and why.
	Cancelled[F any] struct{ record.Step }
	// Confirmed says that the other side confirms that it took place.
	Confirmed[F any] struct{ record.Step }
)

// What an opening is refused with.
var (
	ErrNoPlannedTime = fault.New(fault.Invalid, "activity.no-planned-time",
		"计划没有写明何时开展；请填写 planned。", "The plan does not say when it is to take place; fill in planned.")
	ErrNoRequester = fault.New(fault.Invalid, "activity.no-requester",
		"申请没有写明由谁提出；请填写 from。", "The request does not say who makes it; fill in from.")
)

// body is what the facts of this package have in common.
type body[F any] interface {
	record.Body[F]
	record.Planning
	Common() record.Facts
}

// openings returns the ways to open a stream of one kind as things happen.
func openings[F body[F]](kind, zh string) []record.Opening[F] {
	one := record.WithArticle(kind)
	return []record.Opening[F]{
		record.DefineOpening[Planned[F]]("plan", "planned", "计划"+zh, "plan "+one, func(f F, _ calendar.Occurred) error {
			if f.PlannedFor() == "" || f.PlannedFor() == calendar.Unknown {
				return ErrNoPlannedTime
			}
			return nil
		}),
		record.DefineOpening[Requested[F]]("request", "requested", "申请"+zh, "request "+one, func(f F, _ calendar.Occurred) error {
			if len(f.Common().From) == 0 {
				return ErrNoRequester
			}
			return nil
		}),
	}
}

// before are the stages in which the activity has not taken place yet and may still be
// cancelled. notTakenPlace has also the stage in which it never will.
var (
	before        = []record.Stage{"requested", "planned", "diagnosed", "designed", "appraised", "revised", "documented", "trained", "prepared"}
	notTakenPlace = append(slices.Clip(before), "cancelled")
)

// stepDefinitions returns the steps of one kind. Of those after a request the visit that
// diagnoses, the joint plan, the revision and the outreach may be left out;
// appraisal, document, training, preparation and showcase may not, and none may
// come before its turn. What was planned without a request may be prepared, and is
// held or shown.
func stepDefinitions[F any](kind, zh string) []record.StepDefinition {
	one := record.WithArticle(kind)
	return append(bookingSteps[F](one, zh),
		record.DefineStep[Held[F]](record.Rule{Command: "hold", Verb: "held", ZH: "登记" + zh + "已开展", EN: "record that " + one + " took place",
			From: []record.Stage{"planned", "prepared"}, To: "held"}),
		record.DefineStep[Summarised[F]](record.Rule{Command: "summarise", Verb: "summarised", ZH: zh + "总结", EN: "summarise " + one,
			From: []record.Stage{"held", "shown", "delivered", "reported"}, To: "summarised", Needs: []record.Need{record.NeedsNote}}),
		record.DefineStep[Cancelled[F]](record.Rule{Command: "cancel", Verb: "cancelled", ZH: "取消" + zh, EN: "cancel " + one + " that has not taken place",
			From: before, To: "cancelled", Needs: []record.Need{record.NeedsNote}}),
		record.DefineStep[Confirmed[F]](record.Rule{Command: "confirm", Verb: "confirmed", ZH: "对方确认" + zh, EN: "confirm, as the other side, that " + one + " took place",
			From: []record.Stage{"held", "shown", "delivered", "summarised", "reported"}, Needs: []record.Need{record.NeedsActor}}),
	)
}

// bookingSteps returns the steps from a request to the outreach; one and zh are
// what one record is called.
func bookingSteps[F any](one, zh string) []record.StepDefinition {
	return []record.StepDefinition{
		record.DefineStep[Diagnosed[F]](record.Rule{Command: "diagnose", Verb: "diagnosed", ZH: zh + "下校诊断", EN: "record the visit that diagnoses before " + one,
			From: []record.Stage{"requested"}, To: "diagnosed", Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Designed[F]](record.Rule{Command: "design", Verb: "designed", ZH: "共同制定" + zh + "方案", EN: "record the joint plan of " + one,
			From: []record.Stage{"requested", "diagnosed"}, To: "designed", Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Appraised[F]](record.Rule{Command: "appraise", Verb: "appraised", ZH: zh + "方案论证", EN: "record one part of the appraisal of " + one + "'s plan",
			From: []record.Stage{"requested", "diagnosed", "designed", "appraised"}, To: "appraised", Needs: []record.Need{record.NeedsActor, record.NeedsWhat}}),
		record.DefineStep[Revised[F]](record.Rule{Command: "revise", Verb: "revised", ZH: "修改" + zh + "方案", EN: "record the revision of " + one + "'s plan",
			From: []record.Stage{"appraised"}, To: "revised", Needs: []record.Need{record.NeedsActor}}),
		record.DefineStep[Documented[F]](record.Rule{Command: "document", Verb: "documented", ZH: zh + "发文确认", EN: "record the document that confirms " + one,
			From: []record.Stage{"appraised", "revised"}, To: "documented", Needs: []record.Need{record.NeedsActor, record.NeedsDocument}}),
		record.DefineStep[Trained[F]](record.Rule{Command: "train", Verb: "trained", ZH: zh + "培训", EN: "record the training before " + one,
			From: []record.Stage{"documented", "trained"}, To: "trained"}),
		record.DefineStep[Prepared[F]](record.Rule{Command: "prepare", Verb: "prepared", ZH: "登记" + zh + "准备步骤", EN: "record one part of the preparation of " + one,
			From: []record.Stage{"planned", "trained", "prepared"}, To: "prepared", Needs: []record.Need{record.NeedsWhat}}),
		record.DefineStep[Shown[F]](record.Rule{Command: "show", Verb: "shown", ZH: "登记" + zh + "展示步骤", EN: "record one part of the showcase of " + one,
			From: []record.Stage{"planned", "prepared", "shown"}, To: "shown", Needs: []record.Need{record.NeedsWhat}}),
		record.DefineStep[Delivered[F]](record.Rule{Command: "deliver", Verb: "delivered", ZH: "登记" + zh + "送教", EN: "record that what was shown was taken to another school",
			From: []record.Stage{"shown", "delivered"}, To: "delivered", Needs: []record.Need{record.NeedsActor}}),
	}
}
