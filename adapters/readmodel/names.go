package readmodel

import (
	"encoding/binary"
	"maps"
	"slices"

	"zombiezen.com/go/sqlite"
)

// A nameIndex remembers by which events each key is named. It belongs to the
// generation's writer. What it has gathered reaches the file with flush.
type nameIndex struct {
	conn  *sqlite.Conn
	bulk  bool // chunks in the file are complete: they are not looked up
	open  map[int64]*chunk
	bytes int // of all open chunks, about
}

// A chunk is some ordinals in ascending order: the first, then the distances of the
// others.
type chunk struct {
	first, last uint64
	rest        []byte
}

const (
	fullChunk    = 512      // bytes behind which a chunk is closed
	mostGathered = 48 << 20 // bytes that are gathered before they are written
	chunkCost    = 96       // bytes of memory that a chunk takes beside its own, about
)

// add notes that an event names a key. Ordinals only grow.
func (x *nameIndex) add(key int64, ordinal uint64) error {
	c := x.open[key]
	if c == nil {
		var err error
		if c, err = x.latest(key); err != nil {
			return err
		}
		x.bytes += chunkCost + len(c.rest)
		x.open[key] = c
	}
	switch {
	case c.first == 0:
		c.first = ordinal
	case ordinal <= c.last:
		return nil
	default:
		before := len(c.rest)
		c.rest = binary.AppendUvarint(c.rest, ordinal-c.last)
		x.bytes += len(c.rest) - before
	}
	c.last = ordinal
	if len(c.rest) < fullChunk {
		return nil
	}
	x.bytes -= chunkCost + len(c.rest)
	delete(x.open, key)
	return x.store(key, c)
}

// latest returns the key's last chunk if more can be added to it, else an empty one.
func (x *nameIndex) latest(key int64) (*chunk, error) {
	c := &chunk{}
	if x.bulk {
		return c, nil
	}
	err := each(x.conn, `SELECT first, rest FROM names WHERE key = ? ORDER BY first DESC LIMIT 1`, func(s *sqlite.Stmt) error {
		found := chunk{first: uint64(s.ColumnInt64(0)), rest: bytesOf(s, 1)}
		found.last = found.first
		for _, ordinal := range found.ordinals(nil) {
			found.last = ordinal
		}
		if len(found.rest) < fullChunk {
			*c = found
		}
		return nil
	}, key)
	return c, err
}

func (x *nameIndex) store(key int64, c *chunk) error {
	return run(x.conn, `INSERT OR REPLACE INTO names (key, first, rest) VALUES (?, ?, ?)`, key, c.first, c.rest)
}

// full tells whether so much is gathered that it should be written.
func (x *nameIndex) full() bool { return x.bytes > mostGathered }

// flush writes what is gathered, in the order of the keys.
func (x *nameIndex) flush() error {
	for _, key := range slices.Sorted(maps.Keys(x.open)) {
		if err := x.store(key, x.open[key]); err != nil {
			return err
		}
	}
	clear(x.open)
	x.bytes = 0
	return nil
}

// ordinals appends the chunk's ordinals to some others.
func (c chunk) ordinals(to []uint64) []uint64 {
	at, rest := c.first, c.rest
	to = append(to, at)
	for len(rest) > 0 {
		distance, size := binary.Uvarint(rest)
		if size <= 0 {
			break // a damaged chunk; verify finds it
		}
		at, rest = at+distance, rest[size:]
		to = append(to, at)
	}
	return to
}
