package catalogtest

import (
	"cmp"
	"errors"
	"testing"

	"github.com/soukhq/souk/catalog"
)

var stockWriteRules = []rule{
	{name: "stock that is set or adjusted is read so", check: stockWritten},
	{name: "a level that somebody changed is a conflict and stays", check: stockConflict},
	{name: "of a batch only the bad items fail", check: stockBatch},
}

// available reads one level.
func (x *session) available(of catalog.InventoryLevel) catalog.Quantity {
	x.t.Helper()
	for level := range x.levels() {
		if level.ItemID == of.ItemID && level.LocationID == of.LocationID {
			return *level.Available
		}
	}
	x.t.Fatalf("the level %s@%s is not listed", of.ItemID, of.LocationID)
	return catalog.Quantity{}
}

func target(l catalog.InventoryLevel, n int64) catalog.InventorySet {
	return catalog.InventorySet{ItemID: l.ItemID, LocationID: l.LocationID, Available: catalog.NewQuantity(n)}
}

func stockWritten(t testing.TB, s *suite) {
	x := s.openForWrites(t)
	if !x.has(catalog.CanSetInventory) && !x.has(catalog.CanAdjustInventory) {
		t.Skip("Features says that stock cannot be written")
	}
	level := x.level(0)
	now := x.available(level)
	if setter, ok := catalog.As[catalog.InventorySetter](x.engine); ok {
		if err := setter.SetInventory(t.Context(), []catalog.InventorySet{target(level, 41)}, catalog.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if now = x.available(level); now != catalog.NewQuantity(41) {
			t.Errorf("set to 41, read as %s", now)
		}
		if err := setter.SetInventory(t.Context(), nil, catalog.WriteOptions{}); err != nil {
			t.Errorf("setting no level: %v", err)
		}
		half, _ := catalog.ParseQuantity("0.000000001")
		x.fails(setter.SetInventory(t.Context(), []catalog.InventorySet{{ItemID: level.ItemID, LocationID: level.LocationID, Available: half}}, catalog.WriteOptions{}),
			"setting a billionth of a piece", catalog.ErrInvalid)
		x.fails(setter.SetInventory(t.Context(), []catalog.InventorySet{target(level, 1), target(level, 2)}, catalog.WriteOptions{}), "setting one level twice", catalog.ErrInvalid)
	}
	if adjuster, ok := catalog.As[catalog.InventoryAdjuster](x.engine); ok {
		for _, delta := range []int64{5, -3} {
			if err := adjuster.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: level.ItemID, LocationID: level.LocationID, Delta: catalog.NewQuantity(delta)}}, catalog.WriteOptions{}); err != nil {
				t.Fatal(err)
			}
			n, _ := now.Int()
			now = catalog.NewQuantity(n + delta)
			if got := x.available(level); got != now {
				t.Errorf("adjusted by %d, read as %s, want %s", delta, got, now)
			}
		}
	}
}

func stockConflict(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanSetInventory)
	setter, _ := catalog.As[catalog.InventorySetter](x.engine)
	level := x.level(0)
	now := x.available(level)
	n, _ := now.Int()
	stale := catalog.NewQuantity(n + 1)
	write := target(level, 7)
	write.Expected = &stale
	err := setter.SetInventory(t.Context(), []catalog.InventorySet{write}, catalog.WriteOptions{})
	if errors.Is(err, errors.ErrUnsupported) {
		x.unsupported(err, "compare-and-set")
		t.Skip("the platform has no compare-and-set")
	}
	x.fails(err, "setting a level that is another than expected", catalog.ErrConflict)
	if got := x.available(level); got != now {
		t.Errorf("a refused write left %s, want %s", got, now)
	}
	write.Expected = &now
	if err := setter.SetInventory(t.Context(), []catalog.InventorySet{write}, catalog.WriteOptions{}); err != nil {
		t.Errorf("setting a level that is as expected: %v", err)
	}
	if got := x.available(level); got != catalog.NewQuantity(7) {
		t.Errorf("read as %s, want 7", got)
	}
}

func stockBatch(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanSetInventory)
	setter, _ := catalog.As[catalog.InventorySetter](x.engine)
	first, second := x.level(0), x.level(1)
	lost := target(first, 1)
	lost.ItemID = cmp.Or(x.Writes.UnknownItem, s.UnknownID)
	err := setter.SetInventory(t.Context(), []catalog.InventorySet{target(first, 61), lost, target(second, 62)}, catalog.WriteOptions{})
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok {
		t.Fatalf("got %v, want a *catalog.BatchError", err)
	}
	x.worded(err, "a batch")
	if len(batch.Failed) != 1 || batch.Failed[1] == nil || batch.Total != 3 {
		t.Errorf("failed: %v of %d, want item 1 of 3", batch.Failed, batch.Total)
	}
	x.fails(batch.Failed[1], "an unknown item in a batch", catalog.ErrNotFound, catalog.ErrInvalid)
	if a, b := x.available(first), x.available(second); a != catalog.NewQuantity(61) || b != catalog.NewQuantity(62) {
		t.Errorf("the good items are at %s and %s, want 61 and 62", a, b)
	}
}
