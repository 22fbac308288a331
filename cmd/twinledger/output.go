package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// print tells a command's result: as text for a person or, with --json, as one
// JSON document on a line of its own. Every command prints through it, and what
// a command prints is never both.
//
// result is a named struct whose fields have snake_case JSON names from the
// glossary; scripts read it, so that its fields are added to and never renamed.
// text writes the same for a person, Chinese first. A command prints once; a
// long list prints every entry by itself, which makes JSON lines:
//
//	// A schoolEntry is one line of "schools".
//	type schoolEntry struct {
//		Key  string `json:"key"`
//		Name string `json:"name"`
//	}
//
//	err := p.print(schoolEntry{s.Key, s.Name}, func(w io.Writer) {
//		fmt.Fprintf(w, "%s  %s\n", s.Key, s.Name)
//	})
//
// Errors are returned as everywhere else: run reports them on standard error, as
// one JSON object with --json. Progress comes from p.progress, which is silent
// then. A list that may be empty is made with make or nonNil, so that it is []
// and not null.
func (p *program) print(result any, text func(io.Writer)) error {
	out := bufio.NewWriter(p.out)
	if p.json {
		b, err := event.Marshal(result)
		if err != nil {
			return fmt.Errorf("print result: %w", err)
		}
		out.Write(b)          //nolint:errcheck // Flush tells
		out.WriteString("\n") //nolint:errcheck // Flush tells
	} else {
		text(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	return nil
}

// shownInstant returns an instant of a result as text shows it; JSON keeps it in UTC.
func shownInstant(written string) string {
	instant, err := event.ParseInstant(written)
	if err != nil {
		return written
	}
	return instant.Shown()
}

// nonNil returns list, or an empty one, which JSON writes as [].
func nonNil[E any](list []E) []E {
	if list == nil {
		return []E{}
	}
	return list
}

// progress returns what tells how far a long work has come. With --json nobody
// is told: standard error is for the one error object.
func (p *program) progress(what string) *progress {
	if p.json {
		return newProgress(io.Discard, p.now, what)
	}
	return newProgress(p.err, p.now, what)
}

// quietly returns p with its results thrown away, for a command that is a part
// of another one whose result is the one to print in JSON.
func (p *program) quietly() *program {
	part := *p
	if p.json {
		part.out = io.Discard
	}
	return &part
}

// wantsJSON tells whether a command line that cannot be parsed asks for JSON.
func wantsJSON(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.Contains(args, "--json")
}

// What is reported for errors that are no faults.
var (
	errInterrupted = fault.New(fault.Unavailable, "interrupted",
		"已中断；再次运行同一命令即可继续", "stopped; run the same command again to continue")
	errInternal = fault.New(fault.Internal, "internal", "出错", "failed")
)

// An errorDocument is an error on standard error with --json.
type errorDocument struct {
	Code    string         `json:"code"`            // stable, e.g. "lesson.voided"; "internal" for a bug or a disk that failed
	Kind    string         `json:"kind"`            // as fault.Kind names it
	ZH      string         `json:"zh"`              // what is wrong and what to do next
	EN      string         `json:"en"`              // the same
	Place   *fault.Place   `json:"place,omitempty"` // where the bad input stands, when it is known
	Details []fault.Detail `json:"details"`         // the values that the message speaks of
	Cause   string         `json:"cause,omitempty"` // for the operator, of an internal error
	// What else went wrong, as when several files are imported.
	More []errorDocument `json:"more,omitempty"`
}

// report writes an error, in words or as JSON, and returns the exit code for it.
func report(w io.Writer, asJSON bool, err error) int {
	if err == nil {
		return exitDone
	}
	code := exitDone
	var documents []errorDocument
	for _, one := range flatten(err) {
		document, text, exit := explain(one)
		// A bug counts more than a refusal, whichever came first.
		if code != exitFailed {
			code = exit
		}
		documents = append(documents, document)
		if !asJSON {
			fmt.Fprintln(w, text)
		}
	}
	if asJSON {
		document := documents[0]
		document.More = documents[1:]
		if b, err := event.Marshal(document); err == nil {
			fmt.Fprintf(w, "%s\n", b)
		}
	}
	return code
}

// explain returns what an error is as JSON, in words, and the exit code for it.
func explain(err error) (errorDocument, string, int) {
	f, ok := fault.As(err)
	if ok && f.Kind != fault.Internal {
		return documentOf(f), fmt.Sprintf("%s\n  [%s]", f.Message(), f.Code), exitRefused
	}
	if errors.Is(err, context.Canceled) {
		return documentOf(errInterrupted), errInterrupted.Message(), exitFailed
	}
	if !ok {
		f = errInternal
	}
	document := documentOf(f)
	document.Cause = err.Error()
	return document, fmt.Sprintf("出错 / failed: %v", err), exitFailed
}

func documentOf(f *fault.Error) errorDocument {
	d := errorDocument{Code: f.Code, Kind: f.Kind.String(), ZH: f.ZH, EN: f.EN, Details: nonNil(f.Details)}
	if f.Place != (fault.Place{}) {
		d.Place = &f.Place
	}
	return d
}

// flatten returns the parts of joined errors.
func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // only what errors.Join made at the top
		var out []error
		for _, e := range joined.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []error{err}
}
