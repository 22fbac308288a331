package intake_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/intake"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, intake.Register) }
