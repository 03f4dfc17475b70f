package catalog

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// ProductFinder finds products by stock keeping unit.
type ProductFinder interface {
	// ProductsBySKU yields every product that has a variant with exactly this
	// SKU. SKUs need not be unique; none at all yields nothing. An empty sku
	// is ErrInvalid.
	ProductsBySKU(ctx context.Context, sku string) iter.Seq2[Product, error]
}

// InventoryReader reads stock per item and location.
type InventoryReader interface {
	// InventoryLevels lists the stock levels the query selects.
	InventoryLevels(ctx context.Context, query InventoryQuery) iter.Seq2[InventoryLevel, error]
}

// LocationReader lists the places that hold stock.
type LocationReader interface {
	// Locations lists all locations, inactive ones too. A platform without
	// locations yields one with Fallback set.
	Locations(ctx context.Context, options ListOptions) iter.Seq2[Location, error]
}

// OrderHistoryReader reads what happened to an order.
type OrderHistoryReader interface {
	// OrderHistory yields notes, comments, messages and changes of state, as
	// far as the platform keeps them, oldest first.
	OrderHistory(ctx context.Context, orderID string) iter.Seq2[HistoryEntry, error]
}

// HistoryEntry is one thing that happened to an order.
type HistoryEntry struct {
	Record
	ID         string    `json:"id,omitempty"`
	Kind       string    `json:"kind"` // "note", "status", "message" or the native word
	Text       string    `json:"text,omitempty"`
	Status     string    `json:"status,omitempty"` // native word, where a state was entered
	Author     string    `json:"author,omitempty"`
	ForShopper bool      `json:"for_shopper"` // the shopper can see it
	At         time.Time `json:"at,omitzero"`
}

// Clone returns an entry that no longer keeps its page in memory.
func (h HistoryEntry) Clone() HistoryEntry { h.Record = h.Record.clone(); return h }

// CustomerFinder finds customers by e-mail address.
type CustomerFinder interface {
	// CustomerByEmail returns the customer with exactly this address, letters'
	// case aside, or ErrNotFound.
	CustomerByEmail(ctx context.Context, email string) (Customer, error)
}

// ProductExporter reads a whole catalogue by the platform's bulk means, in
// constant memory: slower to start than Products, easier on the rate budget.
type ProductExporter interface {
	// ExportProducts yields what Products would. A job that fails, expires or
	// delivers only a part is an error, never a short success.
	ExportProducts(ctx context.Context, query ProductQuery) iter.Seq2[Product, error]
}

// GraphQLCaller sends the host's own GraphQL through the engine's pacing,
// authorisation, retries and errors.
type GraphQLCaller interface {
	// GraphQL runs one operation. Variables are encoded as JSON, nil = none.
	// A mutation is sent once: see ErrOutcomeUnknown. An answer with errors
	// and no usable data is an error; with data it is a result that has
	// Errors.
	GraphQL(ctx context.Context, query string, variables map[string]any) (GraphQLResult, error)
}

// GraphQLResult is the answer to a GraphQL call.
type GraphQLResult struct {
	Data json.RawMessage
	// Errors are those that came beside usable data, such as fields hidden
	// for want of a permission.
	Errors []FieldError
	// Extensions is the platform's own, such as the cost of the query.
	Extensions json.RawMessage
}

// RESTCaller sends the host's own REST call through the engine's pacing,
// authorisation, retries and errors.
type RESTCaller interface {
	// Do sends one request. Path is below the store's API root; a path that
	// leaves it is ErrInvalid. Methods other than GET and HEAD are sent once:
	// see ErrOutcomeUnknown.
	Do(ctx context.Context, request RESTRequest) (RESTResult, error)
}

// RESTRequest is a native REST call.
type RESTRequest struct {
	Method string // "" = GET
	Path   string
	Query  url.Values
	Body   any // encoded as JSON; nil = none
}

// RESTResult is the answer to a native REST call.
type RESTResult struct {
	Status int
	Header http.Header
	Body   json.RawMessage
}

func sortCapabilities(c []Capability) { slices.Sort(c) }
