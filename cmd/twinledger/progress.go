package main

import (
	"fmt"
	"io"
	"time"
)

// A progress tells how far long work has come and, from its pace so far, how
// long the rest takes. Work that ends within a second prints nothing.
type progress struct {
	out     io.Writer
	now     func() time.Time
	what    string
	start   time.Time
	printed time.Time
	shown   bool
}

func newProgress(out io.Writer, now func() time.Time, what string) *progress {
	start := now()
	return &progress{out: out, now: now, what: what, start: start, printed: start}
}

// step tells that done of total are through.
func (p *progress) step(done, total int) {
	now := p.now()
	if now.Sub(p.printed) < time.Second || done == 0 {
		return
	}
	p.printed, p.shown = now, true
	rest := now.Sub(p.start) / time.Duration(done) * time.Duration(total-done)
	fmt.Fprintf(p.out, "\r%s  %d/%d  约剩 about %s left ", p.what, done, total, rest.Round(time.Second))
}

// end ends the line, when there is one.
func (p *progress) end() {
	if p.shown {
		fmt.Fprintln(p.out)
	}
}
