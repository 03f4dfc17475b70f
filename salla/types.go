package salla

import "encoding/json"

// The shapes of Salla's answers, as far as the model needs them. Plain fields
// have one form; the types of scalars.go stand where several are normal.

type pagination struct {
	Count       int64 `json:"count"`
	Total       int64 `json:"total"`
	PerPage     int64 `json:"perPage"`
	CurrentPage int64 `json:"currentPage"`
	TotalPages  int64 `json:"totalPages"`
}

type refNode struct {
	ID   number `json:"id"`
	Name string `json:"name"`
}

type storeNode struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Plan     string `json:"plan"`
	Type     string `json:"type"`
	Currency string `json:"currency"`
	Domain   string `json:"domain"`
}

// productNode is a product of a list, a single read and product.created alike.
// https://docs.salla.dev/5394168e0
type productNode struct {
	ID          int64  `json:"id"`
	Type        string `json:"type"`
	Name        string `json:"name"`
	SKU         string `json:"sku"`
	GTIN        string `json:"gtin"`
	Description string `json:"description"`
	URL         string `json:"url"`
	URLs        struct {
		Customer string `json:"customer"`
	} `json:"urls"`
	Price           money          `json:"price"`
	RegularPrice    money          `json:"regular_price"`
	CostPrice       money          `json:"cost_price"`
	Quantity        number         `json:"quantity"`
	Unlimited       bool           `json:"unlimited_quantity"`
	Status          string         `json:"status"`
	IsAvailable     bool           `json:"is_available"`
	Weight          number         `json:"weight"`
	WeightType      string         `json:"weight_type"`
	WithTax         bool           `json:"with_tax"`
	RequireShipping bool           `json:"require_shipping"`
	Images          []imageNode    `json:"images"`
	Options         []optionNode   `json:"options"`
	SKUs            []skuNode      `json:"skus"`
	Categories      []refNode      `json:"categories"`
	Brand           maybe[refNode] `json:"brand"`
	Tags            []refNode      `json:"tags"`
	UpdatedAt       moment         `json:"updated_at"`
}

type imageNode struct {
	ID   int64  `json:"id"`
	URL  string `json:"url"`
	Alt  string `json:"alt"`
	Type string `json:"type"`
}

