package reading

import (
	"regexp"
	"slices"

	"twinledger/domain/chinese"
	"twinledger/domain/fault"
	"twinledger/domain/record"
)

// What a row can be met with for its 类别 and 形式.
var (
	ErrNoCategory = fault.New(fault.Invalid, "intake.no-category",
		"未填写类别，此行暂挂；请补填类别（如 结对、交流轮岗、示范课、互访、会议、物资捐赠、总结），或用 --set 类别=… 说明整个文件。",
		"The row has no 类别 and is held; fill it in, e.g. 示范课, or say it for the whole file with --set 类别=….")
	ErrUnknownCategory = fault.New(fault.Invalid, "intake.unknown-category",
		"类别不在术语表中，此行暂挂；请回答问题（选最接近的词），或用 --word 原词=术语 说明。",
		"The 类别 is not in the glossary and the row is held; answer the question with the nearest word, or explain it with --word WRITTEN=WORD.")
	ErrUnknownForm = fault.New(fault.Invalid, "intake.unknown-form",
		"形式无法识别，记录中未填，原文保留；可写 线上、线下、送课、支教、跟岗、对调 等，或用 --word 说明。",
		"The 形式 is not known; the record is without it and keeps the cell as it is written. Write 线上, 线下, 送课, 支教, 跟岗, 对调 or the like, or explain it with --word.")
)

// ErrSeveralKinds marks a row of several kinds that are recorded apart.
var ErrSeveralKinds = fault.New(fault.Invalid, "intake.several-kinds",
	"类别写了几类要分别登记的事（如 送课、教研），只按第一类入账，原文保留；请每类各写一行。",
	"The 类别 names several things that are recorded apart, such as a lesson and a research session; only the first is recorded and the cell is kept as it is written. Give each a row of its own.")

// mostOffered is how many words a question offers for one that is not known.
const mostOffered = 6

// kinds returns what the row is a record of, none when it is held, and whether people met.
// 形式 holds the mode, the kind of lesson or the kind of exchange, by 类别.
func (x *rowReader) kinds() ([]record.Kind, record.Mode) {
	kinds := x.category()
	mode := record.ModeUnknown
	text := x.value(ColumnForm)
	if len(kinds) == 0 || text == "" {
		return kinds, mode
	}
	for _, word := range probablyWords(text) {
		word = x.explained(ColumnForm, word)
		m, isMode := record.ModeWritten(word)
		more, known := record.KindsWritten(word)
		switch {
		case isMode:
			mode = m
		case known && !slices.ContainsFunc(more, func(k record.Kind) bool { return !fits(k, kinds[0]) }):
			kinds = narrowed(kinds, more)
		default:
			if answer := x.askWord(ColumnForm, word, nearestForms(word, kinds[0])); answer == "" || answer == None {
				x.problem(ErrUnknownForm, ColumnForm)
				x.keep(ColumnForm)
			} else if m, isMode := record.ModeWritten(answer); isMode {
				mode = m
			} else if more, known := record.KindsWritten(answer); known && fits(more[0], kinds[0]) {
				kinds = narrowed(kinds, more)
			}
		}
	}
	return record.SortKinds(kinds), mode
}

// probablyWords parts a cell of words at every sign that may stand between two.
func probablyWords(text string) []string {
	if _, known := record.ModeWritten(text); known {
		return []string{text}
	}
	if _, known := record.KindsWritten(text); known {
		return []string{text}
	}
	var out []string
	for _, part := range certainly(text) {
		out = append(out, probably(part)...)
	}
	return out
}

// narrowed returns kinds with more. A wider kind gives way to one of its own kind.
func narrowed(kinds, more []record.Kind) []record.Kind {
	kinds = slices.DeleteFunc(slices.Clone(kinds), func(k record.Kind) bool {
		return widest(k) == k && slices.ContainsFunc(more, func(m record.Kind) bool { return m != k && m.Within(k) })
	})
	return append(kinds, more...)
}

// fits tells whether a kind may stand beside another in one record.
func fits(kind, beside record.Kind) bool { return streamOf(kind) == streamOf(beside) }

