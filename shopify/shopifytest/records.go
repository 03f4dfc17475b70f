package shopifytest

import "time"

// Money is an amount in the shop's currency beside the same amount as the
// shopper saw it. Amounts are decimal text as the platform sends it; "" means
// that the platform has no such amount (null).
type Money struct {
	Shop        string
	Presentment string
}

// Product is one product of the server's truth. A zero time is null on the
// wire. Values handed out by the server are copies and may be kept.
type Product struct {
	ID              int64 // numeric id; 0 lets AddProduct choose one
	Title           string
	Handle          string // "" lets AddProduct derive one from the title
	DescriptionHTML string
	Vendor          string
	ProductType     string
	Status          string // ACTIVE, ARCHIVED, DRAFT, UNLISTED; "" is ACTIVE
	Tags            []string
	Category        string // full taxonomy name, "" = none
	SEOTitle        string // "" = null
	SEODescription  string // "" = null
	GiftCard        bool
	CreatedAt       time.Time
	UpdatedAt       time.Time
	PublishedAt     time.Time // zero = unpublished
	Options         []Option
	Variants        []Variant
	Media           []Media
	Metafields      []Metafield
}

// Metafield is a value an app attached to a product.
type Metafield struct {
	ID                          int64
	Namespace, Key, Type, Value string
}

// Option is one option of a product, such as Size.
type Option struct {
	ID     int64
	Name   string
	Values []string
}

// Variant is one variant of a product together with its inventory item.
type Variant struct {
	ID              int64
	Title           string // "Default Title" where the product has one variant only
	SKU             string // may be empty, need not be unique
	Barcode         string // "" = null
	Price           string
	CompareAtPrice  string // "" = null
	Position        int    // from 1
	InventoryPolicy string // DENY or CONTINUE; "" is DENY
	Taxable         bool
	Options         []SelectedOption
	CreatedAt       time.Time
	UpdatedAt       time.Time
	MediaID         int64 // 0 = no image of its own
	Item            InventoryItem
}

// SelectedOption is a variant's value of one option.
type SelectedOption struct{ Name, Value string }

// InventoryItem is the stock keeping side of a variant.
type InventoryItem struct {
	ID               int64
	Tracked          bool
	RequiresShipping bool
	Weight           float64
	WeightUnit       string // GRAMS, KILOGRAMS, OUNCES, POUNDS; "" is KILOGRAMS
	UnitCost         string // "" = null
	CreatedAt        time.Time
	UpdatedAt        time.Time
	Levels           []InventoryLevel // one per location that stocks the item
}

// InventoryLevel is the stock of one item at one location.
type InventoryLevel struct {
	ID         int64
	ItemID     int64
	LocationID int64
	Available  int
	Committed  int
	Incoming   int
	Reserved   int
	UpdatedAt  time.Time
}

// OnHand is what lies on the shelf: available, committed and reserved.
func (l InventoryLevel) OnHand() int { return l.Available + l.Committed + l.Reserved }

// Media is an image or an external video of a product.
type Media struct {
	ID            int64
	ContentType   string // IMAGE or EXTERNAL_VIDEO; "" is IMAGE
	Alt           string // "" = null
	URL           string // "" while the file is still being processed
	Width, Height int
	Status        string // READY, PROCESSING, FAILED, UPLOADED; "" is READY
}

// Location is a place that holds stock.
type Location struct {
	ID        int64
	Name      string
	Active    bool
	Address   Address
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Address is a postal address; every text may be empty (null).
type Address struct {
	ID                           int64
	FirstName, LastName, Company string
	Address1, Address2           string
	City, Province, ProvinceCode string
	Country, CountryCode, Zip    string
	Phone                        string
}

// Customer is one customer of the shop.
type Customer struct {
	ID             int64
	FirstName      string // "" = null
	LastName       string // "" = null
	Email          string // "" = null
	Phone          string // "" = null
	Note           string // "" = null
	Tags           []string
	State          string // DISABLED, INVITED, ENABLED, DECLINED; "" is DISABLED
	Locale         string // "" is en
	TaxExempt      bool
	VerifiedEmail  bool
	MarketingState string // SUBSCRIBED, NOT_SUBSCRIBED, ...; "" is NOT_SUBSCRIBED
	NumberOfOrders int64
	AmountSpent    string // "" is 0.0
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Addresses      []Address // the first is the default address
}

// Event is one entry of the shop's history, such as a deletion.
type Event struct {
	ID          int64
	Action      string // destroy, create, ...
	SubjectType string // PRODUCT, ORDER, CUSTOMER
	SubjectID   int64
	Message     string // "" is made of the action
	AppTitle    string // "" = a person did it
	CreatedAt   time.Time
}
