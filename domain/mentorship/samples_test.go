package mentorship_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/mentorship"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, mentorship.Register) }
