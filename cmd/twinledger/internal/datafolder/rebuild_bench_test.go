package datafolder_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/bigledger"
	"twinledger/cmd/twinledger/internal/county"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/projections"
)

// benchmarkEvents is how many events the ledger of a benchmark has; the environment
// variable TWINLEDGER_BENCH_EVENTS says otherwise. TWINLEDGER_BENCH_FOLDER names a data
// folder to take instead, such as bigledger/write makes.
const benchmarkEvents = 100_000

// benchmarkFolder returns a data folder with a big ledger and no read models.
func benchmarkFolder(b *testing.B) string {
	b.Helper()
	folder := filepath.Join(b.TempDir(), "big")
	must(b, os.Mkdir(folder, 0o750))
	if given := os.Getenv("TWINLEDGER_BENCH_FOLDER"); given != "" {
		must(b, errors.Join(os.Link(datafolder.LogPath(given), datafolder.LogPath(folder)), os.Link(datafolder.VaultPath(given), datafolder.VaultPath(folder))))
		return folder
	}
	events := benchmarkEvents
	if text := os.Getenv("TWINLEDGER_BENCH_EVENTS"); text != "" {
		var err error
		events, err = strconv.Atoi(text)
		must(b, err)
	}
	small := smallCounty(b)
	must(b, bigledger.Write(b.Context(), small.Log, datafolder.LogPath(folder), bigledger.Settings{Events: events, Seed: 1, Until: time.Now()}, func(int) {}))
	must(b, small.Close())
	must(b, keyvault.Copy(b.Context(), datafolder.VaultPath(small.Path), datafolder.VaultPath(folder)))
	return folder
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// smallCounty returns an opened folder with a made-up county of twelve schools.
func smallCounty(tb testing.TB) *datafolder.Folder {
	tb.Helper()
	f, err := datafolder.Establish(tb.Context(), datafolder.Options{Path: filepath.Join(tb.TempDir(), "small"), Now: time.Now}, "clerk", "样例县", nil)
	must(tb, err)
	plan := county.Plan{File: "format: 1\n", Programme: programme.Programme{
		Format: programme.Format, Code: "sample", Title: programme.Words{ZH: "样例方案", EN: "A sample"}, Source: "样例", Parties: []programme.Party{{Role: pairing.Core, Name: programme.Words{ZH: "核心校"}}},
		Obligations: []programme.Obligation{{ID: "sample-1", Text: programme.Words{ZH: "每学期送课", EN: "outreach"}, Section: "一", Strength: programme.Hard,
			Count: programme.Count{AtLeast: 1, Kinds: []record.Kind{"outreach_lesson"}, Per: programme.PerCommunity, Window: programme.Term}}},
	}}
	s := county.Settings{District: "样例县", Schools: 12, Terms: 2, Seed: 1, From: calendar.Term{Year: "2016-2017", Number: 1}}
	for order := range county.Orders(s, county.Site{Ledger: f.Ledger, District: org.DistrictKey(f.Ledger, s.District), Vault: f.Vault}, plan) {
		raw, err := event.Marshal(map[string]any{"id": order.ID, "command": order.Command, "stream": order.Stream,
			"occurred": order.Occurred, "unit": order.Unit, "data": order.Data})
		must(tb, err)
		req, err := command.ParseRequest(raw, domain.Commands())
		must(tb, err)
		req.Actor, req.Derived = "clerk", true
		_, err = f.Handler.Handle(tb.Context(), req)
		must(tb, err)
	}
	return f
}

// BenchmarkRebuild builds all read models of a big ledger, then does the same work in a
// bare loop: it scans and decodes every event and writes the same rows, without folding
// any. It reports both rates, the ratio of the first to the second, the peak of the
// process's memory, and the size of the read models as a multiple of the log's.
func BenchmarkRebuild(b *testing.B) {
	folder := benchmarkFolder(b)
	f, err := datafolder.OpenToRebuild(b.Context(), datafolder.Options{Path: folder, Now: time.Now})
	must(b, err)
	defer f.Close() //nolint:errcheck // it goes with the folder
	must(b, f.OpenModels(false))
	head, err := f.Log.Head(b.Context())
	must(b, err)
	for b.Loop() {
		runtime.GC()
		clearPeak()
		start := time.Now()
		g, err := f.Build(b.Context(), true, nil)
		must(b, err)
		built := time.Since(start)
		peak := peakMemory()
		file := filepath.Join(datafolder.ModelPath(folder), g.Name())
		bare := bareLoop(b, f, file)
		rate := func(d time.Duration) float64 { return float64(head) / d.Seconds() }
		b.ReportMetric(rate(built), "events/s")
		b.ReportMetric(rate(bare), "bare-events/s")
		b.ReportMetric(bare.Seconds()/built.Seconds(), "ratio")
		b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
		b.ReportMetric(float64(size(b, file))/float64(size(b, datafolder.LogPath(folder))), "x-log")
		must(b, f.Models.Dispose(g))
	}
}

func size(b *testing.B, path string) int64 {
	b.Helper()
	info, err := os.Stat(path)
	must(b, err)
	return info.Size()
}

// clearPeak lets the kernel forget the peak of the process's memory, where it can.
func clearPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) }

