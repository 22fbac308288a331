package httpapi_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/httpapi"
	"twinledger/domain/activity"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/records"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

func TestAnswers(t *testing.T) {
	h := handler(t, sample())
	d := served(t, h)
	for _, test := range []struct{ name, path, target string }{
		{"communities", "/api/v1/communities", "/api/v1/communities"},
		{"communities-before-anything-was-held", "/api/v1/communities", "/api/v1/communities?as_of=5"},
		{"community", "/api/v1/communities/{key}", "/api/v1/communities/" + first},
		{"lessons", "/api/v1/lessons", "/api/v1/lessons"},
		{"lessons-of-nobody", "/api/v1/lessons", "/api/v1/lessons?school=school-" + id("ff")},
		{"lesson", "/api/v1/lessons/{record}", "/api/v1/lessons/" + lessonA},
		{"lesson-before-its-correction", "/api/v1/lessons/{record}", "/api/v1/lessons/" + lessonA + "?as_of=7"},
		{"exchanges", "/api/v1/exchanges", "/api/v1/exchanges"},
		{"exchange", "/api/v1/exchanges/{record}", "/api/v1/exchanges/" + posting},
		{"inspections", "/api/v1/inspections", "/api/v1/inspections"},
		{"inspection", "/api/v1/inspections/{record}", "/api/v1/inspections/" + inspected},
		{"lesson-of-a-day", "/api/v1/lessons", "/api/v1/lessons?valid_at=2018-04-19"},
		{"lesson-on-another-day", "/api/v1/lessons/{record}", "/api/v1/lessons/" + lessonB + "?valid_at=2018-04-01"},
		{"pairings", "/api/v1/pairings", "/api/v1/pairings"},
		{"held-rows", "/api/v1/held-rows", "/api/v1/held-rows"},
		{"schools", "/api/v1/schools", "/api/v1/schools"},
		{"school-sheet", "/api/v1/schools/{key}/sheet", "/api/v1/schools/" + core + "/sheet?valid_at=2018-06-12"},
		{"person", "/api/v1/people/{record}", "/api/v1/people/" + teacher},
		{"person-sheet", "/api/v1/people/{key}/sheet", "/api/v1/people/" + teacher + "/sheet"},
		{"community-of-a-day", "/api/v1/communities/{key}", "/api/v1/communities/" + first + "?valid_at=2017-08-31"},
		{"filings", "/api/v1/filings", "/api/v1/filings"},
		{"filings-calendar", "/api/v1/filings/calendar", "/api/v1/filings/calendar?from=2018-07-01&to=2018-07-31"},
		{"filings-calendar-later", "/api/v1/filings/calendar", "/api/v1/filings/calendar?on=2018-07-15"},
		{"rectifications-calendar", "/api/v1/rectifications/calendar", "/api/v1/rectifications/calendar"},
		{"journal", "/api/v1/journal", "/api/v1/journal?limit=3&after=4"},
		{"review", "/api/v1/reviews", "/api/v1/reviews?community=" + first + "&term=2017-2018/2&as_of=&programme="},
		{"status", "/api/v1/status", "/api/v1/status"},
		{"rebuild", "/api/v1/rebuild", "/api/v1/rebuild"},
		{"commands", "/api/v1/commands", "/api/v1/commands"},
		{"command", "/api/v1/commands/{name}", "/api/v1/commands/lesson.void"},
		{"livez", "/livez", "/livez"},
		{"readyz", "/readyz", "/readyz"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := ask(h, "GET", test.target)
			if w.Code != http.StatusOK {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			d.check(t, test.path, w)
			if strings.Contains(w.Body.String(), "null") && test.name != "review" {
				t.Errorf("a null in %s", w.Body)
			}
			golden(t, test.name+".json", w.Body.Bytes())
		})
	}
}

func TestAnswersOverAnEmptyLedger(t *testing.T) {
	config := sample()
	config.Status = reached(0, 0)
	h := handler(t, config)
	for _, target := range []string{"communities", "lessons", "exchanges", "inspections", "schools", "held-rows", "journal"} {
		w := ask(h, "GET", "/api/v1/"+target)
		if got, want := w.Body.String(), `{"as_of_ordinal":0,"items":[]}`+"\n"; got != want {
			t.Errorf("%s: %d %s, want %s", target, w.Code, got, want)
		}
	}
}

