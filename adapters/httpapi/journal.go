package httpapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/projections"
	"twinledger/projections/journal"
)

// An eventJSON is one event, without what it says.
type eventJSON struct {
	Ordinal     uint64 `json:"ordinal" doc:"Its place in the ledger, from 1." example:"57"`
	ID          string `json:"id" doc:"Its id." example:"01980a6e-7c10-5000-8000-000000000007"`
	Stream      string `json:"stream" doc:"Key of its stream." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Revision    int64  `json:"revision" doc:"Its place in the stream, from 0." example:"1"`
	Type        string `json:"type" doc:"Its type." example:"lesson.corrected"`
	Version     int    `json:"version" doc:"Version of its form under that type." example:"1"`
	Occurred    string `json:"occurred" doc:"When it happened, as precisely as it is known." example:"day:2018-04-18"`
	Recorded    string `json:"recorded" format:"date-time" doc:"When it entered the ledger." example:"2018-07-03T08:00:00.000Z"`
	Actor       string `json:"actor" doc:"Opaque id of the account that entered it." example:"clerk-1"`
	Unit        string `json:"unit" doc:"Id of the unit on whose behalf; empty for the county office." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Command     string `json:"command" doc:"Id of the command that made it." example:"01980a6e-7c10-7000-8000-000000000009"`
	Cause       string `json:"cause" doc:"Id of the command or event that led to the command; may be empty." example:"01980a6e-7c10-7000-8000-000000000010"`
	Correlation string `json:"correlation" doc:"Id that one piece of work shares; may be empty." example:"01980a6e-7c10-7000-8000-000000000011"`
	RunningHash string `json:"running_hash" doc:"Running hash of the ledger up to and including it, in hex." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
}

type journalWanted struct {
	PointInTime
	Stream string `query:"stream" pattern:"^[a-z_]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the stream." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Type   string `query:"type" maxLength:"64" pattern:"^[a-z_]+\\.[a-z_]+$" doc:"Type of event." example:"lesson.corrected"`
	Actor  string `query:"actor" maxLength:"128" doc:"Id of the account." example:"clerk-1"`
	Unit   string `query:"unit" maxLength:"128" doc:"Id of the unit on whose behalf." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	After  uint64 `query:"after" minimum:"0" maximum:"9007199254740991" doc:"Only events behind this ordinal: what the page before gave as next." example:"57"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"At most so many items." example:"100"`
}

func (s *server) journalOperations() {
	lines := register[journal.Row, eventJSON]{
		journal.Model.Name, s.Journal, func(r journal.Row) string { return strconv.FormatUint(r.Ordinal, 10) }, wireEvent,
	}
	get(s, huma.Operation{
		OperationID: "list-journal", Path: "/api/v1/journal", Tags: []string{"ledger"},
		Summary:   "事件日志 Journal of events",
		Responses: withAsOf(responses[pageJSON[eventJSON]](s, "A page of the journal", http.StatusNotFound)),
	}, func(ctx context.Context, in *journalWanted) (reply, error) {
		after := ""
		if in.After > 0 {
			after = journal.Key(in.After)
		}
		return lines.page(ctx, s, in.AsOf, after, in.Limit,
			projections.Is(journal.ByStream, in.Stream), projections.Is(journal.ByType, in.Type),
			projections.Is(journal.ByActor, in.Actor), projections.Is(journal.ByUnit, in.Unit))
	})
}

func wireEvent(r journal.Row) eventJSON {
	return eventJSON{
		r.Ordinal, r.ID, r.Stream, r.Revision, r.Type, r.Version, string(r.Occurred), r.Recorded.String(),
		r.Actor, r.Unit, r.Command, r.Cause, r.Correlation, string(r.Hash),
	}
}
