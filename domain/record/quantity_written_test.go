package record_test

import (
	"errors"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinledger/domain/fault"
	"twinledger/domain/record"
)

func TestParseQuantity(t *testing.T) {
	lesson := record.Measure{Text: "节", Code: "lesson"}
	person := record.Measure{Text: "人", Code: "person"}
	name := record.Measure{Text: "名", Code: "person"}
	tests := []struct {
		name            string
		number, measure string
		want            record.Quantity // its Text is the number as given
	}{
		{"nothing at all", "", "", record.Quantity{}},
		{"a measure without a number", " ", "节", record.Quantity{Measure: lesson}},
		{"a plain number", "10", "节", record.Quantity{Number: "10", Bound: record.Exact, Measure: lesson}},
		{"full-width digits", "３", "节", record.Quantity{Number: "3", Bound: record.Exact, Measure: lesson}},
		{"nought", "0", "节", record.Quantity{Number: "0", Bound: record.Exact, Measure: lesson}},
		{"leading zeros", "007", "节", record.Quantity{Number: "7", Bound: record.Exact, Measure: lesson}},
		{"a fraction", "0.5", "天", record.Quantity{Number: "0.5", Bound: record.Exact, Measure: record.Measure{Text: "天", Code: "day"}}},
		{"trailing zeros", "1.50", "", record.Quantity{Number: "1.5", Bound: record.Exact}},
		{"a fraction of zeros", "3.00", "", record.Quantity{Number: "3", Bound: record.Exact}},
		{"thousands", "1,200", "元", record.Quantity{Number: "1200", Bound: record.Exact, Measure: record.Measure{Text: "元", Code: "yuan"}}},
		{"full-width thousands", "１，２００，０００", "", record.Quantity{Number: "1200000", Bound: record.Exact}},
		{"its unit beside it", "10节", "", record.Quantity{Number: "10", Bound: record.Exact, Measure: lesson}},
		{"the same unit twice", "10节", "节", record.Quantity{Number: "10", Bound: record.Exact, Measure: lesson}},
		{"two words for one unit", "3名", "人", record.Quantity{Number: "3", Bound: record.Exact, Measure: person}},
		{"lessons in two syllables", "10 节课", "", record.Quantity{Number: "10", Bound: record.Exact, Measure: record.Measure{Text: "节课", Code: "lesson"}}},
		{"attendances beside it", "30人次", "", record.Quantity{Number: "30", Bound: record.Exact, Measure: record.Measure{Text: "人次", Code: "person_visit"}}},
		{"a classifier without a code", "2件", "", record.Quantity{Number: "2", Bound: record.Exact, Measure: record.Measure{Text: "件"}}},
		{"a rare unit in both cells", "2摞", "摞", record.Quantity{Number: "2", Bound: record.Exact, Measure: record.Measure{Text: "摞"}}},
		{"a total in words", "共10节", "", record.Quantity{Number: "10", Bound: record.Exact, Measure: lesson}},
		{"about", "约30", "人", record.Quantity{Number: "30", Bound: record.About, Measure: person}},
		{"about, behind", "30左右", "人", record.Quantity{Number: "30", Bound: record.About, Measure: person}},
		{"about, behind the unit", "30人左右", "", record.Quantity{Number: "30", Bound: record.About, Measure: person}},
		{"a total about", "共约30人", "", record.Quantity{Number: "30", Bound: record.About, Measure: person}},
		{"nearly", "近30", "人", record.Quantity{Number: "30", Bound: record.About, Measure: person}},
		{"some thirty", "三十来人", "", record.Quantity{Number: "30", Bound: record.About, Measure: person}},
		{"about and more claims less", "约30余人", "", record.Quantity{Number: "30", Bound: record.About, Measure: person}},
		{"and more (余)", "30余", "人", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"and more (多)", "30多", "人", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"and more with its unit", "30多人", "", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"and more in words", "三十多名", "", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: name}},
		{"not fewer than", "不少于30", "人", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"at least", "至少30人", "", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"or more", "30以上", "人", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"or more behind the unit", "30人以上", "", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"plus", "30+", "人", record.Quantity{Number: "30", Bound: record.AtLeast, Measure: person}},
		{"one in words", "一节", "", record.Quantity{Number: "1", Bound: record.Exact, Measure: lesson}},
		{"two in words", "两次", "", record.Quantity{Number: "2", Bound: record.Exact, Measure: record.Measure{Text: "次", Code: "time"}}},
		{"ten in words", "十", "", record.Quantity{Number: "10", Bound: record.Exact}},
		{"twelve in words", "十二", "", record.Quantity{Number: "12", Bound: record.Exact}},
		{"twenty in words", "二十", "", record.Quantity{Number: "20", Bound: record.Exact}},
		{"three hundred and five in words", "三百零五", "", record.Quantity{Number: "305", Bound: record.Exact}},
		{"the same with a round zero", "三百〇五", "", record.Quantity{Number: "305", Bound: record.Exact}},
		{"a hundred and ten in words", "一百一十", "", record.Quantity{Number: "110", Bound: record.Exact}},
		{"a hundred and twelve, short", "一百十二", "", record.Quantity{Number: "112", Bound: record.Exact}},
		{"a thousand and fifty in words", "一千零五十", "", record.Quantity{Number: "1050", Bound: record.Exact}},
		{"two thousand in words", "两千", "", record.Quantity{Number: "2000", Bound: record.Exact}},
		{"the largest in words", "九千九百九十九", "", record.Quantity{Number: "9999", Bound: record.Exact}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := record.ParseQuantity(tt.number, tt.measure)
			if err != nil {
				t.Fatal(err)
			}
			if tt.number != " " {
				tt.want.Text = tt.number
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseQuantity(%q, %q) differs (-want +got):\n%s", tt.number, tt.measure, diff)
			}
		})
	}
}

