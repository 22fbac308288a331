package httpapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"twinledger/domain/event"
)

// A reply is a whole answer; a status of 0 is 200.
type reply struct {
	status int
	header map[string]string
	body   []byte // nil for none
}

// operations declares everything that is described in the OpenAPI document.
func (s *server) operations() {
	s.communityOperations()
	s.lessonOperations()
	s.exchangeOperations()
	s.inspectionOperations()
	s.journalOperations()
	s.reviewOperations()
	s.statusOperations()
}

// get declares a GET operation. ask gets parameters that are as declared; the
// error that it returns becomes a problem.
func get[I any](s *server, operation huma.Operation, ask func(context.Context, *I) (reply, error)) {
	operation.Method = http.MethodGet
	operation.Middlewares = huma.Middlewares{s.checked}
	huma.Register(s.api, operation, func(_ context.Context, in *I) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			r, w := humachi.Unwrap(ctx)
			answer, err := ask(r.Context(), in)
			if err != nil {
				s.fail(w, r, err)
				return
			}
			send(w, r, answer)
		}}, nil
	})
	s.compile(s.api.OpenAPI().Paths[operation.Path].Get.Parameters)
}

func send(w http.ResponseWriter, r *http.Request, answer reply) {
	for name, value := range answer.header {
		w.Header().Set(name, value)
	}
	if answer.body == nil {
		w.WriteHeader(answer.status)
		return
	}
	write(w, r, http.StatusOK, jsonType, answer.body)
}

// answered encodes an answer that speaks of the state at an ordinal.
func answered(ordinal uint64, body any) (reply, error) {
	answer, err := encoded(body)
	answer.header = map[string]string{asOfHeader: strconv.FormatUint(ordinal, 10)}
	return answer, err
}

func encoded(body any) (reply, error) {
	b, err := event.Marshal(body)
	return reply{body: append(b, '\n')}, err
}
