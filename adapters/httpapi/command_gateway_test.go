package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/httpapi"
	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

// A deskOf is a desk made of functions.
type deskOf struct {
	carryOut func(context.Context, command.Request) (command.Outcome, error)
	take     func(context.Context, httpapi.ImportOrder) (httpapi.ImportReport, error)
	undo     func(context.Context, httpapi.UndoOrder) (intake.Undoing, error)
}

func (d deskOf) UndoImport(ctx context.Context, order httpapi.UndoOrder) (intake.Undoing, error) {
	return d.undo(ctx, order)
}

func (d deskOf) CarryOut(ctx context.Context, req command.Request) (command.Outcome, error) {
	return d.carryOut(ctx, req)
}

func (d deskOf) Import(ctx context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
	return d.take(ctx, order)
}

// sampleDesk carries out every command once and reports one row of every file.
func sampleDesk() deskOf {
	var mu sync.Mutex
	seen := map[string]bool{}
	return deskOf{
		carryOut: func(_ context.Context, req command.Request) (command.Outcome, error) {
			mu.Lock()
			defer mu.Unlock()
			again := seen[req.ID]
			seen[req.ID] = true
			e := event.Event{Envelope: event.Envelope{ID: id("e1"), Type: "lesson.reported", Stream: event.StreamName("k3m7x2qdtf", lessonA)}}
			return command.Outcome{Stream: lessonA, Events: []event.Event{e}, Token: "s:15", Repeated: again}, nil
		},
		take: func(_ context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
			return reportOf(order), nil
		},
	}
}

// reportOf is the report of a file with a row of every outcome.
func reportOf(order httpapi.ImportOrder) httpapi.ImportReport {
	wrong := reading.ErrRowTooLarge.With("n", 7).At(fault.Place{File: order.File, Sheet: "送课", Row: 3, Column: "内容", Value: "长"})
	line := func(row int, outcome intake.Outcome, record string) intake.Line {
		return intake.Line{Outcome: outcome, Record: record, Plan: intake.RowPlan{
			Table: &reading.Table{SheetName: "送课"}, Row: reading.Row{TableRow: reading.TableRow{Number: row}, Occurred: "day:2018-04-18"}, Outcome: outcome,
			Statements: []reading.Statement{{Kind: "lesson"}}}}
	}
	lines := []intake.Line{line(2, intake.Recorded, lessonA), line(3, intake.Held, ""), line(4, intake.Already, lessonB), line(5, intake.Incomplete, lessonC), line(6, intake.Pending, "")}
	lines[1].Plan.Problems = []error{wrong, errors.New("broken")}
	lines[2].First = &record.Source{Import: "import-" + id("71"), Sheet: 0, Row: 9}
	lines[3].Plan.Unknowns, lines[3].LikelyTwice, lines[3].Part = []record.Unknown{record.UnknownDay}, []string{"row 2"}, true
	r := intake.Report{Import: "import-" + id("72"), Source: "source-" + id("73"), Lines: lines, Added: 3, Token: "s:20", Warnings: []error{wrong},
		Tables: []reading.Table{{Form: reading.Activity, SheetName: "送课", Columns: []reading.Column{{Heading: "日期", Name: "日期"}, {Heading: "备用"}},
			Frames: []reading.Frame{{Number: 9, What: "signature", Text: "填表人:"}}}},
		Questions: []reading.Question{{Number: 1, Key: "word/类别/走教", Code: "word", ZH: "类别“走教”是什么？", EN: "What is the 类别 “走教”?", Column: "类别", Written: "走教",
			Rows: []reading.RowAt{{SheetName: "送课", At: 3}}, Count: 1, Choices: []reading.Choice{{Letter: "a", Value: "送课", ZH: "送课", EN: "outreach lesson"}}, Free: true, Suggested: "a"}}}
	if order.DryRun {
		r.Token = ""
	}
	return httpapi.ReportOf(order, r, func(string) (intake.Label, bool) {
		return intake.Label{File: "旧.xlsx", Sheets: []string{"送课"}}, true
	})
}

const command1 = `{"command": "lesson.void", "stream": "` + "lesson-01980a6e-7c10-7000-8000-000000000051" + `", "occurred": "day:2018-04-20", "data": {"reason": "重复"}}`

