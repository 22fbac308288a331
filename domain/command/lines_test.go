package command_test

import (
	"strings"
	"testing"

	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/fault"
	"twinledger/domain/lesson"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// TestControlCharacters: what is shown on one line has one, and nothing that is
// sent drives a terminal; prose may have lines.
func TestControlCharacters(t *testing.T) {
	tests := []struct {
		name  string
		alter func(*command.Request, *lesson.Facts)
		field string // that is refused; "" when none is
	}{
		{"a line break in a title", func(_ *command.Request, f *lesson.Facts) { f.Title.Clear = "送课\n活动" }, "data.title"},
		{"a line separator in a title", func(_ *command.Request, f *lesson.Facts) { f.Title.Clear = "送课\u2028活动" }, "data.title"},
		{"a tab in a title", func(_ *command.Request, f *lesson.Facts) { f.Title.Clear = "送课\t活动" }, "data.title"},
		{"an escape in a title", func(_ *command.Request, f *lesson.Facts) { f.Title.Clear = "\x1b[31m送课" }, "data.title"},
		{"a next line in a word", func(_ *command.Request, f *lesson.Facts) {
			f.Subjects = []record.Word{{Text: "语文"}, {Text: "数\u0085学"}}
		}, "data.subjects[1].text"},
		{"a line break in a piece of evidence", func(_ *command.Request, f *lesson.Facts) { f.Evidence = []seal.Text{{Clear: "照片\n签到表"}} }, "data.evidence[0]"},
		{"a delete in an office", func(_ *command.Request, f *lesson.Facts) {
			f.Organisers = []record.Organiser{{Office: "县教研室\x7f", Part: "host"}}
		}, "data.organisers[0].office"},
		{"a line break in a step that is told", func(_ *command.Request, f *lesson.Facts) {
			f.Course = []record.ReportedStep{{Verb: "observed", Step: record.Step{Office: "教研\n室"}}}
		}, "data.course[0].office"},
		{"a bell in a remark", func(_ *command.Request, f *lesson.Facts) { f.Remark.Clear = "备注\x07" }, "data.remark"},
		{"a carriage return alone in a remark", func(_ *command.Request, f *lesson.Facts) { f.Remark.Clear = "备注\r盖住" }, "data.remark"},
		{"a line break in what led to it", func(r *command.Request, _ *lesson.Facts) { r.Cause = "a\nb" }, "cause"},
		{"what could not be read in a title", func(_ *command.Request, f *lesson.Facts) { f.Title.Clear = "送\ufffd" }, "data.title"},
		{"what could not be read in a remark", func(_ *command.Request, f *lesson.Facts) { f.Remark.Clear = "\xc3\xf7" }, "data.remark"},
		{"lines in a remark", func(_ *command.Request, f *lesson.Facts) { f.Remark.Clear = "一\n\t二\r\n三" }, ""},
		{"lines in a note that is told", func(_ *command.Request, f *lesson.Facts) {
			f.Course = []record.ReportedStep{{Verb: "observed", Step: record.Step{Note: seal.Text{Clear: "一\n二"}}}}
		}, ""},
		{"anything that a file brings", func(r *command.Request, f *lesson.Facts) {
			f.Title.Clear, r.Source = "送课\n活动", "source-0198c000-0000-7000-8000-000000000001"
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			req := reporting(2)
			body := req.Body.(record.Report[lesson.Facts])
			tt.alter(&req, &body.Facts)
			req.Body = body
			_, err := d.Handle(t.Context(), req)
			if tt.field == "" {
				commandtest.Refused(t, err, nil)
				return
			}
			want := command.ErrControlCharacter
			if strings.Contains(tt.name, "could not be read") {
				want = command.ErrUnreadable
			}
			commandtest.Refused(t, err, want)
			if refused, _ := fault.As(err); refused.Details[0].Value != tt.field {
				t.Errorf("the field is %v, want %s", refused.Details, tt.field)
			}
		})
	}
}

// TestWhatIsStoredIsAnsweredAgain also where it would be refused by now.
func TestWhatIsStoredIsAnsweredAgain(t *testing.T) {
	d := newDesk(t)
	brought := reporting(2, title("送课\n活动"))
	brought.Source = "source-0198c000-0000-7000-8000-000000000001"
	d.must(t, brought)
	if again := d.must(t, reporting(2, title("送课\n活动"))); !again.Repeated {
		t.Errorf("answered %+v", again)
	}
}

// TestReasonsOfCorrections: a correction has several lines of reasons, and a step
// that corrects none has no reason.
func TestReasonsOfCorrections(t *testing.T) {
	d := newDesk(t)
	stream := d.must(t, reporting(2)).Stream
	correction := correcting(3, stream)
	body := correction.Body.(record.Correct[lesson.Facts])
	body.Reason.Clear = "写错\n见原表"
	correction.Body = body
	d.must(t, correction)
	observing := func(n int, data string) (command.Outcome, error) {
		req := parsed(t, n, d.Definitions["lesson.observe"], []byte(data), stream)
		return d.Handle(t.Context(), req)
	}
	_, err := observing(4, `{"people": [], "office": "教研室", "reason": "补记"}`)
	commandtest.Refused(t, err, record.ErrReasonAlone)
	observed, err := observing(5, `{"office": "教研室"}`)
	commandtest.Refused(t, err, nil)
	_, err = observing(6, `{"office": "进修校", "reason": "写错", "corrects": "`+observed.Events[0].ID+`"}`)
	commandtest.Refused(t, err, nil)
}
