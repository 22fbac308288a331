package readmodel

import (
	"zombiezen.com/go/sqlite"
)

// A dictionary gives every text of one table its number. It belongs to the
// generation's writer.
type dictionary struct {
	conn    *sqlite.Conn
	look    string // the statement that finds a text's number
	store   string // the statement that adds a text
	numbers map[string]int64
	whole   bool // numbers holds every text of the table
	next    int64
}

// mostRemembered is how many texts a dictionary that is not whole remembers.
const mostRemembered = 100_000

// newDictionary opens the dictionary of a table. One that is whole reads every text
// at once, as it must while the table has no index.
func newDictionary(conn *sqlite.Conn, table string, whole bool) (*dictionary, error) {
	last, err := number(conn, `SELECT coalesce(max(number), 0) FROM `+table)
	d := &dictionary{conn: conn, look: `SELECT number FROM ` + table + ` WHERE text = ?`, store: `INSERT INTO ` + table + ` (number, text) VALUES (?, ?)`,
		numbers: map[string]int64{}, whole: whole, next: last + 1}
	if err != nil || !whole || last == 0 {
		return d, err
	}
	return d, each(conn, `SELECT number, text FROM `+table, func(s *sqlite.Stmt) error {
		d.numbers[s.ColumnText(1)] = s.ColumnInt64(0)
		return nil
	})
}

// of returns a text's number, a new one when the text is new; 0 for the empty text.
func (d *dictionary) of(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if n, known := d.numbers[text]; known {
		return n, nil
	}
	if !d.whole {
		n, err := number(d.conn, d.look, text)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			d.remember(text, n)
			return n, nil
		}
	}
	n := d.next
	d.next++
	d.remember(text, n)
	return n, run(d.conn, d.store, n, text)
}

func (d *dictionary) remember(text string, n int64) {
	if !d.whole && len(d.numbers) >= mostRemembered {
		clear(d.numbers)
	}
	// A text may be a part of a whole record, whose memory must not be kept.
	d.numbers[string([]byte(text))] = n
}
