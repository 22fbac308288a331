package intake

import (
	"context"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// The events of imports. A source is whoever sends files, an import is one file
// of a source, and a row stream stands for one row of one district, whatever file
// it came in: its only event says what became of it.
type (
	// SourceNoted opens a source's stream.
	SourceNoted struct {
		District string    `json:"district"`
		Name     seal.Text `json:"name"` // sealed under the source's key
	}
	// SourceMapped says what the clerk answered about the source's files, all of it: a
	// later one replaces it.
	SourceMapped struct {
		Columns []MappedColumn `json:"columns"` // which headings mean which columns
		Answers seal.Text      `json:"answers"` // sealed JSON of words, values and chosen answers
	}
	// SourceImported says that an import of the source began.
	SourceImported struct {
		Import string `json:"import"` // key of the import
	}
	// Started opens an import's stream.
	Started struct {
		District    string    `json:"district"`
		Source      string    `json:"source"`      // key of the source
		Fingerprint string    `json:"fingerprint"` // SHA-256 of the file, hex
		Rows        int       `json:"rows"`
		Label       seal.Text `json:"label"` // sealed JSON: file name and sheet names

		ComparedWith string         `json:"compared_with,omitempty"` // key of the source's import that this one corrects
		Columns      []MappedColumn `json:"columns,omitempty"`       // headings of this file that mean columns
	}
	// Compared says what the comparison with a former import found, several
	// following one another when it is long. Rows of either that it does not name
	// are unchanged, or new.
	Compared struct {
		Changed []ChangedRow `json:"changed,omitempty"`
		Removed []RemovedRow `json:"removed,omitempty"`
	}
	// RowsListed lists rows of the file in order; several of them follow one
	// another when the file is long.
	RowsListed struct {
		Rows []ListedRow `json:"rows"`
	}
	// Completed says that every row of the import was taken.
	Completed struct {
		Recorded   int `json:"recorded"`
		Incomplete int `json:"incomplete"`
		Held       int `json:"held"`
		Already    int `json:"already"` // rows taken before by another import
	}
	// RowTaken says what became of a row.
	RowTaken struct {
		District  string           `json:"district"`
		Source    record.Source    `json:"source"` // where the row was first read
		Outcome   Outcome          `json:"outcome"`
		Record    string           `json:"record,omitempty"`    // key of the record; empty when held
		Community string           `json:"community,omitempty"` // key; empty when not stated
		Unknowns  []record.Unknown `json:"unknowns,omitempty"`  // what the record leaves unknown
		Problems  []Problem        `json:"problems,omitempty"`  // what could not be read
		Cells     seal.Text        `json:"cells"`               // sealed JSON of the cells as read

		Corrects string `json:"corrects,omitempty"` // key of the former row that this one replaces
		Kept     bool   `json:"kept,omitempty"`     // the record stays as it was: the row does not speak for it
		Again    string `json:"again,omitempty"`    // key of the equal row beside which it was recorded
		Form     string `json:"form"`               // what its table holds: activity, roster, or register/ and its kind
		Meaning  string `json:"meaning,omitempty"`  // mark of what the row was read to say, to see when answers change it
		Answers  string `json:"answers,omitempty"`  // mark of the answers with which it was read
	}
	// Undone says that an import is taken back: from here on it is being undone, and can
	// only be undone to its end. What it recorded says of itself that it is void.
	Undone struct {
		Reason seal.Text `json:"reason"`
	}
	// SourceUndone says that an accepted import was undone to its end: the source is as
	// it was before, and what it was remembered to answer then too.
	SourceUndone struct {
		Import string `json:"import"` // its key
	}
	// RowUndone says that all that an import did to a row is undone.
	RowUndone struct {
		Import string `json:"import"`          // its key
		Waits  bool   `json:"waits,omitempty"` // the row was held before, and is held again
	}
	// RowSuperseded says that a corrected file of the source replaced the row or
	// left it out.
	RowSuperseded struct {
		Import string `json:"import"`       // key of that file's import
		By     string `json:"by,omitempty"` // key of the row in its place; empty when it was left out
	}
)

// RowVoided says that a held row is settled: it was put right elsewhere, or never
// meant a record.
type RowVoided struct {
	Target string    `json:"target"` // id of the event that took the row
	Reason seal.Text `json:"reason"`
}

// Voids returns what is voided and why.
func (v RowVoided) Voids() (string, seal.Text) { return v.Target, v.Reason }

// A ListedRow is a row's place and identity.
type ListedRow struct {
	Row    string `json:"row"`              // key of the row
	Sheet  int    `json:"sheet"`            // from 0
	At     int    `json:"at"`               // physical row, from 1
	Number string `json:"number,omitempty"` // mark of its 序号: equal for equal ones and telling nothing else
}

// A MappedColumn is a heading and the column that it means.
type MappedColumn struct {
	Heading string `json:"heading" doc:"The heading, without white space." example:"活动日期"`
	Column  string `json:"column" doc:"The column that it means." example:"日期"`
}

// A ChangedRow is a row of a former file and the one that it became.
type ChangedRow struct {
	From string `json:"from"`           // key of the former row
	To   string `json:"to"`             // key of the row in its place
	Kept bool   `json:"kept,omitempty"` // its record stays as somebody corrected it meanwhile
}

// A RemovedRow is a row of a former file that a later one leaves out.
type RemovedRow struct {
	Row  string `json:"row"`            // its key
	Kept bool   `json:"kept,omitempty"` // its record stays
}

// A Problem is the code of what could not be read, and its column.
type Problem struct {
	Code   string `json:"code"`
	Column string `json:"column"`
}

// An Outcome is what becomes of a row.
type Outcome string

// The outcomes. A row that was taken before is already recorded, which is said
// in an import's report and stored nowhere again.
const (
	Recorded   Outcome = "recorded"
	Incomplete Outcome = "incomplete" // recorded, with what is unknown listed
	Held       Outcome = "held"       // not countable as it stands
	Already    Outcome = "already"
	Pending    Outcome = "pending" // not written, for the import was broken off; stored nowhere
)

// Words returns the outcome in Chinese and English.
func (o Outcome) Words() (zh, en string) {
	switch o {
	case Recorded:
		return "已入账", "recorded"
	case Incomplete:
		return "已入账（不完整）", "incomplete"
	case Held:
		return "暂挂", "held"
	case Already:
		return "此前已入账", "already recorded"
	case Pending:
		return "未写入", "not written"
	}
	return string(o), string(o)
}

// The bodies of the commands with which an import is recorded.
type (
	noteSource  struct{ SourceNoted }
	mapSource   struct{ SourceMapped }
	linkImport  struct{ SourceImported }
	startImport struct {
		Started
		key string // of the import: it follows from the file and the answers with which it is read
	}
	compareFiles struct{ Compared }
	listRows     struct{ RowsListed }
	finishImport struct{ Completed }
	takeRow      struct {
		RowTaken
		Settles seal.Text // why the held row is settled that is taken now; nothing when none was held
	}
	supersedeRow struct{ RowSuperseded }
	undoRow      struct{ Import string }
	undoImport   struct{ Undone }
	unlinkImport struct{ SourceUndone }
)

// typeUndone is the type of [Undone].
const typeUndone = "import.undone"

// Register declares the events of imports.
func Register(r *event.Registry) {
	event.Define[SourceNoted](r, "source.noted")
	event.Define[SourceImported](r, "source.imported")
	event.Define[SourceMapped](r, "source.mapped")
	event.Define[SourceUndone](r, "source.undone")
	event.Define[Started](r, "import.started")
	event.Define[Compared](r, "import.compared")
	event.Define[RowsListed](r, "import.rows_listed")
	event.Define[Completed](r, "import.completed")
	event.Define[Undone](r, typeUndone)
	event.Define[RowTaken](r, "row.taken")
	event.Define[RowSuperseded](r, "row.superseded")
	event.Define[RowVoided](r, "row.voided")
	event.Define[RowUndone](r, "row.undone")
}

// stage is how far a stream of this package has come.
type stage struct{ open, done, undone bool }

func decider(kind string) command.Decider[stage] {
	return command.Decider[stage]{Kind: kind, Apply: func(s stage, e event.Event) stage {
		_, done := e.Fact.(Completed)
		_, undone := e.Fact.(Undone)
		return stage{true, s.done || done, s.undone || undone}
	}}
}

// Commands returns the commands with which the importer records what it does.
func Commands() []command.Definition {
	opening := func(s stage, fact any) ([]any, error) {
		if s.open {
			return nil, nil
		}
		return []any{fact}, nil
	}
	source, imports := decider("source"), decider("import")
	named := command.KeyedBy[noteSource]
	return append([]command.Definition{
		command.Define("source.note", source, func(s stage, _ command.Meta, c noteSource) ([]any, error) { return opening(s, c.SourceNoted) },
			command.Internal(), named(func(_ string, v seal.Vault, c noteSource) string { return sourceKey(v, c.District, c.Name.Clear) })),
		command.Define("source.map", source, func(_ stage, _ command.Meta, c mapSource) ([]any, error) {
			return []any{c.SourceMapped}, nil
		}, command.Internal()),
		command.Define("source.link", source, func(_ stage, _ command.Meta, c linkImport) ([]any, error) {
			return []any{c.SourceImported}, nil
		}, command.Internal()),
		command.Define("source.unlink", source, func(_ stage, _ command.Meta, c unlinkImport) ([]any, error) {
			return []any{c.SourceUndone}, nil
		}, command.Internal()),
		command.Define("import.start", imports, func(s stage, _ command.Meta, c startImport) ([]any, error) { return opening(s, c.Started) },
			command.Internal(), command.KeyedBy(func(_ string, _ seal.Vault, c startImport) string { return c.key })),
		command.Define("import.compare", imports, func(_ stage, _ command.Meta, c compareFiles) ([]any, error) {
			return []any{c.Compared}, nil
		}, command.Internal()),
		command.Define("import.list", imports, func(_ stage, _ command.Meta, c listRows) ([]any, error) {
			return []any{c.RowsListed}, nil
		}, command.Internal()),
		command.Define("import.finish", imports, func(s stage, _ command.Meta, c finishImport) ([]any, error) {
			if s.done {
				return nil, nil
			}
			return []any{c.Completed}, nil
		}, command.Internal()),
		command.Define("import.undo", imports, func(s stage, _ command.Meta, c undoImport) ([]any, error) {
			switch {
			case s.undone:
				return nil, nil
			case c.Reason.IsZero():
				return nil, record.ErrNoReason
			}
			return []any{c.Undone}, nil
		}, command.Internal()),
	}, rowCommands()...)
}

func sourceKey(v seal.Vault, district, name string) string {
	return "source-" + event.UUIDv8(v.MAC("source v1", district, name)).String()
}

// importKey returns the key of the import of a file. The same file read with other answers is
// another import.
func importKey(v seal.Vault, district, source, fingerprint string, answers reading.Answers) string {
	return "import-" + event.UUIDv8(v.MAC("import v1", append([]string{district, source, fingerprint}, list(answers)...)...)).String()
}

// SealTexts seals the source's name under its own key.
func (c noteSource) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Name, err = s.Under(ctx, "name", c.Name, s.Fallback)
	return c, err
}

// SealTexts seals what was answered under the source's key: it may name people.
func (c mapSource) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Answers, err = s.Under(ctx, AnswersField, c.Answers, s.Fallback)
	return c, err
}

// SealTexts seals file and sheet names under the source's key.
func (c startImport) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Label, err = s.Under(ctx, LabelField, c.Label, s.Fallback)
	return c, err
}

// SealTexts seals the reason, which may name anybody.
func (c undoImport) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Reason, err = s.Prose(ctx, "reason", c.Reason)
	return c, err
}

// SealTexts seals the cells under everybody they name and the source's key.
func (c takeRow) SealTexts(ctx context.Context, s seal.Sealer) (any, error) {
	var err error
	c.Cells, err = s.Prose(ctx, CellsField, c.Cells)
	if err == nil {
		c.Settles, err = s.Prose(ctx, "reason", c.Settles)
	}
	return c, err
}

// The places within their streams for which label, cells and answers are sealed.
const (
	LabelField   = "label"
	CellsField   = "cells"
	AnswersField = "answers"
)
