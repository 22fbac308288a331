package calendar_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
)

func TestReadTerm(t *testing.T) {
	spring, autumn := "2017-2018/2", "2017-2018/1"
	tests := map[string]string{
		"2017-2018/2": spring, " 2017-2018/2 ": spring, "2017-2018-2": spring, "２０１７－２０１８／２": spring, "2017—2018/2": spring, "2017–2018/1": autumn,
		"2017—2018学年第二学期": spring, "2017——2018学年第二学期": spring, "2017-2018学年下学期": spring, "2017～2018学年度第2学期": spring, "2017－2018学年（下）": spring,
		"2017至2018学年第一学期": autumn, "2017-18学年第二学期": spring, "2017学年第二学期": spring, "2017—2018學年第二學期": spring,
		"2017-2018第二学期": spring, "2017-2018下学期": spring, "2017-2018 春季学期": spring, "2017-2018学年 上学期": autumn,
		"2018年春季学期": spring, "2018春": spring, "2018年春季": spring, "2017年秋季学期": autumn, "2017秋季": autumn,
	}
	for text, want := range tests {
		if got, err := calendar.ReadTerm(text); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "2017", "2017-2018", "2017-2018学年", "2018年上学期", "2017-2018/3", "2017-2019/2", "2017-2019学年第二学期", "2018年4月", "2017-2018/22", "第二学期"} {
		if got, err := calendar.ReadTerm(text); !errors.Is(err, calendar.ErrBadTerm) {
			t.Errorf("%q is %v, %v; want a refusal", text, got, err)
		}
	}
}

// TestReadTermReadsWhatIsPrinted: every form in which the program prints a term can be
// given back to it.
func TestReadTermReadsWhatIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		term := calendar.Term{Year: calendar.SchoolYearFrom(rapid.IntRange(1949, 2098).Draw(t, "year")), Number: rapid.IntRange(1, 2).Draw(t, "number")}
		for _, text := range []string{term.String(), term.Chinese()} {
			if got, err := calendar.ReadTerm(text); err != nil || got != term {
				t.Fatalf("%q is %v, %v", text, got, err)
			}
		}
	})
}
