// Package domain is the map of Twinledger's core and the catalogue of its
// events and commands.
//
//	fault        the one error type
//	event        envelope, log, registry;  logtest the log's contract;  memlog the reference log
//	calendar     dates as precise as they are known, terms, school years
//	seal         people's names and prose out of sight
//	command      the write side: load, fold, decide, append
//	register     the lists that the office keeps, by name
//	record       what all records have in common; the life of a reported record
//	ledger       the first record
//	org          district, schools, communities, people, calendars
//	pairing, exchange, lesson, activity, donation, filing, inspection,
//	rectification, mentorship, recognition, indicator
//	             one decider each
//	placement    which days of a person's whole time are taken, and by which exchange
//	duplicate    records that tell of the same thing: which are likely, what was decided
//	duty         what is owed by a day: open, overdue, late
//	tabular      a record as one row of a table, and back
//	chinese      the form in which Chinese words are compared
//	vocabulary   lists of terms with all their words, and the nearest of them
//	heading      the words under which schools write the columns of their tables
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
	"twinledger/domain/duplicate"
	"twinledger/domain/event"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/indicator"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/ledger"
	"twinledger/domain/lesson"
	"twinledger/domain/mentorship"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/placement"
	"twinledger/domain/programme"
	"twinledger/domain/recognition"
	"twinledger/domain/record"
	"twinledger/domain/rectification"
	"twinledger/domain/tabular"
)

// Events returns the registry of every type of event. decode reads JSON into a
// pointer; nil means encoding/json.
func Events(decode func([]byte, any) error) *event.Registry {
	r := event.NewRegistry(decode)
	for _, register := range []func(*event.Registry){
		ledger.Register, org.Register, pairing.Register, exchange.Register, placement.Register, lesson.Register,
		activity.Register, donation.Register, filing.Register, inspection.Register, rectification.Register,
		mentorship.Register, recognition.Register, indicator.Register,
		programme.Register, intake.Register, duplicate.Register,
	} {
		register(r)
	}
	return r
}

// Commands returns every command by name.
func Commands() map[string]command.Definition {
	byName := map[string]command.Definition{}
	for _, commands := range []func() []command.Definition{
		ledger.Commands, org.Commands, pairing.Commands, exchange.Commands, placement.Commands, lesson.Commands,
		activity.Commands, donation.Commands, filing.Commands, inspection.Commands, rectification.Commands,
		mentorship.Commands, recognition.Commands, indicator.Commands,
		programme.Commands, intake.Commands, func() []command.Definition { return duplicate.Commands(Workflows()) },
	} {
		for _, d := range commands() {
			byName[d.Name] = d
		}
	}
	identify := byName["person.identify"]
	command.WithProcess(exchange.Identity{})(&identify)
	byName[identify.Name] = identify
	return byName
}

// Workflows returns the order of steps of every kind of record, by kind of stream.
func Workflows() map[string]record.Workflow {
	byKind := map[string]record.Workflow{}
	for _, workflow := range []record.Workflow{
		pairing.RecordType.Workflow, exchange.RecordType.Workflow, lesson.RecordType.Workflow,
		activity.Visits.Workflow, activity.Meetings.Workflow, activity.ResearchSessions.Workflow, activity.Activities.Workflow,
		donation.RecordType.Workflow, filing.RecordType.Workflow, inspection.RecordType.Workflow, rectification.RecordType.Workflow,
		mentorship.RecordType.Workflow, recognition.RecordType.Workflow, indicator.RecordType.Workflow,
	} {
		byKind[workflow.Kind] = workflow
	}
	return byKind
}

// Forms returns the table of every kind that a table can report, by kind of
// stream: of every record, and of schools, communities and people.
func Forms() map[string]tabular.Form {
	byKind := map[string]tabular.Form{}
	commands, workflows := Commands(), Workflows()
	for _, d := range commands {
		reports := workflows[d.Kind].Kind != "" && d.Name == d.Kind+".report"
		if notes := d.Name == d.Kind+".note" && !d.Internal; !reports && !notes {
			continue
		}
		if form, tells := tabular.FormOf(d, workflows[d.Kind]); tells {
			byKind[d.Kind] = form
		}
	}
	return byKind
}
