package intake

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/record"
)

// An undoing finds out what must be done to undo an import.
type undoing struct {
	*run
	reach
	out    *Undoing
	mark   string          // id of the event that says that the import is being undone
	undone map[string]bool // whether an import was undone, by its key, as far as that was asked

	later                  []Kept // what was built upon since, which keeps the import from being undone
	records, parties, rows []step
}

// plan looks at every stream that the import changed, the last one first: so what refers to
// another record is voided before that one.
func (u *undoing) plan(ctx context.Context) error {
	for _, key := range slices.Backward(u.touched) {
		history, err := u.before(ctx, key)
		if err != nil {
			return err
		}
		switch kind := event.StreamKind(key); {
		case kind == "row":
			err = u.undoRow(ctx, key)
		case reading.IsParty(kind):
			err = u.undoParty(ctx, key, history)
		case u.Handler.Definitions[kind+".report"].Name != "":
			err = u.undoRecord(ctx, key, history)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refusable returns what is to be done that the ledger may refuse, in order: people, schools
// and communities go after the records that name them.
func (u *undoing) refusable() []step { return slices.Concat(u.records, u.parties) }

// before returns a stream's events without those of this undoing, as they were before it began.
func (u *undoing) before(ctx context.Context, key string) ([]event.Event, error) {
	history, err := u.Handler.Load(ctx, key)
	return slices.DeleteFunc(history, func(e event.Event) bool { return e.Cause == u.mark }), err
}

// changedSince returns the first of some events that is somebody else's and changed what
// wanted tells, nil when there is none. An import that was undone left everything as it found
// it.
func (u *undoing) changedSince(ctx context.Context, events []event.Event, wanted func(event.Event) bool) (*event.Event, error) {
	for i, e := range events {
		if u.ours(e) || !wanted(e) {
			continue
		}
		if undone, err := u.isUndone(ctx, e.Correlation); err != nil || !undone {
			return &events[i], err
		}
	}
	return nil, nil
}

// anything is what [undoing.changedSince] wants to know of a stream that holds one thing.
func anything(event.Event) bool { return true }

// isUndone tells whether a key is that of an import that was undone.
func (u *undoing) isUndone(ctx context.Context, key string) (bool, error) {
	undone, known := u.undone[key]
	if known || event.StreamKind(key) != "import" {
		return undone, nil
	}
	undone, err := u.run.isUndone(ctx, key)
	u.undone[key] = undone
	return undone, err
}

// ours tells whether an event is the import's.
func (u *undoing) ours(e event.Event) bool { return e.Correlation == u.out.Import }

// undoRow sets a row back to what it was. Another import that lists a row which this one was
// the first to take has no row of its own.
func (u *undoing) undoRow(ctx context.Context, key string) error {
	for _, by := range u.listed[key] {
		undone, err := u.isUndone(ctx, by)
		if err != nil {
			return err
		}
		if !undone {
			u.later = append(u.later, Kept{key, by})
		}
	}
	u.out.Rows++
	u.rows = append(u.rows, step{u.id("undo", u.out.Import, key), command.Request{Name: "row.undo", Stream: key, Body: undoRow{u.out.Import}}})
	return nil
}

// undoRecord voids a record that the import founded, or sets one back that it changed.
func (u *undoing) undoRecord(ctx context.Context, key string, history []event.Event) error {
	first := slices.IndexFunc(history, u.ours)
	void := command.IsVoid(history)
	since, err := u.changedSince(ctx, history[first:], anything)
	if err != nil || since != nil && !void {
		if err == nil {
			u.later = append(u.later, Kept{key, since.ID})
		}
		return err
	}
	if first == 0 {
		if void {
			return nil // somebody voided it since, which is all that the undoing would do
		}
		later, err := u.standing(ctx, u.named[key])
		for _, by := range later {
			u.later = append(u.later, Kept{key, by})
		}
		u.out.Voided = append(u.out.Voided, key)
		u.records = append(u.records, step{u.id("undo", u.out.Import, key), u.voiding(key, "", reasonUndone(u.out.Import))})
		return err
	}
	u.setBack(key, history, first)
	return nil
}

// setBack makes a record say what it said before the import, which may have corrected and
// voided it.
func (u *undoing) setBack(key string, history []event.Event, first int) {
	last := history[len(history)-1]
	if command.IsVoid(history) {
		if !u.ours(last) {
			return // somebody voided it since
		}
		u.records = append(u.records, step{u.id("undo", u.out.Import, key, "stand"), u.voiding(key, last.ID, reasonUndone(u.out.Import))})
	}
	was, is := factsOf(history[:first]), factsOf(history)
	if !reflect.DeepEqual(was, is) {
		definition := u.definition(event.StreamKind(key), "correct")
		u.records = append(u.records, step{u.id("undo", u.out.Import, key, "correct"), command.Request{Name: definition.Name, Stream: key,
			Occurred: was.occurred, Body: correctBody(definition, was.facts, clearText(reasonUndone(u.out.Import)))}})
	}
	u.out.Restored = append(u.out.Restored, key)
}

// said is what a record says.
type said struct {
	facts    any
	occurred calendar.Occurred
}

// factsOf returns what a record's events say, as they stand corrected.
func factsOf(history []event.Event) said {
	var s said
	for _, e := range history {
		switch d := e.Fact.(type) {
		case record.Replacement:
			_, _, s.facts = d.Replaces()
			s.occurred = e.Occurred
		case record.Founder:
			if s.facts == nil {
				s = said{d.Founds(), e.Occurred}
			}
		}
	}
	return s
}

// standing returns those of the streams that are not void now: records, and rows that wait.
func (u *undoing) standing(ctx context.Context, keys []string) ([]string, error) {
	var out []string
	for _, key := range keys {
		history, err := u.Handler.Load(ctx, key)
		if err != nil {
			return nil, err
		}
		if event.StreamKind(key) == "row" && !rowDecider.Fold(history).waits() || command.IsVoid(history) {
			continue
		}
		out = append(out, key)
	}
	return out, nil
}

// undoParty voids a school, community or person that the import noted, unless something else
// names it or says more of it, and takes back what it said of one that was there.
func (u *undoing) undoParty(ctx context.Context, key string, history []event.Event) error {
	first := slices.IndexFunc(history, u.ours)
	if command.IsVoid(history) {
		return nil
	}
	if first == 0 || command.IsVoid(history[:first]) {
		by, err := u.standing(ctx, u.named[key])
		if err != nil {
			return err
		}
		since, err := u.changedSince(ctx, history[first:], anything)
		if err != nil {
			return err
		}
		if since != nil {
			by = append(by, since.ID)
		}
		if len(by) > 0 {
			u.out.Kept = append(u.out.Kept, Kept{key, by[0]})
			return nil
		}
		u.out.Voided = append(u.out.Voided, key)
		u.parties = append(u.parties, step{u.id("undo", u.out.Import, key), u.voiding(key, "", reasonUndone(u.out.Import))})
		return nil
	}
	return u.takeBack(ctx, key, history, first)
}

// takeBack takes back what the import said of a school, community or person that was there.
// What a roster said of a school stays when somebody described or corrected the school since.
func (u *undoing) takeBack(ctx context.Context, key string, history []event.Event, first int) error {
	steps := len(u.parties)
	for _, e := range slices.Backward(history) {
		if u.ours(e) && isChange(e) {
			u.parties = append(u.parties, step{u.id("undo", u.out.Import, key, e.ID), u.voiding(key, e.ID, reasonUndone(u.out.Import))})
		}
	}
	before, err := u.withoutUndone(ctx, history[:first])
	if err != nil {
		return err
	}
	was, is := schoolIn(before), schoolIn(history)
	if was != is {
		since, err := u.changedSince(ctx, history[first:], func(e event.Event) bool { return !isChange(e) })
		switch {
		case err != nil:
			return err
		case since != nil:
			u.out.Kept = append(u.out.Kept, Kept{key, since.ID})
		default:
			definition := u.definition("school", "correct")
			u.parties = append(u.parties, step{u.id("undo", u.out.Import, key, "correct"), command.Request{Name: definition.Name, Stream: key,
				Body: correctBody(definition, was, clearText(reasonUndone(u.out.Import)))}})
		}
	}
	if len(u.parties) > steps {
		u.out.Restored = append(u.out.Restored, key)
	}
	return nil
}

// withoutUndone returns events but for those of imports that were undone: what one of them said
// of a school stayed only because another import had said something since.
func (u *undoing) withoutUndone(ctx context.Context, events []event.Event) ([]event.Event, error) {
	var out []event.Event
	for i, e := range events {
		undone, err := u.isUndone(ctx, e.Correlation)
		if err != nil {
			return nil, err
		}
		if i == 0 || !undone {
			out = append(out, e)
		}
	}
	return out, nil
}

// schoolIn returns what a school's events say of it, nothing of another stream's.
func schoolIn(history []event.Event) org.School {
	var s org.State[org.School]
	for _, e := range history {
		s = org.FoldSchool(s, e)
	}
	return s.Facts
}

// isChange tells whether an event said something of a school, community or person that can
// be voided by itself.
func isChange(e event.Event) bool {
	_, verb, _ := strings.Cut(e.Type, ".")
	return org.ChangeKind(verb).Known()
}
