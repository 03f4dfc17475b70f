package transport_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// costed is a platform that charges query cost and throttles inside a 200.
type costed struct {
	ledger *ledger
	cost   float64
	actual float64
	mu     sync.Mutex
	rand   *rand.Rand
}

func (c *costed) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	there, back := time.Duration(c.rand.Int64N(2e8)), time.Duration(c.rand.Int64N(2e8))
	c.mu.Unlock()
	time.Sleep(there)
	s := c.ledger.charge(c.cost, c.actual)
	time.Sleep(back)
	body, err := json.Marshal(s)
	return answer(200, string(body)), err
}

// judge is the classifier of that platform.
func judge(r *transport.Response) transport.Verdict {
	var s transport.Settlement
	if err := json.Unmarshal(r.Body, &s); err != nil {
		return transport.Verdict{Outcome: transport.Fail, Kind: catalog.ErrBadAnswer}
	}
	v := transport.Verdict{Settlement: &s}
	if s.Refused {
		v.Outcome, v.Code, v.RetryAfter = transport.Throttled, "THROTTLED", s.Wait
	}
	return v
}

func TestManyCallersOneBudget(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		thief   float64 // points stolen every two seconds
		refused int     // at most
	}{
		{"alone", 0, 0},
		{"with a thief", 60, 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				platform := &costed{ledger: newLedger(2000, 100, 2000), cost: 252, actual: 230, rand: rand.New(rand.NewPCG(1, 2))}
				c := client(t, transport.Config{Transport: platform, Classify: judge})
				budgets := &transport.Budgets{New: func(string) transport.Budget { return bucket(t, 2000, 100) }}
				start := time.Now()
				var all, other sync.WaitGroup
				done := make(chan struct{})
				stolen := 0.0
				other.Go(func() {
					for {
						select {
						case <-time.After(2 * time.Second):
							platform.ledger.steal(tt.thief)
							stolen += tt.thief
						case <-done:
							return
						}
					}
				})
				for range 32 {
					all.Go(func() {
						for range 5 {
							req := post(t) // a write: throttling must not make its outcome unknown
							req.Budget, req.Cost = budgets.Get("acme"), 252
							if _, err := c.Do(t.Context(), req); err != nil {
								t.Error(err)
							}
						}
					})
				}
				all.Wait()
				took := time.Since(start)
				close(done)
				other.Wait()
				if platform.ledger.refused > tt.refused {
					t.Errorf("%d throttles", platform.ledger.refused)
				}
				least := (platform.ledger.charged + stolen - 2000) / 100
				if ratio := took.Seconds() / least; ratio > 1.03 {
					t.Errorf("took %s, %.3f of the least", took, ratio)
				}
			})
		})
	}
}

// A request that net/http sent twice carried its nonce twice: the refusal of
// the second copy says nothing about the credential.
func TestRefusedReplayIsNoDeadCredential(t *testing.T) {
	t.Parallel()
	replays := wire(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") == "Bearer nonce-1" {
			wroteTwice(r)
			return answer(401, "nonce used"), nil
		}
		return answer(200, "{}"), nil
	})
	n := 0
	req := get(t)
	req.Credential = catalog.StaticToken("t")
	req.Authorize = func(r *http.Request, _ catalog.Credential) error {
		n++
		r.Header.Set("Authorization", "Bearer nonce-"+string(rune('0'+n)))
		return nil
	}
	if resp, err := client(t, transport.Config{Transport: replays}).Do(t.Context(), req); err != nil || resp.Attempts != 2 {
		t.Errorf("%+v, %v", resp, err)
	}
}
