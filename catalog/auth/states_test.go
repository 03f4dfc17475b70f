package auth_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func TestAStateIsTakenOnce(t *testing.T) {
	t.Parallel()
	states, ctx := &auth.MemoryStates{}, t.Context()
	if err := states.Put(ctx, "k", catalog.NewSecret("v"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := states.Put(ctx, "k", catalog.NewSecret("w"), time.Now().Add(time.Hour)); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("the same key again: %v", err)
	}
	var got atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			value, err := states.Take(ctx, "k")
			switch {
			case err == nil && value.Reveal() == "v":
				got.Add(1)
			case !errors.Is(err, catalog.ErrNotFound):
				t.Errorf("take: %v", err)
			}
		})
	}
	wg.Wait()
	if got.Load() != 1 {
		t.Errorf("%d took it", got.Load())
	}
}

func TestAStateExpires(t *testing.T) {
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

func TestStatesRefuse(t *testing.T) {
	t.Parallel()
	states := &auth.MemoryStates{}
	if err := states.Put(t.Context(), "", catalog.Secret{}, time.Now().Add(time.Hour)); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no key: %v", err)
	}
	if err := states.Put(t.Context(), "k", catalog.Secret{}, time.Now().Add(-time.Second)); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a time that has passed: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := states.Put(ended, "k", catalog.Secret{}, time.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v", err)
	}
	if _, err := states.Take(ended, "k"); !errors.Is(err, context.Canceled) {
		t.Errorf("take: %v", err)
	}
}
