package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A question is asked of both sides, on the command line or, with a path, over
// HTTP.
type question struct {
	kind  string
	args  []string
	path  string
	form  func([]byte) (any, error) // how the command line's answer is read; JSON lines by default
	bytes bool                      // the answers must be the same byte for byte
}

// String names the question in the report.
func (q question) String() string {
	if q.path != "" {
		path, err := url.PathUnescape(q.path)
		if err != nil {
			path = q.path
		}
		return "GET " + path
	}
	return strings.Join(q.args, " ")
}

// onCommandLine returns every question for the command line.
func (k *known) onCommandLine() []question {
	var out []question
	ask := func(kind string, args ...string) {
		out = append(out, question{kind: kind, args: append([]string{"--json"}, args...)})
	}
	for i, args := range k.listArgs() {
		ask("list", args...)
		if len(args) == 2 || i%3 == 0 {
			out = append(out, question{kind: "list --csv", args: append(args, "--csv"), form: table})
		}
	}
	schools := k.keys("schools")
	for i, of := range append(slices.Clone(schools), some(k.keys("people"), 10*k.most)...) {
		ask("sheet", "sheet", of)
		if i < k.most {
			ask("sheet", "sheet", of, "--as-of", k.points()[0])
			for _, day := range some(k.values("", "valid_at"), 1) {
				ask("sheet", "sheet", of, "--valid-at", day)
			}
		}
	}
	for _, party := range []string{"communities", "schools", "people"} {
		ask("parties", party, "list")
		ask("parties", party, "list", "--provisional")
	}
	ask("status", "status")
	ask("programmes", "programme", "list")
	for _, name := range strings.Fields("stream type unit actor named cause correlation as_of recorded_from") {
		flag := strings.ReplaceAll(strings.Replace(name, "actor", "by_actor", 1), "_", "-")
		for _, value := range some(k.values("", name), k.most) {
			ask("journal", "journal", "--"+flag, value)
		}
	}
	ask("journal", "journal", "--after", k.points()[0], "--limit", "7")
	for _, district := range k.values("", "district") {
		ask("export", "export", "{target}", "--district", district)
		ask("export", "export", "{target}", "--district", district, "--as-of", k.points()[0])
		ask("export", "export", "{target}", "--district", district, "--with-void")
	}
	return append(append(out, k.reviewsPrinted()...), k.refusals()...)
}

// listArgs returns what registers are asked on the command line.
func (k *known) listArgs() [][]string {
	var out [][]string
	for _, register := range k.registers {
		out = append(out, []string{"list", register})
		for _, name := range strings.Fields("community school person subject kind stage mark district from to valid_at due_by as_of") {
			for _, value := range some(k.values(register, name), (k.most+1)/2) {
				out = append(out, []string{"list", register, "--" + strings.ReplaceAll(name, "_", "-"), value})
			}
		}
		days, points := k.values(register, "due_by"), k.points()
		if len(days) > 0 {
			last := days[len(days)-1]
			out = append(out, []string{"list", register, "--due-by", last, "--met"}, []string{"list", register, "--valid-at", days[0], "--as-of", points[0]},
				[]string{"list", register, "--from", slices.Min(days), "--to", slices.Max(days)})
		}
	}
	return out
}

// reviewsPrinted asks for every review, and for some as of a point, under each
// programme and in the other forms.
func (k *known) reviewsPrinted() []question {
	var out []question
	for i, of := range k.reviews {
		ask := func(args ...string) {
			out = append(out, question{kind: "review", args: append([]string{"review", of[0], of[1]}, args...), bytes: true})
		}
		ask("--format", "json")
		if i%max(1, len(k.reviews)/k.most) != 0 {
			continue
		}
		for _, point := range k.points() {
			ask("--format", "json", "--as-of", point)
		}
		for _, plan := range k.plans {
			ask("--format", "json", "--programme", plan)
		}
		ask("--format", "text")
		ask("--format", "html", "--names")
	}
	return out
}

