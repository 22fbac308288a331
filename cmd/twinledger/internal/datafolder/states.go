package datafolder

import (
	"context"
	"time"

	"twinledger/adapters/readmodel"
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
	Stopped string `json:"stopped"` // why it does not follow; "" while it does

	generation *readmodel.Generation
}

// Standing tells how far log and generations are, and why one does not follow: in a
// folder that is held, by letting them follow; beside serve, by asking it.
func (f *Folder) Standing(ctx context.Context, step func(done, total int)) (States, error) {
	if !f.Held() {
		return f.standingBeside(ctx)
	}
	stopped := f.catchUp(ctx, step)
	if ctx.Err() != nil {
		return States{}, ctx.Err()
	}
	s, err := f.States(ctx)
	if err != nil || stopped == nil {
		return s, err
	}
	if len(s.Generations) == 0 {
		s.Generations = []GenerationState{{Name: names[0], Behind: s.Head}}
	}
	for i := range s.Generations {
		if s.Generations[i].Behind > 0 {
			s.Generations[i].Stopped = explain(stopped)
		}
	}
	return s, nil
}

// standingBeside is what Standing does beside the process that holds the folder.
func (f *Folder) standingBeside(ctx context.Context) (States, error) {
	s, err := f.States(ctx)
	if err != nil {
		return s, err
	}
	client, ledger, err := ServeOf(ctx, f.Path)
	if err != nil || client == nil || ledger != f.Ledger {
		return s, err // whoever holds the folder says nothing
	}
	asking, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	told, err := client.Status(asking)
	if err != nil {
		return s, ctx.Err() // it went away
	}
	for i := range s.Generations {
		for _, p := range told.Projectors {
			if p.Name == s.Generations[i].Name {
				s.Generations[i].Stopped = p.Stopped
			}
		}
	}
	return s, nil
}

// names are what generations are called: the served one first.
var names = [...]string{"served", "former"}

// States returns how far log and generations are, the served generation first.
func (f *Folder) States(ctx context.Context) (States, error) {
	var s States
	all, release := f.Models.Hold()
	defer release()
	for i, g := range all {
		at, err := g.Checkpoint(ctx)
		if err != nil {
			return s, err
		}
		s.Generations = append(s.Generations, GenerationState{Name: names[i], File: g.Name(), Ordinal: at.Ordinal, generation: g})
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
