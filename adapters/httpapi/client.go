package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// A Client is the [CommandGateway] of the program that answers at an address. What it is
// refused with are the faults that the other program refused with; every other
// error means that the other program could not be reached or understood. It is
// for one goroutine.
type Client struct {
	address string // http://host:port
	secret  string
	last    string // token of the last thing appended, "" before the first
	http    *http.Client
}

// NewClient returns the client of the program at address, such as
// http://127.0.0.1:8480, which has told its secret. It goes there directly,
// whatever proxies the environment names, and follows no redirects: the secret
// is for that program only.
func NewClient(address, secret string) *Client {
	return &Client{address: address, secret: secret, http: &http.Client{
		Transport:     &http.Transport{Proxy: nil},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Ledger returns the id of the ledger that the program has. It does not send the
// secret.
func (c *Client) Ledger(ctx context.Context) (string, error) {
	state, err := c.Status(ctx)
	return state.Ledger, err
}

// Status returns how far the program's ledger and read models are, without what was
// counted since it started. It does not send the secret.
func (c *Client) Status(ctx context.Context) (State, error) {
	var status statusJSON
	err := c.ask(ctx, http.MethodGet, "/api/v1/status", nil, nil, &status)
	state := State{Ledger: status.Ledger, Head: status.HeadOrdinal}
	for i, p := range status.Projectors {
		if i == 0 {
			state.Reached = p.Ordinal
		}
		state.Projectors = append(state.Projectors, Projector{Name: p.Name, Ordinal: p.Ordinal, Stopped: p.Stopped})
	}
	return state, err
}

// Await returns when the program's read models hold what this client appended,
// or with the fault for which they do not.
func (c *Client) Await(ctx context.Context) error {
	if c.last == "" {
		return nil
	}
	return c.ask(ctx, http.MethodGet, "/api/v1/status?"+url.Values{positionParameter: {c.last}}.Encode(), nil, nil, &statusJSON{})
}

// CarryOut sends a command under its own id.
func (c *Client) CarryOut(ctx context.Context, req command.Request) (command.Outcome, error) {
	sent := struct {
		command.Request
		Data any `json:"data"`
	}{req, req.Body}
	raw, err := event.Marshal(sent)
	if err != nil {
		return command.Outcome{}, fmt.Errorf("encode command %s: %w", req.Name, err)
	}
	header := c.header(req.Actor, jsonType)
	header.Set(idempotencyHeader, req.ID)
	var answer outcomeJSON
	if err := c.ask(ctx, http.MethodPost, commandsPath, header, bytes.NewReader(raw), &answer); err != nil {
		return command.Outcome{}, err
	}
	token, err := tokenOf(answer.Token)
	if err != nil {
		return command.Outcome{}, err
	}
	c.appended(answer.Token)
	done := command.Outcome{Stream: answer.Stream, Token: token, Repeated: answer.Repeated}
	for _, e := range answer.Events {
		done.Events = append(done.Events, event.Event{Envelope: event.Envelope{ID: e.ID, Type: e.Type, Stream: e.Stream, Revision: e.Revision}})
	}
	return done, nil
}

// ErrImportUnanswered says that the program which holds the folder went away, or
// answered nothing that can be understood, while it had the file.
var ErrImportUnanswered = fault.New(fault.Unavailable, "import.unanswered",
	"正在运行的 serve 没有答复，导入到哪一行不清楚；请确认它在运行（或已停止），再次导入同一文件即可继续，已入账的行不会重复。",
	"The serve that is running did not answer, and it is not known how far the import came. Check that it runs, or is stopped, and import the same file again to continue; rows that were recorded are not recorded twice.")

// Import sends a file. Progress is not told.
func (c *Client) Import(ctx context.Context, order ImportOrder) (ImportReport, error) {
	form, contentType, err := formOf(order)
	if err != nil {
		return ImportReport{}, err
	}
	query := url.Values{"file": {order.File}}
	var report ImportReport
	err = c.ask(ctx, http.MethodPost, importsPath+"?"+query.Encode(), c.header(order.Actor, contentType), form, &report)
	if broken, ok := err.(*brokenOff); ok { //nolint:errorlint // ask returns it bare
		report, err = broken.report, broken.err
	} else if _, refused := fault.As(err); err != nil && !refused && ctx.Err() == nil {
		err = ErrImportUnanswered.Because(err)
	}
	c.appended(report.Token)
	return report, err
}

func formOf(order ImportOrder) (io.Reader, string, error) {
	options, err := event.Marshal(order.ImportOptions)
	if err != nil {
		return nil, "", fmt.Errorf("encode import options: %w", err)
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	// The file's name goes as a parameter: a part's name cannot hold every text.
	for _, part := range []struct {
		name, contentType string
		content           []byte
	}{{optionsPart, jsonType, options}, {filePart, anyFileType, order.Content}} {
		header := textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"`, part.name)}, "Content-Type": {part.contentType},
		}
		out, err := w.CreatePart(header)
		if err == nil {
			_, err = out.Write(part.content)
		}
		if err != nil {
			return nil, "", fmt.Errorf("encode import: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", fmt.Errorf("encode import: %w", err)
	}
	return &form, w.FormDataContentType(), nil
}

func (c *Client) appended(token string) {
	if token != "" {
		c.last = token
	}
}

// header returns the headers of a request to write.
func (c *Client) header(actor, contentType string) http.Header {
	return http.Header{"Authorization": {"Bearer " + c.secret}, actorHeader: {actor}, "Content-Type": {contentType}}
}

// ask sends a request and decodes what it is answered with; a problem is
// returned as the fault that it is.
func (c *Client) ask(ctx context.Context, method, target string, header http.Header, body io.Reader, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.address+target, body)
	if err != nil {
		return fmt.Errorf("ask %s: %w", c.address, err)
	}
	if header != nil {
		r.Header = header
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask %s: %w", c.address, err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return fmt.Errorf("read answer of %s: %w", c.address, err)
	}
	if answer.StatusCode < http.StatusBadRequest {
		if err := json.Unmarshal(raw, into); err != nil {
			return fmt.Errorf("read answer of %s: %w", c.address, err)
		}
		return nil
	}
	return c.problem(answer, raw)
}

// problem returns the fault of a refusal.
func (c *Client) problem(answer *http.Response, raw []byte) error {
	var problem struct {
		FaultJSON
		Report *ImportReport `json:"report"`
	}
	if answer.Header.Get("Content-Type") != problemType || json.Unmarshal(raw, &problem) != nil || problem.Code == "" {
		return fmt.Errorf("%s answered %s", c.address, answer.Status)
	}
	if problem.Report != nil {
		return &brokenOff{*problem.Report, problem.Fault()}
	}
	return problem.Fault()
}
