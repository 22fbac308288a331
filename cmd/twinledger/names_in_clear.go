package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

type inClearCommand struct{}

// Help teaches the command.
func (inClearCommand) Help() string {
	return `列出没有封存、却写有姓名的文字：多半是人员后来才登记。网页和查询接口已把其中的姓名遮去；要封存，就按所列命令更正一次，内容不必改。
审查的 JSON 按事件原样计算校验值，不遮。

Lists texts that are not sealed and name somebody, mostly because the person was noted later. Pages and the query
endpoint mask these names already. To seal a text, correct its record with the commands that are listed; the content may
stay as it is. A review's JSON is hashed as the events say and masks nothing.`
}

// An inClearEntry is one text of "people in-clear".
type inClearEntry struct {
	Record  string   `json:"record"`
	Field   string   `json:"field"`
	People  []string `json:"people"` // keys; none when the text only looks as if it named somebody
	Text    string   `json:"text"`
	Correct string   `json:"correct"` // the command that seals it
}

// Run lists the texts.
func (c *inClearCommand) Run(ctx context.Context, p *program) error {
	o, err := p.openToRead(ctx)
	if err != nil {
		return err
	}
	found, err := o.NamesInClear(ctx)
	for _, one := range found {
		entry := inClearEntry{one.Record, one.Field, nonNil(one.People), one.Text,
			fmt.Sprintf("twinledger correct %s --show > facts.json; twinledger correct %s facts.json --reason 封存姓名", one.Record, one.Record)}
		err = errors.Join(err, p.print(entry, entry.write))
	}
	if err == nil && len(found) == 0 && !p.json {
		_, err = fmt.Fprintln(p.out, "没有写着姓名而未封存的文字 / no text in clear names anybody")
	}
	return errors.Join(err, o.Close())
}

func (e inClearEntry) write(w io.Writer) {
	whom := "像是姓名 looks like a name"
	if len(e.People) > 0 {
		whom = strings.Join(e.People, "、")
	}
	fmt.Fprintf(w, "%s  %s：“%s”（%s）\n    %s\n", e.Record, e.Field, e.Text, whom, e.Correct)
}
