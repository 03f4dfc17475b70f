package catalog

import "context"

// Capability names something an engine may be able to do beyond the core.
type Capability string

// The capabilities and the interface each stands for.
const (
	CanFindBySKU       Capability = "products.by_sku"      // ProductFinder
	CanWriteProducts   Capability = "products.write"       // ProductWriter
	CanReadInventory   Capability = "inventory.read"       // InventoryReader
	CanSetInventory    Capability = "inventory.set"        // InventorySetter
	CanAdjustInventory Capability = "inventory.adjust"     // InventoryAdjuster
	CanReadLocations   Capability = "locations.read"       // LocationReader
	CanCancelOrders    Capability = "orders.cancel"        // OrderCanceller
	CanAddNotes        Capability = "orders.note"          // OrderNoter
	CanReadHistory     Capability = "orders.history"       // OrderHistoryReader
	CanFulfill         Capability = "orders.fulfill"       // Fulfiller
	CanUpdateTracking  Capability = "orders.tracking"      // TrackingUpdater
	CanRefund          Capability = "orders.refund"        // Refunder
	CanFindCustomers   Capability = "customers.by_email"   // CustomerFinder
	CanWriteCustomers  Capability = "customers.write"      // CustomerWriter
	CanSubscribe       Capability = "webhooks.subscribe"   // Subscriber
	CanCount           Capability = "count"                // Counter
	CanExport          Capability = "products.bulk_export" // ProductExporter
	CanCallGraphQL     Capability = "native.graphql"       // GraphQLCaller
	CanCallREST        Capability = "native.rest"          // RESTCaller
)

// probes ties each capability to its interface, so that Features can be held
// against what an engine implements.
var probes = []struct {
	capability Capability
	present    func(Engine) bool
}{
	{CanFindBySKU, has[ProductFinder]},
	{CanWriteProducts, has[ProductWriter]},
	{CanReadInventory, has[InventoryReader]},
	{CanSetInventory, has[InventorySetter]},
	{CanAdjustInventory, has[InventoryAdjuster]},
	{CanReadLocations, has[LocationReader]},
	{CanCancelOrders, has[OrderCanceller]},
	{CanAddNotes, has[OrderNoter]},
	{CanReadHistory, has[OrderHistoryReader]},
	{CanFulfill, has[Fulfiller]},
	{CanUpdateTracking, has[TrackingUpdater]},
	{CanRefund, has[Refunder]},
	{CanFindCustomers, has[CustomerFinder]},
	{CanWriteCustomers, has[CustomerWriter]},
	{CanSubscribe, has[Subscriber]},
	{CanCount, has[Counter]},
	{CanExport, has[ProductExporter]},
	{CanCallGraphQL, has[GraphQLCaller]},
	{CanCallREST, has[RESTCaller]},
}

// CapabilitiesOf lists, sorted, the capabilities an engine implements, seen
// through decorators.
func CapabilitiesOf(e Engine) []Capability {
	var found []Capability
	for _, p := range probes {
		if p.present(e) {
			found = append(found, p.capability)
		}
	}
	sortCapabilities(found)
	return found
}

// Unwrapper is implemented by an engine that decorates another one, so that
// As finds the capabilities of the engine inside.
type Unwrapper interface{ Unwrap() Engine }

// As finds a capability, or any other interface or concrete type, on an
// engine or on the engines it decorates, outermost first:
//
//	if setter, ok := catalog.As[catalog.InventorySetter](engine); ok { ... }
//
// A capability of the engine inside does not pass through the decorator's own
// methods. A decorator that must see such calls implements the capability
// itself.
func As[T any](e Engine) (T, bool) {
	for e != nil {
		if found, ok := e.(T); ok {
			return found, true
		}
		wrapper, ok := e.(Unwrapper)
		if !ok {
			break
		}
		e = wrapper.Unwrap()
	}
	var none T
	return none, false
}

func has[T any](e Engine) bool {
	_, ok := As[T](e)
	return ok
}

// Counter counts without reading.
type Counter interface {
	// Count counts the records of Products, Variants, Orders or Customers; a
	// resource it cannot count is ErrUnsupported.
	Count(ctx context.Context, resource Resource) (Count, error)
}

// Count is a number of records.
type Count struct {
	N int64
	// AtLeast says that the platform stopped counting at N.
	AtLeast bool
}
