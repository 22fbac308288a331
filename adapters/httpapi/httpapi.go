// Package httpapi is the HTTP endpoint: boards, registers, journal, term reviews
// and status under /api/v1, commands and imports there too, and what an operator's
// tools ask for at the root. [Client] is the other end of what writes.
//
// Whoever reaches the address may ask. Whoever writes sends the secret of the
// running program, and no page of another site may.
//
// What it answers is described by the OpenAPI 3.1 document that it serves at
// /openapi.json and /openapi.yaml. The JSON is a promise of its own: rows of read
// models may change, the wire structs may only grow. People appear as ids only;
// whoever may see names lays them over elsewhere.
//
// Every refusal is an RFC 9457 problem. One function, status, maps the kinds of
// faults to HTTP; causes go to the log and never to the client.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/review"
	"twinledger/projections"
	"twinledger/projections/duplicates"
	"twinledger/projections/imports"
	"twinledger/projections/journal"
	"twinledger/projections/registers"
)

// A Question asks for one term review, as the client wrote it.
type Question struct {
	Community string // key, name, or a part of the name that fits one community
	Term      string // as [calendar.ReadTerm] reads it
	AsOf      string // as [AsOf] reads it
	JudgedOn  string // day after which nothing has taken place; "" means the day of AsOf, else today
	Programme string // code of a published programme; "" for the one in force
}

// A Reviewer computes term reviews. It is safe for concurrent use.
type Reviewer interface {
	// Review returns the review that q asks for, as it was known at the ordinal
	// that q.AsOf means. What it refuses with is shown: Invalid for a term or
	// as-of that cannot be read, NotFound for a community or programme that is
	// not there, Unavailable while the facts have not reached that ordinal.
	Review(ctx context.Context, q Question) (review.Review, error)
}

// An AsOf reads a point in the ledger's history. It is safe for concurrent use.
type AsOf interface {
	// Ordinal returns the ordinal that asOf means: 0, the newest, for "";
	// an ordinal itself; for an RFC 3339 instant the last record recorded by
	// then; a bare day means its end at +08:00. Everything else is Invalid.
	Ordinal(ctx context.Context, asOf string) (uint64, error)

	// JudgedOn returns the day by which it is judged what has taken place: the
	// day given, else the day of asOf, else today at +08:00. What is no day is
	// Invalid.
	JudgedOn(ctx context.Context, given, asOf string) (calendar.Day, error)
}

// A Status tells how far the ledger and its read models are. It is safe for
// concurrent use.
type Status interface {
	// Status returns the state at the moment. It reads the head after the
	// projectors' checkpoints, so that none of them lies beyond it.
	Status(ctx context.Context) (State, error)
}

// A State is how far the ledger and its read models are.
type State struct {
	Ledger     string // id of the ledger
	Head       uint64 // ordinal of its last record; 0 while it is empty
	Appended   uint64 // records appended since the program started
	Reached    uint64 // ordinal that the read models which are served have reached
	Projectors []Projector
}

// A Projector is how far one generation of the read models is.
type Projector struct {
	Name    string
	Ordinal uint64 // of the last record applied
	Applied uint64 // records applied since the program started
	Stopped string // why it stopped, in words that may be shown; "" while it follows
}

// Config is what the endpoint answers from. All ports must be given.
type Config struct {
	Registers      registers.Reader
	Duplicates     duplicates.Reader
	Imports        projections.Rows[imports.Row]
	Journal        journal.Index
	Reviewer       Reviewer
	AsOf           AsOf
	Status         Status
	Follower       Follower
	CommandGateway CommandGateway
	Rebuilder      Rebuilder

	Definitions map[string]command.Definition  // of the commands, by name
	CommandID   func(actor, key string) string // a command's id, always the same for an actor and an Idempotency-Key; never to be guessed
	Secret      string                         // what a request to write must bring

	// Ready returns nil when queries may be sent here, else why not: a fault's
	// message is shown, any other error is only logged.
	Ready func(ctx context.Context) error

	Log     *slog.Logger
	Version string        // of the program; shown
	Timeout time.Duration // for one request; 0 means 30 seconds

	UploadPause time.Duration // how long a file to import may stop arriving; 0 means 30 seconds
}

// defaultTimeout is long enough for the review of a large community on a slow
// disk and short enough that a stuck disk does not gather requests without end.
const defaultTimeout = 30 * time.Second

// readTimeout is how long a request may take to arrive, but for a file to import.
const readTimeout = 15 * time.Second

// A server holds what the handlers share.
type server struct {
	Config
	api      huma.API
	origins  *http.CrossOriginProtection
	metrics  *metrics
	patterns map[string]*regexp.Regexp // of declared parameters; only read after New
}

// New returns the endpoint's handler, which answers at /api/v1, /livez, /readyz,
// /metrics, /openapi.json and /openapi.yaml and with a 404 problem everywhere
// else. It is safe for concurrent use. It fails only when a port is missing.
func New(config Config) (http.Handler, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	if config.Timeout == 0 {
		config.Timeout = defaultTimeout
	}
	s := &server{Config: config, patterns: map[string]*regexp.Regexp{}, origins: http.NewCrossOriginProtection()}
	s.metrics = newMetrics(config.Status)
	router := chi.NewRouter()
	router.Use(s.identified, s.logged, s.recovered, s.limited, middleware.GetHead)
	router.NotFound(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNoAddress) })
	router.MethodNotAllowed(otherMethod(s, router))
	router.Method(http.MethodGet, metricsPath, s.metrics.handler())
	s.api = humachi.New(router, describe(config.Version))
	s.operations()
	s.serveDescription(router)
	return router, nil
}

func (c Config) check() error {
	for _, port := range []struct {
		name  string
		given bool
	}{
		{"Registers", c.Registers.Rows != nil}, {"Duplicates", c.Duplicates.Records != nil && c.Duplicates.Decisions != nil},
		{"Imports", c.Imports != nil}, {"Journal", c.Journal != nil}, {"Reviewer", c.Reviewer != nil},
		{"AsOf", c.AsOf != nil}, {"Status", c.Status != nil}, {"Ready", c.Ready != nil}, {"Log", c.Log != nil},
		{"Follower", c.Follower != nil}, {"CommandGateway", c.CommandGateway != nil}, {"Rebuilder", c.Rebuilder != nil}, {"Definitions", c.Definitions != nil},
		{"CommandID", c.CommandID != nil}, {"Secret", c.Secret != ""},
	} {
		if !port.given {
			return fmt.Errorf("make HTTP endpoint: %s is not given", port.name)
		}
	}
	return nil
}

// Server returns an HTTP server for handlers like New's, with the limits that a
// server on a shared network needs: on headers, on slow clients and on idle
// connections. The caller sets address or listener, and stops it.
func Server(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       readTimeout,
		WriteTimeout:      defaultTimeout + 30*time.Second, // an answer's bytes follow a full request's time
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
