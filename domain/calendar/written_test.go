package calendar_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

func TestParseWritten(t *testing.T) {
	tests := []struct {
		name string
		want calendar.Occurred
		said []string
	}{
		{"nothing", "unknown", []string{"", " ", "\u3000", "\ufeff"}},
		{"a day", "day:2018-07-03", []string{
			"2018-07-03", "2018-7-3", "2018.7.3", "2018.07.03", "2018/7/3", "2018/07/03", "20180703",
			"2018年7月3日", "2018年7月3号", "2018年07月03日", "2018年7月3", "２０１８年７月３日", "2018 年 7 月 3 日",
			"2018－7－3", "2018。7。3", "二〇一八年七月三日", "二○一八年七月三號", "\u200b2018-07-03",
		}},
		{"a day of December", "day:2018-12-01", []string{"2018-12-1", "2018/12/1", "2018.12.1", "2018-12-01"}},
		{"a day whose sign was typed twice", "day:2010-11-03", []string{"2010年年11月3日", "2010年11月月3日", "2010年11月3日日"}},
		{"a day with its time", "day:2018-04-18", []string{
			"2018-04-18 00:00:00", "2018/4/18 0:00", "2018-04-18T08:30:00", "2018年4月18日10:30", "2018年4月18日 10:30",
			"2018年4月18日上午", "2018年4月18日（星期三）", "2018年4月18日星期三下午", "2018.4.18 周三",
		}},
		{"a Sunday by both its names", "day:2018-04-22", []string{"2018年4月22日星期日", "2018年4月22日（星期天）"}},
		{"tens in words", "day:2018-10-20", []string{"二〇一八年十月二十日"}},
		{"tens and ones in words", "day:2018-11-23", []string{"二零一八年十一月二十三日"}},
		{"a span of two whole days", "span:2018-04-18/2018-04-20", []string{
			"2018-04-18至2018-04-20", "2018-04-18到2018-04-20", "2018-04-18~2018-04-20", "2018-04-18—2018-04-20",
			"2018-04-18——2018-04-20", "2018-04-18-2018-04-20", "2018-04-18 - 2018-04-20", "2018-04-18–2018-04-20",
			"2018.4.18-2018.4.20", "2018/4/18-2018/4/20", "20180418-20180420", "2018年4月18日～2018年4月20日",
			"2018年4月18日至2018年4月20号", "2018.4.18至2018-04-20",
		}},
		{"a span whose end leaves out the year", "span:2018-04-18/2018-04-20", []string{
			"2018年4月18日至4月20日", "2018年4月18日-4月20日", "2018.4.18-4.20", "2018.4.18—4.20", "2018/4/18-4/20",
			"2018-04-18至04-20", "2018-04-18~4-20", "2018-4-18-4-20",
		}},
		{"a span whose end leaves out the month", "span:2018-04-18/2018-04-20", []string{
			"2018年4月18日至20日", "2018年4月18-20日", "2018年4月18—20日", "2018.4.18-20", "2018/4/18-20",
			"2018-04-18至20", "2018-04-18至20日", "20180418~20",
		}},
		{"the span of the Xuecheng record", "span:2010-11-03/2010-11-04", []string{
			"2010年11月3日至11月4日", "2010年11月3日至4日", "2010年11月3日到4日",
		}},
		{"a span over the new year", "span:2010-12-30/2011-01-02", []string{"2010年12月30日至2011年1月2日"}},
		{"a span of one day", "day:2018-04-18", []string{"2018-04-18至2018-04-18", "2018年4月18日至18日"}},
		{"a month", "month:2014-07", []string{
			"2014年7月", "2014年07月", "2014-07", "2014-7", "2014.7", "2014.07", "2014/7", "2014/07", "2014年7月份", "2014年 7月",
			"2014年7月上旬", "2014年7月底", "二〇一四年七月",
		}},
		{"October with its zero", "month:2018-10", []string{"2018.10"}},
		{"January with its zero", "month:2018-01", []string{"2018.01", "2018年1月", "2018-1", "2018/1"}},
		{"a spring term", "term:2017-2018/2", []string{
			"2017-2018学年第二学期", "2017—2018学年第二学期", "2017—2018学年度第2学期", "2017-2018学年度第二学期", "2017-2018学年下学期",
			"2017～2018学年第二学期", "2017-18学年第二学期", "2017-2018学年春季学期", "2017-2018学年春季", "2017-2018学年（下）",
			"2017至2018学年第二学期", "2017学年第二学期", "2017学年度第二学期", "2017学年下学期", "2018年春季学期", "2018年春季",
			"2018年春", "2018春", "2018春季学期", "2017-2018第二学期", "2017-2018/2", "２０１７－２０１８学年第二学期",
		}},
		{"an autumn term", "term:2011-2012/1", []string{
			"2011年秋季学期", "2011年秋", "2011秋", "2011-2012学年第一学期", "2011-2012学年第1学期", "2011—2012学年度上学期",
			"2011学年第一学期", "2011学年秋季学期", "2011-2012学年上", "2011-2012第1学期", "2011-2012/1",
		}},
		{"a school year by its first year", "schoolyear:2013-2014", []string{"2013学年", "2013学年度", "二〇一三学年"}},
		{"a school year by both", "schoolyear:2017-2018", []string{"2017-2018学年", "2017-2018学年度", "2017—2018学年", "2017-18学年"}},
		{"a year", "year:2015", []string{"2015", "2015年", "2015年度", "２０１５", "二〇一五年"}},
	}
	for _, tt := range tests {
		for _, said := range tt.said {
			t.Run(tt.name+"/"+said, func(t *testing.T) {
				got, err := calendar.ParseWritten(said)
				if err != nil || got != tt.want {
					t.Errorf("ParseWritten(%q) = %q, %v; want %q", said, got, err, tt.want)
				}
			})
		}
	}
}