// widest returns the widest kind that a kind is one of.
func widest(k record.Kind) record.Kind {
	for {
		entry, _ := record.Lookup(k)
		if entry.Parent == "" {
			return k
		}
		k = entry.Parent
	}
}

// category returns the kinds that 类别 names; none holds the row.
func (x *rowReader) category() []record.Kind {
	if x.answers.Values[ColumnCategory] == "" {
		x.askCategory()
	}
	text := x.value(ColumnCategory)
	if text == "" {
		x.hold(ErrNoCategory, ColumnCategory)
		return nil
	}
	kinds, known := record.KindsWritten(text)
	if !known {
		answer := x.askWord(ColumnCategory, text, record.NearestKinds(text, mostOffered))
		if answer == "" || answer == None {
			x.asked = "word/" + ColumnCategory + "/" + compact(text)
			near := record.KindWords(record.NearestKinds(text, 3))
			f := ErrUnknownCategory
			if near != "" {
				f = f.With("nearest", near)
			}
			x.hold(f, ColumnCategory)
			return nil
		}
		kinds, _ = record.KindsWritten(answer)
	}
	first := kinds[0]
	if slices.ContainsFunc(kinds, func(k record.Kind) bool { return !fits(k, first) }) {
		x.problem(ErrSeveralKinds, ColumnCategory)
		x.keep(ColumnCategory)
	}
	return slices.DeleteFunc(kinds, func(k record.Kind) bool { return !fits(k, first) })
}

// nearestForms returns the kinds that somebody may have meant under 形式.
func nearestForms(word string, beside record.Kind) []record.Kind {
	near := slices.DeleteFunc(record.NearestKinds(word, 20), func(k record.Kind) bool { return !fits(k, beside) })
	return near[:min(len(near), mostOffered)]
}

// askWord asks what a word means that the glossary does not have; near are the kinds that
// are offered.
func (x *rowReader) askWord(column, word string, near []record.Kind) string {
	q := Question{Key: "word/" + column + "/" + compact(word), Code: "word", Column: column, Written: word, Free: true,
		ZH: column + "“" + word + "”是什么？", EN: "What is the " + column + " “" + word + "”?"}
	for _, kind := range near {
		entry, _ := record.Lookup(kind)
		q.Choices = append(q.Choices, Choice{Value: entry.ZH, ZH: entry.ZH, EN: entry.EN})
	}
	if len(near) > 0 && !denied.MatchString(word) {
		q.Suggested = "a"
	}
	q.Choices = append(q.Choices, Choice{Value: None, ZH: "都不是，暂挂这些行", EN: "none of them"})
	answer := x.questions.ask(q, x.at())
	if answer == None || answer == "" {
		return answer
	}
	if _, known := record.KindsWritten(answer); known {
		return answer
	}
	if _, known := record.ModeWritten(answer); known {
		return answer
	}
	return ""
}

// denied matches a word that says that something did not take place: nothing is suggested for it.
var denied = regexp.MustCompile(`^[不未没]|取消|未开展|未举行|延期`)

// kindsIn returns the kinds whose words stand in a text, each word that is no part of a longer
// one. Documents are passed over: 听课记录汇总表 is a table of lessons heard, and no filing.
func kindsIn(text string) []record.Kind {
	var found []record.Kind
	runes := []rune(chinese.Word(text))
	for i := 0; i < len(runes); {
		step := 1
		for n := min(longestKind, len(runes)-i); n >= 2; n-- {
			kinds, known := record.KindsWritten(string(runes[i : i+n]))
			if !known || len(kinds) != 1 || slices.Contains([]string{"pairing", "filing"}, streamOf(kinds[0])) {
				continue
			}
			if step = n; !slices.Contains(found, kinds[0]) {
				found = append(found, kinds[0])
			}
			break
		}
		i += step
	}
	return found[:min(len(found), mostOffered)]
}

// isKindWord tells whether a text is the word of one kind.
func isKindWord(text string) bool {
	kinds, known := record.KindsWritten(text)
	return known && len(kinds) == 1
}

// longestKind is how many characters the word of a kind has at most.
const longestKind = 8
