package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/calendar"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

// PointInTime is the parameter that every question about the ledger's state
// takes. It is exported because Huma reads exported embedded structs only, as are
// the other embedded ones.
type PointInTime struct {
	AsOf string `query:"as_of" maxLength:"64" doc:"What was known then: an ordinal, an RFC 3339 instant (write + as %2B), or a day, meaning its end at +08:00. Not given: the newest state." example:"2018-07-03"`
	Fresh
}

// Fresh is the parameters of every question whose answer changes with the ledger.
type Fresh struct {
	MinPosition string `query:"min_position" maxLength:"128" pattern:"^[A-Za-z0-9_-]+$" doc:"The token that an append was answered with: the answer waits, a few seconds at most, until it knows of that append." example:"czoxMjUw"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"4096" doc:"Entity tags of answers that the client has; 304 when this is one of them." example:"\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""`
}

// Formatted is the parameter of every list that is also a table.
type Formatted struct {
	Format string `query:"format" enum:"json,csv" doc:"The form of the answer. Not given: CSV when Accept prefers text/csv, else JSON." example:"csv"`
}

// Paging is the parameters of a list that is read page by page.
type Paging struct {
	PointInTime
	Formatted
	After string `query:"after" maxLength:"128" doc:"The cursor that the page before gave as next. It means nothing else." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"At most so many items." example:"100"`
}

// A pageJSON is a part of a list.
type pageJSON[T any] struct {
	AsOfOrdinal uint64 `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Items       []T    `json:"items" doc:"The items, ordered by key."`
	Next        string `json:"next,omitempty" doc:"Cursor of the next page, to be given as after; left out on the last page." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
}

// A singleJSON is one thing.
type singleJSON[T any] struct {
	AsOfOrdinal uint64 `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Item        T      `json:"item" doc:"What was asked for."`
}

// LinesWanted is what may be asked of a register. Its kinds and stages are put in
// by [server.describeParameters].
type LinesWanted struct {
	Community string `query:"community" pattern:"^community-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the community, exactly as /api/v1/communities gives it: names, and parts of names, are understood by /api/v1/reviews only." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	School    string `query:"school" pattern:"^school-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a school on either side, or concerned by a step; those that are said to be the same one count too." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Person    string `query:"person" pattern:"^person-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a person." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Subject   string `query:"subject" maxLength:"64" doc:"A subject as written." example:"数学"`
	Kind      string `query:"kind" doc:"A kind; a wide one finds the narrower ones too." example:"demo_lesson"`
	Stage     string `query:"stage" doc:"How far it has come." example:"reported"`
	Phase     string `query:"phase" enum:"reported,started,completed,void" doc:"The stage of a standing exchange, or void." example:"started"`
	Mark      string `query:"mark" enum:"standing,void,corrected,incomplete,reported,followed,held,provisional,identified" doc:"A mark of the line: reported, told of afterwards; followed, made by the workflow; identified, said to be another one." example:"standing"`
	From      string `query:"from" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what may have been so on this day or later." example:"2018-03-01"`
	To        string `query:"to" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what may have been so on this day or before." example:"2018-07-13"`
	DueBy     string `query:"due_by" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what is still owed and was due by this day." example:"2018-07-10"`
	Met       string `query:"met" enum:"true,false" default:"false" doc:"With due_by: what was met or released, too." example:"true"`
	ValidAt   string `query:"valid_at" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what was, or may have been, so on this day; valid says which." example:"2018-04-18"`
	District  string `query:"district" pattern:"^district-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
}

type registerWanted struct {
	Paging
	LinesWanted
}

type lineWanted struct {
	PointInTime
	Record  string `path:"record" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	ValidAt string `query:"valid_at" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"valid says whether it was so on this day." example:"2018-04-18"`
}

