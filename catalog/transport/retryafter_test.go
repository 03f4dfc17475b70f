package transport

import (
	"net/http"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestRetryAfterForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, header, date string
		want               time.Duration
		ok                 bool
	}{
		{"missing", "", "", 0, false},
		{"seconds", "2", "", 2 * time.Second, true},
		{"zero", "0", "", 0, true},
		{"decimal", "2.0", "", 2 * time.Second, true},
		{"fraction", "0.5", "", 500 * time.Millisecond, true},
		{"no leading digit", ".25", "", 250 * time.Millisecond, true},
		{"spaces", " 4.0 ", "", 4 * time.Second, true},
		{"an hour", "3600", "", time.Hour, true},
		{"a year", "31536000", "", 24 * time.Hour, true},
		{"out of range", "1" + string(make0(400)), "", 24 * time.Hour, true},
		{"negative", "-1", "", 0, false},
		{"signed", "+1", "", 0, false},
		{"exponent", "1e9", "", 0, false},
		{"hexadecimal", "0x10", "", 0, false},
		{"infinite", "Inf", "", 0, false},
		{"not a number", "NaN", "", 0, false},
		{"two dots", "1.2.3", "", 0, false},
		{"dot", ".", "", 0, false},
		{"unit", "5s", "", 0, false},
		{"garbage", "soon", "", 0, false},
		{"date", "Sat, 21 Nov 2026 12:00:07 GMT", "", 7 * time.Second, true},
		{"date with the platform's clock", "Sat, 21 Nov 2026 09:00:07 GMT", "Sat, 21 Nov 2026 09:00:00 GMT", 7 * time.Second, true},
		{"date in RFC 850", "Saturday, 21-Nov-26 12:00:07 GMT", "", 7 * time.Second, true},
		{"date in the past", "Sat, 21 Nov 2026 11:00:00 GMT", "", 0, true},
		{"date next year", "Sun, 21 Nov 2027 12:00:00 GMT", "", 24 * time.Hour, true},
	}
	for _, tt := range tests {
		h := http.Header{}
		h.Set("Retry-After", tt.header)
		h.Set("Date", tt.date)
		if got, ok := RetryAfter(h, noon); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %s, %v; want %s, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

func make0(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0'
	}
	return b
}

func TestBackoffGrowsWithinItsBounds(t *testing.T) {
	t.Parallel()
	for n := 1; n < 70; n++ {
		middle := firstBackoff << min(n-1, 10)
		for range 20 {
			got := backoff(n, time.Minute)
			if got > time.Minute || got < min(middle/2, time.Minute) || got > middle*3/2 {
				t.Fatalf("retry %d waits %s", n, got)
			}
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"2", "2.0", "Sat, 21 Nov 2026 12:00:07 GMT", "-1", "1e9", "99999999999999999999", "", "."} {
		f.Add(seed, "Sat, 21 Nov 2026 12:00:00 GMT")
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		got, ok := RetryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, noon)
		if got < 0 || got > 24*time.Hour || !ok && got != 0 {
			t.Errorf("%s, %v", got, ok)
		}
	})
}
