package main

import (
	"context"
	"io"
	"sync"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/programmefile"
	"twinledger/adapters/web"
	"twinledger/domain/intake"
	"twinledger/domain/org"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/communities"
	"twinledger/projections/facts"
)

// queries answers what the endpoint asks of an office.
type queries struct {
	o *office
	f *follower
}

// Review computes the review that is asked for.
func (q queries) Review(ctx context.Context, ask httpapi.Question) (review.Review, error) {
	return q.o.review(ctx, ask.Community, ask.Term, ask.AsOf, ask.Programme, builtin)
}

// Ordinal reads a point in the ledger's history. Whether the read model that is
// asked has reached an ordinal, the endpoint sees itself: it may be further than
// the others, and its pages name how far it was.
func (q queries) Ordinal(ctx context.Context, asOf string) (uint64, error) {
	if asOf == "" {
		return 0, nil
	}
	if n, is := numbered(asOf); is && n > 0 {
		return n, nil
	}
	return q.o.ordinal(ctx, asOf)
}

// Status tells how ledger and read models stand.
func (q queries) Status(ctx context.Context) (httpapi.State, error) {
	head, states, err := q.o.modelStates(ctx)
	if err != nil {
		return httpapi.State{}, err
	}
	state := httpapi.State{Ledger: q.o.ledger, Head: head, Appended: q.f.since(wholeLog, head)}
	for _, s := range states {
		state.Projectors = append(state.Projectors, httpapi.Projector{
			Name: s.Name, Ordinal: s.Ordinal, Applied: q.f.since(s.Name, s.Ordinal), Stopped: s.Stopped})
	}
	return state, nil
}

// pages answers what the pages ask of an office.
type pages struct {
	o *office

	mu   sync.Mutex
	last web.Overview // as it was answered last: of an ordinal nothing changes any more
}

// Overview returns the communities with their boards and terms. Whoever asks
// for the state that was asked for last gets what was computed then.
func (p *pages) Overview(ctx context.Context, asOf string) (web.Overview, error) {
	head, err := p.o.log.Head(ctx)
	if err != nil {
		return web.Overview{}, err
	}
	ordinal, err := p.o.ordinal(ctx, asOf)
	if err != nil {
		return web.Overview{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.Ordinal != ordinal {
		view, err := p.overview(ctx, ordinal)
		if err != nil {
			return web.Overview{}, err
		}
		p.last = view
	}
	view := p.last
	view.Head = head
	return view, nil
}

// overview computes the communities' state at an ordinal.
func (p *pages) overview(ctx context.Context, ordinal uint64) (web.Overview, error) {
	view := web.Overview{Ledger: p.o.ledger, Ordinal: ordinal, Schools: map[string]string{}, Districts: map[string]string{}}
	var err error
	if view.Recorded, err = p.o.reader().RecordedAt(ctx, ordinal); err != nil {
		return view, err
	}
	boards, err := communities.Boards(ctx, p.o.lines(), communities.Question{AsOf: ordinal})
	if err != nil {
		return view, err
	}
	terms, err := p.o.reader().Terms(ctx, ordinal)
	if err != nil {
		return view, err
	}
	for _, board := range boards {
		view.Communities = append(view.Communities, web.Community{Board: board, Terms: terms[board.Key]})
	}
	return view, p.names(ctx, &view)
}

// names fills in the names of schools and districts.
func (p *pages) names(ctx context.Context, view *web.Overview) error {
	for _, kind := range []string{"school", "district"} {
		rows, err := p.o.models.facts.Select(ctx, projections.Query{AsOf: view.Ordinal, Where: []projections.Condition{projections.Is(facts.ByKind, kind)}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.School != nil {
				view.Schools[row.Key] = org.SchoolState{State: *row.School}.Name()
			} else if row.District != nil {
				view.Districts[row.Key] = row.District.Facts.Name
			}
		}
	}
	return nil
}

// Programmes returns the built-in and the published programmes.
func (p *pages) Programmes(ctx context.Context) ([]web.Choice, error) {
	rows, err := p.o.models.facts.Select(ctx, projections.Query{Where: []projections.Condition{projections.Is(facts.ByKind, "programme")}})
	if err != nil {
		return nil, err
	}
	var choices []web.Choice
	known := map[string]bool{}
	add := func(c web.Choice) {
		if !known[c.Code] {
			known[c.Code] = true
			choices = append(choices, c)
		}
	}
	for _, row := range rows {
		for _, v := range row.Programme.Publications {
			if !v.Withdrawn {
				add(web.Choice{Code: v.Published.Programme.Code, Title: v.Published.Programme.Title})
			}
		}
	}
	for _, file := range programmefile.Builtin() {
		add(web.Choice{Code: file.Programme.Code, Title: file.Programme.Title})
	}
	return choices, nil
}

// Review computes the review that is asked for.
func (p *pages) Review(ctx context.Context, ask web.Question) (review.Review, error) {
	return p.o.review(ctx, ask.Community, ask.Term.String(), ask.AsOf, ask.Programme, builtin)
}

// overlay returns what a page may show beside a review's own bytes: file and
// sheet names always, people's names and sealed texts only when they are asked
// for and the keys are there.
func (o *office) overlay(names bool) web.Overlay { return overlay{o, names} }

type overlay struct {
	o     *office
	names bool
}

// Person returns a name, "" when it may not be shown.
func (l overlay) Person(key string) string {
	if !l.names {
		return ""
	}
	return l.o.names.Of(key)
}

// Open opens a sealed text, unless it may not be shown.
func (l overlay) Open(ctx context.Context, sealed seal.Sealed, place string) (string, error) {
	if !l.names || l.o.vault == nil {
		return "", seal.ErrNoKey
	}
	return l.o.vault.Open(ctx, sealed, place)
}

// Label returns the names of an import's file and sheets.
func (l overlay) Label(ctx context.Context, importKey string) (intake.Label, error) {
	label, ok := l.o.label(ctx, importKey)
	if !ok {
		return label, seal.ErrNoKey
	}
	return label, nil
}

// renderReview writes the review's page.
func (o *office) renderReview(ctx context.Context, w io.Writer, r review.Review, sum string, names bool) error {
	return web.RenderReview(ctx, w, r, sum, o.overlay(names))
}
