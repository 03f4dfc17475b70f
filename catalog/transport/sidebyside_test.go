package transport_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

type numbers = func(context.Context) iter.Seq2[int, error]

// countdowns are lists of ten numbers each, one every second.
func countdowns(n int, running *atomic.Int32) iter.Seq[numbers] {
	return func(yield func(numbers) bool) {
		for i := range n {
			list := func(ctx context.Context) iter.Seq2[int, error] {
				return func(yield func(int, error) bool) {
					running.Add(1)
					defer running.Add(-1)
					for k := range 10 {
						if err := transport.Pause(ctx, time.Second, 1); err != nil {
							yield(0, err)
							return
						}
						if !yield(10*i+k, nil) {
							return
						}
					}
				}
			}
			if !yield(list) {
				return
			}
		}
	}
}

func TestListsSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		var got []int
		most := int32(0)
		start := time.Now()
		for n, err := range transport.SideBySide(t.Context(), 3, 10, countdowns(6, &running)) {
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, running.Load())
			got = append(got, n)
		}
		if !slices.IsSorted(got) || len(got) != 60 {
			t.Errorf("got %v", got)
		}
		if took := time.Since(start); took != 20*time.Second || most != 3 || running.Load() != 0 {
			t.Errorf("took %s, %d lists at once at most, %d now", took, most, running.Load())
		}
	})
}

// TestListsSideBySideEnd: nothing is under way when the consumer has left, and
// an end of the context is not taken for the end of the lists.
func TestListsSideBySideEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		for n, err := range transport.SideBySide(t.Context(), 3, 1, countdowns(6, &running)) {
			if err != nil || n == 5 {
				break
			}
		}
		if running.Load() != 0 {
			t.Errorf("%d lists are still read", running.Load())
		}
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		count, last := 0, error(nil)
		for _, err := range transport.SideBySide(ctx, 2, 0, countdowns(6, &running)) {
			if last = err; err == nil {
				count++
			}
		}
		if !errors.Is(last, context.DeadlineExceeded) || count == 60 {
			t.Errorf("%d numbers, and then %v", count, last)
		}
	})
}

func TestAnErrorDoesNotEndTheOtherLists(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	parts := slices.Values([]numbers{
		func(context.Context) iter.Seq2[int, error] { return transport.Failed[int](bad) },
		func(context.Context) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) { yield(1, nil) }
		},
	})
	var all []any
	for n, err := range transport.SideBySide(t.Context(), 2, 0, parts) {
		all = append(all, n, err)
	}
	if !slices.Equal(all, []any{0, bad, 1, nil}) {
		t.Errorf("got %v", all)
	}
}