func TestFilters(t *testing.T) {
	h := handler(t, sample())
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"lessons", []string{lessonA, lessonB, lessonC}},
		{"lessons?community=" + first, []string{lessonA, lessonB}},
		{"lessons?community=", []string{lessonA, lessonB, lessonC}},
		{"lessons?school=" + member, []string{lessonA, lessonC}},
		{"lessons?subject=%E6%95%B0%E5%AD%A6", []string{lessonA}},
		{"lessons?kind=demo_lesson", []string{lessonA}},
		{"lessons?kind=open_lesson&community=" + second, []string{lessonC}},
		{"lessons?as_of=6", []string{lessonA, lessonB}},
		{"lessons?a%73_of=6", []string{lessonA, lessonB}},
		{"exchanges?community=" + second, []string{told}},
		{"exchanges?person=" + teacher, []string{posting}},
		{"exchanges?phase=completed", []string{posting}},
		{"exchanges?phase=started&as_of=10", []string{posting}},
		{"exchanges?kind=exchange", []string{posting, told}},
		{"exchanges?kind=shadow_posting&school=" + core, []string{told}},
		{"inspections?kind=inspection&school=" + member + "&community=" + first, []string{inspected}},
		{"inspections?kind=evaluation", nil},
		{"journal?stream=" + lessonA, []string{"5", "8"}},
		{"journal?type=lesson.reported&after=5", []string{"6", "7"}},
		{"journal?actor=clerk-2&limit=2&unit=" + core, []string{"1", "3"}},
		{"journal?as_of=2", []string{"1", "2"}},
		{"journal?person=" + teacher, []string{"5", "6", "8", "10", "17", "19"}},
		{"journal?named=" + second + "&type=lesson.reported", []string{"7"}},
		{"journal?recorded_from=2018-07-04", nil},
		{"journal?recorded_from=2018-07-03&recorded_to=2018-07-03&limit=1", []string{"1"}},
		{"lessons?stage=reported&mark=standing", []string{lessonA, lessonB}},
		{"lessons?mark=void", []string{lessonC}},
		{"lessons?mark=corrected&district=" + county, []string{lessonA}},
		{"lessons?from=2018-04-19&to=2018-04-19", []string{lessonA, lessonB}},
		{"lessons?valid_at=2018-04-18", []string{lessonB}},
		{"lessons?valid_at=2018-04-18&as_of=7", []string{lessonA, lessonB}},
		{"exchanges?valid_at=2017-03-01", []string{told}}, // told of that school year, without its days
		{"exchanges?valid_at=2018-07-01", nil},
		{"exchanges?mark=followed", []string{posting}},
		{"schools", []string{core, member, "school-" + id("53")}},
		{"schools?mark=identified", []string{"school-" + id("53")}},
		{"visits?school=" + core, []string{"visit-" + id("90")}},
		{"visits?school=" + core + "&as_of=20", nil},
		{"visits?school=school-" + id("53"), []string{"visit-" + id("90")}},
		{"filings?due_by=2018-07-10", nil}, // it was filed since
		{"filings?due_by=2018-07-10&as_of=18", []string{"filing-" + id("80")}},
		{"filings?due_by=2018-07-10&met=true", []string{"filing-" + id("80")}},
		{"filings?due_by=2018-07-09&met=true", nil},
		{"held-rows?community=" + first, []string{"row-" + id("61")}},
		{"people?school=" + core, []string{teacher}},
	} {
		w := ask(h, "GET", "/api/v1/"+test.query)
		if got := keys(t, w); !slices.Equal(got, test.want) {
			t.Errorf("%s: %d, got %v, want %v", test.query, w.Code, got, test.want)
		}
	}
}

// A list is what the tests read of any list.
type list struct {
	AsOfOrdinal uint64 `json:"as_of_ordinal"`
	Items       []struct {
		Record  string
		Ordinal uint64
	}
	Next string
}

func read(t *testing.T, w *httptest.ResponseRecorder) list {
	t.Helper()
	var l list
	if err := json.Unmarshal(w.Body.Bytes(), &l); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return l
}

func keys(t *testing.T, w *httptest.ResponseRecorder) []string {
	t.Helper()
	var out []string
	for _, item := range read(t, w).Items {
		if item.Record == "" {
			item.Record = strconv.FormatUint(item.Ordinal, 10)
		}
		out = append(out, item.Record)
	}
	return out
}

func TestPages(t *testing.T) {
	h := handler(t, sample())
	for _, what := range []string{"lessons", "exchanges", "inspections", "schools", "journal"} {
		whole := keys(t, ask(h, "GET", "/api/v1/"+what))
		for limit := 1; limit <= len(whole)+1; limit++ {
			var got []string
			after, pages := "", 0
			for more := true; more; pages++ {
				w := ask(h, "GET", fmt.Sprintf("/api/v1/%s?limit=%d&after=%s", what, limit, after))
				got = append(got, keys(t, w)...)
				after = read(t, w).Next
				more = after != ""
			}
			if want := (len(whole) + limit - 1) / limit; !slices.Equal(got, whole) || pages != want {
				t.Errorf("%s by %d: got %v on %d pages, want %v on %d", what, limit, got, pages, whole, want)
			}
		}
	}
}

