package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"twinledger/adapters/httpapi"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/fault"
)

type rebuildCommand struct {
	Anew      bool `help:"不接着上次中断处，从头重建 / begin at the first record, also where a stopped rebuild could go on."`
	AcceptLog bool `help:"以现在的 ledger.sqlite 为准，丢弃与它不符的读模型 / take ledger.sqlite as it is and drop read models that were built from another history."`
	Status    bool `help:"查看 serve 中正在进行的重建 / how far a rebuild inside serve is." xor:"what"`
	Cancel    bool `help:"停止 serve 中正在进行的重建，以后可接着进行 / stop a rebuild inside serve; the next one goes on from there." xor:"what"`
	Back      bool `help:"退回上一代读模型 / serve the former read models again." xor:"what"`
	Release   bool `help:"删除上一代读模型 / remove the former read models." xor:"what"`
}

// Help teaches the command.
func (rebuildCommand) Help() string {
	return `读模型由台账事件从零重建：新文件建在旁边，建好后与正在使用的比对并列出差异，再替换；上一代保留到 --release，--back 可立即退回。
中断不影响正在使用的读模型，再次运行即可继续。serve 运行时由它来重建，查询照常。

Read models are built anew from the log beside those that are served. When they are complete, what they say otherwise is
listed, and they take their place; the former ones stay until --release, and --back serves them again at once. Broken off,
a rebuild is continued by running it again. While serve runs, it builds them and goes on answering.`
}

var errAcceptBesideServe = fault.New(fault.Refused, "rebuild.accept-beside-serve",
	"serve 正在运行；请先停止它，再用 --accept-log。", "serve is running; stop it before you use --accept-log.")

// What a rebuild inside serve ended with.
var (
	errRebuildFailed = fault.New(fault.Unavailable, "rebuild.failed",
		"serve 未能重建读模型，一切照旧；原因见 why 和 serve 的日志。", "serve could not build the read models, and nothing changed; why says the cause, and so does the log of serve.")
	errRebuildStopped = fault.New(fault.Unavailable, "rebuild.stopped",
		"重建已停止，一切照旧；再次运行 twinledger rebuild 即可。", "The rebuild was stopped, and nothing changed; run twinledger rebuild again.")
)

// Run builds new read models and serves them, or does what else is asked.
func (c *rebuildCommand) Run(ctx context.Context, p *program) error {
	f, err := datafolder.OpenToRebuild(ctx, p.folderOptions())
	if errors.Is(err, datafolder.ErrBusy) {
		return c.beside(ctx, p, err)
	}
	if err != nil {
		return err
	}
	result, err := c.here(ctx, p, f)
	if result.Phase != "" {
		err = errors.Join(p.print(result, c.text(result)), err)
	}
	return errors.Join(err, f.Close())
}

// here does what is asked in a folder that is held.
func (c *rebuildCommand) here(ctx context.Context, p *program, f *datafolder.Folder) (rebuildResult, error) {
	if c.Cancel {
		return rebuildResult{}, datafolder.ErrNotRebuilding
	}
	// A damaged file must not keep its own rebuild from being opened.
	if err := f.OpenModels(true); err != nil {
		return rebuildResult{}, err
	}
	err := f.CheckHistory(ctx)
	accepting := datafolder.IsOtherHistory(err) && c.AcceptLog && !c.Back && !c.Release
	if err != nil && !accepting {
		return rebuildResult{}, err
	}
	if c.Status {
		r, err := f.RebuildState(ctx)
		return rebuildResult{r}, err
	}
	if c.Back || c.Release {
		change := f.Models.GoBack
		if c.Release {
			change = f.Models.Release
		}
		if err := change(); err != nil {
			return rebuildResult{}, err
		}
		r, err := f.RebuildState(ctx)
		return rebuildResult{r}, err
	}
	bar := p.progress("重建 rebuild")
	r, err := f.RebuildNow(ctx, c.Anew || accepting, accepting, func(r httpapi.Rebuild) { bar.step(r.Done, r.Total) })
	bar.end()
	return rebuildResult{r}, err
}

// pollEvery is how often serve is asked how far its rebuild is.
const pollEvery = 200 * time.Millisecond

