package intake

import (
	"slices"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
)

// ErrContradicts holds a row that says of a school what a row before it denies.
var ErrContradicts = fault.New(fault.Invalid, "intake.contradicts",
	"文件中另一行（见 other_row）对同一学校写得不同，分不清哪个对，此行暂挂；请改成一致后再导入。",
	"Another row of the file, other_row, says something else of the same school, and nobody can tell which is right; this row is held. Make them agree and import again.")

// A claim is something that can be so in one way only.
type claim struct {
	column string // in which it stands
	about  string // whom it is said of, and in what
	value  string
}

// holdContradicting holds the rows that say of a school what a row before them denies, and
// names both places.
func holdContradicting(plans []RowPlan) {
	type said struct {
		value string
		row   int
	}
	before := map[string]said{}
	for i := range plans {
		p := &plans[i]
		if p.Outcome == Held {
			continue
		}
		claims := p.claims()
		at := slices.IndexFunc(claims, func(c claim) bool {
			other, known := before[c.column+"\n"+c.about]
			return known && other.value != c.value
		})
		if at >= 0 {
			c := claims[at]
			other := before[c.column+"\n"+c.about]
			p.hold(ErrContradicts.With("other_row", plans[other.row].at()).With("other_value", other.value), c.column)
			continue
		}
		for _, c := range claims {
			if _, known := before[c.column+"\n"+c.about]; !known {
				before[c.column+"\n"+c.about] = said{c.value, i}
			}
		}
	}
}

// claims returns what a row says of its school. What is said of different times does not
// contradict itself, nor what two schools were of which somebody said that they are the same.
func (p RowPlan) claims() []claim {
	s, ok := p.statement()
	if !ok {
		return nil
	}
	school, describes := p.describes()
	name := school.Name
	when := p.Row.Occurred
	switch {
	case describes:
	case p.register() == "school" && !p.identified():
		school, _ = s.Facts.(org.School)
		name, when = org.NormalName(school.Name), calendar.Unknown
	default:
		return nil
	}
	all := []claim{{reading.ColumnStage, "", school.Stage}, {reading.ColumnSetting, "", school.Setting}}
	if role, is := s.Facts.(pairing.Facts); is && len(role.Sides) == 1 {
		all = append(all, claim{reading.ColumnRole, role.Community, string(role.Sides[0].Role)})
	}
	var out []claim
	for _, c := range all {
		if c.value = org.NormalName(c.value); c.value != "" {
			c.about = strings.Join([]string{name, c.about, string(when)}, "\n")
			out = append(out, c)
		}
	}
	return out
}
