package webhook

import (
	"slices"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
)

// stateKey names one state of a record, by its time of change. Platforms' own
// clocks are coarse and differ between webhook and API below the second, so
// the second is what counts.
func stateKey(platform, store string, resource catalog.Resource, id string, updated time.Time) string {
	if id == "" || resource == "" || updated.IsZero() {
		return ""
	}
	return catalog.EventKey("souk.state", platform, store, string(resource), id, strconv.FormatInt(updated.Unix(), 10))
}

// createdKey names the creation of a record.
func createdKey(platform, store string, resource catalog.Resource, id string) string {
	if id == "" || resource == "" {
		return ""
	}
	return catalog.EventKey("souk.created", platform, store, string(resource), id)
}

// tellsState reports whether a kind says nothing but how its record is now. An
// order that was paid is news even where its state has been seen.
func tellsState(kind catalog.EventKind) bool {
	switch kind {
	case catalog.EventProductUpdated, catalog.EventOrderUpdated, catalog.EventCustomerUpdated, catalog.EventInventoryChanged:
		return true
	}
	return tellsCreation(kind)
}

func tellsCreation(kind catalog.EventKind) bool {
	return kind == catalog.EventProductCreated || kind == catalog.EventOrderCreated || kind == catalog.EventCustomerCreated
}

// EntryOf makes the entry of an event that a platform delivered, with the keys
// by which a Sweeper recognises it. Only events that say nothing but "created"
// or "updated" have any.
func EntryOf(event catalog.Event) Entry {
	e := Entry{Event: event}
	if !tellsState(event.Kind) {
		return e
	}
	state := stateKey(event.Platform, event.Store, event.Resource, event.ResourceID, event.UpdatedAt)
	e.Twin = state
	if tellsCreation(event.Kind) {
		e.Twin = createdKey(event.Platform, event.Store, event.Resource, event.ResourceID)
	}
	for _, key := range []string{e.Twin, state} {
		if key != "" && !slices.Contains(e.States, key) {
			e.States = append(e.States, key)
		}
	}
	return e
}
