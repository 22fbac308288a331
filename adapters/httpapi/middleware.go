package httpapi

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// longestAddress is the length of path and query beyond which a request is
// refused; every declared parameter at its longest stays far below.
const longestAddress = 8 << 10

// The headers that are the endpoint's own.
const (
	requestIDHeader = "X-Request-Id"
	asOfHeader      = "Twinledger-As-Of-Ordinal"
	sha256Header    = "Twinledger-Review-SHA256"
)

// tagsHeader is the one header of a request that is a list.
const tagsHeader = "If-None-Match"

type requestIDKey struct{}

// requestIDForm is what is taken over from a client: nothing that could forge a
// line of the log.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// identified gives the request its id, and the answer that id and the headers
// that keep a browser from making anything but data of it.
func (s *server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !requestIDForm.MatchString(id) {
			id = rand.Text()
		}
		header := w.Header()
		header.Set(requestIDHeader, id)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// logged writes one line for each request. It names the route and never path or
// query, whose values may hold names.
func (s *server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		watched := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			s.metrics.answered(method(r), chi.RouteContext(r.Context()).RoutePattern(), watched.Status(), time.Since(begun))
			s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("request_id", requestID(r.Context())), slog.String("method", method(r)),
				slog.String("route", chi.RouteContext(r.Context()).RoutePattern()), slog.Int("status", watched.Status()),
				slog.Int("bytes", watched.BytesWritten()), slog.Duration("took", time.Since(begun)))
		}()
		next.ServeHTTP(watched, r)
	})
}

// method returns a method that may stand in the log; a client may send any word.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return r.Method
	}
	return "other"
}

// recovered answers a panic with a 500 problem and logs its stack.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v) // net/http's own way to drop a connection
			}
			s.Log.ErrorContext(r.Context(), "panic", slog.String("request_id", requestID(r.Context())),
				slog.Any("value", v), slog.String("stack", string(debug.Stack())))
			if watched, ok := w.(middleware.WrapResponseWriter); ok && watched.Status() != 0 {
				panic(http.ErrAbortHandler) // half an answer must not look like a whole one
			}
			s.fail(w, r, fmt.Errorf("panic: %v", v))
		}()
		next.ServeHTTP(w, r)
	})
}

// limited bounds the request's time, its address and, of a query, to nothing its
// body.
func (s *server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case len(r.URL.Path)+len(r.URL.RawQuery) > longestAddress:
			s.fail(w, r, errAddressTooLong)
			return
		case reads && r.ContentLength != 0:
			s.fail(w, r, errBody)
			return
		}
		timeout := s.Timeout
		changes := r.Method == http.MethodPost && s.holdsSecret(r)
		if changes && strings.HasPrefix(r.URL.Path, importsPath) { // an import that is undone takes as long as one
			timeout = importTimeout
		}
		if changes && r.URL.Path == importsPath {
			if err := s.watchImport(w, r); err != nil {
				s.fail(w, r, err)
				return
			}
		} else {
			s.watchBody(w, r)
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// otherMethod answers OPTIONS with what is allowed and refuses the rest.
func otherMethod(s *server, router chi.Router) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if router.Match(chi.NewRouteContext(), method, r.URL.Path) {
				allowed = append(allowed, method)
				if method == http.MethodGet {
					allowed = append(allowed, http.MethodHead)
				}
			}
		}
		w.Header().Set("Allow", strings.Join(append(allowed, http.MethodOptions), ", "))
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.fail(w, r, errMethod)
	}
}