func TestParseWrittenRefuses(t *testing.T) {
	tests := []struct {
		name string
		want *fault.Error
		said []string
	}{
		{"a day that does not exist", calendar.ErrNoSuchDay, []string{
			"2018-02-30", "2018.2.30", "2018年2月30日", "20180230", "2017-02-29", "2018-13-01", "2018年4月18日至31日",
			"2018-02-28至2018-02-30", "2018年0月1日",
		}},
		{"a span that ends before it begins", calendar.ErrSpanBackwards, []string{
			"2018-04-20至2018-04-18", "2018年4月20日至18日", "2010年12月30日至1月2日", "2018.4.18-3.20",
		}},
		{"October or January", calendar.ErrAmbiguousMonth, []string{"2018.1"}},
		{"no year", calendar.ErrNoYear, []string{"4月20日", "4.20", "秋季学期", "第二学期", "本学期", "4月", "4—6月", "4.18、4.25", "次年7月"}},
		{"no month", calendar.ErrNoMonth, []string{"18日", "18日至20日", "18、25日"}},
		{"only likely", calendar.ErrUncertainDate, []string{
			"18-4-20", "18.4.18", "2017-2018", "2018-04.18", "2018/4-18", "2018年4-18", "43208", "201407", "2018.4-6", "2018年上半年", "18年春",
		}},
		{"an implausible year", calendar.ErrUnreadableDate, []string{
			"1900-01-05", "2100-01-01", "0207年4月20日", "1948", "2100年", "3018学年", "1018年春", "1018-04", "12345678",
		}},
		{"two years that are no school year", calendar.ErrUnreadableDate, []string{"2017-2019学年", "2018-2017学年第一学期", "2017-19学年"}},
		{"terms that counties name differently", calendar.ErrUnreadableDate, []string{"2018年上学期", "2018年第二学期", "2018下学期"}},
		{"a span of years", calendar.ErrUnreadableDate, []string{"2015年至2018年", "2015-2018"}},
		{"a span from a month to a day", calendar.ErrUnreadableDate, []string{"2018年9月至2019年7月10日", "2018.9.1-2019.7"}},
		{"a span whose end is not clear", calendar.ErrUnreadableDate, []string{"2018-04-18-20", "20180418-20", "4-5-6"}},
		{"a span of months that ends before it begins", calendar.ErrSpanBackwards, []string{"2018年9月至7月", "2019.7-2018.9", "2018.12.28、1.5"}},
		{"only a beginning", calendar.ErrOpenEnded, []string{
			"2018年4月18日至今", "2018年4月18日至", "2018年9月1日—", "2018年9月起", "2018.9起", "自2018年9月", "从2018.9.1开始", "2018年9月以来", "2018-09-01以后", "4月18日起",
		}},
		{"only an end", calendar.ErrOpenEnded, []string{"截至2018年7月", "2018年7月以前", "至2018.7.6", "2018年7月前", "2018年7月6日止"}},
		{"how often", calendar.ErrRepeated, []string{"每月一次", "每周", "每周三", "每学期一次", "逢周三", "隔周一次", "不定期", "经常", "2018年每月"}},
		{"how long", calendar.ErrDuration, []string{"一年", "一学期", "两周", "3个月", "半年", "一年半", "3天", "兩個月", "1学年", "18周", "为期一年"}},
		{"a teaching week", calendar.ErrTeachingWeek, []string{"第8周", "第八周", "第8周周三", "第3-5周", "第８週", "第十二教学周"}},
		{"a text too long for any date", calendar.ErrUnreadableDate, []string{strings.Repeat("2018-", 1000), strings.Repeat(" ", 5000)}},
		{"months that do not follow one another", calendar.ErrSeveralMonths, []string{"2018年3月、5月", "2018年3、5月", "2018.3、2018.5"}},
		{"too many days", calendar.ErrTooManyDays, []string{"2018.1.1-2018.6.1、2018.7.1"}},
		{"a weekday that does not agree", calendar.ErrUnreadableDate, []string{"2018年4月18日（星期五）"}},
		{"an impossible month", calendar.ErrUnreadableDate, []string{"2018-13", "2018年0月", "2017-18", "2018.00"}},
		{"not a date", calendar.ErrUnreadableDate, []string{
			"2018 0703", "2018年4月1 8日", "-", "/", "、", "。", "()", "2018-04-18T", "清明节前", "2018年寒假", "4.5月", "2018年4", "99999", "12345", "189918",
			"2018年9月、10月5日", "2018.4.18、语文", "农历四月十八", "4、5月18日", "10.13.2018", "18-Foo-18",
		}},
	}
	for _, tt := range tests {
		for _, said := range tt.said {
			t.Run(tt.name+"/"+said, func(t *testing.T) {
				got, err := calendar.ParseWritten(said)
				if got != "" || !errors.Is(err, tt.want) {
					t.Fatalf("ParseWritten(%q) = %q, %v; want %s", said, got, err, tt.want.Code)
				}
				if f, _ := fault.As(err); f.Place.Value != said {
					t.Errorf("the fault names %q, want %q", f.Place.Value, said)
				}
			})
		}
	}
}

