package httpapi

import (
	"context"
	"fmt"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/projections/imports"
)

// An importJSON is one import as it is listed.
type importJSON struct {
	Key        string `json:"key" doc:"Key of the import." example:"import-01980a6e-7c10-8000-8000-000000000006"`
	Source     string `json:"source" doc:"Key of its source." example:"source-01980a6e-7c10-8000-8000-000000000009"`
	District   string `json:"district" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	Recorded   string `json:"recorded" doc:"When it began." example:"2018-07-03T16:00:00.000000000+08:00"`
	Actor      string `json:"actor" doc:"Account of whoever began it." example:"clerk"`
	Stage      string `json:"stage" enum:"begun,done,undoing,undone" doc:"How far it has come; begun: not every row is taken." example:"done"`
	Rows       int    `json:"rows" doc:"Rows of its file." example:"26"`
	Completed  int    `json:"recorded_rows" doc:"Rows recorded with nothing unknown; 0 before all are taken, like the next three." example:"7"`
	Incomplete int    `json:"incomplete" doc:"Rows recorded with something unknown." example:"18"`
	Held       int    `json:"held" doc:"Rows not countable as they stand." example:"1"`
	Already    int    `json:"already" doc:"Rows taken before by another import." example:"0"`
	Ordinal    uint64 `json:"ordinal" doc:"Ordinal of the event that began it; see the journal." example:"12"`
}

// An importsJSON is a page of the imports.
type importsJSON struct {
	AsOfOrdinal uint64       `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Items       []importJSON `json:"items" doc:"The imports, the newest first."`
	Next        string       `json:"next,omitempty" doc:"Cursor of the next page, to be given as after; left out on the last page." example:"12"`
}

type importsWanted struct {
	PointInTime
	District string `query:"district" pattern:"^district-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	Source   string `query:"source" pattern:"^source-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the source." example:"source-01980a6e-7c10-8000-8000-000000000009"`
	Stage    string `query:"stage" enum:"begun,done,undoing,undone" doc:"Only imports that have come so far." example:"begun"`
	After    string `query:"after" maxLength:"20" pattern:"^[0-9]+$" doc:"The cursor that the page before gave as next." example:"12"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"At most so many items." example:"100"`
}

func (s *server) importListOperations() {
	get(s, huma.Operation{
		OperationID: "list-imports", Path: importsPath, Tags: []string{"ledger"},
		Summary:   "导入过的文件 The files that were taken in",
		Responses: withAsOf(responses[importsJSON](s, "A page of the imports")),
	}, s.listImports)
}

func (s *server) listImports(ctx context.Context, in *importsWanted) (reply, error) {
	ordinal, err := s.ordinal(ctx, in.AsOf)
	if err != nil {
		return reply{}, err
	}
	var rows []imports.Row
	if ordinal > 0 {
		if rows, err = imports.List(ctx, s.Imports, imports.Question{AsOf: ordinal, District: in.District, Source: in.Source, Stage: imports.Stage(in.Stage)}); err != nil {
			return reply{}, fmt.Errorf("read imports: %w", err)
		}
	}
	after, err := strconv.ParseUint("0"+in.After, 10, 64)
	if err != nil {
		return reply{}, badParameters([]fieldJSON{{"after", "query", "unreadable", "应为上一页所给的 next", "Give the next of the page before."}})
	}
	page := importsJSON{AsOfOrdinal: ordinal, Items: []importJSON{}}
	for _, row := range rows {
		switch {
		case after > 0 && row.Ordinal >= after:
			continue
		case len(page.Items) == in.Limit:
			page.Next = strconv.FormatUint(page.Items[in.Limit-1].Ordinal, 10)
		default:
			page.Items = append(page.Items, wireImport(row))
		}
	}
	return answered(ordinal, page)
}

func wireImport(r imports.Row) importJSON {
	return importJSON{Key: r.Key, Source: r.Started.Source, District: r.Started.District, Recorded: r.Recorded.Shown(), Actor: r.Actor, Stage: string(r.Stage),
		Rows: r.Started.Rows, Completed: r.Became.Recorded, Incomplete: r.Became.Incomplete, Held: r.Became.Held, Already: r.Became.Already, Ordinal: r.Ordinal}
}