// registerOperations serves every register but that of the communities, whose
// lines are the boards.
func (s *server) registerOperations() {
	for _, e := range served() {
		line := s.describeLine(e)
		list := huma.Operation{
			OperationID: "list-" + e.Name, Path: "/api/v1/" + e.Name, Tags: []string{"ledger"},
			Summary:   e.ZH + " " + capital(e.EN),
			Responses: alsoCSV(withAsOf(describedAs(s, s.pageOf(e, line), "A page of the register", http.StatusNotFound))),
		}
		getTable(s, list, func(ctx context.Context, in *registerWanted, r *http.Request) (reply, error) {
			return s.listLines(ctx, e, in, r)
		})
		one := huma.Operation{
			OperationID: "get-" + e.singular(), Path: "/api/v1/" + e.Name + "/{record}", Tags: []string{"ledger"},
			Summary:   e.ZH + "中的一条 One line of the " + e.EN,
			Responses: withAsOf(describedAs(s, s.singleOf(e, line), "The line", http.StatusNotFound)),
		}
		get(s, one, func(ctx context.Context, in *lineWanted) (reply, error) { return s.getLine(ctx, e, in) })
		s.describeParameters(s.api.OpenAPI().Paths[list.Path].Get, e)
		s.describeParameters(s.api.OpenAPI().Paths[one.Path].Get, e)
	}
}

// describeParameters says of parameters that are alike in all registers what is
// this one's own, and leaves out those that mean nothing in it.
func (s *server) describeParameters(o *huma.Operation, e entry) {
	cursor := e.Kind + "-01980a6e-7c10-7000-8000-000000000001"
	o.Parameters = slices.DeleteFunc(o.Parameters, func(p *huma.Param) bool {
		switch p.Name {
		case "kind":
			return oneOf(p.Schema, e.Kinds()) == 0
		case "stage":
			return oneOf(p.Schema, e.Stages()) == 0
		case "phase":
			return e.Kind != "exchange"
		case "after", "record":
			p.Schema.Pattern, p.Schema.Examples, p.Schema.MaxLength = keyPattern(e.Kind), []any{cursor}, nil
		}
		return false
	})
	for _, p := range o.Parameters {
		p.Schema.PrecomputeMessages()
	}
	s.compile(o.Parameters)
}

func oneOf[W ~string](schema *huma.Schema, words []W) int {
	schema.Enum = nil
	for _, word := range words {
		schema.Enum = append(schema.Enum, string(word))
	}
	if len(words) > 0 {
		schema.Examples = []any{string(words[0])}
	}
	return len(words)
}

func keyPattern(kind string) string {
	return "^" + kind + "-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
}

// question returns what is asked for. Days that there are none of are refused.
func (w LinesWanted) question() (registers.Wanted, error) {
	if err := checkPeriod(dayAsked{"from", w.From}, dayAsked{"to", w.To}, dayAsked{"due_by", w.DueBy}, dayAsked{"valid_at", w.ValidAt}); err != nil {
		return registers.Wanted{}, err
	}
	wanted := registers.Wanted{
		District: w.District, Community: w.Community, School: w.School, Person: w.Person, Subject: w.Subject, Kind: w.Kind, Stage: w.Stage, Mark: w.Mark,
		From: calendar.Day(w.From), To: calendar.Day(w.To), DueBy: calendar.Day(w.DueBy), Met: w.Met == "true", ValidAt: calendar.Day(w.ValidAt),
	}
	if wrong := w.contradictions(); len(wrong) > 0 {
		return registers.Wanted{}, badParameters(wrong)
	}
	switch w.Phase {
	case "":
	case "void":
		wanted.Mark = records.MarkVoid
	default:
		wanted.Stage = w.Phase
		if wanted.Mark == "" {
			wanted.Mark = records.MarkStanding
		}
	}
	return wanted, nil
}

// contradictions returns the parameters that say the same as phase does, and the
// one that met goes with and that is not given.
func (w LinesWanted) contradictions() []fieldJSON {
	twice := func(name string) []fieldJSON {
		return []fieldJSON{{name, "query", "repeated", "phase 已说明此项；只给出其中一个", "phase says it already; give one of the two."}}
	}
	switch {
	case w.Phase == records.MarkVoid && w.Mark != "":
		return twice("mark")
	case w.Phase != "" && w.Phase != records.MarkVoid && w.Stage != "":
		return twice("stage")
	case w.Met == "true" && w.DueBy == "":
		return []fieldJSON{{"due_by", "query", "missing", "met 须与 due_by 一起给出", "met goes with due_by; give both."}}
	}
	return nil
}

// A dayAsked is a parameter that is a day.
type dayAsked struct{ name, day string }

