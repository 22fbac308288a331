package httpapi

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/projections/duplicates"
	"twinledger/projections/records"
	"twinledger/projections/registers"
)

// A likelyPairJSON is two records that perhaps tell of the same thing.
type likelyPairJSON struct {
	State   string             `json:"state" enum:"undecided,same,different,contrary,lapsed" doc:"What was decided; contrary: they were called different and are the same by other decisions, so that one of these is wrong; lapsed: a correction or voiding ended what the two agreed in, so that the decision no longer applies." example:"undecided"`
	Part    string             `json:"part,omitempty" doc:"Key of the record without a number, where the other one has a number and may contain it; left out otherwise." example:"lesson-01980a6e-7c10-7000-8000-000000000002"`
	Stands  string             `json:"stands" doc:"Of two that are the same, the key of the one that counts; empty otherwise." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Event   string             `json:"event" doc:"Id of the event that decided; empty when nobody did." example:"01980a6e-7c10-5000-8000-000000000007"`
	Stream  string             `json:"stream" doc:"Key of the pair, to which duplicate.void is sent; empty when nobody decided." example:"duplicate-01980a6e-7c10-5000-8000-000000000009"`
	Records []likelyRecordJSON `json:"records" doc:"The two records, the one that was recorded first first."`
}

// A likelyRecordJSON is one of the two records.
type likelyRecordJSON struct {
	RecordJSON
	Register    string `json:"register" doc:"Name of the register." example:"lessons"`
	Void        bool   `json:"void" doc:"It was voided and counts nowhere." example:"false"`
	Occurrences int    `json:"occurrences" doc:"How often it took place, as far as the record says." example:"2"`
	Numbered    bool   `json:"numbered" doc:"The record says how often." example:"true"`
}

// A likelyPairsJSON is a list of pairs.
type likelyPairsJSON struct {
	AsOfOrdinal uint64           `json:"as_of_ordinal" doc:"The ordinal at which the question was answered." example:"1250"`
	Items       []likelyPairJSON `json:"items" doc:"The undecided pairs in the order in which the later of their records was recorded, then the decided ones."`
}

type duplicatesWanted struct {
	PointInTime
	District string `query:"district" pattern:"^district-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Key of the district." example:"district-01980a6e-7c10-7000-8000-000000000002"`
	State    string `query:"state" enum:"undecided,same,different,contrary,lapsed" doc:"Only pairs in this state." example:"undecided"`
}

func (s *server) duplicateOperations() {
	get(s, huma.Operation{
		OperationID: "list-duplicates", Path: "/api/v1/duplicates", Tags: []string{"ledger"},
		Summary: "可能重复的记录 Records that perhaps tell of the same thing",
		Description: "Two records of the same kind, day, schools and subject, or one without a number that another one of the same community, kinds, time, sides and title may contain. Decide with the command duplicate.decide: " +
			"records, answer same or different, and stands, the key of the one that counts.",
		Responses: withAsOf(responses[likelyPairsJSON](s, "The pairs")),
	}, s.listDuplicates)
}

func (s *server) listDuplicates(ctx context.Context, in *duplicatesWanted) (reply, error) {
	ordinal, err := s.ordinal(ctx, in.AsOf)
	if err != nil {
		return reply{}, err
	}
	found := []likelyPairJSON{}
	if ordinal > 0 {
		pairs, err := s.Duplicates.Pairs(ctx, duplicates.Question{AsOf: ordinal, District: in.District})
		if err != nil {
			return reply{}, fmt.Errorf("read duplicates: %w", err)
		}
		for _, p := range pairs {
			if in.State == "" || in.State == string(p.Standing) {
				found = append(found, wirePair(p))
			}
		}
	}
	return answered(ordinal, likelyPairsJSON{ordinal, found})
}

func wirePair(p duplicates.Pair) likelyPairJSON {
	return likelyPairJSON{string(p.Standing), p.Part, p.Stands, p.Event, p.Stream, each(p.Rows[:], func(r records.Row) likelyRecordJSON {
		register, _ := registers.Of(r.Kind)
		return likelyRecordJSON{wireRecord(r.Key, r.Progress.Occurred, r.Facts, r.Unknowns, r.Corrected(), r.Ordinals()), register.Name, r.Void(), r.Occurrences, r.Numbered}
	})}
}
