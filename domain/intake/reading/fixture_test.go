package reading_test

import (
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
)

func workbook(sheets ...reading.Sheet) reading.Workbook {
	return reading.Workbook{File: "台账.xlsx", Sheets: sheets}
}

// codes returns the codes of faults.
func codes(problems []error) []string {
	var out []string
	for _, problem := range problems {
		if f, ok := fault.As(problem); ok {
			out = append(out, f.Code)
		}
	}
	return out
}
