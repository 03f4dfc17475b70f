package catalog_test

import (
	"errors"
	"maps"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
)

// ways are the ways a platform can support changes.
var ways = map[string]catalog.ResourceFeatures{
	"sorted":           {Changes: catalog.ChangesNative, SortsUpdated: true},
	"filtered":         {Changes: catalog.ChangesNative},
	"scanned":          {Changes: catalog.ChangesScan},
	"sorted no filter": {Changes: catalog.ChangesScan, SortsUpdated: true},
}

func eachWay(t *testing.T, test func(t *testing.T, f catalog.ResourceFeatures)) {
	t.Helper()
	for name, f := range ways {
		f.Grain, f.Overlap = time.Second, 30*time.Second
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, f)
		})
	}
}

var errCut = errors.New("connection cut")

// host is a consumer that keeps the latest state of each record it was given.
type host struct {
	t     *testing.T
	store *simStore
	saved string
	state map[string]int
	given int
}

// run reads once; handle says false to leave the loop, as a crash does, before
// the record given to it counts as handled.
func (h *host) run(handle func() bool) error {
	h.t.Helper()
	first := h.saved == ""
	changes := catalog.ProductChanges(h.store, h.saved)
	defer func() { h.saved = changes.Checkpoint() }()
	var last time.Time
	full := !h.store.features.SortsUpdated && (first || strings.Contains(h.saved, `"mode":"full"`))
	for p, err := range changes.All(h.t.Context()) {
		if err != nil {
			return err
		}
		if handle != nil && !handle() {
			return nil
		}
		if !full && p.UpdatedAt.Before(last) {
			h.t.Errorf("record %s of %v came after one of %v; want newest last", p.ID, p.UpdatedAt, last)
		}
		last = p.UpdatedAt
		content, err := strconv.Atoi(p.Title)
		if err != nil {
			h.t.Fatal(err)
		}
		h.state[p.ID] = content
		h.given++
	}
	return nil
}

// settle reads to the end once the store is at rest, and compares. The first
// read may be the rest of one that was left.
func (h *host) settle(seed uint64) {
	h.t.Helper()
	h.store.onPage = nil
	time.Sleep(h.store.features.Overlap)
	for range 2 {
		if err := h.run(nil); err != nil {
			h.t.Fatalf("seed %d: last read: %v", seed, err)
		}
	}
	want := h.store.latest()
	got := maps.Clone(h.state)
	maps.DeleteFunc(got, func(id string, _ int) bool { _, present := want[id]; return !present })
	if !maps.Equal(want, got) {
		h.t.Fatalf("seed %d: the host's state is not the store's:\nwant %v\ngot  %v", seed, want, got)
	}
}

func TestChangesNothingPresentIsSkipped(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		for seed := range uint64(100) {
			synctest.Test(t, func(t *testing.T) { storm(t, f, seed) })
		}
	})
}

// storm reads again and again while the store changes, with crashes, cut
// connections and old checkpoints.
func storm(t *testing.T, f catalog.ResourceFeatures, seed uint64) {
	switch seed % 4 { // both also far beyond what clocks may differ by
	case 1:
		f.Grain = time.Minute
	case 2:
		f.Grain = time.Hour
	case 3:
		f.Overlap = 20 * time.Minute
	}
	store := newSimStore(seed, f)
	rng := store.rng
	store.skew = time.Duration(rng.IntN(9)-4) * time.Minute
	store.maxLag = f.Overlap
	store.omitRaw = seed%3 == 0
	const ids = 40
	for range rng.IntN(60) {
		store.mutate(ids)
		time.Sleep(time.Duration(rng.IntN(20)) * time.Minute / 10)
	}
	left := 150
	pass := func() {
		for left > 0 && rng.IntN(2) == 0 {
			store.mutate(ids)
			left--
		}
		time.Sleep(time.Duration(rng.IntN(20_000)) * time.Millisecond / time.Duration(1+rng.IntN(100)))
	}
	store.onPage = func() error {
		pass()
		if rng.IntN(20) == 0 {
			return errCut
		}
		return nil
	}
	h := &host{t: t, store: store, state: make(map[string]int)}
	older := ""
	for left > 0 {
		stop := rng.IntN(60) // beyond the list's length: to the end
		err := h.run(func() bool { pass(); stop--; return stop >= 0 })
		if err != nil && !errors.Is(err, errCut) {
			t.Fatalf("seed %d: %v", seed, err)
		}
		switch rng.IntN(6) {
		case 0:
			h.saved = older // the last save was lost in a crash
		case 1:
			older = h.saved
		}
		pass()
		if rng.IntN(3) == 0 {
			time.Sleep(time.Duration(rng.IntN(600)) * time.Second)
		}
	}
	h.settle(seed)
	// At rest the repeats come to an end.
	time.Sleep(time.Hour)
	for range 2 {
		h.given = 0
		if err := h.run(nil); err != nil {
			t.Fatal(err)
		}
	}
	if h.given != 0 {
		t.Errorf("seed %d: %d records came again from a store at rest", seed, h.given)
	}
}