// writers say how schools may write each precision.
var writers = map[calendar.Precision][]func(v string) string{
	calendar.PrecisionDay: {
		func(v string) string { return v },
		func(v string) string { return layout(v, "2006.1.2") },
		func(v string) string { return layout(v, "2006/1/2") },
		func(v string) string { return layout(v, "20060102") },
		func(v string) string { return layout(v, "2006年1月2日") },
	},
	calendar.PrecisionSpan: {
		func(v string) string { return strings.Replace(v, "/", "至", 1) },
		func(v string) string { return strings.Replace(v, "/", "-", 1) },
		func(v string) string {
			from, to, _ := strings.Cut(v, "/")
			return layout(from, "2006年1月2日") + "—" + layout(to, "2006年1月2日")
		},
	},
	calendar.PrecisionMonth: {
		func(v string) string { return v },
		func(v string) string { return layout(v+"-01", "2006年1月") },
		func(v string) string { return layout(v+"-01", "2006/1") },
		func(v string) string { return layout(v+"-01", "2006.01") },
	},
	calendar.PrecisionMonths: {
		func(v string) string { return eachMonth(v, "2006年1月", "至") },
		func(v string) string { return eachMonth(v, "2006.1", "—") },
		func(v string) string { return eachMonth(v, "2006/1", "-") },
		func(v string) string { return eachMonth(v, "2006-01", "~") },
	},
	calendar.PrecisionDays: {
		func(v string) string { return strings.ReplaceAll(v, ",", "、") },
		func(v string) string { return eachDay(v, "2006.1.2", "，") },
		func(v string) string { return eachDay(v, "2006年1月2日", "、") },
		func(v string) string { return eachDay(v, "2006/1/2", " ") },
	},
	calendar.PrecisionTerm: {
		func(v string) string { return v },
		func(v string) string { term, _ := calendar.ParseTerm(v); return term.Chinese() },
	},
	calendar.PrecisionSchoolYear: {
		func(v string) string { return v + "学年" },
		func(v string) string { return v[:4] + "学年度" },
	},
	calendar.PrecisionYear: {
		func(v string) string { return v },
		func(v string) string { return v + "年" },
	},
}

func eachMonth(v, form, sign string) string {
	first, last, _ := strings.Cut(v, "/")
	return layout(first+"-01", form) + sign + layout(last+"-01", form)
}

func eachDay(v, form, sign string) string {
	var out []string
	for _, day := range strings.Split(v, ",") {
		out = append(out, layout(day, form))
	}
	return strings.Join(out, sign)
}

func layout(day, form string) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.Format(form)
}

func TestParseWrittenReadsWhatItIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(1949, 2098).Draw(t, "year")
		day := calendar.Day(fmt.Sprintf("%d-01-01", year)).Add(rapid.IntRange(0, 364).Draw(t, "day"))
		number := rapid.IntRange(1, 2).Draw(t, "number")
		want := rapid.SampledFrom([]calendar.Occurred{
			calendar.OnDay(day),
			calendar.OverSpan(day, day.Add(rapid.IntRange(1, 300).Draw(t, "days"))),
			calendar.Occurred("month:" + string(day)[:7]),
			calendar.InMonths(string(day)[:7], string(day.Add(rapid.IntRange(0, 300).Draw(t, "months")))[:7]),
			severalDays(t, day),
			calendar.InTerm(calendar.Term{Year: calendar.SchoolYearFrom(year), Number: number}),
			calendar.Occurred("schoolyear:" + string(calendar.SchoolYearFrom(year))),
			calendar.Occurred(fmt.Sprintf("year:%d", year)),
		}).Draw(t, "occurred")
		said := rapid.SampledFrom(writers[want.Precision()]).Draw(t, "writer")(want.Value())
		if got, err := calendar.ParseWritten(said); err != nil || got != want {
			t.Fatalf("ParseWritten(%q) = %q, %v; want %q", said, got, err, want)
		}
	})
}
