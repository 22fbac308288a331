package sqlitelog

import (
	"context"

	"twinledger/domain/event"
)

// Covers tells whether the part of the log up to the token at includes the
// record whose append was answered with the token wanted; only the log can, as
// tokens are opaque to everybody else. A token that is not the log's own, or that
// it has not given yet, is event.ErrBadToken.
func (l *Log) Covers(ctx context.Context, at, wanted event.Token) (bool, error) {
	reached, err := ordinalOf(at)
	if err != nil {
		return false, err
	}
	asked, err := ordinalOf(wanted)
	if err != nil || asked <= reached {
		return err == nil, err
	}
	head, err := l.Head(ctx)
	if err == nil && asked > head {
		err = event.ErrBadToken.With("token", wanted)
	}
	return false, err
}

// At returns the record whose append was answered with a token: what tells whether
// this log is the one that gave it, for a log that was restored and grew again gives
// the same tokens for other records. A token that is not the log's own, or that it
// has not given yet, is event.ErrBadToken.
func (l *Log) At(ctx context.Context, wanted event.Token) (event.Record, error) {
	ordinal, err := ordinalOf(wanted)
	if err != nil {
		return event.Record{}, err
	}
	rows, _, err := l.reader.rows(ctx, l.reader.page, max(ordinal, 1)-1, 1)
	if err == nil && (ordinal == 0 || len(rows) == 0 || rows[0].ordinal != ordinal) {
		err = event.ErrBadToken.With("token", wanted)
	}
	if err != nil {
		return event.Record{}, err
	}
	return rows[0].record, nil
}
