package web_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/adapters/web"
	"twinledger/domain/review"
)

var update = flag.Bool("update", false, "write the golden pages anew")

var (
	embeddedStyle = regexp.MustCompile(`(?s)<style>.*</style>`)
	linkedStyle   = regexp.MustCompile(`/static/[0-9a-f]+\.css`)
)

// golden compares a page, less its stylesheet, with the one that was approved.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = linkedStyle.ReplaceAllString(embeddedStyle.ReplaceAllString(got, "<style></style>"), "/static/style.css")
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the tests with -update and look at the page", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got); if it should, run with -update:\n%s", name, diff)
	}
}

func rendered(t *testing.T, r review.Review, show web.Overlay) string {
	t.Helper()
	_, sum, err := r.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := web.RenderReview(t.Context(), &out, r, sum, show); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// An element is a start tag of a page.
type element struct {
	name  string
	attrs map[string]string
}

// elements reads a page strictly enough to notice a tag that is not closed
// where it should be.
func elements(t *testing.T, page string) []element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var out []element
	var open []string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("page is not well formed: %v", err)
		}
		switch tag := token.(type) {
		case xml.StartElement:
			e := element{tag.Name.Local, map[string]string{}}
			for _, a := range tag.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			out = append(out, e)
			switch e.name {
			case "meta", "link", "input", "br":
			default:
				open = append(open, e.name)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != tag.Name.Local {
				t.Fatalf("</%s> closes %v", tag.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("never closed: %v", open)
	}
	return out
}

func TestReviewPage(t *testing.T) {
	t.Run("nothing may be shown", func(t *testing.T) {
		golden(t, "review-sealed.html", rendered(t, everySituation(), web.NoNames))
	})
	t.Run("everything may be shown", func(t *testing.T) {
		golden(t, "review-named.html", rendered(t, everySituation(), allowed{}))
	})
	t.Run("nothing recorded and no programme", func(t *testing.T) {
		r := everySituation()
		empty := review.Review{Form: r.Form, Evaluator: 1, Template: 1, Ledger: r.Ledger, AsOf: r.AsOf, Community: r.Community, Term: review.Term{Code: r.Term.Code, ZH: r.Term.ZH}}
		golden(t, "review-empty.html", rendered(t, empty, nil))
	})
}

func TestEveryAnchorLeadsSomewhere(t *testing.T) {
	for name, page := range map[string]string{
		"sealed": rendered(t, everySituation(), web.NoNames), "named": rendered(t, everySituation(), allowed{}),
		"empty": rendered(t, review.Review{}, nil),
	} {
		t.Run(name, func(t *testing.T) {
			ids := map[string]bool{}
			all := elements(t, page)
			for _, e := range all {
				if id, ok := e.attrs["id"]; ok {
					if id == "" || ids[id] {
						t.Errorf("<%s id=%q> is empty or taken", e.name, id)
					}
					ids[id] = true
				}
			}
			for _, e := range all {
				for _, name := range []string{"href", "aria-labelledby", "aria-describedby", "for"} {
					value, ok := e.attrs[name]
					if !ok {
						continue
					}
					target, err := url.PathUnescape(strings.TrimPrefix(value, "#"))
					if err != nil || !ids[target] {
						t.Errorf("<%s %s=%q> leads nowhere", e.name, name, value)
					}
				}
			}
		})
	}
}

func TestEveryRecordOpensToItsEventsAndItsRow(t *testing.T) {
	page := rendered(t, everySituation(), allowed{})
	evidence := page[strings.Index(page, `id="evidence"`):]
	for _, ref := range []review.Ref{
		founding, rostered, tenLessons, oneLesson, oldLesson, voidLesson, posting, swap, visit, meeting, seminar, research, summary, checked,
		yearOnly, undated, heldDay, heldKind,
	} {
		_, block, found := strings.Cut(evidence, `id="e-`+ref.Record+`"`)
		if !found {
			t.Errorf("%s has no evidence", ref.Record)
			continue
		}
		block, _, _ = strings.Cut(block, "</tbody>")
		for _, e := range ref.Events {
			if !strings.Contains(block, e.ID) || !strings.Contains(block, e.Type) {
				t.Errorf("the evidence of %s lacks event %s", ref.Record, e.ID)
			}
		}
		switch {
		case ref.Source == nil && !strings.Contains(block, "直接登记"):
			t.Errorf("the evidence of %s does not say that it was entered directly", ref.Record)
		case ref.Source != nil && ref.Source.Sheet == 0 && !strings.Contains(block, fileName+" 工作表“"+sheetName+"”第 "):
			t.Errorf("the evidence of %s does not name file, sheet and row", ref.Record)
		case ref.Source != nil && ref.Source.Sheet == 1 && !strings.Contains(block, "工作表 2 第 2 行"):
			t.Errorf("the evidence of %s does not number its nameless sheet", ref.Record)
		}
	}
	if !strings.Contains(evidence, `id="e-`+key("filing", 38)+`"`) {
		t.Error("a record that only a correction names has no evidence")
	}
}

func TestTablesCanBeReadAloud(t *testing.T) {
	page := rendered(t, everySituation(), allowed{})
	all := elements(t, page)
	tables, captions := 0, 0
	for i, e := range all {
		switch e.name {
		case "table":
			tables++
			if all[i+1].name != "caption" {
				t.Errorf("a table begins with <%s>, not with a caption", all[i+1].name)
			}
		case "caption":
			captions++
		case "th":
			if e.attrs["scope"] == "" {
				t.Error("a heading has no scope")
			}
		case "span":
			if e.attrs["class"] == "en" && e.attrs["lang"] != "en" {
				t.Error("English is not marked as such")
			}
		}
	}
	if tables == 0 || tables != captions {
		t.Errorf("%d tables and %d captions", tables, captions)
	}
	for _, landmark := range []string{`<html lang="zh-CN">`, "<header", "<nav", `<main id="main"`, "<footer", `href="#main"`} {
		if !strings.Contains(page, landmark) {
			t.Errorf("the page lacks %s", landmark)
		}
	}
}

func TestNamesAreShownOnlyByTheOverlay(t *testing.T) {
	secrets := []string{teacherName, fileName, sheetName}
	shown := rendered(t, everySituation(), allowed{})
	for _, secret := range secrets {
		if !strings.Contains(shown, secret) {
			t.Errorf("%s is not shown to one who may see it", secret)
		}
	}
	if !strings.Contains(shown, "密封内容与封存时不符") {
		t.Error("a broken seal is not told")
	}
	for name, overlay := range map[string]web.Overlay{"NoNames": web.NoNames, "none given": nil} {
		page := rendered(t, everySituation(), overlay)
		for _, secret := range secrets {
			if strings.Contains(page, secret) {
				t.Errorf("%s: %s is shown", name, secret)
			}
		}
		if !strings.Contains(page, "已密封") || !strings.Contains(page, "a0000001") {
			t.Errorf("%s: neither seals nor people's keys are shown", name)
		}
	}
}

func TestNothingIsWrittenWhenTheOverlayFails(t *testing.T) {
	broken := errors.New("disk on fire")
	var out bytes.Buffer
	err := web.RenderReview(t.Context(), &out, everySituation(), "", allowed{fails: broken})
	if !errors.Is(err, broken) || out.Len() > 0 {
		t.Errorf("got %v and %d bytes, want the failure and nothing", err, out.Len())
	}
}

func TestHostileTextStaysText(t *testing.T) {
	const attack = `</style><script>alert("1")</script><b onclick='x'>&amp;{{.}}`
	r := everySituation()
	r.Community.Name, r.District.Name, r.Term.ZH = attack, attack, attack
	r.Parties[0].School.Name, r.Programme.Title.ZH, r.Programme.Source = attack, attack, attack
	r.Obligations[0].ID, r.Obligations[0].Text.ZH, r.Obligations[0].Section = attack, attack, attack
	e := &r.Registers[0].Entries[0]
	e.Title, e.Subjects, e.People = inClear(attack), []string{attack}, []string{attack}
	e.Quantity.Text, e.Occurred = attack, attack
	r.Held[0].Problems[0].Code, r.Held[0].Problems[0].Column = attack, attack
	r.Corrections[0].Reason, r.Corrections[0].Target = inClear(attack), attack
	page := rendered(t, r, web.NoNames)
	for _, e := range elements(t, embeddedStyle.ReplaceAllString(page, "")) {
		if e.name == "script" || e.name == "b" && len(e.attrs) > 1 {
			t.Errorf("a hostile text became <%s %v>", e.name, e.attrs)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "onclick='") || strings.Contains(page, `onclick="`) {
		t.Error("a hostile text became markup")
	}
	if strings.Count(page, "&lt;script&gt;") < 10 {
		t.Error("hostile texts were dropped, not shown")
	}
}

func TestAPageNeedsNothingFromElsewhere(t *testing.T) {
	page := rendered(t, everySituation(), web.NoNames)
	for _, e := range elements(t, page) {
		for _, name := range []string{"src", "action", "style", "onclick"} {
			if value, ok := e.attrs[name]; ok {
				t.Errorf("<%s %s=%q>", e.name, name, value)
			}
		}
		if e.name == "script" || e.name == "link" || e.name == "img" {
			t.Errorf("the page has <%s>", e.name)
		}
	}
	if regexp.MustCompile(`(?i)url\(|@import|https?:`).MatchString(page) {
		t.Error("the page names another resource")
	}
}
