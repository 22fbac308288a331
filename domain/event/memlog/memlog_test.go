package memlog_test

import (
	"testing"

	"twinledger/domain/event"
	"twinledger/domain/event/logtest"
	"twinledger/domain/event/memlog"
)

func TestLog(t *testing.T) {
	logtest.Test(t, func(*testing.T) event.Log { return memlog.New() })
}
