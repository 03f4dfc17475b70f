package catalog

import "time"

// Shop is what a store says of itself.
type Shop struct {
	Record
	ID            string    `json:"id"`
	Name          string    `json:"name"`
	Domain        string    `json:"domain,omitempty"` // the platform's own name for it, such as acme.myshopify.com
	URL           string    `json:"url,omitempty"`    // where shoppers go
	Email         string    `json:"email,omitempty"`
	Currency      string    `json:"currency,omitempty"` // of settlement, ISO 4217
	TimeZone      string    `json:"time_zone,omitempty"`
	CountryCode   string    `json:"country_code,omitempty"`
	WeightUnit    string    `json:"weight_unit,omitempty"`
	TaxesIncluded bool      `json:"taxes_included"`
	Plan          string    `json:"plan,omitempty"` // native word
	Test          bool      `json:"test,omitempty"` // a development or demo store
	CreatedAt     time.Time `json:"created_at,omitzero"`
}

// Clone returns a shop that shares no memory with its answer.
func (s Shop) Clone() Shop { s.Record = s.Record.clone(); return s }

// Location is a place that holds stock: warehouse, branch or source.
type Location struct {
	Record
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Active   bool     `json:"active"`
	Address  *Address `json:"address,omitempty"`
	Ships    bool     `json:"ships"`    // takes part in delivering online orders
	Fallback bool     `json:"fallback"` // the one place of platforms without locations
}

// Clone returns a location that no longer keeps its page in memory.
func (l Location) Clone() Location { l.Record = l.Record.clone(); return l }

// InventoryLevel is the stock of one item at one location. Quantities the
// platform does not tell are nil.
type InventoryLevel struct {
	Record
	// ItemID is what stock is kept under: Shopify's inventory item, elsewhere
	// the variant or product. VariantID and ProductID are set where known.
	ItemID     string    `json:"item_id"`
	VariantID  string    `json:"variant_id,omitempty"`
	ProductID  string    `json:"product_id,omitempty"`
	SKU        string    `json:"sku,omitempty"`
	LocationID string    `json:"location_id,omitempty"` // "" on platforms without locations
	Tracked    bool      `json:"tracked"`
	Available  *Quantity `json:"available,omitempty"` // can be sold
	OnHand     *Quantity `json:"on_hand,omitempty"`   // physically there
	Committed  *Quantity `json:"committed,omitempty"` // sold, not yet shipped
	Incoming   *Quantity `json:"incoming,omitempty"`
	UpdatedAt  time.Time `json:"updated_at,omitzero"`
}

// Clone returns a level that no longer keeps its page in memory.
func (l InventoryLevel) Clone() InventoryLevel { l.Record = l.Record.clone(); return l }
