package httpapi

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/fault"
)

// A statusJSON is how far the ledger and its read models are.
type statusJSON struct {
	AsOfOrdinal uint64          `json:"as_of_ordinal" doc:"The ordinal at which the question was answered: the head." example:"1250"`
	Ledger      string          `json:"ledger" doc:"Id of the ledger." example:"k3m9x2qdtf"`
	HeadOrdinal uint64          `json:"head_ordinal" doc:"Ordinal of the last record; 0 while there is none." example:"1250"`
	Version     string          `json:"version" doc:"Version of the program." example:"1.0.0"`
	Projectors  []projectorJSON `json:"projectors" doc:"The read models that are served, and those that were served before."`
}

// A projectorJSON is how far one generation of the read models is.
type projectorJSON struct {
	Name    string `json:"name" doc:"served for the read models that answer; former for those that did before." example:"served"`
	Ordinal uint64 `json:"ordinal" doc:"Ordinal of the last record applied." example:"1248"`
	Lag     uint64 `json:"lag" doc:"How many records it is behind the head." example:"2"`
	Stopped string `json:"stopped" doc:"Why it stopped; empty while it follows." example:"有事件无法写入读模型 / An event cannot be applied"`
}

// An aliveJSON says that the process answers.
type aliveJSON struct {
	Status  string `json:"status" enum:"alive" doc:"Always alive." example:"alive"`
	Version string `json:"version" doc:"Version of the program." example:"1.0.0"`
}

// A readyJSON says that queries may be sent here.
type readyJSON struct {
	Status string `json:"status" enum:"ready" doc:"Always ready; what is not ready is a problem." example:"ready"`
}

func (s *server) statusOperations() {
	get(s, huma.Operation{
		OperationID: "get-status", Path: "/api/v1/status", Tags: []string{"operation"},
		Summary:   "运行状态 How far ledger and read models are",
		Responses: withAsOf(responses[statusJSON](s, "The state at the moment")),
	}, s.getStatus)
	get(s, huma.Operation{
		OperationID: "get-livez", Path: "/livez", Tags: []string{"operation"},
		Summary:   "存活检查 Whether the process answers",
		Responses: responses[aliveJSON](s, "It does"),
	}, func(context.Context, *struct{}) (reply, error) {
		return encoded(aliveJSON{"alive", s.Version})
	})
	get(s, huma.Operation{
		OperationID: "get-readyz", Path: "/readyz", Tags: []string{"operation"},
		Summary:     "就绪检查 Whether queries may be sent here",
		Description: "Status 503 with the reason while read models catch up at start, or when one has stopped.",
		Responses:   responses[readyJSON](s, "They may"),
	}, s.getReady)
}

func (s *server) getStatus(ctx context.Context, _ *Fresh) (reply, error) {
	if err := s.await(ctx); err != nil {
		return reply{}, err
	}
	state, err := s.Status.Status(ctx)
	if err != nil {
		return reply{}, err
	}
	return answered(state.Head, statusJSON{state.Head, state.Ledger, state.Head, s.Version, each(state.Projectors, func(p Projector) projectorJSON {
		return projectorJSON{p.Name, p.Ordinal, state.Head - min(p.Ordinal, state.Head), p.Stopped}
	})})
}

// getReady answers with 503 whatever the reason's own kind: a projector that
// stopped for an internal fault is a reason to send queries elsewhere, and the
// fault's message, unlike its cause, may be shown.
func (s *server) getReady(ctx context.Context, _ *struct{}) (reply, error) {
	err := s.Ready(ctx)
	if err == nil {
		return encoded(readyJSON{"ready"})
	}
	why, isFault := fault.As(err)
	if !isFault {
		return reply{}, errNotReady.Because(err)
	}
	unavailable := *why
	unavailable.Kind = fault.Unavailable
	return reply{}, &unavailable
}
