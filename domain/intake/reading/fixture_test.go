package reading_test

import (
	"twinledger/domain/intake/reading"
)

func workbook(sheets ...reading.Sheet) reading.Workbook {
	return reading.Workbook{File: "台账.xlsx", Sheets: sheets}
}
