package salla_test

import (
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/salla/sallatest"
)

func day(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }

// samples adds one record of each kind that is seeded, with everything filled
// that Salla tells, and says how the adapter should tell it. Ids and times of
// change are the server's.
func samples(server *sallatest.Server, o catalogtest.Options) (s catalogtest.Samples) {
	sar := func(text string) catalog.Money { return amount(text, "SAR") }
	s.Shop = catalog.Shop{ID: "1305146709", Name: "متجر تجريبي \"سوق\" 🛍", Domain: "salla.sa/dev-ll1tn9", URL: "https://salla.sa/dev-ll1tn9",
		Email: "owner@example.com", Currency: "SAR", Plan: "plus", Test: true}
	b := server.Branches()[0]
	s.Locations = []catalog.Location{{ID: id(b.ID), Name: "فرع الرياض", Active: true, Ships: true, Address: &catalog.Address{Name: "فرع الرياض",
		Line1: b.Address.Line, Line2: "7687 طريق الملك فهد الفرعي السلام", City: "الرياض", PostalCode: b.Address.PostalCode,
		Country: "السعودية", CountryCode: "SA", Phone: "+966508265800"}}}
	if o.Products > 0 {
		p := server.AddProduct(sallatest.Product{
			Type: "food", Name: "قهوة \"Dark\" ☕", Description: "<p>سمراء</p>", SKU: "DARK", Price: "49.50", RegularPrice: "60.00", SalePrice: "49.50",
			WithTax: true, Weight: "0.25", WeightType: "kg", Status: "sale", Brand: &sallatest.Ref{ID: 51, Name: "O'Brien"},
			Images:     []sallatest.Image{{ID: 71, URL: "https://cdn.example/1.jpg", Main: true, Alt: "صورة", Type: "image", Sort: 1}},
			Options:    []sallatest.Option{{ID: 61, Name: "Size", Type: "radio", Values: []sallatest.OptionValue{{ID: 62, Name: "250 g"}}}},
			Categories: []sallatest.Ref{{ID: 81, Name: "Coffee"}}, Tags: []sallatest.Ref{{ID: 82, Name: "رمضان"}},
			Variants: []sallatest.Variant{{SKU: "DARK-250", Barcode: "6280000000001", Price: "49.50", RegularPrice: "60.00", SalePrice: "49.50", CostPrice: "20.5",
				Quantity: 7, Options: []int64{61}, Values: []int64{62}, Weight: "0.25"}},
		})
		variant := id(p.Variants[0].ID)
		s.Products = []catalog.Product{{
			ID: id(p.ID), Title: "قهوة \"Dark\" ☕", Description: "<p>سمراء</p>", Vendor: "O'Brien", Type: "food",
			Status: catalog.ProductActive, NativeStatus: "sale", Tags: []string{"رمضان"}, URL: "https://salla.sa/dev-ll1tn9/p" + id(p.ID),
			Categories: []catalog.Category{{ID: "81", Name: "Coffee"}}, Options: []catalog.Option{{ID: "61", Name: "Size", Values: []string{"250 g"}}},
			Variants: []catalog.Variant{{ID: variant, InventoryItemID: "variant-" + variant, Title: "250 g", SKU: "DARK-250", Barcode: "6280000000001",
				Options: []catalog.OptionValue{{Name: "Size", Value: "250 g"}}, Price: sar("49.5"), CompareAtPrice: sar("60"), Cost: sar("20.5"),
				Tracked: true, Quantity: units(7), Available: true, RequiresShipping: true, Taxable: true,
				Weight: catalog.Weight{Value: "0.25", Unit: "kg"}, Position: 1}},
			Images:    []catalog.Image{{ID: "71", URL: "https://cdn.example/1.jpg", Alt: "صورة", Kind: "image", Position: 1}},
			UpdatedAt: p.UpdatedAt,
		}}
		s.Inventory = []catalog.InventoryLevel{{ItemID: "variant-" + variant, VariantID: variant, ProductID: id(p.ID), SKU: "DARK-250",
			Tracked: true, Available: units(7)}}
	}
	if o.Orders > 0 {
		s.Orders = []catalog.Order{addOrder(server)}
	}
	if o.Customers > 0 {
		c := server.AddCustomer(sallatest.Customer{FirstName: "نورة", LastName: "García", Email: "Noura@Example.com", Mobile: 500011111, MobileCode: "966",
			City: "Dubai", Country: "الامارات", CountryCode: "ae", Location: "Marina", Language: "ar", Groups: []int64{2075683582}, CreatedAt: day(1, 8)})
		home := catalog.Address{Line1: "Marina", City: "Dubai", Country: "الامارات", CountryCode: "AE"}
		s.Customers = []catalog.Customer{{ID: id(c.ID), Name: "نورة García", FirstName: "نورة", LastName: "García", Email: "Noura@Example.com",
			Phone: "+966500011111", Locale: "ar", GroupIDs: []string{"2075683582"}, DefaultAddress: &home, Addresses: []catalog.Address{home},
			CreatedAt: day(1, 8), UpdatedAt: c.UpdatedAt}}
	}
	return s
}

