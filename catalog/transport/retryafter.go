package transport

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestRetryAfter bounds what a header can ask for; no platform means more.
const longestRetryAfter = 24 * time.Hour

// RetryAfter reads the Retry-After header: whole or decimal seconds, or an
// HTTP date, which is counted from the answer's own Date where it has one and
// from now otherwise. The result is between 0 and 24 hours; ok is false when
// the header is missing or unreadable.
func RetryAfter(h http.Header, now time.Time) (wait time.Duration, ok bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if d, ok := decimalSeconds(text); ok {
		return d, true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(at.Sub(now), 0), longestRetryAfter), true
}

// decimalSeconds reads digits with at most one dot among them: no sign, no
// exponent, no "Inf".
func decimalSeconds(text string) (time.Duration, bool) {
	if text == "" || strings.Trim(text, "0123456789.") != "" || strings.Count(text, ".") > 1 || text == "." {
		return 0, false
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || seconds >= longestRetryAfter.Seconds() {
		return longestRetryAfter, true // only a number out of range fails here
	}
	return time.Duration(seconds * float64(time.Second)), true
}

// firstBackoff is the middle of the first wait when the platform names none.
const firstBackoff = 500 * time.Millisecond

// backoff is the wait before retry n (from 1): doubling, spread over half to
// one and a half of itself so that many callers do not return together.
func backoff(n int, longest time.Duration) time.Duration {
	d := firstBackoff << min(n-1, 10)
	return min(d/2+rand.N(d), longest)
}