func TestEverySingleRecordIsFound(t *testing.T) {
	h := handler(t, sample())
	for what, records := range map[string][]string{
		"lessons": {lessonA, lessonB, lessonC}, "exchanges": {posting, told}, "inspections": {inspected}, "communities": {first, second},
	} {
		for _, key := range records {
			if w := ask(h, "GET", "/api/v1/"+what+"/"+key); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), key) {
				t.Errorf("%s: %d %s", key, w.Code, w.Body)
			}
		}
	}
}

func TestNewestMeansWhatTheReadModelHasReached(t *testing.T) {
	config := sample()
	config.Status = reached(14, 6)
	w := ask(handler(t, config), "GET", "/api/v1/lessons")
	if got := read(t, w); got.AsOfOrdinal != 6 || len(got.Items) != 2 || w.Header().Get("Twinledger-As-Of-Ordinal") != "6" {
		t.Errorf("got %s with %v, want the two lessons known at 6", w.Body, w.Header())
	}
}

// failing is rows that cannot be read.
func failing(err error) rows[records.Row] {
	return func(context.Context, projections.Query) ([]records.Row, error) { return nil, err }
}

func TestRefusals(t *testing.T) {
	lessonRows := func(f rows[records.Row]) func(*httpapi.Config) {
		return func(c *httpapi.Config) { c.Registers.Rows = f }
	}
	saying := func(kind fault.Kind) func(*httpapi.Config) {
		return lessonRows(failing(fmt.Errorf("around: %w", fault.New(kind, "sample.said", "样例。", "A sample.").With("n", 7))))
	}
	notReady := func(err error) func(*httpapi.Config) {
		return func(c *httpapi.Config) { c.Ready = func(context.Context) error { return err } }
	}
	const lessonsPath, lessonPath, reviewsPath = "/api/v1/lessons", "/api/v1/lessons/{record}", "/api/v1/reviews"
	d := served(t, handler(t, sample()))
	for _, test := range []struct {
		name, path, target string
		change             func(*httpapi.Config)
		status             int
		code, detail       string
	}{
		{"invalid as_of", lessonsPath, "/api/v1/lessons?as_of=yesterday", nil, 400, "sample.bad-as-of", "看不懂"},
		{"term that is none", reviewsPath, "/api/v1/reviews?community=x&term=2017-2019/1", nil, 400, "calendar.bad-term", "2017-2019/1"},
		{"unknown parameters", lessonsPath, "/api/v1/lessons?shape=2&colour=red&limit=5", nil, 400, "query.parameters", "(colour=unknown, shape=unknown)"},
		{"unknown parameter without others", "/livez", "/livez?colour=red", nil, 400, "query.parameters", "colour=unknown"},
		{"repeated parameter", lessonsPath, "/api/v1/lessons?limit=5&limit=6", nil, 400, "query.parameters", "limit=repeated"},
		{"missing parameters", reviewsPath, "/api/v1/reviews?term=", nil, 400, "query.parameters", "(community=missing, term=missing)"},
		{"malformed term", reviewsPath, "/api/v1/reviews?community=x&term=spring", nil, 400, "calendar.bad-term", "term=spring"},
		{"judged on a day that there is none of", reviewsPath, "/api/v1/reviews?community=x&term=2017-2018/2&judged_on=2018-02-30", nil, 400, "query.parameters", "judged_on=malformed"},
		{"judged on what is no day", reviewsPath, "/api/v1/reviews?community=x&term=2017-2018/2&judged_on=today", nil, 400, "query.parameters", "judged_on=malformed"},
		{"limit above the greatest", lessonsPath, "/api/v1/lessons?limit=501", nil, 400, "query.parameters", "limit=out_of_range"},
		{"limit of nothing", lessonsPath, "/api/v1/lessons?limit=0", nil, 400, "query.parameters", "limit=out_of_range"},
		{"limit beyond any number", lessonsPath, "/api/v1/lessons?limit=99999999999999999999", nil, 400, "query.parameters", "limit=out_of_range"},
		{"limit in words", lessonsPath, "/api/v1/lessons?limit=-5", nil, 400, "query.parameters", "limit=not_a_number"},
		{"kind of another register", lessonsPath, "/api/v1/lessons?kind=rotation", nil, 400, "query.parameters", "kind=not_listed"},
		{"subject too long", lessonsPath, "/api/v1/lessons?subject=" + strings.Repeat("a", 65), nil, 400, "query.parameters", "subject=too_long"},
		{"subject not UTF-8", lessonsPath, "/api/v1/lessons?subject=%ff", nil, 400, "query.parameters", "subject=unreadable"},
		{"cursor with a NUL", lessonsPath, "/api/v1/lessons?after=%00", nil, 400, "query.parameters", "after=unreadable"},
		{"query that is none", lessonsPath, "/api/v1/lessons?a;b", nil, 400, "query.unreadable", "%"},
		{"cursor that is no key", lessonsPath, "/api/v1/lessons?after=zzz", nil, 400, "query.parameters", "after=malformed"},
		{"cursor of another register", lessonsPath, "/api/v1/lessons?after=" + posting, nil, 400, "query.parameters", "after=malformed"},
		{"day that there is none of", lessonsPath, "/api/v1/lessons?valid_at=2018-02-30", nil, 400, "query.parameters", "valid_at=malformed"},
		{"day of one line that there is none of", lessonsPath + "/{record}", "/api/v1/lessons/" + lessonA + "?valid_at=2018-02-30", nil, 400, "query.parameters", "valid_at=malformed"},
		{"what was met, by no day", "/api/v1/filings", "/api/v1/filings?met=true", nil, 400, "query.parameters", "due_by=missing"},
		{"type of event that there is none of", "/api/v1/journal", "/api/v1/journal?type=lesson.dreamt", nil, 400, "journal.unknown-type", "lesson.reported"},
		{"stage of another register", lessonsPath, "/api/v1/lessons?stage=applied", nil, 400, "query.parameters", "stage=not_listed"},
		{"period that ends before it begins", lessonsPath, "/api/v1/lessons?from=2018-05-01&to=2018-04-30", nil, 400, "query.parameters", "to=out_of_range"},
		{"period of the journal that does", "/api/v1/journal", "/api/v1/journal?recorded_from=2018-05-01&recorded_to=2018-04-30", nil, 400, "query.parameters", "recorded_to=out_of_range"},
		{"period of a sheet that does", "/api/v1/schools/{key}/sheet", "/api/v1/schools/" + core + "/sheet?from=2018-05-01&to=2018-04-30", nil, 400, "query.parameters", "to=out_of_range"},
		{"period of a calendar that does", "/api/v1/filings/calendar", "/api/v1/filings/calendar?from=2018-05-01&to=2018-04-30", nil, 400, "query.parameters", "to=out_of_range"},
		{"phase beside a stage", "/api/v1/exchanges", "/api/v1/exchanges?phase=started&stage=reported", nil, 400, "query.parameters", "stage=repeated"},
		{"a voided phase beside a mark", "/api/v1/exchanges", "/api/v1/exchanges?phase=void&mark=standing", nil, 400, "query.parameters", "mark=repeated"},
		{"kind of what has none", "/api/v1/schools", "/api/v1/schools?kind=visit", nil, 400, "query.parameters", "kind=unknown"},
		{"sheet of nobody", "/api/v1/people/{key}/sheet", "/api/v1/people/person-" + id("72") + "/sheet", nil, 404, "query.no-such-record", "72"},
		{"record key that is none", lessonPath, "/api/v1/lessons/7", nil, 400, "query.parameters", "record=malformed"},
		{"record key with a slash", lessonPath, "/api/v1/lessons/lesson%2F7", nil, 400, "query.parameters", "record=malformed"},
		{"record key missing", "", "/api/v1/lessons/", nil, 404, "http.no-such-address", "/openapi.json"},
		{"no such lesson", lessonPath, "/api/v1/lessons/lesson-" + id("11"), nil, 404, "query.no-such-record", "11"},
		{"lesson not yet recorded", lessonPath, "/api/v1/lessons/" + lessonC + "?as_of=6", nil, 404, "query.no-such-record", "as_of=6"},
		{"no such community", "/api/v1/communities/{key}", "/api/v1/communities/community-" + id("c3"), nil, 404, "query.no-such-record", "c3"},
		{"as of the future", lessonsPath, "/api/v1/lessons?as_of=23", nil, 404, "query.as-of-ahead", "head=22"},
		{"read model behind", lessonsPath, "/api/v1/lessons?as_of=13", func(c *httpapi.Config) { c.Status = reached(14, 12) }, 503, "query.read-model-behind", "reached=12"},
		{"fault not found", lessonsPath, lessonsPath, saying(fault.NotFound), 404, "sample.said", "样例。 / A sample. (n=7)"},
		{"fault invalid", lessonsPath, lessonsPath, saying(fault.Invalid), 400, "sample.said", "样例。"},
		{"fault conflict", lessonsPath, lessonsPath, saying(fault.Conflict), 409, "sample.said", "样例。"},
		{"fault refused", lessonsPath, lessonsPath, saying(fault.Refused), 422, "sample.said", "样例。"},
		{"fault unavailable", lessonsPath, lessonsPath, saying(fault.Unavailable), 503, "sample.said", "样例。"},
		{"fault internal", lessonsPath, lessonsPath, saying(fault.Internal), 500, "http.internal", "日志"},
		{"broken disk", lessonsPath, lessonsPath, lessonRows(failing(errors.New("disk /secret is broken"))), 500, "http.internal", "日志"},
		{"panic", lessonsPath, lessonsPath, lessonRows(func(context.Context, projections.Query) ([]records.Row, error) { panic("disk /secret is broken") }), 500, "http.internal", "日志"},
		{"status not readable", lessonsPath, lessonsPath, func(c *httpapi.Config) {
			c.Status = status(func(context.Context) (httpapi.State, error) { return httpapi.State{}, errors.New("disk /secret") })
		}, 500, "http.internal", "日志"},
		{"reviewer without records", reviewsPath, "/api/v1/reviews?community=x&term=2017-2018/2", func(c *httpapi.Config) {
			c.Reviewer = reviewer(func(context.Context, httpapi.Question) (review.Review, error) {
				return review.Review{}, fault.New(fault.Refused, "sample.rule", "规则不允许。", "A rule says no.")
			})
		}, 422, "sample.rule", "规则不允许"},
		{"not ready: lag", "/readyz", "/readyz", notReady(fault.New(fault.Unavailable, "sample.lag", "追赶中。", "Catching up.")), 503, "sample.lag", "追赶中。 / Catching up."},
		{"not ready: stopped", "/readyz", "/readyz", notReady(projections.ErrGap.Because(errors.New("page /secret"))), 503, "projection.gap", "rebuild"},
		{"not ready: broken", "/readyz", "/readyz", notReady(errors.New("disk /secret is broken")), 503, "http.not-ready", "稍后"},
		{"unknown address", "", "/api/v1/teachers", nil, 404, "http.no-such-address", "/openapi.json"},
		{"reference page", "", "/docs", nil, 404, "http.no-such-address", "/openapi.json"},
		{"root", "", "/", nil, 404, "http.no-such-address", "/openapi.json"},
		{"address too long", lessonsPath, "/api/v1/lessons?subject=" + strings.Repeat("a", 9000), nil, 414, "http.address-too-long", "过长"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := sample()
			if test.change != nil {
				test.change(&config)
			}
			w := ask(handler(t, config), "GET", test.target)
			refused(t, w, test.status, test.code, test.detail)
			if test.path != "" {
				d.check(t, test.path, w)
			}
			if retry := w.Header().Get("Retry-After") != ""; retry != (w.Code == http.StatusServiceUnavailable) {
				t.Errorf("Retry-After is set: %v", retry)
			}
		})
	}
}