func TestParseQuantityRefuses(t *testing.T) {
	tests := []struct {
		name    string
		numbers []string
		measure string
		want    *fault.Error
	}{
		{"a negative number", []string{"-3", "－3", "-0.5节"}, "节", record.ErrUnreadableQuantity},
		{"no number", []string{"若干", "-", "/", "无", "#N/A", "余", "节"}, "", record.ErrUnreadableQuantity},
		{"several numbers", []string{"10-12", "10~12", "三五", "3+2", "1/2", "50%", "1 200", "10节5次", "10,12"}, "", record.ErrUnreadableQuantity},
		{"a badly grouped number", []string{"1,20", "12,00", "1200,000", "1,2000"}, "", record.ErrUnreadableQuantity},
		{"no decimal", []string{".5", "5.", "1.2.3", "1e3", "0x10", "NaN"}, "", record.ErrUnreadableQuantity},
		{"an ordinal or a rate", []string{"第3次", "每月1次", "3次/月"}, "", record.ErrUnreadableQuantity},
		{"at most", []string{"30以内", "不超过30", "不足30"}, "人", record.ErrUnreadableQuantity},
		{"a multiplier or a weight behind it", []string{"3万", "一千克", "十两", "3半"}, "", record.ErrUnreadableQuantity},
		{"words that nobody says", []string{"三百五", "一百零", "二零一八", "十十", "一千五十", "零五", "百"}, "", record.ErrUnreadableQuantity},
		{"a word that only begins like a unit", []string{"3节目", "3人家"}, "", record.ErrUnreadableQuantity},
		{"more digits than anything has", []string{"1234567890123"}, "", record.ErrUnreadableQuantity},
		{"two units", []string{"30人", "30件"}, "人次", record.ErrTwoMeasures},
	}
	for _, tt := range tests {
		for _, number := range tt.numbers {
			t.Run(tt.name+"/"+number, func(t *testing.T) {
				got, err := record.ParseQuantity(number, tt.measure)
				if !errors.Is(err, tt.want) {
					t.Fatalf("got %v, want %s", err, tt.want.Code)
				}
				want := record.Quantity{Text: number, Measure: record.MeasureOf(tt.measure)}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("the quantity differs (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestMeasureOf(t *testing.T) {
	tests := map[string]string{
		"节": "lesson", "次": "time", "人": "person", "人次": "person_visit", "名": "person", "台": "unit", "套": "set", "份": "copy",
		"所": "school", "课时": "class_hour", "场": "session", "天": "day", "篇": "piece", "册": "book", "本": "book", "个": "item", "元": "yuan",
		"": "", "支": "", "节目": "", "万元": "",
	}
	for text, code := range tests {
		if got := record.MeasureOf(" " + text + "\u3000"); got != (record.Measure{Text: text, Code: code}) {
			t.Errorf("MeasureOf(%q) = %+v, want code %q", text, got, code)
		}
	}
}

func TestOccurrences(t *testing.T) {
	tests := []struct {
		name            string
		number, measure string
		want            int
		ok              bool
	}{
		{"lessons", "10", "节", 10, true},
		{"times", "三", "次", 3, true},
		{"sessions", "2", "场", 2, true},
		{"no lesson", "0", "节", 0, true},
		{"at least so many", "30余", "次", 30, true},
		{"half a lesson", "0.5", "节", 0, false},
		{"lessons without a number", "", "节", 0, false},
		{"unreadable lessons", "若干", "节", 0, false},
		{"people", "3", "人", 0, false},
		{"attendances", "30", "人次", 0, false},
		{"machines", "10", "台", 0, false},
		{"class hours", "10", "课时", 0, false},
		{"no measure", "10", "", 0, false},
		{"an unknown measure", "10", "轮", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, _ := record.ParseQuantity(tt.number, tt.measure)
			if n, ok := q.Occurrences(); n != tt.want || ok != tt.ok {
				t.Errorf("Occurrences() = %d, %v; want %d, %v", n, ok, tt.want, tt.ok)
			}
		})
	}
}

// say writes n as it is said, by a way of its own: place by place.
func say(n int) string {
	digits := []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + tail(n%10, digits)
	case n < 100:
		return digits[n/10] + "十" + tail(n%10, digits)
	case n < 1000:
		return digits[n/100] + "百" + rest(n%100, 10, digits)
	}
	return digits[n/1000] + "千" + rest(n%1000, 100, digits)
}

func tail(n int, digits []string) string {
	if n == 0 {
		return ""
	}
	return digits[n]
}

func rest(n, full int, digits []string) string {
	switch {
	case n == 0:
		return ""
	case n < full:
		return "零" + map[bool]string{true: "一"}[n >= 10 && n < 20] + say(n)
	}
	return map[bool]string{true: "一"}[n >= 10 && n < 20] + say(n)
}

func TestParseQuantityReadsEveryNumberInWords(t *testing.T) {
	for n := range 10000 {
		q, err := record.ParseQuantity(say(n), "")
		if err != nil || q.Number != strconv.Itoa(n) {
			t.Fatalf("%s is read as %q, %v; want %d", say(n), q.Number, err, n)
		}
	}
}

func TestParseQuantityKeepsDecimals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.StringMatching(`(0|[1-9][0-9]{0,11})(\.[0-9]{0,10}[1-9])?`).Draw(t, "decimal")
		padded := rapid.StringMatching(`0{0,3}`).Draw(t, "zeros") + want
		if q, err := record.ParseQuantity(padded, "节"); err != nil || q.Number != want {
			t.Fatalf("%s is read as %q, %v", padded, q.Number, err)
		}
	})
}

var decimalForm = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$`)

func FuzzParseQuantity(f *testing.F) {
	for _, seed := range [][2]string{
		{"", ""}, {"10", "节"}, {"三十多名", ""}, {"1,200.50", "元"}, {"约30余人以上", "人"}, {"-3", ""}, {"三百零五", ""}, {"0.0", "\xff"}, {"千千千", ""},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, number, measure string) {
		q, err := record.ParseQuantity(number, measure)
		switch {
		case err != nil:
			if found, ok := fault.As(err); !ok || found.Code == "" || q.Number != "" || q.Bound != "" {
				t.Fatalf("ParseQuantity(%q, %q) = %+v, %v", number, measure, q, err)
			}
		case q.Number == "":
			if q.Bound != "" {
				t.Fatalf("ParseQuantity(%q, %q) = %+v: a bound without a number", number, measure, q)
			}
		case !decimalForm.MatchString(q.Number) || q.Bound == "":
			t.Fatalf("ParseQuantity(%q, %q) = %+v: not canonical", number, measure, q)
		}
		if n, ok := q.Occurrences(); n < 0 || n > 0 && !ok {
			t.Fatalf("Occurrences of %+v = %d, %v", q, n, ok)
		}
	})
}
