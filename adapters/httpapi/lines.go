package httpapi

import (
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/exchange"
	"twinledger/domain/fault"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

// LineJSON is one line of a register of records.
type LineJSON struct {
	RecordJSON
	StandingJSON
	Stage       string     `json:"stage" doc:"How far it has come." example:"reported"`
	Founded     string     `json:"founded" doc:"The verb of the event that opened it." example:"reported"`
	Reported    bool       `json:"reported" doc:"It was told of afterwards." example:"true"`
	Followed    bool       `json:"followed" doc:"It was made by the workflow, as it happened." example:"false"`
	Steps       []stepJSON `json:"steps" doc:"The steps that stand in its course, in the order in which they were taken."`
	Due         string     `json:"due" doc:"By when something is owed because of it; empty when nothing is." example:"day:2018-07-10"`
	Occurrences int        `json:"occurrences" doc:"How often it took place, as far as the record says." example:"2"`
	Numbered    bool       `json:"numbered" doc:"The record says how often." example:"true"`
	CountsAs    string     `json:"counts_as,omitempty" doc:"Key of the record that tells of the same thing and counts in its place, by somebody's decision; left out of one that counts." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Ahead       bool       `json:"ahead,omitempty" doc:"It is dated after today, or after the day of as_of, and has not taken place. Left out when it is not." example:"true"`
}

// StandingJSON is what the lines of records and of others have in common.
type StandingJSON struct {
	Register   string  `json:"register" doc:"Name of the register."`
	Void       bool    `json:"void" doc:"It was voided and counts nowhere." example:"false"`
	ValidFrom  string  `json:"valid_from" doc:"Since when what it says is so, as precisely as it is known." example:"day:2018-04-18"`
	ValidUntil string  `json:"valid_until" doc:"Until when, that day included; empty while nobody ended it." example:"day:2018-04-18"`
	Valid      string  `json:"valid,omitempty" enum:"certainly,possibly,no" doc:"Whether it was so on the day of valid_at; left out when none is asked for. A list leaves out what was not." example:"certainly"`
	Own        ownJSON `json:"own" doc:"What this kind alone says."`
}

// An orgJSON is one school or person, with its name.
type orgJSON struct {
	Record      string             `json:"record" doc:"Its key." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	District    string             `json:"district" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	Name        string             `json:"name" doc:"The name under which a school came up; empty of a person." example:"城关第一小学"`
	Provisional bool               `json:"provisional" doc:"An imported file mentioned it and nobody has confirmed it." example:"false"`
	Occurred    string             `json:"occurred" doc:"Since when it is known, as precisely as that is." example:"day:2017-09-01"`
	Changes     []entityChangeJSON `json:"changes" doc:"What was said of it since, and stands."`
	Corrected   bool               `json:"corrected" doc:"A correction replaced what was first said." example:"false"`
	Ordinals    []uint64           `json:"ordinals" doc:"Ordinals of the events behind it; see the journal." example:"[12,57]"`
	StandingJSON
}

// An entityChangeJSON is one thing that was said of a school, community or person.
type entityChangeJSON struct {
	ID          string   `json:"id" doc:"Id of the event that said it first." example:"01980a6e-7c10-5000-8000-000000000007"`
	Sort        string   `json:"sort" enum:"confirmed,identified,aliased,renamed,merged,split,placed_under" doc:"What it says." example:"renamed"`
	On          string   `json:"on" doc:"From which day it holds; empty of what has no day." example:"2018-09-01"`
	Name        string   `json:"name" doc:"The new name, or the alias; empty when it is sealed." example:"城关小学"`
	Keys        []string `json:"keys" doc:"The one that it is said to be, those that follow it, or the one that it stands under." example:"school-01980a6e-7c10-7000-8000-000000000006"`
	Memberships bool     `json:"memberships" doc:"Of a merger: its memberships pass to the one that follows it." example:"false"`
}

// A pairingJSON is one line of the register of pairings.
type pairingJSON struct {
	LineJSON
	Members []memberJSON `json:"members" doc:"Schools' times in it, those that ended included; with valid_at only those of that day, the successor in place of a school that merged."`
}

// A heldLineJSON is one row of a file that an import holds.
type heldLineJSON struct {
	LineJSON
	Problems []heldReasonJSON `json:"problems" doc:"Why the row is held."`
}

// A heldReasonJSON is one reason for which a row is held.
type heldReasonJSON struct {
	Code   string `json:"code" doc:"Stable code of the reason, for programs." example:"intake.no-community"`
	Column string `json:"column" doc:"The column; empty when it is the whole row." example:"共同体"`
	ZH     string `json:"zh" doc:"The reason and what to do, in Chinese." example:"请写明共同体。"`
	EN     string `json:"en" doc:"The same in English." example:"Name the community."`
}

// An exchangeJSON is one line of the exchange roster.
type exchangeJSON struct {
	LineJSON
	Phase      string `json:"phase" doc:"Its stage; void when it was voided." example:"started"`
	Start      string `json:"start" doc:"First day, as precisely as it is known." example:"day:2018-03-01"`
	End        string `json:"end" doc:"Last day, as precisely as it is known." example:"unknown"`
	Founding   string `json:"founding" doc:"Id of the event that opened it." example:"01980a6e-7c10-5000-8000-000000000007"`
	Completion string `json:"completion" doc:"Id of the event that completed it; empty before." example:"01980a6e-7c10-5000-8000-000000000008"`
}

// An inspectionJSON is one line of the register of inspections.
type inspectionJSON struct {
	LineJSON
	Findings []findingJSON `json:"findings" doc:"What was found."`
}

// A findingJSON is one thing that the inspectors found.
type findingJSON struct {
	Dimension wordJSON `json:"dimension" doc:"Under which dimension, as the plan words it."`
	Text      textJSON `json:"text" doc:"What was found; prose, always sealed."`
	Grade     string   `json:"grade" doc:"Grade as given; empty when none is." example:"良好"`
}

// An entry is a register as it is served.
type entry struct {
	registers.Register
	own  reflect.Type // what its kind alone says; nil when nothing
	line reflect.Type
	wire func(entry, registers.Line) any
}

// served returns the registers that are served line by line.
var served = sync.OnceValue(func() []entry {
	var out []entry
	for _, r := range registers.All {
		e := entry{r, r.Own(), reflect.TypeFor[LineJSON](), func(e entry, l registers.Line) any { return wireLine(e, l) }}
		switch r.Kind {
		case "community":
			continue
		case "school", "person":
			e.line, e.wire = reflect.TypeFor[orgJSON](), func(e entry, l registers.Line) any { return wireOrg(e, l) }
		case "pairing":
			e.line, e.wire = reflect.TypeFor[pairingJSON](), wirePairing
		case "exchange":
			e.line, e.wire = reflect.TypeFor[exchangeJSON](), wireExchange
		case "inspection":
			e.line, e.wire = reflect.TypeFor[inspectionJSON](), wireInspection
		case "row":
			e.line, e.wire = reflect.TypeFor[heldLineJSON](), wireHeld
		case "filing", "rectification":
			e.line, e.wire = reflect.TypeFor[owedJSON](), wireOwed
		}
		out = append(out, e)
	}
	return out
})

func wireLine(e entry, l registers.Line) LineJSON {
	return LineJSON{
		RecordJSON:   wireRecord(l.Key, l.Progress.Occurred, l.Facts, l.Unknowns, l.Corrected(), l.Ordinals()),
		StandingJSON: wireStanding(e, l), Stage: string(l.Progress.Stage), Founded: l.Progress.Founded,
		Reported: l.Is(records.MarkReported), Followed: l.Is(records.MarkFollowed), Steps: each(l.Progress.Steps, wireStep),
		Due: string(l.Due), Occurrences: l.Occurrences, Numbered: l.Numbered, CountsAs: l.CountsAs, Ahead: l.Ahead,
	}
}

func wireStanding(e entry, l registers.Line) StandingJSON {
	return StandingJSON{e.Name, l.Void(), string(l.From), string(l.Until), string(l.Valid), wireOwn(l.Row, e.own)}
}

func wireOrg(e entry, l registers.Line) orgJSON {
	return orgJSON{
		Record: l.Key, District: l.Facts.District, Name: l.Name, Provisional: l.Is(records.MarkProvisional),
		Occurred: string(l.Progress.Occurred), Changes: each(l.Changes, wireChange), Corrected: l.Corrected(), Ordinals: list(l.Ordinals()),
		StandingJSON: wireStanding(e, l),
	}
}

func wireChange(t org.Change) entityChangeJSON {
	return entityChangeJSON{t.ID, string(t.Kind), string(t.On), t.Name, list(t.Keys), t.Memberships}
}

func wirePairing(e entry, l registers.Line) any {
	return pairingJSON{wireLine(e, l), each(l.Members, wireMembership)}
}

func wireExchange(e entry, l registers.Line) any {
	facts, _ := l.Stated.(exchange.Facts)
	out := exchangeJSON{LineJSON: wireLine(e, l), Phase: string(l.Progress.Stage), Start: string(l.From), End: string(facts.End), Founding: l.Progress.Founding}
	if done, ended := l.Progress.LastStep("completed"); ended {
		out.End, out.Completion = string(done.Occurred), done.ID
	}
	if l.Void() {
		out.Phase = string(record.Void)
	}
	return out
}

func wireInspection(e entry, l registers.Line) any {
	facts, _ := l.Stated.(inspection.Facts)
	return inspectionJSON{wireLine(e, l), each(facts.Findings, wireFinding)}
}

func wireHeld(e entry, l registers.Line) any {
	return heldLineJSON{wireLine(e, l), each(l.Problems(), func(p intake.Problem) heldReasonJSON {
		said := heldReasonJSON{Code: p.Code, Column: p.Column}
		if f, known := fault.Lookup(p.Code); known {
			said.ZH, said.EN = f.ZH, f.EN
		}
		return said
	})}
}

func wireFinding(f inspection.Finding) findingJSON {
	return findingJSON{wireWord(f.Dimension), wireText(f.Text), f.Grade}
}

func wireMembership(m pairing.Membership) memberJSON {
	return memberJSON{m.School, string(m.Role), string(m.Basis), string(m.Since), string(m.Until), m.Entry, m.Exit, "", ""}
}

// describeLine describes a line of a register and returns a reference to it.
func (s *server) describeLine(e entry) *huma.Schema {
	components := s.api.OpenAPI().Components.Schemas
	line := huma.SchemaFromType(components, e.line)
	line.Properties["register"].Enum, line.Properties["register"].Examples = []any{e.Name}, []any{e.Name}
	own := ownSchema(e.own, components)
	if e.own != nil {
		own = refer(components, e.component()+"Own", own)
	}
	own.Description = line.Properties["own"].Description
	line.Properties["own"] = own
	return refer(components, e.component(), line)
}

// pageOf describes a page of lines, singleOf one line by itself.
func (s *server) pageOf(e entry, line *huma.Schema) *huma.Schema {
	components := s.api.OpenAPI().Components.Schemas
	page := huma.SchemaFromType(components, reflect.TypeFor[pageJSON[string]]())
	page.Properties["items"].Items, page.Properties["items"].Examples = line, nil
	return refer(components, "Page"+e.component(), page)
}

func (s *server) singleOf(e entry, line *huma.Schema) *huma.Schema {
	components := s.api.OpenAPI().Components.Schemas
	single := huma.SchemaFromType(components, reflect.TypeFor[singleJSON[string]]())
	item := *line
	item.Description = single.Properties["item"].Description
	single.Properties["item"] = &item
	return refer(components, "Single"+e.component(), single)
}

// refer puts a description among the components and returns a reference to it.
func refer(components huma.Registry, name string, schema *huma.Schema) *huma.Schema {
	components.Map()[name] = schema
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// component names the description of a line.
func (e entry) component() string { return capital(e.singular()) }

// singular names one line of the register.
func (e entry) singular() string {
	if e.Kind == "row" {
		return "heldrow"
	}
	return e.Kind
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
