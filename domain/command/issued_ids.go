package command

import (
	"encoding/hex"
	"hash/fnv"
	"strings"
	"sync"

	"twinledger/domain/event"
)

// IssuedIDs remembers to which stream each command id was put, in memory only: a
// stream that follows from a command's body cannot show that the id was used
// for another one. It is safe for concurrent use; two first uses of one id at
// the very same moment may both pass.
type IssuedIDs struct {
	mu sync.RWMutex
	to map[event.UUID]uint64 // hash of the stream's name: a ledger has many commands
}

// NewIssuedIDs returns an empty index.
func NewIssuedIDs() *IssuedIDs { return &IssuedIDs{to: map[event.UUID]uint64{}} }

// Learn takes in a record's envelope. The first stream of an id stays; an
// envelope without a command's id has no effect.
func (i *IssuedIDs) Learn(e event.Envelope) { i.learn(e.Command, e.Stream) }

func (i *IssuedIDs) learn(command, stream string) {
	id, ok := parseID(command)
	if !ok {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, known := i.to[id]; !known {
		i.to[id] = hashOf(stream)
	}
}

// elsewhere tells whether the id was put to another stream than this one.
func (i *IssuedIDs) elsewhere(command, stream string) bool {
	id, ok := parseID(command)
	if !ok {
		return false
	}
	i.mu.RLock()
	defer i.mu.RUnlock()
	to, known := i.to[id]
	return known && to != hashOf(stream)
}

func parseID(written string) (id event.UUID, ok bool) {
	if !event.IsID(written) {
		return id, false
	}
	_, err := hex.Decode(id[:], []byte(strings.ReplaceAll(written, "-", "")))
	return id, err == nil
}

func hashOf(stream string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(stream)) //nolint:errcheck // never fails
	return h.Sum64()
}
