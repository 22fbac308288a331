package httpapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// securityScheme names how who may write is known.
const securityScheme = "secret"

// describe begins the OpenAPI document. Huma's own pages are off: its reference
// page loads scripts from other hosts, and its document is encoded on first use
// without a lock.
func describe(version string) huma.Config {
	named := func(t reflect.Type, hint string) string {
		return strings.ReplaceAll(huma.DefaultSchemaNamer(t, hint), "JSON", "")
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:   "Twinledger 结对台账",
				Version: version,
				Description: "教育共同体结对台账的查询与写入接口。Queries over the ledger of education communities, and commands that write it.\n\n" +
					"- `as_of` asks what was known at an ordinal, an instant or the end of a day. Without it the newest state is asked for. " +
					"Every answer says in `as_of_ordinal` and in the header `Twinledger-As-Of-Ordinal` which state it speaks of; " +
					"to read several pages of one state, send that ordinal as `as_of` with each.\n" +
					"- An unknown, repeated or malformed parameter is refused with status 400 and listed under `fields`; " +
					"a parameter without a value counts as not given. Status 422 is kept for what a rule forbids.\n" +
					"- Every refusal is an RFC 9457 problem. Its `code` is stable, its `detail` is Chinese and English.\n" +
					"- `min_position` takes the token of an append, for an answer that knows of it.\n" +
					"- An answer about a state of the ledger has an entity tag; `If-None-Match` asks whether it has changed.\n" +
					"- Commands and imports need the secret of the running program as a bearer token.\n" +
					"- People appear as ids only.",
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", named),
				SecuritySchemes: map[string]*huma.SecurityScheme{securityScheme: {
					Type: "http", Scheme: "bearer", Description: "The secret in serve.json, in the data folder of the running program; new at each start.",
				}},
			},
			Tags: []*huma.Tag{
				{Name: "ledger", Description: "台账查询 Boards, registers and the journal"},
				{Name: "reviews", Description: "学期评议 Term reviews"},
				{Name: "commands", Description: "写入 What writes the ledger"},
				{Name: "operation", Description: "运行状态 For the operator"},
			},
		},
		Formats:       map[string]huma.Format{jsonType: huma.DefaultJSONFormat},
		DefaultFormat: jsonType,
	}
}

// serveDescription serves the finished document. Each of its forms is encoded when
// somebody first asks for it: that takes longer than everything else at the start.
func (s *server) serveDescription(router chi.Router) {
	document := s.api.OpenAPI()
	schemas := document.Components.Schemas.Map()
	// Huma declares its own errors with every operation; none is ever sent.
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	for _, schema := range schemas {
		neverNull(schema)
	}
	serve := func(path, contentType string, encode func() ([]byte, error)) {
		once := sync.OnceValues(encode)
		router.Get(path, func(w http.ResponseWriter, r *http.Request) {
			body, err := once()
			if err != nil {
				s.fail(w, r, fmt.Errorf("encode OpenAPI document: %w", err))
				return
			}
			write(w, r, http.StatusOK, contentType, body)
		})
	}
	serve("/openapi.json", "application/openapi+json", func() ([]byte, error) { return json.MarshalIndent(document, "", "  ") })
	serve("/openapi.yaml", "application/openapi+yaml", document.YAML)
}

// neverNull takes back Huma's supposition that a list may be null: no list is.
func neverNull(schema *huma.Schema) {
	if schema.Type == huma.TypeArray {
		schema.Nullable = false
	}
	if schema.Items != nil {
		neverNull(schema.Items)
	}
	for _, property := range schema.Properties {
		neverNull(property)
	}
}

// An orNull describes a T or null, which Huma cannot say of an object.
type orNull[T any] struct{}

// Schema returns the description.
func (orNull[T]) Schema(registry huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{registry.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// responses describes what an operation answers: a 200 with the schema of T and
// the problems that any query may meet, with those of the given statuses.
func responses[T any](s *server, what string, problems ...int) map[string]*huma.Response {
	return describedAs(s, schemaOf[T](s), what, problems...)
}

// describedAs describes the same of an answer with a schema.
func describedAs(s *server, schema *huma.Schema, what string, problems ...int) map[string]*huma.Response {
	registry := s.api.OpenAPI().Components.Schemas
	out := map[string]*huma.Response{"200": {
		Description: what,
		Headers:     map[string]*huma.Header{requestIDHeader: requestIDDescription},
		Content:     map[string]*huma.MediaType{jsonType: {Schema: schema}},
	}}
	problem := registry.Schema(reflect.TypeFor[problemJSON](), true, "")
	refused := func(what string) *huma.Response {
		return &huma.Response{
			Description: what,
			Headers:     map[string]*huma.Header{requestIDHeader: requestIDDescription},
			Content:     map[string]*huma.MediaType{problemType: {Schema: problem}},
		}
	}
	for _, status := range append(problems, http.StatusBadRequest, http.StatusInternalServerError, http.StatusServiceUnavailable) {
		out[fmt.Sprint(status)] = refused(titles[status])
	}
	out["default"] = refused("其他问题 / Any other problem")
	return out
}

var (
	requestIDDescription = &huma.Header{
		Description: "Id of the request, as sent by the client or made here; the log has it too.",
		Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{"7f1c0a4e"}},
	}
	asOfDescription = &huma.Header{
		Description: "The ordinal at which the question was answered.",
		Schema:      &huma.Schema{Type: huma.TypeInteger, Examples: []any{1250}},
	}
	tagDescription = &huma.Header{
		Description: "Entity tag: the SHA-256 of the body in hex.",
		Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{`"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`}},
	}
)

// written describes what an operation that writes answers: a 201 with the schema
// of T and the problems that any of them may meet, with those of the given
// statuses. Nothing new is a 200.
func written[T any](s *server, what string, problems ...int) map[string]*huma.Response {
	out := responses[T](s, "Nothing had to be written", append(problems, http.StatusUnauthorized, http.StatusForbidden,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)...)
	created := *out["200"]
	created.Description = what
	out["201"] = &created
	return out
}

// withAsOf describes an answer that speaks of the state at an ordinal.
func withAsOf(described map[string]*huma.Response) map[string]*huma.Response {
	headers := described["200"].Headers
	headers[asOfHeader], headers["ETag"] = asOfDescription, tagDescription
	described["304"] = &huma.Response{Description: "The client has this answer already", Headers: maps.Clone(headers)}
	return described
}
