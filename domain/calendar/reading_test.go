package calendar_test

import (
	"slices"
	"strings"
	"testing"

	"twinledger/domain/calendar"
)

// How certain a reading is.
const (
	alone   = "alone"   // by the text itself
	around  = "around"  // by the text and its surroundings
	assumed = "assumed" // not certain
)

func certainty(r calendar.Reading) string {
	switch {
	case r.Alone:
		return alone
	case r.Certain:
		return around
	}
	return assumed
}

const spring, autumn, year, springMonth = "2017—2018学年第二学期活动台账", "2017-2018学年第一学期", "2018年送教情况", "2018年4月送教情况"

func TestReadWritten(t *testing.T) {
	tests := []struct {
		want    calendar.Occurred
		how     string
		title   string
		assumes string // codes, separated by spaces
		said    []string
	}{
		{"day:2018-04-18", alone, "", "", []string{
			"2018.4.18日", "2018 .4. 18", "2018年4月18", "2018年04月18日上午", "2018年4月18日（星期三）", "2018-4-18 14:30", "20180418",
			"２０１８．４．１８", "2018年 4 月 18 日", "二〇一八年四月十八日", "2018,4,18", "2018，4，18", "2018、4、18", "2018 4 18", "2018·4·18", "2018..4.18", "2018.4.18.",
			"（2018.4.18）", "2018年4月18号下午2点", "2018年4月18日14:30—16:00", "2018.4.18(周三上午)", "2018年4月18日第三节", "2018年4月18日上午第2、3节",
			"18-Apr-2018", "4/18/2018", "2018.4月18日", "時間：2018年4月18日", "日期:2018-04-18", "'2018.4.18", "2018年4⽉18⽇", "2018年4月18日 星期三 9:00",
		}},
		{"month:2018-04", alone, "", "", []string{"2018.4月", "2018年4月第2周", "2018年4月中旬", "2018-4月份", "2018年四月"}},
		{"months:2018-09/2019-07", alone, "", "", []string{
			"2018年9月至2019年7月", "2018.9—2019.7", "2018.9-2019.7", "2018.9.—2019.7.", "2018/9-2019/7", "2018-09~2019-07", "2018.09--2019.07", "2018-9-2019-7", "2018年9月到2019年7月",
			"２０１８．９－２０１９．７", "2018年9月-2019年7月", "自2018年9月起至2019年7月止", "2018年9月至次年7月", "2018年九月至二〇一九年七月", "2018.9月—2019.7月", "2018年9月—2019年7月底",
		}},
		{"months:2018-04/2018-06", alone, "", "", []string{
			"2018年4—6月", "2018年4月-6月", "2018年4-6月", "2018年4月至6月", "2018.4-6月", "2018.4-2018.6", "2018年4月、5月、6月", "2018年4、5、6月", "2018年四至六月", "2018年第二季度",
		}},
		{"months:2018-01/2018-06", alone, "", "", []string{"2018.1-2018.6", "2018.1—2018.06"}},
		{"days:2018-04-18,2018-04-25", alone, "", "", []string{
			"2018.4.18、4.25", "2018年4月18日、25日", "2018.4.18，2018.4.25", "2018.4.18/4.25", "2018.4.18、25", "2018年4月18、25日", "2018-04-18;2018-04-25",
			"2018.4.18 2018.4.25", "2018年4月18日和4月25日", "2018.4.25、2018.4.18", "2018年4月18日（周三）、4月25日（周三）", "2018.4.18\n2018.4.25", "2018年4月18日 4月25日",
			"2018年4月18日\n25日", "2018.4.18、4.25、4.25",
		}},
		{"days:2018-04-18,2018-04-19,2018-04-20", alone, "", "", []string{"2018.4.18、19、20", "2018.4.18、4.19、4.20", "2018年4月18日、19日、20日", "2018.4.18-19、20"}},
		{"term:2017-2018/2", alone, "", "", []string{"2018春", "2017-2018下", "2017-2018（2）", "2017-2018-2", "2017/2018学年第二学期", "2018年春期", "2017—2018學年第二學期"}},
		{"day:2018-04-18", around, spring, "", []string{
			"4月18日", "4.18", "4/18", "4-18", "四月十八日", "4月18", "4月18号", "４月１８日", "4.18日", "4月18日上午", "4月18日（星期三）", "18.4.18", "18年4月18日", "18-4-18", "'18.4.18", "18/4/18",
			"18-Apr-18", "一八年四月十八日",
		}},
		{"day:2018-04-18", around, year, "", []string{"4月18日", "4.18", "18.4.18"}},
		{"day:2018-04-18", around, "2017-2018学年", "", []string{"4月18日", "18年4月18日"}},
		{"day:2018-04-18", around, springMonth, "", []string{"18日", "4月18日", "18号"}},
		{"day:2017-12-30", around, autumn, "", []string{"12月30日", "12.30", "17.12.30"}},
		{"day:2018-01-02", around, autumn, "", []string{"1月2日", "1/2", "18.1.2"}},
		{"span:2018-04-18/2018-04-20", around, spring, "", []string{"4月18日-20日", "4.18—4.20", "4月18—20日", "4.18-20", "4-18-4-20", "18.4.18-4.20", "4月18日至4月20日"}},
		{"span:2018-04-18/2018-04-20", around, springMonth, "", []string{"18-20日", "18日至20日", "18日—20日"}},
		{"span:2017-12-30/2018-01-02", around, autumn, "", []string{"12月30日—1月2日", "12.30-1.2"}},
		{"span:2018-12-30/2019-01-02", assumed, year, "year-of-title", []string{"12月30日—1月2日", "12.30-1.2"}},
		{"months:2018-04/2018-06", around, spring, "", []string{"4—6月", "4-6月", "4月至6月", "四至六月", "4、5、6月", "4月—6月", "18年4月—6月"}},
		{"months:2017-09/2018-01", around, autumn, "", []string{"9月—1月", "9月至次年1月", "9-1月"}},
		{"month:2018-04", around, spring, "", []string{"4月", "4月份", "四月", "4月上旬", "18.4", "18年4月"}},
		{"days:2018-04-18,2018-04-19", around, spring, "", []string{"4月18、19日", "4.18、19", "4.18、4.19", "18.4.18、19"}},
		{"days:2018-04-18,2018-05-09", around, spring, "", []string{"4月18日、5月9日", "4月18日，5月9日", "4.18/5.9", "4.18 5.9", "5月9日、4月18日"}},
		{"days:2018-04-18,2018-04-25", around, springMonth, "", []string{"18、25日", "18日、25日"}},
		{"days:2017-12-28,2018-01-05", around, autumn, "", []string{"12月28日、1月5日", "12.28、1.5"}},
		{"days:2018-12-28,2019-01-05", assumed, year, "year-of-title", []string{"12月28日、1月5日"}},
		{"term:2017-2018/2", around, spring, "", []string{"本学期", "第二学期", "下学期", "第2学期", "春季学期", "18春", "17-18学年第二学期", "17-18下", "全学期"}},
		{"term:2017-2018/1", around, "2017-2018学年", "", []string{"第1学期", "上学期", "秋季", "17秋"}},
		{"schoolyear:2017-2018", around, spring, "", []string{"本学年", "2017-2018", "17-18学年"}},
		{"term:2017-2018/2", around, year, "", []string{"春季学期", "春季"}},
		{"year:2018", around, year, "", []string{"18年", "18年度"}},
		{"months:2018-01/2018-03", around, year, "", []string{"第一季度", "一季度"}},

		{"month:2018-01", around, autumn, "", []string{"2018.1", "18.1"}},
		{"month:2017-10", around, autumn, "", []string{"2017.1"}},
		{"month:2018-01", around, "2018年1月", "", []string{"2018.1"}},
		{"month:2018-10", around, "2018年10月", "", []string{"2018.1"}},
		{"month:2018-01", assumed, year, "month-point-one", []string{"2018.1"}},
		{"month:2018-01", assumed, "", "month-point-one two-digit-year", []string{"18.1"}},
		{"day:2018-04-02", assumed, spring, "day-point-one", []string{"4.2"}},
		{"day:2018-02-03", around, spring, "", []string{"2.3"}}, // there is no 30 February
		{"day:2018-04-02", around, spring, "", []string{"4.2日", "4.02", "04/2"}},
		{"day:2018-04-06", assumed, spring, "hyphen-day", []string{"4-6"}},
		{"months:2018-04/2018-06", assumed, "", "span-of-months", []string{"2018.4-6", "2018年4-6", "2018.4—6", "2018年4月-6"}},
		{"day:2018-04-18", assumed, "", "two-digit-year", []string{"18.4.18", "18年4月18日", "18-4-18", "18/4/18", "'18.4.18", "18-Apr-18", "180418"}},
		{"day:1998-04-18", assumed, spring, "two-digit-year", []string{"98.4.18"}},
		{"day:2018-04-18", assumed, autumn, "two-digit-year", []string{"18.4.18"}},
		{"day:2018-04-18", assumed, "", "mixed-signs", []string{"2018-04.18", "2018/4-18", "2018年4-18", "2018年4.18", "2018.4/18"}},
		{"day:2018-04-18", assumed, "", "spreadsheet-serial", []string{"43208", "43208.0", "43208.604"}},
		{"month:2018-04", assumed, "", "compact-month", []string{"201804"}},
		{"day:2018-05-04", assumed, "", "month-day-year", []string{"5/4/2018"}},
		{"months:2018-01/2018-06", assumed, "", "half-year", []string{"2018年上半年"}},
		{"months:2018-07/2018-12", assumed, year, "half-year", []string{"下半年"}},
		{"schoolyear:2017-2018", assumed, "", "school-year-pair", []string{"2017-2018"}},
		{"day:2017-09-20", assumed, spring, "year-of-title", []string{"9月20日"}},
		{"day:2018-04-18", assumed, autumn, "year-of-title", []string{"4月18日"}},
		{"day:2018-08-20", assumed, "2017-2018学年", "year-of-title", []string{"8月20日"}},
		{"day:2018-05-09", assumed, springMonth, "year-of-title", []string{"5月9日"}},
		{"day:2017-12-28", assumed, "2018年1月", "year-of-title", []string{"12月28日"}},
		{"term:2017-2018/2", assumed, "", "two-digit-year", []string{"18春", "17-18下"}},
	}
	count := 0
	for _, tt := range tests {
		for _, said := range tt.said {
			count++
			t.Run(said+" under "+tt.title, func(t *testing.T) {
				got, err := calendar.ReadWritten(said, calendar.SurroundingsIn(tt.title))
				if err != nil || got.Occurred != tt.want || certainty(got) != tt.how {
					t.Fatalf("read %s, %s, %v, %v; want %s, %s", got.Occurred, certainty(got), got.Assumes, err, tt.want, tt.how)
				}
				var codes []string
				for _, a := range got.Assumes {
					codes = append(codes, string(a))
				}
				slices.Sort(codes)
				if strings.Join(codes, " ") != tt.assumes {
					t.Errorf("assumes %v, want %s", codes, tt.assumes)
				}
			})
		}
	}
	if count < 120 {
		t.Errorf("only %d written forms", count)
	}
}

