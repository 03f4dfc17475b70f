package transport_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// A platform that lets one call a second through once a window is spent
// counts that second from the last call of the window.
func TestWindowOpensTheSlowLaneASecondAfterTheLastCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := transport.NewWindow(transport.WindowConfig{Limit: 3, Period: time.Minute, SlowRate: 1})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for i, want := range []time.Duration{0, 0, 0, 1100 * time.Millisecond, 2100 * time.Millisecond} {
			permit, err := w.Reserve(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start).Round(time.Millisecond); got != want {
				t.Errorf("call %d went after %s, want %s", i, got, want)
			}
			if i == 2 {
				time.Sleep(100 * time.Millisecond) // the answer's way
			}
			permit.Settle(transport.Settlement{Sent: true, Charged: 1})
		}
	})
}
