package main

import (
	"fmt"
	"io"
	"strings"

	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
)

// printComparison prints what a file changes of the last one of its source.
func printComparison(w io.Writer, c *intake.Comparison) {
	file := c.File
	if file == "" {
		file = c.With
	}
	fmt.Fprintf(w, "  与上次的文件对比 compared with: %s\n", file)
	fmt.Fprintf(w, "    未变 unchanged %d，改动 changed %d，删除 removed %d，新增 added %d，待定 undecided %d\n",
		c.Unchanged, len(c.Changed)+c.Unlisted.Changed, len(c.Removed)+c.Unlisted.Removed, len(c.Added)+c.Unlisted.Added, len(c.Undecided)+c.Unlisted.Undecided)
	if c.Older {
		fmt.Fprintln(w, "    文件中有此后已被更正或删除的旧行，像是较早的文件 / it holds rows that a later file changed or left out, and looks like an older file")
	}
	for _, change := range c.Changed {
		fmt.Fprintf(w, "    改动 changed: %s → %s%s\n", formerInWords(change.From), rowInWords(change.To), effectInWords(change.Effect, change.AskReason, change.Record))
		printCells(w, "        ", change.Cells)
	}
	for _, removal := range c.Removed {
		fmt.Fprintf(w, "    删除 removed: %s%s\n", formerInWords(removal.Row), effectInWords(removal.Effect, removal.AskReason, removal.Record))
	}
	for _, row := range c.Added {
		fmt.Fprintf(w, "    新增 added: %s\n", rowInWords(row))
	}
	if c.Unrelated {
		fmt.Fprint(w, unrelatedInWords)
		return
	}
	var gone []string
	for _, question := range c.Undecided {
		if len(question.Candidates) == 0 {
			gone = append(gone, question.Row.String())
			continue
		}
		printUndecided(w, question)
	}
	if len(gone) > 0 {
		printGone(w, gone)
	}
	u := c.Unlisted
	if rows := u.Changed + u.Removed + u.Added; rows > 0 {
		fmt.Fprintf(w, "    另有 %d 处差异未列出 / %d further differences are not listed\n", rows, rows)
	}
	if u.Undecided > 0 {
		fmt.Fprintf(w, "    另有 %d 行待定未列出；先说明以上各行，或写 --removed all，再试读 / %d further undecided rows are not listed; say what became of those above, or write --removed all, then look again\n", u.Undecided, u.Undecided)
	}
}

// mostGone is how many rows that a file leaves out are named.
const mostGone = 20

// printGone names the first of the former rows that a file leaves out, and asks about all.
func printGone(w io.Writer, rows []string) {
	more := ""
	if n := len(rows) - mostGone; n > 0 {
		rows, more = rows[:mostGone], fmt.Sprintf(" …（另有 %d 行 and %d more）", n, n)
	}
	fmt.Fprintf(w, "    待定 undecided: 文件中没有原来的这些行，请核对是否送错了文件 / the file leaves out these former rows; check that it is the right one: %s%s\n"+
		"        确已删除则写 if they are gone: --removed all\n", strings.Join(rows, " "), more)
}

// unrelatedInWords is said once of a file that has no row in common with the former one.
const unrelatedInWords = `    此文件与上次的没有一行相同 / the file has no row in common with the last one:
        是另一份文件（如另一月、另一学期），上次的内容不动：--added all / it is another file, and the last one's records stay
        它取代上次的文件，上次的记录作废：--removed all / it replaces the last one, whose records are voided
        是更正的文件：逐行写 --pair 旧行=新行 / it is a corrected file: say which row became which
`

// printUndecided prints a former row of which nobody can tell what became of it.
func printUndecided(w io.Writer, q intake.UndecidedRow) {
	fmt.Fprintf(w, "    待定 undecided: %s（%s）\n", formerInWords(q.Row), q.Record)
	for _, candidate := range q.Candidates {
		fmt.Fprintf(w, "        可能是 may be %s，--pair %s=%s\n", rowInWords(candidate.Row), q.Row, candidate.Row)
		printCells(w, "            ", candidate.Cells)
	}
	fmt.Fprintf(w, "        已删除则写 if it is gone: --removed %s\n", q.Row)
}

func printCells(w io.Writer, indent string, cells []intake.CellChange) {
	for _, cell := range cells {
		before := "“" + cell.Old + "”"
		if cell.Sealed {
			before = "（封存 sealed）"
		}
		fmt.Fprintf(w, "%s%s：%s → “%s”\n", indent, cell.Column, before, cell.New)
	}
}

func rowInWords(row reading.RowAt) string {
	return fmt.Sprintf("%s第 %d 行 row %d", onSheet(row.SheetName, " "), row.At, row.At)
}

func formerInWords(row reading.RowAt) string {
	return fmt.Sprintf("%s原第 %d 行 former row %d", onSheet(row.SheetName, " "), row.At, row.At)
}

// effectInWords says what becomes of a record and, when it is asked, why.
func effectInWords(effect intake.Effect, bar intake.AskReason, record string) string {
	zh, en := effect.Words()
	text := "：" + zh + " " + en
	if record != "" {
		text += "（" + record + "）"
	}
	if effect == intake.Ask {
		zh, en = bar.Words()
		text += fmt.Sprintf("；%s / %s，--overwrite %s 或 or --keep %s", zh, en, record, record)
	}
	return text
}

// printColumns prints the headings that were read as columns of another name.
func printColumns(w io.Writer, columns []intake.ReadColumn) {
	var texts []string
	for _, c := range columns {
		text := c.Heading + "→" + c.Column
		if c.Remembered {
			text += "（沿用 remembered）"
		}
		texts = append(texts, text)
	}
	if len(texts) > 0 {
		fmt.Fprintf(w, "  表头对应 headings: %s\n", strings.Join(texts, "、"))
	}
}
