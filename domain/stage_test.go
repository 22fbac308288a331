package domain_test

import (
	"testing"

	"twinledger/domain"
	"twinledger/domain/record"
)

// TestEveryStageIsWorded finds a stage that people would read as a code.
func TestEveryStageIsWorded(t *testing.T) {
	for kind, way := range domain.Ways() {
		stages := append([]record.Stage{"reported"}, way.Ahead...)
		for _, r := range append(way.Rules, way.Openings...) {
			stages = append(append(stages, r.From...), r.To)
		}
		for _, r := range way.Openings {
			stages = append(stages, record.Stage(r.Verb))
		}
		for _, stage := range stages {
			if zh, _ := stage.Words(); stage != "" && zh == string(stage) {
				t.Errorf("%s: stage %s has no words", kind, stage)
			}
		}
	}
}
