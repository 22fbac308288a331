package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/projections/duplicates"
	"twinledger/projections/records"
)

// Duplicates are the pairs of records about which nobody has decided whether they tell
// of the same thing, as they were known at one state of the ledger.
type Duplicates struct {
	Ordinal  uint64        // up to which the answer speaks
	Recorded event.Instant // when the record of that ordinal was recorded
	Pairs    []duplicates.Pair
	Schools  map[string]string // names by key
}

// A duplicatesPage is the page of what the clerk has to decide.
type duplicatesPage struct {
	frame
	Ordinal  uint64
	Recorded string
	AsOf     string // as the user wrote it
	Pairs    []duplicatePair
}

// A duplicatePair is two records with the commands that decide about them.
type duplicatePair struct {
	Words    phrase // what is to be decided
	Records  []likelyRecord
	Commands []duplicateCommand
}

// A likelyRecord is one of the two.
type likelyRecord struct {
	Key, Number string
	Sort        phrase
	When        phrase
	Kinds       []phrase
	Title       text
	Subjects    string
	From, To    []phrase
	People      []person
	Quantity    phrase
	Place       *place
}

// A duplicateCommand is an answer with the command line to paste.
type duplicateCommand struct {
	Words   phrase
	Command string
}

// duplicates makes the page of undecided pairs.
func (s server) duplicates(r *http.Request) (page, error) {
	asOf := r.URL.Query().Get("as_of")
	found, err := s.source.Duplicates(r.Context(), asOf)
	if err != nil {
		return page{}, fmt.Errorf("duplicates: %w", err)
	}
	d := duplicatesPage{frame: frame{Title: "可能重复上报的记录", Served: true}, Ordinal: found.Ordinal, Recorded: moment(found.Recorded), AsOf: asOf}
	show := s.overlay(r)
	for _, p := range found.Pairs {
		zh, en := p.Words()
		view := duplicatePair{Words: phrase{zh: zh, en: en}}
		for _, a := range p.Answers() {
			view.Commands = append(view.Commands, duplicateCommand{phrase{zh: a.ZH, en: a.EN}, a.Command()})
		}
		for _, row := range p.Rows {
			record, err := likelyRecordOf(r.Context(), row, found.Schools, show)
			if err != nil {
				return page{}, fmt.Errorf("duplicates: %w", err)
			}
			view.Records = append(view.Records, record)
		}
		d.Pairs = append(d.Pairs, view)
	}
	return page{"duplicates.html", d}, nil
}

func likelyRecordOf(ctx context.Context, row records.Row, schools map[string]string, show Overlay) (likelyRecord, error) {
	f := row.Facts
	view := likelyRecord{Key: row.Key, Number: fmt.Sprintf("№ %d", row.Ordinals()[0]), Sort: streamWords(row.Kind), When: writtenOccurred(row.Occurred),
		Subjects: strings.Join(texts(f.Subjects), "、"), Quantity: writtenQuantity(f.Quantity), From: unitNames(f.From, schools), To: unitNames(f.To, schools)}
	for _, k := range f.Kinds {
		entry, _ := record.Lookup(k)
		view.Kinds = append(view.Kinds, phrase{zh: entry.ZH, en: entry.EN})
	}
	for _, key := range f.People {
		view.People = append(view.People, person{show.Person(key), shortKey(key)})
	}
	laid := laidOver{opened: map[sealedAt]text{}, clear: show.Clear}
	err := laid.open(ctx, show, f.Title, seal.Place(row.Key, titleField))
	view.Title = laid.text(f.Title, row.Key, titleField)
	if f.Source != nil {
		label, labelErr := show.Label(ctx, f.Source.Import)
		if labelErr != nil && !errors.Is(labelErr, seal.ErrNoKey) && !errors.Is(labelErr, seal.ErrTampered) {
			err = errors.Join(err, labelErr)
		}
		view.Place = placeOf(*f.Source, label)
	}
	return view, err
}

func texts(words []record.Word) []string {
	var out []string
	for _, w := range words {
		out = append(out, w.Text)
	}
	return out
}

func unitNames(units []record.Unit, schools map[string]string) []phrase {
	var out []phrase
	for _, u := range units {
		switch {
		case u.Group != "":
			out = append(out, worded(groupWords, u.Group))
		case schools[u.School] != "":
			out = append(out, phrase{zh: schools[u.School]})
		default:
			out = append(out, phrase{zh: "学校 " + shortKey(u.School), en: "name unknown"})
		}
	}
	return out
}
