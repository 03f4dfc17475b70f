package transport_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestFailedYieldsTheErrorOnce(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	got, err := catalog.Collect(transport.Failed[int](wrong))
	if len(got) != 0 || err != wrong {
		t.Fatalf("got %v, %v", got, err)
	}
}

func TestBadItemAsksOnlyAboutRecords(t *testing.T) {
	t.Parallel()
	other, bad, stop := errors.New("other"), &catalog.ItemError{Platform: "p", Op: "list", ID: "7"}, errors.New("stop")
	var asked []string
	answer := func(with error) func(*catalog.ItemError) error {
		return func(e *catalog.ItemError) error { asked = append(asked, e.ID); return with }
	}
	for name, c := range map[string]struct {
		err  error
		ask  func(*catalog.ItemError) error
		skip bool
		want error
	}{
		"nothing wrong":    {nil, answer(nil), false, nil},
		"another error":    {other, answer(nil), false, other},
		"nobody to ask":    {bad, nil, false, bad},
		"go on":            {bad, answer(nil), true, nil},
		"end with another": {bad, answer(stop), false, stop},
	} {
		skip, err := transport.BadItem(c.err, c.ask)
		if skip != c.skip || err != c.want {
			t.Errorf("%s: got %t, %v; want %t, %v", name, skip, err, c.skip, c.want)
		}
	}
	if diff := cmp.Diff([]string{"7", "7"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestWithinIsInclusiveThenExclusive(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, c := range map[string]struct {
		t, since, before time.Time
		want             bool
	}{
		"no bounds":                 {at, time.Time{}, time.Time{}, true},
		"at since":                  {at, at, time.Time{}, true},
		"in the second of since":    {at, at.Add(time.Second / 2), time.Time{}, true},
		"before since":              {at, at.Add(time.Second), time.Time{}, false},
		"at before":                 {at, time.Time{}, at, false},
		"just before":               {at, time.Time{}, at.Add(1), true},
		"a record without the time": {time.Time{}, at, at, true},
	} {
		if got := transport.Within(c.t, c.since, c.before); got != c.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func TestSizeStaysInsideWhatThePlatformAllows(t *testing.T) {
	t.Parallel()
	f := catalog.ResourceFeatures{PageSize: 20, MaxPageSize: 60}
	for asked, want := range map[int]int{0: 20, -5: 20, 1: 1, 60: 60, 1000: 60} {
		if got := transport.Size(catalog.ListOptions{PageSize: asked}, f); got != want {
			t.Errorf("asked for %d: got %d, want %d", asked, got, want)
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	var n transport.Notes
	table := map[string]catalog.ProductStatus{"on": catalog.ProductActive}
	if m := n.Money("price", transport.NoIndex, "1.50", "sar"); m.String() != "1.50 SAR" {
		t.Errorf("money is %s", m)
	}
	n.Money("variants.%d.price", 3, "a lot", "SAR")
	if q := n.Quantity("stock", transport.NoIndex, "2.0"); q == nil || q.String() != "2" {
		t.Errorf("quantity is %v", q)
	}
	if n.Quantity("stock", transport.NoIndex, "") != nil || n.Quantity("stock", transport.NoIndex, "many") != nil {
		t.Error("a missing or odd quantity must be nil")
	}
	known := transport.Word(&n, "status", transport.NoIndex, "on", table, catalog.ProductStatusUnknown)
	absent := transport.Word(&n, "status", transport.NoIndex, "", table, catalog.ProductStatusUnknown)
	unknown := transport.Word(&n, "status", transport.NoIndex, "off", table, catalog.ProductStatusUnknown)
	if known != catalog.ProductActive || absent != "" || unknown != catalog.ProductStatusUnknown {
		t.Errorf("words are %q %q %q", known, absent, unknown)
	}
	want := []catalog.Problem{{Path: "variants.3.price", Reason: "not a decimal amount", Value: "a lot"},
		{Path: "stock", Reason: "not a quantity", Value: "many"}, {Path: "status", Reason: "unknown word", Value: "off"}}
	if diff := cmp.Diff(want, n.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestInOrderKeepsOrderAndBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		items := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
		var mu sync.Mutex
		var running, most int
		odd := errors.New("odd")
		start := time.Now()
		var got []int
		for v, err := range transport.InOrder(t.Context(), items, 3, func(_ context.Context, i int) (int, error) {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			defer func() { mu.Lock(); running--; mu.Unlock() }()
			time.Sleep(time.Duration(10-i) * time.Second) // the earlier, the slower
			if i == 4 {
				return -i, odd
			}
			return i, nil
		}) {
			if (err != nil) != (v == -4) {
				t.Errorf("item %d came with %v", v, err)
			}
			got = append(got, v)
		}
		if diff := cmp.Diff([]int{0, 1, 2, 3, -4, 5, 6, 7, 8, 9}, got); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		if most != 3 {
			t.Errorf("%d at once", most)
		}
		if took := time.Since(start); took >= 55*time.Second {
			t.Errorf("nothing ran at the same time: %s", took)
		}
	})
}

func TestInOrderLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var begun, ended atomic.Int32
		for v, err := range transport.InOrder(t.Context(), []int{0, 1, 2, 3, 4, 5, 6, 7}, 4, func(ctx context.Context, i int) (int, error) {
			begun.Add(1)
			defer ended.Add(1)
			if i > 0 {
				<-ctx.Done()
			}
			return i, ctx.Err()
		}) {
			if v != 0 || err != nil {
				t.Fatal(v, err)
			}
			break
		}
		if begun.Load() != ended.Load() || begun.Load() > 5 {
			t.Errorf("%d begun, %d ended", begun.Load(), ended.Load())
		}
	})
}
