package bigcommerce

import (
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// orderNode is an order of V2. Amounts are in default_currency_code.
// https://developer.bigcommerce.com/docs/rest-management/orders
type orderNode struct {
	ID              int64        `json:"id"`
	CustomerID      int64        `json:"customer_id"` // 0 for a guest
	StatusID        *int64       `json:"status_id"`
	Status          string       `json:"status"`
	CustomStatus    string       `json:"custom_status"` // the merchant's label
	PaymentStatus   string       `json:"payment_status"`
	PaymentMethod   string       `json:"payment_method"`
	SubtotalEx      amount       `json:"subtotal_ex_tax"`
	SubtotalInc     amount       `json:"subtotal_inc_tax"`
	ShippingEx      amount       `json:"shipping_cost_ex_tax"`
	ShippingInc     amount       `json:"shipping_cost_inc_tax"`
	TotalInc        amount       `json:"total_inc_tax"`
	TotalTax        amount       `json:"total_tax"`
	Discount        amount       `json:"discount_amount"`
	CouponDiscount  amount       `json:"coupon_discount"`
	TaxIncluded     bool         `json:"is_tax_inclusive_pricing"`
	ItemsTotal      int64        `json:"items_total"`
	ItemsShipped    int64        `json:"items_shipped"`
	Digital         bool         `json:"order_is_digital"`
	ShownCurrency   string       `json:"currency_code"`
	Currency        string       `json:"default_currency_code"`
	StoreCurrency   string       `json:"store_default_currency_code"`
	StaffNotes      string       `json:"staff_notes"`
	CustomerMessage string       `json:"customer_message"`
	ExternalID      string       `json:"external_order_id"`
	Source          string       `json:"order_source"`
	Deleted         bool         `json:"is_deleted"` // archived
	Billing         *addressNode `json:"billing_address"`
	DateCreated     moment       `json:"date_created"`
	DateModified    moment       `json:"date_modified"`

	Consignments consignments `json:"consignments"`

	// What came in answers of its own, or out of the consignments.
	lines     []lineNode
	addresses []shippingNode
	shipments []shipmentNode
	refunds   []refundNode
}

// consignments are there only when they were asked for: else they are a link,
// or a list in an older form.
type consignments struct {
	value    *consignmentsNode
	problems []catalog.Problem
}

// UnmarshalJSON reads the object, one odd field of which does not cost the
// rest.
func (c *consignments) UnmarshalJSON(raw []byte) error {
	*c = consignments{}
	if raw[0] != '{' {
		return nil
	}
	var value consignmentsNode
	problems, err := transport.Decode(raw, &value)
	if err == nil && value.Resource == "" {
		c.value, c.problems = &value, problems
	}
	return err
}

// consignmentsNode is how an order's lines reach the shopper. Each consignment
// shows fifty lines at most.
type consignmentsNode struct {
	Resource  string         `json:"resource"` // of a link
	Shipping  []shippingNode `json:"shipping"`
	Pickups   []pickupNode   `json:"pickups"`
	Downloads []linesNode    `json:"downloads"`
	Email     struct {
		Certificates []linesNode `json:"gift_certificates"`
	} `json:"email"`
}

type linesNode struct {
	Lines []lineNode `json:"line_items"`
	// Warning is there when lines are missing.
	Warning *struct{} `json:"__warning__"`
}

type pickupNode struct {
	linesNode
	ID     int64  `json:"id"`
	Method string `json:"pickup_method_display_name"`
}

// shippingNode is a shipping consignment, or an entry of shipping_addresses.
type shippingNode struct {
	linesNode
	addressNode
	ID      int64  `json:"id"`
	Method  string `json:"shipping_method"`
	CostEx  amount `json:"cost_ex_tax"`
	CostInc amount `json:"cost_inc_tax"`
}

type addressNode struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Street1   string `json:"street_1"`
	Street2   string `json:"street_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Zip       string `json:"zip"`
	Country   string `json:"country"`
	ISO2      string `json:"country_iso2"`
	Phone     string `json:"phone"`
	Email     string `json:"email"`
}

// lineNode is a line. In consignments its amounts are numbers, and a line that
// was not asked for is a link without an id.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-products
type lineNode struct {
	ID        int64  `json:"id"`
	ProductID int64  `json:"product_id"` // 0 for a custom line
	VariantID int64  `json:"variant_id"`
	Name      string `json:"name"`
	SKU       string `json:"sku"`
	Type      string `json:"type"`
	Quantity  amount `json:"quantity"`
	Shipped   amount `json:"quantity_shipped"`
	Refunded  amount `json:"quantity_refunded"`
	PriceEx   amount `json:"price_ex_tax"`
	PriceInc  amount `json:"price_inc_tax"`
	TotalEx   amount `json:"total_ex_tax"`
	TotalInc  amount `json:"total_inc_tax"`
	TotalTax  amount `json:"total_tax"`
	Discounts []struct {
		Amount amount `json:"amount"`
	} `json:"applied_discounts"`
	Options []struct {
		Name  string `json:"display_name"`
		Value string `json:"display_value"`
		Type  string `json:"type"`
	} `json:"product_options"`
}

// https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments
type shipmentNode struct {
	ID              int64  `json:"id"`
	DateCreated     moment `json:"date_created"`
	TrackingNumber  string `json:"tracking_number"`
	Provider        string `json:"shipping_provider"`
	ProviderName    string `json:"shipping_provider_display_name"`
	TrackingCarrier string `json:"tracking_carrier"`
	TrackingLink    string `json:"tracking_link"`
	GeneratedLink   string `json:"generated_tracking_link"`
	Items           []struct {
		LineID   int64  `json:"order_product_id"`
		Quantity amount `json:"quantity"`
	} `json:"items"`
}

// refundNode is a refund of V3.
// https://developer.bigcommerce.com/docs/rest-management/orders/payment-actions
type refundNode struct {
	ID      int64  `json:"id"`
	OrderID int64  `json:"order_id"`
	Created moment `json:"created"`
	Reason  string `json:"reason"`
	Total   amount `json:"total_amount"`
	Items   []struct {
		Type      string `json:"item_type"`
		ID        int64  `json:"item_id"`
		Quantity  amount `json:"quantity"`
		Requested amount `json:"requested_amount"`
		Reason    string `json:"reason"`
	} `json:"items"`
}
