package recordtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
)

// ExampleKeys are the streams that the examples of commands name.
var ExampleKeys = []string{record.ExampleDistrict, record.ExampleCommunity, record.ExampleCore, record.ExampleMember, record.ExampleThird, record.ExamplePerson}

// A ScriptedCommand is one command of a test script, with the answer it expects.
type ScriptedCommand struct {
	Command  string
	Occurred calendar.Occurred
	// Data is what the body has otherwise than the command's example, as JSON:
	// null takes a field away, and @3 stands for the id of the stream's third event.
	Data string
	Code string // of the refusal; empty when the command is carried out
}

// RunOne executes one command on a stream, by key; empty for a line that opens one.
// It panics when the line's data cannot be read as JSON.
func (d *CommandRunner) RunOne(stream string, line ScriptedCommand) (command.Outcome, error) {
	if stream != "" {
		for i, e := range d.History(stream) {
			line.Data = strings.ReplaceAll(line.Data, fmt.Sprintf(`"@%d"`, i+1), `"`+e.ID+`"`)
		}
	}
	raw, err := json.Marshal(map[string]any{"command": line.Command, "data": d.body(line)})
	if err != nil {
		return command.Outcome{}, err
	}
	req, err := command.ParseRequest(raw, d.Definitions)
	if err != nil {
		return command.Outcome{}, err
	}
	return d.Do(line.Command, stream, line.Occurred, req.Body)
}

// RunScript executes the commands, all on the stream that the first of them opens, and
// returns its key. It fails the test where one is answered otherwise than it says.
func (d *CommandRunner) RunScript(t *testing.T, lines ...ScriptedCommand) string {
	t.Helper()
	stream := ""
	for i, line := range lines {
		done, err := d.RunOne(stream, line)
		code := ""
		if f, isFault := fault.As(err); isFault {
			code = f.Code
		} else if err != nil {
			t.Fatalf("line %d, %s: %v", i+1, line.Command, err)
		}
		if code != line.Code {
			t.Fatalf("line %d, %s %s: answered %q, want %q (%v)", i+1, line.Command, line.Data, code, line.Code, err)
		}
		if stream == "" && err == nil {
			stream = done.Stream
		}
	}
	return stream
}

// Drawing returns what [RunRandom] draws from: one of the lines, on one of a few days, a
// month or no date; choose gives a number below n, and @ in a line's data stands
// for the id of one of the events so far.
func (d *CommandRunner) Drawing(choose func(n int) int, lines ...ScriptedCommand) func(ids []string) Attempt {
	dates := []calendar.Occurred{"day:2018-03-01", "day:2018-04-02", "day:2018-05-03", "day:2018-06-04", "day:2018-06-04", "day:2018-06-04", "month:2018-06", calendar.Unknown}
	return func(ids []string) Attempt {
		line := lines[choose(len(lines))]
		if len(ids) > 0 && strings.Contains(line.Data, `"@"`) {
			line.Data = strings.ReplaceAll(line.Data, `"@"`, `"`+ids[choose(len(ids))]+`"`)
		}
		return Attempt{line.Command, dates[choose(len(dates))], d.body(line)}
	}
}

// body returns the command's example with the line's data laid over it.
func (d *CommandRunner) body(line ScriptedCommand) map[string]json.RawMessage {
	example, err := event.Marshal(d.Definitions[line.Command].Example())
	var body, changes map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(example, &body)
	}
	if err == nil && line.Data != "" {
		err = json.Unmarshal([]byte(line.Data), &changes)
	}
	if err != nil {
		panic(err)
	}
	for name, value := range changes {
		if string(value) == "null" {
			delete(body, name)
			continue
		}
		body[name] = value
	}
	return body
}
