package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

type reviewWanted struct {
	PointInTime
	Community   string `query:"community" required:"true" maxLength:"128" doc:"Key, name, or a part of the name that fits one community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	Term        string `query:"term" required:"true" pattern:"^[0-9]{4}-[0-9]{4}/[12]$" doc:"The term: the school year, then 1 for autumn or 2 for spring." example:"2017-2018/2"`
	Programme   string `query:"programme" maxLength:"128" doc:"Code of the published programme to judge by. Not given: the one in force." example:"county-1plusn"`
	IfNoneMatch string `header:"If-None-Match" doc:"Entity tags of reviews that the client has." example:"\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""`
}

func (s *server) reviewOperations() {
	described := withAsOf(responses[reviewJSON](s, "The review, byte for byte as it is kept and hashed", http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity))
	sum := &huma.Header{
		Description: "SHA-256 of the body, in hex.",
		Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
	}
	tag := &huma.Header{Description: "The same, as an entity tag.", Schema: &huma.Schema{Type: huma.TypeString}}
	described["200"].Headers[sha256Header], described["200"].Headers["ETag"] = sum, tag
	described["304"] = &huma.Response{
		Description: "The client has this review already",
		Headers:     map[string]*huma.Header{sha256Header: sum, "ETag": tag, asOfHeader: asOfDescription},
	}
	get(s, huma.Operation{
		OperationID: "get-review", Path: "/api/v1/reviews", Tags: []string{"reviews"},
		Summary: "学期评议 Term review",
		Description: "What a community owed in a term, what was done, what cannot be judged and why, and the events behind every number. " +
			"The same question as of the same ordinal is answered with the same bytes.",
		Responses: described,
	}, s.getReview)
}

func (s *server) getReview(ctx context.Context, in *reviewWanted) (reply, error) {
	answer, err := s.Reviewer.Review(ctx, Question{Community: in.Community, Term: in.Term, AsOf: in.AsOf, Programme: in.Programme})
	if err != nil {
		return reply{}, err
	}
	body, sum, err := answer.Bytes()
	if err != nil {
		return reply{}, fmt.Errorf("encode review: %w", err)
	}
	header := map[string]string{
		sha256Header: sum, "ETag": entityTag(sum), asOfHeader: strconv.FormatUint(answer.AsOf.Ordinal, 10),
		// A client may keep a review, but asks each time whether it still is the newest.
		"Cache-Control": "private, no-cache",
	}
	if hasTag(in.IfNoneMatch, sum) {
		return reply{status: http.StatusNotModified, header: header}, nil
	}
	return reply{header: header, body: body}, nil
}

func entityTag(sum string) string { return `"` + sum + `"` }

// hasTag tells whether an If-None-Match header names the review, by the weak
// comparison that RFC 9110, section 13.1.2, asks for.
func hasTag(header, sum string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == entityTag(sum) {
			return true
		}
	}
	return false
}
