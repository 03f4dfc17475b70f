package shopify

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// costs remembers what Shopify asked for each document and page size, so that
// only the first call of each rests on an estimate.
type costs struct {
	mu    sync.Mutex
	known map[string]float64
}

// maxCosts bounds the memory for hosts that make documents up as they go.
const maxCosts = 4096

// costKey names a document with the numbers among its variables, since those
// size its connections.
func costKey(d document, variables map[string]any) string {
	key := d.name
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		switch n := variables[name].(type) {
		case int, int64, float64:
			key += fmt.Sprintf("/%s=%v", name, n)
		}
	}
	return key
}

func (c *costs) predict(d document, variables map[string]any) float64 {
	c.mu.Lock()
	known, ok := c.known[costKey(d, variables)]
	c.mu.Unlock()
	if ok {
		return known
	}
	return min(estimateCost(d.text, variables), maxQueryCost)
}

func (c *costs) learn(d document, variables map[string]any, got *cost) {
	if got == nil || got.Requested <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= maxCosts {
		c.known = make(map[string]float64)
	}
	c.known[costKey(d, variables)] = got.Requested
}
