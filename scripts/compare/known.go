package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A line is what the old binary lists of one record.
type line struct {
	Record, Stage, Community, Due         string
	Occurred                              string
	ValidFrom                             string `json:"valid_from"`
	Kinds, People                         []string
	Ordinals                              []int
	Cells                                 []struct{ Heading, Text string }
	ID, Type, Stream, Actor, Unit, Cause  string // of an event
	Command, Correlation, Recorded, Event string
}

// known is what there is to ask about in a folder, as the old binary says.
type known struct {
	most      int
	registers []string
	lines     map[string][]line // by register; the most edited records first
	journal   []line
	plans     []string    // codes of programmes
	reviews   [][2]string // community and term
}

// learn asks the old binary what there is.
func learn(ctx context.Context, s *side, most int) (*known, error) {
	k := &known{most: most, lines: map[string][]line{}}
	refused, err := s.ask(ctx, question{args: []string{"--json", "list", "nosuch"}})
	if err != nil {
		return nil, err
	}
	named := regexp.MustCompile(`name:registers value:([a-z -]+)`).FindStringSubmatch(fmt.Sprint(refused.tree))
	if named == nil {
		return nil, fmt.Errorf("the old binary does not name its registers: %v", refused.tree)
	}
	k.registers = strings.Fields(named[1])
	for _, register := range k.registers {
		if k.lines[register], err = s.list(ctx, "list", register); err != nil {
			return nil, err
		}
		slices.SortStableFunc(k.lines[register], func(a, b line) int { return cmp.Compare(len(b.Ordinals), len(a.Ordinals)) })
	}
	if k.journal, err = s.list(ctx, "journal"); err != nil {
		return nil, err
	}
	plans, err := s.ask(ctx, question{args: []string{"--json", "programme", "list"}})
	for _, code := range regexp.MustCompile(`"code":"([^"]+)"`).FindAllSubmatch(plans.raw, -1) {
		if !slices.Contains(k.plans, string(code[1])) {
			k.plans = append(k.plans, string(code[1]))
		}
	}
	return k, err
}

func (s *side) list(ctx context.Context, args ...string) ([]line, error) {
	said, err := s.ask(ctx, question{args: append([]string{"--json"}, args...)})
	var out []line
	for decoder := json.NewDecoder(strings.NewReader(string(said.raw))); err == nil && decoder.More(); {
		var one line
		if err = decoder.Decode(&one); err == nil {
			out = append(out, one)
		}
	}
	return out, err
}

// some returns at most n values: half of them the first, the others from all over.
func some(values []string, n int) []string {
	if len(values) <= n {
		return values
	}
	first := (n + 1) / 2
	out, rest := slices.Clone(values[:first]), values[first:]
	for i := range n - first {
		out = append(out, rest[(2*i+1)*len(rest)/(2*(n-first))])
	}
	return out
}

// each returns one value of every line, each once and none empty.
func each(lines []line, value func(line) []string) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, l := range lines {
		for _, v := range value(l) {
			if !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	return out
}

func (k *known) keys(register string) []string {
	return each(k.lines[register], func(l line) []string { return []string{l.Record} })
}

var dayPattern = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}`)

// days returns the days that some lines are about, spread over their time.
func (k *known) days(lines []line) []string {
	if len(lines) == 0 {
		lines = k.lines["schools"]
	}
	days := each(lines, func(l line) []string { return dayPattern.FindAllString(l.Occurred+" "+l.ValidFrom+" "+l.Due, -1) })
	slices.Sort(days)
	return some(days, k.most)
}

// points are the times as of which things are asked: ordinals, an instant and a
// day.
func (k *known) points() []string {
	head := len(k.journal)
	var out []string
	for _, n := range []int{head / 2, head * 3 / 4, head / 5, head - 1} {
		out = append(out, fmt.Sprint(max(n, 1)))
	}
	instant := k.journal[head*2/3].Recorded
	return append(slices.Compact(out), instant, dayPattern.FindString(instant), "1")
}

// values returns what may be asked under a name of the lines of a register, or of
// all when there is none.
func (k *known) values(register, name string) []string {
	of, is := k.lines[register]
	if !is {
		of = slices.Concat(slices.Collect(maps.Values(k.lines))...)
		slices.SortFunc(of, func(a, b line) int { return cmp.Compare(a.Record, b.Record) })
	}
	switch name {
	case "as_of":
		return k.points()
	case "from", "to", "valid_at", "on", "recorded_from", "recorded_to":
		return k.days(of)
	case "due_by":
		return some(append(each(of, func(l line) []string { return dayPattern.FindAllString(l.Due, -1) }), k.days(of)...), k.most)
	case "community":
		return some(append(each(of, func(l line) []string { return []string{l.Community} }), k.keys("communities")...), k.most)
	case "school":
		return some(k.keys("schools"), 2*k.most)
	case "person":
		return some(append(each(of, func(l line) []string { return l.People }), k.keys("people")...), k.most)
	case "subject":
		return some(each(of, subjects), k.most)
	case "kind":
		return each(of, func(l line) []string { return l.Kinds })
	case "stage":
		return each(of, func(l line) []string { return []string{l.Stage} })
	case "met":
		return []string{"true"}
	case "mark":
		return strings.Fields("standing void corrected incomplete reported followed held provisional identified")
	case "programme":
		return k.plans
	case "district":
		return each(k.journal, func(l line) []string { return regexp.MustCompile("^district-.*").FindAllString(l.Stream, 1) })
	}
	return k.named(name)
}

// named returns what may be asked of the journal under a name.
func (k *known) named(name string) []string {
	of := map[string]func(line) []string{
		"stream": func(l line) []string { return []string{l.Stream} }, "type": func(l line) []string { return []string{l.Type} },
		"actor": func(l line) []string { return []string{l.Actor} }, "unit": func(l line) []string { return []string{l.Unit} },
		"cause": func(l line) []string { return []string{l.Cause} }, "correlation": func(l line) []string { return []string{l.Correlation} },
		"named": func(l line) []string {
			return append([]string{l.Stream}, k.keys("schools")[:min(1, len(k.keys("schools")))]...)
		},
	}[name]
	if of == nil {
		return nil
	}
	return some(each(k.journal, of), 2*k.most)
}

func subjects(l line) []string {
	for _, cell := range l.Cells {
		if cell.Heading == "学科" {
			return strings.Split(cell.Text, "、")
		}
	}
	return nil
}
