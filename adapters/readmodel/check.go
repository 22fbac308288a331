package readmodel

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"twinledger/domain/fault"
)

// Check looks for what [Compare] cannot see, because it reads the tables only, and only
// up to an ordinal: damage of the file, indexes that do not fit their tables, tables and
// indexes that are missing, altered or added, and ordinals beyond the checkpoint. It
// returns nil or [ErrDamaged], which says what is wrong and where; then the generation
// is [Generation.Damaged]. Any other error says that the check could not be done. It
// reads the whole file.
func (g *Generation) Check(ctx context.Context) error {
	expected, err := definitionsOf(g.config.Models)
	if err != nil {
		return err
	}
	err = g.read(ctx, func(conn *sqlite.Conn) error {
		// Pages that the connection remembers may stand otherwise in the file.
		if err := run(conn, "PRAGMA shrink_memory"); err != nil {
			return err
		}
		for _, check := range []func() error{
			func() error { return g.checkDefinitions(conn, expected) },
			func() error { return g.checkIntegrity(conn) },
			func() error { return g.checkOrdinals(conn) },
		} {
			if err := check(); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrDamaged) {
		g.broken.Store(true)
	}
	return err
}

// wrong returns ErrDamaged with a file's name and what is wrong with it.
func (g *Generation) wrong(what string) *fault.Error {
	return ErrDamaged.With("file", g.Name()).With("wrong", what)
}

// checkIntegrity lets SQLite read the whole file, and hold every index against its table.
func (g *Generation) checkIntegrity(conn *sqlite.Conn) error {
	found := ""
	err := each(conn, "PRAGMA integrity_check(1)", func(s *sqlite.Stmt) error {
		if text := s.ColumnText(0); found == "" && text != "ok" {
			found = strings.Join(strings.Fields(text), " ")
		}
		return nil
	})
	if err != nil || found == "" {
		return err
	}
	return g.wrong(found)
}

// A definition is a table or an index, or whatever else a file is made of.
type definition struct{ kind, name string }

// definitionsOf returns what the file of a finished generation is made of.
func definitionsOf(models []Model) (all map[definition]string, err error) {
	conn, err := sqlite.OpenConn(":memory:", sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return nil, fmt.Errorf("make definitions of read models: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, script := range []string{"schema", "indexes"} {
		if err := sqlitex.ExecuteScript(conn, statement(script, shapes(models)), nil); err != nil {
			return nil, fmt.Errorf("make definitions of read models: %w", err)
		}
	}
	return readDefinitions(conn)
}

func readDefinitions(conn *sqlite.Conn) (map[definition]string, error) {
	all := map[definition]string{}
	return all, each(conn, statement("definitions", nil), func(s *sqlite.Stmt) error {
		all[definition{s.ColumnText(0), s.ColumnText(1)}] = withoutComments(s.ColumnText(2))
		return nil
	})
}

// withoutComments returns a statement without its comments and line breaks, which may
// change from one version of the program to the next.
func withoutComments(statement string) string {
	var out []string
	for line := range strings.Lines(statement) {
		line, _, _ = strings.Cut(line, "--")
		out = append(out, strings.Fields(line)...)
	}
	return strings.Join(out, " ")
}

func (g *Generation) checkDefinitions(conn *sqlite.Conn, expected map[definition]string) error {
	found, err := readDefinitions(conn)
	if err != nil {
		return err
	}
	first := "" // in the order of the alphabet, so that it is always the same one
	note := func(d definition, how string) {
		if what := d.kind + " " + d.name + " " + how; first == "" || what < first {
			first = what
		}
	}
	for d, sql := range expected {
		if is, there := found[d]; !there {
			note(d, "is missing")
		} else if is != sql {
			note(d, "is defined otherwise")
		}
	}
	for d := range found {
		if _, known := expected[d]; !known {
			note(d, "does not belong there")
		}
	}
	if first != "" {
		return g.wrong(first)
	}
	return nil
}

// checkOrdinals looks for ordinals beyond the checkpoint.
func (g *Generation) checkOrdinals(conn *sqlite.Conn) error {
	at, err := readCheckpoint(conn)
	if err != nil {
		return err
	}
	beyond := func(table string, ordinal uint64) error {
		return g.wrong("an ordinal lies beyond the checkpoint").With("table", table).With("ordinal", ordinal).With("checkpoint", at.Ordinal)
	}
	err = each(conn, statement("ordinals", shapes(g.config.Models)), func(s *sqlite.Stmt) error {
		return beyond(s.ColumnText(0), uint64(s.ColumnInt64(1)))
	}, at.Ordinal)
	if err != nil {
		return err
	}
	return each(conn, statement("named", nil), func(s *sqlite.Stmt) error {
		c := chunk{first: uint64(s.ColumnInt64(0)), rest: bytesOf(s, 1)}
		last, whole := c.end()
		switch {
		case last > at.Ordinal:
			return beyond("names", last)
		case !whole:
			return g.wrong("a row cannot be decoded").With("table", "names").With("ordinal", last)
		case !s.ColumnBool(2):
			return g.wrong("a row has a key without a text").With("table", "names").With("ordinal", c.first)
		}
		return nil
	})
}

// end returns the chunk's last ordinal, and whether it is whole. Of one that is not, it
// returns the last ordinal before the damage.
func (c chunk) end() (last uint64, whole bool) {
	last = c.first
	for rest := c.rest; len(rest) > 0; {
		distance, size := binary.Uvarint(rest)
		if size <= 0 || distance == 0 || last+distance < last {
			return last, false
		}
		last, rest = last+distance, rest[size:]
	}
	return last, true
}
