package datafolder

import (
	"context"
	"errors"

	"twinledger/adapters/readmodel"
	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// What a log is refused with that is not the one from which the read models were
// built. Nothing is written or shown then.
var (
	ErrForeignLog = fault.New(fault.Refused, "history.foreign-log",
		"ledger.sqlite 是另一本台账的文件，不是这些读模型所依据的；未写入、未显示任何内容。请把原来的 ledger.sqlite（连同 keys.sqlite）放回；若确认以现在的文件为准，请运行 twinledger rebuild --accept-log。",
		"ledger.sqlite is the file of another ledger than the one that the read models were built from; nothing was written or shown. Put the former ledger.sqlite back, with keys.sqlite; or, if the present file is the right one, run twinledger rebuild --accept-log.")
	ErrShortLog = fault.New(fault.Refused, "history.short-log",
		"ledger.sqlite 缺了后面的记录：读模型已读到 known，台账只到 newest，可能放回了旧文件，或丢了 ledger.sqlite-wal；未写入、未显示任何内容。请放回完整的文件，或从备份恢复；若确认以现在的文件为准，请运行 twinledger rebuild --accept-log。",
		"ledger.sqlite lacks its last records: the read models know it up to known, the log ends at newest. An older file may have been put back, or ledger.sqlite-wal be lost; nothing was written or shown. Put the whole file back or restore a backup; or, if the present file is the right one, run twinledger rebuild --accept-log.")
	ErrAlteredLog = fault.New(fault.Refused, "history.altered-log",
		"ledger.sqlite 中序号 known 以前的记录与读模型读入时不符：记录被改动过，或旧文件放回后又写入了新记录；未写入、未显示任何内容。请用备份核对并恢复；若确认以现在的文件为准，请运行 twinledger rebuild --accept-log。",
		"Records of ledger.sqlite up to the ordinal known are not those that the read models read: some were altered, or an older file was put back and grew otherwise; nothing was written or shown. Compare with a backup and restore it; or, if the present file is the right one, run twinledger rebuild --accept-log.")
)

// IsOtherHistory tells whether a log was refused because the read models were built
// from another history.
func IsOtherHistory(err error) bool {
	return errors.Is(err, ErrForeignLog) || errors.Is(err, ErrShortLog) || errors.Is(err, ErrAlteredLog)
}

// A KnownHistory is what read models know of the log that they were built from.
type KnownHistory struct {
	ledgers     []string // of the generations
	checkpoints []event.Position
}

// HistoryKnownIn returns what the read models in a folder know, also those of another
// version of the program. Where there are none, or none that can be read, it is nothing.
func HistoryKnownIn(ctx context.Context, folder string) (KnownHistory, error) {
	var known KnownHistory
	all, err := readmodel.Histories(ModelPath(folder))
	for _, one := range all {
		known.ledgers = append(known.ledgers, one.Ledger)
		if one.Checkpoint.Ordinal > 0 {
			known.checkpoints = append(known.checkpoints, one.Checkpoint)
		}
	}
	return known, errors.Join(err, ctx.Err())
}

// Check reads a ledger's log through and refuses it when it is not the one that is
// known.
func (k KnownHistory) Check(ctx context.Context, ledger string, log event.Feed) error {
	check, err := k.begin(ledger)
	if err != nil || len(check.open) == 0 {
		return err
	}
	if err := event.Pages(ctx, log, check.page); err != nil {
		return err
	}
	return check.end()
}

// begin refuses the log of another ledger at once.
func (k KnownHistory) begin(ledger string) (*historyCheck, error) {
	for _, known := range k.ledgers {
		if known != ledger {
			return nil, ErrForeignLog.With("log", ledger).With("read_models", known)
		}
	}
	return &historyCheck{open: k.checkpoints}, nil
}

// A historyCheck holds checkpoints against a log, which is given to it page by page from
// the beginning.
type historyCheck struct {
	open []event.Position // those that the log has not reached yet
	at   event.Position   // how far the log was read
}

// page compares the checkpoints that lie in a page.
func (c *historyCheck) page(page event.Page) error {
	var open []event.Position
	for _, known := range c.open {
		switch {
		case known.Ordinal > page.After.Ordinal:
			open = append(open, known)
		case page.Hashes[known.Ordinal-page.Before.Ordinal-1] != known.Hash:
			return ErrAlteredLog.With("known", known.Ordinal)
		}
	}
	c.open, c.at = open, page.After
	return nil
}

// end refuses a log that ends before a checkpoint.
func (c *historyCheck) end() error {
	if len(c.open) == 0 {
		return nil
	}
	return ErrShortLog.With("known", c.open[0].Ordinal).With("newest", c.at.Ordinal)
}

// beginHistoryCheck begins to hold the read models that are open against the log.
func (f *Folder) beginHistoryCheck(ctx context.Context) (*historyCheck, error) {
	known, err := HistoryKnownIn(ctx, f.Path)
	if err != nil {
		return nil, err
	}
	return known.begin(f.Ledger)
}

// CheckHistory reads the log through and refuses it when the read models were built
// from another one.
func (f *Folder) CheckHistory(ctx context.Context) error {
	known, err := HistoryKnownIn(ctx, f.Path)
	if err != nil {
		return err
	}
	return known.Check(ctx, f.Ledger, f.Log)
}
