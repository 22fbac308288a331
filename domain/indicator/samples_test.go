package indicator_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/indicator"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, indicator.Register) }
