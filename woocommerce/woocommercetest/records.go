package woocommercetest

import (
	"slices"
	"time"
)

// Term is a category, tag, brand or attribute value. Names are as the store
// keeps them, with HTML entities.
type Term struct {
	ID     int64
	Name   string
	Slug   string
	Parent int64
}

// Meta is one entry of meta_data. Value is JSON as the store sends it.
type Meta struct {
	ID    int64
	Key   string
	Value string
}

// Image is a picture of a product.
type Image struct {
	ID   int64
	Src  string
	Name string
	Alt  string
	At   time.Time
}

// Dimensions are decimals in the store's unit, or empty.
type Dimensions struct{ Length, Width, Height string }

// Attribute is something a product has, such as a colour.
type Attribute struct {
	ID        int64 // 0 for one the product has alone
	Name      string
	Slug      string
	Position  int
	Visible   bool
	Variation bool // variations differ in it
	Options   []string
}

// Choice is the value a variation has of an attribute. An attribute with any
// value is left out.
type Choice struct {
	ID     int64
	Name   string
	Slug   string
	Option string
}

// StockParent as Variation.ManageStock means that the product's stock counts.
const StockParent = "parent"

// Variation is one combination of a variable product. Prices are decimals.
type Variation struct {
	ID             int64
	SKU            string // "" is sent as the product's
	GlobalUniqueID string
	Description    string
	RegularPrice   string
	SalePrice      string // "" for none
	SaleFrom       time.Time
	SaleTo         time.Time
	Status         string // publish, private, trash
	Virtual        bool
	ManageStock    string // "true", "false" or StockParent
	StockQuantity  int    // counts with ManageStock "true"
	StockStatus    string // counts with ManageStock "false"
	Backorders     string // no, notify, yes
	Weight         string
	Dimensions     Dimensions
	Image          *Image // nil for none
	Choices        []Choice
	MenuOrder      int
	Meta           []Meta
	CreatedAt      time.Time
	ModifiedAt     time.Time
	asleep         bool // the sale was not on when it was stored
}

func (v *Variation) clone() Variation {
	c := *v
	c.Choices, c.Meta = slices.Clone(v.Choices), slices.Clone(v.Meta)
	if v.Image != nil {
		i := *v.Image
		c.Image = &i
	}
	return c
}

// Product is a product as the store keeps it. Prices are decimals in the
// store's currency, kept as they were typed.
type Product struct {
	ID                int64
	Name              string // with HTML entities
	Slug              string
	Type              string // simple, variable, grouped, external, or a plugin's own
	Status            string // publish, draft, pending, private, future, trash
	Featured          bool
	CatalogVisibility string
	Description       string // HTML
	ShortDescription  string // HTML
	SKU               string // unique, or empty
	GlobalUniqueID    string
	RegularPrice      string // "" of a variable product
	SalePrice         string // "" for none
	SaleFrom, SaleTo  time.Time
	TotalSales        int
	Virtual           bool
	Downloadable      bool
	ExternalURL       string
	ButtonText        string
	TaxStatus         string
	TaxClass          string
	ManageStock       bool
	StockQuantity     int    // counts with ManageStock
	StockStatus       string // counts without ManageStock
	Backorders        string // no, notify, yes
	LowStock          *int
	SoldIndividually  bool
	Weight            string
	Dimensions        Dimensions
	ReviewsAllowed    bool
	UpsellIDs         []int64
	CrossSellIDs      []int64
	PurchaseNote      string
	Categories        []Term
	Tags              []Term
	Brands            []Term
	Images            []Image
	Attributes        []Attribute
	Defaults          []Choice
	GroupedIDs        []int64
	MenuOrder         int
	Meta              []Meta
	Variations        []Variation
	CreatedAt         time.Time
	ModifiedAt        time.Time
	statusBefore      string // of a trashed product
	asleep            bool   // the sale was not on when it was stored
}

func (p *Product) clone() *Product {
	c := *p
	c.UpsellIDs, c.CrossSellIDs, c.GroupedIDs = slices.Clone(p.UpsellIDs), slices.Clone(p.CrossSellIDs), slices.Clone(p.GroupedIDs)
	c.Categories, c.Tags, c.Brands = slices.Clone(p.Categories), slices.Clone(p.Tags), slices.Clone(p.Brands)
	c.Images, c.Defaults, c.Meta = slices.Clone(p.Images), slices.Clone(p.Defaults), slices.Clone(p.Meta)
	c.Attributes = slices.Clone(p.Attributes)
	for i := range c.Attributes {
		c.Attributes[i].Options = slices.Clone(p.Attributes[i].Options)
	}
	c.Variations = slices.Clone(p.Variations)
	for i := range c.Variations {
		c.Variations[i] = p.Variations[i].clone()
	}
	if p.LowStock != nil {
		n := *p.LowStock
		c.LowStock = &n
	}
	return &c
}

// Price is what a buyer pays: the sale price while there is a sale, of a
// variable product the lowest of its variations.
func (p *Product) Price() string {
	if p.Type != "variable" {
		return activePrice(p.RegularPrice, p.sale())
	}
	low := ""
	for i := range p.Variations {
		v := &p.Variations[i]
		at := v.price()
		if v.Status == "publish" && at != "" && (low == "" || lessDecimal(at, low)) {
			low = at
		}
	}
	return low
}

// sale is the sale price in effect. The store works that out when it stores a
// product, and else once a day.
func (p *Product) sale() string { return awake(p.SalePrice, p.asleep) }

func (v *Variation) sale() string { return awake(v.SalePrice, v.asleep) }

func (v *Variation) price() string { return activePrice(v.RegularPrice, v.sale()) }

func awake(sale string, asleep bool) string {
	if asleep {
		return ""
	}
	return sale
}

// asleep says whether a sale between two times is not on.
func asleep(from, to, now time.Time) bool {
	return from.After(now) || !to.IsZero() && to.Before(now)
}

func activePrice(regular, sale string) string {
	if sale != "" {
		return sale
	}
	return regular
}

// Stock returns the stock status sent: derived where the quantity is managed.
func (p *Product) Stock() string {
	if !p.ManageStock {
		return p.StockStatus
	}
	return stockStatus(p.StockQuantity, p.Backorders)
}

func stockStatus(quantity int, backorders string) string {
	switch {
	case quantity > 0:
		return "instock"
	case backorders == "yes" || backorders == "notify":
		return "onbackorder"
	}
	return "outofstock"
}

// Customer is a user of the shop. Role customer unless it is one of the staff.
type Customer struct {
	ID         int64
	Email      string
	FirstName  string
	LastName   string
	Role       string
	Username   string
	Billing    Address
	Shipping   Address
	Paying     bool
	Meta       []Meta
	CreatedAt  time.Time
	ModifiedAt time.Time // zero when the record was never changed: sent as null
}

func (c *Customer) clone() *Customer {
	d := *c
	d.Meta = slices.Clone(c.Meta)
	return &d
}

// Address is a postal address. Shipping addresses carry no e-mail.
type Address struct {
	FirstName, LastName, Company          string
	Address1, Address2                    string
	City, State, Postcode, Country, Email string
	Phone                                 string
}

// Subscription is a webhook of the store, with what the API never tells.
type Subscription struct {
	ID           int64
	Name         string
	Status       string // active, paused, disabled
	Topic        string
	DeliveryURL  string
	Secret       string
	UserID       int64 // whose rights the payload is built with
	FailureCount int   // consecutive failures; a seventh disables
	Pending      bool  // no ping was answered 200 yet
	CreatedAt    time.Time
	ModifiedAt   time.Time
}
