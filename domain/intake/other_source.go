package intake

import (
	"context"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake/reading"
	"twinledger/domain/seal"
)

// What is said of a file that looks like a later one of another source.
var (
	ErrLikeAnotherSource = fault.New(fault.Invalid, "intake.like-another-source",
		"此文件有些行已由另一来源的文件入账，其余作为新记录。若它是那份文件的更正，请改用所示的 --source 导入：与之对比，只补入差异。",
		"Some rows of the file were recorded from another source's file, and the others are new. If it corrects that file, import it under the --source that is shown: it is then compared and adds only the difference.")
	ErrRecordElsewhere = fault.New(fault.Refused, "intake.record-elsewhere",
		"此记录编号的记录已由另一来源的文件入账，而内容不同；另记一条就重复了，未写入任何内容。若是同一台账较新的导出，请用所示的 --source 导入，差异成为更正。",
		"The record with this id was recorded from another source's file and says something else here; to record it once more would count it twice, so nothing was written. If this is a later export of the same ledger, import it under the --source that is shown: the difference becomes corrections.")
)

// checkOtherSources looks at the first file of a source. One that shares rows with
// another source's and brings others is warned of; one that would record another
// ledger's record a second time is refused.
func (run *run) checkOtherSources(ctx context.Context, report *Report) error {
	shared, fresh := map[string]int{}, 0
	most := ""
	for _, line := range report.Lines {
		switch {
		case line.Outcome != Already:
			fresh++
		case line.First.Import != report.Import:
			shared[line.First.Import]++
			if shared[line.First.Import] > shared[most] {
				most = line.First.Import
			}
		}
	}
	if most == "" || fresh == 0 {
		return nil
	}
	state, err := run.importState(ctx, most)
	if err != nil || state.started.Source == report.Source {
		return err
	}
	about := func(f *fault.Error, place fault.Place) *fault.Error {
		f = f.At(place).With("file", run.label(ctx, most).File)
		if name := run.sourceName(ctx, state.started.Source); name != "" {
			f = f.With("source", name)
		}
		return f
	}
	known, err := run.recordsOf(ctx, state, report)
	if err != nil {
		return err
	}
	for _, line := range report.Lines {
		if line.Outcome != Already && line.Plan.register() != "" && known[line.Plan.Row.Former] {
			return about(ErrRecordElsewhere, line.Plan.place(reading.ColumnRecord))
		}
	}
	report.Warnings = append(report.Warnings, about(ErrLikeAnotherSource, fault.Place{File: fileOf(report.Tables)}).With("rows", shared[most]).With("new", fresh))
	return nil
}

// recordsOf returns the ids, in the ledger that wrote it, of the records that an
// import holds, none when the file to be compared has no such ids itself.
func (run *run) recordsOf(ctx context.Context, state importState, report *Report) (map[string]bool, error) {
	known, asked := map[string]bool{}, false
	for _, line := range report.Lines {
		former := line.Plan.Row.Former
		asked = asked || line.Outcome != Already && line.Plan.register() != "" && !line.Plan.isParty() && reading.IsKey(former, event.StreamKind(former))
	}
	if !asked {
		return known, nil
	}
	rows, err := run.formerRows(ctx, state)
	for _, row := range rows {
		cells, failed := run.openCells(ctx, row.Row)
		if failed != nil {
			return nil, failed
		}
		if id := cells[reading.ColumnRecord]; id != "" && !reading.IsParty(event.StreamKind(id)) {
			known[id] = true
		}
	}
	return known, err
}

// sourceName returns what a source is called, "" when that cannot be read.
func (run *run) sourceName(ctx context.Context, source string) string {
	history, err := run.Handler.Load(ctx, source)
	if err != nil {
		return ""
	}
	for _, e := range history {
		noted, is := e.Fact.(SourceNoted)
		if !is {
			continue
		}
		if noted.Name.Sealed == nil {
			return noted.Name.Clear
		}
		if name, err := run.Handler.Vault.Open(ctx, *noted.Name.Sealed, seal.Place(source, "name")); err == nil {
			return name
		}
	}
	return ""
}