// write sends a request that may write, with further headers; an empty one takes
// a header away.
func write(h http.Handler, target, body string, header ...string) *httptest.ResponseRecorder {
	return writeWith(h, target, body, func(sent http.Header) {
		for i := 0; i < len(header); i += 2 {
			sent.Set(header[i], header[i+1])
			if header[i+1] == "" {
				sent.Del(header[i])
			}
		}
	})
}

// writeWith sends a request that may write after change has had its headers.
func writeWith(h http.Handler, target, body string, change func(http.Header)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	for name, value := range map[string]string{"X-Request-Id": "sample", "Authorization": "Bearer sample-secret", "Content-Type": "application/json", "Idempotency-Key": "one"} {
		r.Header.Set(name, value)
	}
	change(r.Header)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestACommandIsCarriedOut(t *testing.T) {
	h := handler(t, sample())
	d := served(t, h)
	w := write(h, "/api/v1/commands", command1)
	if w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	d.checkRequest(t, "/api/v1/commands", command1)
	d.checkOf(t, "post", "/api/v1/commands", w)
	golden(t, "outcome.json", w.Body.Bytes())

	again := write(h, "/api/v1/commands", command1)
	d.checkOf(t, "post", "/api/v1/commands", again)
	if again.Code != http.StatusOK || again.Body.String() != strings.Replace(w.Body.String(), `"repeated":false`, `"repeated":true`, 1) {
		t.Errorf("sent again: %d %s", again.Code, again.Body)
	}
	for situation, header := range map[string][]string{
		"another key": {"Idempotency-Key", "two"}, "another actor": {"Twinledger-Actor", "clerk-2"},
	} {
		if w := write(h, "/api/v1/commands", command1, header...); w.Code != http.StatusCreated {
			t.Errorf("%s is another command: %d %s", situation, w.Code, w.Body)
		}
	}
}

func TestACommandReachesTheDeskAsSent(t *testing.T) {
	var got command.Request
	config := sample()
	config.CommandGateway = deskOf{carryOut: func(_ context.Context, req command.Request) (command.Outcome, error) {
		got = req
		return command.Outcome{Stream: req.Stream}, nil
	}}
	h := handler(t, config)
	body := `{"id": "` + id("91") + `", "command": "lesson.void", "stream": "` + lessonA + `", "occurred": "day:2018-04-20", "unit": "` + core + `", "cause": "` + id("92") + `", "correlation": "c", "data": {"reason": "重复"}}`
	served(t, h).checkRequest(t, "/api/v1/commands", body)
	w := write(h, "/api/v1/commands", body, "Idempotency-Key", id("91"), "Twinledger-Actor", "clerk-7-7")
	if w.Code != http.StatusOK || got.ID != id("91") || got.Actor != "clerk-7-7" || got.Name != "lesson.void" || got.Stream != lessonA ||
		got.Occurred != "day:2018-04-20" || got.Unit != core || got.Cause != id("92") || got.Correlation != "c" || got.Body == nil {
		t.Errorf("%d %s: got %+v", w.Code, w.Body, got)
	}
}

func TestRequestsToWriteThatAreRefused(t *testing.T) {
	failing := func(err error) func(*httpapi.Config) {
		return func(c *httpapi.Config) {
			c.CommandGateway = deskOf{
				carryOut: func(context.Context, command.Request) (command.Outcome, error) { return command.Outcome{}, err },
				take: func(_ context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
					return httpapi.ReportOf(order, intake.Report{}, nil), err
				},
			}
		}
	}
	const commands, imports = "/api/v1/commands", "/api/v1/imports"
	d := served(t, handler(t, sample()))
	for _, test := range []struct {
		name, path, target, body string
		header                   []string
		change                   func(*httpapi.Config)
		status                   int
		code, detail             string
	}{
		{"without a credential", commands, commands, command1, []string{"Authorization", ""}, nil, 401, "http.no-credential", "serve.json"},
		{"with another kind of credential", commands, commands, command1, []string{"Authorization", "Basic c2FtcGxl"}, nil, 401, "http.no-credential", "Bearer"},
		{"with another secret", commands, commands, command1, []string{"Authorization", "Bearer sample-secrets"}, nil, 401, "http.wrong-credential", "serve"},
		{"import without a credential", imports, imports + "?file=a.csv", "x", []string{"Authorization", "", "Content-Type", "text/csv"}, nil, 401, "http.no-credential", "Bearer"},
		{"from another site's page", commands, commands, command1, []string{"Origin", "https://elsewhere.example"}, nil, 403, "http.other-site", "网站"},
		{"from another site's page as the browser says", commands, commands, command1, []string{"Sec-Fetch-Site", "cross-site"}, nil, 403, "http.other-site", "网站"},
		{"as a form of a page", commands, commands, command1, []string{"Content-Type", "text/plain"}, nil, 415, "http.media-type", "application/json"},
		{"without a media type", commands, commands, command1, []string{"Content-Type", ""}, nil, 415, "http.media-type", "application/json"},
		{"without a key", commands, commands, command1, []string{"Idempotency-Key", ""}, nil, 400, "query.parameters", "Idempotency-Key=missing"},
		{"with a key of many characters", commands, commands, command1, []string{"Idempotency-Key", strings.Repeat("k", 201)}, nil, 400, "query.parameters", "Idempotency-Key=too_long"},
		{"with a key of many bytes", commands, commands, command1, []string{"Idempotency-Key", strings.Repeat("钥", 67)}, nil, 400, "query.parameters", "Idempotency-Key=too_long"},
		{"with a key that cannot be printed", commands, commands, command1, []string{"Idempotency-Key", "a\u200bb"}, nil, 400, "query.parameters", "Idempotency-Key=unreadable"},
		{"with an id that is not the key", commands, commands, strings.Replace(command1, "{", `{"id": "`+id("91")+`", `, 1), nil, nil, 400, "command.id-not-key", "id"},
		{"unknown parameter", commands, commands + "?colour=red", command1, nil, nil, 400, "query.parameters", "colour=unknown"},
		{"no JSON", commands, commands, "{\n  \"command\": ]", nil, nil, 400, "command.bad-body", "行 line 2"},
		{"unknown field", commands, commands, strings.Replace(command1, "{", "{\n \"colour\": 1,", 1), nil, nil, 400, "command.bad-body", "colour"},
		{"unknown field of the data", commands, commands, strings.Replace(command1, `"reason"`, "\n\"raeson\"", 1), nil, nil, 400, "command.bad-body", "行 line 2，列 column 1"},
		{"a field twice", commands, commands, strings.Replace(command1, "{", "{\n \"stream\": \"\",", 1), nil, nil, 400, "command.field-twice", "stream"},
		{"options with a field twice", imports, imports, "--b\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{\"dry_run\":true,\"dry_run\":false}\r\n--b--\r\n", []string{"Content-Type", "multipart/form-data; boundary=b"}, nil, 400, "command.field-twice", "dry_run"},
		{"unknown command", commands, commands, `{"command": "lesson.dream", "data": {}}`, nil, nil, 400, "command.unknown", "lesson.dream"},
		{"inner command", commands, commands, `{"command": "row.take", "data": {}}`, nil, nil, 400, "command.unknown", "row.take"},
		{"too large", commands, commands, strings.Replace(command1, "重复", strings.Repeat("x", 2<<20), 1), nil, nil, 413, "http.body-too-large", "2097152"},
		{"refused by a rule", commands, commands, command1, nil, failing(fault.New(fault.Refused, "sample.rule", "规则不允许。", "A rule says no.")), 422, "sample.rule", "规则不允许"},
		{"an id used for something else", commands, commands, command1, nil, failing(command.ErrReused.With("id", id("91"))), 409, "command.reused", "id="},
		{"a record that is not there", commands, commands, command1, nil, failing(command.ErrNoStream), 404, "command.no-such-record", "编号"},
		{"a broken disk", commands, commands, command1, nil, failing(errors.New("disk /secret is broken")), 500, "http.internal", "日志"},
		{"a file as JSON", imports, imports + "?file=a.csv", "x", nil, nil, 415, "http.media-type", "multipart/form-data"},
		{"a file without a name", imports, imports, "x", []string{"Content-Type", "text/csv"}, nil, 400, "import.no-file", "file"},
		{"a form that is none", imports, imports, "x", []string{"Content-Type", "multipart/form-data; boundary=b"}, nil, 400, "import.no-file", "file"},
		{"a form that is cut off", imports, imports, "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nred", []string{"Content-Type", "multipart/form-data; boundary=b"}, nil, 400, "import.bad-form", "options"},
		{"a form without a boundary", imports, imports, "x", []string{"Content-Type", "multipart/form-data"}, nil, 400, "import.bad-form", "options"},
		{"a form with another part", imports, imports, "--b\r\nContent-Disposition: form-data; name=\"colour\"\r\n\r\nred\r\n--b--\r\n", []string{"Content-Type", "multipart/form-data; boundary=b"}, nil, 400, "import.bad-form", "colour"},
		{"options that are no JSON", imports, imports, "--b\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\nred\r\n--b--\r\n", []string{"Content-Type", "multipart/form-data; boundary=b"}, nil, 400, "import.bad-form", "options"},
		{"options that are not known", imports, imports, "--b\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{\"colour\":1}\r\n--b--\r\n", []string{"Content-Type", "multipart/form-data; boundary=b"}, nil, 400, "command.bad-body", "colour"},
		{"a dry run that is perhaps", imports, imports + "?file=a.csv&dry_run=perhaps", "x", []string{"Content-Type", "text/csv"}, nil, 400, "query.parameters", "dry_run=not_listed"},
		{"a file that is refused", imports, imports + "?file=a.csv", "x", []string{"Content-Type", "text/csv"}, failing(intake.ErrNoRows.At(fault.Place{File: "a.csv"})), 400, "intake.no-rows", "文件 file a.csv"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := sample()
			if test.change != nil {
				test.change(&config)
			}
			w := write(handler(t, config), test.target, test.body, test.header...)
			refused(t, w, test.status, test.code, test.detail)
			d.checkOf(t, "post", test.path, w)
			if challenged := w.Header().Get("WWW-Authenticate") != ""; challenged != (test.status == 401) {
				t.Errorf("WWW-Authenticate is set: %v", challenged)
			}
		})
	}
}

