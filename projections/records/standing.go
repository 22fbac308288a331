package records

import (
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/review"
	"twinledger/projections"
)

// standingText returns a standing as a word of the column [ByStandings].
func standingText(s review.Standing) string {
	return strings.Join([]string{s.Community, string(s.Occurred), string(s.Start), string(s.End)}, "|")
}

// Standings reads the value of the column [ByStandings].
func Standings(text string) []review.Standing {
	var out []review.Standing
	for _, word := range projections.Split(text) {
		if part := strings.SplitN(word, "|", 4); len(part) == 4 {
			out = append(out, review.Standing{Community: part[0], Occurred: calendar.Occurred(part[1]), Start: calendar.Occurred(part[2]), End: calendar.Occurred(part[3])})
		}
	}
	return out
}
