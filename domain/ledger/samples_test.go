package ledger_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/ledger"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, ledger.Register) }
