// Command compare proves that a new binary says the same as an old one: for each
// data folder it copies the ledger twice without its read models, lets each binary
// build its own, asks both for everything that they can say, and lists what
// differs. The folders themselves are only read.
//
//	go run ./scripts/compare -old OLD -new NEW [-expected FILE] [-renamed OLD=NEW,…] [-most N] [-every N] FOLDER...
//
// It exits with 1 when something differs that the file of expected differences
// does not name. A line of that file is a regular expression over "question: path"
// followed by " # " and the reason.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"text/tabwriter"
	"time"
)

// A run is one call of the command.
type run struct {
	old, now string            // the binaries
	most     int               // values of each parameter, and things of each kind, that are asked about closely
	every    int               // of the questions of a kind only every so manieth is asked
	work     string            // where the copies are
	renamed  map[string]string // properties that the new binary calls otherwise, by their old name
	expected []*expectation
	kinds    []string // in the order in which they were first asked
	tallies  map[string]*tally
}

// An expectation is a difference that is meant to be.
type expectation struct {
	pattern *regexp.Regexp
	reason  string
	met     int
}

// A tally is what became of the questions of one kind, and how long each binary
// took over them.
type tally struct {
	asked, refused, equal, reordered, expected, different int
	took                                                  [2]time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	same, err := compareAll(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
	if !same {
		os.Exit(1)
	}
}

// compareAll reads the command line, compares every folder and prints the table.
func compareAll(ctx context.Context) (same bool, err error) {
	r := &run{tallies: map[string]*tally{}}
	flag.StringVar(&r.old, "old", "", "the old `BINARY`")
	flag.StringVar(&r.now, "new", "", "the new `BINARY`")
	expected := flag.String("expected", "", "`FILE` of expected differences")
	renamed := flag.String("renamed", "", "properties of JSON that have a new name, as `OLD=NEW,OLD=NEW`")
	flag.IntVar(&r.most, "most", 3, "ask closely about at most `N` schools, people, days … of each register")
	flag.IntVar(&r.every, "every", 1, "ask only every `N`th question of a kind, for large folders")
	flag.Parse()
	if r.old == "" || r.now == "" || flag.NArg() == 0 || r.most < 1 || r.every < 1 {
		return false, errors.New("give -old BINARY -new BINARY and the data FOLDERs; -most and -every from 1")
	}
	if r.renamed, err = readRenamed(*renamed); err != nil {
		return false, err
	}
	if r.expected, err = readExpected(*expected); err != nil {
		return false, err
	}
	if r.work, err = os.MkdirTemp("", "compare-*"); err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.work)) }()
	for _, folder := range flag.Args() {
		began := time.Now()
		if err := r.folder(ctx, folder); err != nil {
			r.report() // what was compared until then
			return false, fmt.Errorf("%s: %w", folder, err)
		}
		progress("%s: done in %s", folder, time.Since(began).Round(time.Second))
	}
	return r.report(), nil
}

// readRenamed reads which properties have a new name.
func readRenamed(list string) (map[string]string, error) {
	out := map[string]string{}
	for pair := range strings.SplitSeq(list, ",") {
		before, after, ok := strings.Cut(pair, "=")
		if list != "" && !ok {
			return nil, fmt.Errorf("-renamed %s: write OLD=NEW", pair)
		}
		out[before] = after
	}
	return out, nil
}

// readExpected reads the file of expected differences, if there is one.
func readExpected(name string) ([]*expectation, error) {
	if name == "" {
		return nil, nil
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var out []*expectation
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndex(line, " # ")
		if at < 0 {
			return nil, fmt.Errorf("%s: no reason after # in %q", name, line)
		}
		pattern, err := regexp.Compile(strings.TrimSpace(line[:at]))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, &expectation{pattern: pattern, reason: line[at+3:]})
	}
	return out, nil
}

