package registers

import (
	"encoding/json"
	"slices"
)

// Said returns all that the row's stream says of itself, as its events store it
// and as it stands corrected: the facts of a record, a school, a community or a
// person.
func (r Row) Said() (json.RawMessage, error) {
	if _, party := parties[r.Kind]; party {
		return slices.Clone(r.Own), nil
	}
	return r.whole()
}
