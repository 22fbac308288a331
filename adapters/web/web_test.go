package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/web"
	"twinledger/domain/fault"
	"twinledger/domain/review"
	"twinledger/domain/seal"
)

// failing is a source that fails.
type failing struct{ err error }

func (f failing) Overview(context.Context, string, string) (web.Overview, error) {
	return web.Overview{}, f.err
}
func (failing) Programmes(context.Context) ([]web.Choice, error) { return nil, nil }
func (f failing) Duplicates(context.Context, string) (web.Duplicates, error) {
	return web.Duplicates{}, f.err
}
func (f failing) Review(context.Context, web.Question) (review.Review, error) {
	return review.Review{}, f.err
}

func get(t *testing.T, handler http.Handler, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
	return w
}

func TestServedPages(t *testing.T) {
	handler := web.New(web.Config{Source: &shelf{}})
	t.Run("the index", func(t *testing.T) {
		golden(t, "index.html", get(t, handler, "GET", "/?as_of=44&programme=zhaike").Body.String())
	})
	t.Run("what is perhaps told twice", func(t *testing.T) {
		body := get(t, handler, "GET", "/duplicates").Body.String()
		elements(t, body)
		golden(t, "duplicates.html", body)
	})
	t.Run("nothing is told twice", func(t *testing.T) {
		w := get(t, web.New(web.Config{Source: failing{}}), "GET", "/duplicates")
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "没有待判定的重复") {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	})
	t.Run("a failure", func(t *testing.T) {
		golden(t, "failure.html", get(t, handler, "GET", "/reviews/x/2017-2018/3").Body.String())
	})
	t.Run("nothing recorded yet", func(t *testing.T) {
		body := get(t, web.New(web.Config{Source: failing{}}), "GET", "/").Body.String()
		if !strings.Contains(body, "台账中还没有记录") || !strings.Contains(body, "还没有共同体") {
			t.Error("an empty ledger is not told")
		}
	})
	t.Run("a review", func(t *testing.T) {
		w := get(t, handler, "GET", reviewPath)
		_, sum, _ := everySituation().Bytes()
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), sum) || !strings.Contains(w.Body.String(), `href="/"`) {
			t.Errorf("got %d; the page must name the review's SHA-256 and lead home", w.Code)
		}
		elements(t, w.Body.String())
	})
	t.Run("only its head", func(t *testing.T) {
		if w := get(t, handler, "HEAD", reviewPath); w.Code != http.StatusOK || w.Header().Get("Content-Length") == "0" {
			t.Errorf("got %d with length %s", w.Code, w.Header().Get("Content-Length"))
		}
	})
}

func TestTheIndexLeadsToReviews(t *testing.T) {
	source := &shelf{}
	handler := web.New(web.Config{Source: source})
	index := get(t, handler, "GET", "/?as_of=2018-07-03&judged_on=2018-07-01&programme=zhaike").Body.String()
	href := regexp.MustCompile(`href="(/reviews/[^"]+)"`).FindStringSubmatch(index)
	if href == nil {
		t.Fatal("the index leads to no review")
	}
	if w := get(t, handler, "GET", strings.ReplaceAll(href[1], "&amp;", "&")); w.Code != http.StatusOK {
		t.Fatalf("%s: %d", href[1], w.Code)
	}
	if w := get(t, handler, "GET", "/reviews/%E6%B8%85%E6%B6%A7/2017-2018/1"); w.Code != http.StatusOK {
		t.Fatalf("by name: %d", w.Code)
	}
	if w := get(t, handler, "GET", "/reviews/%E6%B8%85%E6%B6%A7/"+url.PathEscape("2017—2018学年第二学期")); w.Code != http.StatusOK {
		t.Fatalf("by a written term: %d", w.Code)
	}
	want := []web.Question{
		{Community: key("community", 1), Term: "2017-2018/2", AsOf: "2018-07-03", JudgedOn: "2018-07-01", Programme: "zhaike"},
		{Community: "清涧", Term: "2017-2018/1"},
		{Community: "清涧", Term: "2017—2018学年第二学期"},
	}
	if diff := cmp.Diff(want, source.asked); diff != "" {
		t.Errorf("other questions were asked (-want +got):\n%s", diff)
	}
}

