package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"twinledger/adapters/programmefile"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/programme"
	"twinledger/domain/review"
	"twinledger/projections/reviews"
)

type reviewCommand struct {
	Community string `arg:"" help:"共同体名称（可写一部分）或编号 / the community's name, a part of it, or its id."`
	Term      string `arg:"" help:"学期，如 2017-2018/2、2017—2018学年第二学期 / the term."`
	AsOf      string `help:"截至：序号、时刻（2018-07-03T08:00:00Z）或日期 / as known at an ordinal, an instant or the end of a day." placeholder:"WHEN"`
	JudgedOn  string `help:"判定日：日期在此日之后的尚未发生、不计数；不写为今天，写了 --as-of 则为其日期 / what is dated after this day has not taken place; today, or the day of --as-of." placeholder:"DAY"`
	Programme string `help:"假如适用此方案：已发布或内置方案的代码，或 YAML 文件 / judge as if this programme were in force." placeholder:"CODE|FILE"`
	Format    string `help:"text、json 或 html / what to write." enum:"text,json,html" default:"text"`
	Out       string `help:"写入文件 / write to this file." short:"o" placeholder:"FILE" type:"path"`
	Names     bool   `help:"在 html 中显示姓名（有密钥时）/ lay people's names over the html."`
}

// Help teaches the command.
func (reviewCommand) Help() string {
	return `审查只由台账事件和当时有效的方案算出；同一时点永远得到同样的字节。JSON 的 sha256 打印在最后，网页只是它的排版。

A review is computed from the events and the programme in force, and at the same point always gives the same
bytes. The sha256 of the JSON is printed; the page is only its layout.`
}

var errPageIsNoJSON = fault.New(fault.Invalid, "review.page-is-no-json",
	"--json 不能与 --format html 同时打印；请用 --out 写入文件。", "With --json a page cannot be printed; write it to a file with --out.")

// Run writes the review.
func (c *reviewCommand) Run(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	err = c.write(ctx, p, o)
	return errors.Join(err, o.Close())
}

func (c *reviewCommand) write(ctx context.Context, p *program, o *datafolder.Folder) error {
	asked := reviewAsked{Community: c.Community, Term: c.Term, AsOf: c.AsOf, JudgedOn: c.JudgedOn, Programme: c.Programme}
	r, err := reviewOf(ctx, o, asked, func(nameOrPath string) (programme.Programme, error) {
		tree, _, err := p.programme(nameOrPath)
		return tree, err
	})
	if err != nil {
		return err
	}
	content, sum, err := r.Bytes()
	if err != nil {
		return err
	}
	format := c.Format
	if p.json && format == "text" {
		format = "json"
	}
	if p.json && format == "html" && c.Out == "" {
		return errPageIsNoJSON
	}
	var out bytes.Buffer
	switch format {
	case "json":
		out.Write(content) // and no line end: its sha256 is the one that is printed
	case "html":
		err = renderReview(ctx, o, &out, r, sum, c.Names)
	default:
		printReview(&out, r, sum)
	}
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = p.out.Write(out.Bytes())
		if err == nil && format != "text" && !p.json {
			fmt.Fprintf(p.err, "sha256 %s\n", sum)
		}
		return err
	}
	if err := os.WriteFile(c.Out, out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write review: %w", err)
	}
	written := reviewWritten{c.Out, r.AsOf.Ordinal, sum}
	return p.print(written, func(w io.Writer) {
		fmt.Fprintf(w, "已写入 written: %s\n序号 ordinal %d  sha256 %s\n", written.File, written.Ordinal, written.SHA256)
	})
}

// A reviewWritten is what "review --out" prints. Without --out the review itself
// is printed, with --json byte for byte and without a line end.
type reviewWritten struct {
	File    string `json:"file"`
	Ordinal uint64 `json:"ordinal"` // as of which it was computed
	SHA256  string `json:"sha256"`  // of the review's JSON
}

// A reviewAsked is a question for a review in the words of a user; all but the first
// two may be empty.
type reviewAsked struct{ Community, Term, AsOf, JudgedOn, Programme string }

