// Package domain is the map of Twinledger's core and the catalogue of its
// events and commands.
//
//	fault        the one error type
//	event        envelope, log, registry;  logtest the log's contract;  memlog the reference log
//	calendar     dates as precise as they are known, terms, school years
//	seal         people's names and prose out of sight
//	command      the write side: load, fold, decide, append
//	record       what all records have in common; the life of a reported record
//	ledger       the first record
//	org          district, schools, communities, people, calendars
//	pairing, exchange, lesson, activity, donation, filing, inspection
//	             one decider each
//	intake       record files: what each row becomes; imports that can be resumed
//	programme    a plan's rules as data
//	review       the term review, a pure function of programme and facts
//
// Nothing here reads a clock, a file or the network, or rolls dice; it imports
// the standard library and itself only.
package domain

import (
	"twinledger/domain/activity"
	"twinledger/domain/command"
	"twinledger/domain/donation"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/ledger"
	"twinledger/domain/lesson"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
)

// Events returns the registry of every type of event. decode reads JSON into a
// pointer; nil means encoding/json.
func Events(decode func([]byte, any) error) *event.Registry {
	r := event.NewRegistry(decode)
	for _, register := range []func(*event.Registry){
		ledger.Register, org.Register, pairing.Register, exchange.Register, lesson.Register,
		activity.Register, donation.Register, filing.Register, inspection.Register,
		programme.Register, intake.Register,
	} {
		register(r)
	}
	return r
}

// Commands returns every command by name.
func Commands() map[string]command.Definition {
	byName := map[string]command.Definition{}
	for _, commands := range []func() []command.Definition{
		ledger.Commands, org.Commands, pairing.Commands, exchange.Commands, lesson.Commands,
		activity.Commands, donation.Commands, filing.Commands, inspection.Commands,
		programme.Commands, intake.Commands,
	} {
		for _, d := range commands() {
			byName[d.Name] = d
		}
	}
	return byName
}
