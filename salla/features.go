package salla

import (
	"time"

	"github.com/soukhq/souk/catalog"
)

// Page sizes: 60 is the most the pages allow, and 30 what List Orders is
// reported to; what an answer says of itself counts.
// https://docs.salla.dev/421124m0
//
// Orders are found by their time of change; their list may be up to fifteen
// minutes old. Products and customers tell the time, but the whole list has
// to be read for it.
var resources = map[catalog.Resource]catalog.ResourceFeatures{
	catalog.Products: {Paging: catalog.PagingNumbers, PageSize: 60, MaxPageSize: 60, Changes: catalog.ChangesScan,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterStatus}, Grain: time.Second, Overlap: 5 * time.Minute},
	catalog.Orders: {Paging: catalog.PagingNumbers, PageSize: 30, MaxPageSize: 30, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus, catalog.FilterPayment, catalog.FilterFulfillment, catalog.FilterCustomer},
		Grain:   time.Second, Overlap: 20 * time.Minute},
	catalog.Customers: {Paging: catalog.PagingNumbers, PageSize: 60, MaxPageSize: 60, Changes: catalog.ChangesScan,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterEmail}, Grain: time.Second, Overlap: 5 * time.Minute},
	catalog.Inventory: {Paging: catalog.PagingNumbers, PageSize: 60, MaxPageSize: 60, Changes: catalog.ChangesNone,
		Filters: []catalog.Filter{catalog.FilterLocation, catalog.FilterItem, catalog.FilterSKU}},
	catalog.Locations: {Paging: catalog.PagingNumbers, PageSize: 60, MaxPageSize: 60, Changes: catalog.ChangesNone},
}

// Features returns what every engine of the adapter can do.
func (a *Adapter) Features() catalog.Features {
	return catalog.Features{
		Platform: Platform, APIVersion: "v2", Resources: resources,
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanAdjustInventory, catalog.CanCancelOrders, catalog.CanAddNotes,
			catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanWriteCustomers, catalog.CanSubscribe},
		Instead: map[catalog.Capability]string{
			catalog.CanRefund:      "Salla refunds whole orders alone: use catalog.RESTCaller for the action refund of POST orders/actions",
			catalog.CanExport:      "Salla numbers its pages, so that nothing is read side by side; list the products",
			catalog.CanCallGraphQL: "Salla has a REST API; use catalog.RESTCaller",
		},
		// A failed delivery is sent three times more, five minutes apart.
		// https://docs.salla.dev/421119m0
		Webhooks: catalog.WebhookFeatures{Signed: a.config.WebhookScheme == SchemeSignature, Bodies: true,
			Redelivery: 15 * time.Minute, Timeout: 30 * time.Second},
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
	_ catalog.CustomerWriter     = (*Engine)(nil)
	_ catalog.Subscriber         = (*Engine)(nil)
)
