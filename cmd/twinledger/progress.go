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
	start   time.Time // of the first step
	first   int       // what the first step had done
	printed time.Time
	shown   bool
}

func newProgress(out io.Writer, now func() time.Time, what string) *progress {
	return &progress{out: out, now: now, what: what, printed: now()}
}

// step tells that done of total are through.
func (p *progress) step(done, total int) {
	now := p.now()
	if p.first == 0 {
		p.first, p.start = done, now // what came before the first step says nothing of the pace
	}
	if now.Sub(p.printed) < time.Second || done <= p.first {
		return
	}
	p.printed, p.shown = now, true
	rest := now.Sub(p.start) / time.Duration(done-p.first) * time.Duration(total-done)
	fmt.Fprintf(p.out, "\r%s  %d/%d  约剩 about %s left ", p.what, done, total, rest.Round(time.Second))
}

// end ends the line, when there is one.
func (p *progress) end() {
	if p.shown {
		fmt.Fprintln(p.out)
	}
}
