package catalog

import (
	"maps"
	"slices"
	"time"
)

// Resource names a kind of record.
type Resource string

// The resources of the model.
const (
	Shops        Resource = "shop"
	Products     Resource = "products"
	Variants     Resource = "variants"
	Orders       Resource = "orders"
	Customers    Resource = "customers"
	Inventory    Resource = "inventory"
	Locations    Resource = "locations"
	Fulfillments Resource = "fulfillments"
	Refunds      Resource = "refunds"
	App          Resource = "app"
)

// Features says, as plain data, what an adapter can do. The conformance suite
// proves it equal to what the adapter does.
type Features struct {
	// Platform is the adapter's name and APIVersion the version it speaks.
	Platform   string
	APIVersion string
	// Resources describes the lists: Products, Orders and Customers always,
	// Inventory and Locations where the capability exists.
	Resources map[Resource]ResourceFeatures
	// Capabilities lists what catalog.As finds on an engine, sorted.
	Capabilities []Capability
	// Keyed lists, sorted, those of them whose writes the platform recognises
	// by WriteOptions.IdempotencyKey: such a write may be repeated with its key.
	Keyed []Capability
	// Instead says of each capability that is not there why, and what to do
	// instead. Require puts it into its error.
	Instead map[Capability]string
	// Webhooks describes the deliveries.
	Webhooks WebhookFeatures
}

// Clone returns a copy that shares nothing with f, its lists sorted: what an
// adapter hands out of the one it keeps.
func (f Features) Clone() Features {
	f.Resources = maps.Clone(f.Resources)
	for r, d := range f.Resources {
		d.Filters = slices.Clone(d.Filters)
		f.Resources[r] = d
	}
	f.Capabilities, f.Keyed = slices.Clone(f.Capabilities), slices.Clone(f.Keyed)
	slices.Sort(f.Capabilities)
	slices.Sort(f.Keyed)
	f.Instead = maps.Clone(f.Instead)
	return f
}

// Has reports whether the capability is there.
func (f Features) Has(c Capability) bool { return slices.Contains(f.Capabilities, c) }

// ResourceFeatures describes the list of one resource.
type ResourceFeatures struct {
	// Paging says how stable a scan is.
	Paging Paging
	// PageSize is the default and MaxPageSize the largest number of records
	// an engine asks for at once.
	PageSize, MaxPageSize int
	// Filters lists the query fields that the platform, or the engine for it,
	// honours; any other set field is refused with ErrUnsupported.
	Filters []Filter
	// Changes says how changes since a time are found.
	Changes ChangeSupport
	// SortsUpdated says that SortUpdated is honoured: oldest change first.
	SortsUpdated bool
	// Grain is the precision of the platform's change times, and Overlap how
	// far behind the last change a reader must look again, because records
	// may show up late.
	Grain, Overlap time.Duration
}

// Paging says what a list does while records change under it.
type Paging string

// The kinds of paging.
const (
	// PagingKeyset: a record present throughout is read exactly once.
	PagingKeyset Paging = "keyset"
	// PagingNumbers: the platform has only page numbers; nothing present
	// throughout is missed, a record may come twice.
	PagingNumbers Paging = "page_numbers"
	// PagingNone: the list arrives as a whole.
	PagingNone Paging = "none"
)

// Filter names a field of a query.
type Filter string

// The filters of the queries.
const (
	FilterUpdated     Filter = "updated"     // UpdatedSince, UpdatedBefore
	FilterCreated     Filter = "created"     // CreatedSince, CreatedBefore
	FilterStatus      Filter = "status"      // Status
	FilterPayment     Filter = "payment"     // Payment
	FilterFulfillment Filter = "fulfillment" // Fulfillment
	FilterCustomer    Filter = "customer"    // CustomerID
	FilterEmail       Filter = "email"       // Email
	FilterLocation    Filter = "location"    // LocationID
	FilterItem        Filter = "item"        // ItemIDs
	FilterSKU         Filter = "sku"         // SKU
)

// ChangeSupport says how changes since a checkpoint are found.
type ChangeSupport string

// The ways to find changes.
const (
	ChangesNative ChangeSupport = "native" // the platform filters by change time
	ChangesScan   ChangeSupport = "scan"   // everything is read and compared
	ChangesNone   ChangeSupport = "none"   // records carry no change time
)

// WebhookFeatures describes a platform's deliveries.
type WebhookFeatures struct {
	// Signed says that the body is signed, TimeSigned that its time is too.
	Signed, TimeSigned bool
	// Bodies says that deliveries carry the record, not merely its id.
	Bodies bool
	// Redelivery is how long a failed delivery is sent again; 0 = never.
	Redelivery time.Duration
	// Timeout is how fast the platform wants its answer.
	Timeout time.Duration
}
