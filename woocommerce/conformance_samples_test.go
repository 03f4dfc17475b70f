package woocommerce_test

import (
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func day(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }

func amount(text, currency string) catalog.Money {
	m, err := catalog.NewMoney(text, currency)
	if err != nil {
		panic(err)
	}
	return m
}

func units(n int64) *catalog.Quantity {
	q := catalog.NewQuantity(n)
	return &q
}

// samples adds one record of each kind that is seeded, with everything filled
// that WooCommerce tells, and says how the adapter should tell it. Ids and
// times of change are the server's.
func samples(server *woocommercetest.Server, o catalogtest.Options) (s catalogtest.Samples) {
	sar := func(text string) catalog.Money { return amount(text, "SAR") }
	home, host := server.HomeURL(), server.HomeURL()[len("https://"):]
	if home[:5] == "http:" {
		host = home[len("http://"):]
	}
	s.Shop = catalog.Shop{ID: server.StoreURL(), Name: "متجر التجربة & Co", Domain: host, URL: home, Currency: "SAR",
		TimeZone: "Asia/Riyadh", CountryCode: "SA", WeightUnit: "kg"}
	s.Locations = []catalog.Location{{ID: "store", Name: "متجر التجربة & Co", Active: true, Ships: true, Fallback: true,
		Address: &catalog.Address{Line1: "طريق الملك فهد", City: "الرياض", PostalCode: "12211", CountryCode: "SA"}}}
	if o.Products > 0 {
		s.Products, s.Inventory = addProduct(server, sar)
	}
	if o.Orders > 0 {
		s.Orders = []catalog.Order{addOrder(server, s.Products)}
	}
	if o.Customers > 0 {
		billing := woocommercetest.Address{FirstName: "نورة", LastName: "García", Company: "Tom & Co", Address1: "1 St", Address2: "Fl 2", City: "Dubai", State: "Dubai Marina",
			Postcode: "73301", Country: "AE", Email: "bill@example.com", Phone: "+15550001"}
		shipping := woocommercetest.Address{FirstName: "Ali", Address1: "Main St", City: "Austin", State: "TX", Country: "US"}
		c := server.AddCustomer(woocommercetest.Customer{FirstName: "نورة", LastName: "García", Email: "Noura@Example.com", Username: "noura",
			Billing: billing, Shipping: shipping, CreatedAt: day(1, 8)})
		home := catalog.Address{Name: "نورة García", FirstName: "نورة", LastName: "García", Company: "Tom & Co", Line1: "1 St", Line2: "Fl 2", City: "Dubai",
			Province: "Dubai Marina", PostalCode: "73301", CountryCode: "AE", Phone: "+15550001"}
		s.Customers = []catalog.Customer{{ID: id(c.ID), Name: "نورة García", FirstName: "نورة", LastName: "García", Email: "Noura@Example.com",
			Phone: "+15550001", DefaultAddress: &home, Addresses: []catalog.Address{home,
				{Name: "Ali", FirstName: "Ali", Line1: "Main St", City: "Austin", ProvinceCode: "TX", CountryCode: "US"}},
			CreatedAt: day(1, 8), UpdatedAt: c.ModifiedAt}}
		if c.ModifiedAt.IsZero() {
			s.Customers[0].UpdatedAt = day(1, 8)
		}
	}
	return s
}

// addProduct adds a product of two variations, of which one keeps its own
// stock.
func addProduct(server *woocommercetest.Server, sar func(string) catalog.Money) ([]catalog.Product, []catalog.InventoryLevel) {
	p := server.AddProduct(woocommercetest.Product{
		Name: "قهوة &quot;Dark&quot; &amp; more ☕", Slug: "dark", Description: "<p>سمراء</p>", SKU: "DARK", ManageStock: true, StockQuantity: 12,
		Brands:     []woocommercetest.Term{{ID: 51, Name: "O&#039;Brien"}},
		Categories: []woocommercetest.Term{{ID: 81, Name: "Mugs &amp; Cups"}}, Tags: []woocommercetest.Term{{ID: 82, Name: "رمضان"}},
		Images:     []woocommercetest.Image{{ID: 71, Src: "https://cdn.example/1.jpg", Alt: "صورة", At: day(1, 1)}},
		Attributes: []woocommercetest.Attribute{{ID: 61, Name: "Size", Slug: "pa_size", Variation: true, Options: []string{"250 g", "1 kg"}}, {Name: "Origin", Options: []string{"Yemen"}}},
		Variations: []woocommercetest.Variation{
			{SKU: "DARK-250", GlobalUniqueID: "6280000000001", RegularPrice: "60.00", SalePrice: "49.50", ManageStock: "true", StockQuantity: 7, Weight: "0.25",
				Image: &woocommercetest.Image{ID: 72, Src: "https://cdn.example/2.jpg", At: day(1, 1)}, Choices: []woocommercetest.Choice{{ID: 61, Name: "Size", Slug: "pa_size", Option: "250 g"}}, CreatedAt: day(2, 1)},
			{RegularPrice: "00180.5", ManageStock: woocommercetest.StockParent, Virtual: true, Choices: []woocommercetest.Choice{{ID: 61, Name: "Size", Slug: "pa_size", Option: "1 kg"}}, CreatedAt: day(2, 1)},
		}, CreatedAt: day(1, 1),
	})
	first, second := id(p.Variations[0].ID), id(p.Variations[1].ID)
	product := catalog.Product{
		ID: id(p.ID), Title: `قهوة "Dark" & more ☕`, Handle: "dark", Description: "<p>سمراء</p>", Vendor: "O'Brien", Type: "variable",
		Status: catalog.ProductActive, NativeStatus: "publish", Tags: []string{"رمضان"}, Categories: []catalog.Category{{ID: "81", Name: "Mugs & Cups"}},
		URL: server.HomeURL() + "/product/dark/", Options: []catalog.Option{{ID: "61", Name: "Size", Values: []string{"250 g", "1 kg"}}},
		Variants: []catalog.Variant{
			{ID: first, Title: "250 g", SKU: "DARK-250", Barcode: "6280000000001", Options: []catalog.OptionValue{{Name: "Size", Value: "250 g"}},
				Price: sar("49.50"), CompareAtPrice: sar("60.00"), Tracked: true, Quantity: units(7), Available: true, RequiresShipping: true, Taxable: true,
				Weight: catalog.Weight{Value: "0.25", Unit: "kg"}, Position: 1, ImageURL: "https://cdn.example/2.jpg", CreatedAt: day(2, 1), UpdatedAt: p.Variations[0].ModifiedAt},
			{ID: second, InventoryItemID: id(p.ID), Title: "1 kg", SKU: "DARK", Options: []catalog.OptionValue{{Name: "Size", Value: "1 kg"}},
				Price: sar("180.5"), Tracked: true, Quantity: units(12), Available: true, Taxable: true, Position: 2, CreatedAt: day(2, 1), UpdatedAt: p.Variations[1].ModifiedAt},
		},
		Images:    []catalog.Image{{ID: "71", URL: "https://cdn.example/1.jpg", Alt: "صورة", Kind: "image", Position: 1}},
		CreatedAt: day(1, 1), UpdatedAt: p.ModifiedAt,
	}
	return []catalog.Product{product}, []catalog.InventoryLevel{
		{ItemID: id(p.ID), ProductID: id(p.ID), SKU: "DARK", Tracked: true, Available: units(12), UpdatedAt: p.ModifiedAt},
		{ItemID: first, VariantID: first, ProductID: id(p.ID), SKU: "DARK-250", Tracked: true, Available: units(7), UpdatedAt: p.Variations[0].ModifiedAt},
	}
}

// addOrder adds a paid order in euros of which a piece was given back.
func addOrder(server *woocommercetest.Server, products []catalog.Product) catalog.Order {
	address := woocommercetest.Address{FirstName: "Sara", LastName: "Khan", Company: "Co", Address1: "1 St", Address2: "Fl 2", City: "Dubai", State: "Dubai Emirate",
		Postcode: "13001", Country: "AE", Email: "sara@example.com", Phone: "+97150"}
	to := address
	to.Email, to.State = "", "Somewhere else"
	const line = 9_100_000_000_000_001 // does not survive a float64
	meta := woocommercetest.LineMeta{ID: 3, Key: "pa_size", Value: `"m"`, DisplayKey: "Size", DisplayValue: `"<p>M</p>"`}
	productID, variationID := int64(9_000_000_001), int64(9_000_000_002) // of a product that is gone
	want := catalog.LineItem{ID: "9100000000000001", Title: "Cup & Saucer - M"}
	if len(products) > 0 {
		p := products[0]
		want.Title, want.Variant, want.ProductID, want.VariantID, want.SKU = "Cup & Saucer", "M", p.ID, p.Variants[0].ID, p.Variants[0].SKU
		productID, variationID = number(want.ProductID), number(want.VariantID)
	}
	o := server.AddOrder(woocommercetest.Order{
		Number: "W-4100", Status: "completed", Currency: "EUR", DiscountTotal: "10.00", ShippingTotal: "5.00", CartTax: "13.50", TotalTax: "13.50", Total: "108.50",
		CustomerID: 92, Billing: address, Shipping: to, Method: "stripe", CreatedVia: "checkout", CustomerNote: "Leave it", StockReduced: true, PaidAt: day(3, 9), CompletedAt: day(4, 9), CreatedAt: day(3, 8),
		Meta: []woocommercetest.Meta{{ID: 1, Key: "gift", Value: `"yes"`}, {ID: 2, Key: "_hidden", Value: `"no"`}, {ID: 3, Key: "tree", Value: `{"a":1}`}},
		Items: []woocommercetest.LineItem{{ID: line, Name: "Cup &amp; Saucer - M", ParentName: "Cup &amp; Saucer", ProductID: productID, VariationID: variationID, Quantity: 3,
			Subtotal: "100.00", SubtotalTax: "15.00", Total: "90.00", TotalTax: "13.50", Meta: []woocommercetest.LineMeta{meta}}},
		ShippingLines: []woocommercetest.ExtraLine{{ID: 5, Title: "Flat &amp; fast", Method: "flat_rate", Total: "5.00"}},
		Refunds: []woocommercetest.Refund{{ID: 6, Amount: "30.00", Reason: "Broken &amp; late", CreatedAt: day(5, 1), Lines: []woocommercetest.LineItem{
			{ID: 7, Name: "Cup", Quantity: -1, Subtotal: "-30.00", SubtotalTax: "0", Total: "-30.00", TotalTax: "0",
				Meta: []woocommercetest.LineMeta{{ID: 8, Key: "_refunded_item_id", Value: `"9100000000000001"`}}}}}},
		Notes: []woocommercetest.Note{{ID: 9, Author: "admin", Text: "later", Customer: true, CreatedAt: day(6, 1)}, {ID: 10, Author: "WooCommerce", Text: "first", CreatedAt: day(5, 1)}},
	})
	eur := func(text string) catalog.DualMoney { return catalog.DualMoney{Store: amount(text, "EUR")} }
	bill := catalog.Address{Name: "Sara Khan", FirstName: "Sara", LastName: "Khan", Company: "Co", Line1: "1 St", Line2: "Fl 2", City: "Dubai", Province: "Dubai Emirate",
		PostalCode: "13001", CountryCode: "AE", Phone: "+97150"}
	want.Quantity, want.UnitPrice, want.Discount, want.Tax, want.Total = catalog.NewQuantity(3), eur("33.333333"), eur("10.00"), eur("13.50"), eur("90.00")
	want.Attributes = []catalog.Attribute{{Name: "Size", Value: "M"}}
	ship := bill
	ship.Province = "Somewhere else"
	return catalog.Order{
		ID: id(o.ID), Number: "W-4100", Status: catalog.OrderCompleted, NativeStatus: "completed", Payment: catalog.PaymentPartiallyRefunded, Fulfillment: catalog.FulfillmentDone,
		Currency: "EUR", Subtotal: eur("90.00"), Discount: eur("10.00"), Shipping: eur("5.00"), Tax: eur("13.50"), Total: eur("108.50"), CurrentTotal: eur("78.50"), Refunded: eur("30.00"),
		Customer: &catalog.OrderCustomer{ID: "92", Name: "Sara Khan", Email: "sara@example.com", Phone: "+97150"}, Email: "sara@example.com", Phone: "+97150",
		BillingAddress: &bill, ShippingAddress: &ship,
		LineItems:     []catalog.LineItem{want},
		ShippingLines: []catalog.ShippingLine{{ID: "5", Title: "Flat & fast", Code: "flat_rate", Price: eur("5.00")}},
		Refunds: []catalog.Refund{{ID: "6", Note: "Broken & late", Total: eur("30.00"), CreatedAt: day(5, 1),
			Lines: []catalog.RefundLine{{LineItemID: "9100000000000001", Quantity: catalog.NewQuantity(1), Subtotal: eur("30.00")}}}},
		Note: "Leave it", Attributes: []catalog.Attribute{{Name: "gift", Value: "yes"}}, PaymentMethods: []string{"stripe"}, Source: "checkout",
		CreatedAt: day(3, 8), UpdatedAt: o.ModifiedAt, ProcessedAt: day(3, 9), ClosedAt: day(4, 9),
	}
}

func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}
