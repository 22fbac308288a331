// Package web shows Twinledger to people: an index of the education communities
// and the printable review of one community's term.
//
// The pages are made on the server from embedded templates and one stylesheet.
// They need no JavaScript and nothing from elsewhere, are written in Chinese
// with English beside it, and read the same on paper as on a screen: nothing is
// folded away. [RenderReview] makes the review's page without a server;
// [New] serves the pages.
//
// Every number of a review leads to its records, every record to its events and
// to the sheet and row where it was read. Names of people and sealed texts are
// laid over while the page is made, by an [Overlay] that knows what this reader
// may see.
package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"twinledger/domain/fault"
)

// A Config is what the pages are served from.
type Config struct {
	// Source answers what the pages ask.
	Source Source
	// Overlay returns what the sender of a request may see of names and sealed
	// texts. Without it nobody sees any.
	Overlay func(*http.Request) Overlay
	// Log takes what went wrong on our side. Without it nothing is logged.
	Log *slog.Logger
}

// What a request is refused with.
var (
	ErrNoPage = fault.New(fault.NotFound, "web.no-such-page",
		"没有这个网页；请从首页选择共同体和学期。", "There is no such page; choose a community and a term on the front page.")
	ErrReadOnly = fault.New(fault.Invalid, "web.read-only",
		"这些网页只供查看；登记和更正请用 twinledger 命令或接口。", "These pages only show; record and correct with the command twinledger or the API.")
)

type server struct {
	source  Source
	overlay func(*http.Request) Overlay
	log     *slog.Logger
}

// New returns the handler of the pages:
//
//	/                                 the index; ?as_of=, ?judged_on= and ?programme= are carried on to its links
//	/reviews/{community}/2017-2018/2  a review; ?as_of=, ?judged_on= and ?programme= ask another question
//	/reviews/{community}/{term}       the same, the term written as 2017—2018学年第二学期 or 2018年春季学期
//	/duplicates                       the records that are perhaps told twice; ?as_of= asks of another point
//	/static/…                         the stylesheet
//
// It is to be mounted at the root of its host. Every other path below it is
// answered with a page that says so.
func New(config Config) http.Handler {
	s := server{config.Source, config.Overlay, config.Log}
	if s.overlay == nil {
		s.overlay = func(*http.Request) Overlay { return NoNames }
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.Handle("/{$}", s.page(s.index))
	mux.Handle("/reviews/{community}/{year}/{number}", s.page(s.review))
	mux.Handle("/reviews/{community}/{term}", s.page(s.review))
	mux.Handle("/duplicates", s.page(s.duplicates))
	mux.Handle(stylesheetPath, http.HandlerFunc(serveStylesheet))
	mux.Handle("/", s.page(func(*http.Request) (page, error) { return page{}, ErrNoPage }))
	return secured(s.readOnly(mux))
}

// A page is a template with its data.
type page struct {
	template string
	data     any
}

// page adapts a page's maker to net/http. It is the only place where errors
// become answers, and the only one where they are logged.
func (s server) page(compose func(*http.Request) (page, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		p, err := compose(r)
		if err == nil {
			err = render(&body, p.template, p.data)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		answer(w, http.StatusOK, body.Bytes())
	})
}

// fail answers with a page that says what is wrong and what to do next. What is
// wrong on our side is logged and not shown. Of a request that is refused the log has the
// code and the route, and no value that the reader sent. A reader who went away gets no
// answer, and the log no error.
func (s server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := fault.As(err)
	switch {
	case ok && f.Kind != fault.Internal:
		s.log.WarnContext(r.Context(), "page refused", "code", f.Code, "method", method(r), "path", r.Pattern)
	case errors.Is(r.Context().Err(), context.Canceled):
		w.WriteHeader(statusReaderGone)
		return
	default:
		f = errOurs
		s.log.ErrorContext(r.Context(), "page failed", "method", method(r), "path", r.Pattern, "err", err)
	}
	status := statusOf(f)
	var body bytes.Buffer
	if err := render(&body, "failure.html", failureOf(status, f)); err != nil {
		s.log.ErrorContext(r.Context(), "page failed", "method", r.Method, "path", r.URL.Path, "err", err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	answer(w, status, body.Bytes())
}

// statusReaderGone is the status of a request whose reader went away; nobody reads it.
const statusReaderGone = 499

// method returns a method that may stand in the log; a client may send any word.
func method(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodPost {
		return r.Method
	}
	return "other"
}

// answer writes a page that no cache keeps: it may show names, and a newer
// record may change it.
func answer(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader who is gone needs no answer
}

func serveStylesheet(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(stylesheet)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write([]byte(stylesheet))
}

// readOnly refuses every method that could mean a change.
func (s server) readOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", "GET, HEAD")
		s.fail(w, r, ErrReadOnly)
	})
}

// secured sets the headers that let a browser load our stylesheet and nothing
// else, and keep the pages out of other sites' frames and referrers.
func secured(next http.Handler) http.Handler {
	headers := [][2]string{
		{"Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, h := range headers {
			w.Header().Set(h[0], h[1])
		}
		next.ServeHTTP(w, r)
	})
}
