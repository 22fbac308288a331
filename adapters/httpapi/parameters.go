package httpapi

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"twinledger/domain/record"
)

// checked refuses a request whose parameters are not as its operation declares
// them. It stands in front of Huma's own checks, which answer with 422 in
// English and in the order of a map, and read a query that is not in normal form
// otherwise than net/url does; behind it they find nothing to say.
func (s *server) checked(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		s.fail(w, r, errUnreadableQuery)
		return
	}
	if wrong := s.mistakes(ctx, query); len(wrong) > 0 {
		s.fail(w, r, badParameters(wrong[:min(len(wrong), mostFields)]))
		return
	}
	address := *r.URL
	address.RawQuery = query.Encode()
	normal := r.WithContext(withPosition(r.Context(), query.Get(positionParameter)))
	normal.URL = &address
	next(humachi.NewContext(ctx.Operation(), normal, w))
}

// mostFields bounds how much longer than its question a refusal may be.
const mostFields = 20

func badParameters(wrong []fieldJSON) error {
	f := errParameters
	for _, field := range wrong {
		f = f.With(field.Name, field.Code)
	}
	return refusal{http.StatusBadRequest, f, wrong}
}

// mistakes lists the parameters that are wrong: those of the operation in their
// order, then unknown ones by name.
func (s *server) mistakes(ctx huma.Context, query url.Values) []fieldJSON {
	var wrong []fieldJSON
	var known []string
	for _, p := range ctx.Operation().Parameters {
		values := query[p.Name]
		switch p.In {
		case "query":
			known = append(known, p.Name)
		case "path":
			values = []string{ctx.Param(p.Name)}
		case "header":
			values = headerOf(ctx).Values(p.Name)
			if p.Name == tagsHeader {
				// Lines of a list are one list, as RFC 9110, section 5.3, says. No other header is one.
				values = []string{strings.Join(values, ", ")}
			}
		default:
			continue
		}
		if code, zh, en := s.mistake(p, values); code != "" {
			wrong = append(wrong, fieldJSON{p.Name, p.In, code, zh, en})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) {
			wrong = append(wrong, fieldJSON{name, "query", "unknown", "没有这个参数" + listed("；可用的参数：", "、", known),
				"There is no such parameter" + listed("; there are ", ", ", known) + "."})
		}
	}
	return wrong
}

func headerOf(ctx huma.Context) http.Header {
	r, _ := humachi.Unwrap(ctx)
	return r.Header
}

func listed(before, between string, words []string) string {
	if len(words) == 0 {
		return ""
	}
	return before + strings.Join(words, between)
}

// mistake returns what is wrong with a parameter, "" when nothing is.
func (s *server) mistake(p *huma.Param, values []string) (code, zh, en string) {
	switch {
	case len(values) > 1:
		return "repeated", "只能给出一次", "Give it once."
	case len(values) == 0 || values[0] == "":
		if p.Required {
			return "missing", "必须给出", "It must be given."
		}
		return "", "", ""
	}
	value := values[0]
	if !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
		return "unreadable", "应为 UTF-8 文本，不含控制字符", "Write UTF-8 text without control characters."
	}
	if p.Schema.Type == huma.TypeInteger {
		return numberMistake(p.Schema, value)
	}
	return s.textMistake(p.Schema, value)
}

func numberMistake(schema *huma.Schema, value string) (code, zh, en string) {
	for _, digit := range value {
		if digit < '0' || digit > '9' {
			return "not_a_number", "应为整数", "Write a whole number."
		}
	}
	// Digits that are too many for the type are too great for the range.
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil || float64(n) < *schema.Minimum || float64(n) > *schema.Maximum {
		return "out_of_range", fmt.Sprintf("应在 %.0f 至 %.0f 之间", *schema.Minimum, *schema.Maximum),
			fmt.Sprintf("It lies between %.0f and %.0f.", *schema.Minimum, *schema.Maximum)
	}
	return "", "", ""
}

func (s *server) textMistake(schema *huma.Schema, value string) (code, zh, en string) {
	switch {
	case schema.MaxLength != nil && utf8.RuneCountInString(value) > *schema.MaxLength:
		return "too_long", fmt.Sprintf("最多 %d 个字", *schema.MaxLength), fmt.Sprintf("At most %d characters.", *schema.MaxLength)
	case schema.Pattern != "" && !s.patterns[schema.Pattern].MatchString(value):
		return "malformed", fmt.Sprintf("应写作 %v", schema.Examples[0]), fmt.Sprintf("Write it like %v.", schema.Examples[0])
	case len(schema.Enum) > 0 && !slices.Contains(schema.Enum, any(value)):
		var words []string
		for _, word := range schema.Enum {
			words = append(words, fmt.Sprint(word))
		}
		zh, en = "应为下列之一："+strings.Join(words, "、"), "It is one of "+strings.Join(words, ", ")+"."
		if near := nearestKinds(value, words); near != "" {
			zh, en = "最接近的是 "+near+"；"+zh, "The nearest are "+near+". "+en
		}
		return "not_listed", zh, en
	}
	return "", "", ""
}

// nearestKinds returns the kinds among the codes listed that somebody may have meant
// who wrote value, as they are called; "" when the list is none of kinds or nothing
// is near.
func nearestKinds(value string, listed []string) string {
	var kinds []record.Kind
	for _, code := range listed {
		if _, known := record.Lookup(record.Kind(code)); known {
			kinds = append(kinds, record.Kind(code))
		}
	}
	return record.KindWords(record.NearestKindsIn(value, 3, kinds...))
}

// compile prepares the patterns of an operation's parameters. A pattern without
// an example, or a number without bounds, is a mistake of this package.
func (s *server) compile(parameters []*huma.Param) {
	for _, p := range parameters {
		schema := p.Schema
		if schema.Pattern != "" {
			_ = schema.Examples[0]
			s.patterns[schema.Pattern] = regexp.MustCompile(schema.Pattern)
		}
		if schema.Type == huma.TypeInteger {
			_, _ = *schema.Minimum, *schema.Maximum
		}
	}
}
