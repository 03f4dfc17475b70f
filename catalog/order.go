package catalog

import "time"

// OrderStatus says where an order stands as a whole.
type OrderStatus string

// The normalised order states.
const (
	OrderPending   OrderStatus = "pending"   // placed, waiting for payment or review
	OrderOpen      OrderStatus = "open"      // accepted, being worked on
	OrderOnHold    OrderStatus = "on_hold"   // stopped by somebody until further notice
	OrderShipped   OrderStatus = "shipped"   // on its way
	OrderCompleted OrderStatus = "completed" // nothing left to do
	OrderCancelled OrderStatus = "cancelled"
	OrderRefunded  OrderStatus = "refunded" // taken back as a whole
	OrderFailed    OrderStatus = "failed"   // payment failed
	// OrderStatusUnknown is a native word souk does not know; a Problem on the
	// order names it.
	OrderStatusUnknown OrderStatus = "unknown"
)

// PaymentStatus says how far an order is paid.
type PaymentStatus string

// The normalised payment states; "" when the platform does not say.
const (
	PaymentPending           PaymentStatus = "pending"
	PaymentAuthorized        PaymentStatus = "authorized"
	PaymentPartiallyPaid     PaymentStatus = "partially_paid"
	PaymentPaid              PaymentStatus = "paid"
	PaymentPartiallyRefunded PaymentStatus = "partially_refunded"
	PaymentRefunded          PaymentStatus = "refunded"
	PaymentVoided            PaymentStatus = "voided"
	PaymentFailed            PaymentStatus = "failed" // declined or expired
	PaymentStatusUnknown     PaymentStatus = "unknown"
)

// FulfillmentStatus says how far an order, or one shipment of it, has gone.
type FulfillmentStatus string

// The normalised fulfilment states; "" when the platform does not say.
const (
	FulfillmentNone      FulfillmentStatus = "unfulfilled"
	FulfillmentPartial   FulfillmentStatus = "partial"
	FulfillmentDone      FulfillmentStatus = "fulfilled"
	FulfillmentScheduled FulfillmentStatus = "scheduled"
	FulfillmentOnHold    FulfillmentStatus = "on_hold"
	FulfillmentActive    FulfillmentStatus = "in_progress"
	FulfillmentReturned  FulfillmentStatus = "returned"
	FulfillmentCancelled FulfillmentStatus = "cancelled"
	FulfillmentFailed    FulfillmentStatus = "failed"
	// FulfillmentNotNeeded: nothing of the order has to be shipped.
	FulfillmentNotNeeded     FulfillmentStatus = "not_required"
	FulfillmentStatusUnknown FulfillmentStatus = "unknown"
)

// Order is one purchase. Amounts are in the store's settlement currency with
// the shopper's beside them where the platform has both. Absent text is "",
// absent times and amounts are zero.
type Order struct {
	Record
	ID string `json:"id"`
	// Number is what merchant and shopper call the order, such as "#1001". It
	// is not an id and may repeat over the years.
	Number            string            `json:"number"`
	Status            OrderStatus       `json:"status"`
	NativeStatus      string            `json:"native_status,omitempty"`
	Payment           PaymentStatus     `json:"payment,omitempty"`
	NativePayment     string            `json:"native_payment,omitempty"`
	Fulfillment       FulfillmentStatus `json:"fulfillment,omitempty"`
	NativeFulfillment string            `json:"native_fulfillment,omitempty"`

	Currency        string    `json:"currency"` // of settlement, ISO 4217
	ShopperCurrency string    `json:"shopper_currency,omitempty"`
	Subtotal        DualMoney `json:"subtotal,omitzero"` // of the lines, after line discounts
	Discount        DualMoney `json:"discount,omitzero"`
	Shipping        DualMoney `json:"shipping,omitzero"`
	Tax             DualMoney `json:"tax,omitzero"`
	Total           DualMoney `json:"total,omitzero"`         // as placed
	CurrentTotal    DualMoney `json:"current_total,omitzero"` // after edits and returns
	Refunded        DualMoney `json:"refunded,omitzero"`
	Outstanding     DualMoney `json:"outstanding,omitzero"` // still to be paid
	TaxesIncluded   bool      `json:"taxes_included"`

	// Customer is nil for a guest, or when the permission to see it is missing
	// (then a Problem says so).
	Customer        *OrderCustomer `json:"customer,omitempty"`
	Email           string         `json:"email,omitempty"`
	Phone           string         `json:"phone,omitempty"`
	BillingAddress  *Address       `json:"billing_address,omitempty"`
	ShippingAddress *Address       `json:"shipping_address,omitempty"`

	LineItems     []LineItem     `json:"line_items"`
	ShippingLines []ShippingLine `json:"shipping_lines,omitempty"`
	Fulfillments  []Fulfillment  `json:"fulfillments,omitempty"`
	Refunds       []Refund       `json:"refunds,omitempty"`

	Note           string      `json:"note,omitempty"`
	Tags           []string    `json:"tags,omitempty"`
	Attributes     []Attribute `json:"attributes,omitempty"`
	PaymentMethods []string    `json:"payment_methods,omitempty"`
	Source         string      `json:"source,omitempty"` // native word: web, pos, app...
	Test           bool        `json:"test,omitempty"`
	CancelReason   string      `json:"cancel_reason,omitempty"` // native word
	CreatedAt      time.Time   `json:"created_at,omitzero"`
	UpdatedAt      time.Time   `json:"updated_at,omitzero"`
	ProcessedAt    time.Time   `json:"processed_at,omitzero"`
	CancelledAt    time.Time   `json:"cancelled_at,omitzero"`
	ClosedAt       time.Time   `json:"closed_at,omitzero"`
}

