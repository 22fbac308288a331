package projections

import "twinledger/domain/record"

// Subjects returns the subjects as written as the words of a column.
func Subjects(f record.Facts) string {
	var out []string
	for _, s := range f.Subjects {
		out = append(out, s.Text)
	}
	return Words(out...)
}

// Kinds returns the kinds and every wider one as the words of a column, so that
// a query for a wide kind finds the narrow ones.
func Kinds(f record.Facts) string {
	var out []string
	for _, k := range f.Kinds {
		for ; k != ""; k = parent(k) {
			out = append(out, string(k))
		}
	}
	return Words(out...)
}

func parent(k record.Kind) record.Kind {
	entry, _ := record.Lookup(k)
	return entry.Parent
}
