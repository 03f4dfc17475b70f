package main

import "github.com/soukhq/souk/catalog"

// capabilities are the rows of what only some platforms can do; a row that is
// empty on all of them is left out.
var capabilities = []struct {
	capability catalog.Capability
	words      string
}{
	{catalog.CanReadInventory, "read stock per item"},
	{catalog.CanReadLocations, "read locations"},
	{catalog.CanReadHistory, "read an order's history"},
	{catalog.CanFindBySKU, "find products by SKU"},
	{catalog.CanFindCustomers, "find a customer by e-mail"},
	{catalog.CanCount, "count without reading"},
	{catalog.CanExport, "export all products in bulk"},
	{catalog.CanWriteProducts, "write products"},
	{catalog.CanSetInventory, "set stock"},
	{catalog.CanAdjustInventory, "adjust stock"},
	{catalog.CanCancelOrders, "cancel orders"},
	{catalog.CanAddNotes, "add notes to orders"},
	{catalog.CanFulfill, "ship orders"},
	{catalog.CanUpdateTracking, "update tracking"},
	{catalog.CanRefund, "refund orders"},
	{catalog.CanWriteCustomers, "write customers"},
	{catalog.CanSubscribe, "manage webhook subscriptions"},
	{catalog.CanCallGraphQL, "send GraphQL of your own"},
	{catalog.CanCallREST, "send REST calls of your own"},
}

var nouns = map[catalog.Resource]string{
	catalog.Products: "products", catalog.Orders: "orders", catalog.Customers: "customers", catalog.Inventory: "stock",
}

var filterWords = map[catalog.Filter]string{
	catalog.FilterUpdated: "change", catalog.FilterCreated: "creation", catalog.FilterStatus: "status", catalog.FilterPayment: "payment",
	catalog.FilterFulfillment: "fulfilment", catalog.FilterCustomer: "customer", catalog.FilterEmail: "e-mail",
	catalog.FilterLocation: "location", catalog.FilterItem: "item", catalog.FilterSKU: "SKU",
}

var changes = map[catalog.ChangeSupport]string{
	catalog.ChangesNative: "native", catalog.ChangesScan: "scan of the list", catalog.ChangesNone: "–", "": "–",
}