func TestReadingInstead(t *testing.T) {
	for _, tt := range []struct {
		said, title string
		want        calendar.Occurred
	}{
		{"2018.1", "", "month:2018-10"},
		{"4.2", spring, "day:2018-04-20"},
		{"4-6", spring, "months:2018-04/2018-06"},
		{"9月20日", spring, "day:2018-09-20"},
		{"8月20日", "2017-2018学年", "day:2017-08-20"},
		{"12月28日", "2018年1月", "day:2018-12-28"},
		{"5/4/2018", "", "day:2018-04-05"},
		{"2018年上半年", "", "term:2017-2018/2"},
		{"2017年下半年", "", "term:2017-2018/1"},
		{"201104", "", "day:2020-11-04"},
		{"201804", "", ""},
		{"18.1", "", ""}, // two assumptions
		{"43208", "", ""},
		{"18.4.18", "", ""},
		{"2018.4.18", "", ""},
	} {
		got, err := calendar.ReadWritten(tt.said, calendar.SurroundingsIn(tt.title))
		if err != nil || got.Instead != tt.want {
			t.Errorf("%s under %s: %s instead, %v; want %s", tt.said, tt.title, got.Instead, err, tt.want)
		}
	}
}

func TestReadStart(t *testing.T) {
	for said, want := range map[string]calendar.Occurred{
		"2018年9月起": "month:2018-09", "2018.9起": "month:2018-09", "2018年9月1日—": "day:2018-09-01", "自2018年9月": "month:2018-09",
		"2018年9月1日至今": "day:2018-09-01", "2017-2018学年第一学期起": "term:2017-2018/1",
	} {
		if got, err := calendar.ReadStart(said, calendar.Surroundings{}); err != nil || got.Occurred != want || !got.Alone {
			t.Errorf("%s: %s, %v; want %s", said, got.Occurred, err, want)
		}
	}
	for _, said := range []string{"2018年9月", "2018年7月以前", "截至2018年7月", "", "起", "2018年9月至2019年7月"} {
		if got, err := calendar.ReadStart(said, calendar.Surroundings{}); err == nil {
			t.Errorf("%q starts at %s", said, got.Occurred)
		}
	}
	if got, err := calendar.ReadStart("9月1日起", calendar.SurroundingsIn(autumn)); err != nil || got.Occurred != "day:2017-09-01" || got.Alone {
		t.Errorf("under a title: %v, %v", got, err)
	}
}

func TestEveryAssumptionHasWords(t *testing.T) {
	seen := map[string]calendar.Assumption{}
	for _, a := range calendar.Assumptions() {
		zh, en := a.Words()
		if zh == "" || en == "" {
			t.Errorf("%s has no words", a)
		}
		if other, again := seen[zh]; again {
			t.Errorf("%s and %s have the same words", a, other)
		}
		seen[zh] = a
	}
}