// refused requires a problem that tells nothing of its cause.
func refused(t *testing.T, w *httptest.ResponseRecorder, status int, code, detail string) {
	t.Helper()
	var got struct {
		Type, Title, Detail, Instance, Code string
		Status                              int
		Fields                              []map[string]string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if w.Code != status || got.Status != status || got.Code != code || got.Type != "urn:twinledger:problem:"+code {
		t.Errorf("got %d %s, want %d %s", w.Code, w.Body, status, code)
	}
	if !strings.Contains(got.Detail, detail) || !strings.Contains(got.Detail, " / ") || got.Title == "" || got.Instance != "urn:twinledger:request:sample" || got.Fields == nil {
		t.Errorf("got %s, want a detail with %q in two languages, a title, the request and fields", w.Body, detail)
	}
	if contentType := w.Header().Get("Content-Type"); contentType != "application/problem+json" {
		t.Errorf("content type is %s", contentType)
	}
	if strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the cause is shown: %s", w.Body)
	}
	if (code == "query.parameters") != (len(got.Fields) > 0) {
		t.Errorf("fields are %v", got.Fields)
	}
}

func TestWrongParametersAreExplained(t *testing.T) {
	w := ask(handler(t, sample()), "GET", "/api/v1/lessons?limit=0&kind=rotation&school=x&colour=red")
	golden(t, "problem-parameters.json", w.Body.Bytes())
}

