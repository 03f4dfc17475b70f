package sallatest

import (
	"maps"
	"slices"
	"time"
)

// Ref names a category, brand, tag or other small object.
type Ref struct {
	ID   int64
	Name string
}

// Image is a picture or a video of a product.
type Image struct {
	ID       int64
	URL      string
	Main     bool
	Alt      string
	Sort     int
	Type     string // "image" or "video"
	VideoURL string
}

// OptionValue is one choice of an Option.
type OptionValue struct {
	ID      int64
	Name    string
	Price   string // surcharge, decimal
	Default bool
}

// Option is something a buyer chooses, such as a colour.
type Option struct {
	ID     int64
	Name   string
	Type   string // "radio" ...
	Values []OptionValue

	Description string // may be empty
}

// Variant is one combination of option values, called sku by the API.
type Variant struct {
	ID           int64
	SKU          string // may be empty or repeated
	Barcode      string
	Price        string // decimal
	RegularPrice string // decimal
	SalePrice    string // decimal, "" for none
	CostPrice    string // decimal
	Quantity     int
	Unlimited    bool
	Sold         int
	Options      []int64 // ids of the options
	Values       []int64 // ids of the chosen values, one per option
	Weight       string  // decimal, in the product's WeightType
	MPN          string  // "" takes the product's
	GTIN         string  // "" takes the product's
	// Branches is Quantity by the ids of branches. The stock is spread evenly
	// where it is nil or does not add up.
	Branches map[int64]int
}

// Product is a product as the store knows it. Amounts are decimals in Currency.
type Product struct {
	ID           int64
	Type         string // product, service, digital, codes, food, booking, donating, group_products
	Name         string // Arabic
	NameEN       string // sent for Accept-Language: en; "" means Name
	Description  string
	SKU          string // may be empty or repeated
	MPN          string
	GTIN         string
	Currency     string
	Price        string // what a buyer pays now: the sale price while there is one
	RegularPrice string
	SalePrice    string // "" for none
	CostPrice    string // "" for unknown
	WithTax      bool
	Quantity     int
	Unlimited    bool
	Sold         int
	Status       string // sale, out, hidden
	Weight       string // decimal
	WeightType   string // kg, g
	Images       []Image
	Options      []Option
	Variants     []Variant
	Categories   []Ref
	Brand        *Ref // nil for none
	Tags         []Ref
	Channels     []string
	SaleEnd      string // YYYY-MM-DD, "" for none
	Promotion    string // label on the main image
	Subtitle     string
	MetaTitle    string // for search engines; "" means Name
	MetaText     string
	Branches     map[int64]int // as in Variant; unused with variants
	UpdatedAt    time.Time

	index  int
	wanted string // status it gets once it has an image and stock; "" when it is not held back
	made   int    // options, values, variants and images made since the seed, for their ids
}

func (p *Product) clone() *Product {
	c := *p
	c.Images = slices.Clone(p.Images)
	c.Options = slices.Clone(p.Options)
	for i := range c.Options {
		c.Options[i].Values = slices.Clone(c.Options[i].Values)
	}
	c.Variants = slices.Clone(p.Variants)
	for i := range c.Variants {
		c.Variants[i].Options = slices.Clone(c.Variants[i].Options)
		c.Variants[i].Values = slices.Clone(c.Variants[i].Values)
		c.Variants[i].Branches = maps.Clone(c.Variants[i].Branches)
	}
	c.Branches = maps.Clone(p.Branches)
	c.Categories, c.Tags = slices.Clone(p.Categories), slices.Clone(p.Tags)
	c.Channels = slices.Clone(p.Channels)
	if p.Brand != nil {
		b := *p.Brand
		c.Brand = &b
	}
	return &c
}

// Customer is a registered buyer.
type Customer struct {
	ID          int64
	FirstName   string
	LastName    string
	Mobile      int64  // without the country's code
	MobileCode  string // "+966", or "966"
	Email       string // may be empty
	Gender      string // may be empty
	Birthday    time.Time
	City        string
	Country     string
	CountryCode string // SA; some records have it in lower case or empty
	Currency    string
	Location    string
	Language    string
	Groups      []int64
	Blocked     bool
	BlockReason string
	CreatedAt   time.Time
	UpdatedAt   time.Time

	index int
}

func (c *Customer) clone() *Customer {
	d := *c
	d.Groups = slices.Clone(c.Groups)
	return &d
}

// Branch is a branch or warehouse.
type Branch struct {
	ID      int64
	Name    string
	Code    string
	Status  string // active, inactive
	Type    string // branch, warehouse
	Default bool
	Open    bool
	Phone   string
	Address Address
}

// Quantity is the stock of a product without variants, or of one variant.
type Quantity struct {
	ProductID int64
	VariantID int64 // 0 for a product without variants
	SKU       string
	Quantity  int
	Sold      int
	Unlimited bool
}

// Subscription is a webhook registered through the API.
type Subscription struct {
	ID       int64
	Name     string
	Event    string
	URL      string
	Version  int
	Rule     string
	Headers  map[string]string
	Strategy string // signature, token or ""
	Secret   string
}

func (s Subscription) clone() Subscription {
	s.Headers = maps.Clone(s.Headers)
	return s
}
