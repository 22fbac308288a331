package reading

import (
	"slices"
	"strconv"
	"strings"

	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// What the answers to questions are refused with.
var (
	ErrNoSuchQuestion = fault.New(fault.Invalid, "intake.no-such-question",
		"此文件没有这个问题；请照试读列出的编号回答。", "The file asks no such question; answer by the numbers that the dry run lists.")
	ErrNoSuchChoice = fault.New(fault.Invalid, "intake.no-such-choice",
		"没有这个选项；可选项见 choices。", "There is no such choice; those that there are, are named.")
	ErrOpenQuestions = fault.New(fault.Refused, "intake.open-questions",
		"文件有必须先回答的问题，未写入任何内容；请看问题，用 --answer 编号=选项 一并回答，再导入。",
		"The file asks something that must be answered first, and nothing was written. Look at the questions, answer them together with --answer NUMBER=CHOICE, and import again.")
)

// A Question is asked once for a file, of all cells that it is about. Its answer is
// remembered for the source.
type Question struct {
	Number    int      `json:"number" doc:"The number by which it is answered: --answer NUMBER=CHOICE." example:"3"`
	Key       string   `json:"key" doc:"What is asked, the same in every file of the source; answers are remembered under it." example:"word/类别/送教下乡"`
	Code      string   `json:"code" doc:"What sort of question it is." example:"word"`
	ZH        string   `json:"zh" doc:"The question in Chinese." example:"类别“送教下乡”是什么？"`
	EN        string   `json:"en" doc:"The question in English." example:"What is the 类别 “送教下乡”?"`
	Column    string   `json:"column,omitempty" doc:"The column that it is about." example:"类别"`
	Written   string   `json:"written,omitempty" doc:"What is written there." example:"送教下乡"`
	Rows      []RowAt  `json:"rows,omitempty" doc:"The first rows that it is about."`
	Count     int      `json:"count" doc:"How many rows it is about." example:"12"`
	Choices   []Choice `json:"choices" doc:"The answers that there are."`
	Free      bool     `json:"free,omitempty" doc:"It may also be answered with a text of one's own." example:"true"`
	Suggested string   `json:"suggested,omitempty" doc:"The letter of the likeliest choice." example:"a"`
	Answer    string   `json:"answer,omitempty" doc:"How it was answered: a choice's value; left out of an open one." example:"送课"`
	Stops     bool     `json:"stops,omitempty" doc:"Nothing is imported before it is answered." example:"true"`
}

// A Choice is one answer that a question offers.
type Choice struct {
	Letter string `json:"letter" doc:"By which it is chosen." example:"a"`
	Value  string `json:"value" doc:"What it means; it is remembered for the source." example:"送课"`
	ZH     string `json:"zh" doc:"What it means, in Chinese." example:"送课"`
	EN     string `json:"en" doc:"What it means, in English." example:"outreach lesson"`
}

// None is the value of the choice that nothing is to be read from what is asked about.
const None = "-"

// mostRows is how many rows a question lists.
const mostRows = 5

// questions collects what is asked while a file is read.
type questions struct {
	answers map[string]string // by key
	byKey   map[string]*Question
	order   []*Question
	lastAt  map[string]RowAt // by key, the last row that asked
}

func newQuestions(answers map[string]string) *questions {
	return &questions{answers: answers, byKey: map[string]*Question{}, lastAt: map[string]RowAt{}}
}

// ask returns the answer to a question, "" while it is open. A question that is asked
// again for another row is the same question.
func (q *questions) ask(question Question, at RowAt) string {
	known := q.byKey[question.Key]
	if known == nil {
		for i := range question.Choices {
			question.Choices[i].Letter = letter(i)
		}
		known = &question
		known.Answer = q.answers[question.Key]
		if !question.Free && !slices.ContainsFunc(question.Choices, func(c Choice) bool { return c.Value == known.Answer }) {
			known.Answer = "" // it was a choice of another file
		}
		known.Number = len(q.order) + 1
		q.byKey[question.Key], q.order = known, append(q.order, known)
	}
	if at != (RowAt{}) && at != q.lastAt[question.Key] {
		q.lastAt[question.Key] = at
		known.Count++
		if len(known.Rows) < mostRows {
			known.Rows = append(known.Rows, at)
		}
	}
	return known.Answer
}

// letter returns a, b, c … z, aa …
func letter(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return letter(i/26-1) + letter(i%26)
}

// list returns the questions in the order in which they were first asked.
func (q *questions) list() []Question {
	out := make([]Question, len(q.order))
	for i, question := range q.order {
		out[i] = *question
	}
	return out
}

// Open tells whether the question was not answered yet.
func (q Question) Open() bool { return q.Answer == "" }

// Chosen returns the value of an answer as it is given: the letter of a choice, a
// choice's value or, where that is allowed, a text of one's own.
func (q Question) Chosen(answer string) (string, error) {
	answer = strings.TrimSpace(answer)
	i := slices.IndexFunc(q.Choices, func(c Choice) bool { return strings.EqualFold(c.Letter, answer) || c.Value == answer })
	switch {
	case i >= 0:
		return q.Choices[i].Value, nil
	case q.Free && q.Column != ColumnPeople && slices.ContainsFunc(certainly(answer), q.namesPerson):
		return "", record.ErrNameInClear.At(fault.Place{Column: q.Column}).With("question", q.Number)
	case q.Free && answer != "":
		return answer, nil
	}
	var letters []string
	for _, c := range q.Choices {
		letters = append(letters, c.Letter+"="+c.ZH)
	}
	return "", ErrNoSuchChoice.With("question", q.Number).With("answer", answer).With("choices", strings.Join(letters, "，"))
}

// namesPerson tells whether a text of one's own names somebody where that would stand in clear.
// Short names of schools have the form of a name.
func (q Question) namesPerson(answer string) bool {
	if q.Column == ColumnFrom || q.Column == ColumnTo || q.Column == ColumnSchool {
		return isPersonAsUnit(org.NormalName(strings.TrimPrefix(answer, "=")), isNoName)
	}
	return seal.IsLikeName(answer)
}

// Answered returns the given answers by the questions' keys, and those for which there is no
// question. They are given by number or key.
func Answered(asked []Question, given map[string]string) (answers, unused map[string]string, err error) {
	answers, unused = map[string]string{}, map[string]string{}
	for name, answer := range given {
		i := slices.IndexFunc(asked, func(q Question) bool { return strconv.Itoa(q.Number) == strings.TrimSpace(name) || q.Key == name })
		if i < 0 {
			unused[name] = answer
			continue
		}
		value, err := asked[i].Chosen(answer)
		if err != nil {
			return nil, nil, err
		}
		answers[asked[i].Key] = value
	}
	return answers, unused, nil
}

// Stopping returns [ErrOpenQuestions] with the numbers of the open questions without whose
// answer nothing is imported, nil when there are none.
func Stopping(asked []Question) error {
	var numbers []string
	for _, q := range asked {
		if q.Stops && q.Open() {
			numbers = append(numbers, strconv.Itoa(q.Number))
		}
	}
	if numbers == nil {
		return nil
	}
	return ErrOpenQuestions.With("questions", strings.Join(numbers, "，"))
}
