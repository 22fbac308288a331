package tabular_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/record"
	"twinledger/domain/seal"
	"twinledger/domain/tabular"
)

// names knows every key by a name that leads back to it.
type names struct{}

func (names) School(key string) string    { return "学校" + key }
func (names) Community(key string) string { return "共同体" + key }
func (names) District(key string) string  { return "区县" + key }

func (names) Person(key string) (name, school string, ok bool) {
	if strings.HasSuffix(key, "1") {
		return "老师（" + key + "）", "", true
	}
	return "老师" + key, "学校" + key, true
}

func (names) Open(seal.Sealed, string, string) (string, bool) { return "", false }

func (names) Record(former string) string { return former }

// keys lead back from the names.
type keys struct{}

func (keys) School(name string) string    { return strings.TrimPrefix(name, "学校") }
func (keys) Community(name string) string { return strings.TrimPrefix(name, "共同体") }
func (keys) District(name string) string  { return strings.TrimPrefix(name, "区县") }
func (keys) Record(former string) string  { return former }

func (keys) Person(name, _ string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(name, "老师"), "（"), "）")
}

// forms returns the form of every kind of record.
func forms(t testing.TB) map[string]tabular.Form {
	t.Helper()
	all := map[string]tabular.Form{}
	for kind, workflow := range domain.Workflows() {
		form, ok := tabular.FormOf(domain.Commands()[kind+".report"], workflow)
		if !ok {
			t.Fatalf("%s has no form", kind)
		}
		all[kind] = form
	}
	return all
}

// factsOf returns the type of the facts that a kind's report takes.
func factsOf(kind string) reflect.Type {
	return reflect.TypeOf(domain.Commands()[kind+".report"].Example()).Field(0).Type
}

// TestEveryColumnIsWorded keeps tables readable: no column and no part of a cell
// is called by a name of the code, and none by the name of another.
func TestEveryColumnIsWorded(t *testing.T) {
	for kind, form := range forms(t) {
		seen := map[string]bool{}
		for _, c := range form.Columns {
			if c.Header[0] < 0x80 || seen[c.Header] {
				t.Errorf("%s: column %q is not worded, or there twice", kind, c.Header)
			}
			seen[c.Header] = true
		}
	}
}

