package donation_test

import (
	"testing"

	"twinledger/domain/donation"
	"twinledger/domain/event/eventtest"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, donation.Register) }
