// Package placement holds the days that full-time postings take of one person:
// one stream per person, in which each posting claims its days before it begins.
//
// The exchanges themselves say what is so. A placement is where those of one
// person meet: whoever claims has seen every other claim, because each is stored
// behind exactly the events that were looked at.
package placement

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// The events of a placement.
type (
	// Claimed says that an exchange takes days of the person, in place of what it
	// claimed before. Until the exchange's event is stored for which they are
	// claimed, the claim is under way; if that never comes, it is abandoned.
	Claimed struct {
		Exchange string            `json:"exchange"` // key of the exchange
		Revision int64             `json:"revision"` // of the exchange's event that takes the days
		Command  string            `json:"command"`  // id of the command that stores that event
		Days     []calendar.Period `json:"days"`     // certainly taken, in order
	}
	// Released says that an exchange takes no days of the person any more.
	Released struct {
		Exchange string        `json:"exchange"`
		Reason   ReleaseReason `json:"why"`
	}
)

// A ReleaseReason tells why a claim was released.
type ReleaseReason string

// The reasons to release a claim.
const (
	Refused   ReleaseReason = "refused"   // the command was refused after it had claimed
	Abandoned ReleaseReason = "abandoned" // the command that claimed never came to its end
	Free      ReleaseReason = "free"      // the exchange is void, or takes no known days in full
)

// A Claim is one that stands.
type Claim struct {
	Claimed
	Recorded event.Instant
}

// A State is what the events so far say about one person's placement.
type State struct {
	Events int // how many there are
	Claims []Claim
}

// Of returns the claim of an exchange, and whether there is one.
func (s State) Of(exchange string) (Claim, bool) {
	for _, c := range s.Claims {
		if c.Exchange == exchange {
			return c, true
		}
	}
	return Claim{}, false
}

// Decider folds placements.
var Decider = command.Decider[State]{Kind: "placement", Apply: Fold}

// Fold returns the state after e.
func Fold(s State, e event.Event) State {
	s.Events++
	var exchange string
	switch d := e.Fact.(type) {
	case Claimed:
		exchange = d.Exchange
	case Released:
		exchange = d.Exchange
	}
	s.Claims = slices.DeleteFunc(slices.Clone(s.Claims), func(c Claim) bool { return c.Exchange == exchange })
	if claimed, ok := e.Fact.(Claimed); ok {
		s.Claims = append(s.Claims, Claim{claimed, e.Recorded})
	}
	return s
}

// ErrMoved refuses a claim that has not seen all others; look again and repeat.
var ErrMoved = fault.New(fault.Conflict, "placement.moved",
	"该人员的任职占用刚刚有变动；请重新提交。", "This person's placement has just changed; send the command again.")

// A Claiming is the body of placement.claim.
type Claiming struct {
	Person string // key of the person
	Seen   int    // how many events of the placement were looked at
	Claimed
}

// A Releasing is the body of placement.release.
type Releasing struct {
	Person string
	Seen   int
	Released
}

// Key returns the key of a person's placement.
func Key(person string) string {
	return "placement-" + strings.TrimPrefix(person, "person-")
}

// DecideClaim decides whether days may be claimed: by one who has seen everything. A
// claim that stands already is not made again.
func DecideClaim(s State, _ command.Meta, c Claiming) ([]any, error) {
	if s.Events != c.Seen {
		return nil, ErrMoved
	}
	if have, held := s.Of(c.Exchange); held && have.Revision == c.Revision && have.Command == c.Command && slices.Equal(have.Days, c.Days) {
		return nil, nil
	}
	return []any{c.Claimed}, nil
}

// DecideRelease decides whether a claim may be released: by one who has seen
// everything. Where there is none, nothing happens.
func DecideRelease(s State, _ command.Meta, c Releasing) ([]any, error) {
	if s.Events != c.Seen {
		return nil, ErrMoved
	}
	if _, held := s.Of(c.Exchange); !held {
		return nil, nil
	}
	return []any{c.Released}, nil
}

// Register declares the events of this package.
func Register(r *event.Registry) {
	event.Define[Claimed](r, "placement.claimed")
	event.Define[Released](r, "placement.released")
}

// Commands returns the commands of this package: the program's own.
func Commands() []command.Definition {
	return []command.Definition{
		command.Define("placement.claim", Decider, DecideClaim, command.Internal(),
			command.KeyedBy(func(_ string, _ seal.Vault, c Claiming) string { return Key(c.Person) })),
		command.Define("placement.release", Decider, DecideRelease, command.Internal(),
			command.KeyedBy(func(_ string, _ seal.Vault, c Releasing) string { return Key(c.Person) })),
	}
}
