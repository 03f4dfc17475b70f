package magento

// orderNode is an order of a list and of a single read alike. Amounts without
// base_ are in the shopper's currency.
type orderNode struct {
	ID            string `json:"entity_id"`
	Number        string `json:"increment_id"`
	StoreID       string `json:"store_id"`
	State         string `json:"state"`
	Status        string `json:"status"`
	CreatedAt     moment `json:"created_at"`
	UpdatedAt     moment `json:"updated_at"`
	BaseCurrency  string `json:"base_currency_code"`
	OrderCurrency string `json:"order_currency_code"`
	Coupon        string `json:"coupon_code"`
	CustomerNote  string `json:"customer_note"`
	Virtual       string `json:"is_virtual"`
	ShippingText  string `json:"shipping_description"`
	Guest         string `json:"customer_is_guest"`
	CustomerID    string `json:"customer_id"`
	Email         string `json:"customer_email"`
	FirstName     string `json:"customer_firstname"`
	LastName      string `json:"customer_lastname"`

	Subtotal             string `json:"subtotal"`
	BaseSubtotal         string `json:"base_subtotal"`
	Discount             string `json:"discount_amount"` // negative
	BaseDiscount         string `json:"base_discount_amount"`
	ShippingDiscount     string `json:"shipping_discount_amount"`
	BaseShippingDiscount string `json:"base_shipping_discount_amount"`
	Shipping             string `json:"shipping_amount"`
	BaseShipping         string `json:"base_shipping_amount"`
	BaseShippingRefunded string `json:"base_shipping_refunded"`
	Tax                  string `json:"tax_amount"`
	BaseTax              string `json:"base_tax_amount"`
	Total                string `json:"grand_total"`
	BaseTotal            string `json:"base_grand_total"`
	Paid                 string `json:"total_paid"`
	BasePaid             string `json:"base_total_paid"`
	Due                  string `json:"total_due"`
	BaseDue              string `json:"base_total_due"`
	Refunded             string `json:"total_refunded"`
	BaseRefunded         string `json:"base_total_refunded"`
	Canceled             string `json:"total_canceled"`
	BaseCanceled         string `json:"base_total_canceled"`

	Items   []itemNode `json:"items"`
	Billing *placeNode `json:"billing_address"`
	Payment struct {
		Method         string `json:"method"`
		BaseAuthorized string `json:"base_amount_authorized"`
	} `json:"payment"`
	Extension struct {
		Assignments []struct {
			Shipping struct {
				Address *placeNode `json:"address"`
				Method  string     `json:"method"`
			} `json:"shipping"`
		} `json:"shipping_assignments"`
	} `json:"extension_attributes"`

	// What came in answers of its own.
	shipments []shipmentNode
	refunds   []refundNode
}

// itemNode is a line. A configurable product makes two: one with the price,
// and one of the variant whose ParentID names it.
type itemNode struct {
	ID           string `json:"item_id"`
	ParentID     string `json:"parent_item_id"`
	ProductID    string `json:"product_id"`
	Type         string `json:"product_type"`
	SKU          string `json:"sku"`
	Name         string `json:"name"`
	Virtual      string `json:"is_virtual"`
	Price        string `json:"price"`
	BasePrice    string `json:"base_price"`
	Discount     string `json:"discount_amount"`
	BaseDiscount string `json:"base_discount_amount"`
	Tax          string `json:"tax_amount"`
	BaseTax      string `json:"base_tax_amount"`
	Row          string `json:"row_total"`
	BaseRow      string `json:"base_row_total"`
	Ordered      string `json:"qty_ordered"`
	Shipped      string `json:"qty_shipped"`
	Refunded     string `json:"qty_refunded"`
	Canceled     string `json:"qty_canceled"`
	Invoiced     string `json:"qty_invoiced"`
}

// placeNode is an address of an order.
type placeNode struct {
	ID         string   `json:"entity_id"`
	FirstName  string   `json:"firstname"`
	LastName   string   `json:"lastname"`
	Company    string   `json:"company"`
	Street     []string `json:"street"`
	City       string   `json:"city"`
	Region     string   `json:"region"`
	RegionCode string   `json:"region_code"`
	Postcode   string   `json:"postcode"`
	CountryID  string   `json:"country_id"`
	Telephone  string   `json:"telephone"`
}

type shipmentNode struct {
	ID        string `json:"entity_id"`
	OrderID   string `json:"order_id"`
	Number    string `json:"increment_id"`
	CreatedAt moment `json:"created_at"`
	UpdatedAt moment `json:"updated_at"`
	Items     []struct {
		ItemID string `json:"order_item_id"`
		Qty    string `json:"qty"`
	} `json:"items"`
	Tracks    []trackNode   `json:"tracks"`
	Comments  []commentNode `json:"comments"`
	Extension struct {
		Source string `json:"source_code"`
	} `json:"extension_attributes"`
}

type trackNode struct {
	ID      string `json:"entity_id"`
	Number  string `json:"track_number"`
	Title   string `json:"title"`
	Carrier string `json:"carrier_code"`
}

// refundNode is a credit memo.
type refundNode struct {
	ID        string `json:"entity_id"`
	OrderID   string `json:"order_id"`
	CreatedAt moment `json:"created_at"`
	Total     string `json:"grand_total"`
	BaseTotal string `json:"base_grand_total"`
	Items     []struct {
		ItemID  string `json:"order_item_id"`
		Qty     string `json:"qty"`
		Row     string `json:"row_total"`
		BaseRow string `json:"base_row_total"`
	} `json:"items"`
	Comments []commentNode `json:"comments"`
}

// commentNode is an entry of a history.
type commentNode struct {
	ID        string `json:"entity_id"`
	Comment   string `json:"comment"`
	Status    string `json:"status"`
	Entity    string `json:"entity_name"`
	Notified  string `json:"is_customer_notified"`
	Visible   string `json:"is_visible_on_front"`
	CreatedAt moment `json:"created_at"`
}