// Clone returns an order that no longer keeps its page in memory.
func (o Order) Clone() Order { o.Record = o.Record.clone(); return o }

// OrderCustomer is the buyer as the order knows him.
type OrderCustomer struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// LineItem is one position of an order.
type LineItem struct {
	ID string `json:"id"`
	// ProductID and VariantID are "" once the product is deleted.
	ProductID string `json:"product_id,omitempty"`
	VariantID string `json:"variant_id,omitempty"`
	Title     string `json:"title"`
	Variant   string `json:"variant,omitempty"` // the variant's title
	SKU       string `json:"sku,omitempty"`
	// Quantity is as ordered, Current after edits and returns, Unfulfilled
	// what still has to be shipped (nil when the platform does not say).
	Quantity    Quantity    `json:"quantity"`
	Current     *Quantity   `json:"current,omitempty"`
	Unfulfilled *Quantity   `json:"unfulfilled,omitempty"`
	UnitPrice   DualMoney   `json:"unit_price,omitzero"` // before discounts
	Discount    DualMoney   `json:"discount,omitzero"`   // of the whole line
	Tax         DualMoney   `json:"tax,omitzero"`        // of the whole line
	Total       DualMoney   `json:"total,omitzero"`      // of the whole line, after its discounts
	Attributes  []Attribute `json:"attributes,omitempty"`
	// RequiresShipping and GiftCard as the platform says.
	RequiresShipping bool `json:"requires_shipping"`
	GiftCard         bool `json:"gift_card,omitempty"`
}

// ShippingLine is a way of delivery the shopper chose, and its price.
type ShippingLine struct {
	ID    string    `json:"id,omitempty"`
	Title string    `json:"title"`
	Code  string    `json:"code,omitempty"`
	Price DualMoney `json:"price,omitzero"`
}

// Fulfillment is one shipment.
type Fulfillment struct {
	ID           string            `json:"id"`
	Name         string            `json:"name,omitempty"`
	Status       FulfillmentStatus `json:"status"`
	NativeStatus string            `json:"native_status,omitempty"`
	LocationID   string            `json:"location_id,omitempty"`
	Tracking     []Tracking        `json:"tracking,omitempty"`
	Lines        []FulfillmentLine `json:"lines,omitempty"`
	CreatedAt    time.Time         `json:"created_at,omitzero"`
	UpdatedAt    time.Time         `json:"updated_at,omitzero"`
	DeliveredAt  time.Time         `json:"delivered_at,omitzero"`
}

// FulfillmentLine says how much of a line a shipment holds.
type FulfillmentLine struct {
	LineItemID string   `json:"line_item_id"`
	Quantity   Quantity `json:"quantity"`
}

// Tracking is how a shipment can be followed.
type Tracking struct {
	Company string `json:"company,omitempty"`
	Number  string `json:"number,omitempty"`
	URL     string `json:"url,omitempty"`
}

// Refund is money or goods given back.
type Refund struct {
	ID        string       `json:"id"`
	Note      string       `json:"note,omitempty"`
	Total     DualMoney    `json:"total,omitzero"`
	Lines     []RefundLine `json:"lines,omitempty"`
	CreatedAt time.Time    `json:"created_at,omitzero"`
}

// RefundLine says how much of a line was taken back.
type RefundLine struct {
	LineItemID string    `json:"line_item_id"`
	Quantity   Quantity  `json:"quantity"`
	Subtotal   DualMoney `json:"subtotal,omitzero"`
	Restock    string    `json:"restock,omitempty"` // native word
}

// Attribute is a free key and value the shop attached to something.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Address is a postal address. CountryCode is ISO 3166-1 alpha-2.
type Address struct {
	ID           string `json:"id,omitempty"`
	Name         string `json:"name,omitempty"`
	FirstName    string `json:"first_name,omitempty"`
	LastName     string `json:"last_name,omitempty"`
	Company      string `json:"company,omitempty"`
	Line1        string `json:"line1,omitempty"`
	Line2        string `json:"line2,omitempty"`
	City         string `json:"city,omitempty"`
	Province     string `json:"province,omitempty"`
	ProvinceCode string `json:"province_code,omitempty"`
	PostalCode   string `json:"postal_code,omitempty"`
	Country      string `json:"country,omitempty"`
	CountryCode  string `json:"country_code,omitempty"`
	Phone        string `json:"phone,omitempty"`
}
