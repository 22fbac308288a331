package sqlitelog

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"twinledger/domain/event"
	"twinledger/domain/event/logtest"
)

// BenchmarkAppend appends single records durably, and then the same records in
// the same groups to a plain file that is flushed once a group: what the disk
// allows. It reports how many records share a flush and how many times as long
// as the plain file the log took.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { benchmarkAppend(b, writers) })
	}
}

func benchmarkAppend(b *testing.B, writers int) {
	path := filepath.Join(b.TempDir(), "log.db")
	l, err := Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	if l, err = OpenReadOnly(path); err != nil {
		b.Fatal(err)
	}
	if l.writer, err = newWriter(path, l.reader, l.closing); err != nil {
		b.Fatal(err)
	}
	groups := observe(l.writer)
	work := singles(b.N, writers)

	b.ResetTimer()
	started := time.Now()
	var group sync.WaitGroup
	for _, records := range work {
		group.Go(func() {
			for _, r := range records {
				if _, err := l.Append(b.Context(), r.Envelope.Stream, r.Envelope.Revision-1, r); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
	taken := time.Since(started)
	b.StopTimer()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	sizes := <-groups
	plain := appendPlainly(b, slices.Concat(work...), sizes)
	b.ReportMetric(float64(b.N)/taken.Seconds(), "records/s")
	b.ReportMetric(float64(b.N)/float64(len(sizes)), "records/flush")
	b.ReportMetric(taken.Seconds()/plain.Seconds(), "times-plain-file")
}

// observe serves the writer's queue as run does and tells the sizes of the
// groups when the log is closed.
func observe(w *writer) <-chan []int {
	sizes := make(chan []int, 1)
	go func() {
		defer close(w.done)
		var seen []int
		for {
			select {
			case first := <-w.queue:
				group := w.gather(first)
				seen = append(seen, len(group))
				w.serve(group)
			case <-w.closing:
				sizes <- seen
				return
			}
		}
	}()
	return sizes
}

// singles returns n records, shared out among writers. Each writer goes round
// its own streams, of eight records each.
func singles(n, writers int) [][]event.Record {
	work := make([][]event.Record, writers)
	streams := n/writers/8 + 1
	for i := range n {
		writer, turn := i%writers, i/writers
		stream := logtest.Stream(logtest.Ledger, fmt.Sprint("stream", turn%streams, "of", writer))
		record := logtest.Batch(stream, int64(turn/streams)-1, fmt.Sprint("command", i), 1)[0]
		work[writer] = append(work[writer], record)
	}
	return work
}

func appendPlainly(b *testing.B, records []event.Record, sizes []int) time.Duration {
	f, err := os.Create(filepath.Join(b.TempDir(), "plain"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	started := time.Now()
	for _, size := range sizes {
		var bytes []byte
		for _, r := range records[:size] {
			bytes = append(bytes, r.Bytes...)
		}
		records = records[size:]
		if _, err := f.Write(bytes); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(started)
}
