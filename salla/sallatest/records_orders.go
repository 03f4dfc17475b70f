package sallatest

import (
	"slices"
	"time"
)

// Address is where a parcel goes or comes from.
type Address struct {
	Name, Email, Phone       string
	Country, City            string
	CountryID, CityID        int64
	CountryCode              string
	Line, Street, Block      string
	PostalCode               string
	Latitude, Longitude      string // decimal degrees
	BranchID                 int64  // set for an origin that is a branch
	BuildingNo, AdditionalNo string
}

// OrderStatus is an order's status: one of Salla's own, or the merchant's
// custom one standing for it.
type OrderStatus struct {
	ID         int64
	Name       string
	NameEN     string
	Slug       string // "" is sent as null, as for a custom status without one
	CustomID   int64  // 0 for none
	CustomName string
}

// OrderItem is a line of an order.
type OrderItem struct {
	ID        int64
	ProductID int64 // absent from the light answer
	VariantID int64 // 0 for none
	Name      string
	SKU       string
	Quantity  int
	Weight    string
	Price     string // one piece without tax
	Discount  string // of the line
	Tax       string // of the line
	Total     string // of the line with tax
	Options   []ItemOption
	Notes     string
	Codes     []string // sold digital codes
}

// ItemOption is a buyer's choice on a line. Value is JSON: an object, an array
// or a scalar.
type ItemOption struct {
	ID, ProductOptionID int64
	Name, Type          string
	Value               string
}

// Discount is a coupon or offer applied to an order.
type Discount struct {
	Title, Type, Code string
	Amount, Shipping  string
}

// History is an entry of an order's log.
type History struct {
	ID        int64
	Status    OrderStatus
	Note      string
	CreatedAt time.Time
	By        *Ref // nil for the system
}

// Shipment is a parcel of an order.
type Shipment struct {
	ID             int64
	OrderID        int64
	Type           string // shipment, return
	CourierID      int64
	CourierName    string
	ShippingNumber string
	TrackingNumber string // "" before the carrier took it
	TrackingLink   string
	Label          string // URL of the PDF
	Status         string // created, in_progress, shipped, delivered, cancelled ...
	PaymentMethod  string // pre_paid, cod
	Cost           string
	From, To       Address
	ItemIDs        []int64 // the order's lines inside
	// Packages are what is inside as the app said it; nil is every piece of the
	// lines in ItemIDs.
	Packages             []Package
	ExternalID           string // the app's own name for the shipment
	ExternalAdditionalID string
	ExternalCompany      string // "" is CourierName
	Description, Remarks string
	Source               string // "" is dashboard
	History              []Tracking
	CreatedAt            time.Time
}

// Package is one kind of thing in a shipment.
type Package struct {
	ItemID     int64 // the order's line; 0 when none matched
	ExternalID string
	Name, SKU  string
	Quantity   int
	Price      string
	Weight     string // in kg
}

// Tracking is an entry of a shipment's log.
type Tracking struct {
	Status, Note string
	At           time.Time
}

// Order is an order as the store knows it. Amounts are decimals in Currency.
type Order struct {
	ID            int64
	CheckoutID    int64
	ReferenceID   int64 // the number the merchant sees
	Currency      string
	Status        OrderStatus
	PaymentMethod string
	Pending       bool // waits for its payment
	PendingEnds   int  // seconds left; negative is sent as null
	Source        string
	SubTotal      string
	ShippingCost  string
	CashFee       string
	TaxPercent    string
	Tax           string
	Total         string
	Discounts     []Discount
	Items         []OrderItem
	Customer      *Customer // nil for a guest
	Receiver      Address
	ShipTo        Address
	Shippable     bool
	BranchID      int64 // 0 for none
	Tags          []Ref
	Histories     []History // newest first
	Shipments     []Shipment
	CreatedAt     time.Time
	UpdatedAt     time.Time

	index int
	made  int // shipments made since the seed, for their ids
}

func (o *Order) clone() *Order {
	c := *o
	c.Discounts, c.Tags = slices.Clone(o.Discounts), slices.Clone(o.Tags)
	c.Items = slices.Clone(o.Items)
	for i := range c.Items {
		c.Items[i].Options = slices.Clone(c.Items[i].Options)
		c.Items[i].Codes = slices.Clone(c.Items[i].Codes)
	}
	if o.Customer != nil {
		c.Customer = o.Customer.clone()
	}
	c.Histories = slices.Clone(o.Histories)
	for i, h := range c.Histories {
		if h.By != nil {
			by := *h.By
			c.Histories[i].By = &by
		}
	}
	c.Shipments = slices.Clone(o.Shipments)
	for i := range c.Shipments {
		c.Shipments[i].ItemIDs = slices.Clone(c.Shipments[i].ItemIDs)
		c.Shipments[i].Packages = slices.Clone(c.Shipments[i].Packages)
		c.Shipments[i].History = slices.Clone(c.Shipments[i].History)
	}
	return &c
}
