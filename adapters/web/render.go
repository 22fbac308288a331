package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"

	"twinledger/domain/review"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed style.css
var stylesheet string

// stylesheetPath changes with the stylesheet, so that it may be kept forever.
var stylesheetPath = func() string {
	sum := sha256.Sum256([]byte(stylesheet))
	return "/static/" + hex.EncodeToString(sum[:6]) + ".css"
}()

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"say": say, "sayOf": sayOf, "both": both, "zh": zh, "total": total,
}).ParseFS(templateFiles, "templates/*.html"))

// A frame is what every page has around its content.
type frame struct {
	Title  string
	Served bool // by a server: with a way home and a stylesheet of its own
}

// Stylesheet is the path of the stylesheet of a served page.
func (f frame) Stylesheet() string { return stylesheetPath }

// Style is the stylesheet itself, for a page that stands alone.
func (f frame) Style() template.CSS {
	return template.CSS(stylesheet) //nolint:gosec // our own embedded file
}

// RenderReview writes the printable page of a review: one file that needs
// nothing beside it. sha256 is that of the review's bytes, as [review.Review.Bytes]
// returns it; show says what the reader may see, nil or [NoNames] nothing. It
// fails, having written nothing, when show fails.
func RenderReview(ctx context.Context, w io.Writer, r review.Review, sha256 string, show Overlay) error {
	laid, err := layOver(ctx, r, show)
	if err != nil {
		return fmt.Errorf("render review: %w", err)
	}
	return render(w, "review.html", compose(r, sha256, laid))
}

// render writes a page when all of it could be made.
func render(w io.Writer, name string, data any) error {
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	_, err := w.Write(page.Bytes())
	return err
}