// TestAKindInWordsIsAnsweredWithTheNearestCode of those that the register has.
func TestAKindInWordsIsAnsweredWithTheNearestCode(t *testing.T) {
	h := handler(t, sample())
	for kind, near := range map[string]string{"送教下乡": "The nearest are 送课(outreach_lesson). It is", "名师送课": "送课(outreach_lesson)", "demo_leson": "示范课(demo_lesson)"} {
		if body := ask(h, "GET", "/api/v1/lessons?kind="+url.QueryEscape(kind)).Body.String(); !strings.Contains(body, near) {
			t.Errorf("%s is answered with %s, want %s", kind, body, near)
		}
	}
	for _, kind := range []string{"苹果", "座谈会"} {
		if body := ask(h, "GET", "/api/v1/lessons?kind="+url.QueryEscape(kind)).Body.String(); strings.Contains(body, "nearest") || !strings.Contains(body, "not_listed") {
			t.Errorf("%s is answered with %s", kind, body)
		}
	}
}

func TestARefusalOfManyParametersStaysShort(t *testing.T) {
	var query strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&query, "&p%d", i)
	}
	w := ask(handler(t, sample()), "GET", "/api/v1/lessons?"+query.String())
	refused(t, w, 400, "query.parameters", "p0=unknown")
	if got := strings.Count(w.Body.String(), `"in":"query"`); got != 20 {
		t.Errorf("%d parameters are explained, want 20", got)
	}
}

