package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/inspection"
	"twinledger/projections"
	"twinledger/projections/inspections"
)

// An inspectionJSON is one line of the register of inspections.
type inspectionJSON struct {
	RecordJSON
	Findings []findingJSON `json:"findings" doc:"What was found."`
	Void     bool          `json:"void" doc:"The record was voided and counts nowhere." example:"false"`
}

// A findingJSON is one thing that the inspectors found.
type findingJSON struct {
	Dimension wordJSON `json:"dimension" doc:"Under which dimension, as the plan words it."`
	Text      textJSON `json:"text" doc:"What was found; prose, always sealed."`
	Grade     string   `json:"grade" doc:"Grade as given; empty when none is." example:"良好"`
}

type inspectionKind string

// Schema lists the kinds of inspections.
func (inspectionKind) Schema(huma.Registry) *huma.Schema { return kindSchema("inspection") }

type inspectionsWanted struct {
	Paging
	Community string         `query:"community" pattern:"^community-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	School    string         `query:"school" pattern:"^school-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a school on either side." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Kind      inspectionKind `query:"kind" doc:"A kind; inspection finds them all." example:"supervision"`
}

type oneInspection struct {
	PointInTime
	Record string `path:"record" pattern:"^inspection-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the record." example:"inspection-01980a6e-7c10-7000-8000-000000000001"`
}

func (s *server) inspectionOperations() {
	lines := register[inspections.Row, inspectionJSON]{
		inspections.Model.Name, s.Inspections, func(r inspections.Row) string { return r.Record }, wireInspection,
	}
	get(s, huma.Operation{
		OperationID: "list-inspections", Path: "/api/v1/inspections", Tags: []string{"ledger"},
		Summary:   "检查督导登记 Register of inspections",
		Responses: withAsOf(responses[pageJSON[inspectionJSON]](s, "A page of the register", http.StatusNotFound)),
	}, func(ctx context.Context, in *inspectionsWanted) (reply, error) {
		return lines.page(ctx, s, in.AsOf, in.After, in.Limit,
			projections.Is(inspections.ByCommunity, in.Community), projections.Among(inspections.BySchool, in.School),
			projections.Among(inspections.ByKind, string(in.Kind)))
	})
	get(s, huma.Operation{
		OperationID: "get-inspection", Path: "/api/v1/inspections/{record}", Tags: []string{"ledger"},
		Summary:   "一条检查督导 One line of the register of inspections",
		Responses: withAsOf(responses[singleJSON[inspectionJSON]](s, "The line", http.StatusNotFound)),
	}, func(ctx context.Context, in *oneInspection) (reply, error) {
		return lines.single(ctx, s, in.AsOf, in.Record)
	})
}

func wireInspection(r inspections.Row) inspectionJSON {
	return inspectionJSON{
		wireRecord(r.Record, r.Occurred, r.Facts.Facts, r.Unknowns, r.Corrected, r.Ordinals),
		each(r.Facts.Findings, wireFinding), r.Void,
	}
}

func wireFinding(f inspection.Finding) findingJSON {
	return findingJSON{wireWord(f.Dimension), wireText(f.Text), f.Grade}
}
