package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/httpapi"
	"twinledger/domain/fault"
)

const rebuildPath = "/api/v1/rebuild"

// sampleRebuild does every order there is and tells of one difference.
func sampleRebuild(_ context.Context, order httpapi.RebuildOrder) (httpapi.Rebuild, error) {
	phase, known := map[string]httpapi.RebuildPhase{"": httpapi.RebuildServed, "start": httpapi.RebuildBuilding, "cancel": httpapi.RebuildStopped,
		"go_back": httpapi.RebuildServed, "release": httpapi.RebuildServed}[order.Do]
	if !known {
		return httpapi.Rebuild{}, httpapi.UnknownOrder(order)
	}
	return httpapi.Rebuild{Phase: phase, Done: 12, Total: 22, LeftSeconds: 1, Ordinal: 22, Compared: true,
		Served: "generation-000002.sqlite", Former: "generation-000001.sqlite",
		Differences: []httpapi.TableDifference{{Table: "records", Rows: 15, Changed: 1, First: []httpapi.RowDifference{
			{Ordinal: 8, Key: lessonA, Was: `stage="reported"`, Is: `stage="confirmed"`}}}}}, nil
}

func TestAnOrderToRebuildIsCarriedOut(t *testing.T) {
	var got httpapi.RebuildOrder
	config := sample()
	config.Rebuilder = rebuilder(func(ctx context.Context, order httpapi.RebuildOrder) (httpapi.Rebuild, error) {
		got = order
		return sampleRebuild(ctx, order)
	})
	h := handler(t, config)
	d := served(t, h)
	for body, want := range map[string]httpapi.RebuildOrder{
		`{"do":"start"}`: {Do: "start"}, `{"do":"start","anew":true}`: {Do: "start", Anew: true}, `{"do":"cancel"}`: {Do: "cancel"},
		`{"do":"go_back"}`: {Do: "go_back"}, `{"do":"release"}`: {Do: "release"},
	} {
		d.checkRequest(t, rebuildPath, body)
		w := write(h, rebuildPath, body, "Idempotency-Key", "")
		if w.Code != http.StatusOK || got != want {
			t.Errorf("%s: %d %s, ordered %+v", body, w.Code, w.Body, got)
		}
		d.checkOf(t, "post", rebuildPath, w)
	}
	// Whoever asks orders nothing.
	if w := ask(h, "GET", rebuildPath); w.Code != http.StatusOK || got != (httpapi.RebuildOrder{}) {
		t.Errorf("asked: %d %s, ordered %+v", w.Code, w.Body, got)
	}
}

