package catalog_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
)

func TestChangesCheckpointMovesWithTheNextRecord(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		synctest.Test(t, func(t *testing.T) {
			store := newSimStore(1, f)
			for i := range 10 {
				store.put(strconv.Itoa(i))
				time.Sleep(time.Hour)
			}
			saved := ""
			for round := range 2 { // the first read and a later one
				var left string
				first := catalog.ProductChanges(store, saved)
				for p := range first.All(t.Context()) {
					if left = p.ID; p.ID == "3" {
						break
					}
				}
				var again []string
				second := catalog.ProductChanges(store, first.Checkpoint())
				for p, err := range second.All(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					again = append(again, p.ID)
				}
				if want := "3 4 5 6 7 8 9"; left != "3" || strings.Join(again, " ") != want {
					t.Errorf("round %d: left at %s, then got %v; want %s", round, left, again, want)
				}
				saved = second.Checkpoint()
				for i := range 10 {
					store.put(strconv.Itoa(i))
					time.Sleep(time.Hour)
				}
			}
		})
	})
}

func TestChangesErrorInTheMiddle(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		synctest.Test(t, func(t *testing.T) {
			store := newSimStore(1, f)
			h := &host{t: t, store: store, state: make(map[string]int)}
			for i := range 20 {
				store.put(strconv.Itoa(i))
				time.Sleep(time.Minute)
			}
			pages := 0
			store.onPage = func() error {
				if pages++; pages == 3 {
					return errCut
				}
				return nil
			}
			changes := catalog.ProductChanges(store, "")
			errs := 0
			for p, err := range changes.All(t.Context()) {
				switch {
				case err == nil && errs > 0:
					t.Fatal("a record came after the error")
				case err == nil:
					h.state[p.ID], _ = strconv.Atoi(p.Title)
				case !errors.Is(err, errCut) || p.ID != "":
					t.Fatalf("got %q, %v; want a zero record and the cause", p.ID, err)
				default:
					errs++
				}
			}
			if errs != 1 {
				t.Fatalf("got %d errors, want 1", errs)
			}
			h.saved = changes.Checkpoint()
			h.settle(0)
		})
	})
}

// The engine no longer takes the cursor an unfinished read was left with.
func TestChangesCursorRefused(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, f catalog.ResourceFeatures) {
		synctest.Test(t, func(t *testing.T) {
			store := newSimStore(1, f)
			h := &host{t: t, store: store, state: make(map[string]int)}
			for i := range 20 {
				store.put(strconv.Itoa(i))
				time.Sleep(time.Hour)
			}
			if err := h.run(func() bool { return h.given < 6 }); err != nil {
				t.Fatal(err)
			}
			h.saved = strings.Replace(h.saved, `"cursor":"1.`, `"cursor":"0.`, 1)
			h.settle(0)
		})
	})
}

// An adapter that learns to sort, or must give it up, meets old checkpoints.
func TestChangesFeaturesDifferFromLastTime(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, before catalog.ResourceFeatures) {
		for name, after := range ways {
			synctest.Test(t, func(t *testing.T) {
				store := newSimStore(1, before)
				h := &host{t: t, store: store, state: make(map[string]int)}
				for i := range 30 {
					if i == 10 || i == 20 {
						if err := h.run(func() bool { return h.given < i-3 }); err != nil {
							t.Fatal(err)
						}
					}
					store.put(strconv.Itoa(i))
					time.Sleep(time.Hour)
				}
				after.Grain, after.Overlap = time.Second, time.Minute
				store.features = after
				h.settle(0)
				if t.Failed() {
					t.Log("changed to", name)
				}
			})
		}
	})
}

func TestChangesWithoutTimesComeAlways(t *testing.T) {
	t.Parallel()
	for name, f := range ways {
		if f.Changes == catalog.ChangesNative {
			continue // a filter by a time that is not there finds nothing
		}
		engine := &fakeEngine{features: productFeatures(f), products: []catalog.Product{{ID: "1"}, {ID: "2"}}}
		saved := ""
		for range 3 {
			changes := catalog.ProductChanges(engine, saved)
			if got := changedIDs(t, changes); got != "1 2" {
				t.Errorf("%s: got %q, want both each time", name, got)
			}
			saved = changes.Checkpoint()
		}
	}
}

func TestChangesUnsupported(t *testing.T) {
	t.Parallel()
	for _, support := range []catalog.ChangeSupport{catalog.ChangesNone, ""} {
		engine := &fakeEngine{features: productFeatures(catalog.ResourceFeatures{Changes: support})}
		products, err := catalog.Collect(catalog.ProductChanges(engine, "").All(t.Context()))
		if !errors.Is(err, errors.ErrUnsupported) || len(products) != 0 {
			t.Errorf("%q: got %d products, %v; want ErrUnsupported", support, len(products), err)
		}
		if want := "fake: read changed products: unsupported; read the whole list, or use webhooks"; fmt.Sprint(err) != want {
			t.Errorf("text is %q, want %q", err, want)
		}
	}
	engine := &fakeEngine{features: catalog.Features{Resources: map[catalog.Resource]catalog.ResourceFeatures{catalog.Inventory: {Changes: catalog.ChangesNative}}}}
	if _, err := catalog.Collect(catalog.InventoryChanges(engine, "").All(t.Context())); !errors.Is(err, catalog.ErrUnsupported) {
		t.Errorf("inventory without the capability: %v, want ErrUnsupported", err)
	}
}

