package duplicate_test

import (
	"testing"

	"twinledger/domain/duplicate"
	"twinledger/domain/event/eventtest"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, duplicate.Register) }
