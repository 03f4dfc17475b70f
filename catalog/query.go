package catalog

import (
	"context"
	"iter"
	"time"
)

// ListOptions are common to all lists. The zero value reads everything from
// the beginning in the platform's stable order.
type ListOptions struct {
	// After continues behind the record whose Cursor this is.
	After Cursor
	// PageSize is how many records are asked for at once; 0 = the default and
	// more than Features allows = the most.
	PageSize int
	// Limit ends the list after so many records; 0 = no limit.
	Limit int
	// Sort is the order; see Sort.
	Sort Sort
	// OmitRaw leaves Raw nil, so that pages can be freed early.
	OmitRaw bool
	// OnBadItem is asked about a record that cannot be read at all: nil goes
	// on without it, an error ends the list with that error. A nil function
	// ends the list with the *ItemError.
	OnBadItem func(*ItemError) error
}

// Sort is the order of a list.
type Sort string

// The orders of a list.
const (
	// SortStable is the order that survives changes during the scan best: by
	// id where the platform can.
	SortStable Sort = ""
	// SortUpdated is oldest change first. A record that changes during the
	// scan may come again, later. Features says where it is honoured;
	// elsewhere it is refused with ErrUnsupported.
	SortUpdated Sort = "updated"
)

// ProductQuery selects products. Zero fields do not filter. Since is inclusive
// and Before exclusive, here and in the other queries, whatever the platform's
// own filter does. Queries are values: an engine never writes to one.
type ProductQuery struct {
	ListOptions
	UpdatedSince, UpdatedBefore time.Time
	CreatedSince, CreatedBefore time.Time
	Status                      []ProductStatus
}

// OrderQuery selects orders. Zero fields do not filter.
type OrderQuery struct {
	ListOptions
	UpdatedSince, UpdatedBefore time.Time
	CreatedSince, CreatedBefore time.Time
	Status                      []OrderStatus
	Payment                     []PaymentStatus
	Fulfillment                 []FulfillmentStatus
	CustomerID                  string
}

// CustomerQuery selects customers. Zero fields do not filter.
type CustomerQuery struct {
	ListOptions
	UpdatedSince, UpdatedBefore time.Time
	CreatedSince, CreatedBefore time.Time
	Email                       string
}

// InventoryQuery selects stock levels. Zero fields do not filter.
type InventoryQuery struct {
	ListOptions
	UpdatedSince, UpdatedBefore time.Time
	LocationID                  string
	ItemIDs                     []string
	SKU                         string
}

// Engine is one merchant's store. It is made by Adapter.Open, needs no Close,
// and is safe for concurrent use; all engines of one store share its rate
// budget.
//
// Lists are iterators: each step gives a record or, once and last, an error
// beside a zero record. Leaving the loop early frees everything. Look at both
// variables: a loop over records alone drops the error. Waits, retries and
// the refresh of tokens happen inside and end with the context, whose error
// is then in the tree of the error returned.
//
// Capabilities beyond these are found with As.
type Engine interface {
	// Platform is the adapter's name.
	Platform() string
	// Account is a copy of what the engine was opened with.
	Account() Account
	// Features is what this engine can do.
	Features() Features
	// Shop reads what the store says of itself.
	Shop(ctx context.Context) (Shop, error)
	// Product reads one product with all its variants, or ErrNotFound.
	Product(ctx context.Context, id string) (Product, error)
	// Products lists products with all their variants and images.
	Products(ctx context.Context, query ProductQuery) iter.Seq2[Product, error]
	// Order reads one order with all its lines, or ErrNotFound.
	Order(ctx context.Context, id string) (Order, error)
	// Orders lists orders with all their lines.
	Orders(ctx context.Context, query OrderQuery) iter.Seq2[Order, error]
	// Customer reads one customer, or ErrNotFound.
	Customer(ctx context.Context, id string) (Customer, error)
	// Customers lists customers.
	Customers(ctx context.Context, query CustomerQuery) iter.Seq2[Customer, error]
}

// Collect reads a whole list into memory, for small lists. On an error it
// returns what was read before it.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}
