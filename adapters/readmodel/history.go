package readmodel

import "twinledger/domain/event"

// A History is what a generation knows of the log that it was built from.
type History struct {
	Ledger     string // the ledger's id
	Checkpoint event.Position
}

// Histories returns what the finished generations in a folder know, whatever models they
// are of. Files that cannot be read know nothing.
func Histories(folder string) ([]History, error) {
	config := Config{Folder: folder}
	numbers, err := config.numbers()
	if err != nil {
		return nil, err
	}
	var out []History
	for _, n := range numbers {
		if d, err := describe(config.path(n)); err == nil && d.state == ready {
			out = append(out, History{d.ledger, d.at})
		}
	}
	return out, nil
}
