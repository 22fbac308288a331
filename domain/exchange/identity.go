package exchange

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/org"
	"twinledger/domain/placement"
)

var person = command.Decider[org.State[org.Person]]{Kind: "person", Apply: org.Fold[org.Person]}

// identities returns the person and everybody whom that person is said to be, one
// after the other. The days that a posting takes are claimed of all of them, so
// that two keys of one person meet.
func identities(ctx context.Context, h *command.Handler, key string) ([]string, error) {
	all := []string{key}
	for {
		history, err := h.Load(ctx, all[len(all)-1])
		if err != nil {
			return nil, err
		}
		next := person.Fold(history).IdentifiedAs()
		if next == "" || slices.Contains(all, next) {
			return all, nil
		}
		all = append(all, next)
	}
}

// people returns whom the posting concerns, under every key by which they are
// said to be known; sorted and once each: claiming in one order, no two commands
// wait for one another.
func people(ctx context.Context, h *command.Handler, s State) ([]string, error) {
	known := map[string]bool{}
	for _, key := range s.Facts.People {
		all, err := identities(ctx, h, key)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			known[one] = true
		}
	}
	return slices.Sorted(maps.Keys(known)), nil
}

// occupiedDays returns the days that the posting certainly takes of a person's whole
// time, under whichever key it names that person.
func occupiedDays(ctx context.Context, h *command.Handler, s State, person string) ([]calendar.Period, error) {
	days := s.occupiedDays()
	if len(days) == 0 {
		return nil, nil
	}
	concerned, err := people(ctx, h, s)
	if err != nil || !slices.Contains(concerned, person) {
		return nil, err
	}
	return days, nil
}

// Identity is the process that goes along when a person is said to be another:
// what is claimed of the one is claimed of the other too, so that later postings
// meet it. Days that both already take stay as they are recorded.
type Identity struct{}

// Before has nothing to do: no identification is refused because of postings.
func (Identity) Before(context.Context, command.Work) error { return nil }

// After repeats the person's claims where those of the other are.
func (Identity) After(ctx context.Context, w command.Work) error {
	all, err := identities(ctx, w.Handler, w.Stream)
	if err != nil {
		return err
	}
	claims, err := personPlacement{w, w.Stream}.placed(ctx)
	if err != nil {
		return err
	}
	for _, other := range all[1:] {
		for _, claim := range claims.Claims {
			if err := (personPlacement{w, other}).repeat(ctx, claim.Claimed); err != nil {
				return err
			}
		}
	}
	return nil
}

// repeat claims what is claimed elsewhere, unless the exchange has a claim here.
func (p personPlacement) repeat(ctx context.Context, claimed placement.Claimed) error {
	for range tries {
		placed, err := p.placed(ctx)
		if err != nil {
			return err
		}
		if _, held := placed.Of(claimed.Exchange); held {
			return nil
		}
		body := placement.Claiming{Person: p.person, Seen: placed.Events, Claimed: claimed}
		_, err = p.Handler.Handle(ctx, p.Command("placement.claim", body, p.person, claimed.Exchange, strconv.Itoa(placed.Events)))
		if !errors.Is(err, placement.ErrMoved) {
			return err
		}
	}
	return command.ErrBusy.With("stream", placement.Key(p.person))
}
