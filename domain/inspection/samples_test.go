package inspection_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/inspection"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, inspection.Register) }
