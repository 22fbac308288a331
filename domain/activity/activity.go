// Package activity holds what schools do together and report after the fact:
// visits, meetings and joint research sessions.
package activity

import (
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
)

// Register declares the events of this package.
func Register(r *event.Registry) {
	Visits.Register(r)
	Meetings.Register(r)
	ResearchSessions.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition {
	return slices.Concat(Visits.Commands(), Meetings.Commands(), ResearchSessions.Commands())
}
