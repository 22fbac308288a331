package calendar_test

import (
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
)

func TestSurroundingsIn(t *testing.T) {
	secondOf := func(y calendar.SchoolYear) calendar.Surroundings {
		return calendar.Surroundings{SchoolYear: y, Half: 2}
	}
	for title, want := range map[string]calendar.Surroundings{
		"2017—2018学年第二学期活动台账":       secondOf("2017-2018"),
		"清涧县第二小学2017－2018學年度第2學期送教": secondOf("2017-2018"),
		"2017-2018学年（下）":            secondOf("2017-2018"),
		"2017-2018下学期听课":            secondOf("2017-2018"),
		"2017学年第二学期":                secondOf("2017-2018"),
		"17-18学年第二学期":               secondOf("2017-2018"),
		"2017-2018-2":               secondOf("2017-2018"),
		"二〇一七至二〇一八学年第一学期":           {SchoolYear: "2017-2018", Half: 1},
		"2018年春季":                   {SchoolYear: "2017-2018", Half: 2, Year: 2018},
		"2018春送教下乡":                 {SchoolYear: "2017-2018", Half: 2, Year: 2018},
		"18年春季学期":                   {SchoolYear: "2017-2018", Half: 2, Year: 2018},
		"2018年秋":                    {SchoolYear: "2018-2019", Half: 1, Year: 2018},
		"2017-2018学年教研活动":           {SchoolYear: "2017-2018"},
		"2017-2018年度工作":             {SchoolYear: "2017-2018"},
		"2018年4月送教情况":               {Year: 2018, Month: 4},
		"18年4月":                     {Year: 2018, Month: 4},
		"2018.4":                    {Year: 2018, Month: 4},
		"201804":                    {Year: 2018, Month: 4},
		"4月":                        {Month: 4},
		"四月份":                       {Month: 4},
		"2018年度交流轮岗统计":              {Year: 2018},
		"2018":                      {Year: 2018},
		"2018送教台账":                  {Year: 2018},
		"2018年春节慰问":                 {Year: 2018},
		"2018年3—7月":                 {Year: 2018},
		"2017年9月—2018年7月轮岗":         {SchoolYear: "2017-2018"},
		"2018年上学期":                  {Year: 2018, Half: 1},
		"第二学期":                      {Half: 2},
		"春季":                        {Half: 2},
		"2017-2018学年第二学期（2018年4月）":    {SchoolYear: "2017-2018", Half: 2, Year: 2018, Month: 4},
		"填表日期：2018年7月3日":              {},
		"2017-2018学年第二学期 填表：2018.7.3": secondOf("2017-2018"),
		"清教发〔2018〕5号":                 {},
		"2018级新生":                     {},
		"2016-2017学年、2017-2018学年":     {},
		"2017-2018学年第一学期、第二学期":        {SchoolYear: "2017-2018"},
		"2017年和2018年":                 {},
		"2015-2018年规划":                {},
		"3月、4月":                       {},
		"3—7月":                        {},
		"明德小学活动台账":                    {},
		"建校50年":                       {},
		"":                            {},
		"Sheet1":                      {},
		"\xff2018":                    {Year: 2018},
	} {
		if got := calendar.SurroundingsIn(title); got != want {
			t.Errorf("%s: %+v, want %+v", title, got, want)
		}
	}
}

func TestSurroundingsOr(t *testing.T) {
	for _, tt := range []struct {
		title, sheet string
		want         calendar.Surroundings
	}{
		{"2017-2018学年", "第二学期", calendar.Surroundings{SchoolYear: "2017-2018", Half: 2}},
		{"2017-2018学年第二学期", "4月", calendar.Surroundings{SchoolYear: "2017-2018", Half: 2, Month: 4}},
		{"2017-2018学年第二学期", "2018年4月", calendar.Surroundings{SchoolYear: "2017-2018", Half: 2, Year: 2018, Month: 4}},
		{"2017-2018学年第二学期", "2016年4月", calendar.Surroundings{SchoolYear: "2017-2018", Half: 2}},
		{"2017-2018学年第二学期", "2016年春季", calendar.Surroundings{SchoolYear: "2017-2018", Half: 2}},
		{"2017-2018学年", "2016-2017学年第二学期", calendar.Surroundings{SchoolYear: "2017-2018"}},
		{"2018年", "2018年春季", calendar.Surroundings{SchoolYear: "2017-2018", Half: 2, Year: 2018}},
		{"2018年", "4月", calendar.Surroundings{Year: 2018, Month: 4}},
		{"台账", "2018年4月", calendar.Surroundings{Year: 2018, Month: 4}},
		{"2018年4月", "5月", calendar.Surroundings{Year: 2018, Month: 4}},
		{"", "", calendar.Surroundings{}},
	} {
		if got := calendar.SurroundingsIn(tt.title).Or(calendar.SurroundingsIn(tt.sheet)); got != tt.want {
			t.Errorf("%s, then %s: %+v, want %+v", tt.title, tt.sheet, got, tt.want)
		}
	}
}

func TestSurroundingsOf(t *testing.T) {
	for o, want := range map[calendar.Occurred]calendar.Surroundings{
		"term:2017-2018/2": {SchoolYear: "2017-2018", Half: 2}, "schoolyear:2017-2018": {SchoolYear: "2017-2018"}, "year:2018": {Year: 2018},
		"month:2018-04": {Year: 2018, Month: 4}, "months:2018-03/2018-07": {Year: 2018}, "months:2017-09/2018-07": {SchoolYear: "2017-2018"},
		"months:2017-03/2018-07": {}, "day:2018-04-18": {}, calendar.Unknown: {},
	} {
		if got := calendar.SurroundingsOf(o); got != want {
			t.Errorf("%s: %+v, want %+v", o, got, want)
		}
	}
	if term, ok := calendar.SurroundingsOf("term:2017-2018/2").Term(); !ok || term.String() != "2017-2018/2" {
		t.Errorf("the term is %v, %t", term, ok)
	}
	if term, ok := calendar.SurroundingsOf("schoolyear:2017-2018").Term(); ok {
		t.Errorf("a school year is the term %v", term)
	}
}

// anySurroundings draws what a title may say.
func anySurroundings() *rapid.Generator[calendar.Surroundings] {
	return rapid.Custom(func(t *rapid.T) calendar.Surroundings {
		return calendar.SurroundingsOf(anyOccurred().Draw(t, "surroundings"))
	})
}

// TestSurroundingsNeverDecideAgainstTheText: a text that is certain alone means the
// same under every title.
func TestSurroundingsNeverDecideAgainstTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOccurred().Draw(t, "o")
		if len(writers[o.Precision()]) == 0 {
			return
		}
		said := rapid.SampledFrom(writers[o.Precision()]).Draw(t, "writer")(o.Value())
		alone, err := calendar.ReadAlone(said)
		under, err2 := calendar.ReadWritten(said, anySurroundings().Draw(t, "surroundings"))
		if alone.Alone && (err != nil || err2 != nil || under.Occurred != alone.Occurred || !under.Certain) {
			t.Fatalf("%s: alone %v, %v; under a title %v, %v", said, alone, err, under, err2)
		}
	})
}
