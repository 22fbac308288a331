package placement_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/placement"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, placement.Register) }
