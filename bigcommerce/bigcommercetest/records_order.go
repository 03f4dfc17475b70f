package bigcommercetest

import (
	"slices"
	"time"
)

// OrderAddress is a billing address, or where part of an order goes.
type OrderAddress struct {
	ID             int64 // order_address_id; 0 for a billing address
	FirstName      string
	LastName       string
	Company        string
	Street1        string
	Street2        string
	City           string
	State          string
	Zip            string
	Country        string
	CountryISO2    string
	Phone          string
	Email          string
	ShippingMethod string
	Cost           int64 // shipping, before tax, in ten-thousandths
}

// LineOption is a choice made on a line.
type LineOption struct {
	Name, Value string
}

// LineItem is an order_product. Prices are in ten-thousandths, before tax.
type LineItem struct {
	ID        int64
	ProductID int64 // 0 for a custom line; may name a product that is gone
	VariantID int64 // 0 for a custom line
	AddressID int64 // order_address_id; 0 for pickup and digital lines
	Name      string
	SKU       string
	Type      string // physical, digital, giftcertificate
	Price     int64
	Discount  int64 // of the whole line
	Quantity  int
	Shipped   int
	Refunded  int
	Options   []LineOption
}

// Shipment is a parcel.
type Shipment struct {
	ID        int64
	AddressID int64
	Provider  string // shipping_provider
	Carrier   string // tracking_carrier
	Number    string // tracking_number
	Link      string // tracking_link
	Method    string
	Comments  string
	Items     []ShipmentItem
	CreatedAt time.Time
}

// ShipmentItem is how many of a line are in a parcel.
type ShipmentItem struct {
	LineID   int64
	Quantity int
}

// RefundItem is a part of a refund: a line, shipping of an address, or the order.
type RefundItem struct {
	Type     string // PRODUCT, SHIPPING, ORDER
	ID       int64
	Quantity int   // of PRODUCT
	Amount   int64 // ten-thousandths
	Reason   string
}

// Refund is money given back.
type Refund struct {
	ID        int64
	Reason    string
	Total     int64 // ten-thousandths
	Tax       int64
	Items     []RefundItem
	Provider  string // "storecredit", "custom", a gateway
	Offline   bool
	More      []RefundPayment // further payments; the first has what is left of Total
	Declined  string          // what the provider said when it declined; "" when it did not
	CreatedAt time.Time
}

// RefundPayment is one of several ways a refund is paid by.
type RefundPayment struct {
	Provider string
	Offline  bool
	Amount   int64
}

// Message is a message about an order, between staff and buyer.
type Message struct {
	ID         int64
	StaffID    int64 // 0 from the buyer
	CustomerID int64
	Subject    string
	Text       string
	Read       bool
	Flagged    bool
	CreatedAt  time.Time
}

// Transaction is what a payment did.
type Transaction struct {
	ID        int64
	Event     string // purchase, authorization, capture, refund, void
	Method    string
	Gateway   string
	Status    string // ok, error
	Amount    int64
	CreatedAt time.Time
}

// Order is an order as the store knows it. Amounts are in ten-thousandths of
// Currency.
type Order struct {
	ID              int64
	CustomerID      int64 // 0 for a guest
	StatusID        int
	PaymentMethod   string
	PaymentStatus   string
	Currency        string // default_currency_code, which amounts are in
	DisplayCurrency string // currency_code, what the shopper saw
	ExchangeRate    string // ten decimals, from Currency to DisplayCurrency
	ToTransaction   string // from the store's default currency to Currency
	ChannelID       int64
	ExternalID      string // external_order_id
	ExternalSource  string // "" is sent as null
	Source          string // order_source: www, external, manual
	StaffNotes      string
	CustomerMessage string
	CouponCode      string // "" for none
	CouponDiscount  int64
	Fee             int64 // a custom fee; 0 for none
	CartID          string
	IP              string
	Deleted         bool // archived
	Plain           bool // amounts as old orders have them: "8", "924.47"
	Pickup          bool
	Restocked       bool // its pieces went back to stock, which happens once
	Billing         OrderAddress
	Shipping        []OrderAddress
	Lines           []LineItem
	Shipments       []Shipment
	Refunds         []Refund
	Messages        []Message
	Transactions    []Transaction
	CreatedAt       time.Time
	ModifiedAt      time.Time
	ShippedAt       time.Time
}

func (o *Order) clone() *Order {
	c := *o
	c.Shipping, c.Lines = slices.Clone(o.Shipping), slices.Clone(o.Lines)
	for i := range c.Lines {
		c.Lines[i].Options = slices.Clone(c.Lines[i].Options)
	}
	c.Shipments, c.Refunds = slices.Clone(o.Shipments), slices.Clone(o.Refunds)
	for i := range c.Shipments {
		c.Shipments[i].Items = slices.Clone(c.Shipments[i].Items)
	}
	for i := range c.Refunds {
		c.Refunds[i].Items, c.Refunds[i].More = slices.Clone(c.Refunds[i].Items), slices.Clone(c.Refunds[i].More)
	}
	c.Messages, c.Transactions = slices.Clone(o.Messages), slices.Clone(o.Transactions)
	return &c
}

func (o *Order) line(id int64) *LineItem {
	for i := range o.Lines {
		if o.Lines[i].ID == id {
			return &o.Lines[i]
		}
	}
	return nil
}

func (o *Order) address(id int64) *OrderAddress {
	for i := range o.Shipping {
		if o.Shipping[i].ID == id {
			return &o.Shipping[i]
		}
	}
	return nil
}

// Total is the order's total_inc_tax in ten-thousandths.
func (o *Order) Total() int64 { return o.totals().totalEx + o.totals().tax }

// totals are the sums of an order.
type totals struct {
	subEx, subTax   int64
	shipEx, shipTax int64
	totalEx, tax    int64
	items, shipped  int
}

// taxOf is 15 percent, rounded half up to a hundredth.
func taxOf(ex int64) int64 {
	if ex < 0 {
		return -taxOf(-ex)
	}
	return (ex*15/100 + 50) / 100 * 100
}

func (o *Order) totals() totals {
	var t totals
	for i := range o.Lines {
		l := &o.Lines[i]
		ex := l.Price * int64(l.Quantity)
		t.subEx += ex
		t.subTax += taxOf(l.Price) * int64(l.Quantity)
		t.items += l.Quantity
		t.shipped += l.Shipped
	}
	for i := range o.Shipping {
		t.shipEx += o.Shipping[i].Cost
		t.shipTax += taxOf(o.Shipping[i].Cost)
	}
	off := o.CouponDiscount
	for i := range o.Lines {
		off += o.Lines[i].Discount
	}
	t.totalEx = t.subEx + t.shipEx + o.Fee - off
	t.tax = t.subTax + t.shipTax
	return t
}

// digital says whether nothing has to be shipped.
func (o *Order) digital() bool {
	for i := range o.Lines {
		if o.Lines[i].Type == "physical" {
			return false
		}
	}
	return len(o.Lines) > 0
}
