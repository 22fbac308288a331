package record

import (
	"slices"

	"twinledger/domain/calendar"
)

// PartOf tells whether a record without a number looks like part of one with a
// number: the same community, kinds, date, mode, units and title, and no subject
// that the other lacks. It may have been counted there; nobody can tell, so it
// is listed and adds nothing.
func PartOf(part Facts, occurred calendar.Occurred, whole Facts, wholeOccurred calendar.Occurred) bool {
	if part.Quantity.Number != "" || whole.Quantity.Number == "" {
		return false
	}
	if part.Community == "" || part.Community != whole.Community || occurred != wholeOccurred || part.Mode != whole.Mode {
		return false
	}
	if !slices.Equal(part.Kinds, whole.Kinds) || !slices.Equal(part.From, whole.From) || !slices.Equal(part.To, whole.To) {
		return false
	}
	if part.Title.Clear != whole.Title.Clear || (part.Title.Sealed == nil) != (whole.Title.Sealed == nil) {
		return false
	}
	for _, s := range part.Subjects {
		if !slices.Contains(whole.Subjects, s) {
			return false
		}
	}
	return true
}
