package intake

import (
	"fmt"
	"slices"
	"strings"

	"twinledger/domain/fault"
	"twinledger/domain/intake/comparing"
	"twinledger/domain/intake/reading"
)

// A Comparison is what a file changes of the last accepted one of its source. It
// is plain data; the tags doc and example describe it to whoever serves it.
type Comparison struct {
	With      string          `json:"with" doc:"Key of the import that the file is compared with." example:"import-01980a6e-7c10-8000-8000-000000000006"`
	File      string          `json:"file,omitempty" doc:"Name of that import's file; left out when it cannot be shown." example:"records.xlsx"`
	Older     bool            `json:"older,omitempty" doc:"The file has rows that later files replaced or left out." example:"false"`
	Unchanged int             `json:"unchanged" doc:"Rows that are in both." example:"20"`
	Changed   []Change        `json:"changed,omitempty" doc:"Rows that became others."`
	Removed   []Removal       `json:"removed,omitempty" doc:"Rows that are gone."`
	Added     []reading.RowAt `json:"added,omitempty" doc:"Rows that are new."`
	Undecided []UndecidedRow  `json:"undecided,omitempty" doc:"Rows of the former file of which nobody can tell what became of them."`
	Unrelated bool            `json:"unrelated,omitempty" doc:"Something is undecided, and the files have no row in common: the file may be another one, such as that of another month, and not a corrected one." example:"false"`
	Unlisted  Unlisted        `json:"unlisted,omitzero" doc:"How many rows of each list are counted here and not listed; left out when all are listed."`
}

// A Change is a row that was changed, and what becomes of its record.
type Change struct {
	From      reading.RowAt `json:"from" doc:"The row in the former file."`
	To        reading.RowAt `json:"to" doc:"The row in its place."`
	Record    string        `json:"record,omitempty" doc:"Key of the former row's record; left out when it made none." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Effect    Effect        `json:"effect" doc:"What becomes of the record: correct, renew, record, describe, merge, hold, withdraw, keep, stays_void, ask." example:"correct"`
	AskReason AskReason     `json:"bar,omitempty" doc:"Why it is asked: by_hand, other_source, also_told." example:"by_hand"`
	Cells     []CellChange  `json:"cells,omitempty" doc:"Where the rows differ."`
}

// A CellChange is a cell that two rows do not have alike.
type CellChange struct {
	Column string `json:"column" doc:"The column." example:"数量"`
	Old    string `json:"old,omitempty" doc:"What the former cell says." example:"2"`
	New    string `json:"new,omitempty" doc:"What the cell says now." example:"3"`
	Sealed bool   `json:"sealed,omitempty" doc:"The former text may name somebody and is not shown." example:"false"`
}

// A Removal is a row that is gone, and what becomes of its record.
type Removal struct {
	Row       reading.RowAt `json:"row" doc:"The row in the former file."`
	Record    string        `json:"record,omitempty" doc:"Key of its record; left out when it made none." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Effect    Effect        `json:"effect" doc:"What becomes of the record: void, settle, leave, keep, stays_void, ask." example:"void"`
	AskReason AskReason     `json:"bar,omitempty" doc:"Why it is asked: by_hand, other_source, also_told." example:"by_hand"`
}