// A change in the same second as the last one carries the same time.
func TestChangesTwiceWithinOneGrain(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		for _, omitRaw := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				store := newSimStore(1, f)
				store.omitRaw = omitRaw
				h := &host{t: t, store: store, state: make(map[string]int)}
				store.put("1")
				h.settle(0)
				store.put("1")
				store.put("1")
				if err := h.run(nil); err != nil {
					t.Fatal(err)
				}
				time.Sleep(100 * time.Millisecond)
				store.put("1")
				h.settle(0)
			})
		}
	})
}

// A change that shows up late, while one long read goes on past its time.
func TestChangesLateDuringALongRead(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		synctest.Test(t, func(t *testing.T) {
			store := newSimStore(1, f)
			store.pageSize = 50
			h := &host{t: t, store: store, state: make(map[string]int)}
			for i := range 12 {
				store.put(strconv.Itoa(100 + i))
				time.Sleep(time.Second)
			}
			store.put("late")
			late := store.records["late"]
			late[0].visible = late[0].visible.Add(20 * time.Second)
			time.Sleep(time.Second)
			store.put("after")
			if err := h.run(func() bool {
				time.Sleep(time.Minute)
				store.put("200") // keeps the read going
				return h.given < 40
			}); err != nil {
				t.Fatal(err)
			}
			h.settle(0)
		})
	})
}

// More records with one time than a checkpoint remembers, read in slices.
func TestChangesManyWithOneTime(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		synctest.Test(t, func(t *testing.T) {
			const records, slice = 5000, 700
			store := newSimStore(1, f)
			store.pageSize = 2500
			h := &host{t: t, store: store, state: make(map[string]int)}
			store.put("0")
			h.settle(0)
			time.Sleep(time.Hour)
			for i := range records {
				store.put(strconv.Itoa(i))
			}
			time.Sleep(time.Hour)
			for runs := 0; len(h.state) < records; runs++ {
				if runs > 3*records/slice {
					t.Fatalf("after %d runs of %d records the host has %d of %d", runs, slice, len(h.state), records)
				}
				left := slice
				if err := h.run(func() bool { left--; return left >= 0 }); err != nil {
					t.Fatal(err)
				}
			}
			h.settle(0)
			time.Sleep(time.Hour)
			for range 2 {
				h.given = 0
				if err := h.run(nil); err != nil {
					t.Fatal(err)
				}
			}
			if h.given != 0 {
				t.Errorf("%d records came again from a store at rest", h.given)
			}
			if len(h.saved) > 100_000 {
				t.Errorf("the checkpoint has %d bytes", len(h.saved))
			}
		})
	})
}

// One record whose clock ran wild must not hide the changes of the others.
func TestChangesRecordFromTheFuture(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		synctest.Test(t, func(t *testing.T) {
			store := newSimStore(1, f)
			h := &host{t: t, store: store, state: make(map[string]int)}
			for _, years := range []int{1, 9000} {
				store.put("future")
				versions := store.records["future"]
				versions[len(versions)-1].stamp = time.Now().AddDate(years, 0, 0)
				h.settle(0)
				time.Sleep(time.Hour)
				store.put("1")
				h.settle(0)
			}
		})
	})
}