// refusals are questions that are refused, so that the words are compared as well.
func (k *known) refusals() []question {
	var out []question
	for _, args := range []string{"list nosuch", "list lessons --stage nosuch", "list lessons --mark nosuch", "list lessons --kind nosuch",
		"list lessons --as-of 99999999", "list lessons --as-of 0", "list lessons --met", "list lessons --valid-at 2018-02-30",
		"list lessons --community nosuch", "list lessons --school nosuch", "sheet nosuch", "review nosuch 2016-2017/1",
		"sheet school-00000000-0000-0000-0000-000000000000", "journal --as-of nosuch"} {
		out = append(out, question{kind: "refusals", args: append([]string{"--json"}, strings.Fields(args)...)})
	}
	return out
}

// withoutModels replaces how the read models stand, which are each binary's own
// matter, by whether one stopped or lies behind, and the binary's version.
func withoutModels(tree any) {
	if documents, is := tree.([]any); is && len(documents) == 1 {
		tree = documents[0]
	}
	status, is := tree.(map[string]any)
	if !is {
		return
	}
	for _, name := range []string{"models", "projectors"} {
		models, _ := status[name].([]any)
		delete(status, name)
		for _, one := range models {
			model, _ := one.(map[string]any)
			for _, field := range []string{"behind", "lag", "stopped"} {
				if said := fmt.Sprint(model[field]); model[field] != nil && said != "0" && said != "" {
					status["a model "+field] = said
				}
			}
		}
	}
	delete(status, "version")
	if about, is := status["info"].(map[string]any); is {
		delete(about, "version")
	}
}

// An operation is what a service says of one of its addresses.
type operation struct {
	Parameters []struct {
		Name, In string
		Required bool
	}
}

// takes tells whether an operation has all these parameters.
func (o operation) takes(names ...string) bool {
	names = slices.Clone(names)
	for _, p := range o.Parameters {
		names = slices.DeleteFunc(names, func(name string) bool { return name == p.Name })
	}
	return len(names) == 0
}