// peakMemory returns the peak of the process's resident memory in bytes, 0 where it is
// not known.
func peakMemory() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, found := strings.Cut(string(b), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); !found || err != nil {
		return 0
	}
	return kilobytes << 10
}

// A bareTable is one table of a finished generation, copied page by page.
type bareTable struct {
	name   string
	by     string // the column by which rows belong to a page: an ordinal, or nothing
	insert *sql.Stmt
	rows   [][]any
}

// bareLoop returns how long it takes to scan and decode every event of the log and to
// write the rows of a finished generation into a new file, with the same indexes at
// the end. Reading those rows is not counted.
func bareLoop(b *testing.B, f *datafolder.Folder, finished string) time.Duration {
	b.Helper()
	from, err := sql.Open("sqlite", "file:"+finished+"?mode=ro")
	must(b, err)
	defer from.Close() //nolint:errcheck // only read
	path := filepath.Join(b.TempDir(), "bare.sqlite")
	to, err := sql.Open("sqlite", path+"?_pragma=journal_mode(MEMORY)&_pragma=synchronous(OFF)&_pragma=cache_size(-24576)")
	must(b, err)
	to.SetMaxOpenConns(1)
	defer to.Close() //nolint:errcheck // it goes with its folder
	tables, indexes := schemaOf(b, from, to)
	var spent time.Duration
	clock := func(work func()) {
		start := time.Now()
		work()
		spent += time.Since(start)
	}
	var at event.Position
	for {
		var page event.Page
		clock(func() {
			var err error
			page, err = f.Log.Page(b.Context(), at, 2000)
			must(b, err)
			must(b, projections.Decode(page, f.Registry).Undecodable)
		})
		for _, t := range tables {
			t.load(b, from, at.Ordinal, page.After.Ordinal, len(page.Records) == 0)
		}
		clock(func() { writeRows(b, to, tables) })
		if len(page.Records) == 0 {
			break
		}
		at = page.After
	}
	clock(func() {
		for _, index := range indexes {
			_, err := to.ExecContext(b.Context(), index)
			must(b, err)
		}
	})
	must(b, os.Remove(path))
	return spent
}

// schemaOf makes the tables of one file in another and returns them, with the
// statements that make the indexes.
func schemaOf(b *testing.B, from, to *sql.DB) (tables []*bareTable, indexes []string) {
	b.Helper()
	rows, err := from.QueryContext(b.Context(), `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name`)
	must(b, err)
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	for rows.Next() {
		var kind, name, text string
		must(b, rows.Scan(&kind, &name, &text))
		if kind == "index" {
			indexes = append(indexes, text)
			continue
		}
		_, err := to.ExecContext(b.Context(), text)
		must(b, err)
		t := &bareTable{name: name}
		if strings.HasPrefix(name, "model_") || name == "events" || name == "data" {
			t.by = "ordinal"
		}
		columns, err := from.QueryContext(b.Context(), `SELECT * FROM `+name+` LIMIT 0`)
		must(b, err)
		names, err := columns.Columns()
		must(b, errors.Join(err, columns.Close()))
		var marks []string
		for _, column := range names {
			mark := "?"
			if column == "rest" {
				mark = "coalesce(?, x'')" // the driver takes an empty blob for NULL
			}
			marks = append(marks, mark)
		}
		t.insert, err = to.PrepareContext(b.Context(), `INSERT INTO `+name+` VALUES (`+strings.Join(marks, ", ")+`)`)
		must(b, err)
		tables = append(tables, t)
	}
	must(b, rows.Err())
	return tables, indexes
}