// A header that two parties on the way have set is nobody's: the first may be
// an attacker's, the last a proxy's.
func TestAHeaderThatIsGivenTwiceIsRefused(t *testing.T) {
	for _, name := range []string{"Idempotency-Key", "Twinledger-Actor"} {
		for _, values := range [][]string{{"one", "two"}, {"one", "one"}} {
			h := handler(t, sample())
			w := writeWith(h, "/api/v1/commands", command1, func(header http.Header) { header[name] = values })
			refused(t, w, http.StatusBadRequest, "query.parameters", name+"=repeated")
		}
	}
}

func TestTheSchemeOfACredentialIsOfAnyCase(t *testing.T) {
	for _, scheme := range []string{"bearer", "BEARER"} {
		if w := write(handler(t, sample()), "/api/v1/commands", command1, "Authorization", scheme+" sample-secret"); w.Code != http.StatusCreated {
			t.Errorf("%s: %d %s", scheme, w.Code, w.Body)
		}
	}
}

func TestOwnPagesMayWrite(t *testing.T) {
	h := handler(t, sample())
	if w := write(h, "http://127.0.0.1:8480/api/v1/commands", command1, "Origin", "http://127.0.0.1:8480", "Sec-Fetch-Site", "same-origin"); w.Code != http.StatusCreated {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTheSecretIsNeverLogged(t *testing.T) {
	var log strings.Builder
	config := sample()
	config.Log = slog.New(slog.NewTextHandler(&log, nil))
	config.CommandGateway = deskOf{carryOut: func(context.Context, command.Request) (command.Outcome, error) {
		return command.Outcome{}, errors.New("broken")
	}}
	h := handler(t, config)
	write(h, "/api/v1/commands", command1)
	write(h, "/api/v1/commands", command1, "Authorization", "Bearer sample-secret-2")
	if log.Len() == 0 || strings.Contains(log.String(), "sample-secret") {
		t.Errorf("logged: %s", log.String())
	}
}

// form returns a form of parts (name, file name, content) and its media type.
func form(t *testing.T, parts ...[3]string) (string, string) {
	t.Helper()
	var b strings.Builder
	w := multipart.NewWriter(&b)
	for _, part := range parts {
		disposition := `form-data; name="` + part[0] + `"`
		if part[1] != "" {
			disposition += `; filename="` + part[1] + `"`
		}
		out, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}})
		if err == nil {
			_, err = io.WriteString(out, part[2])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestAFileReachesTheDesk(t *testing.T) {
	whole, wholeType := form(t, [3]string{"options", "", `{"district": "某县", "source": "清涧", "dry_run": true, "rows": "2-10"}`}, [3]string{"file", "台账.csv", "a,b"})
	bare, bareType := form(t, [3]string{"file", "台账.csv", "a,b"})
	all := httpapi.ImportOptions{District: "某县", Options: intake.Options{Source: "清涧", DryRun: true}}
	some := all
	some.Rows = "2-10"
	for _, test := range []struct {
		situation, target, body, contentType string
		want                                 httpapi.ImportOrder
	}{
		{"as the body", "?file=a.csv&district=%E6%9F%90%E5%8E%BF&source=%E6%B8%85%E6%B6%A7&dry_run=true", "a,b", "text/csv; charset=utf-8",
			httpapi.ImportOrder{File: "a.csv", Content: []byte("a,b"), Actor: "clerk", ImportOptions: all}},
		{"in a form", "", bare, bareType, httpapi.ImportOrder{File: "台账.csv", Content: []byte("a,b"), Actor: "clerk"}},
		{"in a form with options", "?source=%E5%88%AB%E5%A4%84", whole, wholeType, httpapi.ImportOrder{File: "台账.csv", Content: []byte("a,b"), Actor: "clerk", ImportOptions: some}},
	} {
		var got httpapi.ImportOrder
		config := sample()
		config.CommandGateway = deskOf{take: func(_ context.Context, order httpapi.ImportOrder) (httpapi.ImportReport, error) {
			got = order
			return reportOf(order), nil
		}}
		h := handler(t, config)
		w := write(h, "/api/v1/imports"+test.target, test.body, "Content-Type", test.contentType, "Idempotency-Key", "")
		want := http.StatusCreated
		if test.want.DryRun {
			want = http.StatusOK
		}
		if w.Code != want {
			t.Errorf("%s: %d %s", test.situation, w.Code, w.Body)
		}
		if diff := cmp.Diff(test.want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Progress" }, cmp.Ignore())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.situation, diff)
		}
		served(t, h).checkOf(t, "post", "/api/v1/imports", w)
	}
}

func TestAReportIsGiven(t *testing.T) {
	h := handler(t, sample())
	w := write(h, "/api/v1/imports?file=a.csv", "a,b", "Content-Type", "text/csv", "Idempotency-Key", "")
	golden(t, "import.json", w.Body.Bytes())
}

// TestAClientIsTheSameDesk sends everything through a client over loopback: the
// desk behind the endpoint gets what was handed in, and outcome, report and
// faults come back as they were.
func TestAClientIsTheSameDesk(t *testing.T) {
	rule := fault.New(fault.Refused, "sample.rule", "规则不允许。", "A rule says no.").With("rows", "7 9").At(fault.Place{File: "台账.csv", Sheet: "送课", Row: 7, Column: "日期", Line: 3, Value: "去年"})
	broken := false
	var sent command.Request
	var order httpapi.ImportOrder
	config := sample()
	inner := sampleDesk()
	config.CommandGateway = deskOf{
		carryOut: func(ctx context.Context, req command.Request) (command.Outcome, error) {
			if sent = req; broken {
				return command.Outcome{}, rule
			}
			return inner.CarryOut(ctx, req)
		},
		take: func(_ context.Context, o httpapi.ImportOrder) (httpapi.ImportReport, error) {
			if order = o; broken {
				return reportOf(o), rule
			}
			return reportOf(o), nil
		},
	}
	server := httptest.NewServer(handler(t, config))
	defer server.Close()
	client := httpapi.NewClient(server.URL, "sample-secret")
	ctx := t.Context()

	if ledger, err := client.Ledger(ctx); err != nil || ledger != "k3m7x2qdtf" {
		t.Errorf("ledger %s, %v", ledger, err)
	}
	req := command.Request{ID: id("91"), Name: "district.register", Occurred: "day:2018-04-20", Actor: "clerk-7", Unit: core,
		Body: record.Report[org.District]{Facts: org.District{Name: "“一”县\n"}}}
	file := httpapi.ImportOrder{File: "台账 “1”;\n.csv", Content: []byte("a\r\n--b\x00"), Actor: "clerk-7",
		ImportOptions: httpapi.ImportOptions{District: county, Options: intake.Options{Source: "清涧", Columns: map[string]string{"时间": "日期"}}}}
	file.File = strings.ReplaceAll(file.File, "\n", "")
	for _, broken = range []bool{false, true} {
		done, err := client.CarryOut(ctx, req)
		if diff := cmp.Diff(req, sent); diff != "" {
			t.Errorf("command (-handed in +got):\n%s", diff)
		}
		report, importErr := client.Import(ctx, file)
		if diff := cmp.Diff(file, order, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Progress" }, cmp.Ignore())); diff != "" {
			t.Errorf("file (-handed in +got):\n%s", diff)
		}
		if diff := cmp.Diff(reportOf(file), report); diff != "" {
			t.Errorf("report (-given +got):\n%s", diff)
		}
		if !broken {
			if err != nil || importErr != nil || done.Stream != lessonA || done.Token != "s:15" || done.Repeated || len(done.Events) != 1 || done.Events[0].ID != id("e1") {
				t.Errorf("got %+v, %v, %v", done, err, importErr)
			}
			continue
		}
		for _, err := range []error{err, importErr} {
			got, _ := fault.As(err)
			if diff := cmp.Diff(rule, got); diff != "" {
				t.Errorf("fault (-given +got):\n%s", diff)
			}
		}
	}
}

func TestAClientThatIsNotUnderstood(t *testing.T) {
	for situation, answer := range map[string]http.HandlerFunc{
		"another program's page":    func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) }, //nolint:errcheck // a recorder
		"another program's refusal": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "{}", 500) },
		"a way elsewhere":           func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
	} {
		server := httptest.NewServer(answer)
		client := httpapi.NewClient(server.URL, "x")
		_, err := client.Import(t.Context(), httpapi.ImportOrder{File: "a.csv"})
		if !errors.Is(err, httpapi.ErrImportUnanswered) {
			t.Errorf("%s: import: %v", situation, err)
		}
		_, err = client.CarryOut(t.Context(), command.Request{Body: struct{}{}})
		if _, isFault := fault.As(err); err == nil || isFault {
			t.Errorf("%s: %v", situation, err)
		}
		server.Close()
	}
}