func TestChangesOptionsReachTheList(t *testing.T) {
	t.Parallel()
	store := newSimStore(1, catalog.ResourceFeatures{Changes: catalog.ChangesNative})
	store.put("1")
	changes := catalog.ProductChanges(store, "", catalog.ChangeOptions{OmitRaw: true})
	for p, err := range changes.All(t.Context()) {
		if err != nil || p.Raw != nil {
			t.Fatalf("got Raw %s, %v; want none", p.Raw, err)
		}
	}
}

// savedCheckpoint is a good one of products on the platform "sim".
func savedCheckpoint(t testing.TB, store *simStore) string {
	t.Helper()
	changes := catalog.ProductChanges(store, "")
	if _, err := catalog.Collect(changes.All(t.Context())); err != nil {
		t.Fatal(err)
	}
	return changes.Checkpoint()
}

func TestCheckpointRefused(t *testing.T) {
	t.Parallel()
	store := newSimStore(1, catalog.ResourceFeatures{Changes: catalog.ChangesNative, SortsUpdated: true, Overlap: time.Minute})
	store.put("1")
	good := savedCheckpoint(t, store)
	for name, c := range map[string]struct{ saved, text string }{
		"other resource": {strings.Replace(good, `"products"`, `"orders"`, 1), "the checkpoint belongs to sim orders"},
		"other platform": {strings.Replace(good, `"sim"`, `"salla"`, 1), "the checkpoint belongs to salla products"},
		"other version":  {strings.Replace(good, `"v":1`, `"v":2`, 1), "the checkpoint is damaged, or from another version of souk"},
		"cut":            {good[:len(good)-5], "the checkpoint is damaged: "},
		"not JSON":       {"2026-07-01T10:00:00Z", "the checkpoint is damaged: "},
		"other JSON":     {`{}`, "the checkpoint is damaged, or from another version of souk"},
		"array":          {`[]`, "the checkpoint is damaged: "},
		"null":           {`null`, "the checkpoint is damaged, or from another version of souk"},
		"time":           {`{"v":1,"platform":"sim","resource":"products","mark":"yesterday"}`, "the checkpoint is damaged: "},
		"fingerprint":    {`{"v":1,"platform":"sim","resource":"products","mark":"2026-07-01T10:00:00Z","seen":{"!":1}}`, "the checkpoint is damaged: "},
		"a cursor":       {string(catalog.NewCursor("sim", catalog.Products, "", "7")), "the checkpoint is damaged: "},
		"very long":      {strings.Repeat(" ", 2<<20), "the checkpoint is damaged: it is too long"},
	} {
		changes := catalog.ProductChanges(store, c.saved)
		products, err := catalog.Collect(changes.All(t.Context()))
		hint := `; use the checkpoint of the same store and resource, or "" to read everything again`
		if !errors.Is(err, catalog.ErrInvalid) || len(products) != 0 || !strings.HasPrefix(err.Error(), "sim: read changed products: invalid: "+c.text) || !strings.HasSuffix(err.Error(), hint) {
			t.Errorf("%s: got %d products, %v", name, len(products), err)
		}
		if changes.Checkpoint() != c.saved {
			t.Errorf("%s: a refused checkpoint was replaced by %q: saved, it would mean something else", name, changes.Checkpoint())
		}
	}
	if got, err := catalog.Collect(catalog.ProductChanges(store, good).All(t.Context())); err != nil || len(got) != 0 {
		t.Errorf("the good one gives %d products, %v", len(got), err)
	}
}

func TestCheckpointOfNothing(t *testing.T) {
	t.Parallel()
	store := newSimStore(1, catalog.ResourceFeatures{Changes: catalog.ChangesNative, SortsUpdated: true})
	changes := catalog.ProductChanges(store, "")
	if changes.Checkpoint() != "" {
		t.Errorf("before reading: %q", changes.Checkpoint())
	}
	if got := savedCheckpoint(t, store); got != "" {
		t.Errorf("of an empty store: %q", got)
	}
}

// Whatever text a host kept, a reader neither panics nor skips silently: it
// refuses, or its own checkpoint is accepted again.
func FuzzCheckpoint(f *testing.F) {
	store := newSimStore(1, catalog.ResourceFeatures{Changes: catalog.ChangesNative, SortsUpdated: true, Overlap: time.Minute})
	store.put("1")
	store.put("2")
	f.Add(savedCheckpoint(f, store), true)
	changes := catalog.ProductChanges(store, "")
	for range changes.All(f.Context()) {
		break
	}
	f.Add(changes.Checkpoint(), false)
	f.Add(`{"v":1,"platform":"sim","resource":"products","mark":"9999-12-31T23:59:59Z","mode":"full","began":"0001-01-01T00:00:00Z","cursor":"x"}`, false)
	f.Add(`{"v":1,"platform":"sim","resource":"products","mode":"collected","last":"2026-07-01T10:00:00Z","last_id":"7","seen":{"zz":-1}}`, false)
	f.Fuzz(func(t *testing.T, saved string, sorted bool) {
		engine := newSimStore(1, catalog.ResourceFeatures{Changes: catalog.ChangesNative, SortsUpdated: sorted, Overlap: time.Minute})
		engine.put("1")
		changes := catalog.ProductChanges(engine, saved)
		_, err := catalog.Collect(changes.All(t.Context()))
		again := changes.Checkpoint()
		if err != nil {
			if !errors.Is(err, catalog.ErrInvalid) || again != saved {
				t.Fatalf("%q: %v, then %q", saved, err, again)
			}
			return
		}
		if _, err := catalog.Collect(catalog.ProductChanges(engine, again).All(t.Context())); err != nil {
			t.Fatalf("%q led to %q, which is refused: %v", saved, again, err)
		}
	})
}