func TestRequestsAtTheSameTime(t *testing.T) {
	h := handler(t, sample())
	var all sync.WaitGroup
	for range 8 {
		for _, target := range []string{"/api/v1/communities", "/api/v1/lessons?limit=2", "/api/v1/lessons?limit=0", "/openapi.json", "/openapi.yaml", "/livez"} {
			all.Go(func() {
				if w := ask(h, "GET", target); w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
					t.Errorf("%s: %d", target, w.Code)
				}
			})
		}
	}
	all.Wait()
}

func TestSlowQueriesEnd(t *testing.T) {
	config := sample()
	config.Timeout = time.Millisecond
	config.Registers.Rows = rows[records.Row](func(ctx context.Context, _ projections.Query) ([]records.Row, error) {
		<-ctx.Done()
		return nil, errors.New("interrupted")
	})
	refused(t, ask(handler(t, config), "GET", "/api/v1/lessons"), 503, "http.too-slow", "超时")
}

func TestMethods(t *testing.T) {
	h := handler(t, sample())
	for _, test := range []struct {
		method, target string
		status         int
	}{
		{"HEAD", "/api/v1/lessons", 200},
		{"HEAD", "/api/v1/lessons?limit=0", 400},
		{"HEAD", "/openapi.json", 200},
		{"HEAD", "/livez", 200},
		{"HEAD", "/api/v1/teachers", 404},
		{"OPTIONS", "/api/v1/lessons", 204},
		{"OPTIONS", "/api/v1/lessons/" + lessonA, 204},
		{"OPTIONS", "/api/v1/teachers", 404},
		{"POST", "/api/v1/lessons", 405},
		{"DELETE", "/api/v1/lessons/" + lessonA, 405},
		{"PUT", "/openapi.json", 405},
		{"BREW", "/api/v1/lessons", 405},
	} {
		w := ask(h, test.method, test.target)
		if w.Code != test.status {
			t.Errorf("%s %s: %d, want %d", test.method, test.target, w.Code, test.status)
		}
		if noBody := test.method == "HEAD" || test.status == 204; noBody != (w.Body.Len() == 0) {
			t.Errorf("%s %s: body is %q", test.method, test.target, w.Body)
		}
		if test.status == 405 {
			refused(t, w, 405, "http.method-not-allowed", "Allow")
		}
		if allowed := test.status == 405 || test.status == 204; allowed != (w.Header().Get("Allow") == "GET, HEAD, OPTIONS") {
			t.Errorf("%s %s: Allow is %q", test.method, test.target, w.Header().Get("Allow"))
		}
	}
	whole, head := ask(h, "GET", "/api/v1/lessons"), ask(h, "HEAD", "/api/v1/lessons")
	if diff := cmp.Diff(whole.Header(), head.Header()); diff != "" || head.Header().Get("Content-Length") != strconv.Itoa(whole.Body.Len()) {
		t.Errorf("headers of HEAD differ (-GET +HEAD):\n%s", diff)
	}
}

func TestABodyIsRefused(t *testing.T) {
	h := handler(t, sample())
	for _, body := range []io.Reader{strings.NewReader("{}"), io.MultiReader(strings.NewReader("{}"))} {
		r := httptest.NewRequest("GET", "/api/v1/lessons", body)
		r.Header.Set("X-Request-Id", "sample")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		refused(t, w, 413, "http.body-not-expected", "正文")
	}
}

