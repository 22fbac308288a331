package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"twinledger/adapters/web"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// constants lists the values of every constant of a string type that a package
// of the domain declares, so that a new one cannot be forgotten here.
func constants(t *testing.T, folder, typeName string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v, %v", folder, paths, err)
	}
	var values []string
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		p, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(p, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != typeName {
				return true
			}
			for _, v := range spec.Values {
				if literal, ok := v.(*ast.BasicLit); ok {
					value, err := strconv.Unquote(literal.Value)
					if err != nil {
						t.Fatal(err)
					}
					values = append(values, value)
				}
			}
			return true
		})
	}
	if len(values) < 2 {
		t.Fatalf("found %q of %s in %s", values, typeName, folder)
	}
	return values
}

// Each case puts one code onto a page; a code without words would be shown as
// it is, marked as unworded.
func TestEveryCodeHasWords(t *testing.T) {
	result := func(r *review.Review) *review.Result { return &r.Obligations[0].Results[0] }
	entry := func(r *review.Review) *review.Entry { return &r.Registers[0].Entries[0] }
	tests := []struct {
		folder, typeName string
		put              func(*review.Review, string)
	}{
		{"review", "Reason", func(r *review.Review, v string) { result(r).Because = []review.Reason{review.Reason(v)} }},
		{"review", "Reason", func(r *review.Review, v string) { result(r).Open[0].Reasons = []review.Reason{review.Reason(v)} }},
		{"review", "Reason", func(r *review.Review, v string) {
			result(r).NotCounted = []review.ConsideredRecord{{Ref: oldLesson, Reasons: []review.Reason{review.Reason(v)}}}
		}},
		{"review", "Status", func(r *review.Review, v string) { result(r).Status = review.Status(v) }},
		{"review", "Question", func(r *review.Review, v string) {
			r.SchoolChanges = []review.SchoolChange{{Change: org.ChangeMerged, Question: review.Question(v)}}
		}},
		{"org", "ChangeKind", func(r *review.Review, v string) {
			r.SchoolChanges = []review.SchoolChange{{Change: org.ChangeKind(v), On: "2018-04-10"}}
		}},
		{"record", "Unknown", func(r *review.Review, v string) { entry(r).Unknowns = []record.Unknown{record.Unknown(v)} }},
		{"record", "Unknown", func(r *review.Review, v string) { r.Incomplete[0].Unknowns = []record.Unknown{record.Unknown(v)} }},
		{"record", "Mode", func(r *review.Review, v string) { entry(r).Mode = record.Mode(v) }},
		{"record", "Bound", func(r *review.Review, v string) { r.Counts[0].Bound = record.Bound(v) }},
		{"programme", "Strength", func(r *review.Review, v string) { r.Obligations[0].Strength = programme.Strength(v) }},
		{"programme", "Scope", func(r *review.Review, v string) { r.Obligations[0].Per = programme.Scope(v) }},
		{"pairing", "Basis", func(r *review.Review, v string) { r.Parties[0].Basis = pairing.Basis(v) }},
		{"calendar", "Place", func(r *review.Review, v string) { r.Unplaced[0].Place = calendar.Place(v) }},
		{"calendar", "Precision", func(r *review.Review, v string) {
			entry(r).Occurred = map[string]calendar.Occurred{
				"unknown": calendar.Unknown, "year": "year:2015", "schoolyear": "schoolyear:2017-2018", "term": "term:2017-2018/1",
				"month": "month:2018-04", "months": "months:2018-09/2019-07", "days": "days:2018-04-18,2018-04-25", "span": "span:2018-04-18/2018-04-20", "day": "day:2018-04-18",
			}[v]
			if entry(r).Occurred == "" {
				t.Errorf("the precision %s has no example", v)
			}
		}},
	}
	for _, tt := range tests {
		for _, value := range constants(t, "../../domain/"+tt.folder, tt.typeName) {
			r := everySituation()
			tt.put(&r, value)
			if page := rendered(t, r, web.NoNames); strings.Contains(page, `class="unworded"`) {
				_, rest, _ := strings.Cut(page, `class="unworded"`)
				t.Errorf("%s %q is shown without words: %.40s", tt.typeName, value, rest)
			}
		}
	}
}

// TestEveryEventHasWords, and so has every kind of stream that holds records.
func TestEveryEventHasWords(t *testing.T) {
	records := domain.Workflows()
	for _, name := range domain.Events(nil).Names() {
		kind, _, _ := strings.Cut(name.Type, ".")
		if _, is := records[kind]; !is && kind != "school" && kind != "calendar" {
			continue // opened by no review
		}
		r := everySituation()
		r.Unevidenced[0] = review.Ref{Record: kind + "-0198c000-0000-7000-8000-000000000099", Events: []review.Trace{{Ordinal: 99, ID: "later", Type: name.Type}}}
		if page := rendered(t, r, web.NoNames); strings.Contains(page, `class="unworded"`) {
			t.Errorf("%s is shown without words", name.Type)
		}
	}
}

func TestACodeOfALaterVersionIsShownAsItIs(t *testing.T) {
	r := everySituation()
	r.Obligations[0].Results[0].Because = []review.Reason{"from_the_future"}
	if page := rendered(t, r, web.NoNames); !strings.Contains(page, `<code class="unworded">from_the_future</code>`) {
		t.Error("a reason without words is not shown")
	}
}

func TestWhatARowIsHeldForIsSaidInWords(t *testing.T) {
	for _, f := range []interface{ Error() string }{
		reading.ErrNoCategory, reading.ErrUnknownCategory, reading.ErrNoSchoolName, calendar.ErrUnreadableDate, calendar.ErrAmbiguousMonth,
		calendar.ErrSpanBackwards, calendar.ErrNoSuchDay, pairing.ErrNoSides,
	} {
		code, _, _ := strings.Cut(f.Error(), ":")
		zh := strings.TrimSpace(strings.SplitN(f.Error(), ":", 2)[1])
		zh, _, _ = strings.Cut(zh, " / ")
		r := everySituation()
		r.Held[0].Problems = []review.HeldProblem{{Code: code, Column: "日期"}}
		if page := rendered(t, r, web.NoNames); !strings.Contains(page, zh) || !strings.Contains(page, code) {
			t.Errorf("%s is not said in words", code)
		}
	}
}
