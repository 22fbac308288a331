package ledger_test

import (
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event/memlog"
	"twinledger/domain/ledger"
	"twinledger/domain/seal/sealtest"
)

func handler(id string) *command.Handler {
	return &command.Handler{Ledger: id, Log: memlog.New(), Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: commandtest.ClockAt("2018-07-03T08:00:00.000Z"), Vault: &sealtest.Vault{}, Names: sealtest.Names{}}
}

func opening(n int) command.Request {
	return command.Request{ID: commandtest.ID(n), Name: "ledger.open", Body: ledger.Open{Secret: "fixed-secret"}}
}

func TestOpen(t *testing.T) {
	h := handler("k3m7q2xw5a")
	first, err := h.Handle(t.Context(), opening(1))
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Opened{Ledger: "k3m7q2xw5a", Zone: "+08:00", Formats: ledger.Current, Secret: "fixed-secret"}
	if first.Stream != ledger.Key("k3m7q2xw5a") || len(first.Events) != 1 || first.Events[0].Fact != any(want) {
		t.Errorf("opened %s with %+v, want %+v", first.Stream, first.Events, want)
	}
	again, err := h.Handle(t.Context(), opening(1))
	if err != nil || !again.Repeated {
		t.Errorf("the same command again: %+v, %v; want what was stored", again, err)
	}
	_, err = h.Handle(t.Context(), opening(2))
	commandtest.Refused(t, err, ledger.ErrAlreadyOpen)
}

func TestBadLedgerIDs(t *testing.T) {
	for _, id := range []string{"", "k3m7q2xw5", "k3m7q2xw5a1", "K3M7Q2XW5A", "k3m7q2xw50", "k3m7q2xw5台"} {
		t.Run(id, func(t *testing.T) {
			_, err := handler(id).Handle(t.Context(), opening(1))
			commandtest.Refused(t, err, ledger.ErrBadLedger)
		})
	}
}
