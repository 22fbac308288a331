package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
)

// importChoices are the choices of an import as they are written on the command
// line.
type importChoices struct {
	Map     map[string]string `help:"表头对应，如 活动日期=日期；按来源记住 / read a heading as a column; remembered for the source." placeholder:"HEADING=COLUMN" mapsep:"none"`
	MapFile string            `help:"表头对应的 JSON 文件 / headings to columns, as a JSON object." type:"path" placeholder:"FILE"`
	Set     map[string]string `help:"整个文件都是这样，如 类别=听课；按来源记住 / what every row of the file says; remembered for the source." placeholder:"COLUMN=VALUE" mapsep:"none"`
	Word    map[string]string `help:"词语对应，如 送教下乡=送课；按来源记住 / read a word as another; remembered for the source." placeholder:"WRITTEN=WORD" mapsep:"none"`
	Answer  map[string]string `help:"回答文件的问题，如 3=b；按来源记住 / answer a question about the file; remembered for the source." placeholder:"NUMBER=CHOICE" mapsep:"none"`
	Answers string            `help:"回答问题的 JSON 文件，编号对选项 / answers as a JSON object, numbers to choices." type:"path" placeholder:"FILE"`
	Sheet   string            `help:"--rows、--hold、--again 所指的工作表 / the sheet that these speak of." placeholder:"NAME"`
	Rows    string            `help:"只导入这些行，如 2-10,14；其余待以后 / take only these rows; the others wait." placeholder:"ROWS"`
	Hold    []string          `help:"暂挂此行 / hold this row." placeholder:"ROW"`
	Again   []string          `help:"已有相同记录，仍另记一条 / record this row although an equal one is recorded." placeholder:"ROW"`

	Pair      []string `help:"更正文件：旧行变为新行，如 5=6 / a former row and what it became." placeholder:"OLD=NEW"`
	Removed   []string `help:"更正文件：旧行已删除，其余旧行都已删除写 all / a former row is gone; all: all others are." placeholder:"OLD"`
	Added     []string `help:"更正文件：新行是新增，另一份文件（如另一月）写 all，上次的内容不动 / a row is new; all: the file is another one, and the last one's records stay." placeholder:"NEW"`
	Overwrite []string `help:"以文件为准改动此记录 / let the file change this record." placeholder:"RECORD"`
	Keep      []string `help:"保留此记录现状 / leave this record as it is." placeholder:"RECORD"`
	Decisions string   `help:"以上更正选择的 JSON 文件 / the choices about a corrected file, as JSON." type:"path" placeholder:"FILE"`
}

var errBadPair = fault.New(fault.Invalid, "import.bad-pair",
	"--pair 应写 旧行=新行，如 5=6。", "Write --pair as OLD=NEW, such as 5=6.")

// options returns the choices as the importer takes them.
func (c importChoices) options() (intake.Options, error) {
	o := intake.Options{Columns: map[string]string{}, Words: c.Word, Values: c.Set, Answers: map[string]string{}, Sheet: c.Sheet, Rows: c.Rows, Hold: c.Hold, Again: c.Again}
	if err := readJSON(c.Decisions, &o.Decisions); err != nil {
		return o, err
	}
	if err := readJSON(c.MapFile, &o.Columns); err != nil {
		return o, err
	}
	if err := readJSON(c.Answers, &o.Answers); err != nil {
		return o, err
	}
	maps.Copy(o.Columns, c.Map)
	maps.Copy(o.Answers, c.Answer)
	for _, written := range c.Pair {
		before, after, ok := strings.Cut(written, "=")
		if !ok {
			return o, errBadPair.With("pair", written)
		}
		o.Pairs = append(o.Pairs, intake.Pair{Old: strings.TrimSpace(before), New: strings.TrimSpace(after)})
	}
	o.Removed, o.Added = append(o.Removed, c.Removed...), append(o.Added, c.Added...)
	o.Overwrite, o.Keep = append(o.Overwrite, c.Overwrite...), append(o.Keep, c.Keep...)
	return o, nil
}

// readJSON reads a file of choices, when one is named, into target.
func readJSON(path string, target any) error {
	if path == "" {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return errUnreadable.At(fault.Place{File: path}).Because(err)
	}
	err = command.DecodeStrictly(content, target)
	if f, ok := fault.As(err); ok {
		place := f.Place
		place.File = filepath.Base(path)
		return f.At(place)
	}
	return err
}
