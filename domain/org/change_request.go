package org

import (
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/seal"
)

// ChangeRequest returns the command that records a change of a school, a community or a
// person; kind is which of them. The caller adds the stream. It is what the table of a
// register needs, which lists changes that another ledger recorded.
func ChangeRequest(kind string, c Change) command.Request {
	switch kind {
	case "school":
		return changeRequest[School](kind, c)
	case "community":
		return changeRequest[Community](kind, c)
	}
	return changeRequest[Person](kind, c)
}

func changeRequest[F any](kind string, c Change) command.Request {
	r := command.Request{Occurred: calendar.Unknown}
	if c.On != "" {
		r.Occurred = calendar.OnDay(c.On)
	}
	one := ""
	if len(c.Keys) > 0 {
		one = c.Keys[0]
	}
	switch c.Kind {
	case ChangeIdentified:
		r.Name, r.Body = kind+".identify", Identified[F]{As: one}
	case ChangeAliased:
		r.Name, r.Body = kind+".alias", Aliased[F]{Alias: seal.Text{Clear: c.Name}}
	case ChangeRenamed:
		r.Name, r.Body = kind+".rename", Renamed{Name: c.Name}
	case ChangeMerged:
		r.Name, r.Body = kind+".merge", Merged{Into: one, Memberships: c.Memberships}
	case ChangeSplit:
		r.Name, r.Body = kind+".split", Split{Into: c.Keys}
	case ChangePlacedUnder:
		r.Name, r.Body = kind+".place_under", PlacedUnder{Parent: one}
	default:
		r.Name, r.Body = kind+".confirm", Confirmed[F]{}
	}
	return r
}