func TestTheFormKeepsTheQuestion(t *testing.T) {
	page := get(t, web.New(web.Config{Source: &shelf{}}), "GET", reviewPath+"?as_of=44&programme=own-plan").Body.String()
	for _, want := range []string{`action="` + reviewPath + `"`, `name="as_of" value="44"`, `value="own-plan" selected`, `value="zhaike">`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
}

func TestFailures(t *testing.T) {
	secret := errors.New("open /srv/ledger.db: permission denied")
	refusal := func(kind fault.Kind) error {
		return fmt.Errorf("ask: %w", fault.New(kind, "test.code", "请改问法。", "Ask otherwise.").With("community", "<b>清涧</b>").Because(secret))
	}
	tests := []struct {
		name, method, path string
		err                error
		status             int
		words              []string
		logged             bool
	}{
		{"no such page", "GET", "/nowhere", nil, 404, []string{"没有这个网页", "web.no-such-page"}, false},
		{"no such page below a review", "GET", reviewPath + "/more", nil, 404, []string{"web.no-such-page"}, false},
		{"an old stylesheet", "GET", "/static/0.css", nil, 404, []string{"web.no-such-page"}, false},
		{"a term that cannot be", "GET", "/reviews/x/2017-2018/3", nil, 400, []string{"学期应写作", "calendar.bad-term", "2017-2018/3"}, false},
		{"a change", "POST", reviewPath, nil, 405, []string{"只供查看", "web.read-only"}, false},
		{"a change of nothing", "DELETE", "/nowhere", nil, 405, []string{"web.read-only"}, false},
		{"malformed question", "GET", reviewPath, refusal(fault.Invalid), 400, []string{"请改问法。", "Ask otherwise.", "test.code", "&lt;b&gt;清涧"}, false},
		{"unknown community", "GET", reviewPath, refusal(fault.NotFound), 404, []string{"没有找到", "test.code"}, false},
		{"conflict", "GET", reviewPath, refusal(fault.Conflict), 409, []string{"test.code"}, false},
		{"refused", "GET", reviewPath, refusal(fault.Refused), 422, []string{"test.code"}, false},
		{"not now", "GET", reviewPath, refusal(fault.Unavailable), 503, []string{"test.code"}, false},
		{"our own fault with a code", "GET", reviewPath, refusal(fault.Internal), 500, []string{"服务器出错", "internal"}, true},
		{"broken disk", "GET", reviewPath, secret, 500, []string{"服务器出错", "Something went wrong", "internal"}, true},
		{"broken disk under the index", "GET", "/", secret, 500, []string{"服务器出错"}, true},
		{"the reader is gone", "GET", reviewPath, context.Canceled, 500, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			handler := web.New(web.Config{Source: failing{tt.err}, Log: slog.New(slog.NewTextHandler(&log, nil))})
			w := get(t, handler, tt.method, tt.path)
			body := w.Body.String()
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			for _, words := range tt.words {
				if !strings.Contains(body, words) {
					t.Errorf("the page lacks %q", words)
				}
			}
			if strings.Contains(body, "permission denied") || strings.Contains(body, "ask:") {
				t.Error("the page tells what is not for its reader")
			}
			if logged := strings.Contains(log.String(), "permission denied"); logged != tt.logged {
				t.Errorf("logged %v, want %v: %s", logged, tt.logged, log.String())
			}
			if w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", w.Header())
			}
			elements(t, body)
		})
	}
}

func TestAFailingOverlayIsOurFault(t *testing.T) {
	var log bytes.Buffer
	handler := web.New(web.Config{
		Source: &shelf{}, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Overlay: func(*http.Request) web.Overlay { return allowed{fails: errors.New("vault on fire")} },
	})
	w := get(t, handler, "GET", reviewPath)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "fire") || !strings.Contains(log.String(), "vault on fire") {
		t.Errorf("got %d, log %q", w.Code, log.String())
	}
}

func TestTheOverlayIsChosenByRequest(t *testing.T) {
	handler := web.New(web.Config{Source: &shelf{}, Overlay: func(r *http.Request) web.Overlay {
		if r.Header.Get("X-Account") == "inspector" {
			return allowed{}
		}
		return web.NoNames
	}})
	asked := httptest.NewRequestWithContext(t.Context(), "GET", reviewPath, nil)
	asked.Header.Set("X-Account", "inspector")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, asked)
	if !strings.Contains(w.Body.String(), teacherName) {
		t.Error("one who may see names sees none")
	}
	if body := get(t, handler, "GET", reviewPath).Body.String(); strings.Contains(body, teacherName) {
		t.Error("one who may not see names sees them")
	}
}

func TestHeaders(t *testing.T) {
	handler := web.New(web.Config{Source: &shelf{}})
	page := get(t, handler, "GET", reviewPath)
	sheet := regexp.MustCompile(`<link rel="stylesheet" href="(/static/[0-9a-f]+\.css)">`).FindStringSubmatch(page.Body.String())
	if sheet == nil || strings.Contains(page.Body.String(), "<style") {
		t.Fatal("a served page has its stylesheet elsewhere")
	}
	style := get(t, handler, "GET", sheet[1])
	if style.Code != http.StatusOK || style.Header().Get("Content-Type") != "text/css; charset=utf-8" ||
		style.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || style.Body.Len() == 0 {
		t.Errorf("stylesheet: %d %v", style.Code, style.Header())
	}
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":  "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	}
	for name, response := range map[string]*httptest.ResponseRecorder{
		"page": page, "stylesheet": style, "failure": get(t, handler, "GET", "/nowhere"), "refusal": get(t, handler, "POST", "/"),
	} {
		for header, value := range want {
			if got := response.Header().Get(header); got != value {
				t.Errorf("%s: %s is %q, want %q", name, header, got, value)
			}
		}
	}
	if allow := get(t, handler, "POST", "/").Header().Get("Allow"); allow != "GET, HEAD" {
		t.Errorf("Allow is %q", allow)
	}
	if retry := get(t, web.New(web.Config{Source: failing{seal.ErrNoKey}}), "GET", reviewPath).Header().Get("Retry-After"); retry != "" {
		t.Errorf("Retry-After is %q of what will not change", retry)
	}
	unavailable := fault.New(fault.Unavailable, "test.later", "稍后", "later")
	if retry := get(t, web.New(web.Config{Source: failing{unavailable}}), "GET", reviewPath).Header().Get("Retry-After"); retry == "" {
		t.Error("nobody says when to try again")
	}
}
