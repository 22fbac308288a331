package registers

import (
	"regexp"
	"strconv"
	"strings"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
	"twinledger/domain/org"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
	"twinledger/projections/records"
)

// A Table writes the lines of a register as rows of text under Chinese headings.
type Table struct {
	Header []string
	form   tabular.Form
	record bool // its lines are records, which form writes
	kind   string
}

// What stands in a table behind what a record says.
var standing = []string{"阶段", "状态", "次数", "缺项", "有效自", "有效至", "当日有效", "当前期限"}

// TableOf returns the table of a register. What a record says comes first, in the
// order of the exported table of its kind; then how it stands.
func TableOf(g Register) Table {
	if d, reports := definitions[g.Kind+".report"]; reports {
		if form, is := tabular.FormOf(d, workflows[g.Kind]); is {
			t := Table{form: form, record: true, kind: g.Kind}
			for _, c := range form.Columns {
				t.Header = append(t.Header, c.Header)
			}
			t.Header = append(t.Header, standing...)
			return t
		}
	}
	if g.Kind == "row" {
		return Table{Header: []string{"编号", "区县", "共同体", "结果", "状态", "原因", "文件", "导入", "工作表", "行", "缺项", "原文"}, kind: g.Kind}
	}
	return Table{Header: []string{"编号", "区县", "名称", "学校", "学段", "城乡", "状态", "变更", "有效自", "有效至", "当日有效"}, kind: g.Kind}
}

// Row returns a line's cells, one under each heading. names gives names for keys,
// as far as they may be shown.
func (t Table) Row(l Line, names tabular.Names) ([]string, error) {
	switch {
	case t.record:
		return t.recordRow(l, names)
	case t.kind == "row":
		return heldCells(l, names), nil
	}
	return partyCells(l, names), nil
}

func (t Table) recordRow(l Line, names tabular.Names) ([]string, error) {
	facts, err := event.Marshal(l.Stated)
	if err != nil {
		return nil, err
	}
	cells, err := t.form.Row(tabular.Record{Key: l.Key, Progress: l.Progress, Facts: facts}, names)
	if err != nil {
		return nil, err
	}
	for i, cell := range cells {
		cells[i] = shown(cell)
	}
	times := ""
	if l.Numbered {
		times = strconv.Itoa(l.Occurrences)
	}
	from, until := l.From.Value(), l.Until.Value()
	if l.NotTakenPlace {
		from, until = "", ""
	}
	return append(cells, stageWord(l.Progress.Stage), lineWords(l), times, unknownWords(l.Unknowns),
		from, until, validWord(l.Valid), l.Due.Value()), nil
}

// annotation matches what an exported cell says behind a quantity whose number its text does not
// say by itself: 半天{exact 0.5}.
var annotation = regexp.MustCompile(`\{(exact|at_least|about)? ?([0-9.]*)\}$`)

// shown returns a cell of an exported table as a list shows it, which nobody imports again.
func shown(cell string) string {
	found := annotation.FindStringSubmatchIndex(cell)
	if found == nil {
		return cell
	}
	text, number := cell[:found[0]], cell[found[4]:found[5]]
	switch bound := cell[max(found[2], 0):max(found[3], 0)]; {
	case number == "" || number == text:
		return text
	case bound == string(record.AtLeast):
		return text + "（至少 " + number + "）"
	case bound == string(record.About):
		return text + "（约 " + number + "）"
	}
	return text + "（即 " + number + "）"
}

func partyCells(l Line, names tabular.Names) []string {
	name, school, stage, setting := l.Name, "", "", ""
	switch l.Kind {
	case "school":
		said, _ := l.Stated.(org.School)
		stage, setting = said.Stage, said.Setting
	case "person":
		name, school = tabular.Sealed, ""
		if known, at, may := names.Person(l.Key); may {
			name, school = known, at
		}
		if said, is := l.Stated.(org.Person); is && school == "" && said.School != "" {
			school = or(names.School(said.School), said.School)
		}
	}
	return []string{l.Key, or(names.District(l.Facts.District), l.Facts.District), name, school, stage, setting, markWords(l.Row), turnWords(l.Changes, names),
		l.From.Value(), l.Until.Value(), validWord(l.Valid)}
}

