package exchange

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/placement"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// ErrOverlap refuses days that another full-time posting of the person takes.
var ErrOverlap = fault.New(fault.Refused, "exchange.overlap",
	"该人员在这些日子已全职在另一交流轮岗中；请核对两条记录的日期，或先结束、更正另一条。",
	"In these days the person is in another posting in full; check the days of both records, or complete or correct the other one first.")

// occupancy is the process that keeps each person's placement: what makes a
// posting take more days claims them first, from one person after the other, so
// that of two commands that want the same days one sees the other's claim.
//
// A claim whose exchange has not got the event for which it was made is under
// way or abandoned. Nobody can tell which, so whoever needs the days waits a
// while and then abandons that event: it is voided before it ever was, in its own
// stream, where it can be stored no more. From then on the exchange's own state
// says which days it takes.
type occupancy struct{}

// Before claims the days that the command adds to what the posting takes.
func (occupancy) Before(ctx context.Context, w command.Work) error {
	now := Decider.Fold(w.History)
	after := now
	for _, e := range w.Next {
		after = Fold(after, e)
	}
	days := after.occupiedDays()
	if len(days) == 0 {
		return nil
	}
	concerned, err := people(ctx, w.Handler, after)
	if err != nil {
		return err
	}
	for _, person := range concerned {
		held, err := occupiedDays(ctx, w.Handler, now, person)
		if err == nil && !covers(held, days) {
			err = personPlacement{w, person}.claim(ctx, days)
		}
		if err != nil {
			return releaseRefused(ctx, w, concerned, err)
		}
	}
	return nil
}

// releaseRefused releases what a refused command had claimed and returns the refusal.
// After another error the claims stay, so that the same command can continue.
func releaseRefused(ctx context.Context, w command.Work, people []string, err error) error {
	if _, refused := fault.As(err); !refused {
		return err
	}
	if unsettled := settle(ctx, w, people, placement.Refused); unsettled != nil {
		return unsettled
	}
	return err
}

// After leaves the claims as the exchange now says, for everybody of whom it
// takes days or ever took any.
func (occupancy) After(ctx context.Context, w command.Work) error {
	touched := map[string]bool{}
	var s State
	for _, e := range slices.Concat(w.History, w.Next) {
		s = Fold(s, e)
		if len(s.occupiedDays()) == 0 {
			continue
		}
		concerned, err := people(ctx, w.Handler, s)
		if err != nil {
			return err
		}
		for _, person := range concerned {
			touched[person] = true
		}
	}
	return settle(ctx, w, slices.Sorted(maps.Keys(touched)), placement.Free)
}

// settle brings the claims of the command's exchange on people to what the
// exchange itself says. What cannot be settled because others are busy stays for
// whoever meets it: it stands for nothing.
func settle(ctx context.Context, w command.Work, people []string, reason placement.ReleaseReason) error {
	for _, person := range people {
		err := personPlacement{w, person}.settle(ctx, reason)
		if _, decided := fault.As(err); err != nil && !decided {
			return err
		}
	}
	return nil
}

// personPlacement is the work of a running command on the placement of one person.
type personPlacement struct {
	command.Work
	person string
}

// tries is how often a placement is looked at anew because others changed it.
const tries = 20

// claim claims days for the command, or refuses when another posting takes one.
func (p personPlacement) claim(ctx context.Context, days []calendar.Period) error {
	for range tries {
		placed, err := p.placed(ctx)
		if err != nil {
			return err
		}
		for _, other := range placed.Claims {
			if other.Exchange == p.Stream {
				continue
			}
			if err := p.yields(ctx, other, days); err != nil {
				return err
			}
		}
		wanted := placement.Claimed{Exchange: p.Stream, Revision: int64(len(p.History)), Command: p.Request.ID, Days: days}
		if held, is := placed.Of(p.Stream); is && held.Revision == wanted.Revision && held.Command != wanted.Command {
			wanted.Days = union(held.Days, days) // another command on the same exchange is under way too
		}
		if err := p.change(ctx, "placement.claim", placement.Claiming{Person: p.person, Seen: placed.Events, Claimed: wanted}, placed.Events); !errors.Is(err, placement.ErrMoved) {
			return err
		}
	}
	return command.ErrBusy.With("stream", placement.Key(p.person))
}

// yields refuses days that another claim stands for. A claim that stands for
// nothing passes.
func (p personPlacement) yields(ctx context.Context, other placement.Claim, days []calendar.Period) error {
	history, err := p.resolved(ctx, other, days)
	if err != nil {
		return err
	}
	theirs, err := occupiedDays(ctx, p.Handler, Decider.Fold(history), p.person)
	if err != nil {
		return err
	}
	if both, any := meet(theirs, days); any {
		return ErrOverlap.With("person", p.person).With("exchange", p.Stream).With("other", other.Exchange).With("from", both.First).With("to", both.Last)
	}
	return nil
}

