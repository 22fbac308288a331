package readmodel

import (
	"embed"
	"fmt"
	"strings"
	"text/template"

	"zombiezen.com/go/sqlite"

	"twinledger/domain/event"
)

//go:embed sql/*.sql
var files embed.FS

var statements = template.Must(template.New("").Funcs(template.FuncMap{
	"marks": func(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") },
}).ParseFS(files, "sql/*.sql"))

// statement returns the text of sql/<name>.sql for what it is about: a model's shape,
// all of them, or nothing. It panics when there is no such file, which is a bug.
func statement(name string, about any) string {
	var b strings.Builder
	if err := statements.ExecuteTemplate(&b, name+".sql", about); err != nil {
		panic(fmt.Sprintf("statement %s: %v", name, err))
	}
	return b.String()
}

// run executes a statement that returns nothing, with numbers, texts or bytes as
// its arguments.
func run(conn *sqlite.Conn, text string, args ...any) error {
	return each(conn, text, nil, args...)
}

// each executes a statement and calls row, unless it is nil, for every row of the
// answer. The statement is kept for the next time.
func each(conn *sqlite.Conn, text string, row func(*sqlite.Stmt) error, args ...any) error {
	stmt, err := conn.Prepare(text)
	if err != nil {
		return err
	}
	defer stmt.Reset() //nolint:errcheck // it repeats the error of the last step
	bind(stmt, args)
	for {
		more, err := stmt.Step()
		if err != nil || !more {
			return err
		}
		if row == nil {
			continue
		}
		if err := row(stmt); err != nil {
			return err
		}
	}
}

// An insertion is one execution of a statement that is executed for every event: its
// values are bound one after the other. What it fails with, its end tells.
type insertion struct {
	stmt  *sqlite.Stmt
	place int
}

func (i *insertion) number(n int64) {
	i.place++
	i.stmt.BindInt64(i.place, n)
}

// known binds a number, or NULL for 0.
func (i *insertion) known(n int64) {
	i.place++
	if n == 0 {
		i.stmt.BindNull(i.place)
		return
	}
	i.stmt.BindInt64(i.place, n)
}

// column binds the value of a column.
func (i *insertion) column(n int64) {
	i.place++
	if n == unknown {
		i.stmt.BindNull(i.place)
		return
	}
	i.stmt.BindInt64(i.place, n)
}

func (i *insertion) bytes(b []byte) {
	i.place++
	i.stmt.BindBytes(i.place, b)
}

// id binds a UUID as its 16 bytes, any other text as it is, NULL for none.
func (i *insertion) id(text string) {
	i.place++
	switch {
	case text == "":
		i.stmt.BindNull(i.place)
	case event.IsID(text):
		id := uuidOf(text)
		i.stmt.BindBytes(i.place, id[:])
	default:
		i.stmt.BindText(i.place, text)
	}
}

// end executes the statement, and makes it ready for the next time.
func (i *insertion) end() error {
	_, err := i.stmt.Step()
	i.place = 0
	if resetErr := i.stmt.Reset(); err == nil {
		err = resetErr
	}
	return err
}

func bind(stmt *sqlite.Stmt, args []any) {
	for i, arg := range args {
		switch a := arg.(type) {
		case nil:
			stmt.BindNull(i + 1)
		case int:
			stmt.BindInt64(i+1, int64(a))
		case int64:
			stmt.BindInt64(i+1, a)
		case uint64:
			stmt.BindInt64(i+1, int64(a))
		case string:
			stmt.BindText(i+1, a)
		case []byte:
			stmt.BindBytes(i+1, a)
		default:
			panic(fmt.Sprintf("a statement has an argument of type %T", arg))
		}
	}
}

// number returns the first column of a statement's first row, 0 when there is none.
func number(conn *sqlite.Conn, text string, args ...any) (n int64, err error) {
	err = each(conn, text, func(s *sqlite.Stmt) error {
		n = s.ColumnInt64(0)
		return nil
	}, args...)
	return n, err
}

// bytesOf returns a column's bytes.
func bytesOf(s *sqlite.Stmt, column int) []byte {
	b := make([]byte, s.ColumnLen(column))
	s.ColumnBytes(column, b)
	return b
}