// load reads the rows that belong to a page; at the end those of tables without
// ordinals.
func (t *bareTable) load(b *testing.B, from *sql.DB, after, until uint64, end bool) {
	b.Helper()
	t.rows = t.rows[:0]
	text, args := `SELECT * FROM `+t.name, []any{}
	switch {
	case t.by != "":
		text, args = text+` WHERE `+t.by+` > ? AND `+t.by+` <= ?`, []any{after, until}
	case !end:
		return
	}
	rows, err := from.QueryContext(b.Context(), text, args...)
	must(b, err)
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	columns, err := rows.Columns()
	must(b, err)
	for rows.Next() {
		values := make([]any, len(columns))
		pointers := make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		must(b, rows.Scan(pointers...))
		t.rows = append(t.rows, values)
	}
	must(b, rows.Err())
}

// writeRows writes what was loaded in one transaction.
func writeRows(b *testing.B, to *sql.DB, tables []*bareTable) {
	b.Helper()
	tx, err := to.BeginTx(b.Context(), nil)
	must(b, err)
	for _, t := range tables {
		insert := tx.StmtContext(b.Context(), t.insert)
		for _, row := range t.rows {
			_, err := insert.ExecContext(b.Context(), row...)
			must(b, err)
		}
	}
	must(b, tx.Commit())
}

// BenchmarkScan reads and decodes every event of a big ledger as projectors do, and as
// they did before envelopes had a reader of their own: through database/sql,
// encoding/json and regular expressions. It reports both rates and their ratio.
func BenchmarkScan(b *testing.B) {
	folder := benchmarkFolder(b)
	log, err := sqlitelog.OpenReadOnly(datafolder.LogPath(folder))
	must(b, err)
	defer log.Close() //nolint:errcheck // only read
	registry := datafolder.Registry()
	var now, before time.Duration
	scanned, former := 0, 0
	for b.Loop() {
		runtime.GC() // none pays for what the other left behind
		// A build collects garbage at its memory limit; d3dffba did whenever the heap had doubled.
		restore := datafolder.CollectLess(benchmarkEvents)
		start := time.Now()
		must(b, scanDecoding(b.Context(), log, registry, func(batch projections.Batch) { scanned += len(batch.Events) }))
		now += time.Since(start)
		restore()
		runtime.GC()
		start = time.Now()
		formerScan(b, datafolder.LogPath(folder), func() { former++ })
		before += time.Since(start)
	}
	b.ReportMetric(float64(scanned)/now.Seconds(), "events/s")
	b.ReportMetric(float64(former)/before.Seconds(), "former-events/s")
	b.ReportMetric(before.Seconds()/now.Seconds(), "ratio")
}

// scanDecoding reads and decodes a log page by page, the next page while one is decoded,
// as a subscription does.
func scanDecoding(ctx context.Context, log event.Feed, registry *event.Registry, visit func(projections.Batch)) error {
	return event.Pages(ctx, log, func(page event.Page) error {
		batch := projections.Decode(page, registry)
		visit(batch)
		return batch.Undecodable
	})
}

var (
	formerStream = regexp.MustCompile(`^tl\.[a-z2-7]{10}\.[a-z_]+-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	formerID     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	formerType   = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)
)

func formerScan(b *testing.B, path string, visit func()) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	must(b, err)
	defer db.Close() //nolint:errcheck // only read
	registry := domain.Events(nil)
	var at event.Position
	for {
		rows, err := db.QueryContext(b.Context(), `SELECT r.ordinal, coalesce(s.name, ''), r.revision, r.id, r.bytes FROM records r LEFT JOIN streams s ON s.number = r.stream
			WHERE r.ordinal > ? ORDER BY r.ordinal LIMIT 2000`, at.Ordinal)
		must(b, err)
		found := false
		for rows.Next() {
			found = true
			var ordinal, revision int64
			var stream, id string
			var stored []byte
			must(b, rows.Scan(&ordinal, &stream, &revision, &id, &stored))
			var e event.Envelope
			d := json.NewDecoder(strings.NewReader(string(stored)))
			d.DisallowUnknownFields()
			must(b, d.Decode(&e))
			if !formerStream.MatchString(e.Stream) || !formerID.MatchString(e.ID) || !formerType.MatchString(e.Type) {
				b.Fatal("malformed")
			}
			at = at.Next(event.Record{Envelope: e, Bytes: stored}, "")
			_, err := registry.Decode(e)
			must(b, err)
			visit()
		}
		must(b, errors.Join(rows.Err(), rows.Close()))
		if !found {
			return
		}
	}
}
