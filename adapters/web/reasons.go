package web

import "twinledger/domain/review"

// ReasonWords returns why a record does not count, or not surely, in Chinese and
// English.
func ReasonWords(r review.Reason) (zh, en string) {
	words := worded(reasonWords, r)
	return words.zh, words.en
}

// QuestionWords returns what a school's change leaves open, in Chinese and
// English.
func QuestionWords(q review.Question) (zh, en string) {
	words := worded(questionWords, q)
	return words.zh, words.en
}
