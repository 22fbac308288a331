package pairing

import (
	"slices"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
)

// legal refuses a pairing whose facts and steps contradict each other; the order
// of its steps is the engine's to check.
func legal(f Facts, p record.Progress) error { return State{Progress: p, Facts: f}.legal() }

func (s State) legal() error {
	if s.Founded == string(founded) && !s.Facts.foundable() {
		return ErrNoCore
	}
	if s.Founded != string(applied) && !s.startKnown() && slices.ContainsFunc(s.Steps, movesBounds) {
		return ErrStartUnknown
	}
	for _, check := range []func() error{s.checkSteps, s.schools().firstFault, s.people().firstFault, s.checkAgreements} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// movesBounds tells whether a step moves the first or last day of the pairing, which then must
// be known to have begun.
func movesBounds(t record.TakenStep) bool {
	return slices.Contains([]string{"joined", "left", "renewed", "ended"}, t.Verb)
}

// startKnown tells whether anything bounds since when the pairing holds.
func (s State) startKnown() bool {
	return s.Facts.Basis == Founding && s.Occurred != "" && s.Occurred != calendar.Unknown
}

// checkSteps refuses a step that says too little for its verb, or that lies
// behind the end. After an end that is only reported, nothing moves any more.
func (s State) checkSteps() error {
	end, over := s.last("ended")
	told := slices.ContainsFunc(s.Facts.Course, func(t record.ReportedStep) bool { return t.Verb == "ended" })
	for _, t := range s.Steps {
		if over && end.Occurred.EndsBefore(t.Occurred) || told && movesBounds(t) {
			return ErrAfterEnd.With("step", t.Verb).With("occurred", t.Occurred).With("ended", end.Occurred)
		}
		check := map[string]func(record.TakenStep) error{"matched": s.checkMatch, "type_set": s.checkType, "chair_rotated": s.checkChair}[t.Verb]
		if check == nil {
			continue
		}
		if err := check(t); err != nil {
			return err
		}
	}
	return nil
}

func (s State) checkMatch(t record.TakenStep) error {
	helpers := record.Schools(t.Step.By)
	if len(helpers) == 0 || record.HasGroup(t.Step.By) {
		return ErrNoHelper
	}
	for _, side := range s.Facts.Sides {
		if slices.Contains(helpers, side.School) {
			return ErrNoHelper.With("school", side.School)
		}
	}
	return nil
}

func (s State) checkType(t record.TakenStep) error {
	word := t.Step.What[0]
	if word.Text == "" || word.Code != "" && word.Code != TypeOf(word.Text).Code {
		return ErrBadType.With("text", word.Text).With("code", word.Code)
	}
	if begins(t).Precision() != calendar.PrecisionDay {
		return ErrDayUnknown
	}
	return nil
}

func (s State) checkChair(t record.TakenStep) error {
	schools := record.Schools(t.Step.By)
	switch {
	case len(schools) != 1 || len(t.Step.By) != 1:
		return ErrOneChair
	case begins(t).Precision() != calendar.PrecisionDay:
		return ErrDayUnknown
	}
	day := calendar.Day(begins(t).Value())
	if !slices.ContainsFunc(s.schools().periods, func(m membershipPeriod) bool { return m.who == schools[0] && m.mayHoldOn(day) }) {
		return ErrNotMember.With("who", schools[0]).With("step", t.ID)
	}
	return nil
}

// checkAgreements refuses a review or renewal of nothing, and a renewal that
// shortens. What a reported pairing was renewed from may be unknown.
func (s State) checkAgreements() error {
	var until calendar.Occurred // the last day of the agreement signed or renewed last
	none := true                // nothing was signed or renewed yet
	for _, t := range s.course() {
		told := t.ID == s.Founding
		switch {
		case told:
		case none && (t.Verb == "reviewed" || t.Verb == "renewed" && s.Founded != string(reported)):
			return ErrNoAgreement
		case !none && t.Verb == "renewed":
			if until.Dated() && t.Step.Until.Dated() && !until.EndsBefore(t.Step.Until) {
				return ErrRenewalShortens.With("until", until).With("renewed", t.Step.Until)
			}
		}
		if t.Verb == "signed" || t.Verb == "renewed" {
			until, none = t.Step.Until, false
		}
	}
	return nil
}

// begins returns since when what a step says holds.
func begins(t record.TakenStep) calendar.Occurred {
	if t.Step.From != "" && t.Step.From != calendar.Unknown {
		return t.Step.From
	}
	return t.Occurred
}
