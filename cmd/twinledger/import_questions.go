package main

import (
	"fmt"
	"io"
	"strings"

	"twinledger/domain/intake/reading"
)

// frameWords are the words for rows that are no records.
var frameWords = map[string][2]string{
	"repeated heading": {"重复的表头", "repeated heading"}, "signature": {"落款", "signatures"}, "labels": {"表中的说明栏", "labels"}, "note": {"说明", "note"},
	"page": {"页码", "page number"}, "date": {"日期", "date"}, "title": {"标题", "title"}, "empty": {"只有序号的空行", "empty row with a number"}, "total": {"合计", "total"},
	"total without a label": {"只有数量、没有写明的合计", "total without a label"}, "part of a total": {"合计的分项", "part of a total"},
	"average": {"平均数", "average"}, "section": {"分段的小标题", "heading of a section"},
}

// printFrame says which row was passed over, and why it is no record.
func printFrame(w io.Writer, sheet string, frame reading.Frame) {
	words := frameWords[frame.What]
	fmt.Fprintf(w, "  %s第 %d 行不是记录（%s） row %d is no record (%s): %s\n", onSheet(sheet, " "), frame.Number, words[0], frame.Number, words[1], frame.Text)
}

// printQuestions lists what is asked about a file, open questions first in the order of their
// numbers, and how they are answered.
func printQuestions(w io.Writer, questions []reading.Question) {
	var open []string
	for _, q := range questions {
		state := ""
		if !q.Open() {
			state = "（已答 answered: " + answerText(q) + "）"
		} else {
			open = append(open, fmt.Sprintf("--answer %d=%s", q.Number, suggested(q)))
		}
		stops := ""
		if q.Stops && q.Open() {
			stops = "（须先回答 must be answered first）"
		}
		fmt.Fprintf(w, "  问题 question %d%s%s：%s\n      %s\n", q.Number, stops, state, q.ZH, q.EN)
		if !q.Open() {
			continue
		}
		for _, c := range q.Choices {
			fmt.Fprintf(w, "      %s) %s / %s\n", c.Letter, c.ZH, c.EN)
		}
		if q.Count > 0 {
			fmt.Fprintf(w, "      涉及 %d 行 rows: %s\n", q.Count, rowsText(q))
		}
	}
	if len(open) > 0 {
		fmt.Fprintf(w, "  一并回答（把字母改成所选） answer them together, with the letters chosen: %s\n", strings.Join(open, " "))
	}
}

func suggested(q reading.Question) string {
	if q.Suggested != "" {
		return q.Suggested
	}
	return "?"
}

// answerText returns the chosen answer in words.
func answerText(q reading.Question) string {
	for _, c := range q.Choices {
		if c.Value == q.Answer {
			return c.ZH
		}
	}
	return q.Answer
}

func rowsText(q reading.Question) string {
	var rows []string
	for _, r := range q.Rows {
		rows = append(rows, r.String())
	}
	if q.Count > len(rows) {
		rows = append(rows, "…")
	}
	return strings.Join(rows, " ")
}
