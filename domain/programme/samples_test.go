package programme_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/programme"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, programme.Register) }
