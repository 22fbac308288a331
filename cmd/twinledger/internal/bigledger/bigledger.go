// Package bigledger writes ledgers that are big enough to measure on. The command
// handler would take hours over a million events; here the log of a generated
// county is followed by copies of itself, every id of which is renewed, written
// straight into the file.
//
// A copy has schools, communities, people and records of its own. What stands for
// the whole district is there once: the ledger's first record, the district, its
// calendars and its programmes. Texts that are sealed stay as they are under keys
// that nobody has, as if the people had been forgotten. Keys that follow from a
// name or from a command no longer do.
package bigledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// Settings say which ledger is written.
type Settings struct {
	Events int       // how many records it holds
	Seed   uint64    // another seed renews ids, and mixes the copies, in another way
	Until  time.Time // when the last record is recorded; the instants of the copies run up to it evenly
}

// What settings and counties are refused with.
var (
	ErrTooFew = fault.New(fault.Invalid, "bigledger.too-few",
		"要写的事件数少于原台账已有的事件数；请加大。", "Ask for at least as many events as the county has.")
	ErrNothingToCopy = fault.New(fault.Invalid, "bigledger.nothing-to-copy",
		"原台账中没有可复制的事件；请换一个生成的台账。", "The county has no events that can be copied; choose a generated one.")
)

// together is how many copies are written at the same time, so that the events of
// a stream lie apart.
const together = 4

// Write makes a new log at to: the records of from as they are, then copies of
// them, up to the number of events that s asks for. The last copies may break off.
// The same settings give the same log. Progress is called now and then with the
// number of records written. A file that exists is [sqlitelog.ErrExists]; what is
// left behind by an error is removed.
func Write(ctx context.Context, from event.Feed, to string, s Settings, progress func(done int)) (err error) {
	county, err := read(ctx, from)
	if err != nil {
		return err
	}
	if s.Events < len(county) {
		return ErrTooFew.With("events", s.Events).With("county", len(county))
	}
	copied := patternOf(county)
	if len(copied.blanks) == 0 {
		return ErrNothingToCopy
	}
	f, err := create(to)
	if err != nil {
		return err
	}
	defer func() { err = f.end(err) }()
	w := &writing{Settings: s, ctx: ctx, file: f, progress: progress, pattern: copied}
	if err := w.county(county); err != nil {
		return err
	}
	return w.copies(latest(county))
}

// read returns all records of a log.
func read(ctx context.Context, from event.Feed) ([]event.Record, error) {
	var out []event.Record
	err := event.Walk(ctx, from, func(r event.Record) error {
		out = append(out, r)
		return nil
	})
	return out, err
}

// latest returns when the last of some records was recorded. That need not be the
// log's last one: a command that waited for another one keeps its own instant.
func latest(records []event.Record) time.Time {
	var out time.Time
	for _, r := range records {
		if at := r.Envelope.Recorded.Time; at.After(out) {
			out = at
		}
	}
	return out
}

// A writing is a log on its way.
type writing struct {
	Settings
	ctx      context.Context //nolint:containedctx // lives for one call of Write
	file     *file
	progress func(done int)
	pattern  pattern
	started  int // copies
	done     int // records
}

