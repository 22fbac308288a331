package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"twinledger/adapters/httpapi"
	"twinledger/domain/intake"
)

func TestAnImportIsUndone(t *testing.T) {
	config := imported()
	var sent httpapi.UndoOrder
	config.CommandGateway = deskOf{undo: func(_ context.Context, order httpapi.UndoOrder) (intake.Undoing, error) {
		sent = order
		if strings.HasSuffix(order.Import, "a2") {
			return intake.Undoing{}, intake.ErrNoSuchImport.With("import", order.Import)
		}
		done := intake.Undoing{Import: order.Import, Source: "source-" + id("a3"), DryRun: order.DryRun, Rows: 4, Voided: []string{lessonA}, Restored: []string{},
			Kept: []intake.Kept{{Key: core, By: lessonB}}}
		if !order.DryRun {
			done.Token = "s:40"
		}
		return done, nil
	}}
	h := handler(t, config)
	d := served(t, h)
	const path = "/api/v1/imports/{key}/undo"
	at := strings.Replace(path, "{key}", importOne, 1)
	w := write(h, at, `{"reason": "选错了文件"}`, "Twinledger-Actor", "clerk-2")
	d.checkOf(t, "post", path, w)
	if w.Code != http.StatusCreated || sent.Import != importOne || sent.Reason != "选错了文件" || sent.Actor != "clerk-2" || sent.DryRun {
		t.Errorf("%d, sent %+v", w.Code, sent)
	}
	golden(t, "undone.json", w.Body.Bytes())
	w = write(h, at, `{"reason": "选错了文件", "dry_run": true}`)
	d.checkOf(t, "post", path, w)
	if w.Code != http.StatusOK || !sent.DryRun {
		t.Errorf("a dry run: %d, sent %+v", w.Code, sent)
	}
	for situation, w := range map[string]int{
		"another's import": write(h, strings.Replace(path, "{key}", importTwo, 1), `{"reason": "错"}`).Code,
		"no key":           write(h, strings.Replace(path, "{key}", "lesson-1", 1), `{"reason": "错"}`).Code,
		"an unknown field": write(h, at, `{"why": "错"}`).Code,
		"no secret":        write(h, at, `{"reason": "错"}`, "Authorization", "").Code,
	} {
		if w < http.StatusBadRequest {
			t.Errorf("%s is answered with %d", situation, w)
		}
	}
}
