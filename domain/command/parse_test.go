package command_test

import (
	"testing"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/fault"
)

// An errCode stands for any refusal with a code.
type errCode struct{ code string }

func (c *errCode) Error() string { return c.code }

func (c *errCode) check(t *testing.T, err error) *fault.Error {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Code != c.code {
		t.Fatalf("refused with %v, want %s", err, c.code)
	}
	return f
}

const wellFormed = `{
  "id": "0198e000-0000-7000-8000-000000000001",
  "command": "lesson.report",
  "occurred": "day:2018-04-18",
  "data": {
    "district": "district-0198c000-0000-7000-8000-000000000001",
    "kinds": ["demo_lesson"],
    "title": "送课",
    "remark": {"clear": "备注"}
  }
}`

func TestParseRequest(t *testing.T) {
	req, err := command.ParseRequest([]byte(wellFormed), domain.Commands())
	if err != nil {
		t.Fatal(err)
	}
	if req.Name != "lesson.report" || req.Occurred != "day:2018-04-18" || req.Body == nil {
		t.Errorf("read %+v", req)
	}
}

// TestWhatWindowsEditorsSave is a byte order mark before the object.
func TestWhatWindowsEditorsSave(t *testing.T) {
	req, err := command.ParseRequest([]byte("\ufeff"+wellFormed), domain.Commands())
	if err != nil || req.Name != "lesson.report" {
		t.Errorf("read %+v, %v", req, err)
	}
}

// TestProblemsAreToldInWordsOfJSON and name no type of the program.
func TestProblemsAreToldInWordsOfJSON(t *testing.T) {
	for raw, want := range map[string]string{
		`[]`:             "array where an object belongs",
		`{"command": 5}`: "command: number where a text belongs",
	} {
		_, err := command.ParseRequest([]byte(raw), domain.Commands())
		refused, ok := fault.As(err)
		if !ok || refused.Details[0].Value != want {
			t.Errorf("%s: refused with %v, want %q", raw, err, want)
		}
	}
}

