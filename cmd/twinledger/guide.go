package main

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"twinledger/domain/fault"
)

// guideText is the clerk's guide. Every chapter begins with a line "## " and its title.
//
//go:embed guide/guide.md
var guideText string

type guideCommand struct {
	Chapter string `arg:"" optional:"" help:"只印标题含有此词的章，如 导入 / only the chapters with this word in their title."`
	List    bool   `help:"只列各章标题 / only list the titles of the chapters."`
}

// Help teaches the command.
func (guideCommand) Help() string {
	return `县级经办人员的使用说明，从第一次使用到出错时看什么。先看有哪些章：twinledger guide --list；只看一章：twinledger guide 导入。

The guide for the clerk in the county office, in Chinese, from the first use to what to do about errors.`
}

var errNoChapter = fault.New(fault.NotFound, "guide.no-chapter",
	"使用说明中没有标题含有此词的章；各章标题见 twinledger guide --list。",
	"No chapter of the guide has this word in its title; see the titles with twinledger guide --list.")

// A guideResult is what "guide" prints.
type guideResult struct {
	Chapters []guideChapter `json:"chapters"`
}

// A guideChapter is one chapter of the guide.
type guideChapter struct {
	Title string `json:"title"`
	Text  string `json:"text,omitempty"` // Markdown; left out where only titles are listed
}

// Run prints the guide, or the chapters that are asked for.
func (c *guideCommand) Run(p *program) error {
	result := guideResult{[]guideChapter{}}
	for _, chapter := range guideChapters() {
		if !strings.Contains(chapter.Title, c.Chapter) {
			continue
		}
		if c.List {
			chapter.Text = ""
		}
		result.Chapters = append(result.Chapters, chapter)
	}
	if len(result.Chapters) == 0 {
		return errNoChapter.With("chapter", c.Chapter)
	}
	return p.print(result, result.text)
}

func (r guideResult) text(w io.Writer) {
	for i, chapter := range r.Chapters {
		switch {
		case chapter.Text == "":
			fmt.Fprintln(w, chapter.Title)
		case i > 0:
			fmt.Fprintf(w, "\n\n%s\n", chapter.Text)
		default:
			fmt.Fprintln(w, chapter.Text)
		}
	}
}

// guideChapters returns the chapters of the guide in their order.
func guideChapters() []guideChapter {
	_, text, _ := strings.Cut(guideText, "\n## ") // in front of the first stands the title of the guide
	var out []guideChapter
	for part := range strings.SplitSeq(text, "\n## ") {
		title, _, _ := strings.Cut(part, "\n")
		out = append(out, guideChapter{Title: title, Text: "## " + strings.TrimSpace(part)})
	}
	return out
}
