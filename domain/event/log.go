package event

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"

	"twinledger/domain/fault"
)

// NoStream is the expected revision of a stream that must not exist yet.
const NoStream int64 = -1

// MaxAppend is the most bytes that one Append may store.
const MaxAppend = 1_000_000

// What a Log refuses with. Match with errors.Is.
var (
	// ErrConflict: the stream's last revision is not the expected one, and the
	// stream does not already hold exactly these ids behind it. Nothing of the
	// append is stored. Load again and decide anew.
	ErrConflict = fault.New(fault.Conflict, "event.conflict",
		"该记录刚刚被别人改动；请重新读取后再提交。", "Somebody else changed this record first; load it again and retry.")
	// ErrTooLarge: the append is over [MaxAppend] bytes.
	ErrTooLarge = fault.New(fault.Invalid, "event.too-large",
		"一次提交超过 1,000,000 字节；请拆分。", "One append is over 1,000,000 bytes; split it.")
	// ErrMalformed: the records of an append do not follow one another.
	ErrMalformed = fault.New(fault.Invalid, "event.malformed-append",
		"提交的事件不连续或编号重复；请核对写入程序。", "The events of an append do not follow one another or repeat an id; check the program that wrote them.")
	// ErrBadToken: a token is not one of this log's.
	ErrBadToken = fault.New(fault.Invalid, "event.bad-token",
		"该位置标记不属于本台账；请使用本台账返回的标记。", "This token is not one of this ledger's; use one that this ledger returned.")
	// ErrDamaged: what the log holds is not what was written.
	ErrDamaged = fault.New(fault.Internal, "event.damaged",
		"台账文件内容与写入时不符；请停止使用并用备份核对。", "The log does not hold what was written; stop using it and compare with a backup.")
)

// A Log is an append-only store of one ledger's records. It stores their bytes
// as they are and never alters, truncates or expires them. All methods are safe
// for concurrent use and give up when ctx ends.
type Log interface {
	Appender
	Reader
	Feed
}

// An Appender stores records.
type Appender interface {
	// Append stores records, which all belong to stream, behind the revision
	// expected (or NoStream): all of them or none, durably before it returns.
	//
	// If the stream already holds exactly these ids at expected+1 …, Append
	// succeeds with what is stored, however much follows; so a caller that does
	// not know what became of an append may send the identical one again. Every
	// other mismatch, a partial overlap included, is ErrConflict.
	//
	// Appends that are stored together see those before them in the group, fail
	// alone, and are answered and shown to readers only after all are durable.
	// An error that is not a fault leaves the outcome unknown.
	Append(ctx context.Context, stream string, expected int64, records ...Record) (Appended, error)
}

// A Reader reads single streams and the end of a log.
type Reader interface {
	// Stream yields the records of one stream by revision, from 0. An unknown
	// stream yields nothing and no error.
	Stream(ctx context.Context, stream string) iter.Seq2[Record, error]

	// Last returns the newest record and its token; ok is false when there is none.
	Last(ctx context.Context) (r Record, t Token, ok bool, err error)
}

// A Feed reads the whole ledger in log order.
type Feed interface {
	// Page returns the records that follow after, at most limit of them (at
	// least 1), at once: an empty page means that nothing follows yet. The zero
	// Position is the log's beginning. Page may return fewer than limit although
	// more follow. A token that is not the log's own is ErrBadToken; a position
	// that the log can tell is not one of its own is ErrDamaged.
	Page(ctx context.Context, after Position, limit int) (Page, error)

	// Wait returns nil as soon as a record behind after is visible to Page,
	// without polling delay for records appended through this Log.
	Wait(ctx context.Context, after Token) error
}

// Appended is the answer to an Append.
type Appended struct {
	Records []Record // as they are stored, which on a repetition is what came first
	Token   Token    // of the last of them
}

// A Page is a run of consecutive records of the ledger.
type Page struct {
	Before  Position
	Records []Record
	Hashes  [][32]byte // the ledger's running hash behind each record
	After   Position
}

// Grow makes room for so many records.
func (p *Page) Grow(records int) {
	p.Records, p.Hashes = slices.Grow(p.Records, records), slices.Grow(p.Hashes, records)
}

// Add appends the record that follows the page, and whose token is t: the page's
// running hash and end move behind it.
func (p *Page) Add(r Record, t Token) {
	p.After = p.After.Next(r, t)
	p.Records, p.Hashes = append(p.Records, r), append(p.Hashes, p.After.Hash)
}

// Ordinal returns the ordinal of the page's i-th record, counted from 0.
func (p Page) Ordinal(i int) uint64 { return p.Before.Ordinal + 1 + uint64(i) }

// CheckAppend tells whether records may be appended to stream behind expected:
// at least one, of that stream, with consecutive revisions, ids that differ, the
// bytes of the same event, and MaxAppend bytes at most. Every Log calls it first.
func CheckAppend(stream string, expected int64, records []Record) error {
	if len(records) == 0 || expected < NoStream || !isStreamName(stream) {
		return ErrMalformed.With("stream", stream).With("records", len(records))
	}
	size := 0
	ids := make(map[string]bool, len(records))
	for i, r := range records {
		if r.Envelope.Stream != stream || r.Envelope.Revision != expected+1+int64(i) || ids[r.Envelope.ID] || !r.begins() {
			return ErrMalformed.With("stream", stream).With("revision", r.Envelope.Revision)
		}
		ids[r.Envelope.ID] = true
		size += len(r.Bytes)
	}
	if size > MaxAppend {
		return ErrTooLarge.With("bytes", size)
	}
	return nil
}

// begins tells whether r's bytes begin as those of its envelope do. Bytes of
// another event would be stored for good and found damaged at every reading;
// decoding all of them at every append would cost more than the append.
func (r Record) begins() bool {
	e := r.Envelope
	start := fmt.Appendf(nil, `{"id":"%s","stream":"%s","revision":%d,"type":"%s",`, e.ID, e.Stream, e.Revision, e.Type)
	return IsID(e.ID) && bytes.HasPrefix(r.Bytes, start)
}

// CheckStored tells whether a record read from a log is the one that its place
// promises; a log calls it with what its own index says.
func CheckStored(r Record, id, stream string, revision int64) error {
	if r.Envelope.ID != id || r.Envelope.Stream != stream || r.Envelope.Revision != revision {
		return ErrDamaged.Because(fmt.Errorf("index says %s %s@%d, bytes say %s %s@%d",
			id, stream, revision, r.Envelope.ID, r.Envelope.Stream, r.Envelope.Revision))
	}
	return nil
}

// Walk calls visit with every record of the ledger in log order, up to where it
// ends now, and stops at the first error.
func Walk(ctx context.Context, log Feed, visit func(Record) error) error {
	return Pages(ctx, log, func(page Page) error {
		for _, r := range page.Records {
			if err := visit(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pages calls visit with every page of the ledger in log order, up to where it ends
// now, and stops at the first error. The next page is read while one is visited.
func Pages(ctx context.Context, log Feed, visit func(Page) error) error {
	type reading struct {
		page Page
		err  error
	}
	read := func(after Position) chan reading {
		done := make(chan reading, 1)
		go func() {
			page, err := log.Page(ctx, after, 1000)
			done <- reading{page, err}
		}()
		return done
	}
	next := read(Position{})
	for {
		now := <-next
		if now.err != nil || len(now.page.Records) == 0 {
			return now.err
		}
		next = read(now.page.After)
		if err := visit(now.page); err != nil {
			<-next // nobody reads behind the caller's back
			return err
		}
	}
}
