package httpapi

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// The addresses at which something is written.
const (
	commandsPath = "/api/v1/commands"
	importsPath  = "/api/v1/imports"
)

// The headers of a request to write.
const (
	idempotencyHeader = "Idempotency-Key"
	actorHeader       = "Twinledger-Actor"
)

// The limits of a command.
const (
	mostCommandBytes = 2 << 20 // a published plan travels with the text of its file
	mostKeyBytes     = 200
	defaultActor     = "clerk" // as on the command line
)

// Acting is the parameter of every request that writes.
type Acting struct {
	Actor string `header:"Twinledger-Actor" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" doc:"Opaque account id of whoever acts, never a name: letters, digits and . _ - only. Not given: clerk." example:"clerk-2"`
}

type commandSent struct {
	Acting
	Key string `header:"Idempotency-Key" required:"true" maxLength:"200" doc:"Any printable text of at most 200 bytes that the client makes for this command and sends again with it. The command's id follows from it and the actor." example:"7f1c0a4e-0b7e-4d57-9d7a-3a5c1c7e0f11"`
}

type commandWanted struct {
	Name string `path:"name" maxLength:"64" doc:"Name of the command." example:"lesson.report"`
}

// CommandJSON is one command as it is listed.
type CommandJSON struct {
	Name  string `json:"name" doc:"Its name." example:"lesson.report"`
	ZH    string `json:"zh" doc:"What it does, in Chinese." example:"登记一条课例"`
	EN    string `json:"en" doc:"The same in English." example:"report a lesson"`
	Kind  string `json:"kind" doc:"Kind of the record that it addresses." example:"lesson"`
	Opens bool   `json:"opens" doc:"It can open a record; then stream is left empty." example:"true"`
}

// A commandsJSON is all commands.
type commandsJSON struct {
	Items []CommandJSON `json:"items" doc:"The commands, ordered by name."`
}

// A commandExampleJSON is one command with a request to start from.
type commandExampleJSON struct {
	CommandJSON
	Example exampleJSON `json:"example" doc:"A request with every field of data filled that may be."`
}

// An exampleJSON is a request to start from.
type exampleJSON struct {
	Command  string   `json:"command" doc:"Name of the command." example:"lesson.report"`
	Stream   string   `json:"stream" doc:"Key of the record; empty for a command that opens one." example:""`
	Occurred string   `json:"occurred" doc:"When it happened." example:"day:2018-04-20"`
	Data     openJSON `json:"data" doc:"The command's own fields."`
}

// A requestJSON describes the body of a command for the document; it is read by
// [command.ParseRequest].
type requestJSON struct {
	ID          string   `json:"id,omitempty" doc:"UUID of the command, for a client that makes them; then Idempotency-Key is the same text." example:"01980a6e-7c10-7000-8000-00000000000a"`
	Command     string   `json:"command" doc:"Name of a command from /api/v1/commands." example:"lesson.report"`
	Stream      string   `json:"stream,omitempty" doc:"Key of the record that the command is about; empty for one that opens a record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Occurred    string   `json:"occurred,omitempty" doc:"When it happened, no more precisely than it is known; not given: unknown." example:"day:2018-04-18"`
	Unit        string   `json:"unit,omitempty" doc:"Key of the unit on whose behalf; empty for the county office." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Cause       string   `json:"cause,omitempty" doc:"Id of what led to it." example:"01980a6e-7c10-7000-8000-00000000000b"`
	Correlation string   `json:"correlation,omitempty" doc:"Id that one piece of work shares." example:"01980a6e-7c10-7000-8000-00000000000c"`
	Data        openJSON `json:"data" doc:"The command's own fields; see its example."`
}

// An openJSON is an object whose fields this document does not list.
type openJSON []byte

// MarshalJSON returns the object as it is.
func (o openJSON) MarshalJSON() ([]byte, error) { return o, nil }

// Schema returns the description.
func (openJSON) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// An outcomeJSON is what became of a command.
type outcomeJSON struct {
	Stream   string         `json:"stream" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Repeated bool           `json:"repeated" doc:"The command was carried out before; nothing was written now." example:"false"`
	Events   []happenedJSON `json:"events" doc:"What happened; empty when nothing had to."`
	Token    string         `json:"token" doc:"To be given as min_position to a query that must see it; empty when nothing happened." example:"czoxMjUw"`
}

// A happenedJSON is one event that a command made.
type happenedJSON struct {
	ID       string `json:"id" doc:"Id of the event." example:"01980a6e-7c10-5000-8000-000000000007"`
	Type     string `json:"type" doc:"Its type." example:"lesson.reported"`
	Stream   string `json:"stream" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Revision int64  `json:"revision" doc:"Its place among the record's events, from 0." example:"0"`
}

