package httpapi_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"twinledger/adapters/httpapi"
	"twinledger/domain/calendar"
	"twinledger/domain/duplicate"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/projections"
	"twinledger/projections/duplicates"
	"twinledger/projections/records"
)

// The second report of the sample's first lesson.
var again = "lesson-" + id("a7")

// toldTwice is the sample with that report, ordinal 23, and a decision about it, 24.
func toldTwice() httpapi.Config {
	h := &recorder{events: history()}
	facts := common(first, "outreach_lesson")
	facts.Subjects = []record.Word{{Text: "数学", Code: "mathematics"}}
	h.add(again, "lesson.reported", "day:2018-04-19", record.Reported[lesson.Facts]{Facts: lesson.Facts{Facts: facts}})
	pair := duplicate.PairOf(lessonA, again)
	h.add(duplicate.Key("k3m7x2qdtf", pair), "duplicate.decided", calendar.Unknown, duplicate.Decided{District: county, Records: pair[:], Answer: duplicate.Same, Stands: again,
		Agreed: duplicate.Agreement{When: "day:2018-04-19", Kinds: []record.Kind{"open_lesson"}, Schools: []string{core, member}, Subjects: []string{"mathematics"}}})
	config := sample()
	config.Status = reached(24, 24)
	config.Duplicates = readerOf(h.events)
	return config
}

func readerOf(events []projections.Applied) duplicates.Reader {
	return duplicates.Reader{Records: remember(records.Model, events), Decisions: remember(duplicates.Model, events)}
}

func TestDuplicates(t *testing.T) {
	h := handler(t, toldTwice())
	for _, tt := range []struct {
		query string
		want  []string // the states
	}{
		{"", []string{"same"}},
		{"?as_of=23", []string{"undecided"}},
		{"?as_of=22", nil},
		{"?state=undecided", nil},
		{"?as_of=23&state=undecided&district=" + county, []string{"undecided"}},
		{"?as_of=23&district=district-" + id("ff"), nil},
	} {
		t.Run(tt.query, func(t *testing.T) {
			w := ask(h, "GET", "/api/v1/duplicates"+tt.query)
			var answer struct {
				Items []struct {
					State, Stands string
					Records       []struct{ Record string }
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
				t.Fatalf("%d %s: %v", w.Code, w.Body, err)
			}
			var got []string
			for _, item := range answer.Items {
				got = append(got, item.State)
				if len(item.Records) != 2 || item.Records[0].Record != lessonA || item.Records[1].Record != again || (item.Stands == again) != (item.State == "same") {
					t.Errorf("%+v", item)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("states %v, want %v", got, tt.want)
			}
		})
	}
	w := ask(h, "GET", "/api/v1/duplicates")
	served(t, h).check(t, "/api/v1/duplicates", w)
	golden(t, "duplicates.json", w.Body.Bytes())
}
