package stall

import (
	"maps"
	"time"

	"github.com/soukhq/souk/catalog"
)

// lists describes the three lists, which are alike. Overlap is how far back a
// reader of changes looks again: no index lags here, so it only covers a record
// that shows up a moment after the time it carries.
var lists = catalog.ResourceFeatures{
	Paging: catalog.PagingKeyset, PageSize: 25, MaxPageSize: 100, Filters: []catalog.Filter{catalog.FilterUpdated},
	Changes: catalog.ChangesNative, Grain: time.Second, Overlap: 2 * time.Second,
}

// Features returns what every engine of the adapter can do.
func (a *Adapter) Features() catalog.Features {
	f := catalog.Features{
		Platform: Platform, APIVersion: "v1", Resources: map[catalog.Resource]catalog.ResourceFeatures{}, Instead: map[catalog.Capability]string{},
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanCount},
		Webhooks:     catalog.WebhookFeatures{Signed: true, TimeSigned: true, Redelivery: 24 * time.Hour, Timeout: 5 * time.Second},
	}
	for resource := range maps.Keys(paths) {
		f.Resources[resource] = lists
	}
	for _, c := range catalog.Capabilities() {
		if !f.Has(c) {
			f.Instead[c] = "a stall's API only reads its three lists; the rest is done at the stall"
		}
	}
	return f.Clone() // the caller may write to it
}

// The capabilities, each with the interface it stands for.
var (
	_ catalog.ProductFinder = (*Engine)(nil)
	_ catalog.Counter       = (*Engine)(nil)
)
