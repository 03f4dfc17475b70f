package woocommerce

import "encoding/json"

// The shapes of WooCommerce's answers, as far as the model needs them. Fields
// that are a number in one answer and text or null in another are text here.

type termNode struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type imageNode struct {
	ID  int64  `json:"id"`
	Src string `json:"src"`
	Alt string `json:"alt"`
}

// attributeNode is a product's attribute, with its options, or a variation's,
// with the one it has.
type attributeNode struct {
	ID        int64    `json:"id"`
	Name      string   `json:"name"`
	Variation bool     `json:"variation"`
	Options   []string `json:"options"`
	Option    string   `json:"option"`
}

// productNode is a product of a list, of a single read and of a webhook alike,
// and a variation read by a product's route.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#product-properties
type productNode struct {
	ID            int64           `json:"id"`
	ParentID      int64           `json:"parent_id"`
	Type          string          `json:"type"`
	Name          string          `json:"name"`
	Slug          string          `json:"slug"`
	Permalink     string          `json:"permalink"`
	Created       moment          `json:"date_created_gmt"`
	Modified      moment          `json:"date_modified_gmt"`
	Status        string          `json:"status"`
	Visibility    string          `json:"catalog_visibility"`
	Description   string          `json:"description"`
	SKU           string          `json:"sku"`
	GlobalID      string          `json:"global_unique_id"`
	Price         string          `json:"price"`
	RegularPrice  string          `json:"regular_price"`
	Purchasable   bool            `json:"purchasable"`
	Virtual       bool            `json:"virtual"`
	TaxStatus     string          `json:"tax_status"`
	ManageStock   stockMode       `json:"manage_stock"`
	StockQuantity string          `json:"stock_quantity"`
	StockStatus   string          `json:"stock_status"`
	Weight        string          `json:"weight"`
	Categories    []termNode      `json:"categories"`
	Tags          []termNode      `json:"tags"`
	Brands        []termNode      `json:"brands"`
	Images        []imageNode     `json:"images"`
	Attributes    []attributeNode `json:"attributes"`
	Variations    []int64         `json:"variations"`

	// What came in answers of its own.
	variants []variationNode
	settings settings
}

// https://woocommerce.github.io/woocommerce-rest-api-docs/#product-variation-properties
type variationNode struct {
	ID            int64           `json:"id"`
	ParentID      int64           `json:"parent_id"`
	Created       moment          `json:"date_created_gmt"`
	Modified      moment          `json:"date_modified_gmt"`
	SKU           string          `json:"sku"`
	GlobalID      string          `json:"global_unique_id"`
	Price         string          `json:"price"`
	RegularPrice  string          `json:"regular_price"`
	Purchasable   bool            `json:"purchasable"`
	Virtual       bool            `json:"virtual"`
	TaxStatus     string          `json:"tax_status"`
	ManageStock   stockMode       `json:"manage_stock"`
	StockQuantity string          `json:"stock_quantity"`
	StockStatus   string          `json:"stock_status"`
	Weight        string          `json:"weight"`
	Image         imageNode       `json:"image"`
	Attributes    []attributeNode `json:"attributes"`
}

// stockNode is as much of a product or a variation as its stock needs.
type stockNode struct {
	ID         int64     `json:"id"`
	ParentID   int64     `json:"parent_id"`
	Type       string    `json:"type"`
	SKU        string    `json:"sku"`
	Modified   moment    `json:"date_modified_gmt"`
	Manage     stockMode `json:"manage_stock"`
	Quantity   string    `json:"stock_quantity"`
	Variations []int64   `json:"variations"`
}

type addressNode struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Line1     string `json:"address_1"`
	Line2     string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	Email     string `json:"email"`
	Phone     string `json:"phone"`
}

// metaNode is an entry of meta_data; plugins put any JSON there.
type metaNode struct {
	Key          string          `json:"key"`
	Value        json.RawMessage `json:"value"`
	DisplayKey   string          `json:"display_key"`
	DisplayValue json.RawMessage `json:"display_value"`
}

// https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties
type orderNode struct {
	ID            int64          `json:"id"`
	Number        string         `json:"number"`
	Status        string         `json:"status"`
	Currency      string         `json:"currency"`
	Created       moment         `json:"date_created_gmt"`
	Modified      moment         `json:"date_modified_gmt"`
	Paid          moment         `json:"date_paid_gmt"`
	Completed     moment         `json:"date_completed_gmt"`
	DiscountTotal string         `json:"discount_total"`
	ShippingTotal string         `json:"shipping_total"`
	TotalTax      string         `json:"total_tax"`
	Total         string         `json:"total"`
	CustomerID    int64          `json:"customer_id"`
	Billing       addressNode    `json:"billing"`
	Shipping      addressNode    `json:"shipping"`
	PaymentMethod string         `json:"payment_method"`
	NeedsPayment  *bool          `json:"needs_payment"`
	CreatedVia    string         `json:"created_via"`
	CustomerNote  string         `json:"customer_note"`
	Meta          []metaNode     `json:"meta_data"`
	Items         []itemNode     `json:"line_items"`
	ShippingLines []shippingNode `json:"shipping_lines"`
	Refunds       []refundNode   `json:"refunds"`

	refunds []refundNode // in full, from an answer of their own; nil = not read
}

type itemNode struct {
	ID          int64           `json:"id"`
	Name        string          `json:"name"`
	ParentName  string          `json:"parent_name"`
	ProductID   int64           `json:"product_id"`
	VariationID int64           `json:"variation_id"`
	Quantity    string          `json:"quantity"`
	Subtotal    string          `json:"subtotal"`
	Total       string          `json:"total"`
	TotalTax    string          `json:"total_tax"`
	SKU         json.RawMessage `json:"sku"` // null once the product is gone
	Meta        []metaNode      `json:"meta_data"`
}

type shippingNode struct {
	ID       int64  `json:"id"`
	Title    string `json:"method_title"`
	MethodID string `json:"method_id"`
	Total    string `json:"total"`
}

// refundNode is a refund: in an order with its negative total, for itself with
// its positive amount and its lines, whose numbers are negative.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#order-refund-properties
type refundNode struct {
	ID      int64      `json:"id"`
	Reason  string     `json:"reason"`
	Total   string     `json:"total"`
	Amount  string     `json:"amount"`
	Created moment     `json:"date_created_gmt"`
	Items   []itemNode `json:"line_items"`
}

// https://woocommerce.github.io/woocommerce-rest-api-docs/#order-note-properties
type noteNode struct {
	ID           int64  `json:"id"`
	Author       string `json:"author"`
	Created      moment `json:"date_created_gmt"`
	Note         string `json:"note"`
	CustomerNote bool   `json:"customer_note"`
}

// https://woocommerce.github.io/woocommerce-rest-api-docs/#customer-properties
type customerNode struct {
	ID        int64       `json:"id"`
	Created   moment      `json:"date_created_gmt"`
	Modified  moment      `json:"date_modified_gmt"` // null when never changed
	Email     string      `json:"email"`
	FirstName string      `json:"first_name"`
	LastName  string      `json:"last_name"`
	Username  string      `json:"username"`
	Billing   addressNode `json:"billing"`
	Shipping  addressNode `json:"shipping"`
}
