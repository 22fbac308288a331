package httpapi

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/pairing"
	"twinledger/projections"
	"twinledger/projections/communities"
)

// A communityJSON is one community with its totals.
type communityJSON struct {
	Key         string       `json:"key" doc:"Key of the community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	Name        string       `json:"name" doc:"Its name." example:"城关第一教育共同体"`
	District    string       `json:"district" doc:"Key of its district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	Provisional bool         `json:"provisional" doc:"An imported file mentioned it and nobody has confirmed it." example:"false"`
	Members     []memberJSON `json:"members" doc:"Schools' times in it, those that ended included."`
	Totals      []totalJSON  `json:"totals" doc:"How much is recorded, by kind of record, ordered by kind."`
	Incomplete  int          `json:"incomplete" doc:"Records that leave something unknown." example:"2"`
	Held        int          `json:"held" doc:"Imported rows that could not be counted as they stand." example:"1"`
}

// A memberJSON is one school's time in a community.
type memberJSON struct {
	School string `json:"school" doc:"Key of the school." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Role   string `json:"role" doc:"The glossary's code of its part." example:"core_school"`
	Basis  string `json:"basis" enum:"founding,roster" doc:"founding: it began then; roster: it was so then, and since when is not known." example:"founding"`
	Since  string `json:"since" doc:"From when, as precisely as it is known." example:"day:2017-09-01"`
	Until  string `json:"until" doc:"Until when; empty while it lasts." example:"term:2018-2019/1"`
	Entry  string `json:"entry" doc:"Id of the event that brought the school in." example:"01980a6e-7c10-5000-8000-000000000007"`
	Exit   string `json:"exit" doc:"Id of the event that took it out; empty while it lasts." example:"01980a6e-7c10-5000-8000-000000000008"`
}

// A totalJSON is how much of one kind of record there is.
type totalJSON struct {
	Kind        string `json:"kind" doc:"Kind of record: lesson, exchange, visit and so on." example:"lesson"`
	Records     int    `json:"records" doc:"How many records." example:"14"`
	Occurrences int    `json:"occurrences" doc:"How often, by the records that say so." example:"31"`
	Unnumbered  int    `json:"unnumbered" doc:"Records that do not say how often; they add nothing." example:"1"`
}

// A boardsJSON is the whole board.
type boardsJSON struct {
	AsOfOrdinal uint64          `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Items       []communityJSON `json:"items" doc:"The communities, ordered by name."`
}

type oneCommunity struct {
	PointInTime
	Key string `path:"key" pattern:"^community-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
}

func (s *server) communityOperations() {
	get(s, huma.Operation{
		OperationID: "list-communities", Path: "/api/v1/communities", Tags: []string{"ledger"},
		Summary:   "共同体看板 Community board",
		Responses: withAsOf(responses[boardsJSON](s, "All communities", http.StatusNotFound)),
	}, s.listCommunities)
	get(s, huma.Operation{
		OperationID: "get-community", Path: "/api/v1/communities/{key}", Tags: []string{"ledger"},
		Summary:   "一个共同体 One community",
		Responses: withAsOf(responses[singleJSON[communityJSON]](s, "The community", http.StatusNotFound)),
	}, s.getCommunity)
}

func (s *server) listCommunities(ctx context.Context, in *PointInTime) (reply, error) {
	boards, ordinal, err := s.boards(ctx, in.AsOf, s.Communities)
	if err != nil {
		return reply{}, err
	}
	return answered(ordinal, boardsJSON{ordinal, each(boards, wireCommunity)})
}

func (s *server) getCommunity(ctx context.Context, in *oneCommunity) (reply, error) {
	boards, ordinal, err := s.boards(ctx, in.AsOf, within{s.Communities, in.Key})
	if err != nil {
		return reply{}, err
	}
	i := slices.IndexFunc(boards, func(b communities.Board) bool { return b.Key == in.Key })
	if i < 0 {
		return reply{}, errNoRecord.With("key", in.Key).With("as_of", ordinal)
	}
	return answered(ordinal, singleJSON[communityJSON]{ordinal, wireCommunity(boards[i])})
}

func (s *server) boards(ctx context.Context, asOf string, rows projections.Rows[communities.Row]) ([]communities.Board, uint64, error) {
	ordinal, err := s.ordinal(ctx, communities.Model.Name, asOf)
	if err != nil || ordinal == 0 {
		return nil, ordinal, err
	}
	boards, err := communities.Boards(ctx, rows, ordinal)
	return boards, ordinal, err
}

// within is the rows of one community.
type within struct {
	projections.Rows[communities.Row]
	community string
}

// Select answers as the rows do, for the one community.
func (w within) Select(ctx context.Context, q projections.Query) ([]communities.Row, error) {
	q.Where = append(slices.Clone(q.Where), projections.Is(communities.ByCommunity, w.community))
	return w.Rows.Select(ctx, q)
}

func wireCommunity(b communities.Board) communityJSON {
	return communityJSON{
		Key: b.Key, Name: b.Name, District: b.District, Provisional: b.Provisional, Members: each(b.Members, wireMember),
		Totals: each(b.Totals, func(t communities.Total) totalJSON { return totalJSON(t) }), Incomplete: b.Incomplete, Held: b.Held,
	}
}

func wireMember(m pairing.Membership) memberJSON {
	return memberJSON{m.School, string(m.Role), string(m.Basis), string(m.Since), string(m.Until), m.Entry, m.Exit}
}