// addOrder adds an order in dirhams, sent in one parcel.
func addOrder(server *sallatest.Server) catalog.Order {
	branch := server.Branches()[0].ID
	to := sallatest.Address{Name: "Sara Khan", Phone: "+97150", Country: "الامارات", City: "Dubai", CountryCode: "AE",
		Line: "1 St", Street: "Fl 2", PostalCode: "13001"}
	const line = 9_100_000_000_000_001 // does not survive a float64
	o := server.AddOrder(sallatest.Order{
		ReferenceID: 4100, Currency: "AED", Status: server.StatusNamed("shipped"), PaymentMethod: "mada", Source: "mobile-app", Shippable: true,
		SubTotal: "100.00", ShippingCost: "10.00", Tax: "13.04", TaxPercent: "15.00", Total: "118.04", CreatedAt: day(3, 8),
		Discounts: []sallatest.Discount{{Title: "Eid", Type: "coupon", Code: "EID", Amount: "5.00", Shipping: "0"}},
		Tags:      []sallatest.Ref{{ID: 91, Name: "gift"}},
		Customer:  &sallatest.Customer{ID: 92, FirstName: "Sara", LastName: "Khan", Email: "sara@example.com", Mobile: 501, MobileCode: "+971"},
		Receiver:  sallatest.Address{Name: "Ali", Email: "ali@example.com", Phone: "+97150"}, ShipTo: to,
		Items: []sallatest.OrderItem{{ID: line, Name: "Cup", SKU: "CUP", Quantity: 2, Price: "50.00", Discount: "5.00", Tax: "13.04", Total: "108.04", Notes: "wrap it",
			Options: []sallatest.ItemOption{{ID: 93, ProductOptionID: 94, Name: "Size", Type: "radio", Value: `{"id":95,"name":"M"}`},
				{ID: 96, ProductOptionID: 97, Name: "Engraving", Type: "text", Value: `"نقش"`}}}},
		Shipments: []sallatest.Shipment{{Type: "shipment", CourierID: 98, CourierName: "ارامكس", ShippingNumber: "846984645", TrackingNumber: "A1",
			TrackingLink: "https://t.example/A1", Status: "delivered", PaymentMethod: "pre_paid", Cost: "10.00",
			From: sallatest.Address{BranchID: branch}, To: to, ItemIDs: []int64{line}, CreatedAt: day(3, 10)}},
	})
	// Amounts are numbers on the wire, without trailing zeros; discounts are texts.
	aed := func(text string) catalog.DualMoney {
		return catalog.DualMoney{Store: amount(text, "AED"), Shopper: amount(text, "AED")}
	}
	return catalog.Order{
		ID: id(o.ID), Number: "4100", Status: catalog.OrderShipped, NativeStatus: "shipped", Payment: catalog.PaymentPaid, Fulfillment: catalog.FulfillmentDone,
		Currency: "AED", ShopperCurrency: "AED", Subtotal: aed("100"), Discount: aed("5.00"), Shipping: aed("10"), Tax: aed("13.04"), Total: aed("118.04"),
		Customer: &catalog.OrderCustomer{ID: "92", Name: "Sara Khan", Email: "sara@example.com", Phone: "+971501"}, Email: "ali@example.com", Phone: "+97150",
		ShippingAddress: &catalog.Address{Name: "Sara Khan", Line1: "1 St", Line2: "Fl 2", City: "Dubai", PostalCode: "13001", Country: "الامارات", Phone: "+97150"},
		LineItems: []catalog.LineItem{{ID: "9100000000000001", Title: "Cup", Variant: "M", SKU: "CUP", Quantity: *units(2), UnitPrice: aed("50"),
			Discount: aed("5"), Tax: aed("13.04"), Total: aed("108.04"), RequiresShipping: true,
			Attributes: []catalog.Attribute{{Name: "Size", Value: "M"}, {Name: "Engraving", Value: "نقش"}, {Name: "notes", Value: "wrap it"}}}},
		Fulfillments: []catalog.Fulfillment{{ID: id(o.Shipments[0].ID), Name: "846984645", Status: catalog.FulfillmentDone, NativeStatus: "delivered", LocationID: id(branch),
			Tracking: []catalog.Tracking{{Company: "ارامكس", Number: "A1", URL: "https://t.example/A1"}},
			Lines:    []catalog.FulfillmentLine{{LineItemID: "9100000000000001", Quantity: *units(2)}}, CreatedAt: day(3, 10)}},
		Tags: []string{"gift"}, PaymentMethods: []string{"mada"}, Source: "mobile-app", CreatedAt: day(3, 8), UpdatedAt: o.UpdatedAt,
	}
}
