package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"twinledger/adapters/httpapi"
	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/projections"
	"twinledger/projections/records"
)

// A logBuffer may be written to and read at the same time.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// waiting returns a read model that answers nothing before the request ends.
func waiting(begun chan<- struct{}) rows[records.Row] {
	return func(ctx context.Context, _ projections.Query) ([]records.Row, error) {
		close(begun)
		<-ctx.Done()
		return nil, errors.New("interrupted")
	}
}

func TestARefusalLeavesALine(t *testing.T) {
	var log logBuffer
	config := sample()
	config.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	h := handler(t, config)
	ask(h, "GET", "/api/v1/lessons/lesson-"+id("ff"))
	ask(h, "GET", "/api/v1/lessons?subject=wanglaoshi&limit=0")
	ask(h, "POST", "/api/v1/commands")
	for _, line := range []string{
		"code=query.no-such-record status=404 method=GET path=/api/v1/lessons/{record}\n",
		"code=query.parameters status=400 method=GET path=/api/v1/lessons\n",
		"code=http.no-credential status=401 method=POST path=/api/v1/commands\n",
	} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("the log lacks %q:\n%s", line, log.String())
		}
	}
	if strings.Contains(log.String(), "wanglaoshi") || strings.Count(log.String(), `level=WARN msg="request refused"`) != 3 {
		t.Errorf("the log holds a value, or another level:\n%s", log.String())
	}
}

func TestAClientThatGoesAwayIsNoFailure(t *testing.T) {
	var log logBuffer
	config := sample()
	config.Log = slog.New(slog.NewTextHandler(&log, nil))
	begun := make(chan struct{})
	config.Registers.Rows = waiting(begun)
	h := handler(t, config)
	ctx, leave := context.WithCancel(t.Context())
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/api/v1/lessons", nil).WithContext(ctx))
	}()
	<-begun
	leave()
	<-answered
	if got := log.String(); strings.Contains(got, "WARN") || strings.Contains(got, "ERROR") || strings.Contains(got, "too-slow") || !strings.Contains(got, `msg="client gone"`) {
		t.Errorf("logged:\n%s", got)
	}
	numbers := ask(h, "GET", "/metrics").Body.String()
	if !strings.Contains(numbers, `twinledger_http_requests_total{method="GET",route="/api/v1/lessons",status="499"} 1`) || strings.Contains(numbers, `duration_seconds_count{method="GET",route="/api/v1/lessons"}`) {
		t.Errorf("measured:\n%s", numbers)
	}
}

// A program that stops ends the requests that run, and their clients are still there.
func TestARequestThatTheProgramEndsIsToldWhy(t *testing.T) {
	config := sample()
	begun := make(chan struct{})
	config.Registers.Rows = waiting(begun)
	h := handler(t, config)
	ctx, stop := context.WithCancelCause(t.Context())
	answer := make(chan *httptest.ResponseRecorder)
	go func() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/api/v1/lessons", nil).WithContext(ctx)
		r.Header.Set("X-Request-Id", "sample")
		h.ServeHTTP(w, r)
		answer <- w
	}()
	<-begun
	stop(fault.New(fault.Unavailable, "serve.stopping", "服务正在停止；请稍后再试。", "The service is stopping; try again later."))
	refused(t, <-answer, 503, "serve.stopping", "停止")
}

func TestWhatIsWrittenAndTimesOutMayBeRecorded(t *testing.T) {
	config := sample()
	config.Timeout = time.Millisecond
	desk := sampleDesk()
	desk.carryOut = func(ctx context.Context, _ command.Request) (command.Outcome, error) {
		<-ctx.Done()
		return command.Outcome{}, errors.New("append, outcome unknown")
	}
	config.CommandGateway = desk
	answer := write(handler(t, config), "/api/v1/commands", command1)
	refused(t, answer, 503, "http.may-be-recorded", "Idempotency-Key")
	if strings.Contains(answer.Body.String(), "ask for less") {
		t.Errorf("a command is told to ask for less: %s", answer.Body)
	}
}

// dial opens a connection to an endpoint over the network and sends text.
func dial(t *testing.T, config httpapi.Config, text string) (net.Conn, *logBuffer) {
	t.Helper()
	log := &logBuffer{}
	config.Log = slog.New(slog.NewTextHandler(log, nil))
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpapi.Server(handler(t, config), config.Log)
	server.Start()
	t.Cleanup(server.Close)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() }) //nolint:errcheck // it may be closed already
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn, log
}

func TestAnUploadThatHangsEnds(t *testing.T) {
	for name, contentType := range map[string]string{"body": "text/csv", "form": "multipart/form-data; boundary=x"} {
		t.Run(name, func(t *testing.T) {
			config := sample()
			config.UploadPause = 50 * time.Millisecond
			conn, _ := dial(t, config, "POST /api/v1/imports?file=a.csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "+config.Secret+
				"\r\nContent-Type: "+contentType+"\r\nContent-Length: 1000\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1,2")
			if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(conn)
			if err != nil || !strings.Contains(string(answer), "408 Request Timeout") || !strings.Contains(string(answer), "http.upload-too-slow") {
				t.Errorf("%v, answered:\n%s", err, answer)
			}
		})
	}
}

// The server stops waiting for a request's body after a while. That must not end a query
// whose answer takes longer.
func TestAQueryMayTakeLongerThanItsRequest(t *testing.T) {
	config := sample()
	read := config.Registers.Rows
	config.Registers.Rows = rows[records.Row](func(ctx context.Context, q projections.Query) ([]records.Row, error) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(300 * time.Millisecond):
			return read.Select(ctx, q)
		}
	})
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpapi.Server(handler(t, config), config.Log)
	server.Config.ReadTimeout = 50 * time.Millisecond
	server.Start()
	defer server.Close()
	answer, err := server.Client().Get(server.URL + "/api/v1/lessons")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	if answer.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(answer.Body)
		t.Errorf("answered %s: %s", answer.Status, body)
	}
}

func TestCommunitiesComeInPages(t *testing.T) {
	h := handler(t, sample())
	var names []string
	pages := 0
	for target := "/api/v1/communities?limit=1"; target != ""; pages++ {
		w := ask(h, "GET", target)
		var page struct {
			Items []struct{ Name string }
			Next  string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page.Items) != 1 {
			t.Fatalf("%v: %s", err, w.Body)
		}
		names = append(names, page.Items[0].Name)
		target, _, _ = strings.Cut(strings.TrimPrefix(w.Header().Get("Link"), "<"), ">")
		if (target == "") != (page.Next == "") {
			t.Errorf("the address of the next page is %q, its cursor %q", target, page.Next)
		}
	}
	if want := []string{"城关第一教育共同体", "河西教育共同体"}; !slices.Equal(names, want) || pages != 2 {
		t.Errorf("%d pages give %v, want %v", pages, names, want)
	}
	refused(t, ask(h, "GET", "/api/v1/communities?after=AAAA"), 400, "query.parameters", "after=unreadable")
}