// overHTTP returns every question for a service: all that it can be asked by GET,
// as its own description says, and the pages.
func (k *known) overHTTP(ctx context.Context, s *side) ([]question, error) {
	_, _, raw, err := s.fetch(ctx, "/openapi.json")
	if err != nil {
		return nil, err
	}
	var described struct {
		Paths map[string]struct{ Get *operation }
	}
	if err := json.Unmarshal(raw, &described); err != nil {
		return nil, err
	}
	out := []question{{kind: "HTTP description", path: "/openapi.json"}}
	for _, path := range slices.Sorted(maps.Keys(described.Paths)) {
		if o := described.Paths[path].Get; o != nil && path != "/api/v1/reviews" {
			out = append(out, k.askedOf(path, *o)...)
		}
	}
	pages, err := k.pages(ctx, s)
	return append(out, pages...), err
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// askedOf returns the questions for one address.
func (k *known) askedOf(path string, o operation) []question {
	kind, register := kindOf(path), ""
	if parts := strings.Split(path, "/"); len(parts) > 3 {
		register = parts[3]
	}
	things := []string{""}
	switch {
	case strings.Contains(path, "{key}"):
		things = k.keys(register)
		if register == "people" {
			things = some(things, 10*k.most)
		}
	case strings.Contains(path, "{record}"):
		things = some(k.keys(register), 3*k.most)
	case strings.Contains(path, "{name}"):
		things = []string{"lesson.report", "exchange.apply", "nosuch"}
	}
	var out []question
	for i, thing := range things {
		queries := []string{""}
		if i < k.most {
			queries = k.queries(register, o)
		}
		for _, query := range queries {
			out = append(out, question{kind: kind, path: placeholder.ReplaceAllLiteralString(path, thing) + query})
		}
	}
	return out
}

// kindOf sorts addresses for the table.
func kindOf(path string) string {
	for _, kind := range []string{"/sheet", "/calendar", "/communities", "/journal", "/commands"} {
		if strings.Contains(path, kind) {
			return "HTTP " + kind[1:]
		}
	}
	switch {
	case strings.Contains(path, "{record}"):
		return "HTTP line"
	case strings.HasSuffix(path, "z"), strings.HasSuffix(path, "/status"):
		return "HTTP status"
	}
	return "HTTP register"
}

// together are parameters that are also asked in pairs.
var together = [][2]string{{"as_of", "valid_at"}, {"as_of", "community"}, {"as_of", "school"}, {"as_of", "mark"}, {"as_of", "kind"}, {"as_of", "on"},
	{"as_of", "due_by"}, {"as_of", "stream"}, {"due_by", "met"}, {"community", "kind"}, {"school", "valid_at"}, {"from", "to"}, {"type", "recorded_to"}}

// queries returns what an operation is asked with: nothing, each parameter alone,
// and some together; all of it as a table too, where it is one.
func (k *known) queries(register string, o operation) []string {
	asked := []url.Values{{}}
	for _, p := range o.Parameters {
		if p.In == "query" {
			for _, value := range k.values(register, p.Name) {
				asked = append(asked, url.Values{p.Name: {value}})
			}
		}
	}
	for _, names := range together {
		if !o.takes(names[:]...) {
			continue
		}
		both := url.Values{}
		for _, name := range names {
			for _, value := range some(k.values(register, name), 1) {
				both.Set(name, value)
			}
		}
		if len(both) == 2 {
			asked = append(asked, both)
		}
	}
	var out []string
	for _, values := range asked {
		if o.takes("limit") {
			values.Set("limit", map[bool]string{true: "53", false: "500"}[len(values) == 0])
		}
		out = append(out, strings.TrimSuffix("?"+values.Encode(), "?"))
		if o.takes("format") {
			values.Set("format", "csv")
			out = append(out, "?"+values.Encode())
		}
	}
	return out
}

var reviewAddress = regexp.MustCompile(`href="/reviews/([^/"]+)/([0-9-]+/[12])`)

// pages returns the questions for the pages, which say of which communities and
// terms there are reviews, and for those reviews over HTTP.
func (k *known) pages(ctx context.Context, s *side) ([]question, error) {
	_, _, front, err := s.fetch(ctx, "/")
	if err != nil {
		return nil, err
	}
	out := []question{{kind: "page", path: "/"}}
	variants := []string{}
	for _, point := range k.points() {
		variants = append(variants, "as_of="+url.QueryEscape(point))
	}
	for _, plan := range k.plans {
		variants = append(variants, "programme="+url.QueryEscape(plan))
	}
	for _, variant := range variants {
		out = append(out, question{kind: "page", path: "/?" + variant})
	}
	for i, found := range reviewAddress.FindAllStringSubmatch(string(front), -1) {
		k.reviews = append(k.reviews, [2]string{found[1], found[2]})
		page, document := "/reviews/"+found[1]+"/"+found[2], "/api/v1/reviews?community="+found[1]+"&term="+found[2]
		out = append(out, question{kind: "page", path: page}, question{kind: "HTTP review", path: document, bytes: true})
		for j, variant := range variants {
			if j%4 == i%4 || strings.HasPrefix(variant, "programme") {
				out = append(out, question{kind: "HTTP review", path: document + "&" + variant, bytes: true})
			}
			if j == i%len(variants) {
				out = append(out, question{kind: "page", path: page + "?" + variant})
			}
		}
	}
	for _, path := range []string{"/api/v1/nosuch", "/nosuch", "/api/v1/lessons?as_of=99999999", "/api/v1/lessons?nosuch=1",
		"/api/v1/lessons?valid_at=2018-02-30", "/api/v1/lessons/lesson-00000000-0000-0000-0000-000000000000",
		"/api/v1/reviews?community=nosuch&term=2016-2017/1", "/reviews/nosuch/2016-2017/1"} {
		out = append(out, question{kind: "refusals", path: path})
	}
	return out, nil
}
