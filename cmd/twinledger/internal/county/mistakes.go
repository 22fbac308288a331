package county

import (
	"twinledger/domain/calendar"
	"twinledger/domain/event"
)

// What corrections and voidings are made of.
type (
	correction struct {
		Target string `json:"target"`
		Reason string `json:"reason"`
		Facts  any    `json:"facts"`
	}
	voiding struct {
		Target string `json:"target"`
		Reason string `json:"reason"`
	}
)

// report reports a record. A few of them are put right afterwards: most of these
// are corrected to what mended gives, the others voided. It returns the record's
// key, "" when it is void.
func (w *world) report(kind string, occurred calendar.Occurred, facts any, mended func(remark string) any) string {
	key := w.open(kind+".report", occurred, facts)
	switch n := w.below(200); {
	case n < 5:
		w.step(kind+".correct", key, occurred, correction{Reason: pick(w, []string{"数量录错", "原表漏填备注", "与学校核对后更正"}), Facts: mended("经核对更正")})
	case n < 7:
		w.step(kind+".void", key, occurred, voiding{Reason: pick(w, []string{"重复登记", "活动未开展"})})
		return ""
	}
	return key
}

// undo voids a step that was taken by mistake.
func (w *world) undo(stream, id string, occurred calendar.Occurred) {
	w.step(event.StreamKind(stream)+".void", stream, occurred, voiding{Target: id, Reason: "登记到了别的记录"})
}
