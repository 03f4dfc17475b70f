package magento

import (
	"time"

	"github.com/soukhq/souk/catalog"
)

// Page sizes: Magento does much for each product and order of a list, so pages
// are small; 300 is what shops that limit pages give at most, as they come.
//
// Change times are whole seconds and set when a row is written, which others
// see only when its transaction ends: a reader looks five minutes back.
//
// A product's change time has blind spots: it does not move when attributes
// are changed in bulk, when a price rule changes what is paid, or when stock is
// sold. Orders and customers have none. Stock has no change time at all.
var resources = map[catalog.Resource]catalog.ResourceFeatures{
	catalog.Products: {Paging: catalog.PagingKeyset, PageSize: 100, MaxPageSize: 300, SortsUpdated: true, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus}, Grain: time.Second, Overlap: 5 * time.Minute},
	catalog.Orders: {Paging: catalog.PagingKeyset, PageSize: 100, MaxPageSize: 300, SortsUpdated: true, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus, catalog.FilterPayment, catalog.FilterFulfillment, catalog.FilterCustomer},
		Grain:   time.Second, Overlap: 5 * time.Minute},
	catalog.Customers: {Paging: catalog.PagingKeyset, PageSize: 100, MaxPageSize: 300, SortsUpdated: true, Changes: catalog.ChangesNative,
		Filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterEmail}, Grain: time.Second, Overlap: 5 * time.Minute},
	catalog.Inventory: {Paging: catalog.PagingKeyset, PageSize: 100, MaxPageSize: 300, Changes: catalog.ChangesNone,
		Filters: []catalog.Filter{catalog.FilterLocation, catalog.FilterItem, catalog.FilterSKU}},
	catalog.Locations: {Paging: catalog.PagingNone, PageSize: 100, MaxPageSize: 300, Changes: catalog.ChangesNone},
}

// Features returns what every engine of the adapter can do. Of products,
// changes are found as far as their change time moves: see the package's
// documentation.
func (a *Adapter) Features() catalog.Features {
	return catalog.Features{
		Platform: Platform, APIVersion: "V1", Resources: resources,
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanCancelOrders, catalog.CanAddNotes, catalog.CanFulfill,
			catalog.CanUpdateTracking, catalog.CanRefund, catalog.CanWriteCustomers, catalog.CanSubscribe, catalog.CanExport},
		Instead: map[catalog.Capability]string{
			catalog.CanAdjustInventory: "Magento sets the stock of sources and has no difference to send: read the level and set it with InventorySetter",
			catalog.CanCallGraphQL:     "the GraphQL of a shop is the storefront's, for what a shopper may see; use catalog.RESTCaller",
		},
		Webhooks: a.config.WebhookScheme.features(),
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

	_ catalog.ProductWriter   = (*Engine)(nil)
	_ catalog.InventorySetter = (*Engine)(nil)
	_ catalog.OrderCanceller  = (*Engine)(nil)
	_ catalog.OrderNoter      = (*Engine)(nil)
	_ catalog.Fulfiller       = (*Engine)(nil)
	_ catalog.TrackingUpdater = (*Engine)(nil)
	_ catalog.Refunder        = (*Engine)(nil)
	_ catalog.CustomerWriter  = (*Engine)(nil)
	_ catalog.Subscriber      = (*Engine)(nil)
	_ catalog.ProductExporter = (*Engine)(nil)
)
