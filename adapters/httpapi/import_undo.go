package httpapi

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/intake"
)

// An UndoOrder asks to undo a whole import.
type UndoOrder struct {
	intake.UndoOrder
	Actor string // opaque account id

	// Progress, if given, is called after each step; no request carries it.
	Progress func(done, total int)
}

// undoPath is the address at which an import is undone.
const undoPath = importsPath + "/{key}/undo"

// An undoJSON is the body of the request.
type undoJSON struct {
	Reason string `json:"reason" doc:"Why; it is sealed." example:"选错了文件"`
	DryRun bool   `json:"dry_run,omitempty" doc:"Only say what would become of what the import recorded." example:"true"`
}

type undoSent struct {
	Acting
	Key string `path:"key" pattern:"^import-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the import." example:"import-01980a6e-7c10-8000-8000-000000000006"`
}

// An undoneJSON is what the undoing of an import did, or would do.
type undoneJSON struct {
	intake.Undoing
	Token string `json:"token" doc:"Of the last record written, to be given as min_position; empty when nothing was." example:"czoxMjUw"`
}

func (s *server) undoOperations() {
	post(s, huma.Operation{
		OperationID: "undo-import", Path: undoPath, Tags: []string{"commands"},
		Summary: "撤销整次导入 Undo a whole import",
		Description: "What the import brought is voided, what it corrected or voided says again what it said before, and its file can be imported anew. " +
			"It is refused, and everything named, when something was built upon it since. Sent again it goes on where it was broken off.",
		RequestBody: &huma.RequestBody{Required: true, Description: "Why, and whether only to look",
			Content: map[string]*huma.MediaType{jsonType: {Schema: schemaOf[undoJSON](s)}}},
		Responses: written[undoneJSON](s, "What became of what the import recorded", http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity),
	}, s.undoImport)
}

func (s *server) undoImport(ctx context.Context, in *undoSent, r *http.Request) (reply, error) {
	if _, _, err := mediaType(r, jsonType); err != nil {
		return reply{}, err
	}
	raw, err := body(r, mostCommandBytes)
	if err != nil {
		return reply{}, err
	}
	var sent undoJSON
	if err := command.DecodeStrictly(raw, &sent); err != nil {
		return reply{}, err
	}
	done, err := s.CommandGateway.UndoImport(ctx, UndoOrder{UndoOrder: intake.UndoOrder{Import: in.Key, Reason: sent.Reason, DryRun: sent.DryRun}, Actor: in.actor()})
	if err != nil {
		return reply{}, err
	}
	answer, err := encoded(undoneJSON{done, TokenText(done.Token)})
	if done.Token != "" {
		answer.status = http.StatusCreated
	}
	return answer, err
}

// UndoImport sends the order to the program. Progress is not told.
func (c *Client) UndoImport(ctx context.Context, order UndoOrder) (intake.Undoing, error) {
	raw, err := event.Marshal(undoJSON{order.Reason, order.DryRun})
	if err != nil {
		return intake.Undoing{}, err
	}
	var answer undoneJSON
	path := strings.Replace(undoPath, "{key}", order.Import, 1)
	if err := c.ask(ctx, http.MethodPost, path, c.header(order.Actor, jsonType), bytes.NewReader(raw), &answer); err != nil {
		return intake.Undoing{}, err
	}
	c.appended(answer.Token)
	answer.Undoing.Token, err = tokenOf(answer.Token)
	return answer.Undoing, err
}
