package registers

import (
	"cmp"
	"context"
	"slices"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/duty"
	"twinledger/domain/filing"
	"twinledger/domain/rectification"
)

// A Duty is one time that something was owed because of a record: a document to
// file, an order to answer.
type Duty struct {
	Line
	Round     duty.Round
	Number    int  // from 1; one more each time that it was sent back
	LateBy    int  // days by which it was certainly done late
	Overdue   bool // on the day asked for it was still owed, and its day was over
	OverdueBy int  // days since then
}

// A DutyQuestion asks what is owed; what is empty is not asked.
type DutyQuestion struct {
	Question
	DueFrom, DueTo calendar.Day // due within these days
	On             calendar.Day // on which day it is overdue or not
}

// Owes tells whether something can be owed because of the register's records.
func (g Register) Owes() bool { return g.Kind == "filing" || g.Kind == "rectification" }

// Duties returns what is owed because of a register's records that stand, by the
// day that it is due; pages are not made.
func (r Reader) Duties(ctx context.Context, register Register, q DutyQuestion) ([]Duty, error) {
	q.After, q.Limit = "", 0
	lines, err := r.lines(ctx, q.Question, register.query())
	if err != nil {
		return nil, err
	}
	var out []Duty
	for _, line := range lines {
		for _, d := range line.Duties(q.On) {
			due, known := (calendar.Calendar{}).Extent(d.Round.Due)
			if known && (q.DueFrom == "" || due.Last >= q.DueFrom) && (q.DueTo == "" || due.First <= q.DueTo) {
				out = append(out, d)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Duty) int { return cmp.Compare(a.Round.Due.Value(), b.Round.Due.Value()) })
	return out, nil
}

// Owed tells whether something is still owed because of the line. Of kinds of which
// nothing says that it was met, whatever stands is still owed.
func (l Line) Owed() bool {
	if register, _ := Of(l.Kind); !register.Owes() {
		return !l.Void()
	}
	all := l.Duties("")
	return len(all) > 0 && all[len(all)-1].Round.Open()
}

// Duties returns each time that something was owed because of the line, and
// whether it was overdue on a day; "" asks for none.
func (l Line) Duties(on calendar.Day) []Duty {
	var rounds, then []duty.Round // all, and those that there were on the day
	switch l.Kind {
	case "filing":
		facts, _ := l.Stated.(filing.Facts)
		rounds, then = filing.Rounds(facts, l.Progress), filing.RoundsOn(facts, l.Progress, on)
	case "rectification":
		facts, _ := l.Stated.(rectification.Facts)
		rounds, then = rectification.Rounds(facts, l.Progress), rectification.RoundsOn(facts, l.Progress, on)
	}
	var out []Duty
	for i, round := range rounds {
		d := Duty{Line: l, Round: round, Number: i + 1, LateBy: round.LateBy()}
		if d.Overdue = on != "" && i < len(then) && then[i].OverdueOn(on); d.Overdue {
			due, _ := (calendar.Calendar{}).Extent(round.Due)
			d.OverdueBy = int(on.End().Sub(due.Last.End()) / (24 * time.Hour))
		}
		out = append(out, d)
	}
	return out
}
