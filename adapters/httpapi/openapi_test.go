package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

// A document is the OpenAPI document as it is served.
type document map[string]any

func served(t testing.TB, h http.Handler) document {
	t.Helper()
	w := ask(h, "GET", "/openapi.json")
	var d document
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatalf("OpenAPI document: %v", err)
	}
	return d
}

// in walks down objects.
func in(v any, path ...string) any {
	for _, name := range path {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

// check compares an answer with what the document says of a query at a path.
func (d document) check(t *testing.T, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	d.checkOf(t, "get", path, w)
}

// checkRequest compares a body that is sent as JSON with what the document says
// of a path.
func (d document) checkRequest(t *testing.T, path, sent string) {
	t.Helper()
	var body any
	if err := json.Unmarshal([]byte(sent), &body); err != nil {
		t.Fatalf("%s: request is no JSON: %v", path, err)
	}
	for _, wrong := range d.violations("request", in(map[string]any(d), "paths", path, "post", "requestBody", "content", "application/json", "schema"), body) {
		t.Errorf("%s: %s", path, wrong)
	}
}

// checkOf compares an answer with what the document says of a method of a path.
func (d document) checkOf(t *testing.T, method, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	responses := in(map[string]any(d), "paths", path, method, "responses")
	described := in(responses, fmt.Sprint(w.Code))
	if described == nil && w.Code >= http.StatusBadRequest {
		described = in(responses, "default")
	}
	if described == nil {
		t.Fatalf("%s: status %d is not described", path, w.Code)
	}
	headers, _ := in(described, "headers").(map[string]any)
	for name := range headers {
		if w.Header().Get(name) == "" {
			t.Errorf("%s: header %s is described and not sent", path, name)
		}
	}
	if w.Code == http.StatusNotModified {
		return
	}
	mediaType, _, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	schema := in(described, "content", mediaType, "schema")
	if schema == nil {
		t.Fatalf("%s: %d with %s is not described", path, w.Code, mediaType)
	}
	var body any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s: body is no JSON: %v", path, err)
	}
	for _, wrong := range d.violations("body", schema, body) {
		t.Errorf("%s: %s", path, wrong)
	}
}

// resolve follows a reference.
func (d document) resolve(schema any) any {
	if ref, ok := in(schema, "$ref").(string); ok {
		return in(map[string]any(d), strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	return schema
}

// violations lists where a value is not as its JSON Schema says. It knows every
// keyword that the document uses and complains of any other.
func (d document) violations(at string, declared, value any) []string {
	schema, ok := d.resolve(declared).(map[string]any)
	if !ok {
		return []string{at + ": schema is missing"}
	}
	if branches, ok := schema["oneOf"].([]any); ok {
		fitting := 0
		for _, branch := range branches {
			if len(d.violations(at, branch, value)) == 0 {
				fitting++
			}
		}
		if fitting != 1 {
			return []string{fmt.Sprintf("%s: fits %d branches of oneOf", at, fitting)}
		}
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		return d.objectViolations(at, schema, v)
	case []any:
		if schema["type"] != "array" {
			return []string{at + ": is a list"}
		}
		var out []string
		for i, item := range v {
			out = append(out, d.violations(fmt.Sprintf("%s[%d]", at, i), schema["items"], item)...)
		}
		return out
	default:
		return scalarViolations(at, schema, value)
	}
}

func (d document) objectViolations(at string, schema, object map[string]any) []string {
	var out []string
	if schema["type"] == "object" && schema["additionalProperties"] == true && schema["properties"] == nil {
		return nil // a command's own fields
	}
	if schema["type"] != "object" || schema["additionalProperties"] != false {
		out = append(out, at+": is an object, or its schema is open")
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, has := object[name.(string)]; !has {
			out = append(out, fmt.Sprintf("%s: lacks %v", at, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if properties[name] == nil {
			out = append(out, at+": has "+name+", which is not described")
			continue
		}
		out = append(out, d.violations(at+"."+name, properties[name], object[name])...)
	}
	return out
}

func scalarViolations(at string, schema map[string]any, value any) []string {
	var out []string
	complain := func(ok bool, keyword string) {
		if !ok {
			out = append(out, fmt.Sprintf("%s: %v is against %s %v", at, value, keyword, schema[keyword]))
		}
	}
	number, isNumber := value.(float64)
	text, isText := value.(string)
	_, isBool := value.(bool)
	for keyword, limit := range schema {
		switch keyword {
		case "type":
			complain(limit == "string" && isText || limit == "integer" && isNumber && number == float64(int64(number)) ||
				limit == "boolean" && isBool || limit == "null" && value == nil, keyword)
		case "enum":
			complain(slices.Contains(limit.([]any), value), keyword)
		case "minimum":
			complain(number >= limit.(float64), keyword)
		case "maximum":
			complain(number <= limit.(float64), keyword)
		case "maxLength":
			complain(utf8.RuneCountInString(text) <= int(limit.(float64)), keyword)
		case "pattern":
			complain(regexp.MustCompile(limit.(string)).MatchString(text), keyword)
		case "format":
			complain(limit != "date-time" || strings.HasSuffix(text, "Z"), keyword)
		case "description", "examples", "default", "contentMediaType":
		default:
			complain(false, keyword)
		}
	}
	return out
}

func TestDescription(t *testing.T) {
	h := handler(t, sample())
	d := served(t, h)
	if d["openapi"] != "3.1.0" {
		t.Errorf("OpenAPI version is %v, want 3.1.0", d["openapi"])
	}
	golden(t, "openapi.json", ask(h, "GET", "/openapi.json").Body.Bytes())

	var asYAML document
	if err := yaml.Unmarshal(ask(h, "GET", "/openapi.yaml").Body.Bytes(), &asYAML); err != nil {
		t.Fatalf("YAML: %v", err)
	}
	if fmt.Sprint(asYAML["openapi"]) != "3.1.0" || len(in(map[string]any(asYAML), "paths").(map[string]any)) != len(d["paths"].(map[string]any)) {
		t.Error("the YAML document is not the JSON document")
	}
}

func TestEverythingIsDescribed(t *testing.T) {
	d := served(t, handler(t, sample()))
	text := ask(handler(t, sample()), "GET", "/openapi.json").Body.String()
	for name, schema := range in(map[string]any(d), "components", "schemas").(map[string]any) {
		if !strings.Contains(text, `"#/components/schemas/`+name+`"`) {
			t.Errorf("%s is described and nowhere used", name)
		}
		for property, p := range in(schema, "properties").(map[string]any) {
			d.documented(t, name+"."+property, p)
		}
	}
	for path, item := range d["paths"].(map[string]any) {
		for method, operation := range item.(map[string]any) {
			parameters, _ := in(operation, "parameters").([]any)
			for _, p := range parameters {
				at := fmt.Sprintf("%s %v", path, in(p, "name"))
				if in(p, "description") == nil {
					t.Errorf("%s has no description", at)
				}
				d.documented(t, at, in(p, "schema"))
			}
			if in(operation, "summary") == nil || in(operation, "operationId") == nil {
				t.Errorf("%s %s has no summary or operation id", method, path)
			}
			if writes := method != "get"; writes != (in(operation, "security") != nil) || writes != (in(operation, "requestBody") != nil) {
				t.Errorf("%s %s: a body and a credential belong to what writes", method, path)
			}
		}
	}
}

// documented requires a description of every property, an example of everything
// that has no properties of its own, an example that is as described, and that
// no list may be null.
func (d document) documented(t *testing.T, at string, property any) {
	t.Helper()
	if in(property, "description") == nil {
		t.Errorf("%s has no description", at)
	}
	if _, several := in(property, "type").([]any); several {
		t.Errorf("%s may be null", at)
	}
	schema := d.resolve(property)
	if schema == nil {
		t.Errorf("%s refers to nothing", at)
		return
	}
	ofObjects := in(schema, "type") == "object" || in(schema, "oneOf") != nil || in(d.resolve(in(schema, "items")), "type") == "object"
	if ofObjects {
		return
	}
	examples, _ := in(property, "examples").([]any)
	if len(examples) == 0 {
		t.Errorf("%s has no example", at)
		return
	}
	for _, wrong := range d.violations(at+": example", property, examples[0]) {
		t.Error(wrong)
	}
}
