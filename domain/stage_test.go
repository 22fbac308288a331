package domain_test

import (
	"testing"

	"twinledger/domain"
	"twinledger/domain/record"
)

// TestEveryStageIsWorded finds a stage that people would read as a code.
func TestEveryStageIsWorded(t *testing.T) {
	for kind, workflow := range domain.Workflows() {
		stages := append([]record.Stage{"reported"}, workflow.NotTakenPlace...)
		for _, r := range append(workflow.Rules, workflow.Openings...) {
			stages = append(append(stages, r.From...), r.To)
		}
		for _, r := range workflow.Openings {
			stages = append(stages, record.Stage(r.Verb))
		}
		for _, stage := range stages {
			if zh, _ := stage.Words(); stage != "" && zh == string(stage) {
				t.Errorf("%s: stage %s has no words", kind, stage)
			}
		}
	}
}
