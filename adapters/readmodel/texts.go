package readmodel

import (
	"math"
	"strings"

	"zombiezen.com/go/sqlite"

	"twinledger/domain/event"
)

// A dictionary gives every text of one table its number. It belongs to the
// generation's writer.
type dictionary struct {
	conn  *sqlite.Conn
	look  string // the statement that finds a text's number
	store string // the statement that adds a text
	known remembered
	whole bool // known holds every text of the table
	next  int64
}

// mostRemembered is how many texts a dictionary that is not whole remembers.
const mostRemembered = 100_000

// newDictionary opens the dictionary of a table. One that is whole reads every text
// at once, as it must while the table has no index.
func newDictionary(conn *sqlite.Conn, table string, whole bool) (*dictionary, error) {
	last, err := number(conn, `SELECT coalesce(max(number), 0) FROM `+table)
	d := &dictionary{conn: conn, look: `SELECT number FROM ` + table + ` WHERE text = ?`, store: `INSERT INTO ` + table + ` (number, text) VALUES (?, ?)`,
		known: newRemembered(), whole: whole, next: last + 1}
	if err != nil || !whole || last == 0 {
		return d, err
	}
	return d, each(conn, `SELECT number, text FROM `+table, func(s *sqlite.Stmt) error {
		d.known.put(s.ColumnText(1), s.ColumnInt64(0))
		return nil
	})
}

// of returns a text's number, a new one when the text is new; 0 for the empty text.
func (d *dictionary) of(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if n := d.known.get(text); n > 0 {
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
	if !d.whole && d.known.size() >= mostRemembered {
		d.known = newRemembered()
	}
	d.known.put(text, n)
}

// remembered maps texts to numbers. Most texts are the keys of streams; those are kept
// without pointers, which takes a third of the memory and none of the garbage
// collector's time.
type remembered struct {
	keys   map[streamKey]uint32
	kinds  map[string]uint8 // kinds of streams, numbered as they come up
	others map[string]int64
}

// A streamKey is the key of a stream: its kind's number, then its UUID.
type streamKey [17]byte

func newRemembered() remembered {
	return remembered{map[streamKey]uint32{}, map[string]uint8{}, map[string]int64{}}
}

func (r *remembered) size() int { return len(r.keys) + len(r.others) }

// key returns a text as a stream's key, and whether it is one that can be kept so.
func (r *remembered) key(text string) (k streamKey, is bool) {
	if !event.IsKey(text) {
		return k, false
	}
	kind, _, _ := strings.Cut(text, "-")
	n, known := r.kinds[kind]
	if !known {
		if len(r.kinds) == math.MaxUint8 {
			return k, false
		}
		n = uint8(len(r.kinds) + 1)
		r.kinds[strings.Clone(kind)] = n
	}
	k[0] = n
	id := uuidOf(text[len(kind)+1:])
	copy(k[1:], id[:])
	return k, true
}

func (r *remembered) get(text string) int64 {
	if k, is := r.key(text); is {
		return int64(r.keys[k])
	}
	return r.others[text]
}

func (r *remembered) put(text string, n int64) {
	if k, is := r.key(text); is && n <= math.MaxUint32 {
		r.keys[k] = uint32(n)
		return
	}
	// A text may be a part of a whole record, whose memory must not be kept.
	r.others[strings.Clone(text)] = n
}