// TestEveryExampleCanBeSent sends the example of every command as a client would.
func TestEveryExampleCanBeSent(t *testing.T) {
	var got command.Request
	config := sample()
	config.CommandGateway = deskOf{carryOut: func(_ context.Context, req command.Request) (command.Outcome, error) {
		got = req
		return command.Outcome{Stream: lessonA}, nil
	}}
	h := handler(t, config)
	d := served(t, h)
	for _, name := range slices.Sorted(maps.Keys(domain.Commands())) {
		if domain.Commands()[name].Internal {
			refused(t, ask(h, "GET", "/api/v1/commands/"+name), 404, "command.not-listed", name)
			continue
		}
		w := ask(h, "GET", "/api/v1/commands/"+name)
		d.checkOf(t, "get", "/api/v1/commands/{name}", w)
		var listed struct{ Example json.RawMessage }
		if err := json.Unmarshal(w.Body.Bytes(), &listed); err != nil {
			t.Fatalf("%s: %v: %s", name, err, w.Body)
		}
		d.checkRequest(t, "/api/v1/commands", string(listed.Example))
		if w := write(h, "/api/v1/commands", string(listed.Example)); w.Code != http.StatusOK || got.Name != name {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestAnAnswerWaitsForItsPosition(t *testing.T) {
	const asked = "?min_position=czoxNQ" // s:15
	for _, test := range []struct {
		target string
		times  int // that it waits
	}{
		{"/api/v1/lessons" + asked, 1},
		{"/api/v1/lessons/" + lessonA + asked, 1},
		{"/api/v1/communities" + asked, 1},
		{"/api/v1/journal" + asked, 1},
		{"/api/v1/status" + asked, 1},
		{"/api/v1/reviews" + asked + "&community=x&term=2017-2018/2", 1},
		{"/api/v1/lessons?min_position=", 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			waited := 0
			there := make(chan struct{})
			config := sample()
			config.Follower = follower(func(ctx context.Context, token event.Token) error {
				<-there
				waited++
				if token != "s:15" {
					t.Errorf("token is %s", token)
				}
				return ctx.Err()
			})
			h := handler(t, config)
			answered := make(chan *httptest.ResponseRecorder, 1)
			go func() { answered <- ask(h, "GET", test.target) }()
			synctest.Wait()
			if early := len(answered) == 1; early != (test.times == 0) {
				t.Errorf("%s is answered before its position: %v", test.target, early)
			}
			close(there)
			if w := <-answered; w.Code != http.StatusOK || waited != test.times {
				t.Errorf("%s: %d %s, waited %d times", test.target, w.Code, w.Body, waited)
			}
		})
	}
}

func TestAPositionThatIsNotReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := sample()
		config.Follower = follower(func(ctx context.Context, _ event.Token) error {
			<-ctx.Done()
			return ctx.Err()
		})
		h := handler(t, config)
		begun := time.Now()
		w := ask(h, "GET", "/api/v1/lessons?min_position=czoxNQ")
		refused(t, w, 503, "query.position-not-reached", "min_position=czoxNQ")
		if w.Header().Get("Retry-After") == "" || time.Since(begun) != 5*time.Second {
			t.Errorf("after %s: %v", time.Since(begun), w.Header())
		}
	})
	foreign := sample()
	foreign.Follower = follower(func(context.Context, event.Token) error { return event.ErrBadToken })
	refused(t, ask(handler(t, foreign), "GET", "/api/v1/lessons?min_position=czoxNQ"), 400, "event.bad-token", "标记")
	refused(t, ask(handler(t, sample()), "GET", "/api/v1/lessons?min_position=a"), 400, "event.bad-token", "标记")
	refused(t, ask(handler(t, sample()), "GET", "/api/v1/lessons?min_position=%2B"), 400, "query.parameters", "min_position=malformed")
}

