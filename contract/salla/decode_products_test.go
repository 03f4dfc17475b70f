package salla_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
)

// asList makes a list of an answer with one record.
func asList(status string) func(testing.TB, sample) json.RawMessage {
	return func(t testing.TB, s sample) json.RawMessage {
		return envelope("[" + string(records(t, s.Responses[status])[0]) + "]")
	}
}

// member wraps a single record of a file as the answer of a product.
func member(name string) func(testing.TB, sample) json.RawMessage {
	return func(_ testing.TB, s sample) json.RawMessage { return envelope(string(s.members[name])) }
}

// listed wraps it as a list, on the page the file says.
func listed(_ testing.TB, s sample) json.RawMessage {
	return json.RawMessage(`{"status":200,"success":true,"data":[` + string(s.members["item"]) + `],"pagination":` + string(s.members["pagination"]) + `}`)
}

// variantsIn puts variants into the product they belong to.
func variantsIn(t testing.TB, s sample) json.RawMessage {
	rows := records(t, s.Responses["200"])
	if len(rows) != 1 {
		t.Fatalf("%d variants", len(rows))
	}
	return envelope(`{"id":1,"status":"sale","is_available":true,"options":[{"id":2,"name":"Size","values":[{"id":667315336,"name":"Large"}]}],"skus":[` + string(rows[0]) + `]}`)
}

func readProduct(ctx context.Context, e *salla.Engine) ([]any, error) {
	return one(e.Product(ctx, "1"))
}

func readProducts(ctx context.Context, e *salla.Engine) ([]any, error) {
	return some(catalog.Collect(e.Products(ctx, catalog.ProductQuery{})))
}

// Its variant's regular price is 0: there is no sale. It names values of
// options the trimmed sample has not.
const product = `
	ID {id}
	Title {name}
	Type {type}
	Status active
	NativeStatus {status}
	URL {urls.customer}
	UpdatedAt {@updated_at}
	Categories.0.ID {categories.0.id}
	Categories.0.Name {categories.0.name}
	Options.0.ID {options.0.id}
	Options.0.Name {options.0.name}
	Options.0.Values.0 {options.0.values.0.name}
	Images.0.ID {images.0.id}
	Images.0.URL {images.0.url}
	Images.0.Alt {images.0.alt}
	Images.0.Kind {images.0.type}
	Images.0.Position 1
	Variants.0.ID {skus.0.id}
	Variants.0.InventoryItemID variant-{skus.0.id}
	Variants.0.SKU {skus.0.sku}
	Variants.0.Barcode {skus.0.barcode}
	Variants.0.Price {skus.0.price}
	Variants.0.Cost {skus.0.cost_price}
	Variants.0.Available true
	Variants.0.RequiresShipping true
	Variants.0.Taxable true
	Variants.0.Weight.Value {skus.0.weight}
	Variants.0.Weight.Unit {skus.0.weight_type}
	Variants.0.Position 1
`

const variantOf = `
	ID 1
	Status active
	NativeStatus sale
	Options.0.ID 2
	Options.0.Name Size
	Options.0.Values.0 Large
	Variants.0.ID {skus.0.id}
	Variants.0.InventoryItemID variant-{skus.0.id}
	Variants.0.Title Large
	Variants.0.SKU {skus.0.sku}
	Variants.0.Barcode {skus.0.barcode}
	Variants.0.Options.0.Name Size
	Variants.0.Options.0.Value Large
	Variants.0.Price {skus.0.price}
	Variants.0.Tracked true
	Variants.0.Quantity {skus.0.stock_quantity}
	Variants.0.Available true
	Variants.0.Weight.Value {skus.0.weight}
	Variants.0.Weight.Unit {skus.0.weight_type}
	Variants.0.Position 1
`

var productDecodings = []decoding{
	{file: "_product-list-item", answer: "alone", path: "/products/1", read: readProduct, body: member("item"), want: []string{product}, problems: missingValues},
	{file: "_product-list-item", answer: "listed", path: "/products", read: readProducts, body: listed, want: []string{product}, problems: missingValues},
	// The adapter asks for light products to count them only.
	{file: "_product-list-item", answer: "light", path: "/products/1", read: readProduct, body: member("item_light"), want: []string{`
		ID {id}
		Title {name}
		Type {type}
		Status sold_out
		NativeStatus {status}
		URL {url}
		Vendor {brand.name}
		Tags.0 {tags.0.name}
		Variants.0.ID {id}
		Variants.0.InventoryItemID product-{id}
		Variants.0.SKU {sku}
		Variants.0.Price {price}
		Variants.0.Tracked true
		Variants.0.Quantity {quantity}
		Variants.0.Position 1
	`}},
	{file: "list-product-variants", path: "/products/1", read: readProduct, body: variantsIn, want: []string{variantOf}},
	{file: "product-variant-details", path: "/products/1", read: readProduct, body: variantsIn, want: []string{variantOf + `
		Variants.0.Cost {skus.0.cost_price}
	`}},
}

// missingValues are the problems of the full product: its sample was trimmed,
// so its variant names two values of options it does not have.
var missingValues = []string{"skus.0.related_option_values", "skus.0.related_option_values"}

func TestProductSamplesAreDecoded(t *testing.T) {
	t.Parallel()
	all := samples(t)
	for _, d := range productDecodings {
		t.Run(d.file+" "+d.answer, func(t *testing.T) { d.check(t, all) })
	}
}
