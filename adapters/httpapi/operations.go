package httpapi

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"twinledger/domain/event"
)

// A reply is a whole answer; a status of 0 is 200.
type reply struct {
	status      int
	contentType string // "" for JSON
	header      map[string]string
	body        []byte
}

// operations declares everything that is described in the OpenAPI document.
func (s *server) operations() {
	s.communityOperations()
	s.registerOperations()
	s.sheetOperations()
	s.dutyOperations()
	s.duplicateOperations()
	s.journalOperations()
	s.reviewOperations()
	s.statusOperations()
	s.commandOperations()
	s.importOperations()
	s.importListOperations()
	s.undoOperations()
	s.rebuildOperations()
}

// get declares a GET operation. ask gets parameters that are as declared; the
// error that it returns becomes a problem.
func get[I any](s *server, operation huma.Operation, ask func(context.Context, *I) (reply, error)) {
	operation.Method = http.MethodGet
	operation.Middlewares = huma.Middlewares{s.checked}
	declare(s, operation, func(ctx context.Context, in *I, _ *http.Request) (reply, error) { return ask(ctx, in) })
	s.compile(s.api.OpenAPI().Paths[operation.Path].Get.Parameters)
}

// post declares an operation that writes, for whoever may. ask reads the body
// itself, so that what is wrong with it is said as everywhere else.
func post[I any](s *server, operation huma.Operation, ask func(context.Context, *I, *http.Request) (reply, error)) {
	operation.Method = http.MethodPost
	operation.Middlewares = huma.Middlewares{s.trusted, s.checked}
	operation.Security = []map[string][]string{{securityScheme: {}}}
	sent := operation.RequestBody
	operation.RequestBody = nil // Huma would read what it knows of
	declare(s, operation, ask)
	declared := s.api.OpenAPI().Paths[operation.Path].Post
	declared.RequestBody = sent
	s.compile(declared.Parameters)
}

func declare[I any](s *server, operation huma.Operation, ask func(context.Context, *I, *http.Request) (reply, error)) {
	huma.Register(s.api, operation, func(_ context.Context, in *I) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			r, w := humachi.Unwrap(ctx)
			answer, err := ask(r.Context(), in, r)
			if err != nil {
				s.fail(w, r, err)
				return
			}
			send(w, r, answer)
		}}, nil
	})
}

// send answers. An answer that speaks of the state at an ordinal has an entity
// tag: a client may keep it, but asks each time whether it still is the newest.
func send(w http.ResponseWriter, r *http.Request, answer reply) {
	for name, value := range answer.header {
		w.Header().Set(name, value)
	}
	if answer.header[asOfHeader] != "" {
		sum := sha256.Sum256(answer.body)
		tag := hex.EncodeToString(sum[:])
		w.Header().Set("ETag", entityTag(tag))
		w.Header().Set("Cache-Control", "private, no-cache")
		if hasTag(r.Header.Values(tagsHeader), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	write(w, r, max(answer.status, http.StatusOK), cmp.Or(answer.contentType, jsonType), answer.body)
}

func entityTag(sum string) string { return `"` + sum + `"` }

// hasTag tells whether If-None-Match names the answer, by the weak comparison
// that RFC 9110, section 13.1.2, asks for.
func hasTag(headers []string, sum string) bool {
	for tag := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == entityTag(sum) {
			return true
		}
	}
	return false
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
