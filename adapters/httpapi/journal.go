package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/calendar"
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
	Formatted
	Stream       string `query:"stream" pattern:"^[a-z_]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the stream." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Type         string `query:"type" maxLength:"64" pattern:"^[a-z_]+\\.[a-z_]+$" doc:"Type of event." example:"lesson.corrected"`
	Actor        string `query:"actor" maxLength:"128" doc:"Id of the account." example:"clerk-1"`
	Unit         string `query:"unit" maxLength:"128" doc:"Id of the unit on whose behalf." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Person       string `query:"person" pattern:"^person-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a person whom the event names, or of whom it is." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Named        string `query:"named" pattern:"^[a-z_]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a school, community, person or record that the event names, or of which it is." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Cause        string `query:"cause" maxLength:"128" doc:"Id of the command or event that led to it." example:"01980a6e-7c10-7000-8000-000000000010"`
	Correlation  string `query:"correlation" maxLength:"128" doc:"Id that one piece of work shares." example:"01980a6e-7c10-7000-8000-000000000011"`
	RecordedFrom string `query:"recorded_from" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what entered the ledger on this day, at +08:00, or later." example:"2018-07-01"`
	RecordedTo   string `query:"recorded_to" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what entered the ledger on this day, at +08:00, or before." example:"2018-07-03"`
	After        uint64 `query:"after" minimum:"0" maximum:"9007199254740991" doc:"Only events behind this ordinal: what the page before gave as next." example:"57"`
	Limit        int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"At most so many items." example:"100"`
}

func (s *server) journalOperations() {
	getTable(s, huma.Operation{
		OperationID: "list-journal", Path: "/api/v1/journal", Tags: []string{"ledger"},
		Summary:   "事件日志 Journal of events",
		Responses: alsoCSV(withAsOf(responses[pageJSON[eventJSON]](s, "A page of the journal", http.StatusNotFound))),
	}, s.listJournal)
}

// question returns what is asked of the journal.
func (in *journalWanted) question() (journal.Question, error) {
	if err := checkPeriod(dayAsked{"recorded_from", in.RecordedFrom}, dayAsked{"recorded_to", in.RecordedTo}); err != nil {
		return journal.Question{}, err
	}
	asked := journal.Asked{
		Stream: in.Stream, Type: in.Type, Actor: in.Actor, Unit: in.Unit, Named: []string{in.Person, in.Named}, Cause: in.Cause,
		Correlation: in.Correlation, From: calendar.Day(in.RecordedFrom), To: calendar.Day(in.RecordedTo),
	}
	if err := asked.Check(); err != nil {
		return journal.Question{}, err
	}
	return journal.Question{Asked: asked, After: in.After}, nil
}

func (s *server) listJournal(ctx context.Context, in *journalWanted, r *http.Request) (reply, error) {
	q, err := in.question()
	if err != nil {
		return reply{}, err
	}
	if q.AsOf, err = s.ordinal(ctx, in.AsOf); err != nil {
		return reply{}, err
	}
	var rows []journal.Row
	// At ordinal 0 there are none, and a query there would mean the newest.
	if q.AsOf > 0 {
		q.Limit = in.Limit + 1 // one more than asked for tells whether there is a next page
		if rows, err = s.Journal.Events(ctx, q); err != nil {
			return reply{}, fmt.Errorf("read journal: %w", err)
		}
	}
	next := ""
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		next = strconv.FormatUint(rows[in.Limit-1].Ordinal, 10)
	}
	if wantsCSV(r, in.Format) {
		return tabled(r, q.AsOf, next, eventRows(rows))
	}
	answer, err := answered(q.AsOf, pageJSON[eventJSON]{q.AsOf, each(rows, wireEvent), next})
	return linked(r, answer, q.AsOf, next), err
}

// eventRows are events as a table.
func eventRows(rows []journal.Row) [][]string {
	out := [][]string{{"序号", "事件编号", "记录编号", "修订号", "类型", "版本", "发生时间", "入账时间", "账号", "代表单位", "命令", "起因", "关联", "累计校验值"}}
	for _, r := range rows {
		out = append(out, []string{strconv.FormatUint(r.Ordinal, 10), r.ID, r.Stream, strconv.FormatInt(r.Revision, 10), r.Type, strconv.Itoa(r.Version),
			string(r.Occurred), r.Recorded.String(), r.Actor, r.Unit, r.Command, r.Cause, r.Correlation, string(r.Hash)})
	}
	return out
}

func wireEvent(r journal.Row) eventJSON {
	return eventJSON{
		r.Ordinal, r.ID, r.Stream, r.Revision, r.Type, r.Version, string(r.Occurred), r.Recorded.String(),
		r.Actor, r.Unit, r.Command, r.Cause, r.Correlation, string(r.Hash),
	}
}