// checkPeriod refuses a period that ends before it begins, in which only what has
// no certain day could lie, and days that are none.
func checkPeriod(from, to dayAsked, others ...dayAsked) error {
	if err := checkDays(append(others, from, to)...); err != nil {
		return err
	}
	if from.day != "" && to.day != "" && to.day < from.day {
		return badParameters([]fieldJSON{{to.name, "query", "out_of_range", "不能早于 " + from.name, "It does not lie before " + from.name + "."}})
	}
	return nil
}

// checkDays refuses days that are none, such as 30 February.
func checkDays(days ...dayAsked) error {
	var wrong []fieldJSON
	for _, d := range days {
		if _, err := calendar.ParseDay(d.day); d.day != "" && err != nil {
			wrong = append(wrong, fieldJSON{d.name, "query", "malformed", "没有这一天", "There is no such day."})
		}
	}
	if len(wrong) > 0 {
		return badParameters(wrong)
	}
	return nil
}

// listLines answers with a page of a register.
func (s *server) listLines(ctx context.Context, e entry, in *registerWanted, r *http.Request) (reply, error) {
	wanted, err := in.question()
	if err != nil {
		return reply{}, err
	}
	ordinal, err := s.ordinal(ctx, in.AsOf)
	if err != nil {
		return reply{}, err
	}
	var lines []registers.Line
	// At ordinal 0 there are none, and a question there would mean the newest.
	if ordinal > 0 {
		// One more than asked for tells whether there is a next page.
		q := registers.Question{Wanted: wanted, AsOf: ordinal, After: in.After, Limit: in.Limit + 1}
		if q.JudgedOn, err = s.AsOf.JudgedOn(ctx, "", in.AsOf); err == nil {
			lines, err = s.Registers.Lines(ctx, e.Register, q)
		}
	}
	if err != nil {
		return reply{}, fmt.Errorf("read register %s: %w", e.Name, err)
	}
	next := ""
	if len(lines) > in.Limit {
		lines = lines[:in.Limit]
		next = lines[in.Limit-1].Key
	}
	if wantsCSV(r, in.Format) {
		return csvAnswered(r, ordinal, next, registers.TableOf(e.Register), lines)
	}
	answer, err := answered(ordinal, pageJSON[any]{ordinal, each(lines, func(l registers.Line) any { return e.wire(e, l) }), next})
	return linked(r, answer, ordinal, next), err
}

// getLine answers with the line of a key.
func (s *server) getLine(ctx context.Context, e entry, in *lineWanted) (reply, error) {
	if err := checkDays(dayAsked{"valid_at", in.ValidAt}); err != nil {
		return reply{}, err
	}
	ordinal, err := s.ordinal(ctx, in.AsOf)
	if err != nil {
		return reply{}, err
	}
	var line registers.Line
	found := false
	if ordinal > 0 {
		line, found, err = s.Registers.Line(ctx, in.Record, ordinal, calendar.Day(in.ValidAt))
	}
	if err != nil {
		return reply{}, fmt.Errorf("read register %s: %w", e.Name, err)
	}
	if !found {
		return reply{}, errNoRecord.With("key", in.Record).With("as_of", ordinal)
	}
	return answered(ordinal, singleJSON[any]{ordinal, e.wire(e, line)})
}

// ordinal returns the ordinal at which a question is answered: the one that asOf
// means or, for the newest, the one that the read models have reached. Naming it
// keeps the parts of one answer, and the pages of one list, of one state.
func (s *server) ordinal(ctx context.Context, asOf string) (uint64, error) {
	if err := s.await(ctx); err != nil {
		return 0, err
	}
	wanted, err := s.AsOf.Ordinal(ctx, asOf)
	if err != nil {
		return 0, fmt.Errorf("read as_of: %w", err)
	}
	state, err := s.Status.Status(ctx)
	if err != nil {
		return 0, fmt.Errorf("read status: %w", err)
	}
	switch reached := state.Reached; {
	case wanted == 0:
		return reached, nil
	case wanted <= reached:
		return wanted, nil
	case wanted > state.Head:
		return 0, errOfTheFuture.With("as_of", wanted).With("head", state.Head)
	default:
		return 0, errBehind.With("as_of", wanted).With("reached", reached)
	}
}
