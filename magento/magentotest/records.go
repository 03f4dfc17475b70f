package magentotest

import (
	"maps"
	"slices"
	"time"
)

// Product types.
const (
	TypeSimple       = "simple"
	TypeVirtual      = "virtual"
	TypeConfigurable = "configurable"
	TypeBundle       = "bundle"
	TypeGrouped      = "grouped"
	TypeDownloadable = "downloadable"
)

// Product is one row of the products list. The variants of a configurable
// product are products of their own, named in Children. Amounts are decimals
// in the base currency.
type Product struct {
	ID             int64
	SKU            string
	Name           string
	Type           string // one of the constants
	AttributeSetID int
	Price          string // "" leaves the field out, as parents without a price do
	Status         int    // 1 enabled, 2 disabled
	Visibility     int    // 1 not visible, 2 catalog, 3 search, 4 both
	Weight         string // "" leaves the field out
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Websites       []int64
	Categories     []int64
	Options        []Option       // of a configurable product
	Children       []int64        // ids of the variants of a configurable product
	Bundle         []BundleOption // of a bundle
	Links          []Link         // related products, parts of a grouped product
	CustomOptions  []CustomOption // what a customer fills in
	Media          []Media
	TierPrices     []TierPrice
	Attributes     []Attribute // custom_attributes, in the order they are sent
	Unmanaged      bool        // its stock is not counted: it can always be sold
	// Scoped holds texts and prices of store views that differ from the ones
	// for all, by store code and attribute code: name, price, status,
	// visibility, or the code of an attribute.
	Scoped map[string]map[string]string

	index int
}

// Attribute is one entry of custom_attributes.
type Attribute struct {
	Code  string
	Value string   // numbers are texts like "29.990000"
	List  []string // if not nil, the value is this array
}

// Option is an attribute a configurable product's variants differ in.
type Option struct {
	ID          int64
	AttributeID int64
	Code        string // of the attribute; not sent
	Label       string
	Position    int
	Values      []int64 // ids of the attribute's options
}

// BundleOption is one choice of a bundle.
type BundleOption struct {
	ID       int64
	Title    string
	Required bool
	Links    []BundleLink
}

// BundleLink is one product a bundle's choice offers.
type BundleLink struct {
	ID  int64
	SKU string
	Qty string
}

// Link points from a product to another.
type Link struct {
	Type       string // related, upsell, crosssell, associated
	SKU        string
	LinkedType string // product type
	Position   int
}

// CustomOption is a field a customer fills in.
type CustomOption struct {
	ID    int64
	Title string
	Type  string // field, area, drop_down, ...
	Price string
}

// Media is one entry of the gallery.
type Media struct {
	ID       int64
	Type     string // image or external-video
	Label    string // "" is sent as null
	Position int
	Disabled bool
	Types    []string // image, small_image, thumbnail, swatch_image
	File     string   // "/m/b/mb01.jpg", below catalog/product of the media URL
}

// TierPrice is a price for a quantity and a customer group.
type TierPrice struct {
	GroupID int64 // 32000 is all groups
	Qty     string
	Value   string
}

// Attribute returns the value of a custom attribute, or "".
func (p *Product) Attribute(code string) string {
	for _, a := range p.Attributes {
		if a.Code == code {
			return a.Value
		}
	}
	return ""
}

// SetAttribute changes or adds a custom attribute.
func (p *Product) SetAttribute(code, value string) {
	for i := range p.Attributes {
		if p.Attributes[i].Code == code {
			p.Attributes[i] = Attribute{Code: code, Value: value}
			return
		}
	}
	p.Attributes = append(p.Attributes, Attribute{Code: code, Value: value})
}

// scoped returns the value of an attribute in a store view.
func (p *Product) scoped(store, code, def string) string {
	if v, ok := p.Scoped[store][code]; ok {
		return v
	}
	return def
}

func (p *Product) clone() *Product {
	c := *p
	c.Websites, c.Categories, c.Children = slices.Clone(p.Websites), slices.Clone(p.Categories), slices.Clone(p.Children)
	c.Options, c.Links, c.CustomOptions = slices.Clone(p.Options), slices.Clone(p.Links), slices.Clone(p.CustomOptions)
	for i := range c.Options {
		c.Options[i].Values = slices.Clone(c.Options[i].Values)
	}
	c.Bundle = slices.Clone(p.Bundle)
	for i := range c.Bundle {
		c.Bundle[i].Links = slices.Clone(c.Bundle[i].Links)
	}
	c.Media, c.TierPrices, c.Attributes = slices.Clone(p.Media), slices.Clone(p.TierPrices), slices.Clone(p.Attributes)
	c.Scoped = maps.Clone(p.Scoped)
	for code, values := range c.Scoped {
		c.Scoped[code] = maps.Clone(values)
	}
	return &c
}

// Customer is a registered customer.
type Customer struct {
	ID              int64
	GroupID         int64
	Email           string
	FirstName       string
	LastName        string
	Birthday        string // "1990-04-05"; "" leaves it out
	Gender          int64  // 0 leaves it out, 1 male, 2 female, 3 not specified
	StoreID         int64
	WebsiteID       int64
	CreatedIn       string
	CreatedAt       time.Time
	UpdatedAt       time.Time
	DefaultBilling  int64 // id of an address; 0 for none
	DefaultShipping int64
	Addresses       []Address
	Attributes      []Attribute

	index int
}

// Address is an address of a customer or an order.
type Address struct {
	ID         int64
	FirstName  string
	LastName   string
	Company    string
	Street     []string
	City       string
	Region     string
	RegionCode string
	RegionID   int64 // 0 where the country has no list of regions
	Postcode   string
	CountryID  string
	Telephone  string
}

func (c *Customer) clone() *Customer {
	n := *c
	n.Addresses, n.Attributes = slices.Clone(c.Addresses), slices.Clone(c.Attributes)
	for i := range n.Addresses {
		n.Addresses[i].Street = slices.Clone(n.Addresses[i].Street)
	}
	return &n
}

// SourceItem is the physical stock of a SKU at a source.
type SourceItem struct {
	SKU      string
	Source   string
	Quantity string // decimal
	Status   int    // 1 in stock, 0 out of stock
}

// Source is a place stock is kept at.
type Source struct {
	Code      string
	Name      string
	Enabled   bool
	CountryID string
	City      string
	Street    string
	Postcode  string
	Latitude  string
	Longitude string
}
