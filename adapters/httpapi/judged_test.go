package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"twinledger/adapters/httpapi"
	"twinledger/domain/calendar"
)

// TestATermAsPeopleWriteIt: the term of a review need not be written as its code.
func TestATermAsPeopleWriteIt(t *testing.T) {
	h := handler(t, sample())
	want := ask(h, "GET", "/api/v1/reviews?community=x&term=2017-2018/2").Body.String()
	for _, written := range []string{"2017—2018学年第二学期", "2018年春季学期", "2017-2018学年下学期", "２０１７－２０１８／２"} {
		w := ask(h, "GET", "/api/v1/reviews?community=x&term="+url.QueryEscape(written))
		if w.Code != http.StatusOK || w.Body.String() != want {
			t.Errorf("%s: %d %s", written, w.Code, w.Body)
		}
	}
}

// TestWhatLiesAheadOnTheBoard: boards, registers and sheets count what took place by
// the day that the port names.
func TestWhatLiesAheadOnTheBoard(t *testing.T) {
	board := "/api/v1/communities/community-" + id("c1")
	for _, tt := range []struct {
		day    calendar.Day
		totals bool
	}{{"2018-07-31", true}, {"2009-01-01", false}} {
		config := sample()
		config.AsOf = onDay{asOf(ordinals), tt.day}
		h := handler(t, config)
		if got := strings.Contains(ask(h, "GET", board).Body.String(), `"kind":"lesson"`); got != tt.totals {
			t.Errorf("%s: the board counts lessons: %t", tt.day, got)
		}
		if got := strings.Contains(ask(h, "GET", "/api/v1/lessons").Body.String(), `"ahead":true`); got == tt.totals {
			t.Errorf("%s: the register says that lessons lie ahead: %t", tt.day, got)
		}
	}
}

// onDay names a day as today.
type onDay struct {
	httpapi.AsOf
	day calendar.Day
}

func (o onDay) JudgedOn(context.Context, string, string) (calendar.Day, error) { return o.day, nil }
