package calendar_test

import (
	"testing"

	"twinledger/domain/calendar"
)

func TestAfter(t *testing.T) {
	tests := []struct {
		when calendar.Occurred
		day  calendar.Day
		want bool
	}{
		{"day:2018-04-18", "2018-04-17", true},
		{"day:2018-04-18", "2018-04-18", false},
		{"span:2018-04-18/2018-04-20", "2018-04-17", true},
		{"span:2018-04-18/2018-04-20", "2018-04-18", false}, // it has begun
		{"month:2018-04", "2018-03-31", true},
		{"month:2018-04", "2018-04-01", false}, // it may have been on that day
		{"year:2018", "2017-12-31", true},
		{"year:2018", "2018-01-01", false},
		{"term:2017-2018/1", "2017-06-30", true},
		{"term:2017-2018/1", "2017-07-01", false},
		{"term:2017-2018/2", "2017-12-31", true},
		{"term:2017-2018/2", "2018-01-01", false},
		{"schoolyear:2017-2018", "2017-06-30", true},
		{"schoolyear:2017-2018", "2017-07-01", false},
		{"unknown", "0001-01-01", false},
		{"", "0001-01-01", false},
	}
	for _, tt := range tests {
		if got := tt.when.After(tt.day); got != tt.want {
			t.Errorf("%s after %s: %t", tt.when, tt.day, got)
		}
	}
}

func TestBounds(t *testing.T) {
	assumed := calendar.Calendar{"2017-2018": calendar.AssumedYear("2017-2018")}
	tests := []struct {
		in   calendar.Calendar
		when calendar.Occurred
		want calendar.Period
	}{
		{assumed, "term:2017-2018/2", calendar.Period{First: "2018-03-01", Last: "2018-08-31"}},
		{nil, "term:2017-2018/2", calendar.Period{First: "2018-01-01", Last: "2018-08-31"}},
		{nil, "term:2017-2018/1", calendar.Period{First: "2017-07-01", Last: "2018-03-31"}},
		{assumed, "schoolyear:2018-2019", calendar.Period{First: "2018-07-01", Last: "2019-08-31"}},
		{assumed, "unknown", calendar.Period{Last: "9999-12-31"}},
	}
	for _, tt := range tests {
		if got := tt.in.Bounds(tt.when); got != tt.want {
			t.Errorf("%s lies in %v, want %v", tt.when, got, tt.want)
		}
	}
}
