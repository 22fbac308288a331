package recognition_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/recognition"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, recognition.Register) }
