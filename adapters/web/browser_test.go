package web_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"twinledger/adapters/web"
)

const chromium = "/usr/bin/chromium"

// browser starts Chromium with a profile of its own. Without Chromium the tests
// fail: how a page looks is part of what is promised.
func browser(t *testing.T) context.Context {
	t.Helper()
	if _, err := exec.LookPath(chromium); err != nil {
		t.Fatalf("%v: the pages are tested in a browser; on Debian run: apt-get install chromium fonts-noto-cjk", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(chromium), chromedp.NoFirstRun, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("close %s: %v", chromium, err)
		}
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", chromium, err)
	}
	return ctx
}

func serve(t *testing.T) (address string) {
	t.Helper()
	server := httptest.NewServer(web.New(web.Config{Source: &shelf{}}))
	t.Cleanup(server.Close)
	return server.URL
}

var reviewPath = "/reviews/" + key("community", 1) + "/2017-2018/2"

// do runs steps in the browser.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// see runs something in the browser and returns what it gave.
func see[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func open(t *testing.T, ctx context.Context, width int64, address string) {
	t.Helper()
	do(t, ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS("h1")))
}

func TestPagesInABrowser(t *testing.T) {
	server, ctx := serve(t), browser(t)
	pages := []struct{ name, path string }{
		{"index", "/"}, {"review", reviewPath}, {"failure", "/reviews/x/2017-2018/3"},
	}
	for _, width := range []int64{360, 1280} {
		for _, page := range pages {
			t.Run(fmt.Sprintf("%s at %d pixels", page.name, width), func(t *testing.T) {
				open(t, ctx, width, server+page.path)
				if background := see(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`)); background != "rgb(242, 243, 241)" {
					t.Errorf("the background is %s: the stylesheet does not apply", background)
				}
				fitsItsWidth(t, ctx, width)
				hasContrast(t, ctx)
				shoot(t, ctx, fmt.Sprintf("%s-%d.png", page.name, width))
			})
		}
		t.Run(fmt.Sprintf("a figure leads to its record at %d pixels", width), func(t *testing.T) {
			open(t, ctx, width, server+reviewPath)
			followsAFigure(t, ctx)
		})
	}
}

func fitsItsWidth(t *testing.T, ctx context.Context, width int64) {
	t.Helper()
	scroll := see(t, ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
	wide := see(t, ctx, chromedp.Evaluate[[]string](`
		[...document.querySelectorAll("body *:not(.skip, .skip *)")]
			.filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest("thead"))
			.map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40))`))
	if scroll > width || len(wide) > 0 {
		t.Errorf("the page is %d pixels wide in a window of %d; too wide: %q", scroll, width, wide)
	}
}

// hasContrast finds text whose contrast with its background is below 4.5 to 1
// (WCAG 2.2, 1.4.3).
func hasContrast(t *testing.T, ctx context.Context) {
	t.Helper()
	faint := see(t, ctx, chromedp.Evaluate[[]string](`(() => {
		const rgb = s => s.match(/[\d.]+/g).map(Number);
		const light = c => { const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
			return .2126 * r + .7152 * g + .0722 * b; };
		const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
			return [255, 255, 255]; };
		return [...document.querySelectorAll("body *")]
			.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.matches(".dot"))
			.filter(e => { const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
				return (a + .05) / (b + .05) < 4.5; })
			.map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40));
	})()`))
	if len(faint) > 0 {
		t.Errorf("too little contrast: %q", faint)
	}
}

// followsAFigure clicks from a total to its record, from there to its events,
// and finds the row where it was read.
func followsAFigure(t *testing.T, ctx context.Context) {
	t.Helper()
	headline := see(t, ctx, chromedp.Text(chromedp.CSS("#counts")))
	for _, figure := range []string{"10 节", "6 个：语文、英语、数学、科技、音乐、国学", "已注明数量的记录 1 条", "未注明 1 条"} {
		if !strings.Contains(headline, figure) {
			t.Errorf("the counts do not say %q", figure)
		}
	}
	row, evidence := "#r-"+tenLessons.Record, "#e-"+tenLessons.Record
	do(t, ctx, chromedp.Click(chromedp.CSS(`#counts a.figure[href="`+row+`"]`)), chromedp.WaitVisible(chromedp.CSS(row+":target")))
	line := see(t, ctx, chromedp.Text(chromedp.CSS(row)))
	do(t, ctx, chromedp.Click(chromedp.CSS(row+" a.no")), chromedp.WaitVisible(chromedp.CSS(evidence+":target")))
	events := see(t, ctx, chromedp.Text(chromedp.CSS(evidence)))
	if !strings.Contains(line, "送课活动") || !strings.Contains(events, eventID(21)) || !strings.Contains(events, "第 6 行") {
		t.Errorf("10 节 leads to %q and %q", line, events)
	}
	inView := `(r => r.top >= 0 && r.top < innerHeight)(document.querySelector(":target").getBoundingClientRect())`
	if !see(t, ctx, chromedp.Evaluate[bool](inView)) {
		t.Error("the record's evidence is not in view")
	}
}

func TestNothingIsHiddenOnPaper(t *testing.T) {
	server, ctx := serve(t), browser(t)
	open(t, ctx, 1280, server+reviewPath)
	onPaper := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		return tab.Call(ctx, "Emulation.setEmulatedMedia", map[string]string{"media": "print"}, nil)
	})
	do(t, ctx, onPaper)
	hidden := see(t, ctx, chromedp.Evaluate[[]string](`
		[...document.querySelectorAll("main *:not(form, form *, br)")]
			.filter(e => e.textContent.trim() && !e.checkVisibility({visibilityProperty: true, opacityProperty: true}))
			.map(e => e.tagName + " " + e.textContent.slice(0, 40))`))
	navigation := see(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("nav, form, .skip")].filter(e => e.checkVisibility()).length`))
	repeated := see(t, ctx, chromedp.Evaluate[bool](`[...document.querySelectorAll("thead")].every(e => getComputedStyle(e).display === "table-header-group")`))
	if len(hidden) > 0 || navigation > 0 || !repeated {
		t.Errorf("hidden on paper: %q; pieces of navigation on paper: %d; table headings repeated: %v", hidden, navigation, repeated)
	}
	pdf := see(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Error("the page does not print")
	}
	keep(t, "review.pdf", pdf)
}

// shoot keeps a picture of the whole page, for people to look at.
func shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if os.Getenv(shots) != "" {
		keep(t, name, see(t, ctx, chromedp.FullScreenshot(100)))
	}
}

// shots is the variable that names a folder for pictures of the pages.
const shots = "TWINLEDGER_SHOTS"

func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if folder := os.Getenv(shots); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
