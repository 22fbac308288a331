package activity_test

import (
	"testing"

	"twinledger/domain/activity"
	"twinledger/domain/event"
	"twinledger/domain/event/eventtest"
)

func TestSamples(t *testing.T) {
	eventtest.Samples(t, func(r *event.Registry) {
		activity.Visits.Register(r)
		activity.Meetings.Register(r)
		activity.ResearchSessions.Register(r)
	})
}