type optionNode struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Values []struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"values"`
}

// skuNode is a variant.
type skuNode struct {
	ID           int64   `json:"id"`
	SKU          string  `json:"sku"`
	Barcode      string  `json:"barcode"`
	GTIN         string  `json:"gtin"`
	Price        money   `json:"price"`
	RegularPrice money   `json:"regular_price"`
	CostPrice    money   `json:"cost_price"`
	Quantity     number  `json:"stock_quantity"`
	Unlimited    *bool   `json:"unlimited_quantity"`
	Values       []int64 `json:"related_option_values"`
	Weight       number  `json:"weight"`
	WeightType   string  `json:"weight_type"`
}

// orderNode is both a list's row, which lacks most of it, and light details.
// https://docs.salla.dev/5394146e0 and 5394147e0
type orderNode struct {
	ID               int64               `json:"id"`
	ReferenceID      number              `json:"reference_id"`
	Date             moment              `json:"date"`
	UpdatedAt        moment              `json:"updated_at"`
	Source           string              `json:"source"`
	Status           maybe[statusNode]   `json:"status"`
	PaymentMethod    string              `json:"payment_method"`
	IsPendingPayment bool                `json:"is_pending_payment"`
	Currency         string              `json:"currency"`
	Total            money               `json:"total"`
	Amounts          *amountsNode        `json:"amounts"`
	ExchangeRate     maybe[exchangeNode] `json:"exchange_rate"`
	Receiver         maybe[receiverNode] `json:"receiver"`
	Customer         maybe[customerNode] `json:"customer"`
	Tags             []refNode           `json:"tags"`
	Features         struct {
		Shippable *bool `json:"shippable"`
	} `json:"features"`

	// What came in answers of its own.
	slug      string // what the store's own status stands for
	items     []itemNode
	shipments []shipmentNode
}

// statusNode names a status by constants; its name is a label.
type statusNode struct {
	ID       number         `json:"id"`
	Slug     string         `json:"slug"`
	Original maybe[refNode] `json:"original"`
	Parent   maybe[refNode] `json:"parent"`
}

type exchangeNode struct {
	Base     string `json:"base_currency"`
	Exchange string `json:"exchange_currency"`
}

type amountsNode struct {
	SubTotal  money   `json:"sub_total"`
	Shipping  money   `json:"shipping_cost"`
	Tax       taxNode `json:"tax"`
	Total     money   `json:"total"`
	Discounts []struct {
		Discount number `json:"discount"`
		Currency string `json:"currency"`
	} `json:"discounts"`
}

// taxNode is a money inside an object.
type taxNode struct {
	Amount money `json:"amount"`
}

type receiverNode struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone number `json:"phone"`
}

// itemNode is a line. The product's id is not in the light answer, but read
// where it is.
// https://docs.salla.dev/5565737e0
type itemNode struct {
	ID        int64          `json:"id"`
	ProductID number         `json:"product_id"`
	Product   maybe[refNode] `json:"product"`
	Name      string         `json:"name"`
	SKU       string         `json:"sku"`
	Quantity  number         `json:"quantity"`
	Currency  string         `json:"currency"`
	Amounts   struct {
		Price    money   `json:"price_without_tax"`
		Discount money   `json:"total_discount"`
		Tax      taxNode `json:"tax"`
		Total    money   `json:"total"`
	} `json:"amounts"`
	Notes   string `json:"notes"`
	Options []struct {
		Name  string          `json:"name"`
		Value json.RawMessage `json:"value"` // an object, a list or a scalar
	} `json:"options"`
	Codes []json.RawMessage `json:"codes"`
	Files []json.RawMessage `json:"files"`
}

// shipmentNode is a parcel.
// https://docs.salla.dev/5394232e0
type shipmentNode struct {
	ID             int64          `json:"id"`
	OrderID        number         `json:"order_id"`
	Type           string         `json:"type"`
	CourierName    string         `json:"courier_name"`
	External       string         `json:"external_company_name"` // who really takes it
	Courier        maybe[refNode] `json:"courier"`               // in place of its name, in some answers
	ShippingNumber number         `json:"shipping_number"`
	TrackingNumber number         `json:"tracking_number"`
	TrackingLink   string         `json:"tracking_link"`
	Status         shipmentStatus `json:"status"`
	CreatedAt      moment         `json:"created_at"`
	Reference      struct {
		Mark string `json:"external_additional_id"`
	} `json:"reference"`
	From     maybe[addressNode] `json:"ship_from"`
	To       maybe[addressNode] `json:"ship_to"`
	Packages []struct {
		ItemID   number `json:"item_id"`
		Quantity number `json:"quantity"`
	} `json:"packages"`
}

// shipmentStatus is a word, or in some answers the order's status.
type shipmentStatus string

func (s *shipmentStatus) UnmarshalJSON(raw []byte) error {
	if raw[0] == '{' {
		var status statusNode
		_, err := decode(raw, &status)
		*s = shipmentStatus(status.Slug)
		return err
	}
	return (*number)(s).UnmarshalJSON(raw)
}

type addressNode struct {
	BranchID number `json:"branch_id"`
	Name     string `json:"name"`
	Phone    number `json:"phone"`
	Country  string `json:"country"`
	City     string `json:"city"`
	Line     string `json:"address_line"`
	Street   string `json:"street_number"`
	Block    string `json:"block"`
	Building number `json:"building_number"`
	Postal   number `json:"postal_code"`
}

// https://docs.salla.dev/5394162e0
type historyNode struct {
	ID        int64             `json:"id"`
	Status    string            `json:"status"` // a label
	Custom    maybe[statusNode] `json:"customized"`
	Note      string            `json:"note"`
	CreatedAt moment            `json:"created_at"`
	CreatedBy maybe[refNode]    `json:"created_by"`
	Type      string            `json:"type"`
}

// customerNode is the customer of lists and of orders.
// https://docs.salla.dev/5394121e0
type customerNode struct {
	ID          int64    `json:"id"`
	FullName    string   `json:"full_name"`
	Name        string   `json:"name"`
	FirstName   string   `json:"first_name"`
	LastName    string   `json:"last_name"`
	Mobile      number   `json:"mobile"` // without the country's code, mostly
	MobileCode  number   `json:"mobile_code"`
	Email       string   `json:"email"`
	City        string   `json:"city"`
	Country     string   `json:"country"`
	CountryCode string   `json:"country_code"`
	Location    string   `json:"location"`
	Language    string   `json:"lang"`
	Groups      []number `json:"groups"`
	Blocked     bool     `json:"is_blocked"`
	Inactive    bool     `json:"is_inactive"`
	BlockReason string   `json:"block_reason"`
	CreatedAt   moment   `json:"created_at"`
	UpdatedAt   moment   `json:"updated_at"`
	// Stats come with a customer read alone, not in lists.
	Stats maybe[struct {
		Orders *int64 `json:"orders_count"`
	}] `json:"stats"`
}

// quantityNode is the stock of a product without variants or of a variant.
// https://docs.salla.dev/9612796e0
type quantityNode struct {
	ID        int64  `json:"id"`
	SKUID     number `json:"sku_id"`
	SKU       string `json:"sku"`
	Quantity  number `json:"quantity"`
	Sold      number `json:"sold_quantity"`
	Unlimited bool   `json:"unlimited_quantity"`
}

// https://docs.salla.dev/5394224e0
type branchNode struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Status   string `json:"status"`
	Street   string `json:"street"`
	Line     string `json:"address_description"`
	Building number `json:"building_number"`
	Local    string `json:"local"`
	Postal   number `json:"postal_code"`
	Contacts struct {
		Phone number `json:"phone"`
	} `json:"contacts"`
	Country maybe[struct {
		Name string `json:"name"`
		Code string `json:"code"`
	}] `json:"country"`
	City maybe[refNode] `json:"city"`
}
