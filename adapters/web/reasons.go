package web

import "twinledger/domain/review"

// ReasonWords returns why a record does not count, or not surely, in Chinese and
// English.
func ReasonWords(r review.Reason) (zh, en string) {
	words := worded(reasonWords, r)
	return words.zh, words.en
}
