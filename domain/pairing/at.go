package pairing

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// A Membership is one school's time in a pairing.
type Membership struct {
	Side
	Basis Basis             // Roster: Since is when it was so
	Since calendar.Occurred // from when, as far as known
	Until calendar.Occurred // its last day, "" while it lasts
	Entry string            // id of the event that brought the school in
	Exit  string            // id of the event that took it out; ""
}

// types are the codes of the types that the plans tell apart (mechanisms, point
// 2). A type selects the rules that hold, so its code never changes.
var types = map[string]string{
	"协作型": "collaborative", "共建型": "co_built", "融合型": "integrated",
	"联盟式": "alliance", "帮扶式": "support", "紧密型": "tight", "教育集团": "education_group",
}

// TypeOf returns a type as written with its code, where one is known.
func TypeOf(text string) record.Word {
	text = strings.TrimSpace(text)
	return record.Word{Text: text, Code: types[text]}
}

// Since returns since when the pairing holds: of one that was applied for since the
// match says, or else since it was matched. It may lie ahead of the match.
func (s State) Since() calendar.Occurred {
	asked := s.Founded == string(applied) || len(s.ReportedSteps) > 0 && s.ReportedSteps[0].Verb == string(applied)
	for _, t := range s.course() {
		if asked && t.Verb == string(matched) {
			return begins(t)
		}
	}
	return s.Occurred
}

// course returns the reported steps, each as if the founding had
// taken it, and behind them those taken.
func (s State) course() []record.TakenStep {
	var out []record.TakenStep
	for _, told := range s.Facts.Course {
		out = append(out, record.TakenStep{ID: s.Founding, Verb: told.Verb, Occurred: told.Occurred, Step: told.Step})
	}
	return append(out, s.Steps...)
}

// last returns the last step with a verb, and whether there is one.
func (s State) last(verb string) (record.TakenStep, bool) {
	for _, t := range slices.Backward(s.course()) {
		if t.Verb == verb {
			return t, true
		}
	}
	return record.TakenStep{}, false
}
