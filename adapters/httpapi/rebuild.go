package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// A Rebuilder builds new read models beside those that are served. It is safe for
// concurrent use.
type Rebuilder interface {
	// Rebuild does what is ordered and returns how things stand then. What cannot be
	// done at the moment is a fault.
	Rebuild(ctx context.Context, order RebuildOrder) (Rebuild, error)
}

// A RebuildOrder says what is to be done with the read models.
type RebuildOrder struct {
	Do   string `json:"do" enum:"start,cancel,go_back,release" doc:"start: build new read models and serve them; cancel: stop that, to go on later; go_back: serve the former ones again; release: remove the former ones." example:"start"`
	Anew bool   `json:"anew,omitempty" doc:"With start: begin at the first record, also where a stopped build could go on." example:"false"`
}

// A RebuildPhase says what a rebuild is doing, or how it ended.
type RebuildPhase string

// The phases of a rebuild.
const (
	RebuildNone      RebuildPhase = "none"      // there was none since the program started
	RebuildBuilding  RebuildPhase = "building"  // the log is read and rows are written
	RebuildComparing RebuildPhase = "comparing" // the new rows are held against those that are served
	RebuildServed    RebuildPhase = "served"    // the new read models took the place of the former ones
	RebuildStopped   RebuildPhase = "stopped"   // it was cancelled; the next rebuild goes on from there
	RebuildFailed    RebuildPhase = "failed"    // nothing was changed
)

// A Rebuild tells how far the building of new read models is, or how it ended.
type Rebuild struct {
	Phase       RebuildPhase      `json:"phase" enum:"none,building,comparing,served,stopped,failed" doc:"What it is doing, or how it ended." example:"building"`
	Done        int               `json:"done" doc:"Records that are through." example:"12000"`
	Total       int               `json:"total" doc:"Of so many." example:"27664"`
	LeftSeconds int               `json:"left_seconds" doc:"About how long the building still takes; 0 when that is not known." example:"3"`
	Ordinal     uint64            `json:"ordinal" doc:"Up to which the new read models hold the log; 0 before." example:"27664"`
	Compared    bool              `json:"compared" doc:"They were compared with those that were served." example:"true"`
	Differences []TableDifference `json:"differences" doc:"What they say otherwise, table by table."`
	Served      string            `json:"served" doc:"File of the read models that are served." example:"generation-000002.sqlite"`
	Former      string            `json:"former" doc:"File of those that were served before; empty when there are none." example:"generation-000001.sqlite"`
	Why         string            `json:"why" doc:"Why it failed, or why nothing was compared; else empty." example:""`
}

// A TableDifference says in what one table of the new read models differs.
type TableDifference struct {
	Table   string          `json:"table" doc:"Name of the table." example:"records"`
	Rows    int             `json:"rows" doc:"Rows that the new one has." example:"25000"`
	Missing int             `json:"missing" doc:"Rows that only the former one has." example:"0"`
	Added   int             `json:"added" doc:"Rows that only the new one has." example:"0"`
	Changed int             `json:"changed" doc:"Rows that say something else." example:"0"`
	First   []RowDifference `json:"first" doc:"The first that differ."`
}

// A RowDifference is one row that differs.
type RowDifference struct {
	Ordinal uint64 `json:"ordinal" doc:"Ordinal of the event at which it differs." example:"57"`
	Key     string `json:"key" doc:"Key of the row." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Was     string `json:"was" doc:"What the former one says." example:"stage=\"reported\""`
	Is      string `json:"is" doc:"What the new one says." example:"stage=\"confirmed\""`
}

// Runs tells whether the rebuild is not over.
func (r Rebuild) Runs() bool { return r.Phase == RebuildBuilding || r.Phase == RebuildComparing }

const rebuildPath = "/api/v1/rebuild"

func (s *server) rebuildOperations() {
	get(s, huma.Operation{
		OperationID: "get-rebuild", Path: rebuildPath, Tags: []string{"operation"},
		Summary:   "重建进度 How far the building of new read models is",
		Responses: responses[Rebuild](s, "How far it is, or how it ended"),
	}, func(ctx context.Context, _ *struct{}) (reply, error) {
		r, err := s.Rebuilder.Rebuild(ctx, RebuildOrder{})
		if err != nil {
			return reply{}, err
		}
		return encoded(r)
	})
	post(s, huma.Operation{
		OperationID: "order-rebuild", Path: rebuildPath, Tags: []string{"operation"},
		Summary:     "重建读模型 Build new read models, or go back",
		Description: "They are built beside those that are served, which go on answering, and take their place when they are complete. The former ones stay until they are released.",
		RequestBody: &huma.RequestBody{Required: true, Description: "What is to be done",
			Content: map[string]*huma.MediaType{jsonType: {Schema: schemaOf[RebuildOrder](s)}}},
		Responses: responses[Rebuild](s, "How things stand now", http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict, http.StatusNotFound,
			http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity),
	}, s.orderRebuild)
}

var errBadOrder = fault.New(fault.Invalid, "rebuild.bad-order",
	"do 应为 start、cancel、go_back 或 release。", "do must be start, cancel, go_back or release.")

// mostOrderBytes is the size of an order with room to spare.
const mostOrderBytes = 1 << 10

func (s *server) orderRebuild(ctx context.Context, _ *struct{}, r *http.Request) (reply, error) {
	if _, _, err := mediaType(r, jsonType); err != nil {
		return reply{}, err
	}
	raw, err := body(r, mostOrderBytes)
	if err != nil {
		return reply{}, err
	}
	var order RebuildOrder
	if err := command.DecodeStrictly(raw, &order); err != nil {
		return reply{}, err
	}
	if order.Do == "" {
		return reply{}, UnknownOrder(order)
	}
	state, err := s.Rebuilder.Rebuild(ctx, order)
	if err != nil {
		return reply{}, err
	}
	return encoded(state)
}

// UnknownOrder returns the refusal of an order that there is none of.
func UnknownOrder(order RebuildOrder) error { return errBadOrder.With("do", order.Do) }

// Rebuild lets the program do what is ordered with its read models; an order without Do
// only asks how things stand.
func (c *Client) Rebuild(ctx context.Context, order RebuildOrder) (r Rebuild, err error) {
	if order.Do == "" {
		return r, c.ask(ctx, http.MethodGet, rebuildPath, nil, nil, &r)
	}
	raw, err := event.Marshal(order)
	if err != nil {
		return r, err
	}
	return r, c.ask(ctx, http.MethodPost, rebuildPath, c.header(defaultActor, jsonType), bytes.NewReader(raw), &r)
}
