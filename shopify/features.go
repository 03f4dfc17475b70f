package shopify

import (
	"time"

	"github.com/soukhq/souk/catalog"
)

// Page sizes: a connection's cost grows with the logarithm of its size, so
// large pages are cheap. Orders carry much and come in smaller ones.
// Change times are whole seconds; records become searchable with a delay, so
// a reader of changes looks a few minutes back.
var resources = map[catalog.Resource]catalog.ResourceFeatures{
	catalog.Products: {Paging: catalog.PagingKeyset, PageSize: 250, MaxPageSize: 250, SortsUpdated: true, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus}, Grain: time.Second, Overlap: 5 * time.Minute},
	catalog.Orders: {Paging: catalog.PagingKeyset, PageSize: 250, MaxPageSize: 250, SortsUpdated: true, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus, catalog.FilterPayment, catalog.FilterFulfillment, catalog.FilterCustomer},
		Grain:   time.Second, Overlap: 5 * time.Minute},
	catalog.Customers: {Paging: catalog.PagingKeyset, PageSize: 250, MaxPageSize: 250, SortsUpdated: true, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterEmail}, Grain: time.Second, Overlap: 5 * time.Minute},
	catalog.Inventory: {Paging: catalog.PagingKeyset, PageSize: 250, MaxPageSize: 250, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterLocation, catalog.FilterItem, catalog.FilterSKU}, Grain: time.Second, Overlap: 5 * time.Minute},
	catalog.Locations: {Paging: catalog.PagingKeyset, PageSize: 250, MaxPageSize: 250, Changes: catalog.ChangesNone},
}

// Features returns what every engine of the adapter can do.
func (a *Adapter) Features() catalog.Features {
	return catalog.Features{
		Platform: Platform, APIVersion: a.config.APIVersion, Resources: resources,
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallGraphQL,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanAdjustInventory, catalog.CanCancelOrders, catalog.CanAddNotes,
			catalog.CanReadHistory, catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanRefund, catalog.CanWriteCustomers,
			catalog.CanSubscribe, catalog.CanExport},
		Keyed: []catalog.Capability{catalog.CanAdjustInventory, catalog.CanSetInventory, catalog.CanRefund},
		Instead: map[catalog.Capability]string{
			catalog.CanCallREST: "Shopify's REST API gets nothing new and lacks much; use catalog.GraphQLCaller",
		},
		// https://shopify.dev/docs/apps/build/webhooks/troubleshooting-webhooks
		Webhooks: catalog.WebhookFeatures{Signed: true, Bodies: true, Redelivery: 4 * time.Hour, Timeout: 5 * time.Second},
	}.Clone()
}

var (
	_ catalog.ProductFinder   = (*Engine)(nil)
	_ catalog.InventoryReader = (*Engine)(nil)
	_ catalog.LocationReader  = (*Engine)(nil)
	_ catalog.CustomerFinder  = (*Engine)(nil)
	_ catalog.Counter         = (*Engine)(nil)
	_ catalog.GraphQLCaller   = (*Engine)(nil)

	_ catalog.ProductWriter      = (*Engine)(nil)
	_ catalog.InventorySetter    = (*Engine)(nil)
	_ catalog.InventoryAdjuster  = (*Engine)(nil)
	_ catalog.OrderCanceller     = (*Engine)(nil)
	_ catalog.OrderNoter         = (*Engine)(nil)
	_ catalog.OrderHistoryReader = (*Engine)(nil)
	_ catalog.Fulfiller          = (*Engine)(nil)
	_ catalog.TrackingUpdater    = (*Engine)(nil)
	_ catalog.Refunder           = (*Engine)(nil)
	_ catalog.CustomerWriter     = (*Engine)(nil)
	_ catalog.Subscriber         = (*Engine)(nil)
	_ catalog.ProductExporter    = (*Engine)(nil)
)
