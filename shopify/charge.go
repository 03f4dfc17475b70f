package shopify

import (
	"math"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// cost is the account Shopify gives of a call. Costs arrive as integers or as
// floats such as 4000.0, and the actual one as null when throttled.
type cost struct {
	Requested float64  `json:"requestedQueryCost"`
	Actual    *float64 `json:"actualQueryCost"`
	Throttle  *struct {
		Maximum   float64 `json:"maximumAvailable"`
		Available float64 `json:"currentlyAvailable"`
		Restore   float64 `json:"restoreRate"`
	} `json:"throttleStatus"`
}

func (c *cost) observed() *transport.Observed {
	if c == nil || c.Throttle == nil {
		return nil
	}
	return &transport.Observed{Available: c.Throttle.Available, Capacity: c.Throttle.Maximum, RestoreRate: c.Throttle.Restore}
}

// settlement is what was charged; nil when the answer does not say, which
// counts as everything that was reserved.
func (c *cost) settlement() *transport.Settlement {
	if c == nil || c.Actual == nil {
		return nil
	}
	return &transport.Settlement{Charged: *c.Actual, Observed: c.observed()}
}

// longestWait bounds what odd figures can ask for: the largest call the
// smallest bucket refuses is paid for in ten seconds.
const longestWait = time.Minute

// wait is how long the bucket needs to hold what a throttled call asked for.
func (c *cost) wait() time.Duration {
	if c == nil || c.Throttle == nil || c.Throttle.Restore <= 0 {
		return time.Second
	}
	missing := math.Max(0, c.Requested-c.Throttle.Available)
	return time.Duration(math.Min(missing/c.Throttle.Restore, longestWait.Seconds()) * float64(time.Second))
}