// county writes the county's own records.
func (w *writing) county(records []event.Record) error {
	numbers := map[string]int64{}
	for _, r := range records {
		e, err := r.Envelope, error(nil)
		if numbers[e.Stream] == 0 {
			numbers[e.Stream], err = w.file.stream(e.Stream)
		}
		if err == nil {
			err = w.record(numbers[e.Stream], e.Revision, e.ID, r.Bytes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copies writes as many copies as there is room for, some of them at the same
// time. No more are begun together than can nearly be finished, for what a county
// begins with differs from what it goes on with.
func (w *writing) copies(last time.Time) error {
	clock := paceBetween(last, w.Until, w.Events-w.done)
	for w.done < w.Events {
		left := w.Events - w.done
		size := len(w.pattern.blanks)
		if err := w.mix(w.begin(min(together, (left+size-1)/size)), clock); err != nil {
			return err
		}
	}
	return nil
}

// begin returns the next n copies.
func (w *writing) begin(n int) []*double {
	var out []*double
	for range n {
		w.started++
		out = append(out, w.pattern.double(w.Seed, w.started))
	}
	return out
}

// mix writes copies at the same time, each in the county's own order.
func (w *writing) mix(doubles []*double, clock *pace) error {
	dice := rand.New(rand.NewPCG(w.Seed, uint64(w.started))) //nolint:gosec // nothing here is secret
	for len(doubles) > 0 && w.done < w.Events {
		i := dice.IntN(len(doubles))
		if err := w.step(doubles[i], clock.next()); err != nil {
			return err
		}
		if doubles[i].next == len(w.pattern.blanks) {
			doubles = slices.Delete(doubles, i, i+1)
		}
	}
	return nil
}

// step writes a copy's next record.
func (w *writing) step(d *double, recorded string) (err error) {
	b := &w.pattern.blanks[d.next]
	d.next++
	if d.numbers[b.stream] == 0 {
		if d.numbers[b.stream], err = w.file.stream(b.front + d.id(b.key)); err != nil {
			return err
		}
	}
	return w.record(d.numbers[b.stream], b.revision, d.id(b.id), d.fill(b, recorded))
}

func (w *writing) record(stream, revision int64, id string, stored []byte) error {
	if err := w.file.record(stream, revision, id, stored); err != nil {
		return err
	}
	w.done++
	if w.done%10_000 == 0 || w.done == w.Events {
		w.progress(w.done)
		return w.ctx.Err()
	}
	return nil
}

// A pattern is what the copies of a county have in common.
type pattern struct {
	ids     []string // that every copy renews, each once
	streams int
	blanks  []blank
}

// A blank is a record of the county with gaps that each copy fills in its way.
type blank struct {
	bytes    []byte
	gaps     []gap // by place, apart from each other
	revision int64
	id, key  int    // which of the pattern's ids are the event's and the stream's
	stream   int    // which of the pattern's streams
	front    string // what stands before the id in the stream's name
}

// A gap is a part of a record that a copy writes otherwise.
type gap struct {
	from, to int
	filled   int // with which of the pattern's ids, or one of those below
}

const (
	withInstant = -1 // when the copy was recorded
	withMark    = -2 // what distinguishes the copy's names
)

// idLength is how long a written id is.
const idLength = 36

var (
	anyID         = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	recordedField = regexp.MustCompile(`"recorded":"([^"]*)"`)
	// Within a text a quotation mark is escaped, so these find fields only.
	nameField = regexp.MustCompile(`"(?:name|alias":\{"clear)":"()[^"]`)
)

// shared tells whether all copies share what stands in a kind of stream.
func shared(kind string) bool {
	return slices.Contains([]string{"ledger", "district", "calendar", "programme"}, kind)
}

// patternOf finds what is copied of a county.
func patternOf(county []event.Record) pattern {
	kept := map[string]bool{}
	for _, r := range county {
		if shared(r.Envelope.Kind()) {
			for _, id := range anyID.FindAll(r.Bytes, -1) {
				kept[string(id)] = true
			}
		}
	}
	var p pattern
	renewed, streams := map[string]int{}, map[string]int{}
	for _, r := range county {
		if !shared(r.Envelope.Kind()) {
			p.blanks = append(p.blanks, p.blank(r, kept, renewed, streams))
		}
	}
	p.streams = len(streams)
	return p
}

// blank makes a blank of a record. Ids and streams that come up for the first
// time are numbered.
func (p *pattern) blank(r event.Record, kept map[string]bool, renewed, streams map[string]int) blank {
	number := func(id string) int {
		if _, known := renewed[id]; !known {
			renewed[id] = len(p.ids)
			p.ids = append(p.ids, id)
		}
		return renewed[id]
	}
	e := r.Envelope
	if _, known := streams[e.Stream]; !known {
		streams[e.Stream] = len(streams)
	}
	key := len(e.Stream) - idLength
	b := blank{bytes: r.Bytes, revision: e.Revision, stream: streams[e.Stream], front: e.Stream[:key],
		id: number(e.ID), key: number(e.Stream[key:])}
	for _, at := range anyID.FindAllIndex(r.Bytes, -1) {
		if id := string(r.Bytes[at[0]:at[1]]); !kept[id] {
			b.gaps = append(b.gaps, gap{at[0], at[1], number(id)})
		}
	}
	instant := recordedField.FindSubmatchIndex(r.Bytes)
	b.gaps = append(b.gaps, gap{instant[2], instant[3], withInstant})
	if kind := e.Kind(); kind == "school" || kind == "community" {
		for _, at := range nameField.FindAllSubmatchIndex(r.Bytes, -1) {
			b.gaps = append(b.gaps, gap{at[2], at[3], withMark})
		}
	}
	slices.SortFunc(b.gaps, func(a, b gap) int { return a.from - b.from })
	return b
}

// A double is one copy of the county, as far as it was written.
type double struct {
	ids     []byte // the renewed ids, one behind the other
	mark    string
	numbers []int64 // of its streams in the file; 0 before they begin
	next    int     // which blank comes next
	buffer  bytes.Buffer
}

// double returns the n-th copy.
func (p *pattern) double(seed uint64, n int) *double {
	// With a numeral in front, no school is taken for another copy's.
	d := &double{mark: fmt.Sprintf("%d片", n), numbers: make([]int64, p.streams), ids: make([]byte, 0, idLength*len(p.ids))}
	secret := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, seed), uint64(n))
	for _, id := range p.ids {
		d.ids = append(d.ids, renew(secret, id)...)
	}
	return d
}

// renew returns the id that stands for another one in a copy, of the same version
// and variant.
func renew(secret []byte, id string) string {
	hash := sha256.Sum256(append(secret, id...))
	renewed := []byte(event.UUID(hash[:16]).String())
	renewed[14], renewed[19] = id[14], id[19]
	return string(renewed)
}

// id returns one of the renewed ids.
func (d *double) id(number int) string {
	return string(d.ids[number*idLength : (number+1)*idLength])
}

// fill returns a blank with its gaps filled. The bytes are good until the next
// call.
func (d *double) fill(b *blank, recorded string) []byte {
	d.buffer.Reset()
	at := 0
	for _, g := range b.gaps {
		d.buffer.Write(b.bytes[at:g.from])
		switch g.filled {
		case withInstant:
			d.buffer.WriteString(recorded)
		case withMark:
			d.buffer.WriteString(d.mark)
		default:
			d.buffer.Write(d.ids[g.filled*idLength : (g.filled+1)*idLength])
		}
		at = g.to
	}
	d.buffer.Write(b.bytes[at:])
	return d.buffer.Bytes()
}

// A pace spreads records evenly over a time.
type pace struct {
	from  time.Time
	span  time.Duration
	steps int
	taken int
}

// paceBetween spreads so many records; when until lies before from, all are of the
// same instant.
func paceBetween(from, until time.Time, steps int) *pace {
	return &pace{from: from, span: max(0, until.Sub(from)), steps: steps}
}

// next returns when the next record is recorded, in the written form.
func (p *pace) next() string {
	p.taken++
	part := float64(p.taken) / float64(p.steps)
	return event.InstantOf(p.from.Add(time.Duration(part * float64(p.span)))).String()
}
