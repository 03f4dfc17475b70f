package shopify

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// clock tells the store's time: Shopify's clock need not agree with ours, and
// whether something changed since a write was sent is a question for its own.
// Safe for concurrent use.
type clock struct{ ahead atomic.Int64 }

func (c *clock) learn(resp *transport.Response) {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.ahead.Store(int64(at.Sub(resp.Received)))
	}
}

// grain is how far the store's times are off: they are whole seconds, and so
// is the header the clock is read from.
const grain = 2 * time.Second

// now is the store's time, a little early.
func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load()) - grain) }
