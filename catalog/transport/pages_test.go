package transport_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog/transport"
)

var errDown = errors.New("down")

// book has a number of pages, each fetched with some latency.
type book struct {
	pages   int
	latency time.Duration
	failAt  int // page that fails; 0 for none
	fetched []int
	running int
}

func (b *book) fetch(ctx context.Context, n int) (string, int, bool, error) {
	b.running++
	defer func() { b.running-- }()
	b.fetched = append(b.fetched, n)
	select {
	case <-time.After(b.latency):
	case <-ctx.Done():
		return "", 0, false, ctx.Err()
	}
	if n == b.failAt {
		return "half", n + 1, true, errDown
	}
	return fmt.Sprint("page ", n), n + 1, n < b.pages, nil
}

func TestPagesReadAhead(t *testing.T) {
	t.Parallel()
	const latency = 60 * time.Millisecond
	for _, consumer := range []time.Duration{0, 20 * time.Millisecond, 60 * time.Millisecond, 100 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			b := &book{pages: 40, latency: latency}
			seq := transport.Pages(t.Context(), 1, b.fetch)
			for range 2 { // it can be ranged over again
				b.fetched = nil
				start := time.Now()
				n := 0
				for page, err := range seq {
					n++
					if err != nil || page != fmt.Sprint("page ", n) {
						t.Fatalf("%q, %v", page, err)
					}
					time.Sleep(consumer)
				}
				want := 39*max(latency, consumer) + latency + consumer
				if took := time.Since(start); took != want || n != 40 || len(b.fetched) != 40 {
					t.Errorf("consumer %s: %d pages in %s, want %s; %d fetches", consumer, n, took, want, len(b.fetched))
				}
			}
		})
	}
}

func TestPagesBreak(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 40, latency: time.Minute}
		start := time.Now()
		for range transport.Pages(t.Context(), 1, b.fetch) {
			synctest.Wait()
			if !slices.Equal(b.fetched, []int{1, 2}) {
				t.Errorf("fetched %v while the first page is read", b.fetched)
			}
			break
		}
		if b.running != 0 || time.Since(start) != time.Minute {
			t.Errorf("%d fetches run after the break, which took %s", b.running, time.Since(start)-time.Minute)
		}
	})
}

func TestPagesErrors(t *testing.T) {
	t.Parallel()
	collect := func(ctx context.Context, b *book, consumer time.Duration) (pages []string, errs int, err error) {
		for page, e := range transport.Pages(ctx, 1, b.fetch) {
			if e != nil {
				err, errs = e, errs+1
				if page != "" {
					pages = append(pages, "not zero: "+page)
				}
				continue // must not go round again
			}
			pages = append(pages, page)
			time.Sleep(consumer)
		}
		return pages, errs, err
	}
	synctest.Test(t, func(t *testing.T) {
		pages, errs, err := collect(t.Context(), &book{pages: 9, failAt: 3}, time.Second)
		if !slices.Equal(pages, []string{"page 1", "page 2"}) || !errors.Is(err, errDown) || errs != 1 {
			t.Errorf("%q, %v, %d errors", pages, err, errs)
		}
		pages, errs, err = collect(t.Context(), &book{pages: 9, failAt: 1}, 0)
		if len(pages) != 0 || !errors.Is(err, errDown) || errs != 1 {
			t.Errorf("%q, %v, %d errors", pages, err, errs)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second+1)
		defer cancel()
		start := time.Now()
		pages, errs, err = collect(ctx, &book{pages: 9, latency: time.Second}, time.Second)
		if len(pages) != 5 || !errors.Is(err, context.DeadlineExceeded) || errs != 1 || time.Since(start) > 6*time.Second {
			t.Errorf("%q, %v, %d errors after %s", pages, err, errs, time.Since(start))
		}
	})
}

func TestPagesConsumerPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{pages: 3, latency: time.Hour}
		defer func() {
			if recover() == nil || b.running != 0 {
				t.Errorf("%d fetches still run", b.running)
			}
		}()
		for range transport.Pages(t.Context(), 1, b.fetch) {
			panic("consumer")
		}
	})
}
