package httpapi

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/calendar"
	"twinledger/domain/exchange"
	"twinledger/projections/registers"
)

// A partJSON is what one register says in a sheet.
type partJSON struct {
	Lines       []any `json:"lines" doc:"The lines that name the school or person, ordered by key."`
	Occurrences int   `json:"occurrences" doc:"How often, by the standing lines that say so." example:"31"`
	Unnumbered  int   `json:"unnumbered" doc:"Standing lines that do not say how often; they add nothing." example:"1"`
}

// A sheetJSON is everything that names one school or person.
type sheetJSON struct {
	AsOfOrdinal uint64              `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Of          any                 `json:"of" doc:"The school or person."`
	Parts       map[string]partJSON `json:"parts" doc:"What each register says, by its name; one that says nothing is left out."`
	Overlaps    []overlapJSON       `json:"overlaps" doc:"Postings of a person that take, or may take, the same days in full; empty of a school."`
}

// An overlapJSON says that two postings of a person take, or may take, the same
// days.
type overlapJSON struct {
	Exchanges []string `json:"exchanges" minItems:"2" maxItems:"2" doc:"Keys of the two postings." example:"exchange-01980a6e-7c10-7000-8000-000000000001,exchange-01980a6e-7c10-7000-8000-000000000002"`
	Certain   bool     `json:"certain" doc:"Both certainly take all of these days in full; otherwise they may." example:"false"`
	From      string   `json:"from" doc:"First day in question; empty where it is open." example:"2018-03-01"`
	To        string   `json:"to" doc:"Last day in question; empty where it is open." example:"2018-07-06"`
}

type sheetWanted struct {
	PointInTime
	Key     string `path:"key" doc:"Key of the school or person." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	From    string `query:"from" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what may have been so on this day or later." example:"2018-03-01"`
	To      string `query:"to" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what may have been so on this day or before." example:"2018-07-13"`
	ValidAt string `query:"valid_at" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"Only what was, or may have been, so on this day; valid says which." example:"2018-04-18"`
}

// sheetOperations serves the sheets of schools and people.
func (s *server) sheetOperations() {
	for _, e := range served() {
		if e.Kind != "school" && e.Kind != "person" {
			continue
		}
		path := "/api/v1/" + e.Name + "/{key}/sheet"
		get(s, huma.Operation{
			OperationID: "get-" + e.Kind + "-sheet", Path: path, Tags: []string{"ledger"},
			Summary:     e.ZH + "一览 Everything that names one " + e.Kind,
			Description: "As known at as_of and, with valid_at, as it was then. Those that are said to be the same one count too. Not made into pages.",
			Responses:   withAsOf(describedAs(s, s.describeSheet(e), "The sheet", http.StatusNotFound)),
		}, func(ctx context.Context, in *sheetWanted) (reply, error) { return s.getSheet(ctx, in) })
		o := s.api.OpenAPI().Paths[path].Get
		for _, p := range o.Parameters {
			if p.Name == "key" {
				p.Schema.Pattern, p.Schema.Examples = keyPattern(e.Kind), []any{e.Kind + "-01980a6e-7c10-7000-8000-000000000001"}
				p.Schema.PrecomputeMessages()
			}
		}
		s.compile(o.Parameters)
	}
}

// describeSheet describes a sheet, each of its parts with the lines of its
// register.
func (s *server) describeSheet(of entry) *huma.Schema {
	components := s.api.OpenAPI().Components.Schemas
	line := func(e entry) *huma.Schema { return &huma.Schema{Ref: "#/components/schemas/" + e.component()} }
	parts := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{}}
	for _, e := range served() {
		part := huma.SchemaFromType(components, reflect.TypeFor[partJSON]())
		part.Properties["lines"].Items = line(e)
		parts.Properties[e.Name] = refer(components, e.component()+"Part", part)
		parts.Properties[e.Name].Description = "What the register " + e.Name + " says."
	}
	sheet := huma.SchemaFromType(components, reflect.TypeFor[sheetJSON]())
	delete(components.Map(), "Part") // which stands for all of them
	parts.Description, sheet.Properties["parts"] = sheet.Properties["parts"].Description, parts
	school := line(of)
	school.Description, sheet.Properties["of"] = sheet.Properties["of"].Description, school
	return refer(components, of.component()+"Sheet", sheet)
}

func (s *server) getSheet(ctx context.Context, in *sheetWanted) (reply, error) {
	if err := checkPeriod(dayAsked{"from", in.From}, dayAsked{"to", in.To}, dayAsked{"valid_at", in.ValidAt}); err != nil {
		return reply{}, err
	}
	ordinal, err := s.ordinal(ctx, in.AsOf)
	if err != nil {
		return reply{}, err
	}
	err = registers.ErrNotThere
	var sheet registers.Sheet
	if ordinal > 0 {
		q := registers.Question{AsOf: ordinal, Wanted: registers.Wanted{From: calendar.Day(in.From), To: calendar.Day(in.To), ValidAt: calendar.Day(in.ValidAt)}}
		if q.JudgedOn, err = s.AsOf.JudgedOn(ctx, "", in.AsOf); err == nil {
			sheet, err = s.Registers.Sheet(ctx, in.Key, q)
		}
	}
	if errors.Is(err, registers.ErrNotThere) {
		return reply{}, errNoRecord.With("key", in.Key).With("as_of", ordinal)
	}
	if err != nil {
		return reply{}, err
	}
	return answered(ordinal, wireSheet(ordinal, sheet))
}

func wireSheet(ordinal uint64, sheet registers.Sheet) sheetJSON {
	out := sheetJSON{AsOfOrdinal: ordinal, Parts: map[string]partJSON{}, Overlaps: each(sheet.Overlaps, func(o exchange.Overlap) overlapJSON {
		return overlapJSON{o.Exchanges[:], o.Certain, string(o.Days.First), string(o.Days.Last)}
	})}
	entries := map[string]entry{}
	for _, e := range served() {
		entries[e.Kind] = e
	}
	if e := entries[sheet.Of.Kind]; e.wire != nil {
		out.Of = e.wire(e, sheet.Of)
	}
	for _, part := range sheet.Parts {
		if e := entries[part.Register.Kind]; e.wire != nil {
			out.Parts[e.Name] = partJSON{each(part.Lines, func(l registers.Line) any { return e.wire(e, l) }), part.Occurrences, part.Unnumbered}
		}
	}
	return out
}
