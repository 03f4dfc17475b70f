package shopifytest

import "time"

// Order is one order of the server's truth. A zero time and an empty Money
// are null on the wire where the schema allows null.
type Order struct {
	ID                   int64
	Name                 string // "#1001"
	Number               int
	ConfirmationNumber   string
	PONumber             string // "" = null
	SourceName           string
	Test                 bool
	Note                 string // "" = null
	Tags                 []string
	CreatedAt, UpdatedAt time.Time
	ProcessedAt          time.Time // zero is CreatedAt
	ClosedAt             time.Time
	CancelledAt          time.Time
	CancelReason         string // "" = null
	CancelNote           string
	FinancialStatus      string // "" = null, as on orders without payment
	FulfillmentStatus    string // "" is UNFULFILLED
	ReturnStatus         string // "" is NO_RETURN
	Currency             string // the shop's; "" is the shop's currency
	PresentmentCurrency  string // the shopper's; "" is Currency
	TaxesIncluded        bool
	Email, Phone         string // "" = null
	CustomerID           int64  // 0 = no customer
	Billing, Shipping    *Address
	Attributes           []Attribute
	DiscountCodes        []string
	Gateways             []string

	Total, CurrentTotal, Subtotal, CurrentSubtotal      Money
	Tax, CurrentTax, Discounts, CurrentDiscounts        Money
	ShippingTotal, Refunded, Outstanding, Received, Net Money

	Lines         []LineItem
	ShippingLines []ShippingLine
	TaxLines      []TaxLine
	Fulfillments  []Fulfillment
	Refunds       []Refund
	Transactions  []Transaction
}

// Attribute is a custom attribute; a nil Value is null.
type Attribute struct {
	Key   string
	Value *string
}

// LineItem is one line of an order.
type LineItem struct {
	ID                             int64
	Title, VariantTitle            string
	SKU, Vendor                    string
	ProductID, VariantID           int64 // 0 = deleted since, or a custom line
	Quantity, CurrentQuantity      int
	Unfulfilled, Refundable        int
	RequiresShipping, Taxable      bool
	GiftCard                       bool
	LocationID                     int64 // that ships it; 0 = the first
	OriginalUnit, DiscountedUnit   Money
	OriginalTotal, DiscountedTotal Money
	TotalDiscount                  Money
	TaxLines                       []TaxLine
	Attributes                     []Attribute
}

// Name is the title and the variant's title as the platform joins them.
func (l *LineItem) Name() string {
	if l.VariantTitle == "" {
		return l.Title
	}
	return l.Title + " - " + l.VariantTitle
}

// TaxLine is one tax on a line, on shipping or on a whole order.
type TaxLine struct {
	Title string
	Rate  float64 // 0.15 is 15 %
	Price Money
}

// ShippingLine is one shipping method of an order.
type ShippingLine struct {
	ID                   int64
	Title, Code, Source  string
	Original, Discounted Money
	TaxLines             []TaxLine
	Removed              bool
}

// Fulfillment is one parcel, or several, sent from one location.
type Fulfillment struct {
	ID                   int64
	Name                 string // "#1001.1"
	Status               string // SUCCESS, CANCELLED, ERROR, FAILURE
	DisplayStatus        string // "" = null
	CreatedAt, UpdatedAt time.Time
	DeliveredAt          time.Time
	LocationID           int64
	Tracking             []Tracking
	Lines                []FulfillmentLine
}

// Tracking is one parcel's number; each text may be empty (null).
type Tracking struct{ Company, Number, URL string }

// FulfillmentLine says how much of an order line a fulfillment holds.
type FulfillmentLine struct {
	ID, LineID int64
	Quantity   int
}

// Refund is one refund of an order.
type Refund struct {
	ID           int64
	CreatedAt    time.Time
	Note         string // "" = null
	Total        Money
	Lines        []RefundLine
	Transactions []Transaction
}

// RefundLine says how much of an order line was given back.
type RefundLine struct {
	ID, LineID    int64
	Quantity      int
	RestockType   string // CANCEL, RETURN, NO_RESTOCK, LEGACY_RESTOCK
	LocationID    int64  // 0 = null
	Subtotal, Tax Money
}

// Transaction is one movement of money.
type Transaction struct {
	ID, ParentID int64
	Kind         string // SALE, AUTHORIZATION, CAPTURE, REFUND, VOID
	Status       string // SUCCESS, PENDING, FAILURE, ERROR
	Gateway      string
	Amount       Money
	CreatedAt    time.Time
	Test         bool
}
