package record

// A Quantity is how much a record says there was. The zero value says nothing.
type Quantity struct {
	Text    string  `json:"text"`    // the cell as written: "３", "约30"
	Number  string  `json:"number"`  // decimal: "3", "0.5"; "" when blank or unreadable
	Bound   Bound   `json:"bound"`   // how the number is meant; "" without a number
	Measure Measure `json:"measure"` // what is counted
}

// A Bound says how a number is meant.
type Bound string

// The bounds.
const (
	Exact   Bound = "exact"
	AtLeast Bound = "at_least" // 30余、不少于30、30以上
	About   Bound = "about"    // 约30、30左右
)

// A Measure is the word that stands for what is counted, with the glossary's
// code where one is known.
type Measure struct {
	Text string `json:"text"` // 节、次、人、人次、台、份、所 …
	Code string `json:"code"` // lesson, time, person, person_visit, unit, copy, school, class_hour …; "" when not known
}
