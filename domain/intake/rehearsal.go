package intake

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"iter"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/event/memlog"
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
type rehearsalLog struct {
	command.Log
	streams *memlog.Log // those with something behind them, whole
	begun   map[string]bool
}

// Append keeps records as [event.Appender] says, until the rehearsal is over.
func (l *rehearsalLog) Append(ctx context.Context, stream string, expected int64, records ...event.Record) (event.Appended, error) {
	if !l.begun[stream] {
		for r, err := range l.Log.Stream(ctx, stream) {
			if err == nil {
				_, err = l.streams.Append(ctx, stream, r.Envelope.Revision-1, r)
			}
			if err != nil {
				return event.Appended{}, err
			}
		}
		l.begun[stream] = true
	}
	return l.streams.Append(ctx, stream, expected, records...)
}

// Stream yields the records of a stream, those of the rehearsal last.
func (l *rehearsalLog) Stream(ctx context.Context, stream string) iter.Seq2[event.Record, error] {
	if l.begun[stream] {
		return l.streams.Stream(ctx, stream)
	}
	return l.Log.Stream(ctx, stream)
}

// A rehearsalVault opens what was sealed, and seals without making a key.
type rehearsalVault struct {
	seal.Vault
	sealed map[string]rehearsed // by box
}

// rehearsed is a text that was sealed in a rehearsal, and the place for which.
type rehearsed struct{ text, place string }

// layerBytes is by how much a layer of a seal's form 1 is longer than what it
// holds: a nonce and a tag. What is rehearsed is as long as the true seal, for
// what is too long for one append is refused.
const layerBytes = 12 + 16

func rehearseSeals(v seal.Vault) *rehearsalVault {
	return &rehearsalVault{Vault: v, sealed: map[string]rehearsed{}}
}

// Seal returns a seal that only this vault opens.
func (v *rehearsalVault) Seal(_ context.Context, text, place string, keys ...string) (seal.Sealed, error) {
	if len(keys) == 0 {
		return seal.Sealed{}, errors.New("seal without a key")
	}
	box := make([]byte, len(text)+layerBytes*len(keys))
	binary.BigEndian.PutUint64(box, uint64(len(v.sealed)))
	s := seal.Sealed{Form: 1, Keys: keys, Box: base64.StdEncoding.EncodeToString(box)}
	v.sealed[s.Box] = rehearsed{text, place}
	return s, nil
}

// Open returns the text of a seal of this vault or of the one behind it.
func (v *rehearsalVault) Open(ctx context.Context, s seal.Sealed, place string) (string, error) {
	own, is := v.sealed[s.Box]
	switch {
	case !is:
		return v.Vault.Open(ctx, s, place)
	case own.place != place:
		return "", seal.ErrTampered.With("place", place)
	}
	return own.text, nil
}
