package bigcommerce_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// limited is a store whose window is as a sample's headers say, counting down
// from there.
type limited struct {
	store json.RawMessage
	names map[string]string // as the sample spells them, by name in lower case

	mu          sync.Mutex
	quota, left int64
	ends        time.Time
	length      time.Duration
	refused     int
}

func newLimited(t testing.TB, store json.RawMessage, headers map[string]string) *limited {
	t.Helper()
	l := &limited{store: store, names: map[string]string{}}
	number := func(name string) int64 {
		for spelt, value := range headers {
			if strings.EqualFold(spelt, name) {
				l.names[name] = spelt
				n, err := strconv.ParseInt(value, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
		}
		t.Fatalf("the sample has no %s", name)
		return 0
	}
	l.quota, l.left = number("x-rate-limit-requests-quota"), number("x-rate-limit-requests-left")+1
	l.length = time.Duration(number("x-rate-limit-time-window-ms")) * time.Millisecond
	l.ends = time.Now().Add(time.Duration(number("x-rate-limit-time-reset-ms")) * time.Millisecond)
	return l
}

func (l *limited) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !now.Before(l.ends) {
		l.ends, l.left = now.Add(l.length), l.quota
	}
	status, body := http.StatusOK, []byte(l.store)
	if l.left == 0 {
		l.refused++
		status, body = http.StatusTooManyRequests, []byte(`{"status":429,"title":"Too many requests"}`)
	} else {
		l.left--
	}
	resp := reply(r, status, body)
	for name, value := range map[string]int64{"x-rate-limit-requests-quota": l.quota, "x-rate-limit-requests-left": l.left,
		"x-rate-limit-time-window-ms": l.length.Milliseconds(), "x-rate-limit-time-reset-ms": l.ends.Sub(now).Milliseconds()} {
		resp.Header.Set(l.names[name], fmt.Sprint(value)) // names are sent in any case and read in one
	}
	return resp, nil
}

// TestRateLimitSamples: a store whose first answer is a sample is asked as often
// as that sample leaves, and not again before its window ends.
func TestRateLimitSamples(t *testing.T) {
	t.Parallel()
	var file struct {
		Samples []struct{ Headers map[string]string } `json:"rate_limit_header_samples"`
	}
	specs.Decode(t, &file, folder, "vectors.json")
	if len(file.Samples) == 0 {
		t.Fatal("there are no samples")
	}
	store, good := shown(t, samples(t), "GET /store", ""), 0
	for i, sample := range file.Samples {
		for _, refusedFirst := range []bool{false, true} {
			if t.Run(fmt.Sprint(i, " ", slices.Sorted(maps.Keys(sample.Headers))[0], " refused first ", refusedFirst), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := newLimited(t, store, sample.Headers)
					left, reset, start := l.left, time.Until(l.ends), time.Now()
					if refusedFirst {
						l.left, left = 0, 0
					}
					e := open(t, bigcommerce.Config{Transport: l}, catalog.Account{Store: "abc123"}, "a token")
					for range left {
						if _, err := e.Shop(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
					if took := time.Since(start); took >= reset {
						t.Errorf("what is left took %s of %s", took, reset)
					}
					if _, err := e.Shop(t.Context()); err != nil { // the next window's
						t.Fatal(err)
					}
					most := 0
					if refusedFirst {
						most = 1
					}
					if took := time.Since(start); took < reset || took > reset+2*time.Second || l.refused != most {
						t.Errorf("the next window began after %s, want %s; %d refusals", took, reset, l.refused)
					}
				})
			}) {
				good++
			}
		}
	}
	specs.Report(t, "bigcommerce rate limit header samples %d/%d, each with calls left and with none", good, 2*len(file.Samples))
}
