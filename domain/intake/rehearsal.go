package intake

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"iter"
	"slices"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/seal"
)

// rehearsal returns an importer that does all that this one would do and leaves
// nothing behind: what it records and seals is in memory only, and goes with it. So
// a dry run takes every decision of the real one, each on what the rows before
// would have left.
func (im *Importer) rehearsal() *Importer {
	r, handler := *im, *im.Handler
	r.Names = im.Names.Clone()
	if names, same := handler.Names.(*org.Names); same && names == im.Names {
		handler.Names = r.Names
	}
	handler.Log = &rehearsalLog{Log: im.Handler.Log, streams: memlog.New(), begun: map[string]bool{}}
	handler.Vault = rehearseSeals(im.Handler.Vault)
	handler.Issued = nil // ids of an import follow from its rows: none is issued elsewhere
	r.Handler = &handler
	return &r
}

// A rehearsalLog is a ledger with more behind it, which is never stored. Its Last
// is the ledger's own.
//
// Of the streams that begin in the rehearsal it keeps those that a later row may refer to. All
// others are written once and never read again in the same import, so that nothing is kept of
// them but that they were written: many rows would not fit into memory otherwise.
type rehearsalLog struct {
	command.Log
	streams  *memlog.Log     // the streams that the rehearsal wrote to, whole
	begun    map[string]bool // whether the stream is kept in streams; false for one that was dropped
	referred bool            // rows of the file may refer to the records of other rows
}

// errDropped is returned when a stream is needed of which a rehearsal kept nothing. An answer
// without its records would be wrong.
var errDropped = fault.New(fault.Internal, "intake.rehearsal-dropped",
	"程序内部错误：试读又用到了未保留的内容，结果不可靠，已停止；请报告此问题。",
	"An error of the program: the dry run needs again what it did not keep, so that its result could not be trusted. Please report it.")

// keeps tells whether records of a stream that begins in the rehearsal are kept: not those of
// the stream of a row, and those of a register's record only when rows may refer to records.
func (l *rehearsalLog) keeps(stream string) bool {
	switch kind := event.StreamKind(stream); kind {
	case "row":
		return false
	case "source", "import":
		return true
	default:
		return l.referred || reading.IsParty(kind)
	}
}

// rehearse tells a rehearsal what the file's tables are: only the rows of registers name the
// records of other rows.
func (run *run) rehearse(tables []reading.Table) {
	if log, is := run.Handler.Log.(*rehearsalLog); is {
		log.referred = slices.ContainsFunc(tables, func(t reading.Table) bool { return t.Register != "" })
	}
}

// Append keeps records as [event.Appender] says, until the rehearsal is over.
func (l *rehearsalLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	kept, begun := l.begun[stream]
	switch {
	case begun && !kept:
		return event.Appended{}, errDropped.With("stream", stream)
	case !begun:
		copied, err := l.copyStored(ctx, stream)
		if err != nil {
			return event.Appended{}, err
		}
		if !copied && !l.keeps(stream) {
			return l.drop(stream, expected, records)
		}
		l.begun[stream] = true
	}
	return l.streams.Append(ctx, stream, expected, records...)
}

// copyStored copies what the ledger has of a stream, and tells whether it has anything.
func (l *rehearsalLog) copyStored(ctx context.Context, stream string) (copied bool, err error) {
	for r, err := range l.Log.Stream(ctx, stream) {
		if err == nil {
			_, err = l.streams.Append(ctx, stream, r.Envelope.Revision-1, r)
		}
		if err != nil {
			return copied, err
		}
		copied = true
	}
	return copied, nil
}

// drop answers as if records of a new stream were appended, and keeps none of them.
func (l *rehearsalLog) drop(stream string, expected int64, records []event.Record) (event.Appended, error) {
	if err := event.CheckAppend(stream, expected, records); err != nil {
		return event.Appended{}, err
	}
	if expected != event.NoStream {
		return event.Appended{}, event.ErrConflict.With("stream", stream)
	}
	l.begun[stream] = false
	return event.Appended{Records: records, Token: "rehearsed"}, nil
}

// Stream yields the records of a stream, those of the rehearsal last.
func (l *rehearsalLog) Stream(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
	kept, begun := l.begun[stream]
	switch {
	case kept:
		return l.streams.Stream(ctx, stream)
	case begun:
		return func(yield func(event.Record, error) bool) { yield(event.Record{}, errDropped.With("stream", stream)) }
	}
	return l.Log.Stream(ctx, stream)
}

// A rehearsalVault opens what was sealed, and seals without making a key.
type rehearsalVault struct {
	seal.Vault
	mark []byte // begins the boxes of this vault
}

// layerBytes is by how much a layer of a seal's form 1 is longer than what it
// holds: a nonce and a tag. What is rehearsed is as long as the true seal, for
// what is too long for one append is refused.
const layerBytes = 12 + 16

// The lengths of what stands before the text in a rehearsed box, in place of nonce and tag.
const (
	markBytes  = 16 // the vault's own mark, at random
	placeBytes = 12 // the beginning of the MAC of the place
)

func rehearseSeals(v seal.Vault) *rehearsalVault {
	mark := make([]byte, markBytes)
	rand.Read(mark) //nolint:errcheck // never fails
	return &rehearsalVault{v, mark}
}

// Seal returns a seal that only this vault opens. The text stands in it as it is: it is
// dropped with the rehearsal.
func (v *rehearsalVault) Seal(_ context.Context, text, place string, keys ...string) (seal.Sealed, error) {
	if len(keys) == 0 {
		return seal.Sealed{}, errors.New("seal without a key")
	}
	box := make([]byte, 0, len(text)+layerBytes*len(keys))
	box = append(append(append(box, v.mark...), v.placeMark(place)...), text...)
	return seal.Sealed{Form: 1, Keys: keys, Box: base64.StdEncoding.EncodeToString(box[:cap(box)])}, nil
}

// placeMark returns what tells the place for which a text was sealed from others.
func (v *rehearsalVault) placeMark(place string) []byte {
	mac := v.MAC("rehearsed seal v1", place)
	return mac[:placeBytes]
}

// Open returns the text of a seal of this vault or of the one behind it.
func (v *rehearsalVault) Open(ctx context.Context, s seal.Sealed, place string) (string, error) {
	box, err := base64.StdEncoding.DecodeString(s.Box)
	rest, own := bytes.CutPrefix(box, v.mark)
	if err != nil || !own || len(rest) < placeBytes {
		return v.Vault.Open(ctx, s, place)
	}
	if !bytes.HasPrefix(rest, v.placeMark(place)) {
		return "", seal.ErrTampered.With("place", place)
	}
	return string(rest[placeBytes : len(box)-markBytes-layerBytes*(len(s.Keys)-1)]), nil
}
