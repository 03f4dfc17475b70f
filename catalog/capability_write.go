package catalog

import (
	"context"
	"reflect"
)

// WriteOptions go with every write.
type WriteOptions struct {
	// IdempotencyKey makes repeating the same write harmless for the
	// capabilities in Features.Keyed; elsewhere it is not sent. "" = souk makes
	// one per call. A caller that repeats a write after a crash passes the key
	// it used before. Another write with the same key is refused.
	IdempotencyKey string
}

// Field is a value to be written, or nothing at all: the zero Field leaves
// what the platform has, Set("") empties it on purpose.
type Field[T any] struct {
	value T
	set   bool
}

// Set makes a Field that writes v.
func Set[T any](v T) Field[T] { return Field[T]{v, true} }

// Equal reports whether both write the same, or both nothing.
func (f Field[T]) Equal(other Field[T]) bool {
	return f.set == other.set && reflect.DeepEqual(f.value, other.value)
}

// Get returns the value and whether it is to be written.
func (f Field[T]) Get() (T, bool) { return f.value, f.set }

// ProductWriter creates, changes and deletes products. Every method says
// ErrOutcomeUnknown when its answer was lost; see OutcomeError.
type ProductWriter interface {
	// CreateProduct creates a product with its variants and returns it.
	CreateProduct(ctx context.Context, input ProductInput, options WriteOptions) (Product, error)
	// UpdateProduct changes the named fields and nothing else.
	UpdateProduct(ctx context.Context, id string, patch ProductPatch, options WriteOptions) (Product, error)
	// DeleteProduct deletes a product; one that is gone is ErrNotFound.
	DeleteProduct(ctx context.Context, id string, options WriteOptions) error
}

// ProductInput is a product to be created. Title is required; a product
// without Variants gets one with the platform's defaults.
type ProductInput struct {
	Title, Description, Vendor, Type string
	Status                           ProductStatus // "" = the platform's default
	Tags                             []string
	Options                          []Option
	Variants                         []VariantInput
	Images                           []ImageInput
}

// VariantInput is a variant to be created.
type VariantInput struct {
	SKU, Barcode                string
	Options                     []OptionValue
	Price, CompareAtPrice, Cost Money
	Tracked                     bool
	Weight                      Weight
}

// ImageInput is a picture to be fetched by the platform from a public URL.
type ImageInput struct{ URL, Alt string }

// ProductPatch changes a product. Variants not named stay as they are.
type ProductPatch struct {
	Title, Description, Vendor, Type Field[string]
	Status                           Field[ProductStatus]
	Tags                             Field[[]string]
	Variants                         []VariantPatch
}

// VariantPatch changes the variant ID.
type VariantPatch struct {
	ID                          string
	SKU, Barcode                Field[string]
	Price, CompareAtPrice, Cost Field[Money]
	Tracked                     Field[bool]
	Weight                      Field[Weight]
}

// InventorySetter sets stock to absolute numbers.
type InventorySetter interface {
	// SetInventory sets levels, in batches of the platform's size. A batch
	// that succeeded in part gives a *BatchError.
	SetInventory(ctx context.Context, levels []InventorySet, options WriteOptions) error
}

// InventorySet is one absolute level. Expected, when not nil, makes the write
// conditional: another level found there is ErrConflict for that item.
type InventorySet struct {
	ItemID, LocationID string
	Available          Quantity
	Expected           *Quantity
}

// InventoryAdjuster changes stock by differences.
type InventoryAdjuster interface {
	// AdjustInventory adds the deltas, in batches of the platform's size. A
	// batch that succeeded in part gives a *BatchError.
	AdjustInventory(ctx context.Context, deltas []InventoryDelta, options WriteOptions) error
}

// InventoryDelta is one difference; negative takes away.
type InventoryDelta struct {
	ItemID, LocationID string
	Delta              Quantity
}