func (s *server) commandOperations() {
	get(s, huma.Operation{
		OperationID: "list-commands", Path: commandsPath, Tags: []string{"commands"},
		Summary:   "全部命令 All commands",
		Responses: responses[commandsJSON](s, "The commands"),
	}, s.listCommands)
	get(s, huma.Operation{
		OperationID: "get-command", Path: commandsPath + "/{name}", Tags: []string{"commands"},
		Summary:   "一个命令及样例 One command with an example",
		Responses: responses[commandExampleJSON](s, "The command", http.StatusNotFound),
	}, s.getCommand)
	post(s, huma.Operation{
		OperationID: "carry-out", Path: commandsPath, Tags: []string{"commands"},
		Summary: "提交一条命令 Carry out a command",
		Description: "All of a command's events are stored or none. Sent again with the same key and actor it has no further effect and is answered with what is stored; " +
			"the same key with another body, or an id that another actor used, is refused with 409 and the code command.reused.",
		RequestBody: &huma.RequestBody{Required: true, Description: "The command",
			Content: map[string]*huma.MediaType{jsonType: {Schema: schemaOf[requestJSON](s)}}},
		Responses: written[outcomeJSON](s, "It is carried out", http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity),
	}, s.carryOut)
}

// sendable returns the definitions that a person may use, ordered by name.
func (s *server) sendable() []command.Definition {
	var out []command.Definition
	for _, name := range slices.Sorted(maps.Keys(s.Definitions)) {
		if d := s.Definitions[name]; !d.Internal {
			out = append(out, d)
		}
	}
	return out
}

func wireCommand(d command.Definition) CommandJSON {
	return CommandJSON{d.Name, d.ZH, d.EN, d.Kind, d.Opens()}
}

func (s *server) listCommands(context.Context, *struct{}) (reply, error) {
	return encoded(commandsJSON{each(s.sendable(), wireCommand)})
}

func (s *server) getCommand(_ context.Context, in *commandWanted) (reply, error) {
	d, known := s.Definitions[in.Name]
	if !known || d.Internal {
		return reply{}, errNoCommand.With("command", in.Name)
	}
	data, err := event.Marshal(d.Example())
	if err != nil {
		return reply{}, err
	}
	example := exampleJSON{Command: d.Name, Occurred: "day:2018-04-20", Data: data}
	if !d.Opens() {
		example.Stream = d.Kind + "-00000000-0000-0000-0000-000000000000"
	}
	return encoded(commandExampleJSON{wireCommand(d), example})
}

// What a request to write is refused with.
var (
	errNoCommand = fault.New(fault.NotFound, "command.not-listed",
		"没有这个命令；可用命令见 /api/v1/commands。", "There is no such command; see /api/v1/commands.")
	errOtherID = fault.New(fault.Invalid, "command.id-not-key",
		"id 与 Idempotency-Key 不一致；请写成相同，或去掉 id。", "id and Idempotency-Key differ; make them the same, or leave id out.")
	errBodyTooLarge = refusal{status: http.StatusRequestEntityTooLarge, fault: fault.New(fault.Invalid, "http.body-too-large",
		"正文过大；请拆分后再提交。", "The body is too large; split it.")}
	errBodyBroken = fault.New(fault.Invalid, "http.body-broken",
		"正文没有收完整；请重新提交。", "The body did not arrive whole; send it again.")
)

func (s *server) carryOut(ctx context.Context, in *commandSent, r *http.Request) (reply, error) {
	if err := checkKey(in.Key); err != nil {
		return reply{}, err
	}
	if _, _, err := mediaType(r, jsonType); err != nil {
		return reply{}, err
	}
	raw, err := body(r, mostCommandBytes)
	if err != nil {
		return reply{}, err
	}
	req, err := command.ParseRequest(raw, s.Definitions)
	if err != nil {
		return reply{}, err
	}
	req.Actor = in.actor()
	switch req.ID {
	case "":
		req.ID = s.CommandID(req.Actor, in.Key)
	case in.Key:
	default:
		return reply{}, errOtherID.With("id", req.ID)
	}
	done, err := s.CommandGateway.CarryOut(ctx, req)
	if err != nil {
		return reply{}, err
	}
	answer, err := encoded(outcomeJSON{Stream: done.Stream, Repeated: done.Repeated, Events: each(done.Events, wireHappened), Token: TokenText(done.Token)})
	if !done.Repeated && len(done.Events) > 0 {
		answer.status = http.StatusCreated
	}
	return answer, err
}

func wireHappened(e event.Event) happenedJSON {
	return happenedJSON{e.ID, e.Type, e.Key(), e.Revision}
}

func (a Acting) actor() string {
	if a.Actor == "" {
		return defaultActor
	}
	return a.Actor
}

// checkKey refuses an Idempotency-Key that is longer in bytes, or not printable.
func checkKey(key string) error {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case len(key) > mostKeyBytes:
		return badParameters([]fieldJSON{{idempotencyHeader, "header", "too_long", "最多 200 字节", "At most 200 bytes."}})
	case strings.ContainsFunc(key, unprintable):
		return badParameters([]fieldJSON{{idempotencyHeader, "header", "unreadable", "应为可打印的文本", "Write printable text."}})
	}
	return nil
}

// body reads a request's body, which may have so many bytes.
func body(r *http.Request, most int64) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, most))
	if err != nil {
		return nil, bodyFault(err)
	}
	return raw, nil
}

// bodyFault returns what reading a body failed with as the client may know it.
func bodyFault(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		refused := errBodyTooLarge
		refused.fault = refused.fault.With("most_bytes", tooLarge.Limit)
		return refused
	}
	if errors.Is(err, errUploadTooSlow.fault) || errors.Is(err, os.ErrDeadlineExceeded) {
		return errUploadTooSlow
	}
	return errBodyBroken.Because(err)
}

func schemaOf[T any](s *server) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}
