package filing_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/filing"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, filing.Register) }
