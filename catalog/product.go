package catalog

import (
	"cmp"
	"time"
)

// ProductStatus says whether shoppers can buy a product.
type ProductStatus string

// The normalised product states.
const (
	// ProductActive is on sale.
	ProductActive ProductStatus = "active"
	// ProductDraft is not finished and not visible.
	ProductDraft ProductStatus = "draft"
	// ProductHidden can be bought by those who have its link, or is merely
	// not listed.
	ProductHidden ProductStatus = "hidden"
	// ProductSoldOut is visible but cannot be bought now.
	ProductSoldOut ProductStatus = "sold_out"
	// ProductArchived is kept for the record only.
	ProductArchived ProductStatus = "archived"
	// ProductStatusUnknown is a native word souk does not know; a Problem on
	// the product names it.
	ProductStatusUnknown ProductStatus = "unknown"
)

// Product is one article of a store with all its variants. A product without
// options has exactly one variant. Absent text is "", absent times are zero.
type Product struct {
	Record
	ID     string `json:"id"`
	Title  string `json:"title"`
	Handle string `json:"handle,omitempty"` // the last part of its address in the shop
	// Description is HTML as the merchant wrote it; sanitise it before showing.
	Description  string        `json:"description,omitempty"`
	Vendor       string        `json:"vendor,omitempty"`
	Type         string        `json:"type,omitempty"`
	Status       ProductStatus `json:"status"`
	NativeStatus string        `json:"native_status,omitempty"`
	Tags         []string      `json:"tags,omitempty"`
	Categories   []Category    `json:"categories,omitempty"`
	URL          string        `json:"url,omitempty"` // for shoppers; "" when not published
	Options      []Option      `json:"options,omitempty"`
	Variants     []Variant     `json:"variants"`
	Images       []Image       `json:"images,omitempty"`
	CreatedAt    time.Time     `json:"created_at,omitzero"`
	UpdatedAt    time.Time     `json:"updated_at,omitzero"`
	PublishedAt  time.Time     `json:"published_at,omitzero"`
}

// Clone returns a product that no longer keeps its page in memory.
func (p Product) Clone() Product { p.Record = p.Record.clone(); return p }

// Category is a group of products; ID or Name may be missing.
type Category struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// Option is a property shoppers choose, such as Size, with its values.
type Option struct {
	ID     string   `json:"id,omitempty"`
	Name   string   `json:"name"`
	Values []string `json:"values,omitempty"`
}

// OptionValue is one choice of a variant, such as Size: M.
type OptionValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Variant is one buyable form of a product.
type Variant struct {
	ID string `json:"id"`
	// InventoryItemID is what stock is kept under where that is not ID; see
	// ItemID.
	InventoryItemID string        `json:"inventory_item_id,omitempty"`
	Title           string        `json:"title,omitempty"`
	SKU             string        `json:"sku,omitempty"` // neither required nor unique on most platforms
	Barcode         string        `json:"barcode,omitempty"`
	Options         []OptionValue `json:"options,omitempty"`
	// Price is what shoppers pay now; CompareAtPrice is the crossed-out price,
	// absent when not on sale; Cost is what the merchant pays.
	Price          Money `json:"price,omitzero"`
	CompareAtPrice Money `json:"compare_at_price,omitzero"`
	Cost           Money `json:"cost,omitzero"`
	// Tracked says whether stock is counted. Quantity is the sellable stock
	// over all locations; nil when the platform does not say or it is
	// unlimited.
	Tracked  bool      `json:"tracked"`
	Quantity *Quantity `json:"quantity,omitempty"`
	// Available says whether it can be bought now, also beyond the stock.
	Available        bool      `json:"available"`
	RequiresShipping bool      `json:"requires_shipping"`
	Taxable          bool      `json:"taxable"`
	Weight           Weight    `json:"weight,omitzero"`
	Position         int       `json:"position,omitempty"`  // from 1; 0 when unknown
	ImageURL         string    `json:"image_url,omitempty"` // "" where the platform does not tell it in lists
	CreatedAt        time.Time `json:"created_at,omitzero"`
	UpdatedAt        time.Time `json:"updated_at,omitzero"`
}

// ItemID is the id that the variant's stock is kept under, for the writes and
// queries of stock: InventoryItemID, or ID where that is empty.
func (v Variant) ItemID() string { return cmp.Or(v.InventoryItemID, v.ID) }

// Weight is an exact decimal text with its unit; the zero value is unknown.
type Weight struct {
	Value string `json:"value"`
	Unit  string `json:"unit"` // g, kg, oz, lb, or the native word
}

// Image is a picture or other medium of a product.
type Image struct {
	ID  string `json:"id,omitempty"`
	URL string `json:"url,omitempty"` // "" while the platform still processes it
	Alt string `json:"alt,omitempty"`
	// Kind is "image", "video" or the native word for other media.
	Kind     string `json:"kind,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Position int    `json:"position,omitempty"` // from 1
}
