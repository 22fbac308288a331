package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

type reviewWanted struct {
	PointInTime
	Community string `query:"community" required:"true" maxLength:"128" doc:"Key, name, or a part of the name that fits one community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	Term      string `query:"term" required:"true" maxLength:"64" doc:"The term: the school year, then 1 for autumn or 2 for spring; or as people write it, such as 2017—2018学年第二学期 or 2018年春季学期." example:"2017-2018/2"`
	JudgedOn  string `query:"judged_on" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"What is dated after this day has not taken place. Not given: the day of as_of, of an ordinal the day on which its record was recorded; without as_of today at +08:00." example:"2018-07-01"`
	Programme string `query:"programme" maxLength:"128" doc:"Code of the published programme to judge by. Not given: the one in force." example:"county-1plusn"`
}

func (s *server) reviewOperations() {
	described := withAsOf(responses[reviewJSON](s, "The review, byte for byte as it is kept and hashed", http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity))
	sum := &huma.Header{
		Description: "SHA-256 of the body, in hex.",
		Schema:      &huma.Schema{Type: huma.TypeString, Examples: []any{"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
	}
	described["200"].Headers[sha256Header], described["304"].Headers[sha256Header] = sum, sum
	get(s, huma.Operation{
		OperationID: "get-review", Path: "/api/v1/reviews", Tags: []string{"reviews"},
		Summary: "学期评议 Term review",
		Description: "What a community owed in a term, what was done, what cannot be judged and why, and the events behind every number. " +
			"The same question as of the same ordinal is answered with the same bytes; without as_of that needs judged_on too.",
		Responses: described,
	}, s.getReview)
}

func (s *server) getReview(ctx context.Context, in *reviewWanted) (reply, error) {
	if err := s.await(ctx); err != nil {
		return reply{}, err
	}
	if err := checkDays(dayAsked{"judged_on", in.JudgedOn}); err != nil {
		return reply{}, err
	}
	answer, err := s.Reviewer.Review(ctx, Question{Community: in.Community, Term: in.Term, AsOf: in.AsOf, JudgedOn: in.JudgedOn, Programme: in.Programme})
	if err != nil {
		return reply{}, err
	}
	body, sum, err := answer.Bytes()
	if err != nil {
		return reply{}, fmt.Errorf("encode review: %w", err)
	}
	// The body's hash is the review's own, and so is its entity tag.
	header := map[string]string{sha256Header: sum, asOfHeader: strconv.FormatUint(answer.AsOf.Ordinal, 10)}
	return reply{header: header, body: body}, nil
}
