package woocommercetest

import (
	"slices"
	"time"
)

// LineMeta is meta_data of a line, which carries a form to show beside it.
type LineMeta struct {
	ID           int64
	Key          string
	Value        string // JSON
	DisplayKey   string
	DisplayValue string // JSON; text with HTML, or an object
}

// LineItem is a product in an order. Amounts are decimals.
type LineItem struct {
	ID          int64
	Name        string
	ProductID   int64 // of a product that may be gone
	VariationID int64 // 0 for none
	Quantity    int
	SKU         string // when it was bought; sent while the product is there
	Subtotal    string // before discounts
	SubtotalTax string
	Total       string // after discounts
	TotalTax    string
	ParentName  string // of a variation; "" is sent as null
	ImageID     int64
	ImageSrc    string
	Meta        []LineMeta
}

// ExtraLine is a line of shipping, of a fee, of a coupon or of a tax.
type ExtraLine struct {
	ID       int64
	Title    string // method, fee, coupon code or tax label
	Method   string // shipping method, coupon's or tax's rate code
	Total    string // discount of a coupon; of a tax what the lines pay
	TotalTax string // of a tax what shipping pays
	Percent  string // of a tax or a coupon
}

// Refund is money given back. Amount is positive; its lines are negative.
type Refund struct {
	ID            int64
	Amount        string
	Reason        string
	By            int64
	Paid          bool // the payment gateway was asked to pay back
	Lines         []LineItem
	ShippingLines []ExtraLine
	Fees          []ExtraLine
	Meta          []Meta
	CreatedAt     time.Time
}

// Note is a note of an order.
type Note struct {
	ID        int64
	Author    string
	Text      string // HTML
	Customer  bool   // the customer sees it
	CreatedAt time.Time
}

// Order is an order as the store keeps it. Amounts are decimals in Currency.
type Order struct {
	ID            int64
	ParentID      int64
	Number        string // "" is the id
	Status        string // without "wc-"
	Currency      string
	Version       string
	DiscountTotal string
	ShippingTotal string
	CartTax       string
	TotalTax      string
	Total         string
	CustomerID    int64 // 0 for a guest
	Key           string
	Billing       Address
	Shipping      Address
	Method        string // of payment
	MethodTitle   string
	TransactionID string
	IP            string
	UserAgent     string
	CreatedVia    string
	CustomerNote  string
	Meta          []Meta
	Items         []LineItem
	Taxes         []ExtraLine
	ShippingLines []ExtraLine
	Fees          []ExtraLine
	Coupons       []ExtraLine
	Refunds       []Refund
	Notes         []Note
	StockReduced  bool
	CreatedAt     time.Time
	ModifiedAt    time.Time
	CompletedAt   time.Time // zero when it is not
	PaidAt        time.Time // zero when it is not
	statusBefore  string    // of a trashed order
}

func (o *Order) clone() *Order {
	c := *o
	c.Meta, c.Taxes, c.ShippingLines = slices.Clone(o.Meta), slices.Clone(o.Taxes), slices.Clone(o.ShippingLines)
	c.Fees, c.Coupons, c.Notes = slices.Clone(o.Fees), slices.Clone(o.Coupons), slices.Clone(o.Notes)
	c.Items = cloneLines(o.Items)
	c.Refunds = slices.Clone(o.Refunds)
	for i := range c.Refunds {
		c.Refunds[i].Lines = cloneLines(o.Refunds[i].Lines)
		c.Refunds[i].Meta = slices.Clone(o.Refunds[i].Meta)
		c.Refunds[i].ShippingLines, c.Refunds[i].Fees = slices.Clone(o.Refunds[i].ShippingLines), slices.Clone(o.Refunds[i].Fees)
	}
	return &c
}

func cloneLines(list []LineItem) []LineItem {
	out := slices.Clone(list)
	for i := range out {
		out[i].Meta = slices.Clone(list[i].Meta)
	}
	return out
}

// refunded is the sum given back so far.
func (o *Order) refunded() string {
	sum := "0"
	for _, r := range o.Refunds {
		sum = addDecimal(sum, r.Amount)
	}
	return sum
}

// coreStatuses are the statuses of orders without a plugin, in the order the
// store names them.
var coreStatuses = []struct{ slug, name string }{
	{"pending", "Pending payment"}, {"processing", "Processing"}, {"on-hold", "On hold"},
	{"completed", "Completed"}, {"cancelled", "Cancelled"}, {"refunded", "Refunded"},
	{"failed", "Failed"}, {"checkout-draft", "Draft"},
}

// statuses are the slugs of all statuses of an order, plugins' ones last.
func (s *Server) statuses() []string {
	var out []string
	for _, st := range coreStatuses {
		out = append(out, st.slug)
	}
	return append(out, s.cfg.CustomStatuses...)
}

// reducesStock says whether sold items are taken from the stock in a status.
func reducesStock(status string) bool {
	return status == "processing" || status == "completed" || status == "on-hold"
}

func isPaid(status string) bool { return status == "processing" || status == "completed" }