func heldCells(l Line, names tabular.Names) []string {
	source := record.Source{}
	if l.Facts.Source != nil {
		source = *l.Facts.Source
	}
	file, sheet, written := "", strconv.Itoa(source.Sheet+1), ""
	if f, shows := names.(Files); shows {
		taken, _ := l.Stated.(intake.RowTaken)
		written = f.Written(l.Key, taken)
		var sheetName string
		file, sheetName = f.File(source.Import, source.Sheet)
		sheet = or(sheetName, sheet)
	}
	outcome, _ := intake.Outcome(l.Progress.Stage).Words()
	return []string{l.Key, or(names.District(l.Facts.District), l.Facts.District), or(names.Community(l.Facts.Community), l.Facts.Community),
		outcome, markWords(l.Row), reasons(l.Problems()), file, source.Import, sheet, strconv.Itoa(source.Row), unknownWords(l.Unknowns), written}
}

// Files are the [tabular.Names] of a reader who may see the names of imported files and
// of their sheets.
type Files interface {
	// File returns the name of an import's file and of one of its sheets, counted from
	// 0; "" for what is not known.
	File(importKey string, sheet int) (file, sheetName string)
	// Written returns what the cells of a row of a file say, each behind its heading; ""
	// for what is not known.
	Written(row string, taken intake.RowTaken) string
}

// Problems are the reasons for which an import holds a row, none for every other line.
func (l Line) Problems() []intake.Problem {
	taken, _ := l.Stated.(intake.RowTaken)
	return taken.Problems
}

// reasons says in words why a row is held, each with its column.
func reasons(problems []intake.Problem) string {
	var out []string
	for _, p := range problems {
		said := p.Code
		if f, known := fault.Lookup(p.Code); known {
			said = f.ZH + "［" + p.Code + "］"
		}
		if p.Column != "" {
			said = p.Column + "：" + said
		}
		out = append(out, said)
	}
	return strings.Join(out, "；")
}

func or(name, key string) string {
	if name == "" {
		return key
	}
	return name
}

// markZH are the words for marks; what stands without more is not said.
var markZH = map[string]string{
	records.MarkVoid: "已作废", records.MarkCorrected: "有更正", records.MarkIncomplete: "不完整", records.MarkReported: "事后补报", records.MarkFollowed: "按流程办理",
	records.MarkHeld: "暂挂", records.MarkProvisional: "待确认", records.MarkIdentified: "已认定为另一个",
}

func markWords(r records.Row) string {
	var out []string
	for _, mark := range r.Marks() {
		if word := markZH[mark]; word != "" {
			out = append(out, word)
		}
	}
	return strings.Join(out, "、")
}

// lineWords says how a line stands: its marks, that it lies ahead, and which record counts
// in its place.
func lineWords(l Line) string {
	words := []string{}
	if marks := markWords(l.Row); marks != "" {
		words = append(words, marks)
	}
	if l.Ahead && !l.Void() {
		words = append(words, aheadWord)
	}
	if l.CountsAs != "" {
		words = append(words, "重复上报，以 "+l.CountsAs+" 为准")
	}
	return strings.Join(words, "、")
}

// aheadWord says that a line is dated after the day judged on.
const aheadWord = "尚未到日期"

func stageWord(s record.Stage) string {
	zh, _ := s.Words()
	return zh
}

func unknownWords(unknowns []record.Unknown) string {
	var out []string
	for _, u := range unknowns {
		zh, _ := u.Words()
		out = append(out, or(zh, string(u)))
	}
	return strings.Join(out, "、")
}

func turnWords(turns []org.Change, names tabular.Names) string {
	var out []string
	for _, t := range turns {
		kind, _ := t.Kind.Words()
		said := string(t.On) + kind + t.Name
		for i, key := range t.Keys {
			if i > 0 {
				said += "、"
			}
			said += or(or(names.School(key), names.Community(key)), key)
		}
		out = append(out, said)
	}
	return strings.Join(out, "；")
}

func validWord(v records.Validity) string {
	switch v {
	case records.Certainly:
		return "是"
	case records.Possibly:
		return "可能"
	}
	return ""
}

// Keys are the [tabular.Names] of a table that shows nobody's name and opens
// nothing: what has a key stands as its key.
type Keys struct{}

// School returns no name.
func (Keys) School(string) string { return "" }

// Community returns no name.
func (Keys) Community(string) string { return "" }

// District returns no name.
func (Keys) District(string) string { return "" }

// Person returns the key.
func (Keys) Person(key string) (name, school string, ok bool) { return key, "", true }

// Open opens nothing.
func (Keys) Open(seal.Sealed, string, string) (string, bool) { return "", false }

var plainNumber = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]+)?$`)

// Harmless returns a cell that no spreadsheet takes for a formula: one that begins
// like a formula, and is no number, gets an apostrophe in front.
func Harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) || plainNumber.MatchString(cell) {
		return cell
	}
	return "'" + cell
}