func TestOrdersToRebuildThatAreRefused(t *testing.T) {
	const start = `{"do":"start"}`
	failing := func(err error) func(*httpapi.Config) {
		return func(c *httpapi.Config) {
			c.Rebuilder = rebuilder(func(context.Context, httpapi.RebuildOrder) (httpapi.Rebuild, error) { return httpapi.Rebuild{}, err })
		}
	}
	unordered := func(c *httpapi.Config) {
		c.Rebuilder = rebuilder(func(_ context.Context, order httpapi.RebuildOrder) (httpapi.Rebuild, error) {
			t.Errorf("ordered %+v", order)
			return httpapi.Rebuild{}, nil
		})
	}
	running := fault.New(fault.Conflict, "sample.running", "正在重建。", "It is being built.")
	d := served(t, handler(t, sample()))
	for _, test := range []struct {
		name, target, body string // body "" asks
		header             []string
		change             func(*httpapi.Config)
		status             int
		code, detail       string
	}{
		{"without a credential", rebuildPath, start, []string{"Authorization", ""}, unordered, 401, "http.no-credential", "serve.json"},
		{"with another kind of credential", rebuildPath, start, []string{"Authorization", "Basic c2FtcGxl"}, unordered, 401, "http.no-credential", "Bearer"},
		{"with another secret", rebuildPath, start, []string{"Authorization", "Bearer sample-secrets"}, unordered, 401, "http.wrong-credential", "serve"},
		{"from another site's page", rebuildPath, start, []string{"Origin", "https://elsewhere.example"}, unordered, 403, "http.other-site", "网站"},
		{"as a form of a page", rebuildPath, start, []string{"Content-Type", "text/plain"}, unordered, 415, "http.media-type", "application/json"},
		{"unknown parameter", rebuildPath + "?colour=red", start, nil, unordered, 400, "query.parameters", "colour=unknown"},
		{"too large", rebuildPath, strings.Repeat(" ", 2<<10) + start, nil, unordered, 413, "http.body-too-large", "1024"},
		{"no JSON", rebuildPath, "start", nil, unordered, 400, "command.bad-body", "行 line 1"},
		{"no object", rebuildPath, `"start"`, nil, unordered, 400, "command.bad-body", "行 line 1"},
		{"a field that there is none of", rebuildPath, `{"do":"start","anwe":true}`, nil, unordered, 400, "command.bad-body", "anwe"},
		{"a field of another type", rebuildPath, `{"do":"start","anew":"yes"}`, nil, unordered, 400, "command.bad-body", "anew"},
		{"a field twice", rebuildPath, `{"do":"start","do":"release"}`, nil, unordered, 400, "command.field-twice", "do"},
		{"nothing to do", rebuildPath, `{"anew":true}`, nil, unordered, 400, "rebuild.bad-order", "go_back"},
		{"something else to do", rebuildPath, `{"do":"dance"}`, nil, nil, 400, "rebuild.bad-order", "dance"},
		{"one that runs", rebuildPath, start, nil, failing(running), 409, "sample.running", "正在重建。 / It is being built."},
		{"one that does not run", rebuildPath, `{"do":"cancel"}`, nil, failing(fault.New(fault.NotFound, "sample.not-running", "没有。", "None.")), 404, "sample.not-running", "没有。"},
		{"what a rule forbids", rebuildPath, start, nil, failing(fault.New(fault.Refused, "sample.rule", "规则不允许。", "A rule says no.")), 422, "sample.rule", "规则不允许"},
		{"a broken disk", rebuildPath, start, nil, failing(errors.New("disk /secret is broken")), 500, "http.internal", "日志"},
		{"asked with an unknown parameter", rebuildPath + "?colour=red", "", nil, unordered, 400, "query.parameters", "colour=unknown"},
		{"asked while it is away", rebuildPath, "", nil, failing(fault.New(fault.Unavailable, "sample.away", "稍后再试。", "Try again.")), 503, "sample.away", "稍后再试。"},
		{"asked of a broken disk", rebuildPath, "", nil, failing(errors.New("disk /secret is broken")), 500, "http.internal", "日志"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := sample()
			if test.change != nil {
				test.change(&config)
			}
			method, w := "get", (*httptest.ResponseRecorder)(nil)
			if test.body == "" {
				w = ask(handler(t, config), "GET", test.target)
			} else {
				method, w = "post", write(handler(t, config), test.target, test.body, test.header...)
			}
			refused(t, w, test.status, test.code, test.detail)
			d.checkOf(t, method, rebuildPath, w)
			if challenged := w.Header().Get("WWW-Authenticate") != ""; challenged != (test.status == 401) {
				t.Errorf("WWW-Authenticate is set: %v", challenged)
			}
		})
	}
}

// TestAClientOrdersARebuild sends orders over loopback: the rebuilder gets what was
// handed in, its answer and its faults come back as they were, and who only asks does
// not send the secret.
func TestAClientOrdersARebuild(t *testing.T) {
	var got httpapi.RebuildOrder
	var broken error
	config := sample()
	config.Rebuilder = rebuilder(func(ctx context.Context, order httpapi.RebuildOrder) (httpapi.Rebuild, error) {
		if got = order; broken != nil {
			return httpapi.Rebuild{}, broken
		}
		return sampleRebuild(ctx, order)
	})
	h, credential := handler(t, config), ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		credential = r.Header.Get("Authorization")
		h.ServeHTTP(w, r)
	}))
	defer server.Close()
	client, stranger := httpapi.NewClient(server.URL, "sample-secret"), httpapi.NewClient(server.URL, "another")
	conflict := fault.New(fault.Conflict, "sample.running", "正在重建。", "It is being built.").With("done", "12")
	for _, order := range []httpapi.RebuildOrder{{}, {Do: "start", Anew: true}, {Do: "cancel"}, {Do: "go_back"}, {Do: "release"}} {
		broken = nil
		want, err := sampleRebuild(t.Context(), order)
		if err != nil {
			t.Fatal(err)
		}
		state, err := client.Rebuild(t.Context(), order)
		if diff := cmp.Diff(want, state); err != nil || got != order || diff != "" {
			t.Errorf("%+v: %v, ordered %+v (-given +got):\n%s", order, err, got, diff)
		}
		if (credential == "") != (order.Do == "") {
			t.Errorf("%+v: sent %q", order, credential)
		}
		broken = conflict
		_, err = client.Rebuild(t.Context(), order)
		refusal, _ := fault.As(err)
		if diff := cmp.Diff(conflict, refusal); diff != "" {
			t.Errorf("%+v: fault (-given +got):\n%s", order, diff)
		}
		got = httpapi.RebuildOrder{}
		_, err = stranger.Rebuild(t.Context(), order)
		if refusal, _ := fault.As(err); order.Do != "" && (refusal == nil || refusal.Code != "http.wrong-credential" || got.Do != "") {
			t.Errorf("%+v of a stranger: %v, ordered %+v", order, err, got)
		}
	}
	server.Close()
	if _, err := client.Rebuild(t.Context(), httpapi.RebuildOrder{Do: "start"}); err == nil {
		t.Error("nobody is there, and the order is taken")
	}
}
