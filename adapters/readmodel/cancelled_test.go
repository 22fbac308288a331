package readmodel_test

import (
	"context"
	"errors"
	"testing"

	"twinledger/adapters/readmodel"
	"twinledger/domain"
	"twinledger/domain/event"
	"twinledger/projections"
	"twinledger/projections/registers"
)

// TestAMessageThatEndsMeanwhile ends the message's context while its page is
// folded: between two records the page is given up whole, at its last record it
// is committed all the same.
func TestAMessageThatEndsMeanwhile(t *testing.T) {
	for _, tt := range []struct {
		name string
		at   uint64 // the ordinal at which the context ends
		err  error
		want uint64 // the checkpoint then
	}{
		{"between two records", 3, context.Canceled, 0},
		{"at the last record", 6, nil, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			model := registers.Model
			model.Key = func(a projections.Applied) string {
				if a.Ordinal == tt.at {
					cancel()
				}
				return registers.Model.Key(a)
			}
			s, err := readmodel.Open(t.Context(), t.TempDir(), model, domain.Events(nil))
			if err != nil {
				t.Fatal(err)
			}
			defer shut(t, s)
			if err := s.Apply(ctx, page(t, ledger(t, given...), event.Position{}, 6)); !errors.Is(err, tt.err) {
				t.Errorf("applied with %v, want %v", err, tt.err)
			}
			if got := checkpoint(t, s).Ordinal; got != tt.want {
				t.Errorf("the checkpoint is %d, want %d", got, tt.want)
			}
		})
	}
}
