package bigcommerce

import (
	"time"

	"github.com/soukhq/souk/catalog"
)

// resources describes the lists. Products, orders and customers are filtered
// by change, to the second; other filters that BigCommerce lacks read all. The
// size of a page of inventory is in products.
var resources = map[catalog.Resource]catalog.ResourceFeatures{
	catalog.Products: {Paging: catalog.PagingKeyset, PageSize: mostRows, MaxPageSize: mostRows, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus}, Grain: time.Second, Overlap: listLag},
	catalog.Orders: {Paging: catalog.PagingKeyset, PageSize: mostRows, MaxPageSize: mostRows, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus, catalog.FilterPayment, catalog.FilterFulfillment, catalog.FilterCustomer},
		Grain:   time.Second, Overlap: listLag},
	catalog.Customers: {Paging: catalog.PagingKeyset, PageSize: mostRows, MaxPageSize: mostRows, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterEmail}, Grain: time.Second, Overlap: listLag},
	catalog.Inventory: {Paging: catalog.PagingKeyset, PageSize: mostRows, MaxPageSize: mostRows, Changes: catalog.ChangesNone,
		Filters: []catalog.Filter{catalog.FilterLocation, catalog.FilterItem, catalog.FilterSKU}},
	catalog.Locations: {Paging: catalog.PagingNone, PageSize: mostRows, MaxPageSize: mostRows, Changes: catalog.ChangesNone},
}

// listLag is how much later than its time a change may show in lists. The
// documents say nothing of a lag; a few seconds are for writes under way.
const listLag = 10 * time.Second

// Features returns what every engine of the adapter can do.
func (a *Adapter) Features() catalog.Features {
	signed := a.config.WebhookScheme != SchemeHeader
	return catalog.Features{
		Platform: Platform, APIVersion: "V3, orders V2", Resources: resources,
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanAdjustInventory, catalog.CanCancelOrders, catalog.CanAddNotes,
			catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanRefund, catalog.CanExport, catalog.CanWriteCustomers, catalog.CanSubscribe},
		Instead: map[catalog.Capability]string{
			catalog.CanCallGraphQL: "the GraphQL of the storefront shows what a shopper may see, with a token of its own; use catalog.RESTCaller",
		},
		// A failed delivery is sent eleven times more. How long BigCommerce
		// waits for an answer is measured, not documented: 9 seconds passed.
		// https://developer.bigcommerce.com/docs/integrations/webhooks
		Webhooks: catalog.WebhookFeatures{Signed: signed, TimeSigned: signed, Redelivery: 48 * time.Hour, Timeout: 9 * time.Second},
	}.Clone()
}

var (
	_ catalog.ProductFinder      = (*Engine)(nil)
	_ catalog.InventoryReader    = (*Engine)(nil)
	_ catalog.LocationReader     = (*Engine)(nil)
	_ catalog.OrderHistoryReader = (*Engine)(nil)
	_ catalog.CustomerFinder     = (*Engine)(nil)
	_ catalog.Counter            = (*Engine)(nil)
	_ catalog.RESTCaller         = (*Engine)(nil)
	_ catalog.ProductWriter      = (*Engine)(nil)
	_ catalog.InventorySetter    = (*Engine)(nil)
	_ catalog.InventoryAdjuster  = (*Engine)(nil)
	_ catalog.OrderCanceller     = (*Engine)(nil)
	_ catalog.OrderNoter         = (*Engine)(nil)
	_ catalog.Fulfiller          = (*Engine)(nil)
	_ catalog.TrackingUpdater    = (*Engine)(nil)
	_ catalog.Refunder           = (*Engine)(nil)
	_ catalog.ProductExporter    = (*Engine)(nil)
	_ catalog.CustomerWriter     = (*Engine)(nil)
	_ catalog.Subscriber         = (*Engine)(nil)
)
