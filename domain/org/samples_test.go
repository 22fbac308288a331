package org_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/org"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, org.Register) }
