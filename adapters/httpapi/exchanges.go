package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/projections"
	"twinledger/projections/exchanges"
)

// An exchangeJSON is one line of the exchange roster.
type exchangeJSON struct {
	RecordJSON
	Phase      string `json:"phase" enum:"reported,started,completed,void" doc:"Where it stands; reported: told of afterwards, without a workflow." example:"started"`
	Start      string `json:"start" doc:"First day, as precisely as it is known." example:"day:2018-03-01"`
	End        string `json:"end" doc:"Last day, as precisely as it is known." example:"unknown"`
	Founding   string `json:"founding" doc:"Id of the event that reported or started it." example:"01980a6e-7c10-5000-8000-000000000007"`
	Completion string `json:"completion" doc:"Id of the event that completed it; empty before." example:"01980a6e-7c10-5000-8000-000000000008"`
}

type exchangeKind string

// Schema lists the kinds of exchanges.
func (exchangeKind) Schema(huma.Registry) *huma.Schema { return kindSchema("exchange") }

type exchangesWanted struct {
	Paging
	Community string       `query:"community" pattern:"^community-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	School    string       `query:"school" pattern:"^school-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a school on either side." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Person    string       `query:"person" pattern:"^person-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a person." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Kind      exchangeKind `query:"kind" doc:"A kind; exchange finds them all." example:"support_teaching"`
	Phase     string       `query:"phase" enum:"reported,started,completed,void" doc:"Where it stands." example:"started"`
}

type oneExchange struct {
	PointInTime
	Record string `path:"record" pattern:"^exchange-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the record." example:"exchange-01980a6e-7c10-7000-8000-000000000001"`
}

func (s *server) exchangeOperations() {
	lines := register[exchanges.Row, exchangeJSON]{
		exchanges.Model.Name, s.Exchanges, func(r exchanges.Row) string { return r.Record }, wireExchange,
	}
	get(s, huma.Operation{
		OperationID: "list-exchanges", Path: "/api/v1/exchanges", Tags: []string{"ledger"},
		Summary:   "交流轮岗名册 Exchange roster",
		Responses: withAsOf(responses[pageJSON[exchangeJSON]](s, "A page of the roster", http.StatusNotFound)),
	}, func(ctx context.Context, in *exchangesWanted) (reply, error) {
		return lines.page(ctx, s, in.AsOf, in.After, in.Limit,
			projections.Is(exchanges.ByCommunity, in.Community), projections.Among(exchanges.BySchool, in.School),
			projections.Among(exchanges.ByPerson, in.Person), projections.Among(exchanges.ByKind, string(in.Kind)),
			projections.Is(exchanges.ByPhase, in.Phase))
	})
	get(s, huma.Operation{
		OperationID: "get-exchange", Path: "/api/v1/exchanges/{record}", Tags: []string{"ledger"},
		Summary:   "一条交流轮岗 One line of the exchange roster",
		Responses: withAsOf(responses[singleJSON[exchangeJSON]](s, "The line", http.StatusNotFound)),
	}, func(ctx context.Context, in *oneExchange) (reply, error) {
		return lines.single(ctx, s, in.AsOf, in.Record)
	})
}

func wireExchange(r exchanges.Row) exchangeJSON {
	state := r.State
	return exchangeJSON{
		wireRecord(r.Record, r.Occurred, state.Facts.Facts, r.Unknowns, r.Corrected, r.Ordinals),
		string(state.Phase), string(state.Facts.Start), string(state.Facts.End), state.Founding, state.Completion,
	}
}
