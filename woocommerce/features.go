package woocommerce

import (
	"time"

	"github.com/soukhq/souk/catalog"
)

// Stores allow pages of 100; half of that is what small hosts bear. Times of
// change have whole seconds and are set some moments before a record is
// stored, so a reader of changes looks back.
var resources = map[catalog.Resource]catalog.ResourceFeatures{
	catalog.Products: {Paging: catalog.PagingKeyset, PageSize: 50, MaxPageSize: 100, Changes: catalog.ChangesNative, SortsUpdated: true,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus}, Grain: time.Second, Overlap: time.Minute},
	catalog.Orders: {Paging: catalog.PagingKeyset, PageSize: 50, MaxPageSize: 100, Changes: catalog.ChangesNative, SortsUpdated: true,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus, catalog.FilterPayment, catalog.FilterFulfillment, catalog.FilterCustomer},
		Grain:   time.Second, Overlap: time.Minute},
	// Customers carry the time of their change, but no list filters by it.
	catalog.Customers: {Paging: catalog.PagingKeyset, PageSize: 100, MaxPageSize: 100, Changes: catalog.ChangesScan,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterEmail}, Grain: time.Second, Overlap: time.Minute},
	catalog.Inventory: {Paging: catalog.PagingKeyset, PageSize: 100, MaxPageSize: 100, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterItem, catalog.FilterSKU}, Grain: time.Second, Overlap: time.Minute},
	catalog.Locations: {Paging: catalog.PagingNone, PageSize: 1, MaxPageSize: 1, Changes: catalog.ChangesNone},
}

// Features returns what every engine of the adapter can do.
func (a *Adapter) Features() catalog.Features {
	return catalog.Features{
		Platform: Platform, APIVersion: "wc/v3", Resources: resources,
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanCancelOrders, catalog.CanAddNotes, catalog.CanRefund,
			catalog.CanWriteCustomers, catalog.CanSubscribe, catalog.CanExport},
		Instead: map[catalog.Capability]string{
			catalog.CanAdjustInventory: "WooCommerce takes levels, not differences: read the level and set it",
			catalog.CanFulfill:         "WooCommerce has no shipments: complete the order by a native call, POST /orders/ID with the status completed, and tell the shopper the number with a note",
			catalog.CanUpdateTracking:  "WooCommerce keeps no tracking: tell the shopper the number with a note",
			catalog.CanCallGraphQL:     "WooCommerce has a REST API; use catalog.RESTCaller",
		},
		// A delivery is tried once. The store waits a minute for the answer and
		// sends nothing else meanwhile.
		Webhooks: catalog.WebhookFeatures{Signed: true, Bodies: true, Timeout: time.Minute},
	}.Clone()
}
