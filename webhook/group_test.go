package webhook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
)

// groupOf commits texts; each item's result is the item, or an error's text.
func groupOf(commit func(context.Context, []string) ([]string, error)) *group[string, string] {
	return &group[string, string]{
		commit: commit,
		fail:   func(err error) string { return "error: " + err.Error() },
		size:   func(s *string) int64 { return int64(len(*s)) },
		limits: groupLimits{batch: 8, batchBytes: 100, queue: 32, queueBytes: 1000, writers: 1, timeout: time.Minute},
	}
}

func echo(_ context.Context, items []string) ([]string, error) { return slices.Clone(items), nil }

func TestGroupBatchesWhatComesMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var batches []int
		g := groupOf(func(ctx context.Context, items []string) ([]string, error) {
			mu.Lock()
			batches = append(batches, len(items))
			mu.Unlock()
			time.Sleep(time.Second)
			return echo(ctx, items)
		})
		began := time.Now()
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				item := fmt.Sprint(i)
				got, err := g.do(t.Context(), []string{item})
				if err != nil || len(got) != 1 || got[0] != item {
					t.Errorf("%s got %v, %v", item, got, err)
				}
			})
			if i == 0 {
				synctest.Wait() // the first goes alone and at once
			}
		}
		all.Wait()
		if !slices.Equal(batches, []int{1, 8, 8, 3}) || time.Since(began) != 4*time.Second {
			t.Errorf("batches %v in %v", batches, time.Since(began))
		}
		check(t, g.close(t.Context()))
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.writers != 0 || g.items != 0 || g.bytes != 0 {
			t.Errorf("left behind: %d writers, %d items, %d bytes", g.writers, g.items, g.bytes)
		}
	})
}

func TestGroupBoundsBytesAndKeepsCallsTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var batches [][]string
		g := groupOf(func(ctx context.Context, items []string) ([]string, error) {
			batches = append(batches, items)
			time.Sleep(time.Second)
			return echo(ctx, items)
		})
		var all sync.WaitGroup
		for _, call := range [][]string{{"first"}, {strings.Repeat("a", 60)}, {strings.Repeat("b", 60)}, {"c", "d", "e"}, {"1", "2", "3", "4", "5", "6"}, slices.Repeat([]string{"x"}, 12)} {
			all.Go(func() {
				if got, err := g.do(t.Context(), call); err != nil || !slices.Equal(got, call) {
					t.Errorf("%v got %v, %v", call, got, err)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		var sizes []int
		for _, b := range batches {
			sizes = append(sizes, len(b))
		}
		if !slices.Equal(sizes, []int{1, 1, 4, 6, 12}) {
			t.Errorf("batches of %v", sizes)
		}
	})
}

func TestGroupPoisonCostsNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		g := groupOf(func(ctx context.Context, items []string) ([]string, error) {
			calls++
			time.Sleep(time.Second)
			switch {
			case slices.Contains(items, "poison"):
				return nil, errors.New("constraint violated")
			case slices.Contains(items, "bomb"):
				panic("boom")
			case slices.Contains(items, "short"):
				return items[:len(items)-1], nil
			}
			return echo(ctx, items)
		})
		g.limits.batch, g.limits.queue = 256, 1000
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				item := map[int]string{7: "poison", 50: "bomb", 120: "short"}[i]
				if item == "" {
					item = fmt.Sprint(i)
				}
				got, err := g.do(t.Context(), []string{item})
				want := map[int]string{7: "constraint violated", 50: "panicked: boom", 120: "0 results for 1"}[i]
				switch {
				case err != nil:
					t.Errorf("%s: %v", item, err)
				case want == "" && got[0] != item, want != "" && !strings.Contains(got[0], want):
					t.Errorf("%s got %q", item, got[0])
				}
			})
			if i == 0 {
				synctest.Wait()
			}
		}
		all.Wait()
		if calls > 60 {
			t.Errorf("%d commits for three bad items", calls)
		}
	})
}

func TestGroupAsksABrokenStoreOnce(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{"unavailable": &catalog.Error{Kind: catalog.ErrUnavailable}, "too late": context.DeadlineExceeded} {
		calls := 0
		g := groupOf(func(context.Context, []string) ([]string, error) { calls++; return nil, failure })
		got, err := g.do(t.Context(), slices.Repeat([]string{"x"}, 8))
		if err != nil || calls != 1 || len(got) != 8 || !strings.HasPrefix(got[7], "error: ") {
			t.Errorf("%s: %d calls, %v, %v", name, calls, got, err)
		}
	}
}

func TestGroupCallerMayLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var committed atomic.Int32
		g := groupOf(func(ctx context.Context, items []string) ([]string, error) {
			time.Sleep(10 * time.Second)
			committed.Add(int32(len(items)))
			return echo(ctx, items)
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := g.do(ctx, []string{"leaves"}); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
		all.Go(func() {
			if got, err := g.do(t.Context(), []string{"stays"}); err != nil || got[0] != "stays" {
				t.Errorf("got %v, %v", got, err)
			}
		})
		all.Wait()
		check(t, g.close(t.Context()))
		if committed.Load() != 2 {
			t.Errorf("%d were committed; want both", committed.Load())
		}
	})
}

func TestGroupBackPressureAndClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		g := groupOf(func(ctx context.Context, items []string) ([]string, error) {
			<-release
			return echo(ctx, items)
		})
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				if _, err := g.do(t.Context(), []string{"x"}); err != nil {
					t.Errorf("admitted, then %v", err)
				}
			})
		}
		synctest.Wait()
		if _, err := g.do(t.Context(), []string{"one too many"}); !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("a full queue: %v", err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := g.close(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("close while the store hangs: %v", err)
		}
		if _, err := g.do(t.Context(), []string{"late"}); !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("after close: %v", err)
		}
		close(release)
		check(t, g.close(t.Context()))
		all.Wait()
		check(t, g.close(t.Context()))
	})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
