package auth_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/catalogtest/storetest"
)

func TestMemoryStates(t *testing.T) {
	t.Parallel()
	storetest.States(t, func(*testing.T) (auth.States, func(time.Duration)) {
		var ahead atomic.Int64
		states := &auth.MemoryStates{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}
		return states, func(d time.Duration) { ahead.Add(int64(d)) }
	})
}

func TestMemoryStatesHaveALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		states, ctx := &auth.MemoryStates{Limit: 1}, t.Context()
		if err := states.Put(ctx, "k", catalog.NewSecret("v"), time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := states.Put(ctx, "other", catalog.NewSecret("v"), time.Now().Add(time.Minute)); !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("a full store: %v", err)
		}
		time.Sleep(time.Minute)
		if _, err := states.Take(ctx, "k"); !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("take after the end: %v", err)
		}
		if err := states.Put(ctx, "other", catalog.NewSecret("v"), time.Now().Add(time.Minute)); err != nil {
			t.Errorf("room again: %v", err)
		}
	})
}