// An UndecidedRow is a row of the former file of which nobody can tell what became of
// it.
type UndecidedRow struct {
	Row        reading.RowAt `json:"row" doc:"The row in the former file."`
	Record     string        `json:"record,omitempty" doc:"Key of its record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Candidates []Candidate   `json:"candidates,omitempty" doc:"New rows that it may be: the most alike ones, the best first."`
}

// A Candidate is a new row that a former one may have become.
type Candidate struct {
	Row   reading.RowAt `json:"row" doc:"The row in this file."`
	Cells []CellChange  `json:"cells,omitempty" doc:"Where the rows differ."`
}

// An Effect is what a changed or removed row does to the record of the former
// one.
type Effect string

// The effects.
const (
	Corrects  Effect = "correct"
	Renews    Effect = "renew"      // voided, and recorded anew as another kind
	Records   Effect = "record"     // the former row was held and made no record
	Describes Effect = "describe"   // the school is described once more
	Merges    Effect = "merge"      // voided, for another record says the same already
	Holds     Effect = "hold"       // the new row is held and the record stays
	Withdraws Effect = "withdraw"   // the clerk answers now so that the row is held: the record is voided
	Keeps     Effect = "keep"       // the record stays, as the clerk decided
	StaysVoid Effect = "stays_void" // somebody voided it meanwhile
	Voids     Effect = "void"
	Settles   Effect = "settle" // a held row, which made no record
	Leaves    Effect = "leave"  // what only describes a school is not taken back
	Ask       Effect = "ask"    // the clerk must say
)

// Words returns the effect in Chinese and English.
func (e Effect) Words() (zh, en string) {
	w := map[Effect][2]string{
		Corrects: {"更正记录", "record corrected"}, Renews: {"类别改变，原记录作废、另行入账", "record voided and recorded anew, for the kind changed"},
		Records: {"原行暂挂，现入账", "recorded, the former row was held"}, Describes: {"学校情况重新登记", "school described anew"},
		Merges: {"已另有相同记录，原记录作废", "record voided, for an equal one exists"}, Holds: {"此行暂挂，原记录不变", "row held, the record stays as it was"},
		Withdraws: {"按现在的回答暂挂，原记录作废", "row held as it is answered now, the record is voided"},
		Keeps:     {"按选择保留现有记录", "record kept as decided"}, StaysVoid: {"原记录已作废，保持作废", "the record is void and stays void"},
		Voids: {"作废记录", "record voided"}, Settles: {"暂挂行了结", "held row settled"}, Leaves: {"学校情况保留", "the school's description stays"},
		Ask: {"待定", "to be decided"},
	}[e]
	return w[0], w[1]
}

// An AskReason is why a corrected file may not change a record by itself, so that the
// clerk is asked.
type AskReason string

// The reasons to ask.
const (
	ByHand      AskReason = "by_hand"      // somebody corrected the record after it was imported
	OtherSource AskReason = "other_source" // another source's file brought the record
	AlsoTold    AskReason = "also_told"    // another source's file tells of it too
)

// Words returns the reason in Chinese and English.
func (r AskReason) Words() (zh, en string) {
	switch r {
	case ByHand:
		return "导入后已有人工更正", "it was corrected by hand after it was imported"
	case AlsoTold:
		return "另一来源的文件也有此行", "another source's file has the row too"
	case OtherSource:
		return "记录由另一来源的文件带来", "another source's file brought the record"
	}
	return "", ""
}

// What a file that is compared with a former one is refused with.
var (
	ErrUndecided = fault.New(fault.Refused, "intake.undecided",
		"与同一来源上次的文件相比，有些行无法确定是改动、删除还是新增，未写入任何内容。请用 --dry-run 查看，再用 --pair 旧行=新行、--removed 旧行、--added 新行、--overwrite/--keep 记录编号 说明；其余旧行都已删除写 --removed all；若是另一份文件（如另一月、另一学期），写 --added all 则上次的内容不动，或换用新的 --source。",
		"Compared with the source's last file, it cannot be told of some rows whether they are changed, removed or new, and nothing was written. Look with --dry-run, then say so with --pair OLD=NEW, --removed OLD, --added NEW, --overwrite or --keep RECORD. Write --removed all when all other former rows are gone. If this is another file, such as that of another month or term, write --added all, which leaves the last file's records as they are, or give it another --source.")
	ErrOlderFile = fault.New(fault.Refused, "intake.older-file",
		"此文件只导入了一部分，而同一来源之后又有更新的文件入账，未写入任何内容。请导入更新的文件。",
		"Only a part of this file was imported, and a later file of the source was accepted since, so nothing was written. Import the later file.")
	ErrNoSuchRow = fault.New(fault.Invalid, "intake.no-such-row",
		"没有这样的行；请照试读结果写物理行号，如 14 或 工作表!14。", "There is no such row; write the physical row as the dry run shows it, 14 or SHEET!14.")
	ErrAmbiguousRow = fault.New(fault.Invalid, "intake.ambiguous-row",
		"几个工作表都有此行号；请写 工作表!行号。", "Several sheets have such a row; write SHEET!ROW.")
	ErrDecidedTwice = fault.New(fault.Invalid, "intake.decided-twice",
		"同一行被说明了两次；请只保留一个说法。", "One row was decided upon twice; say it once.")
	ErrNotAsked = fault.New(fault.Invalid, "intake.not-asked",
		"此文件没有问到这条记录；请核对 --overwrite、--keep 的记录编号。", "The file does not ask about this record; check the id given to --overwrite or --keep.")
)

// Unanswered returns [ErrUndecided] with what the clerk must decide, nil when
// there is nothing.
func (c *Comparison) Unanswered() error {
	if c == nil {
		return nil
	}
	var rows, records []string
	for _, q := range c.Undecided {
		rows = append(rows, q.Row.String())
	}
	for _, change := range c.Changed {
		if change.Effect == Ask {
			records = append(records, change.Record)
		}
	}
	for _, removal := range c.Removed {
		if removal.Effect == Ask {
			records = append(records, removal.Record)
		}
	}
	if len(rows)+len(records) == 0 {
		return nil
	}
	f := ErrUndecided.With("compared_with", c.With)
	if len(rows) > 0 {
		f = f.With("old_rows", joined(rows))
	}
	if len(records) > 0 {
		f = f.With("records", joined(records))
	}
	return f
}

// isNamed tells whether a reference names the row; sheet is what one without a sheet speaks
// of, "" any.
func isNamed(r reading.RowAt, ref, sheet string) bool {
	if ref == r.Key {
		return true
	}
	if before, after, ok := cutLast(ref, "!"); ok {
		sheet, ref = before, after
	}
	return strings.TrimSpace(ref) == fmt.Sprint(r.At) && (sheet == "" || isOnSheet(r, sheet))
}

// isOnSheet tells whether the row lies on the sheet with that name or, where no sheet has a
// name, that number from 1.
func isOnSheet(r reading.RowAt, sheet string) bool {
	return sheet == r.SheetName || sheet == fmt.Sprint(r.Sheet+1) && r.SheetName == ""
}

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return "", s, false
}

// pick returns the index of the one row that a reference names.
func pick(rows []reading.RowAt, among []int, ref, sheet string) (int, error) {
	var found []int
	for _, i := range among {
		if isNamed(rows[i], ref, sheet) {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 0:
		return 0, ErrNoSuchRow.With("row", ref)
	case 1:
		return found[0], nil
	}
	return 0, ErrAmbiguousRow.With("row", ref)
}

// resolve turns the decisions into indices of former and new rows. Only those among the given
// ones can be named, each once.
func (d Decisions) resolve(former, rows []reading.RowAt, gone, come []int) (out comparing.Decided, err error) {
	usedFormer, usedNew := map[int]bool{}, map[int]bool{}
	one := func(list []reading.RowAt, among []int, used map[int]bool, ref string) int {
		i, problem := pick(list, among, ref, "")
		if problem == nil && used[i] {
			problem = ErrDecidedTwice.With("row", ref)
		}
		if err == nil {
			err = problem
		}
		used[i] = true
		return i
	}
	for _, p := range d.Pairs {
		out.Pairs = append(out.Pairs, [2]int{one(former, gone, usedFormer, p.Old), one(rows, come, usedNew, p.New)})
	}
	for _, ref := range d.Removed {
		if ref == AllRows {
			out.RestRemoved = true
			continue
		}
		out.Removed = append(out.Removed, one(former, gone, usedFormer, ref))
	}
	for _, ref := range d.Added {
		if ref == AllRows {
			out.RestAdded = true
			continue
		}
		out.Added = append(out.Added, one(rows, come, usedNew, ref))
	}
	return out, err
}

// askReason returns the reason that is left to ask about a record: "" when the clerk
// decided to keep the record, which kept tells, or lets the file overwrite it.
func (d Decisions) askReason(record string, askReason AskReason) (left AskReason, kept bool) {
	switch {
	case slices.Contains(d.Keep, record):
		return "", true
	case slices.Contains(d.Overwrite, record):
		return "", false
	}
	return askReason, false
}
