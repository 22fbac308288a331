package main

import (
	"context"
	"encoding/json"
	"fmt"

	"twinledger/domain/intake"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// label returns the file and sheet names of an import, which are sealed in the
// log; ok is false when they cannot be read.
func (o *office) label(ctx context.Context, key string) (label intake.Label, ok bool) {
	if o.vault == nil {
		return label, false
	}
	history, err := o.handler.Load(ctx, key)
	if err != nil || len(history) == 0 {
		return label, false
	}
	started, isImport := history[0].Fact.(intake.Started)
	if !isImport || started.Label.Sealed == nil {
		return label, false
	}
	text, err := o.vault.Open(ctx, *started.Label.Sealed, seal.Place(key, intake.LabelField))
	if err != nil || json.Unmarshal([]byte(text), &label) != nil {
		return label, false
	}
	return label, true
}

// placeOf names the place of a row in words.
func (o *office) placeOf(ctx context.Context, s record.Source) string {
	label, ok := o.label(ctx, s.Import)
	if !ok {
		return fmt.Sprintf("%s 第 %d 个工作表 sheet %d 第 %d 行 row %d", s.Import, s.Sheet+1, s.Sheet+1, s.Row, s.Row)
	}
	sheet := ""
	if s.Sheet < len(label.Sheets) && label.Sheets[s.Sheet] != "" {
		sheet = "工作表 sheet “" + label.Sheets[s.Sheet] + "” "
	}
	return fmt.Sprintf("%s %s第 %d 行 row %d", label.File, sheet, s.Row, s.Row)
}
