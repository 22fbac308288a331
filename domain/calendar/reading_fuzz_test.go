package calendar_test

import (
	"testing"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
)

// FuzzReadWritten: no text under any title brings the reader down; what it returns
// is a stored form, or one fault with a code; and a certain day, written in each of
// the ways of schools, is the same day.
func FuzzReadWritten(f *testing.F) {
	for _, seed := range [][2]string{
		{"", ""}, {"2018-07-03", ""}, {"2018年4月18日至4月20日", ""}, {"2018.4.18-20", ""}, {"2017—2018学年度第2学期", ""}, {"2011年秋", ""},
		{"2018-02-30", ""}, {"二〇一八年十一月二十三日", ""}, {"2018年4月18日（星期三）上午10:30", ""}, {"2018.1", autumn}, {"2018-04-18至5.20", ""},
		{"\xff2018年", "\xff"}, {"4月18、19日", spring}, {"12月30日—1月2日", year}, {"12月28日、1月5日", year}, {"18-20日", springMonth}, {"18.4.18", spring},
		{"2018.4-6", ""}, {"9月至次年7月", autumn}, {"43208", ""}, {"201104", ""}, {"4/18/2018", ""}, {"18-Apr-18", ""}, {"2018年9月起", ""}, {"每周三", ""},
		{"2018.4.18、4.20-22、25", ""}, {"4、5、6月", spring}, {"本学期", spring}, {"下半年", year}, {"2.29", "2018年1月"}, {"12.29、2.29", "2019年"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, said, title string) {
		surroundings := calendar.SurroundingsIn(title)
		got, err := calendar.ReadWritten(said, surroundings)
		if err != nil {
			if found, ok := fault.As(err); !ok || found.Code == "" || got.Occurred != "" {
				t.Fatalf("%q under %q: %v, %v: not a fault alone", said, title, got, err)
			}
			return
		}
		for _, o := range []calendar.Occurred{got.Occurred, got.Instead} {
			if again, err := calendar.Parse(string(o)); o != "" && (err != nil || again != o) {
				t.Fatalf("%q under %q is %q, which Parse reads as %q, %v", said, title, o, again, err)
			}
		}
		if got.Occurred == "" || got.Certain == (len(got.Assumes) > 0) || got.Alone && !got.Certain {
			t.Fatalf("%q under %q: %+v contradicts itself", said, title, got)
		}
		alone, err := calendar.ReadAlone(said)
		if got.Alone && (err != nil || !alone.Alone || alone.Occurred != got.Occurred) {
			t.Fatalf("%q under %q is %q alone, and without the title %v, %v", said, title, got.Occurred, alone, err)
		}
		if got.Certain && got.Occurred.Precision() == calendar.PrecisionDay {
			for _, write := range writers[calendar.PrecisionDay] {
				again, err := calendar.ReadAlone(write(got.Occurred.Value()))
				if err != nil || again.Occurred != got.Occurred || !again.Alone {
					t.Fatalf("%q is %q, and written as %q it is %v, %v", said, got.Occurred, write(got.Occurred.Value()), again, err)
				}
			}
		}
	})
}

// FuzzSurroundingsIn: no title brings the reader down, and what it says has sense.
func FuzzSurroundingsIn(f *testing.F) {
	for _, seed := range []string{spring, autumn, year, springMonth, "", "2018年春节", "2017年9月—2018年7月", "201804", "\xff", "17-18学年", "2018级", "〔2018〕5号", "第一学期、第二学期"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, title string) {
		s := calendar.SurroundingsIn(title)
		if _, err := calendar.ParseSchoolYear(string(s.SchoolYear)); s.SchoolYear != "" && err != nil {
			t.Fatalf("%q: the school year %q", title, s.SchoolYear)
		}
		if s.Half < 0 || s.Half > 2 || s.Month < 0 || s.Month > 12 || s.Year != 0 && (s.Year < 1949 || s.Year > 2099) {
			t.Fatalf("%q: %+v", title, s)
		}
		if both := s.Or(s); both != s {
			t.Fatalf("%q: %+v or itself is %+v", title, s, both)
		}
	})
}
