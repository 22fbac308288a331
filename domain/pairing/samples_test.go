package pairing_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/pairing"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, pairing.Register) }
