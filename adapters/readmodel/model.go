package readmodel

import (
	"fmt"
	"sort"
	"strings"

	"twinledger/projections"
)

// A Model is a [projections.Model] of whatever rows, as a generation keeps it. Make
// one with [Of].
type Model interface {
	shape() shape
	newTable(*writer) table
}

// Of returns model for a [Config].
func Of[S any](model projections.Model[S]) Model { return typed[S]{model} }

type typed[S any] struct{ projections.Model[S] }

// A shape is what the statements need to know of a model.
type shape struct {
	Name    string
	Version int
	Columns []columnShape
	Indexed []string // columns with an index of their own
}

// A columnShape is a column and the table in which its texts stand, "" of a number.
type columnShape struct{ Name, Table string }

func (m typed[S]) shape() shape {
	s := shape{Name: m.Name, Version: m.Version, Indexed: m.Indexed}
	for _, c := range m.Columns {
		shaped := columnShape{Name: c.Name}
		if c.Type != projections.Number {
			shaped.Table = tableOf(c.Type)
		}
		s.Columns = append(s.Columns, shaped)
	}
	return s
}

func (m typed[S]) newTable(w *writer) table { return newRows(w, m.Model) }

// modelSQL are the statements about one model's table.
type modelSQL struct{ insert, end, newest, versions string }

func sqlOf(s shape) modelSQL {
	return modelSQL{statement("insert_version", s), statement("end_version", s), statement("newest_version", s), statement("versions", s)}
}

func shapes(models []Model) []shape {
	var out []shape
	for _, m := range models {
		out = append(out, m.shape())
	}
	return out
}

// versionsOf returns the models' names, versions, columns and indexes in one text. A generation
// of other models is not served.
func versionsOf(models []Model) string {
	var out []string
	for _, s := range shapes(models) {
		columns := []string{}
		for _, c := range s.Columns {
			columns = append(columns, c.Name+":"+c.Table)
		}
		for _, name := range s.Indexed {
			columns = append(columns, "index:"+name)
		}
		out = append(out, fmt.Sprintf("%s %d (%s)", s.Name, s.Version, strings.Join(columns, " ")))
	}
	sort.Strings(out)
	return fmt.Sprintf("format %d; %s", format, strings.Join(out, "; "))
}

// format is raised when the tables of all generations change.
const format = 1