// reviewOf computes the review that is asked for. find looks for a programme that is
// not published.
func reviewOf(ctx context.Context, o *datafolder.Folder, asked reviewAsked, find finder) (review.Review, error) {
	term, err := calendar.ReadTerm(asked.Term)
	if err != nil {
		return review.Review{}, err
	}
	ordinal, err := o.Ordinal(ctx, asked.AsOf)
	if err != nil {
		return review.Review{}, err
	}
	day, err := o.JudgedOn(ctx, asked.JudgedOn, asked.AsOf)
	if err != nil {
		return review.Review{}, err
	}
	plan := asked.Programme
	q := reviews.Question{Community: asked.Community, Term: term, AsOf: ordinal, JudgedOn: day, Published: plan}
	in, err := o.Reviews().Input(ctx, q)
	if errors.Is(err, reviews.ErrNoProgramme) {
		tree, findErr := find(plan)
		if findErr != nil {
			return review.Review{}, findErr
		}
		q.Published, q.Programme = "", &tree
		in, err = o.Reviews().Input(ctx, q)
	}
	if err != nil {
		return review.Review{}, err
	}
	return review.Compute(in), nil
}

// A finder looks for a programme that is not published, by what a user calls it.
type finder func(nameOrPath string) (programme.Programme, error)

// builtin finds built-in programmes only: whoever asks over the network names no
// files.
func builtin(code string) (programme.Programme, error) {
	file, known := programmefile.Find(code)
	if !known {
		return programme.Programme{}, reviews.ErrNoProgramme.With("programme", code)
	}
	return file.Programme, nil
}

// printReview writes the review's verdicts and counts as text.
func printReview(w io.Writer, r review.Review, sum string) {
	fmt.Fprintf(w, "%s  %s学期审查 term review %s\n", r.Community.Name, r.Term.ZH, r.Term.Code)
	fmt.Fprintf(w, "截至序号 as of ordinal %d（%s）\n", r.AsOf.Ordinal, r.AsOf.Recorded.Shown())
	fmt.Fprintf(w, "判定日 judged on %s：此日之后的尚未发生 what is dated after it has not taken place\n", r.JudgedOn)
	if r.Term.Assumed {
		fmt.Fprintf(w, "校历为假定 the calendar is assumed: %s – %s\n", r.Term.From, r.Term.To)
	}
	if r.Programme == nil {
		fmt.Fprintln(w, "本学期没有生效的方案 / no programme is in force")
	} else {
		whatIf := ""
		if r.Programme.WhatIf {
			whatIf = "（假设适用 what if）"
		}
		fmt.Fprintf(w, "方案 programme: %s %s%s\n", r.Programme.Code, r.Programme.Title.ZH, whatIf)
	}
	for _, o := range r.Obligations {
		for _, result := range o.Results {
			whom := ""
			if result.School != nil {
				whom = "  " + nameOf(*result.School)
			}
			fmt.Fprintf(w, "  %s%s：%s，%d/%d", o.ID, whom, inWords(result.Status), result.Achieved, o.AtLeast)
			if result.WithoutThem != nil {
				fmt.Fprintf(w, "%s", perhapsTwice(result.PerhapsTwice, strconv.Itoa(*result.WithoutThem)))
			}
			if result.ShortBy > 0 {
				fmt.Fprintf(w, "，差 short by %d", result.ShortBy)
			}
			if result.Excess > 0 {
				fmt.Fprintf(w, "，超出 excess %d", result.Excess)
			}
			if len(result.Because) > 0 {
				fmt.Fprintf(w, "，因为 because %s", reasonsInWords(result.Because))
			}
			fmt.Fprintf(w, "  %s\n", o.Text.ZH)
			printOverlaps(w, result.Overlaps)
		}
	}
	printCounts(w, r)
	printChanges(w, r)
	fmt.Fprintf(w, "不完整 incomplete %d，暂挂 held %d，可能重复、待判定 undecided duplicates %d，学期不明 unplaced %d，更正或作废 corrections %d\n",
		len(r.Incomplete), len(r.Held), len(r.Undecided), len(r.Unplaced), len(r.Corrections))
	fmt.Fprintf(w, "未写明共同体 without a community %d，其中在本共同体学校之间、可能补足差额的 between schools of this community %d\n", len(r.Unassigned), len(r.WithoutCommunity))
	if len(r.NotTakenPlace) > 0 {
		fmt.Fprintf(w, "尚未发生（不计数） not taken place %d", len(r.NotTakenPlace))
		if n := count(r.NotTakenPlace, func(e review.NotTakenPlaceEntry) bool { return e.Ahead }); n > 0 {
			fmt.Fprintf(w, "，其中日期在判定日之后 dated after the day judged on %d", n)
		}
		fmt.Fprintln(w)
	}
	if n := count(r.Unplaced, func(u review.UnplacedRecord) bool { return u.Place == review.PlacePerhapsAhead }); n > 0 {
		fmt.Fprintf(w, "学期不明的记录中，不能确定在判定日之前的 perhaps after the day judged on %d\n", n)
	}
	if len(r.ToldTwice) > 0 {
		fmt.Fprintf(w, "重复上报（不计数） told twice %d\n", len(r.ToldTwice))
	}
	fmt.Fprintf(w, "sha256 %s\n", sum)
}

