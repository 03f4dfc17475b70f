package bigcommerce_test

import (
	"time"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

func day(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }

// samples adds one record of each kind that is seeded, with everything filled
// that BigCommerce tells, and says how the adapter should tell it. Ids and
// times of change are the server's.
func samples(server *bigcommercetest.Server, o catalogtest.Options) (s catalogtest.Samples) {
	s.Shop = catalog.Shop{ID: "abc123xyz", Name: "متجر الاختبار & Co", Domain: "shop-abc123xyz.example.com", URL: "https://shop-abc123xyz.example.com",
		Email: "owner@example.com", Currency: "SAR", TimeZone: "Asia/Riyadh", CountryCode: "SA", WeightUnit: "kg", Plan: "Standard"}
	s.Locations = []catalog.Location{{ID: "2", Name: "مستودع 2", Active: true, Ships: true,
		Address: &catalog.Address{Line1: "455 Main Street", City: "Austin", Province: "Texas", PostalCode: "78751", CountryCode: "US"}}}
	if o.Products > 0 {
		s.Products, s.Inventory = addProduct(server)
	}
	if o.Orders > 0 {
		s.Orders = []catalog.Order{addOrder(server)}
	}
	if o.Customers > 0 {
		c := server.AddCustomer(bigcommercetest.Customer{FirstName: "نورة", LastName: "García", Email: "Noura@Example.com", Phone: "+966500011111", Notes: "VIP\n2",
			GroupID: 2, CreatedAt: day(1, 8), Addresses: []bigcommercetest.Address{{FirstName: "نورة", LastName: "G", Company: "Acme", Phone: "+1", Street1: "1 St",
				Street2: "Fl 2", City: "Austin", State: "Texas", Zip: "78751", CountryCode: "US"}}})
		s.Customers = []catalog.Customer{{ID: id(c.ID), Name: "نورة García", FirstName: "نورة", LastName: "García", Email: "Noura@Example.com",
			Phone: "+966500011111", Note: "VIP\n2", GroupIDs: []string{"2"}, CreatedAt: day(1, 8), UpdatedAt: c.ModifiedAt,
			Addresses: []catalog.Address{{ID: id(c.Addresses[0].ID), Name: "نورة G", FirstName: "نورة", LastName: "G", Company: "Acme", Phone: "+1", Line1: "1 St",
				Line2: "Fl 2", City: "Austin", Province: "Texas", PostalCode: "78751", Country: "United States", CountryCode: "US"}}}}
	}
	return s
}

// addProduct adds a product on sale in two sizes, one of which has a price,
// a weight and a picture of its own.
func addProduct(server *bigcommercetest.Server) ([]catalog.Product, []catalog.InventoryLevel) {
	sar := func(text string) catalog.Money { return amount(text, "SAR") }
	p := server.AddProduct(bigcommercetest.Product{
		Name: "قهوة \"Dark\" ☕", Type: "physical", SKU: "DARK", Description: "<p>سمراء</p>", Price: "60", SalePrice: "49.5", CostPrice: "20.5", Weight: "0.25",
		Categories: []int64{20, 23}, BrandID: 38, Tracking: "variant", Visible: true, Availability: "preorder", URL: "/dark-coffee/", CreatedAt: day(1, 8),
		Images: []bigcommercetest.Image{{ID: 72, File: "b.jpg", SortOrder: 2}, {ID: 71, File: "a.jpg", Description: "صورة", SortOrder: 1, Thumbnail: true}},
		Options: []bigcommercetest.Option{{ID: 61, Name: "Size", Type: "dropdown", Values: []bigcommercetest.OptionValue{{ID: 62, Label: "250 g"}, {ID: 63, Label: "1 kg"}}},
			{ID: 64, Name: "Roast", Type: "dropdown", Values: []bigcommercetest.OptionValue{{ID: 65, Label: "Dark"}}}},
		Variants: []bigcommercetest.Variant{
			{SKU: "DARK-250", UPC: "012345678905", Values: []int64{62, 65}, Levels: []bigcommercetest.Level{{LocationID: 1, OnHand: 7, SafetyStock: 2}}},
			{SKU: "DARK-1000", UPC: "1", GTIN: "00012345678905", Price: "200.1234", CostPrice: "80", Weight: "1", ImageURL: "https://cdn.example/1.jpg",
				PurchasingDisabled: true, Values: []int64{63, 65}},
		},
	})
	small, large := id(p.Variants[0].ID), id(p.Variants[1].ID)
	image := func(number, file string) string {
		return "https://cdn11.bigcommerce.com/s-abc123xyz/products/" + id(p.ID) + "/images/" + number + "/" + file + "?c=1&size=zoom"
	}
	return []catalog.Product{{
			ID: id(p.ID), Title: "قهوة \"Dark\" ☕", Handle: "dark-coffee", Description: "<p>سمراء</p>", Vendor: "O'Neill & Söhne", Type: "physical",
			Status: catalog.ProductActive, NativeStatus: "preorder", URL: "https://shop-abc123xyz.example.com/dark-coffee/",
			Categories: []catalog.Category{{ID: "20", Name: "Garden"}, {ID: "23", Name: "Bags & Luggage"}},
			Options:    []catalog.Option{{ID: "61", Name: "Size", Values: []string{"250 g", "1 kg"}}, {ID: "64", Name: "Roast", Values: []string{"Dark"}}},
			Variants: []catalog.Variant{
				{ID: small, Title: "250 g / Dark", SKU: "DARK-250", Barcode: "012345678905", Price: sar("49.5"), CompareAtPrice: sar("60"), Cost: sar("20.5"),
					Options: []catalog.OptionValue{{Name: "Size", Value: "250 g"}, {Name: "Roast", Value: "Dark"}}, Tracked: true, Quantity: units(7), Available: true,
					RequiresShipping: true, Weight: catalog.Weight{Value: "0.25", Unit: "kg"}, Position: 1},
				{ID: large, Title: "1 kg / Dark", SKU: "DARK-1000", Barcode: "00012345678905", Price: sar("200.1234"), Cost: sar("80"),
					Options: []catalog.OptionValue{{Name: "Size", Value: "1 kg"}, {Name: "Roast", Value: "Dark"}}, Tracked: true, Quantity: units(0),
					RequiresShipping: true, Weight: catalog.Weight{Value: "1", Unit: "kg"}, Position: 2, ImageURL: "https://cdn.example/1.jpg"},
			},
			Images: []catalog.Image{{ID: "71", URL: image("71", "a.jpg"), Alt: "صورة", Kind: "image", Position: 1},
				{ID: "72", URL: image("72", "b.jpg"), Kind: "image", Position: 2}},
			CreatedAt: day(1, 8), UpdatedAt: p.ModifiedAt,
		}}, []catalog.InventoryLevel{{ItemID: small, VariantID: small, ProductID: id(p.ID), SKU: "DARK-250", LocationID: "1", Tracked: true,
			Available: units(5), OnHand: units(7)}}
}

// addOrder adds an order in dollars, shown in euros, sent in part and refunded
// in part.
func addOrder(server *bigcommercetest.Server) catalog.Order {
	const unit, line = bigcommercetest.Unit, 9_100_000_000_000_001 // which does not survive a float64
	to := bigcommercetest.OrderAddress{FirstName: "Sara", LastName: "Khan", Company: "Acme", Street1: "1 St", Street2: "Fl 2", City: "Dubai", State: "Dubai", Zip: "13001",
		Country: "United Arab Emirates", CountryISO2: "AE", Phone: "+97150", Email: "sara@example.com", ShippingMethod: "Flat Rate", Cost: 10 * unit}
	o := server.AddOrder(bigcommercetest.Order{
		StatusID: 3, CustomerID: 92, Currency: "USD", DisplayCurrency: "EUR", ExchangeRate: "0.9", PaymentMethod: "mada", PaymentStatus: "partially refunded",
		Source: "www", StaffNotes: "fragile", CustomerMessage: "هدية", ExternalID: "ext-1", CouponDiscount: 2 * unit, CouponCode: "EID", CreatedAt: day(3, 8),
		Billing: to, Shipping: []bigcommercetest.OrderAddress{to},
		Lines: []bigcommercetest.LineItem{{ID: line, ProductID: 93, VariantID: 94, Name: "Cup", SKU: "CUP", Type: "physical", Price: 50 * unit, Quantity: 2, Shipped: 1,
			Refunded: 1, Discount: 5 * unit, Options: []bigcommercetest.LineOption{{Name: "Size", Value: "M"}, {Name: "اللون", Value: "أحمر"}}}},
		Shipments: []bigcommercetest.Shipment{{Provider: "usps", Number: "A1", Link: "https://t.example/A1", Items: []bigcommercetest.ShipmentItem{{LineID: line, Quantity: 1}},
			CreatedAt: day(3, 10)}},
		Refunds: []bigcommercetest.Refund{
			{Reason: "تالف", Total: 57*unit + 5000, CreatedAt: day(4, 8), Items: []bigcommercetest.RefundItem{{Type: "PRODUCT", ID: line, Quantity: 1, Amount: 57*unit + 5000}}},
			{Total: unit, CreatedAt: day(5, 8), Items: []bigcommercetest.RefundItem{{Type: "SHIPPING", ID: 1, Amount: unit}}}},
	})
	// What the shopper saw is named, not told.
	usd := func(text string) catalog.DualMoney { return catalog.DualMoney{Store: amount(text, "USD")} }
	address := catalog.Address{Name: "Sara Khan", FirstName: "Sara", LastName: "Khan", Company: "Acme", Line1: "1 St", Line2: "Fl 2", City: "Dubai", Province: "Dubai",
		PostalCode: "13001", Country: "United Arab Emirates", CountryCode: "AE", Phone: "+97150"}
	shipping := address
	shipping.ID = id(o.Shipping[0].ID)
	return catalog.Order{
		ID: id(o.ID), Number: id(o.ID), Status: catalog.OrderOpen, NativeStatus: "Partially Shipped", Payment: catalog.PaymentPartiallyRefunded,
		NativePayment: "partially refunded", Fulfillment: catalog.FulfillmentPartial, Currency: "USD", ShopperCurrency: "EUR",
		// Tax is 15 %; the discounts are those of coupons and of the order.
		Subtotal: usd("100.0000"), Shipping: usd("10.0000"), Tax: usd("16.5000"), Discount: usd("2.0000"), Total: usd("119.5000"), Refunded: usd("58.5"),
		Customer: &catalog.OrderCustomer{ID: "92", Name: "Sara Khan", Email: "sara@example.com", Phone: "+97150"}, Email: "sara@example.com", Phone: "+97150",
		BillingAddress: &address, ShippingAddress: &shipping,
		// Amounts of lines are numbers, without trailing zeros.
		LineItems: []catalog.LineItem{{ID: "9100000000000001", ProductID: "93", VariantID: "94", Title: "Cup", Variant: "M / أحمر", SKU: "CUP", Quantity: *units(2),
			Current: units(1), Unfulfilled: units(1), UnitPrice: usd("50"), Discount: usd("5"), Tax: usd("15"), Total: usd("95"), RequiresShipping: true,
			Attributes: []catalog.Attribute{{Name: "Size", Value: "M"}, {Name: "اللون", Value: "أحمر"}}}},
		ShippingLines: []catalog.ShippingLine{{ID: shipping.ID, Title: "Flat Rate", Price: usd("10")}},
		Fulfillments: []catalog.Fulfillment{{ID: id(o.Shipments[0].ID), Status: catalog.FulfillmentDone, CreatedAt: day(3, 10),
			Tracking: []catalog.Tracking{{Company: "USPS", Number: "A1", URL: "https://t.example/A1"}},
			Lines:    []catalog.FulfillmentLine{{LineItemID: "9100000000000001", Quantity: *units(1)}}}},
		Refunds: []catalog.Refund{
			{ID: id(o.Refunds[0].ID), Note: "تالف", Total: usd("57.5"), CreatedAt: day(4, 8), Lines: []catalog.RefundLine{{LineItemID: "9100000000000001", Quantity: *units(1)}}},
			{ID: id(o.Refunds[1].ID), Total: usd("1"), CreatedAt: day(5, 8)}},
		Note: "هدية", Attributes: []catalog.Attribute{{Name: "staff_notes", Value: "fragile"}, {Name: "external_order_id", Value: "ext-1"}},
		PaymentMethods: []string{"mada"}, Source: "www", CreatedAt: day(3, 8), UpdatedAt: o.ModifiedAt,
	}
}
