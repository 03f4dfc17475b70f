package catalogtest

import "github.com/soukhq/souk/catalog"

// Minimum is the least a platform's adapter can do. It is
// written beside the adapter, not taken from it, so that a capability cannot
// be lost without anybody noticing. Shop, products, orders and customers are in
// the Engine interface and need no entry. The zero Minimum asks for no more.
type Minimum struct {
	// Capabilities must all be there.
	Capabilities []catalog.Capability
	// Changes says how well changes are found: at least this well, where
	// native beats scan and scan beats none.
	Changes map[catalog.Resource]catalog.ChangeSupport
	// Counts are the resources that Counter must count.
	Counts []catalog.Resource
	// Keyed are the writes that may be repeated with their key.
	Keyed []catalog.Capability
}

// minimums is the matrix: a row for each platform of this repository. Others
// bring theirs in Harness.Minimum.
var minimums = map[string]Minimum{
	// Everything but REST. Stock and refunds have idempotency keys.
	"shopify": {
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallGraphQL,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanAdjustInventory, catalog.CanCancelOrders, catalog.CanAddNotes,
			catalog.CanReadHistory, catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanRefund, catalog.CanWriteCustomers,
			catalog.CanSubscribe, catalog.CanExport},
		Keyed: []catalog.Capability{catalog.CanSetInventory, catalog.CanAdjustInventory, catalog.CanRefund},
		Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Products: catalog.ChangesNative, catalog.Orders: catalog.ChangesNative,
			catalog.Customers: catalog.ChangesNative, catalog.Inventory: catalog.ChangesNative},
		Counts: []catalog.Resource{catalog.Products, catalog.Variants, catalog.Orders, catalog.Customers},
	},
	// No list filters by change time. Orders are sorted by it, newest first, and
	// read until an older one: that costs what changed, so it is native. Products
	// and customers only carry the time, stock none at all. Customers are found
	// by the search, whose answer is compared. A refund is a status of the whole
	// order, and there is no keyset to export by.
	"salla": {
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanAdjustInventory, catalog.CanCancelOrders, catalog.CanAddNotes,
			catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanWriteCustomers, catalog.CanSubscribe},
		Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Products: catalog.ChangesScan, catalog.Orders: catalog.ChangesNative,
			catalog.Customers: catalog.ChangesScan, catalog.Inventory: catalog.ChangesNone},
		Counts: []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers},
	},
	// Customers have a change time but no filter by it. Stock is part of
	// products and variations and moves their change time; it is set, never
	// adjusted. The one location is a stand-in. There are no shipments and no
	// idempotency keys.
	"woocommerce": {
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanCancelOrders, catalog.CanAddNotes, catalog.CanRefund,
			catalog.CanWriteCustomers, catalog.CanSubscribe, catalog.CanExport},
		Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Products: catalog.ChangesNative, catalog.Orders: catalog.ChangesNative,
			catalog.Customers: catalog.ChangesScan, catalog.Inventory: catalog.ChangesScan},
		Counts: []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers},
	},
	// searchCriteria filters everything by updated_at, except source items,
	// which have no time. Stock is set, not adjusted, and no write is known by a
	// key.
	"magento": {
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanCancelOrders, catalog.CanAddNotes, catalog.CanFulfill,
			catalog.CanUpdateTracking, catalog.CanRefund, catalog.CanWriteCustomers, catalog.CanSubscribe, catalog.CanExport},
		Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Products: catalog.ChangesNative, catalog.Orders: catalog.ChangesNative,
			catalog.Customers: catalog.ChangesNative, catalog.Inventory: catalog.ChangesNone},
		Counts: []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers},
	},
	// The history is the order's messages, which can be read but not written:
	// notes go into the staff's. Inventory items carry no time. There are no
	// idempotency keys.
	"bigcommerce": {
		Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanReadInventory, catalog.CanReadLocations,
			catalog.CanReadHistory, catalog.CanFindCustomers, catalog.CanCount, catalog.CanCallREST,
			catalog.CanWriteProducts, catalog.CanSetInventory, catalog.CanAdjustInventory, catalog.CanCancelOrders, catalog.CanAddNotes,
			catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanRefund, catalog.CanWriteCustomers,
			catalog.CanSubscribe, catalog.CanExport},
		Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Products: catalog.ChangesNative, catalog.Orders: catalog.ChangesNative,
			catalog.Customers: catalog.ChangesNative, catalog.Inventory: catalog.ChangesNone},
		Counts: []catalog.Resource{catalog.Products, catalog.Variants, catalog.Orders, catalog.Customers},
	},
}

var changeRank = map[catalog.ChangeSupport]int{"": -1, catalog.ChangesNone: 0, catalog.ChangesScan: 1, catalog.ChangesNative: 2}
