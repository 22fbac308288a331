package record

import (
	"strconv"
	"strings"

	"twinledger/domain/calendar"
)

// A Particular is one thing that the facts of one kind alone say, in words for
// people: of an exchange its batch, of an indicator its value. It stands in clear
// and names nobody.
type Particular struct {
	ZH   string            `json:"zh"` // what it is
	EN   string            `json:"en"`
	Text string            `json:"text,omitempty"` // as written
	When calendar.Occurred `json:"when,omitempty"` // of one that is a date
}

// Particulars collects what is said, in the order in which it is added, and
// leaves out what is not.
type Particulars []Particular

// A Distinct kind's facts say something that other kinds' do not.
type Distinct interface {
	// Particulars returns what they say, in the order of the kind's table.
	Particulars() Particulars
}

// Text adds words as they were written; "" adds nothing.
func (p Particulars) Text(zh, en, text string) Particulars {
	if text == "" {
		return p
	}
	return append(p, Particular{ZH: zh, EN: en, Text: text})
}

// Words adds several words.
func (p Particulars) Words(zh, en string, words []Word) Particulars {
	var texts []string
	for _, w := range words {
		texts = append(texts, w.Text)
	}
	return p.Text(zh, en, strings.Join(texts, "、"))
}

// Quantity adds a quantity as it was written, with what it counts.
func (p Particulars) Quantity(zh, en string, q Quantity) Particulars {
	if q.Text == "" {
		return p
	}
	return p.Text(zh, en, strings.TrimSpace(q.Text+" "+q.Measure.Text))
}

// Number adds a whole number; 0 adds nothing.
func (p Particulars) Number(zh, en string, n int) Particulars {
	if n == 0 {
		return p
	}
	return p.Text(zh, en, strconv.Itoa(n))
}

// When adds a date; one that is not known adds nothing.
func (p Particulars) When(zh, en string, when calendar.Occurred) Particulars {
	if when == "" || when == calendar.Unknown {
		return p
	}
	return append(p, Particular{ZH: zh, EN: en, When: when})
}