// perhapsTwice says in brackets which records of a figure may be the same as another one.
func perhapsTwice(perhaps []review.PerhapsTwice, without string) string {
	zh, en := review.InDoubt(perhaps, without)
	return fmt.Sprintf("（%s / %s）", zh, en)
}

// count returns how many of a list are so.
func count[T any](list []T, is func(T) bool) int {
	n := 0
	for _, one := range list {
		if is(one) {
			n++
		}
	}
	return n
}

// nameOf returns a name, with the one from before when it changed within the
// term.
func nameOf(n review.NamedKey) string {
	if n.Formerly != "" {
		return n.Name + "（原" + n.Formerly + "）"
	}
	return n.Name
}

// printChanges writes what happened to schools and bears on the review.
func printChanges(w io.Writer, r review.Review) {
	for _, c := range r.SchoolChanges {
		words := []string{nameOf(c.School), inWords(c.Change), c.Name}
		for _, other := range c.Others {
			words = append(words, nameOf(other))
		}
		words = slices.DeleteFunc(append(words, string(c.On)), func(word string) bool { return word == "" })
		fmt.Fprintf(w, "  学校变动 school change：%s", strings.Join(words, " "))
		if c.Question != "" {
			fmt.Fprintf(w, "；%s", inWords(c.Question))
		}
		if c.Ahead {
			fmt.Fprintf(w, "；%s", inWords(review.Ahead))
		}
		fmt.Fprintln(w)
	}
}

// reasonsInWords joins the words of reasons, Chinese first.
func reasonsInWords(reasons []review.Reason) string {
	var out []string
	for _, r := range reasons {
		out = append(out, inWords(r))
	}
	return strings.Join(out, "；")
}

// printOverlaps writes, under a number, which postings of one person overlap.
func printOverlaps(w io.Writer, overlaps []review.PostingOverlap) {
	for _, o := range overlaps {
		overlap := sheetOverlap{[2]string{o.Postings[0].Record, o.Postings[1].Record}, o.Certain, o.From, o.Until}
		fmt.Fprintf(w, "    同一人 one person %s：", o.Person)
		overlap.write(w)
	}
}

func printCounts(w io.Writer, r review.Review) {
	for _, c := range r.Counts {
		total := c.Total + " " + c.Measure
		if c.Numbered == 0 && c.Total == "0" {
			total = "未注明数量 not numbered"
		}
		if c.WithoutThem != "" {
			total += perhapsTwice(c.PerhapsTwice, c.WithoutThem)
		}
		fmt.Fprintf(w, "  %s %s：%s", c.Kind.ZH, c.Kind.EN, total)
		if len(c.Subjects) > 0 {
			fmt.Fprintf(w, "，学科 subjects %d", len(c.Subjects))
		}
		if len(c.From) > 0 {
			fmt.Fprintf(w, "，派出 from %d 校 schools", len(c.From))
		}
		fmt.Fprintf(w, "；记录 records %d，已注明数量 numbered %d，未注明 unnumbered %d\n", c.Records, c.Numbered, c.Unnumbered)
		printOverlaps(w, c.Overlaps)
	}
}
