package httpapi

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/calendar"
	"twinledger/projections/communities"
)

// A communityJSON is one community with its totals.
type communityJSON struct {
	Key           string             `json:"key" doc:"Key of the community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	Name          string             `json:"name" doc:"Its name." example:"城关第一教育共同体"`
	District      string             `json:"district" doc:"Key of its district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	Provisional   bool               `json:"provisional" doc:"An imported file mentioned it and nobody has confirmed it." example:"false"`
	Members       []memberJSON       `json:"members" doc:"Schools' times in it, those that ended included. The time of a school that merged ends with it; its successor follows."`
	Totals        []totalJSON        `json:"totals" doc:"How much is recorded, by kind of record, ordered by kind."`
	Incomplete    int                `json:"incomplete" doc:"Records that leave something unknown." example:"2"`
	Held          int                `json:"held" doc:"Imported rows that could not be counted as they stand." example:"1"`
	NotTakenPlace int                `json:"not_taken_place" doc:"Records of what has not taken place, or never will; they count nowhere else." example:"3"`
	ToldTwice     int                `json:"told_twice" doc:"Records that another one stands for, by somebody's decision; they count nowhere else." example:"1"`
	Changes       []entityChangeJSON `json:"changes" doc:"What was said of it since it came up, and stands."`
	Ordinals      []uint64           `json:"ordinals" doc:"Ordinals of the events of the community itself; see the journal." example:"[3]"`
}

// A memberJSON is one school's time in a community.
type memberJSON struct {
	School   string `json:"school" doc:"Key of the school." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Role     string `json:"role" doc:"The glossary's code of its part." example:"core_school"`
	Basis    string `json:"basis" enum:"founding,roster" doc:"founding: it began then; roster: it was so then, and since when is not known." example:"founding"`
	Since    string `json:"since" doc:"From when, as precisely as it is known." example:"day:2017-09-01"`
	Until    string `json:"until" doc:"Until when; empty while it lasts." example:"term:2018-2019/1"`
	Entry    string `json:"entry" doc:"Id of the event that brought the school in." example:"01980a6e-7c10-5000-8000-000000000007"`
	Exit     string `json:"exit" doc:"Id of the event that took it out; empty while it lasts." example:"01980a6e-7c10-5000-8000-000000000008"`
	Valid    string `json:"valid,omitempty" enum:"certainly,possibly" doc:"Whether it was a member on the day of valid_at; left out when none is asked for." example:"certainly"`
	Question string `json:"question,omitempty" enum:"successor_not_member,none_of_split_member" doc:"It carries on for a member that merged or was split, and nothing says that it took over the membership; left out of a member." example:"successor_not_member"`
}

// A totalJSON is how much of one kind of record there is.
type totalJSON struct {
	Kind        string `json:"kind" doc:"Kind of record: lesson, exchange, visit and so on." example:"lesson"`
	Records     int    `json:"records" doc:"How many records." example:"14"`
	Occurrences int    `json:"occurrences" doc:"How often, by the records that say so." example:"31"`
	Unnumbered  int    `json:"unnumbered" doc:"Records that do not say how often; they add nothing." example:"1"`
}

// A boardsJSON is a page of the board.
type boardsJSON struct {
	AsOfOrdinal uint64          `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Items       []communityJSON `json:"items" doc:"The communities, ordered by name."`
	Next        string          `json:"next,omitempty" doc:"Cursor of the next page, to be given as after; left out on the last page." example:"5Z-O5YWz56ys5LiA5pWZ6IKy5YWx5ZCM5L2TCmNvbW11bml0eS0x"`
}

type boardsWanted struct {
	PointInTime
	Formatted
	MembersOn
	After    string `query:"after" maxLength:"2048" pattern:"^[A-Za-z0-9_-]+$" doc:"The cursor that the page before gave as next. It means nothing else." example:"5Z-O5YWz56ys5LiA5pWZ6IKy5YWx5ZCM5L2TCmNvbW11bml0eS0x"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"At most so many items." example:"100"`
	District string `query:"district" pattern:"^district-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
}

// MembersOn is the parameter of a question about members.
type MembersOn struct {
	ValidAt string `query:"valid_at" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only the members of this day; valid says whether they certainly were." example:"2018-04-18"`
}