// TestCellsSayWordsForCodes and are read with either.
func TestCellsSayWordsForCodes(t *testing.T) {
	code := regexp.MustCompile(`(?m)(^|[=、；])[a-z_]{2,}($|[、；])`)
	for kind, form := range forms(t) {
		facts, err := event.Marshal(reflect.ValueOf(domain.Commands()[kind+".report"].Example()).Field(0).Interface())
		if err != nil {
			t.Fatal(err)
		}
		row, err := form.Row(tabular.Record{Key: kind + "-1", Progress: record.Progress{Occurred: "day:2018-04-18"}, Facts: facts}, names{})
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range row {
			if code.MatchString(cell) {
				t.Errorf("%s: %s says %q", kind, form.Columns[i].Header, cell)
			}
		}
	}
	for kind, workflow := range domain.Workflows() {
		for _, rule := range slices.Concat(workflow.Rules, workflow.Openings) {
			if rule.ZH == "" {
				t.Errorf("%s: the step %q has no word", kind, rule.Verb)
			}
		}
	}
	cells := map[string]string{"日期": "2018-04-18", "类别": "结对", "依据": "名单", "结对学校": "学校=甲；身份=核心校", "主办承办": "办理单位=县教研室；分工=协办"}
	for _, coded := range []map[string]string{cells, {"日期": "2018-04-18", "类别": "结对", "依据": "roster", "结对学校": "学校=甲；身份=core_school", "主办承办": "办理单位=县教研室；分工=co_organiser"}} {
		read, err := forms(t)["pairing"].Read(coded, keys{})
		if err != nil {
			t.Fatal(err)
		}
		stored, err := event.Marshal(read.Facts)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"basis":"roster"`, `"role":"core_school"`, `"part":"co_organiser"`} {
			if !strings.Contains(string(stored), want) {
				t.Errorf("read %s, want %s", stored, want)
			}
		}
	}
}

// TestARowSaysWhatTheFactsSay writes facts of every kind, with everything said
// that may be, and reads them back.
func TestARowSaysWhatTheFactsSay(t *testing.T) {
	for kind, form := range forms(t) {
		t.Run(kind, func(t *testing.T) {
			workflow := domain.Workflows()[kind]
			rapid.Check(t, func(t *rapid.T) {
				facts := reflect.New(factsOf(kind)).Elem()
				draw(t, facts, "", workflow)
				stored, err := event.Marshal(facts.Interface())
				if err != nil {
					t.Fatal(err)
				}
				occurred := rapid.SampledFrom(dates).Draw(t, "occurred")
				row, err := form.Row(tabular.Record{Key: kind + "-1", Progress: record.Progress{Occurred: occurred}, Facts: stored}, names{})
				if err != nil {
					t.Fatal(err)
				}
				cells := map[string]string{}
				for i, c := range form.Columns {
					cells[c.Header] = row[i]
				}
				read, err := form.Read(cells, keys{})
				if err != nil {
					t.Fatalf("%v in %q", err, row)
				}
				again, err := event.Marshal(read.Facts)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(decoded(t, stored), decoded(t, again)); diff != "" {
					t.Fatalf("facts (-written +read):\n%s\n%q", diff, row)
				}
				if read.Occurred != occurred || read.Former != kind+"-1" {
					t.Fatalf("read %s of %s, want %s", read.Occurred, read.Former, occurred)
				}
			})
		})
	}
}

func decoded(t *rapid.T, b []byte) any {
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

var dates = []calendar.Occurred{"day:2018-04-18", "span:2018-04-18/2018-05-02", "days:2018-04-18,2018-04-25,2019-01-02", "month:2018-10", "months:2018-09/2019-07", "term:2017-2018/2", "schoolyear:2017-2018", "year:1901", "year:2015", calendar.Unknown}

// draw fills v, the field name of something, with what may be said there.
func draw(t *rapid.T, v reflect.Value, name string, workflow record.Workflow) {
	text := rapid.StringMatching(`[一-九a-z、；=\\{}（） \n]{0,6}`)
	switch v.Interface().(type) {
	case seal.Text:
		v.Set(reflect.ValueOf(seal.Text{Clear: text.Draw(t, name)}))
		return
	case calendar.Occurred:
		v.SetString(string(rapid.SampledFrom(dates[:len(dates)-1]).Draw(t, name)))
		return
	case record.Quantity:
		v.Set(reflect.ValueOf(rapid.SampledFrom(quantities).Draw(t, name)))
		return
	case record.Unit:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]record.Unit{{Group: record.Members}, {School: "school-7"}}).Draw(t, name)))
		return
	case record.Kind:
		v.SetString(string(rapid.SampledFrom(record.Glossary()).Draw(t, name).Kind))
		return
	case record.Mode:
		v.SetString(string(rapid.SampledFrom([]record.Mode{record.ModeUnknown, record.Online, record.Offline, record.Mixed}).Draw(t, name)))
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(t, name)
		for range n {
			one := reflect.New(v.Type().Elem()).Elem()
			draw(t, one, name, workflow)
			v.Set(reflect.Append(v, one))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if field == "source" || field == "district" {
				continue
			}
			if f.Anonymous {
				field = name
			}
			draw(t, v.Field(i), field, workflow)
		}
	case reflect.String:
		v.SetString(word(t, name, text, workflow))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, 400).Draw(t, name)))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	}
}

// word draws a key where a key stands, a step where one is named, and any text
// elsewhere.
func word(t *rapid.T, name string, text *rapid.Generator[string], workflow record.Workflow) string {
	n := rapid.IntRange(1, 3).Draw(t, name)
	switch name {
	case "school", "community":
		return fmt.Sprintf("%s-%d", name, n)
	case "code":
		return rapid.StringMatching(`[a-z_]{0,4}`).Draw(t, name)
	case "people", "mentor", "mentee", "chair":
		return fmt.Sprintf("person-%d", n)
	case "related":
		return fmt.Sprintf("visit-%d", n)
	case "verb":
		if len(workflow.Rules) == 0 {
			return ""
		}
		return rapid.SampledFrom(workflow.Rules).Draw(t, name).Verb
	}
	return text.Draw(t, name)
}

var quantities = []record.Quantity{
	{}, {Text: "3", Number: "3", Bound: record.Exact, Measure: record.MeasureOf("节")},
	{Text: "约30", Number: "30", Bound: record.About, Measure: record.MeasureOf("人")},
	{Text: "若干", Measure: record.MeasureOf("份")}, {Text: "许多{", Measure: record.MeasureOf("")},
	{Text: "a{b}", Measure: record.MeasureOf("次")}, {Text: "三", Number: "4", Bound: record.AtLeast, Measure: record.MeasureOf("次")},
}
