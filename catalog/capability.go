package catalog

import (
	"context"
	"reflect"
)

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
var probes = []capabilityProbe{
	probe[ProductFinder](CanFindBySKU),
	probe[ProductWriter](CanWriteProducts),
	probe[InventoryReader](CanReadInventory),
	probe[InventorySetter](CanSetInventory),
	probe[InventoryAdjuster](CanAdjustInventory),
	probe[LocationReader](CanReadLocations),
	probe[OrderCanceller](CanCancelOrders),
	probe[OrderNoter](CanAddNotes),
	probe[OrderHistoryReader](CanReadHistory),
	probe[Fulfiller](CanFulfill),
	probe[TrackingUpdater](CanUpdateTracking),
	probe[Refunder](CanRefund),
	probe[CustomerFinder](CanFindCustomers),
	probe[CustomerWriter](CanWriteCustomers),
	probe[Subscriber](CanSubscribe),
	probe[Counter](CanCount),
	probe[ProductExporter](CanExport),
	probe[GraphQLCaller](CanCallGraphQL),
	probe[RESTCaller](CanCallREST),
}

type capabilityProbe struct {
	capability Capability
	present    func(Engine) bool
	stands     reflect.Type // for this interface
}

func probe[T any](c Capability) capabilityProbe {
	return capabilityProbe{c, has[T], reflect.TypeFor[T]()}
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

// Capabilities lists, sorted, all there are.
func Capabilities() []Capability {
	var all []Capability
	for _, p := range probes {
		all = append(all, p.capability)
	}
	sortCapabilities(all)
	return all
}

// Require finds a capability as As does. Where it is not there the error is
// ErrUnsupported, and its Hint says why and what to do instead:
//
//	refunder, err := catalog.Require[catalog.Refunder](engine)
func Require[T any](e Engine) (T, error) {
	if found, ok := As[T](e); ok {
		return found, nil
	}
	var none T
	wanted := reflect.TypeFor[T]()
	if e == nil {
		return none, &Error{Op: "require " + wanted.Name(), Kind: ErrInvalid, Message: "there is no engine"}
	}
	for _, p := range probes {
		if p.stands == wanted {
			return none, Unsupported(e.Platform(), string(p.capability), e.Features().Instead[p.capability])
		}
	}
	return none, Unsupported(e.Platform(), "require "+wanted.Name(), "it is no capability; ask for those that Features lists")
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
