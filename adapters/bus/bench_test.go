package bus_test

import (
	"context"
	"testing"
	"time"

	"twinledger/adapters/bus"
	"twinledger/domain/event"
	"twinledger/projections"
)

// A counter is a projector that does nothing.
type counter struct{ at event.Position }

func (c *counter) Name() string { return "counter" }

func (c *counter) Checkpoint(context.Context) (event.Position, error) { return c.at, nil }

func (c *counter) Apply(_ context.Context, batch projections.Batch) error {
	c.at = batch.After
	return nil
}

// BenchmarkRouter compares pages of one record with pages of a thousand in one
// run, from the log in memory, which copies and hashes every record it hands
// out, through the router to a projector that does nothing.
func BenchmarkRouter(b *testing.B) {
	const records = 20_000
	log := logOf(b, records)
	took := map[int]time.Duration{}
	for b.Loop() {
		for _, size := range []int{1, 1000} {
			c := &counter{}
			r := newRouter(b, bus.RouterConfig{Ledger: ledger, Log: log, Registry: registry, Projectors: []projections.Projector{c}, PageSize: size, ToHead: true})
			began := time.Now()
			if err := r.Run(b.Context()); err != nil || c.at.Ordinal != records {
				b.Fatalf("at %s: %v", c.at, err)
			}
			took[size] += time.Since(began)
		}
	}
	rate := func(size int) float64 { return float64(records*b.N) / took[size].Seconds() }
	b.ReportMetric(rate(1), "events/s@1")
	b.ReportMetric(rate(1000), "events/s@1000")
	b.ReportMetric(rate(1000)/rate(1), "ratio")
}
