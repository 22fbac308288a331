package domain_test

import (
	"strings"
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

// TestEveryEventIsWorded of the kinds of streams that people read about.
func TestEveryEventIsWorded(t *testing.T) {
	shown := map[string]bool{"school": true, "community": true, "person": true, "calendar": true, "row": true}
	for kind := range domain.Workflows() {
		shown[kind] = true
	}
	for _, name := range domain.Events(nil).Names() {
		kind, _, _ := strings.Cut(name.Type, ".")
		if zh, en := domain.EventWords(name.Type); shown[kind] && (zh == "" || en == "") {
			t.Errorf("%s is called %q, %q", name.Type, zh, en)
		}
	}
	if zh, en := domain.EventWords("lesson.forgotten"); zh != "" || en != "" {
		t.Errorf("an event that there is none of is called %q, %q", zh, en)
	}
}