// folder compares what both binaries say of one data folder: first over HTTP, then
// on the command line.
func (r *run) folder(ctx context.Context, original string) (err error) {
	var both [2]*side
	for i, binary := range []string{r.old, r.now} {
		if both[i], err = newSide(binary, original, filepath.Join(r.work, filepath.Base(original)+[]string{"-old", "-new"}[i])); err != nil {
			return err
		}
	}
	name := filepath.Base(original)
	progress("%s: both build their read models; then the old binary says what there is", name)
	if err := r.askAll(ctx, name, both, []question{{kind: "first command", args: []string{"--json", "communities", "list"}}}); err != nil {
		return err
	}
	known, err := learn(ctx, both[0], r.most)
	if err != nil {
		return err
	}
	if err := r.served(ctx, name, both, known); err != nil {
		return err
	}
	if err := r.askAll(ctx, name, both, r.fewer(known.onCommandLine())); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(both[0].folder), os.RemoveAll(both[1].folder))
}

// served asks everything that is asked over HTTP.
func (r *run) served(ctx context.Context, name string, both [2]*side, known *known) (err error) {
	for _, s := range both {
		if err := s.serve(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.stop()) }()
	}
	questions, err := known.overHTTP(ctx, both[0])
	if err != nil {
		return err
	}
	return r.askAll(ctx, name, both, r.fewer(questions))
}

// fewer leaves every so manieth question of each kind.
func (r *run) fewer(questions []question) []question {
	seen := map[string]int{}
	return slices.DeleteFunc(questions, func(q question) bool {
		seen[q.kind]++
		return (seen[q.kind]-1)%r.every != 0
	})
}

// askAll asks both sides each question at the same time and compares the answers.
func (r *run) askAll(ctx context.Context, folder string, both [2]*side, questions []question) error {
	told := time.Now()
	for i, q := range questions {
		t := r.tallies[q.kind]
		if t == nil {
			t = &tally{}
			r.tallies[q.kind], r.kinds = t, append(r.kinds, q.kind)
		}
		if time.Since(told) > 5*time.Second {
			told = time.Now()
			progress("%s: %s (question %d of %d)", folder, q.kind, i+1, len(questions))
		}
		var answers [2]answer
		var errs [2]error
		var wait sync.WaitGroup
		for i, s := range both {
			wait.Go(func() {
				began := time.Now()
				answers[i], errs[i] = s.ask(ctx, q)
				t.took[i] += time.Since(began)
			})
		}
		wait.Wait()
		if err := errors.Join(errs[0], errs[1]); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
		if answers[0].code != "exit 0" && !strings.HasPrefix(answers[0].code, "status 200") {
			t.refused++
		}
		answers[0].tree = withNewNames(answers[0].tree, r.renamed)
		r.judge(t, folder+" "+q.String(), compareAnswers(q, answers[0], answers[1]))
	}
	return nil
}

// judge counts a question and prints what differs in its answers.
func (r *run) judge(t *tally, question string, c comparison) {
	t.asked++
	unexpected := slices.DeleteFunc(slices.Clone(c.differences), func(d difference) bool { return r.expects(question + ": " + d.path) })
	switch {
	case len(unexpected) > 0:
		t.different++
		fmt.Printf("DIFFERENT %s: %d differences\n", question, len(unexpected))
		for _, d := range unexpected[:min(5, len(unexpected))] {
			fmt.Printf("    %s\n        old %s\n        new %s\n", d.path, short(d.old), short(d.now))
		}
	case len(c.differences) > 0:
		t.expected++
	case c.reordered != "":
		t.reordered++
		fmt.Printf("ORDER ONLY %s: %s\n", question, c.reordered)
	default:
		t.equal++
	}
}

func (r *run) expects(where string) bool {
	for _, e := range r.expected {
		if e.pattern.MatchString(where) {
			e.met++
			return true
		}
	}
	return false
}

// report prints the table and tells whether nothing unexpected differs.
func (r *run) report() bool {
	same := true
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "question kind\tasked\t(refused)\tequal\torder only\texpected\tdifferent\told took\tnew took\t")
	for _, kind := range r.kinds {
		t := r.tallies[kind]
		same = same && t.different == 0
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%.1fs\t%.1fs\t\n", kind,
			t.asked, t.refused, t.equal, t.reordered, t.expected, t.different, t.took[0].Seconds(), t.took[1].Seconds())
	}
	if err := out.Flush(); err != nil {
		progress("cannot print: %v", err)
		return false
	}
	for _, e := range r.expected {
		fmt.Printf("expected %d times: %s # %s\n", e.met, e.pattern, e.reason)
	}
	return same
}

func progress(format string, values ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", values...)
}