func TestEntityTags(t *testing.T) {
	h := handler(t, sample())
	d := served(t, h)
	tags := map[string]string{}
	for path, target := range map[string]string{
		"/api/v1/lessons": "/api/v1/lessons", "/api/v1/lessons/{record}": "/api/v1/lessons/" + lessonA, "/api/v1/status": "/api/v1/status",
		"/api/v1/communities": "/api/v1/communities", "/api/v1/journal": "/api/v1/journal?limit=2",
		"/api/v1/reviews": "/api/v1/reviews?community=" + first + "&term=2017-2018/2",
	} {
		w := ask(h, "GET", target)
		tag := w.Header().Get("ETag")
		if other := tags[tag]; other != "" || !strings.HasPrefix(tag, `"`) {
			t.Errorf("%s: tag %s is that of %q", target, tag, other)
		}
		tags[tag] = target
		for _, header := range []string{tag, `"other", W/` + tag, "*"} {
			same := ask(h, "GET", target, "If-None-Match", header)
			d.checkOf(t, "get", path, same)
			if same.Code != http.StatusNotModified || same.Body.Len() > 0 || same.Header().Get("ETag") != tag || same.Header().Get("Twinledger-As-Of-Ordinal") == "" {
				t.Errorf("%s with %s: %d %v %s", target, header, same.Code, same.Header(), same.Body)
			}
		}
		if other := ask(h, "GET", target, "If-None-Match", `"other"`); other.Code != http.StatusOK {
			t.Errorf("%s: %d", target, other.Code)
		}
	}
	if tag := ask(h, "GET", "/api/v1/lessons?as_of=7").Header().Get("ETag"); tags[tag] != "" {
		t.Error("another state has the same tag")
	}
}

