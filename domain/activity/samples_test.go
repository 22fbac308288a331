package activity_test

import (
	"testing"

	"twinledger/domain/activity"
	"twinledger/domain/event/eventtest"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, activity.Register) }
