package rectification_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/rectification"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, rectification.Register) }