func TestParseBadRequests(t *testing.T) {
	tests := []struct {
		name   string
		raw    string
		code   string
		line   int
		column string
	}{
		{"nothing", ``, "command.bad-body", 1, "1"},
		{"not JSON", "{\n  \"command\": lesson.report\n}", "command.bad-body", 2, "14"},
		{"cut off", "{\n  \"command\": \"lesson.report\"", "command.bad-body", 2, "29"},
		{"two objects", `{"command": "lesson.report", "data": {}} {}`, "command.bad-body", 1, "42"},
		{"a list", `[]`, "command.bad-body", 1, "1"},
		{"an unknown field", "{\n \"comand\": \"lesson.report\"}", "command.bad-body", 2, "2"},
		{"a number for a text", "{\"command\":\n 5}", "command.bad-body", 2, "2"},
		{"an unknown command", `{"command": "lesson.praise", "data": {}}`, "command.unknown", 0, ""},
		{"a command of the program's own", `{"command": "row.take", "data": {}}`, "command.unknown", 0, ""},
		{"no data", `{"command": "lesson.report"}`, "command.bad-body", 0, ""},
		{"an unknown field in the data", "{\"command\": \"lesson.report\",\n \"data\": {\"kind\": [\"demo_lesson\"]}}", "command.bad-body", 2, "11"},
		{"on a later line of the data", "{\"command\": \"lesson.report\", \"data\": {\n  \"kinds\": [\"demo_lesson\"],\n  \"topic\": \"送课\"}}", "command.bad-body", 3, "3"},
		{"an unknown field whose name is good elsewhere", `{"command": "pairing.report", "data": {"sides": [{"school": "x"}], "school": "y"}}`, "command.bad-body", 0, ""},
		{"a text for a list", "{\"command\": \"lesson.report\", \"data\": {\n \"kinds\": \"demo_lesson\"}}", "command.bad-body", 2, "23"},
		{"data that also stands before it", "{\"id\": \"5\", \"command\": \"lesson.report\",\n\"data\": 5}", "command.bad-body", 2, "9"},
		{"a field twice", "{\"command\": \"lesson.report\",\n \"command\": \"lesson.correct\", \"data\": {}}", "command.field-twice", 2, "2"},
		{"a field twice, otherwise written", "{\"command\": \"lesson.report\", \"data\": {},\n  \"Data\": {}}", "command.field-twice", 2, "3"},
		{"a field twice in the data", "{\"command\": \"lesson.report\", \"data\": {\n \"level\": \"县级\", \"level\": \"市级\"}}", "command.field-twice", 2, "21"},
		{"a field twice in a list's object", "{\"command\": \"lesson.report\", \"data\": {\"subjects\": [{\"text\": \"语文\"},\n{\"text\": \"数学\", \"code\": \"maths\", \"te\\u0078t\": \"英语\"}]}}", "command.field-twice", 2, "37"},
		{"a field twice in a text", "{\"command\": \"lesson.report\", \"data\": {\"title\":\n{\"clear\": \"一\", \"clear\": \"二\"}}}", "command.field-twice", 2, "18"},
		{"GBK", "{\"command\": \"school.note\",\n \"data\": {\"name\": \"\xb3\xc7\xb9\xd8\"}}", "command.not-utf-8", 2, "20"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "command.not-utf-8", 1, "1"},
		{"a fault behind a byte order mark", "\ufeff{\"command\": lesson.report}", "command.bad-body", 1, "16"},
		{"a misspelt text", `{"command": "lesson.report", "data": {"title": {"claer": "送课"}}}`, "seal.bad-text", 0, ""},
		{"a number for a sealable text", `{"command": "lesson.report", "data": {"title": 5}}`, "seal.bad-text", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := command.ParseRequest([]byte(tt.raw), domain.Commands())
			f := (&errCode{tt.code}).check(t, err)
			if f.Place.Line != tt.line || f.Place.Column != tt.column {
				t.Errorf("place is line %d, column %s, want %d, %s: %s", f.Place.Line, f.Place.Column, tt.line, tt.column, f.Message())
			}
		})
	}
}

// TestTheSameFieldOfTwoObjects is no field given twice.
func TestTheSameFieldOfTwoObjects(t *testing.T) {
	raw := `{"command": "lesson.report", "data": {"from": [{"school": "x"}, {"school": "x"}], "to": [{"school": "x"}], "title": {"clear": "一"}, "remark": {"clear": "一"}}}`
	if _, err := command.ParseRequest([]byte(raw), domain.Commands()); err != nil {
		t.Error(err)
	}
}

// FuzzParseRequest reads anything: a request or a refusal that can be shown,
// whose place lies in the input.
func FuzzParseRequest(f *testing.F) {
	for _, seed := range []string{wellFormed, ``, `[]`, `{"command": "lesson.report", "data": 5}`, "{\"data\":\n{\"kinds\": 5}, \"command\": \"lesson.correct\"}", `{"DATA":{"x":1},"command":"visit.report"}`,
		`{"command": "lesson.report", "data": {"title": "一", "TITLE": "二"}}`, `{"data": [{"a": {"b": 1, "b": [}}]}`} {
		f.Add([]byte(seed))
	}
	commands := domain.Commands()
	f.Fuzz(func(t *testing.T, raw []byte) {
		req, err := command.ParseRequest(raw, commands)
		if err == nil {
			if _, known := commands[req.Name]; !known || req.Body == nil {
				t.Errorf("read %+v", req)
			}
			return
		}
		refused, ok := fault.As(err)
		if !ok || refused.Kind != fault.Invalid {
			t.Fatalf("refused with %v, want an Invalid fault", err)
		}
		lines := 1
		for _, b := range raw {
			if b == '\n' {
				lines++
			}
		}
		if refused.Place.Line < 0 || refused.Place.Line > lines {
			t.Errorf("line %d of %d", refused.Place.Line, lines)
		}
	})
}