// beside lets the serve that holds the folder do what is asked.
func (c *rebuildCommand) beside(ctx context.Context, p *program, busy error) error {
	client, _, err := datafolder.ServeOf(ctx, p.data)
	if err != nil || client == nil {
		return errors.Join(busy, err)
	}
	if c.AcceptLog {
		return errAcceptBesideServe
	}
	order := httpapi.RebuildOrder{Do: "start", Anew: c.Anew}
	switch {
	case c.Status:
		order.Do = ""
	case c.Cancel:
		order.Do = "cancel"
	case c.Back:
		order.Do = "go_back"
	case c.Release:
		order.Do = "release"
	}
	r, err := client.Rebuild(ctx, order)
	if err == nil && order.Do == "start" {
		r, err = c.follow(ctx, p, client)
	}
	if err != nil {
		return err
	}
	return errors.Join(p.print(rebuildResult{r}, c.text(rebuildResult{r})), c.outcome(r))
}

// outcome returns why a rebuild that was waited for did not come to its end.
func (c *rebuildCommand) outcome(r httpapi.Rebuild) error {
	switch {
	case c.Status || c.Cancel || c.Back || c.Release:
	case r.Phase == httpapi.RebuildFailed:
		return errRebuildFailed.With("why", r.Why)
	case r.Phase == httpapi.RebuildStopped:
		return errRebuildStopped
	}
	return nil
}

// follow shows how far serve's rebuild is until it ends. Ctrl-C stops it.
func (c *rebuildCommand) follow(ctx context.Context, p *program, client *httpapi.Client) (httpapi.Rebuild, error) {
	bar := p.progress("重建 rebuild")
	defer bar.end()
	for {
		r, err := client.Rebuild(ctx, httpapi.RebuildOrder{})
		if ctx.Err() != nil {
			return client.Rebuild(context.WithoutCancel(ctx), httpapi.RebuildOrder{Do: "cancel"})
		}
		if err != nil || !r.Runs() {
			return r, err
		}
		bar.step(r.Done, r.Total)
		select {
		case <-ctx.Done():
		case <-time.After(pollEvery):
		}
	}
}

// A rebuildResult is what "rebuild" prints.
type rebuildResult struct{ httpapi.Rebuild }

var rebuildWords = map[httpapi.RebuildPhase]string{
	httpapi.RebuildNone: "读模型 read models", httpapi.RebuildBuilding: "正在重建 being built", httpapi.RebuildComparing: "正在比对 being compared",
	httpapi.RebuildServed: "读模型已重建并启用 rebuilt and served", httpapi.RebuildStopped: "已停止，再次运行即可继续 stopped; run it again to go on", httpapi.RebuildFailed: "未能完成，一切照旧 failed, nothing changed",
}

// text returns what prints a result: of going back and of releasing which read models
// there are, and else how the rebuild stands.
func (c *rebuildCommand) text(r rebuildResult) func(io.Writer) {
	if c.Back || c.Release || r.Phase == httpapi.RebuildNone {
		return r.generations
	}
	return r.progress
}

// generations prints which read models there are.
func (r rebuildResult) generations(w io.Writer) {
	fmt.Fprintf(w, "正在使用 served: %s\n", r.Served)
	if r.Former != "" {
		fmt.Fprintf(w, "上一代 former: %s（--back 退回 go back，--release 删除 remove）\n", r.Former)
	}
}

func (r rebuildResult) progress(w io.Writer) {
	words := rebuildWords[r.Phase]
	if r.Phase == httpapi.RebuildStopped && r.Why != "" { // it cannot be gone on with
		words = "已停止 stopped"
	}
	fmt.Fprint(w, words)
	if r.Runs() {
		fmt.Fprintf(w, "  %d/%d", r.Done, r.Total)
	}
	if r.Ordinal > 0 {
		fmt.Fprintf(w, "，序号 ordinal %d", r.Ordinal)
	}
	if r.Why != "" {
		fmt.Fprintf(w, "：%s", r.Why)
	}
	fmt.Fprintln(w)
	if r.Phase == httpapi.RebuildServed && r.Compared && !printDifferences(w, r.Differences) {
		fmt.Fprintln(w, "  与原读模型内容相同 nothing differs")
	}
	if r.Former != "" {
		fmt.Fprintf(w, "上一代 former: %s（--back 退回 go back，--release 删除 remove）\n", r.Former)
	}
}

// printDifferences prints what one generation says otherwise than another, and tells
// whether there is anything.
func printDifferences(w io.Writer, tables []httpapi.TableDifference) (differs bool) {
	for _, t := range tables {
		if t.Missing+t.Added+t.Changed == 0 {
			continue
		}
		differs = true
		fmt.Fprintf(w, "  差异 differences in %s：缺 missing %d，多 added %d，不同 changed %d\n", t.Table, t.Missing, t.Added, t.Changed)
		for _, d := range t.First {
			fmt.Fprintf(w, "    序号 ordinal %d %s：原 was %s，新 is %s\n", d.Ordinal, d.Key, d.Was, d.Is)
		}
	}
	return differs
}
