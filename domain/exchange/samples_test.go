package exchange_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/exchange"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, exchange.Register) }
