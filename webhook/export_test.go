package webhook

import (
	"context"
	"time"
)

// TestCache is a cache of texts.
type TestCache struct{ c *cache[string] }

func NewTestCache(limit int) TestCache { return TestCache{newCache[string](limit)} }

func (t TestCache) Len() int { return t.c.recent.Len() }

func (t TestCache) Get(key string, load func() string) string {
	v, _, err := t.c.get(context.Background(), key, time.Hour, func(context.Context) (string, time.Duration, error) { return load(), time.Hour, nil })
	if err != nil {
		return err.Error()
	}
	return v
}
