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
	Input   string `json:"frontend_input"`
	Options []struct {
		Label string `json:"label"`
		Value string `json:"value"`
	} `json:"options"`
}

type customerNode struct {
	ID              string `json:"id"`
	WebsiteID       string `json:"website_id"`
	StoreID         string `json:"store_id"`
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
	ID        string `json:"item_id"`
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
