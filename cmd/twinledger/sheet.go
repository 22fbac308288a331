package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/domain/tabular"
	"twinledger/projections/registers"
)

type sheetCommand struct {
	Of string `arg:"" help:"学校或人员的编号，或准确的名称 / key or exact name of a school or person."`
	Period
	Outlook
}

// Help teaches the command.
func (sheetCommand) Help() string {
	return `涉及这所学校或这个人员的全部记录，按登记册分列；认定为同一所（人）的一并列出。
Everything that names the school or person, register by register; those that are said to be the same count too.`
}

// A sheetDocument is everything that names one school or person.
type sheetDocument struct {
	Of       listEntry           `json:"of"`
	Parts    []sheetDocumentPart `json:"parts"`
	Overlaps []sheetOverlap      `json:"overlaps,omitempty"` // of a person's postings
}

// A sheetOverlap says that two postings take, or may take, the same days.
type sheetOverlap struct {
	Exchanges [2]string    `json:"exchanges"`
	Certain   bool         `json:"certain"`
	From      calendar.Day `json:"from"` // the first of the days in question; "" where that is open
	Until     calendar.Day `json:"until"`
}

func (o sheetOverlap) write(w io.Writer) {
	how := "可能重叠 may overlap"
	if o.Certain {
		how = "重叠 overlap"
	}
	fmt.Fprintf(w, "交流轮岗时间%s：%s、%s，自 from %s 至 to %s\n", how, o.Exchanges[0], o.Exchanges[1], o.From, o.Until)
}

// A sheetDocumentPart is what one register says.
type sheetDocumentPart struct {
	Register    string      `json:"register"`
	Occurrences int         `json:"occurrences"` // of the standing lines that say so
	Unnumbered  int         `json:"unnumbered"`  // standing lines that do not
	Lines       []listEntry `json:"lines"`
	zh          string      // of Register
}

// Run prints the sheet.
func (c *sheetCommand) Run(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	err = c.print(ctx, p, o)
	return errors.Join(err, o.Close())
}

func (c *sheetCommand) print(ctx context.Context, p *program, o *datafolder.Folder) error {
	d, err := p.directoryOf(ctx, o)
	if err != nil {
		return err
	}
	key := c.Of
	if kind, _, _ := strings.Cut(key, "-"); kind != "school" && kind != "person" {
		if key, err = d.key("school", c.Of); errors.Is(err, errNobodyCalled) {
			key, err = d.key("person", c.Of)
		}
	}
	q, askedErr := asked(ctx, o, c.Period, c.Outlook)
	if err := cmp.Or(err, askedErr); err != nil {
		return err
	}
	sheet, err := o.Registers().Sheet(ctx, key, q)
	if err != nil {
		return err
	}
	names, err := shownNamesOf(ctx, o, d)
	if err != nil {
		return err
	}
	document, err := documentOfSheet(sheet, names)
	if err != nil {
		return err
	}
	return p.print(document, document.write)
}

func documentOfSheet(sheet registers.Sheet, names tabular.Names) (sheetDocument, error) {
	of, _ := registers.Of(sheet.Of.Kind)
	head, err := entryOf(registers.TableOf(of), of, sheet.Of, names)
	document := sheetDocument{Of: head, Parts: []sheetDocumentPart{}}
	for _, part := range sheet.Parts {
		table := registers.TableOf(part.Register)
		out := sheetDocumentPart{part.Register.Name, part.Occurrences, part.Unnumbered, []listEntry{}, part.Register.ZH}
		for _, line := range part.Lines {
			entry, lineErr := entryOf(table, part.Register, line, names)
			err = cmp.Or(err, lineErr)
			out.Lines = append(out.Lines, entry)
		}
		document.Parts = append(document.Parts, out)
	}
	for _, o := range sheet.Overlaps {
		document.Overlaps = append(document.Overlaps, sheetOverlap{o.Exchanges, o.Certain, o.Days.First, o.Days.Last})
	}
	return document, err
}

func (s sheetDocument) write(w io.Writer) {
	s.Of.write(w)
	for _, part := range s.Parts {
		fmt.Fprintf(w, "\n%s：%d 条，计 %d 次，未注明 %d 条\n", part.zh, len(part.Lines), part.Occurrences, part.Unnumbered)
		for _, line := range part.Lines {
			line.write(w)
		}
	}
	for _, o := range s.Overlaps {
		o.write(w)
	}
}
