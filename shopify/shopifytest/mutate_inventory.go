package shopifytest

import (
	"slices"
	"strconv"
	"time"
)

// adjustment is what changing quantities leaves.
type adjustment struct {
	id               int64
	reason, document string
	at               time.Time
}

var inventoryReasons = []string{"correction", "cycle_count_available", "damaged", "movement_canceled", "movement_created", "movement_received",
	"movement_updated", "other", "promotion", "quality_control", "received", "reservation_created", "reservation_deleted", "reservation_updated",
	"restock", "safety_stock", "shrinkage"}

const mostStock = 1_000_000_000

// levelChange is one line of a change of quantities.
type levelChange struct {
	item, location int64
	to             int
}

// changes checks the lines of an input; quantity says what a line leaves.
func changes(x *exec, in input, list, badName string, quantity func(line input, now int) int) ([]levelChange, []complaint) {
	if in.text("name") != "available" {
		return nil, refuse(badName, "The quantity name must be available here", "input", "name")
	}
	if !slices.Contains(inventoryReasons, in.text("reason")) {
		return nil, refuse("INVALID_REASON", "The specified reason is invalid", "input", "reason")
	}
	var bad []complaint
	var out []levelChange
	seen := map[[2]int64]bool{}
	lines := in.list(list)
	for i, line := range lines {
		at := func(name string) []string { return []string{"input", list, strconv.Itoa(i), name} }
		item, location := line.id("inventoryItemId", "InventoryItem"), line.id("locationId", "Location")
		ref := x.srv.store.item(item)
		if ref == nil {
			bad = append(bad, complaint{"INVALID_INVENTORY_ITEM", at("inventoryItemId"), "The specified inventory item could not be found."})
			continue
		}
		k := slices.IndexFunc(ref.item().Levels, func(l InventoryLevel) bool { return l.LocationID == location })
		if x.srv.store.location(location) == nil || k < 0 {
			bad = append(bad, complaint{"INVALID_LOCATION", at("locationId"), "The specified location could not be found, or does not stock the item."})
			continue
		}
		if seen[[2]int64{item, location}] {
			bad = append(bad, complaint{"NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", at("inventoryItemId"), "The combination of item and location must be unique."})
			continue
		}
		seen[[2]int64{item, location}] = true
		now := ref.item().Levels[k].Available
		if from, ok := line.number("changeFromQuantity"); ok && from != now {
			bad = append(bad, complaint{"CHANGE_FROM_QUANTITY_STALE", at("changeFromQuantity"), "The changeFromQuantity argument no longer matches the persisted quantity."})
			continue
		}
		to := quantity(line, now)
		if to > mostStock {
			bad = append(bad, complaint{"INVALID_QUANTITY_TOO_HIGH", at("quantity"), "The quantity can't be higher than 1,000,000,000."})
			continue
		}
		out = append(out, levelChange{item, location, to})
	}
	return out, bad
}

// apply makes all changes of one request, or none where one was refused.
func (x *exec) apply(mutation string, in input, lines []levelChange, bad []complaint) payload {
	if len(bad) > 0 {
		return payload{bad: bad}
	}
	for _, c := range lines {
		x.srv.setInventory(c.item, c.location, c.to)
		x.effect(mutation, c.item)
	}
	return payload{parts: map[string]any{"inventoryAdjustmentGroup": &adjustment{x.srv.fresh(), in.text("reason"), in.text("referenceDocumentUri"), x.srv.second()}}}
}

func inventorySet(x *exec, args input) payload {
	in := args.sub("input")
	lines, bad := changes(x, in, "quantities", "INVALID_NAME", func(line input, _ int) int {
		n, _ := line.number("quantity")
		return n
	})
	return x.apply("inventorySetQuantities", in, lines, bad)
}

func inventoryAdjust(x *exec, args input) payload {
	in := args.sub("input")
	lines, bad := changes(x, in, "changes", "INVALID_QUANTITY_NAME", func(line input, now int) int {
		n, _ := line.number("delta")
		return now + n
	})
	return x.apply("inventoryAdjustQuantities", in, lines, bad)
}
