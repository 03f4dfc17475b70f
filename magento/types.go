package magento

import "encoding/json"

// The shapes of Magento's answers, as far as the model needs them. Ids,
// amounts and flags are numbers in some answers and texts in others, and read
// as texts from both.

// viewNode is what a store view says of itself.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
type viewNode struct {
	ID         string `json:"id"`
	Code       string `json:"code"`
	WebsiteID  string `json:"website_id"`
	Locale     string `json:"locale"`
	Currency   string `json:"base_currency_code"`
	TimeZone   string `json:"timezone"`
	WeightUnit string `json:"weight_unit"`
	BaseURL    string `json:"base_url"`
	MediaURL   string `json:"base_media_url"`
	SecureURL  string `json:"secure_base_url"`
	SecureLink string `json:"secure_base_link_url"`
	SecurePics string `json:"secure_base_media_url"`
}

type websiteNode struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
}

type categoryNode struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// productNode is a product of a list; variants are products themselves.
type productNode struct {
	ID         string     `json:"id"`
	SKU        string     `json:"sku"`
	Name       string     `json:"name"`
	Price      string     `json:"price"`
	Status     string     `json:"status"`
	Visibility string     `json:"visibility"`
	Type       string     `json:"type_id"`
	CreatedAt  moment     `json:"created_at"`
	UpdatedAt  moment     `json:"updated_at"`
	Weight     string     `json:"weight"`
	Custom     attributes `json:"custom_attributes"`
	Extension  struct {
		Categories []struct {
			ID string `json:"category_id"`
		} `json:"category_links"`
		Options []optionNode `json:"configurable_product_options"`
		Links   []string     `json:"configurable_product_links"`
	} `json:"extension_attributes"`
	Media []mediaNode `json:"media_gallery_entries"`

	with *productPage // what the page it came with knows
}

// optionNode is an attribute the variants differ in; its values are named
// elsewhere.
type optionNode struct {
	ID          string `json:"id"`
	AttributeID string `json:"attribute_id"`
	Label       string `json:"label"`
	Values      []struct {
		Index string `json:"value_index"`
	} `json:"values"`
}

type mediaNode struct {
	ID       string `json:"id"`
	Type     string `json:"media_type"`
	Label    string `json:"label"`
	Position int    `json:"position"`
	Disabled bool   `json:"disabled"`
	File     string `json:"file"`
}

// attributeNode is the definition of a product attribute.
type attributeNode struct {
	ID      string `json:"attribute_id"`
	Code    string `json:"attribute_code"`
	Label   string `json:"default_frontend_label"`
	Options []struct {
		Label string `json:"label"`
		Value string `json:"value"`
	} `json:"options"`
}

// orderNode is an order of a list and of a single read alike. Amounts without
// base_ are in the shopper's currency.
type orderNode struct {
	ID            string `json:"entity_id"`
	Number        string `json:"increment_id"`
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
	Tracks []struct {
		Number  string `json:"track_number"`
		Title   string `json:"title"`
		Carrier string `json:"carrier_code"`
	} `json:"tracks"`
	Extension struct {
		Source string `json:"source_code"`
	} `json:"extension_attributes"`
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

type customerNode struct {
	ID              string `json:"id"`
	GroupID         string `json:"group_id"`
	Email           string `json:"email"`
	FirstName       string `json:"firstname"`
	LastName        string `json:"lastname"`
	CreatedAt       moment `json:"created_at"`
	UpdatedAt       moment `json:"updated_at"`
	DefaultBilling  string `json:"default_billing"`
	DefaultShipping string `json:"default_shipping"`
	Addresses       []struct {
		ID        string   `json:"id"`
		FirstName string   `json:"firstname"`
		LastName  string   `json:"lastname"`
		Company   string   `json:"company"`
		Street    []string `json:"street"`
		City      string   `json:"city"`
		Region    struct {
			Code string `json:"region_code"`
			Name string `json:"region"`
		} `json:"region"`
		Postcode  string `json:"postcode"`
		CountryID string `json:"country_id"`
		Telephone string `json:"telephone"`
	} `json:"addresses"`
	Extension struct {
		Subscribed *bool `json:"is_subscribed"`
	} `json:"extension_attributes"`
}

// sourceItemNode is the physical stock of a SKU at a source.
type sourceItemNode struct {
	SKU      string `json:"sku"`
	Source   string `json:"source_code"`
	Quantity string `json:"quantity"`
	Status   string `json:"status"`
}

// salableNode is what can be sold of a SKU in a website.
type salableNode struct {
	SKU     string  `json:"sku"`
	Qty     *string `json:"qty"`
	Salable bool    `json:"is_salable"`

	raw json.RawMessage
}

// stockItemNode is stock as it was before there were sources.
type stockItemNode struct {
	ProductID string `json:"product_id"`
	Qty       string `json:"qty"`
	InStock   bool   `json:"is_in_stock"`
	Managed   *bool  `json:"manage_stock"`
}

type sourceNode struct {
	Code       string `json:"source_code"`
	Name       string `json:"name"`
	Enabled    bool   `json:"enabled"`
	Contact    string `json:"contact_name"`
	Country    string `json:"country_id"`
	Region     string `json:"region"`
	City       string `json:"city"`
	Street     string `json:"street"`
	PostalCode string `json:"postcode"`
	Phone      string `json:"phone"`
}