// resolved returns the history of another claim's exchange, which says what that
// claim stands for. A claim under way to days in question is waited for, then
// abandoned.
func (p personPlacement) resolved(ctx context.Context, other placement.Claim, days []calendar.Period) ([]event.Event, error) {
	patience := p.Patience()
	deadline := time.NewTimer(min(patience, max(0, patience-p.Handler.Clock.Now().Sub(other.Recorded.Time))))
	defer deadline.Stop()
	pause := time.Millisecond
	for {
		history, err := p.Handler.Load(ctx, other.Exchange)
		if err != nil {
			return nil, err
		}
		if _, wants := meet(other.Days, days); !wants || int64(len(history)) > other.Revision {
			return history, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-deadline.C:
			if err := p.abandon(ctx, other); err != nil {
				return nil, err
			}
			deadline.Reset(0)
		case <-time.After(pause):
			pause = min(2*pause, time.Second)
		}
	}
}

// settle brings the exchange's claim to what the exchange says: none, when it
// takes no days. A claim of another command that is under way stays.
func (p personPlacement) settle(ctx context.Context, reason placement.ReleaseReason) error {
	for range tries {
		placed, err := p.placed(ctx)
		if err != nil {
			return err
		}
		history, err := p.Handler.Load(ctx, p.Stream)
		if err != nil {
			return err
		}
		days, err := occupiedDays(ctx, p.Handler, Decider.Fold(history), p.person)
		if err != nil {
			return err
		}
		held, is := placed.Of(p.Stream)
		underWay := is && held.Revision >= int64(len(history)) && held.Command != p.Request.ID
		if underWay || is == (len(days) > 0) && slices.Equal(held.Days, days) {
			return nil
		}
		if len(days) == 0 {
			err = p.change(ctx, "placement.release", placement.Releasing{Person: p.person, Seen: placed.Events,
				Released: placement.Released{Exchange: p.Stream, Reason: reason}}, placed.Events)
		} else {
			err = p.change(ctx, "placement.claim", placement.Claiming{Person: p.person, Seen: placed.Events,
				Claimed: placement.Claimed{Exchange: p.Stream, Revision: int64(len(history)) - 1, Command: p.Request.ID, Days: days}}, placed.Events)
		}
		if !errors.Is(err, placement.ErrMoved) {
			return err
		}
	}
	return nil
}

func (p personPlacement) placed(ctx context.Context) (placement.State, error) {
	history, err := p.Handler.Load(ctx, placement.Key(p.person))
	return placement.Decider.Fold(history), err
}

// change sends a command to the placement as it was seen.
func (p personPlacement) change(ctx context.Context, name string, body any, seen int) error {
	_, err := p.Handler.Handle(ctx, p.Command(name, body, p.person, p.Stream, strconv.Itoa(seen)))
	return err
}

// abandon voids the event for which a claim was made, before it is stored.
func (p personPlacement) abandon(ctx context.Context, claim placement.Claim) error {
	_, err := p.Handler.Handle(ctx, p.Command("exchange.abandon", abandonment{claim.Exchange, claim.Revision, claim.Command, abandonedWhy},
		claim.Exchange, strconv.FormatInt(claim.Revision, 10)))
	return err
}

// union returns the days of both lists, each as it is.
func union(a, b []calendar.Period) []calendar.Period {
	out := slices.Clone(a)
	for _, d := range b {
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// An abandonment is the body of exchange.abandon.
type abandonment struct {
	Exchange string
	Revision int64  // that the event would have
	Command  string // that would store it
	Reason   seal.Text
}

var abandonedWhy = seal.Text{Clear: "该操作在占用人员任职时间后中断，未办完，现予放弃"}

// SealTexts seals the reason.
func (a abandonment) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	a.Reason, err = s.Prose(ctx, "reason", a.Reason)
	return a, err
}

// abandoning is the command that voids an event which was claimed for and never
// stored; where anything was stored in its place there is nothing to abandon.
var abandoning = command.Define("exchange.abandon", command.Decider[int64]{Kind: "exchange", Apply: func(events int64, _ event.Event) int64 { return events + 1 }},
	func(events int64, meta command.Meta, a abandonment) ([]any, error) {
		if events != a.Revision {
			return nil, nil
		}
		target := event.IDOf(meta.Ledger, a.Command, event.StreamName(meta.Ledger, meta.Stream), 0)
		return []any{record.Voided[Facts]{Target: target, Reason: a.Reason}}, nil
	}, command.Internal(), command.KeyedBy(func(_ string, _ seal.Vault, a abandonment) string { return a.Exchange }))
