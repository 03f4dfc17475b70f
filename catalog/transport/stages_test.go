package transport_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

// binder completes pages with some latency of its own.
type binder struct {
	latency time.Duration
	failAt  string

	mu            sync.Mutex
	running, most int
}

func (b *binder) bind(ctx context.Context, page string) (string, error) {
	b.mu.Lock()
	b.running++
	b.most = max(b.most, b.running)
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.running--
	}()
	select {
	case <-time.After(b.latency):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if page == b.failAt {
		return "torn", errDown
	}
	return strings.ToUpper(page), nil
}

// Fetching, completing and reading overlap: the slowest sets the pace.
func TestCompletedPagesOverlap(t *testing.T) {
	t.Parallel()
	const fetch = 60 * time.Millisecond
	for _, c := range []struct{ work, consumer time.Duration }{
		{50 * time.Millisecond, 0}, {50 * time.Millisecond, 40 * time.Millisecond}, {50 * time.Millisecond, 100 * time.Millisecond},
		{110 * time.Millisecond, 0}, // two at once while the consumer waits
	} {
		work, consumer := c.work, c.consumer
		synctest.Test(t, func(t *testing.T) {
			b, c := &book{pages: 40, latency: fetch}, &binder{latency: work}
			seq := transport.Completed(t.Context(), 1, b.fetch, c.bind)
			for range 2 {
				start, n := time.Now(), 0
				for page, err := range seq {
					if n++; err != nil || !strings.HasPrefix(page, "PAGE ") {
						t.Fatalf("%q, %v", page, err)
					}
					time.Sleep(consumer)
				}
				want := 39*max(fetch, consumer) + fetch + work + consumer
				if took := time.Since(start); took != want || n != 40 {
					t.Errorf("work %s, consumer %s: %d pages in %s, want %s", work, consumer, n, took, want)
				}
				if c.most > 2 {
					t.Errorf("%d pages were completed at once", c.most)
				}
			}
		})
	}
}

func TestCompletedEndsWithTheLoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, c := &book{pages: 40, latency: time.Minute}, &binder{latency: time.Hour}
		start := time.Now()
		for range transport.Completed(t.Context(), 1, b.fetch, c.bind) {
			synctest.Wait()
			if c.running != 1 {
				t.Errorf("%d pages are completed while one is read", c.running)
			}
			break
		}
		if b.running != 0 || c.running != 0 || time.Since(start) != time.Hour+time.Minute {
			t.Errorf("%d fetches and %d completions run after the break, %s", b.running, c.running, time.Since(start))
		}
	})
}

func TestCompletedErrors(t *testing.T) {
	t.Parallel()
	collect := func(ctx context.Context, b *book, c *binder) (pages []string, errs int, err error) {
		for page, e := range transport.Completed(ctx, 1, b.fetch, c.bind) {
			if e != nil {
				err, errs = e, errs+1
				if page != "" {
					pages = append(pages, "not zero: "+page)
				}
				continue // must not go round again
			}
			pages = append(pages, page)
		}
		return pages, errs, err
	}
	synctest.Test(t, func(t *testing.T) {
		for name, of := range map[string]struct {
			book   *book
			binder *binder
		}{
			"fetch fails": {&book{pages: 9, failAt: 3}, &binder{}},
			"work fails":  {&book{pages: 9}, &binder{failAt: "page 3"}},
		} {
			pages, errs, err := collect(t.Context(), of.book, of.binder)
			if !slices.Equal(pages, []string{"PAGE 1", "PAGE 2"}) || !errors.Is(err, errDown) || errs != 1 {
				t.Errorf("%s: %q, %v, %d errors", name, pages, err, errs)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second+1)
		defer cancel()
		pages, errs, err := collect(ctx, &book{pages: 9, latency: time.Second}, &binder{latency: time.Second})
		if len(pages) != 2 || !errors.Is(err, context.DeadlineExceeded) || errs != 1 {
			t.Errorf("%q, %v, %d errors", pages, err, errs)
		}
		ends := func(context.Context, string) (string, error) { runtime.Goexit(); return "", nil }
		for _, err := range transport.Completed(t.Context(), 1, (&book{pages: 2}).fetch, ends) {
			if err == nil {
				t.Error("a page whose work never returned was yielded")
			}
		}
	})
}

func TestOnDemandFetchesNothingAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 3, latency: time.Second}
		n := 0
		for page, err := range transport.OnDemand(t.Context(), 1, b.fetch) {
			n++
			synctest.Wait()
			if err != nil || page == "" || len(b.fetched) != n {
				t.Errorf("page %d: %q, %v, fetched %v", n, page, err, b.fetched)
			}
		}
		if n != 3 {
			t.Errorf("%d pages", n)
		}
		b = &book{pages: 3, failAt: 2}
		var last error
		for page, err := range transport.OnDemand(t.Context(), 1, b.fetch) {
			if last = err; err != nil && page != "" {
				t.Errorf("an error beside %q", page)
			}
		}
		if !errors.Is(last, errDown) || len(b.fetched) != 2 {
			t.Errorf("%v, fetched %v", last, b.fetched)
		}
		ended, cancel := context.WithCancel(t.Context())
		defer cancel()
		for _, err := range transport.OnDemand(ended, 1, (&book{pages: 3}).fetch) {
			last = err
			cancel()
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("after the end: %v", last)
		}
	})
}

// TestALimitedListIsCompletedOnDemand: nothing is fetched or completed ahead,
// and an error of either ends the list.
func TestALimitedListIsCompletedOnDemand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, c := &book{pages: 3, latency: time.Second}, &binder{latency: time.Second}
		start, n := time.Now(), 0
		for page, err := range transport.CompletedUpTo(t.Context(), 9, 1, b.fetch, c.bind) {
			n++
			synctest.Wait()
			if err != nil || !strings.HasPrefix(page, "PAGE ") || len(b.fetched) != n || time.Since(start) != time.Duration(2*n)*time.Second {
				t.Errorf("page %d: %q, %v, fetched %v after %s", n, page, err, b.fetched, time.Since(start))
			}
		}
		if n != 3 {
			t.Errorf("%d pages", n)
		}
		for name, of := range map[string]struct {
			book   *book
			binder *binder
		}{
			"fetch fails": {&book{pages: 3, failAt: 2}, &binder{}},
			"work fails":  {&book{pages: 3}, &binder{failAt: "page 2"}},
		} {
			var last error
			for page, err := range transport.CompletedUpTo(t.Context(), 9, 1, of.book.fetch, of.binder.bind) {
				if last = err; err != nil && page != "" {
					t.Errorf("%s: an error beside %q", name, page)
				}
			}
			if !errors.Is(last, errDown) || len(of.book.fetched) != 2 {
				t.Errorf("%s: %v, fetched %v", name, last, of.book.fetched)
			}
		}
	})
}
