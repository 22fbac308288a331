package datafolder

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/projections"
	"twinledger/projections/reviews"
)

// What a point in time, or a district, is refused with.
var (
	errBeyondHead = fault.New(fault.NotFound, "review.beyond-newest",
		"台账还没有这个序号；最新序号见 newest。", "The ledger has no such ordinal yet; the newest is named.")
	errBadAsOf = fault.New(fault.Invalid, "review.bad-as-of",
		"截至时点应为序号、时刻（如 2018-07-03T08:00:00Z）或日期（如 2018-07-03）。", "Give an ordinal, an instant as 2018-07-03T08:00:00Z, or a day as 2018-07-03.")
	errWhichDistrict = fault.New(fault.Invalid, "folder.which-district",
		"请用 --district 写明区县。", "Name the district with --district.")
	// ErrNotFollowing says that the read models have not reached what is asked for.
	ErrNotFollowing = fault.New(fault.Unavailable, "serve.not-ready",
		"读模型尚未追平台账，或有读模型已停止；用 status 查看。", "Read models are still catching up, or one has stopped; see status.")
)

// Ordinal reads a point in the ledger's history: "" is the newest that the read models
// hold.
func (f *Folder) Ordinal(ctx context.Context, asOf string) (uint64, error) {
	held, err := f.reached(ctx)
	if err != nil || asOf == "" {
		return held, err
	}
	if n, is := Numbered(asOf); is {
		return n, f.checkReached(ctx, n, held)
	}
	until, _, err := pointInTime(asOf)
	if err != nil {
		return 0, err
	}
	n, err := f.Reviews().OrdinalAt(ctx, event.InstantOf(until))
	return min(n, held), err
}

// pointInTime reads an instant, or a day, which means its end at +08:00; and returns
// also the day at +08:00.
func pointInTime(asOf string) (time.Time, calendar.Day, error) {
	if instant, err := time.Parse(time.RFC3339Nano, asOf); err == nil {
		return instant, calendar.DayOf(instant), nil
	}
	day, err := calendar.ParseDay(asOf)
	if err != nil {
		return time.Time{}, "", errBadAsOf.With("as_of", asOf)
	}
	return day.End().Add(-time.Millisecond), day, nil
}

// JudgedOn returns the day by which it is judged what has taken place: the day that is
// given, else the day of as of, which of an ordinal is the day on which its record was
// recorded, else today. Days are those at +08:00.
func (f *Folder) JudgedOn(ctx context.Context, given, asOf string) (calendar.Day, error) {
	if given != "" {
		return calendar.ParseDay(given)
	}
	if asOf == "" {
		return calendar.DayOf(f.options.Now()), nil
	}
	if n, is := Numbered(asOf); is {
		recorded, err := f.Reviews().RecordedAt(ctx, n)
		return calendar.DayOf(recorded.Time), err
	}
	_, day, err := pointInTime(asOf)
	return day, err
}

// Numbered returns the ordinal that is written as one, and whether it is.
func Numbered(asOf string) (uint64, bool) {
	n, err := strconv.ParseUint(asOf, 10, 64)
	return n, err == nil && len(asOf) < 20
}

// checkReached refuses an ordinal beyond what the read models hold: for good where
// the ledger has no such record, and for a while where they will reach it.
func (f *Folder) checkReached(ctx context.Context, n, reached uint64) error {
	if 0 < n && n <= reached {
		return nil
	}
	head, err := f.Log.Head(ctx)
	switch {
	case err != nil:
		return err
	case n == 0 || n > head:
		return errBeyondHead.With("as_of", n).With("newest", head)
	}
	return ErrNotFollowing.With("as_of", n).With("reached", reached)
}

// reached returns the ordinal up to which the read models hold the log.
func (f *Folder) reached(ctx context.Context) (uint64, error) {
	at, err := f.Models.Checkpoint(ctx)
	if err != nil || at.Ordinal > 0 {
		return at.Ordinal, err
	}
	head, err := f.Log.Head(ctx)
	if err == nil && head > 0 {
		err = ErrNotFollowing
	} else if err == nil {
		err = reviews.ErrNothingKnown
	}
	return 0, err
}

// Districts returns the names of the districts by key.
func (f *Folder) Districts(ctx context.Context, asOf uint64) (map[string]string, error) {
	rows, err := f.Records().Select(ctx, projections.Query{AsOf: asOf, Kind: "district"})
	names := map[string]string{}
	for _, row := range rows {
		names[row.Key] = row.Name
	}
	return names, err
}

// District returns the key of the district that is meant: by key or name, or the only
// one.
func (f *Folder) District(ctx context.Context, wanted string) (string, error) {
	districts, err := f.Districts(ctx, 0)
	if err != nil {
		return "", err
	}
	var names []string
	for key, name := range districts {
		if wanted == key || wanted == name || wanted == "" && len(districts) == 1 {
			return key, nil
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return "", errWhichDistrict.With("districts", strings.Join(names, " "))
}

// Directory reads from the log whom written names mean.
func (f *Folder) Directory(ctx context.Context) (*org.Directory, error) {
	d := org.NewDirectory(f.Ledger, SameName)
	return d, event.Walk(ctx, f.Log, func(r event.Record) error { return d.LearnRecord(r, f.Registry) })
}
