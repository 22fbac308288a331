package datafolder

import (
	"context"
)

// States are how far the log and the generations of the read models are.
type States struct {
	Head        uint64 // ordinal of the log's newest record
	Generations []GenerationState
}

// A GenerationState is how one generation stands to the log.
type GenerationState struct {
	Name    string `json:"name"`    // served or former
	File    string `json:"file"`    // its name in the folder read
	Ordinal uint64 `json:"ordinal"` // up to which it holds the log
	Behind  uint64 `json:"behind"`  // records that it does not hold yet
	Stopped string `json:"stopped"` // why it stopped, as far as this process knows; "" while it follows
}

// States returns how far log and generations are, the served generation first.
func (f *Folder) States(ctx context.Context) (States, error) {
	var s States
	for i, g := range f.generations() {
		at, err := g.Checkpoint(ctx)
		if err != nil {
			return s, err
		}
		s.Generations = append(s.Generations, GenerationState{Name: []string{"served", "former"}[i], File: g.Name(), Ordinal: at.Ordinal})
	}
	// The head is read last, so that no generation lies beyond it.
	var err error
	if s.Head, err = f.Log.Head(ctx); err != nil {
		return s, err
	}
	for i := range s.Generations {
		if at := s.Generations[i].Ordinal; at > s.Head {
			return s, ErrShortLog.With("known", at).With("newest", s.Head)
		}
		s.Generations[i].Behind = s.Head - s.Generations[i].Ordinal
	}
	return s, nil
}
