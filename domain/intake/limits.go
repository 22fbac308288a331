package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/seal"
)

const (
	longestName = 200   // characters of a name, or of a value in a message
	mostKeys    = 2_000 // people that the cells of a row may be sealed under
)

// The limits of the sealed copy of a row that is too large.
const (
	keptRunes = 500    // of each cell
	keptBytes = 30_000 // of all cells together
)

// hashHeading stands in a cut copy where a heading stands otherwise, before the SHA-256 of the
// stored form of the whole cells.
const hashHeading = "全文 SHA-256"

// tooLarge tells whether the row is held for its size.
func (p RowPlan) tooLarge() bool {
	return slices.ContainsFunc(p.Problems, func(err error) bool { return errors.Is(err, reading.ErrRowTooLarge) })
}

// sealedCopy returns the cells in the form in which they are sealed: cut when the row is too
// large or names more people than one text can be sealed under.
func sealedCopy(p RowPlan, names seal.Names) (string, error) {
	whole, err := event.Marshal(p.Table.Written(p.Row.TableRow))
	if err != nil || !p.tooLarge() && len(names.In(string(whole))) <= mostKeys {
		return string(whole), err
	}
	hash := sha256.Sum256(whole)
	kept := cutCells(p)
	kept[hashHeading] = hex.EncodeToString(hash[:])
	short, err := event.Marshal(kept)
	if err == nil && len(names.In(string(short))) > mostKeys {
		short, err = event.Marshal(map[string]string{hashHeading: kept[hashHeading]})
	}
	return string(short), err
}

// cutCells returns the beginning of every cell, from left to right, until enough is kept.
func cutCells(p RowPlan) map[string]string {
	kept, left := map[string]string{}, keptBytes
	for _, cell := range p.Row.Cells {
		heading := p.Table.Columns[cell.Column].Heading
		text := cut(cell.Written(), keptRunes)
		if left -= len(heading) + len(text); left < 0 {
			break
		}
		kept[heading] = text
	}
	return kept
}

// cut returns the first characters of a text, and … where more follow.
func cut(text string, runes int) string {
	n := 0
	for i := range text {
		if n++; n > runes {
			return text[:i] + "…"
		}
	}
	return text
}
