package main

import (
	"context"
	"io"
	"sync"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/programmefile"
	"twinledger/adapters/readmodel"
	"twinledger/adapters/web"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/domain/intake"
	"twinledger/domain/org"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections"
	"twinledger/projections/communities"
	"twinledger/projections/duplicates"
	"twinledger/projections/records"
)

// queries answers what the endpoint asks of a data folder.
type queries struct {
	o *datafolder.Folder
	f *datafolder.Following
}

// Review computes the review that is asked for.
func (q queries) Review(ctx context.Context, ask httpapi.Question) (review.Review, error) {
	return reviewOf(ctx, q.o, reviewAsked(ask), builtin)
}

// Ordinal reads a point in the ledger's history. Whether the read model that is
// asked has reached an ordinal, the endpoint sees itself: it may be further than
// the others, and its pages name how far it was.
func (q queries) Ordinal(ctx context.Context, asOf string) (uint64, error) {
	if asOf == "" {
		return 0, nil
	}
	if n, is := datafolder.Numbered(asOf); is && n > 0 {
		return n, nil
	}
	return q.o.Ordinal(ctx, asOf)
}

// JudgedOn returns the day by which it is judged what has taken place.
func (q queries) JudgedOn(ctx context.Context, given, asOf string) (calendar.Day, error) {
	return q.o.JudgedOn(ctx, given, asOf)
}

// Status tells how ledger and read models stand.
func (q queries) Status(ctx context.Context) (httpapi.State, error) { return q.f.Status(ctx) }

// pages answers what the pages ask of a data folder.
type pages struct {
	o *datafolder.Folder

	mu   sync.Mutex
	last web.Overview          // as it was answered last: of an ordinal and a day nothing changes any more
	by   *readmodel.Generation // what answered it
}

// Overview returns the communities with their boards and terms. Whoever asks
// for the state that was asked for last gets what was computed then.
func (p *pages) Overview(ctx context.Context, asOf, judgedOn string) (web.Overview, error) {
	head, err := p.o.Log.Head(ctx)
	if err != nil {
		return web.Overview{}, err
	}
	ordinal, err := p.o.Ordinal(ctx, asOf)
	if err != nil {
		return web.Overview{}, err
	}
	day, err := p.o.JudgedOn(ctx, judgedOn, asOf)
	if err != nil {
		return web.Overview{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if by := p.o.Models.Answering(ctx); p.last.Ordinal != ordinal || p.last.JudgedOn != day || p.by != by {
		view, err := p.overview(ctx, ordinal, day)
		if err != nil {
			return web.Overview{}, err
		}
		p.last, p.by = view, by
	}
	view := p.last
	view.Head = head
	return view, nil
}

// overview computes the communities' state at an ordinal, judged on a day.
func (p *pages) overview(ctx context.Context, ordinal uint64, day calendar.Day) (web.Overview, error) {
	view := web.Overview{Ledger: p.o.Ledger, Ordinal: ordinal, JudgedOn: day, Schools: map[string]string{}, Districts: map[string]string{}}
	var err error
	if view.Recorded, err = p.o.Reviews().RecordedAt(ctx, ordinal); err != nil {
		return view, err
	}
	boards, err := communities.Boards(ctx, p.o.Registers(), communities.Question{AsOf: ordinal, JudgedOn: day})
	if err != nil {
		return view, err
	}
	terms, err := p.o.Reviews().Terms(ctx, ordinal)
	if err != nil {
		return view, err
	}
	for _, board := range boards {
		view.Communities = append(view.Communities, web.Community{Board: board, Terms: terms[board.Key]})
	}
	return view, p.names(ctx, &view)
}

// names fills in the names of schools and districts.
func (p *pages) names(ctx context.Context, view *web.Overview) (err error) {
	if view.Districts, err = p.o.Districts(ctx, view.Ordinal); err != nil {
		return err
	}
	rows, err := p.o.Records().Select(ctx, projections.Query{AsOf: view.Ordinal, Kind: "school"})
	for _, row := range rows {
		view.Schools[row.Key] = org.SchoolState{State: records.StateOf[org.School](row)}.Name()
	}
	return err
}

// Programmes returns the built-in and the published programmes.
func (p *pages) Programmes(ctx context.Context) ([]web.Choice, error) {
	rows, err := p.o.Records().Select(ctx, projections.Query{Kind: "programme"})
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

// Duplicates returns the undecided pairs of records.
func (p *pages) Duplicates(ctx context.Context, asOf string) (web.Duplicates, error) {
	ordinal, err := p.o.Ordinal(ctx, asOf)
	if err != nil {
		return web.Duplicates{}, err
	}
	view := web.Overview{Ordinal: ordinal, Schools: map[string]string{}}
	found := web.Duplicates{Ordinal: ordinal, Schools: view.Schools}
	if found.Recorded, err = p.o.Reviews().RecordedAt(ctx, ordinal); err != nil {
		return found, err
	}
	pairs, err := p.o.Duplicates().Pairs(ctx, duplicates.Question{AsOf: ordinal})
	if err != nil {
		return found, err
	}
	for _, pair := range pairs {
		if pair.Waits() {
			found.Pairs = append(found.Pairs, pair)
		}
	}
	return found, p.names(ctx, &view)
}

// Review computes the review that is asked for.
func (p *pages) Review(ctx context.Context, ask web.Question) (review.Review, error) {
	return reviewOf(ctx, p.o, reviewAsked(ask), builtin)
}

// overlayOf returns what a page may show beside a review's own bytes: people's names,
// sealed texts, and the names of files and sheets, which often name somebody. It shows
// them only when names are asked for and the keys are there.
func overlayOf(o *datafolder.Folder, names bool) web.Overlay { return overlay{o, names} }

type overlay struct {
	o     *datafolder.Folder
	names bool
}

// Person returns a name, "" when it may not be shown.
func (l overlay) Person(key string) string {
	if !l.names {
		return ""
	}
	return l.o.Names.Of(key)
}

// Clear returns a text with names masked, unless they may be shown.
func (l overlay) Clear(text string) string {
	if l.names {
		return text
	}
	return l.o.Names.Mask(text)
}

// Open opens a sealed text, unless it may not be shown.
func (l overlay) Open(ctx context.Context, sealed seal.Sealed, place string) (string, error) {
	if !l.names || l.o.Vault == nil {
		return "", seal.ErrNoKey
	}
	return l.o.Vault.Open(ctx, sealed, place)
}

// Label returns the names of an import's file and sheets.
func (l overlay) Label(ctx context.Context, importKey string) (intake.Label, error) {
	label, ok := l.o.Label(ctx, importKey)
	if !ok || !l.names {
		return intake.Label{}, seal.ErrNoKey
	}
	return label, nil
}

// renderReview writes the review's page.
func renderReview(ctx context.Context, o *datafolder.Folder, w io.Writer, r review.Review, sum string, names bool) error {
	return web.RenderReview(ctx, w, r, sum, overlayOf(o, names))
}
