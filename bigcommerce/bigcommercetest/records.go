package bigcommercetest

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Level is the stock of a product or variant at one location. A location
// without a Level has never been set: relative adjustments are refused there.
type Level struct {
	LocationID   int64
	OnHand       int
	SafetyStock  int
	WarningLevel int
}

// OptionValue is one choice of an Option.
type OptionValue struct {
	ID      int64
	Label   string
	Default bool
}

// Option is something a buyer chooses and that tells variants apart.
type Option struct {
	ID     int64
	Name   string // display_name
	Type   string // swatch, rectangles, dropdown, radio_buttons
	Values []OptionValue
}

// Modifier is a choice that makes no variants.
type Modifier struct {
	ID       int64
	Name     string
	Type     string // checkbox, text, dropdown
	Required bool
}

// Variant is one combination of option values; a product without options has
// one, its base variant. Amounts and Weight are decimals; "" inherits the
// product's and is sent as null.
type Variant struct {
	ID                 int64
	SKU                string
	SKUID              int64 // the legacy V2 id; 0 (sent as null) for the base variant
	Price              string
	SalePrice          string
	CostPrice          string
	RetailPrice        string
	Weight             string
	UPC, MPN, GTIN     string
	ImageURL           string
	PurchasingDisabled bool
	Values             []int64 // ids of the chosen values, one per option
	Levels             []Level // stock where the product's tracking is variant

	// Other holds members that have no field here and differ from their
	// default, such as width, as JSON without spaces.
	Other map[string]json.RawMessage
}

// Image is a picture of a product.
type Image struct {
	ID          int64
	File        string // path below the store's image host
	Description string
	Thumbnail   bool
	SortOrder   int
	ModifiedAt  time.Time
}

// CustomField is a name and a value shown with a product.
type CustomField struct {
	ID          int64
	Name, Value string
}

// Product is a product as the store knows it. Amounts are decimals in the
// store's currency, before trailing zeros are cut as the API does.
type Product struct {
	ID                int64
	Name              string
	Type              string // physical, digital
	SKU               string // of the product; for a simple one also its base variant's
	Description       string // HTML
	Price             string
	CostPrice         string // "0" for unknown
	RetailPrice       string
	SalePrice         string // "0" for none
	Weight            string
	Categories        []int64
	BrandID           int64  // 0 for none
	Tracking          string // inventory_tracking: none, product, variant
	WarningLevel      int
	Visible, Featured bool
	FreeShipping      bool
	Availability      string // available, disabled, preorder
	UPC, MPN, GTIN    string
	URL               string // path of custom_url
	Condition         string // New, Used, Refurbished
	Keywords          string
	MetaKeywords      []string
	SortOrder         int
	TotalSold         int
	Channels          []int64
	Images            []Image
	Options           []Option
	Modifiers         []Modifier
	Variants          []Variant // never empty
	CustomFields      []CustomField
	Levels            []Level   // stock where Tracking is product
	PreorderAt        time.Time // zero for none
	CreatedAt         time.Time
	ModifiedAt        time.Time

	// Other holds members that have no field here and differ from their
	// default, such as page_title, as JSON without spaces.
	Other map[string]json.RawMessage
}

// Simple says whether the product has no options, so that its only variant is
// the base variant.
func (p *Product) Simple() bool { return len(p.Options) == 0 }

// InventoryLevel is what the catalog shows as inventory_level: the stock of all
// locations, of all variants where those are tracked, and 0 without tracking.
// The vendor's documents contradict each other here.
func (p *Product) InventoryLevel() int {
	sum := 0
	switch p.Tracking {
	case "product":
		sum = onHand(p.Levels)
	case "variant":
		for i := range p.Variants {
			sum += onHand(p.Variants[i].Levels)
		}
	}
	return sum
}

func onHand(levels []Level) int {
	sum := 0
	for _, l := range levels {
		sum += l.OnHand
	}
	return sum
}

func (p *Product) variant(id int64) *Variant {
	for i := range p.Variants {
		if p.Variants[i].ID == id {
			return &p.Variants[i]
		}
	}
	return nil
}

func (p *Product) clone() *Product {
	c := *p
	c.Categories, c.Channels = slices.Clone(p.Categories), slices.Clone(p.Channels)
	c.MetaKeywords, c.Images = slices.Clone(p.MetaKeywords), slices.Clone(p.Images)
	c.Modifiers, c.CustomFields = slices.Clone(p.Modifiers), slices.Clone(p.CustomFields)
	c.Levels, c.Options = slices.Clone(p.Levels), slices.Clone(p.Options)
	for i := range c.Options {
		c.Options[i].Values = slices.Clone(c.Options[i].Values)
	}
	c.Variants = slices.Clone(p.Variants)
	c.Other = maps.Clone(p.Other)
	for i := range c.Variants {
		c.Variants[i].Other = maps.Clone(c.Variants[i].Other)
		c.Variants[i].Values = slices.Clone(c.Variants[i].Values)
		c.Variants[i].Levels = slices.Clone(c.Variants[i].Levels)
	}
	return &c
}

// Address is an address of a customer.
type Address struct {
	ID                  int64
	FirstName, LastName string
	Company, Phone      string
	Street1, Street2    string
	City, State, Zip    string
	CountryCode         string // ISO 3166 two letters
	Type                string // residential, commercial
}

// Customer is a registered buyer.
type Customer struct {
	ID                  int64
	Email               string
	FirstName, LastName string
	Company, Phone      string
	Notes               string
	GroupID             int64 // 0 for none
	StoreCredit         string
	AcceptsMarketing    bool
	ChannelIDs          []int64
	Addresses           []Address
	CreatedAt           time.Time
	ModifiedAt          time.Time
}

func (c *Customer) clone() *Customer {
	d := *c
	d.ChannelIDs, d.Addresses = slices.Clone(c.ChannelIDs), slices.Clone(c.Addresses)
	return &d
}

// Location is where stock is kept.
type Location struct {
	ID      int64
	Code    string
	Label   string
	Type    string // PHYSICAL, VIRTUAL
	Enabled bool
	Default bool
	Address Address
	Email   string
}
