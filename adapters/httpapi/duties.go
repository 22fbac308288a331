package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/calendar"
	"twinledger/domain/record"
	"twinledger/projections/journal"
	"twinledger/projections/registers"
)

// An owedJSON is one line of a register because of whose records something is
// owed.
type owedJSON struct {
	LineJSON
	Rounds []RoundJSON `json:"rounds" doc:"Each time that it was owed: once, and once more for each time it was sent back."`
}

// RoundJSON is one time that something was owed.
type RoundJSON struct {
	Due      string `json:"due" doc:"The last good day; empty when none is known." example:"day:2018-07-10"`
	Done     string `json:"done" doc:"When it was done; empty while it is not." example:"day:2018-07-12"`
	Released bool   `json:"released" doc:"It need not be done any more." example:"false"`
	LateBy   int    `json:"late_by" doc:"By how many days it was certainly done late." example:"2"`
}

// A dutyJSON is one entry of a calendar of what is owed.
type dutyJSON struct {
	RoundJSON
	Number    int        `json:"number" doc:"Which time it was owed, from 1." example:"1"`
	Overdue   bool       `json:"overdue" doc:"On the day of on it was still owed, and its day was over." example:"false"`
	OverdueBy int        `json:"overdue_by" doc:"Days since then." example:"0"`
	Record    string     `json:"record" doc:"Key of the record." example:"filing-01980a6e-7c10-7000-8000-000000000001"`
	Community string     `json:"community" doc:"Key of the community; empty when it is not stated." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	District  string     `json:"district" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	Kinds     []string   `json:"kinds" doc:"Codes of the glossary for what is owed." example:"summary"`
	Title     textJSON   `json:"title" doc:"What it is about."`
	From      []unitJSON `json:"from" doc:"Who files it, or orders it."`
	To        []unitJSON `json:"to" doc:"Who receives it, or is ordered."`
	Stage     string     `json:"stage" doc:"How far the record has come." example:"due"`
}

// A dutiesJSON is a calendar of what is owed.
type dutiesJSON struct {
	AsOfOrdinal uint64     `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	On          string     `json:"on" doc:"The day on which it is overdue or not; empty while nothing is recorded." example:"2018-07-15"`
	Items       []dutyJSON `json:"items" doc:"What is owed, by the day that it is due."`
}

type dutiesWanted struct {
	PointInTime
	Formatted
	From     string `query:"from" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what is due on this day or later." example:"2018-03-01"`
	To       string `query:"to" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what is due on this day or before." example:"2018-07-13"`
	District string `query:"district" pattern:"^district-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	School   string `query:"school" pattern:"^school-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a school on either side." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	On       string `query:"on" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"The day on which it is overdue or not. Not given: the day of the last record that is known." example:"2018-07-15"`
}

// dutyOperations serves the calendar of each register because of whose records
// something is owed.
func (s *server) dutyOperations() {
	for _, g := range registers.All {
		if !g.Owes() {
			continue
		}
		getTable(s, huma.Operation{
			OperationID: "list-" + g.Name + "-calendar", Path: "/api/v1/" + g.Name + "/calendar", Tags: []string{"ledger"},
			Summary:     g.ZH + "期限一览 What is due, when it was done, and what is overdue: " + g.EN,
			Description: "Not made into pages: narrow it with from and to.",
			Responses:   alsoCSV(withAsOf(responses[dutiesJSON](s, "What is owed", http.StatusNotFound))),
		}, func(ctx context.Context, in *dutiesWanted, r *http.Request) (reply, error) {
			return s.listDuties(ctx, g, in, r)
		})
	}
}

func (s *server) listDuties(ctx context.Context, g registers.Register, in *dutiesWanted, r *http.Request) (reply, error) {
	if err := checkPeriod(dayAsked{"from", in.From}, dayAsked{"to", in.To}, dayAsked{"on", in.On}); err != nil {
		return reply{}, err
	}
	ordinal, err := s.ordinal(ctx, in.AsOf)
	if err != nil {
		return reply{}, err
	}
	on := calendar.Day(in.On)
	var duties []registers.Duty
	if ordinal > 0 {
		if on == "" {
			on, err = s.dayOf(ctx, ordinal)
		}
		if err == nil {
			asked := registers.Question{Wanted: registers.Wanted{District: in.District, School: in.School}, AsOf: ordinal}
			duties, err = s.Registers.Duties(ctx, g, registers.DutyQuestion{Question: asked, DueFrom: calendar.Day(in.From), DueTo: calendar.Day(in.To), On: on})
		}
	}
	if err != nil {
		return reply{}, fmt.Errorf("read what is owed by %s: %w", g.Name, err)
	}
	if wantsCSV(r, in.Format) {
		return tabled(r, ordinal, "", dutyRows(duties))
	}
	return answered(ordinal, dutiesJSON{ordinal, string(on), each(duties, wireDuty)})
}

// dayOf returns the day on which the record of an ordinal was recorded: the
// endpoint has no clock.
func (s *server) dayOf(ctx context.Context, ordinal uint64) (calendar.Day, error) {
	row, known, err := journal.Last(ctx, s.Journal, ordinal)
	if err != nil || !known {
		return "", err
	}
	return calendar.DayOf(row.Recorded.Time), nil
}

func wireRound(d registers.Duty) RoundJSON {
	return RoundJSON{string(d.Round.Due), string(d.Round.Done), d.Round.Released, d.LateBy}
}

func wireDuty(d registers.Duty) dutyJSON {
	return dutyJSON{
		RoundJSON: wireRound(d), Number: d.Number, Overdue: d.Overdue, OverdueBy: d.OverdueBy, Record: d.Key, Community: d.Facts.Community,
		District: d.Facts.District, Kinds: codes(d.Facts.Kinds), Title: wireText(d.Facts.Title), From: each(d.Facts.From, wireUnit),
		To: each(d.Facts.To, wireUnit), Stage: string(d.Progress.Stage),
	}
}

func wireOwed(e entry, l registers.Line) any {
	return owedJSON{wireLine(e, l), each(l.Duties(""), wireRound)}
}

func unitCells(units []record.Unit) string {
	var out []string
	for _, u := range units {
		out = append(out, cmp.Or(u.School, string(u.Group)))
	}
	return strings.Join(out, "、")
}

// dutyRows are the calendar as a table.
func dutyRows(duties []registers.Duty) [][]string {
	rows := [][]string{{"期限", "完成", "免予办理", "迟交天数", "第几次", "逾期", "逾期天数", "编号", "共同体", "派出单位", "接收单位", "阶段"}}
	yes := func(b bool) string {
		if b {
			return "是"
		}
		return ""
	}
	for _, d := range duties {
		rows = append(rows, []string{d.Round.Due.Value(), d.Round.Done.Value(), yes(d.Round.Released), strconv.Itoa(d.LateBy), strconv.Itoa(d.Number),
			yes(d.Overdue), strconv.Itoa(d.OverdueBy), d.Key, d.Facts.Community, unitCells(d.Facts.From), unitCells(d.Facts.To), string(d.Progress.Stage)})
	}
	return rows
}