type oneCommunity struct {
	PointInTime
	MembersOn
	Key string `path:"key" pattern:"^community-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
}

func (s *server) communityOperations() {
	getTable(s, huma.Operation{
		OperationID: "list-communities", Path: "/api/v1/communities", Tags: []string{"ledger"},
		Summary:   "共同体看板 Community board",
		Responses: alsoCSV(withAsOf(responses[boardsJSON](s, "A page of the communities", http.StatusNotFound))),
	}, s.listCommunities)
	get(s, huma.Operation{
		OperationID: "get-community", Path: "/api/v1/communities/{key}", Tags: []string{"ledger"},
		Summary:     "一个共同体 One community",
		Description: "A community that is said to be another one is answered with that other.",
		Responses:   withAsOf(responses[singleJSON[communityJSON]](s, "The community", http.StatusNotFound)),
	}, s.getCommunity)
}

func (s *server) listCommunities(ctx context.Context, in *boardsWanted, r *http.Request) (reply, error) {
	boards, ordinal, err := s.boards(ctx, in.AsOf, in.ValidAt, communities.Question{District: in.District})
	if err != nil {
		return reply{}, err
	}
	boards, next, err := boardsAfter(boards, in.After, in.Limit)
	if err != nil {
		return reply{}, err
	}
	if wantsCSV(r, in.Format) {
		return tabled(r, ordinal, next, boardRows(boards))
	}
	answer, err := answered(ordinal, boardsJSON{ordinal, each(boards, wireCommunity), next})
	return linked(r, answer, ordinal, next), err
}

// boardsAfter returns the boards behind a cursor, at most so many, and the cursor of the
// page behind them, "" when there is none. The cursor holds name and key of the last
// board, because boards are ordered by these: it keeps its place when that board is gone.
func boardsAfter(boards []communities.Board, cursor string, limit int) (page []communities.Board, next string, err error) {
	after, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || cursor != "" && !strings.Contains(string(after), "\n") {
		return nil, "", badParameters([]fieldJSON{{"after", "query", "unreadable", "应为上一页所给的 next", "Give the next of the page before."}})
	}
	if name, key, _ := strings.Cut(string(after), "\n"); cursor != "" {
		boards = slices.DeleteFunc(boards, func(b communities.Board) bool { return b.Name+b.Key <= name+key })
	}
	if len(boards) > limit {
		boards = boards[:limit]
		last := boards[limit-1]
		next = base64.RawURLEncoding.EncodeToString([]byte(last.Name + "\n" + last.Key))
	}
	return boards, next, nil
}

func (s *server) getCommunity(ctx context.Context, in *oneCommunity) (reply, error) {
	boards, ordinal, err := s.boards(ctx, in.AsOf, in.ValidAt, communities.Question{Keys: []string{in.Key}})
	if err != nil {
		return reply{}, err
	}
	if len(boards) == 0 {
		return reply{}, errNoRecord.With("key", in.Key).With("as_of", ordinal)
	}
	return answered(ordinal, singleJSON[communityJSON]{ordinal, wireCommunity(boards[0])})
}

func (s *server) boards(ctx context.Context, asOf, validAt string, q communities.Question) ([]communities.Board, uint64, error) {
	if err := checkDays(dayAsked{"valid_at", validAt}); err != nil {
		return nil, 0, err
	}
	ordinal, err := s.ordinal(ctx, asOf)
	if err != nil || ordinal == 0 {
		return nil, ordinal, err
	}
	q.AsOf, q.ValidAt = ordinal, calendar.Day(validAt)
	if q.JudgedOn, err = s.AsOf.JudgedOn(ctx, "", asOf); err != nil {
		return nil, 0, err
	}
	boards, err := communities.Boards(ctx, s.Registers, q)
	return boards, ordinal, err
}

// boardRows are the boards as a table: a line for each kind of record, and one
// for a community of which nothing is recorded.
func boardRows(boards []communities.Board) [][]string {
	rows := [][]string{{"编号", "名称", "区县", "待确认", "成员数", "记录类别", "记录数", "次数", "未注明次数", "不完整", "暂挂"}}
	for _, b := range boards {
		provisional := ""
		if b.Provisional {
			provisional = "是"
		}
		for _, t := range append(b.Totals, communities.Total{})[:max(len(b.Totals), 1)] {
			rows = append(rows, []string{b.Key, b.Name, b.District, provisional, strconv.Itoa(b.Present()), t.Kind, strconv.Itoa(t.Records),
				strconv.Itoa(t.Occurrences), strconv.Itoa(t.Unnumbered), strconv.Itoa(b.Incomplete), strconv.Itoa(b.Held)})
		}
	}
	return rows
}

func wireCommunity(b communities.Board) communityJSON {
	return communityJSON{
		Key: b.Key, Name: b.Name, District: b.District, Provisional: b.Provisional, Members: each(b.Members, wireMember),
		Totals: each(b.Totals, func(t communities.Total) totalJSON { return totalJSON(t) }), Incomplete: b.Incomplete, Held: b.Held,
		NotTakenPlace: b.NotTakenPlace, ToldTwice: b.ToldTwice, Changes: each(b.Changes, wireChange), Ordinals: list(b.Ordinals),
	}
}

func wireMember(m communities.Member) memberJSON {
	out := wireMembership(m.Membership)
	out.Valid, out.Question = string(m.Valid), string(m.Question)
	return out
}
