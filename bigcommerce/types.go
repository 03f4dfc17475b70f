package bigcommerce

// The shapes of BigCommerce's answers, as far as the model needs them. Numbers
// and texts stand for each other; see transport.Decode.

type pagination struct {
	Total       int64 `json:"total"`
	PerPage     int64 `json:"per_page"`
	CurrentPage int64 `json:"current_page"`
	TotalPages  int64 `json:"total_pages"`
}

// https://developer.bigcommerce.com/docs/rest-management/store-information
type storeNode struct {
	ID          string `json:"id"` // the hash; store_id is the number
	Name        string `json:"name"`
	Domain      string `json:"domain"`
	SecureURL   string `json:"secure_url"`
	AdminEmail  string `json:"admin_email"`
	Currency    string `json:"currency"`
	CountryCode string `json:"country_code"`
	WeightUnits string `json:"weight_units"`
	Digits      *int64 `json:"decimal_places"`
	PlanLevel   string `json:"plan_level"`
	PlanName    string `json:"plan_name"`
	Trial       bool   `json:"plan_is_trial"`
	WithTax     bool   `json:"is_price_entered_with_tax"`
	TimeZone    struct {
		Name string `json:"name"`
	} `json:"timezone"`
}

// https://developer.bigcommerce.com/docs/rest-catalog/products
type productNode struct {
	ID           int64   `json:"id"`
	Name         string  `json:"name"`
	Type         string  `json:"type"`
	SKU          string  `json:"sku"`
	Description  string  `json:"description"`
	Weight       amount  `json:"weight"`
	Price        amount  `json:"price"`
	CostPrice    amount  `json:"cost_price"`
	SalePrice    amount  `json:"sale_price"`
	Categories   []int64 `json:"categories"`
	BrandID      int64   `json:"brand_id"`
	Level        amount  `json:"inventory_level"`
	Tracking     string  `json:"inventory_tracking"`
	Visible      bool    `json:"is_visible"`
	Availability string  `json:"availability"`
	CustomURL    struct {
		URL string `json:"url"`
	} `json:"custom_url"`
	DateCreated  moment        `json:"date_created"`
	DateModified moment        `json:"date_modified"`
	Variants     []variantNode `json:"variants"`
	Images       []imageNode   `json:"images"`

	store facts // what it shares with the store's other products
	brand string
	names []string // of its categories
}

// variantNode is a variant; what is null is the product's.
// https://developer.bigcommerce.com/docs/rest-catalog/product-variants
type variantNode struct {
	ID          int64  `json:"id"`
	SKU         string `json:"sku"`
	Price       amount `json:"price"`
	Calculated  amount `json:"calculated_price"`
	CostPrice   amount `json:"cost_price"`
	SalePrice   amount `json:"sale_price"`
	Weight      amount `json:"weight"`
	Level       amount `json:"inventory_level"`
	UPC         string `json:"upc"`
	GTIN        string `json:"gtin"`
	ImageURL    string `json:"image_url"`
	NotForSale  bool   `json:"purchasing_disabled"`
	OptionValue []struct {
		ID       int64  `json:"id"`
		Label    string `json:"label"`
		OptionID int64  `json:"option_id"`
		Name     string `json:"option_display_name"`
	} `json:"option_values"`
}

type imageNode struct {
	ID          int64  `json:"id"`
	SortOrder   int64  `json:"sort_order"`
	Description string `json:"description"`
	Zoom        string `json:"url_zoom"`
	Standard    string `json:"url_standard"`
}

// https://developer.bigcommerce.com/docs/rest-management/customers
type customerNode struct {
	ID           int64                 `json:"id"`
	Email        string                `json:"email"`
	FirstName    string                `json:"first_name"`
	LastName     string                `json:"last_name"`
	Phone        string                `json:"phone"`
	Notes        string                `json:"notes"`
	TaxExempt    string                `json:"tax_exempt_category"`
	GroupID      int64                 `json:"customer_group_id"`
	DateCreated  moment                `json:"date_created"`
	DateModified moment                `json:"date_modified"`
	AddressCount int64                 `json:"address_count"`
	Addresses    []customerAddressNode `json:"addresses"`
}

type customerAddressNode struct {
	ID         int64  `json:"id"`
	CustomerID int64  `json:"customer_id"`
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	Company    string `json:"company"`
	Address1   string `json:"address1"`
	Address2   string `json:"address2"`
	City       string `json:"city"`
	State      string `json:"state_or_province"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"`
	CountryISO string `json:"country_code"`
	Phone      string `json:"phone"`
}

// https://developer.bigcommerce.com/docs/rest-management/inventory/locations
type locationNode struct {
	ID      int64  `json:"id"`
	Label   string `json:"label"`
	Enabled bool   `json:"enabled"`
	Address struct {
		Address1   string `json:"address1"`
		Address2   string `json:"address2"`
		City       string `json:"city"`
		State      string `json:"state"`
		Zip        string `json:"zip"`
		Phone      string `json:"phone"`
		CountryISO string `json:"country_code"`
	} `json:"address"`
}

// stockNode is an item of stock with its level at each location.
// https://developer.bigcommerce.com/docs/rest-management/inventory/items
type stockNode struct {
	Identity struct {
		SKU       string `json:"sku"`
		VariantID int64  `json:"variant_id"`
		ProductID int64  `json:"product_id"`
	} `json:"identity"`
	Locations []struct {
		LocationID int64  `json:"location_id"`
		Available  amount `json:"available_to_sell"`
		OnHand     amount `json:"total_inventory_onhand"`
		Settings   struct {
			Reserve amount `json:"safety_stock"`
		} `json:"settings"`
	} `json:"locations"`

	at int // which of the locations a level is of
}

// https://developer.bigcommerce.com/docs/rest-management/orders/order-messages
type messageNode struct {
	ID          int64  `json:"id"`
	StaffID     int64  `json:"staff_id"`
	CustomerID  int64  `json:"customer_id"`
	Type        string `json:"type"`
	Subject     string `json:"subject"`
	Message     string `json:"message"`
	DateCreated moment `json:"date_created"`
}
