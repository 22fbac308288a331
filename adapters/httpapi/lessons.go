package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/lesson"
	"twinledger/projections"
	"twinledger/projections/lessons"
)

// A lessonJSON is one line of the lesson register.
type lessonJSON struct {
	RecordJSON
	Occurrences int  `json:"occurrences" doc:"How many lessons, as far as the record says." example:"2"`
	Numbered    bool `json:"numbered" doc:"The record says how many." example:"true"`
	Void        bool `json:"void" doc:"The record was voided and counts nowhere." example:"false"`
}

type lessonKind string

// Schema lists the kinds of lessons.
func (lessonKind) Schema(huma.Registry) *huma.Schema { return kindSchema(lesson.Widest...) }

type lessonsWanted struct {
	Paging
	Community string     `query:"community" pattern:"^community-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the community." example:"community-01980a6e-7c10-7000-8000-000000000003"`
	School    string     `query:"school" pattern:"^school-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of a school on either side." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Subject   string     `query:"subject" maxLength:"64" doc:"A subject as written." example:"数学"`
	Kind      lessonKind `query:"kind" doc:"A kind; a wide one finds the narrower ones too." example:"demo_lesson"`
}

type oneLesson struct {
	PointInTime
	Record string `path:"record" pattern:"^lesson-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
}

func (s *server) lessonOperations() {
	lines := register[lessons.Row, lessonJSON]{
		lessons.Model.Name, s.Lessons, func(r lessons.Row) string { return r.Record }, wireLesson,
	}
	get(s, huma.Operation{
		OperationID: "list-lessons", Path: "/api/v1/lessons", Tags: []string{"ledger"},
		Summary:   "课例登记 Lesson register",
		Responses: withAsOf(responses[pageJSON[lessonJSON]](s, "A page of the register", http.StatusNotFound)),
	}, func(ctx context.Context, in *lessonsWanted) (reply, error) {
		return lines.page(ctx, s, in.AsOf, in.After, in.Limit,
			projections.Is(lessons.ByCommunity, in.Community), projections.Among(lessons.BySchool, in.School),
			projections.Among(lessons.BySubject, in.Subject), projections.Among(lessons.ByKind, string(in.Kind)))
	})
	get(s, huma.Operation{
		OperationID: "get-lesson", Path: "/api/v1/lessons/{record}", Tags: []string{"ledger"},
		Summary:   "一条课例 One line of the lesson register",
		Responses: withAsOf(responses[singleJSON[lessonJSON]](s, "The line", http.StatusNotFound)),
	}, func(ctx context.Context, in *oneLesson) (reply, error) {
		return lines.single(ctx, s, in.AsOf, in.Record)
	})
}

func wireLesson(r lessons.Row) lessonJSON {
	return lessonJSON{wireRecord(r.Record, r.Occurred, r.Facts.Facts, r.Unknowns, r.Corrected, r.Ordinals), r.Occurrences, r.Numbered, r.Void}
}