// OrderCanceller cancels orders.
type OrderCanceller interface {
	// CancelOrder cancels and returns once the order is cancelled, also where
	// the platform does it in the background. An order that is cancelled
	// already, or can no longer be, is ErrConflict.
	CancelOrder(ctx context.Context, orderID string, request CancelRequest, options WriteOptions) error
}

// CancelRequest says how to cancel. A field the platform cannot honour is
// ErrUnsupported before anything is sent.
type CancelRequest struct {
	Reason  string // native word; "" = the platform's most neutral
	Note    string // for the staff
	Restock bool
	Notify  bool
	Refund  bool // give the money back by the way it came
}

// OrderNoter adds notes to orders.
type OrderNoter interface {
	AddOrderNote(ctx context.Context, orderID string, note NoteInput, options WriteOptions) error
}

// NoteInput is a note to be added.
type NoteInput struct {
	Text string
	// ForShopper shows it to the shopper; ErrUnsupported where that is not
	// possible.
	ForShopper bool
}

// Fulfiller ships orders.
type Fulfiller interface {
	// Fulfill ships lines of an order, all that is left when Lines is nil, and
	// returns the shipments made: several where the goods lie in several
	// places.
	Fulfill(ctx context.Context, orderID string, request FulfillRequest, options WriteOptions) ([]Fulfillment, error)
}

// FulfillRequest says what is shipped and how it can be followed.
type FulfillRequest struct {
	Lines      []FulfillmentLine
	LocationID string // "" = where the platform assigned it
	Tracking   []Tracking
	Notify     bool
}

// TrackingUpdater changes how a shipment can be followed.
type TrackingUpdater interface {
	UpdateTracking(ctx context.Context, orderID, fulfillmentID string, tracking []Tracking, notify bool, options WriteOptions) error
}

// Refunder gives money back.
type Refunder interface {
	// Refund refunds lines, shipping or an amount, and returns the refund.
	Refund(ctx context.Context, orderID string, request RefundRequest, options WriteOptions) (Refund, error)
}

// RefundRequest says what is refunded. Amount, when set, overrides what the
// lines add up to.
type RefundRequest struct {
	Lines    []FulfillmentLine
	Shipping bool
	Amount   Money
	Restock  bool
	Note     string
	Notify   bool
}

// CustomerWriter creates and changes customers.
type CustomerWriter interface {
	CreateCustomer(ctx context.Context, patch CustomerPatch, options WriteOptions) (Customer, error)
	UpdateCustomer(ctx context.Context, id string, patch CustomerPatch, options WriteOptions) (Customer, error)
}

// CustomerPatch names the fields to write.
type CustomerPatch struct {
	FirstName, LastName, Email, Phone, Note Field[string]
	Tags                                    Field[[]string]
}

// Subscriber manages the store's webhook subscriptions that the app owns.
type Subscriber interface {
	// Subscriptions lists them.
	Subscriptions(ctx context.Context) ([]Subscription, error)
	// EnsureSubscriptions makes the app's subscriptions equal to desired:
	// creates, repairs, re-enables and removes, touches nobody else's, and
	// returns what it changed. Running it again changes nothing.
	EnsureSubscriptions(ctx context.Context, desired []Subscription) (SubscriptionChanges, error)
}

// Subscription is one webhook subscription.
type Subscription struct {
	ID      string // "" in a desired one
	Topic   string // native
	URL     string
	Name    string
	Version string // of the payload, where the platform has a choice
	Rule    string // a filter in the platform's own language
	// Headers are sent along with deliveries, where possible; they may prove
	// the sender, so they are secrets.
	Headers map[string]Secret
	// Secret signs the deliveries on platforms where each subscription has its
	// own; absent in what Subscriptions returns if the platform hides it.
	Secret Secret
	Active bool
}

// SubscriptionChanges is what EnsureSubscriptions did.
type SubscriptionChanges struct{ Created, Updated, Removed []Subscription }