// full fills every field of a review, each list with one item.
func full(v reflect.Value) {
	words := map[string]string{"Status": "short", "Strength": "hard", "Scope": "community", "Basis": "founding", "Bound": "exact",
		"Mode": "offline", "Place": "overlapping", "Group": "members", "ChangeKind": "merged", "Question": "successor_not_member"}
	switch v.Kind() {
	case reflect.String:
		v.SetString("some")
		if word, known := words[v.Type().Name()]; known {
			v.SetString(word)
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(9)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		full(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		full(v.Index(0))
	case reflect.Array:
		for i := range v.Len() {
			full(v.Index(i))
		}
	case reflect.Struct:
		if v.Type().Name() == "Instant" {
			return
		}
		for i := range v.NumField() {
			full(v.Field(i))
		}
	}
}

func TestReview(t *testing.T) {
	var answer review.Review
	full(reflect.ValueOf(&answer).Elem())
	answer.Form = "twinledger-term-review"
	var asked httpapi.Question
	config := sample()
	config.Reviewer = reviewer(func(_ context.Context, q httpapi.Question) (review.Review, error) {
		asked = q
		return answer, nil
	})
	h := handler(t, config)
	const target = "/api/v1/reviews?community=%E5%9F%8E%E5%85%B3&term=2017-2018/2&as_of=2018-07-03&judged_on=2018-07-01&programme=county"
	w := ask(h, "GET", target)
	if want := (httpapi.Question{Community: "城关", Term: "2017-2018/2", AsOf: "2018-07-03", JudgedOn: "2018-07-01", Programme: "county"}); asked != want {
		t.Errorf("asked %+v, want %+v", asked, want)
	}
	want, sum, err := answer.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(w.Body.Bytes(), want) {
		t.Errorf("the review's bytes differ:\n%s\nwant\n%s", w.Body, want)
	}
	for name, want := range map[string]string{"Twinledger-Review-SHA256": sum, "ETag": `"` + sum + `"`, "Twinledger-As-Of-Ordinal": "9", "Cache-Control": "private, no-cache"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	// Every field of the review is described, and nothing else is.
	d := served(t, h)
	d.check(t, "/api/v1/reviews", w)

	for header, status := range map[string]int{
		`"` + sum + `"`: 304, `W/"` + sum + `"`: 304, `"x", "` + sum + `"`: 304, "*": 304, `"x"`: 200, sum: 200, "": 200,
	} {
		w := ask(h, "GET", target, "If-None-Match", header)
		if w.Code != status || (status == 304) != (w.Body.Len() == 0) {
			t.Errorf("If-None-Match %s: %d with %d bytes, want %d", header, w.Code, w.Body.Len(), status)
		}
		d.check(t, "/api/v1/reviews", w)
	}
}

func TestStatusTellsLagAndWhatStopped(t *testing.T) {
	config := sample()
	config.Status = status(func(context.Context) (httpapi.State, error) {
		return httpapi.State{Ledger: "k3m7x2qdtf", Head: 14, Reached: 11, Projectors: []httpapi.Projector{
			{Name: "served", Ordinal: 11}, {Name: "former", Ordinal: 3, Stopped: "事件无法写入 / cannot be applied"}}}, nil
	})
	h := handler(t, config)
	w := ask(h, "GET", "/api/v1/status")
	served(t, h).check(t, "/api/v1/status", w)
	golden(t, "status-stopped.json", w.Body.Bytes())
}

func TestHeaders(t *testing.T) {
	h := handler(t, sample())
	for _, target := range []string{"/api/v1/lessons", "/api/v1/teachers", "/openapi.json", "/livez"} {
		header := ask(h, "GET", target).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": map[bool]string{true: "private, no-cache", false: "no-store"}[target == "/api/v1/lessons"], "X-Request-Id": "sample",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
	}
	forged := ask(h, "GET", "/livez", "X-Request-Id", "a b\nlevel=ERROR")
	if id := forged.Header().Get("X-Request-Id"); strings.Contains(id, " ") || len(id) < 16 {
		t.Errorf("a forged request id became %q", id)
	}
}

func TestTheLogNamesRoutesAndCausesAndNoValues(t *testing.T) {
	var log bytes.Buffer
	config := sample()
	config.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := handler(t, config)
	ask(h, "GET", "/api/v1/lessons?subject=zhanglaoshi")
	ask(h, "GET", "/api/v1/lessons?zhanglaoshi=1")
	ask(h, "GET", "/api/v1/lessons/zhanglaoshi")
	ask(h, "ZHANGLAOSHI", "/api/v1/zhanglaoshi")
	config.Registers.Rows = failing(errors.New("disk is broken"))
	ask(handler(t, config), "GET", "/api/v1/lessons")
	got := log.String()
	if strings.Contains(strings.ToLower(got), "zhanglaoshi") {
		t.Errorf("the log holds a value:\n%s", got)
	}
	for _, want := range []string{"route=/api/v1/lessons status=200", "route=/api/v1/lessons/{record} status=400", "status=500", "disk is broken", "request_id=sample", "level=ERROR"} {
		if !strings.Contains(got, want) {
			t.Errorf("the log lacks %q:\n%s", want, got)
		}
	}
}

func TestAMissingPortIsNamed(t *testing.T) {
	config := sample()
	config.Reviewer = nil
	if _, err := httpapi.New(config); err == nil || !strings.Contains(err.Error(), "Reviewer") {
		t.Errorf("got %v, want an error that names Reviewer", err)
	}
}

func TestServerHasLimits(t *testing.T) {
	server := httpapi.Server(handler(t, sample()), sample().Log)
	if server.Handler == nil || server.ReadHeaderTimeout == 0 || server.ReadTimeout == 0 || server.WriteTimeout == 0 || server.IdleTimeout == 0 || server.MaxHeaderBytes == 0 {
		t.Errorf("a limit is missing: %+v", server)
	}
}

// FuzzQuery holds that no query breaks the endpoint: it answers, or it refuses
// with a problem that blames the query.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"limit=5&after=x", "as_of=2018-07-03T08:00:00%2B08:00", "a;b", "%", "limit", "limit=%31", "kind=&phase=started", "as_of&limit=3",
		"community=" + first + "&term=2017-2018/2", "after=9007199254740991", "subject=%e6%95%b0", "limit=1&limit=2", "=", "&&", "as_of=-1", "after=+7",
	} {
		f.Add(uint8(len(seed)), seed)
	}
	h := handler(f, sample())
	paths := []string{"/api/v1/communities", "/api/v1/communities/" + first, "/api/v1/lessons", "/api/v1/lessons/" + lessonA, "/api/v1/exchanges",
		"/api/v1/inspections", "/api/v1/journal", "/api/v1/reviews", "/api/v1/status", "/livez", "/readyz"}
	f.Fuzz(func(t *testing.T, which uint8, query string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = &url.URL{Path: paths[int(which)%len(paths)], RawQuery: query}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch w.Code {
		case 200, 400, 404, 414:
		default:
			t.Errorf("%s?%s: %d %s", r.URL.Path, query, w.Code, w.Body)
		}
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s?%s: no JSON: %s", r.URL.Path, query, w.Body)
		}
	})
}

