package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A Help is the sheet of a workbook that tells how to fill it in.
type Help struct {
	Name  string // of the sheet
	Title string
	Lines [][]string // of text, one cell for each language
}

// A Choice is the words that a column offers to whoever fills in a table. Others
// may be written all the same.
type Choice struct {
	Sheet, Header string
	Words         []string
}

// rowsToFill is for how many rows a column offers its words.
const rowsToFill = 5_000

// WriteTemplate writes tables to be filled in, with a sheet of help behind them.
// The words of the choices stand beside the help; the same lists stand once. The
// same input gives the same bytes.
func WriteTemplate(w io.Writer, tables []Table, help Help, choices []Choice) (err error) {
	file := excelize.NewFile()
	defer func() { err = errors.Join(err, file.Close()) }()
	lists := listed(choices)
	if err := addTables(file, tables, func(table Table) error { return offer(file, table, help.Name, choices, lists) }); err != nil {
		return err
	}
	if _, err := file.NewSheet(help.Name); err != nil {
		return fmt.Errorf("write sheet %s: %w", help.Name, err)
	}
	if err := writeHelp(file, help, lists); err != nil {
		return fmt.Errorf("write sheet %s: %w", help.Name, err)
	}
	return writePackage(w, file)
}

// A wordList is one column of words beside the help.
type wordList struct {
	heading string
	words   []string
}

// firstList is the column of the first list, behind the help's two and one that
// stays empty.
const firstList = 4

// listed returns the lists that the choices offer, each once.
func listed(choices []Choice) []wordList {
	var lists []wordList
	for _, c := range choices {
		if indexOf(lists, c.Words) < 0 {
			lists = append(lists, wordList{c.Sheet + "·" + c.Header, c.Words})
		}
	}
	return lists
}

func indexOf(lists []wordList, words []string) int {
	for i, l := range lists {
		if strings.Join(l.words, "\n") == strings.Join(words, "\n") {
			return i
		}
	}
	return -1
}

// offer lets the columns of a table offer their words.
func offer(file *excelize.File, table Table, helpName string, choices []Choice, lists []wordList) error {
	for i, header := range table.Header {
		for _, c := range choices {
			if c.Sheet != table.Name || c.Header != header {
				continue
			}
			column, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			at, err := excelize.ColumnNumberToName(firstList + indexOf(lists, c.Words))
			if err != nil {
				return err
			}
			rule := excelize.NewDataValidation(true)
			rule.SetSqref(fmt.Sprintf("%s3:%s%d", column, column, rowsToFill+2))
			rule.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$3:$%s$%d", helpName, at, at, len(c.Words)+2))
			rule.ShowErrorMessage = false // several words may stand in one cell
			if err := file.AddDataValidation(table.Name, rule); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeHelp(file *excelize.File, help Help, lists []wordList) error {
	rows := [][]string{{help.Title}, {"中文", "English", ""}}
	rows = append(rows, help.Lines...)
	cell := func(row, column int, text string) {
		for len(rows) <= row {
			rows = append(rows, nil)
		}
		for len(rows[row]) <= column {
			rows[row] = append(rows[row], "")
		}
		rows[row][column] = text
	}
	for i, list := range lists {
		cell(1, firstList-1+i, list.heading)
		for j, word := range list.words {
			cell(j+2, firstList-1+i, word)
		}
	}
	stream, err := file.NewStreamWriter(help.Name)
	if err != nil {
		return err
	}
	if err := stream.SetColWidth(1, 2, 60); err != nil {
		return err
	}
	wrapped, err := file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, text := range row {
			if text != "" {
				cells[j] = excelize.Cell{StyleID: wrapped, Value: text}
			}
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	return stream.Flush()
}
