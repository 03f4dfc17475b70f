package magentotest

import (
	"slices"
	"time"
)

// Order states: the shop's own machine. Statuses are labels merchants may add.
const (
	StateNew            = "new"
	StatePendingPayment = "pending_payment"
	StatePaymentReview  = "payment_review"
	StateProcessing     = "processing"
	StateComplete       = "complete"
	StateClosed         = "closed"
	StateCanceled       = "canceled"
	StateHolded         = "holded"
)

// Order is one order. Amounts without Base are in Currency, the shopper's;
// those with Base in the shop's base currency.
type Order struct {
	ID           int64
	IncrementID  string // what people see
	StoreID      int64
	State        string
	Status       string
	BaseCurrency string
	Currency     string
	Rate         string // of base to order currency
	CreatedAt    time.Time
	UpdatedAt    time.Time

	CustomerID    int64 // 0 for guests
	CustomerEmail string
	FirstName     string // "" where a guest checkout left it out
	LastName      string
	CustomerNote  string
	RemoteIP      string
	Coupon        string

	Items     []OrderItem
	Billing   Address
	Shipping  *Address // nil for orders of virtual products alone
	Method    string   // "flatrate_flatrate"
	MethodTxt string
	Payment   string   // "checkmo"
	PayInfo   []string // additional_information
	Totals    Totals
	Base      Totals

	HoldState  string // state before it was put on hold
	HoldStatus string

	History     []Comment
	Shipments   []Shipment
	Invoices    []Invoice
	CreditMemos []CreditMemo

	index int
}

// Totals are amounts of an order, as decimals.
type Totals struct {
	Subtotal string
	Shipping string
	Tax      string
	Discount string // zero or negative
	Grand    string
	Paid     string
	Refunded string
	Canceled string
}

// OrderItem is one line. A configurable product makes two: the parent with the
// price and a child with the SKU's own name and ParentID.
type OrderItem struct {
	ID        int64
	ParentID  int64 // 0 for lines of their own
	ProductID int64 // of a deleted product too
	Type      string
	SKU       string
	Name      string
	Price     string
	BasePrice string
	Tax       string // of the row
	BaseTax   string
	Weight    string
	Ordered   string
	Invoiced  string
	Shipped   string
	Refunded  string
	Canceled  string
	Options   []ItemOption // what was chosen of a configurable product
}

// ItemOption is one choice of a line.
type ItemOption struct {
	OptionID int64 // of the attribute
	Value    int64 // of the attribute's option
}

// Comment is an entry of a history.
type Comment struct {
	ID        int64
	Text      string // "" is sent as null
	Status    string // of the order; "" leaves it out
	Entity    string // order, shipment, invoice or creditmemo
	Notified  int    // 1 told, 0 not told, 2 not applicable
	Visible   bool
	CreatedAt time.Time
}

// Shipment is one parcel or more of an order.
type Shipment struct {
	ID          int64
	IncrementID string
	Source      string // code of the source it left from
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Items       []DocumentItem
	Tracks      []Track
	Comments    []Comment
}

// Track is one tracking number.
type Track struct {
	ID        int64
	Number    string
	Title     string
	Carrier   string // carrier code; "custom" for any other
	CreatedAt time.Time
	// Description is free text; "" is sent as null. It cannot be given with the
	// shipment, only with a track of its own.
	Description string
}

// Invoice is a demand for payment; what is paid is an invoice in state 2.
type Invoice struct {
	ID          int64
	IncrementID string
	State       int    // 1 open, 2 paid, 3 canceled
	Transaction string // of the gateway that took the money; "" leaves it out
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Items       []DocumentItem
	Grand       string
	BaseGrand   string
	Shipping    string
	BaseShip    string
}

// CreditMemo is a refund.
type CreditMemo struct {
	ID          int64
	IncrementID string
	InvoiceID   int64 // 0 for a refund of the order
	State       int   // 2 refunded
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Items       []DocumentItem
	Shipping    string
	BaseShip    string
	Adjustment  string // positive or negative, beside the items
	BaseAdjust  string
	Grand       string
	BaseGrand   string
	Comments    []Comment
}

// DocumentItem is a line of a shipment, invoice or credit memo.
type DocumentItem struct {
	ID          int64
	OrderItemID int64
	Qty         string
}

// Item returns the line with that id, or nil.
func (o *Order) Item(id int64) *OrderItem {
	for i := range o.Items {
		if o.Items[i].ID == id {
			return &o.Items[i]
		}
	}
	return nil
}

// child returns the line bought by way of a configurable parent, or nil.
func (o *Order) child(parent int64) *OrderItem {
	for i := range o.Items {
		if o.Items[i].ParentID == parent {
			return &o.Items[i]
		}
	}
	return nil
}

func (o *Order) clone() *Order {
	c := *o
	c.Items, c.PayInfo, c.History = slices.Clone(o.Items), slices.Clone(o.PayInfo), slices.Clone(o.History)
	for i := range c.Items {
		c.Items[i].Options = slices.Clone(c.Items[i].Options)
	}
	c.Billing.Street = slices.Clone(o.Billing.Street)
	if o.Shipping != nil {
		a := *o.Shipping
		a.Street = slices.Clone(a.Street)
		c.Shipping = &a
	}
	c.Shipments, c.Invoices, c.CreditMemos = slices.Clone(o.Shipments), slices.Clone(o.Invoices), slices.Clone(o.CreditMemos)
	for i := range c.Shipments {
		s := &c.Shipments[i]
		s.Items, s.Tracks, s.Comments = slices.Clone(s.Items), slices.Clone(s.Tracks), slices.Clone(s.Comments)
	}
	for i := range c.Invoices {
		c.Invoices[i].Items = slices.Clone(c.Invoices[i].Items)
	}
	for i := range c.CreditMemos {
		m := &c.CreditMemos[i]
		m.Items, m.Comments = slices.Clone(m.Items), slices.Clone(m.Comments)
	}
	return &c
}