func TestMetrics(t *testing.T) {
	config := sample()
	config.Status = status(func(context.Context) (httpapi.State, error) {
		return httpapi.State{Head: 14, Appended: 4, Reached: 12, Projectors: []httpapi.Projector{{Name: "served", Ordinal: 12, Applied: 2}, {Name: "former", Ordinal: 14, Stopped: "x"}}}, nil
	})
	h := handler(t, config)
	ask(h, "GET", "/api/v1/lessons/"+lessonA)
	ask(h, "GET", "/api/v1/lessons?limit=0")
	ask(h, "BREW", "/secret")
	w := ask(h, "GET", "/metrics")
	for _, line := range []string{
		"twinledger_log_head_ordinal 14", "twinledger_log_appended_events_total 4",
		`twinledger_projector_checkpoint_ordinal{projector="served"} 12`, `twinledger_projector_applied_events_total{projector="served"} 2`,
		`twinledger_projector_lag_events{projector="served"} 2`, `twinledger_projector_stopped{projector="former"} 1`,
		`twinledger_http_requests_total{method="GET",route="/api/v1/lessons/{record}",status="200"} 1`,
		`twinledger_http_requests_total{method="GET",route="/api/v1/lessons",status="400"} 1`,
		`twinledger_http_request_duration_seconds_count{method="GET",route="/api/v1/lessons"} 1`,
		"process_cpu_seconds_total", "go_goroutines",
	} {
		if !strings.Contains(w.Body.String(), "\n"+line) {
			t.Errorf("%s is missing", line)
		}
	}
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), lessonA) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d\n%s", w.Code, w.Body)
	}
}