// TestTables holds that every list is also a table, of the same lines.
func TestTables(t *testing.T) {
	h := handler(t, sample())
	for _, what := range []string{"communities", "lessons", "exchanges", "inspections", "filings", "schools", "people", "held-rows", "journal", "filings/calendar"} {
		asked, accepted := ask(h, "GET", "/api/v1/"+what+"?format=csv"), ask(h, "GET", "/api/v1/"+what, "Accept", "text/csv;q=0.9, application/json;q=0.1")
		if asked.Code != http.StatusOK || asked.Body.String() != accepted.Body.String() || asked.Header().Get("Vary") != "Accept" {
			t.Errorf("%s: %d %v, and by Accept %d", what, asked.Code, asked.Header(), accepted.Code)
		}
		if contentType := asked.Header().Get("Content-Type"); contentType != "text/csv; charset=utf-8" {
			t.Errorf("%s: content type is %s", what, contentType)
		}
		golden(t, strings.ReplaceAll(what, "/", "-")+".csv", asked.Body.Bytes())
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(asked.Body.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s: %d rows, %v", what, len(rows), err)
		}
	}
	for accept, contentType := range map[string]string{"": "application/json", "*/*": "application/json", "text/csv": "text/csv; charset=utf-8",
		"text/csv;q=0": "application/json", "application/json, text/csv;q=0.5": "application/json", "text/*;;": "application/json"} {
		if got := ask(h, "GET", "/api/v1/lessons", "Accept", accept).Header().Get("Content-Type"); got != contentType {
			t.Errorf("Accept %q: %s, want %s", accept, got, contentType)
		}
	}
}

// TestTablesComeInPages follows the addresses of next pages.
func TestTablesComeInPages(t *testing.T) {
	h := handler(t, sample())
	whole := ask(h, "GET", "/api/v1/lessons?format=csv").Body.String()
	header, _, _ := strings.Cut(whole, "\r\n")
	joined := header + "\r\n"
	for target := "/api/v1/lessons?format=csv&limit=1"; target != ""; {
		w := ask(h, "GET", target)
		_, rows, _ := strings.Cut(w.Body.String(), "\r\n")
		joined += rows
		link := w.Header().Get("Link")
		target, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
		if link != "" && !strings.Contains(target, "as_of=2") {
			t.Errorf("the next page is of no fixed state: %s", link)
		}
	}
	if joined != whole {
		t.Errorf("pages give\n%s\nwant\n%s", joined, whole)
	}
}

// TestNoCellIsAFormula: a title that a spreadsheet would carry out stands quoted.
func TestNoCellIsAFormula(t *testing.T) {
	h := &recorder{}
	for i, title := range []string{"=1+1", "-cmd", "@sum", "+86", "-3.5", "平常"} {
		facts := common(first, "visit")
		facts.Title = seal.Text{Clear: title}
		h.add("visit-"+id(strconv.Itoa(10+i)), "visit.reported", "day:2018-04-18", record.Reported[activity.Visit]{Facts: activity.Visit{Facts: facts}})
	}
	config := sample()
	config.Registers.Rows = remember(records.Model, h.events)
	got := ask(handler(t, config), "GET", "/api/v1/visits?format=csv").Body.String()
	for _, want := range []string{",'=1+1,", ",'-cmd,", ",'@sum,", ",+86,", ",-3.5,", ",平常,"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
}
