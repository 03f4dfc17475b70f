package magento_test

import (
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento/magentotest"
)

func day(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }

func amount(text, currency string) catalog.Money {
	m, err := catalog.NewMoney(text, currency)
	if err != nil {
		panic(err) // the text is the test's
	}
	return m
}

// samples adds a record of each kind, with everything filled that Magento
// tells, and says how the adapter should tell it. Ids and times of change are
// the server's.
func samples(server *magentotest.Server, o catalogtest.Options) (s catalogtest.Samples) {
	s.Shop = catalog.Shop{ID: "https://magento.test", Name: "magento.test", Domain: "magento.test", URL: "https://magento.test/",
		Currency: "SAR", TimeZone: "Asia/Riyadh", WeightUnit: "kg"}
	s.Locations = []catalog.Location{{ID: "riyadh", Name: "مستودع الرياض", Active: true, Ships: true, Address: &catalog.Address{
		Line1: "King Fahd Road 1", City: "Riyadh", PostalCode: "12211", CountryCode: "SA"}}}
	if o.Products > 0 {
		s.Products, s.Inventory = addProduct(server)
	}
	if o.Orders > 0 {
		s.Orders = []catalog.Order{addOrder(server)}
	}
	if o.Customers > 0 {
		s.Customers = []catalog.Customer{addCustomer(server)}
	}
	return s
}

// addProduct adds a product to be configured, and its only variant.
func addProduct(server *magentotest.Server) ([]catalog.Product, []catalog.InventoryLevel) {
	sar := func(text string) catalog.Money { return amount(text, "SAR") }
	child := server.AddProduct(magentotest.Product{
		SKU: "قهوة & Dark+250/g", Name: "Dark-250", Price: "49.5000", Weight: "0.25", Visibility: 1, CreatedAt: day(1, 7), Categories: []int64{3},
		Media: []magentotest.Media{{ID: 71, Type: "image", Label: "صورة", Position: 1, File: "/d/a/dark.jpg", Types: []string{"image"}},
			{ID: 72, Type: "image", Position: 2, Disabled: true, File: "/h/i/hidden.jpg"}},
		Attributes: []magentotest.Attribute{{Code: "image", Value: "/d/a/dark.jpg"}, {Code: "color", Value: "51"}, {Code: "cost", Value: "20.500000"},
			{Code: "special_price", Value: "39.990000"}, {Code: "special_from_date", Value: "2026-01-01 00:00:00"}, {Code: "tax_class_id", Value: "2"},
			{Code: "barcode", Value: "6280000000001"}, {Code: "category_ids", List: []string{"3"}}},
	})
	parent := server.AddProduct(magentotest.Product{
		SKU: "DARK", Name: `قهوة "Dark" ☕`, Type: magentotest.TypeConfigurable, CreatedAt: day(1, 8), Categories: []int64{3, 7},
		Options:  []magentotest.Option{{ID: 61, AttributeID: 93, Code: "color", Label: "Colour", Values: []int64{51}}},
		Children: []int64{child.ID},
		Attributes: []magentotest.Attribute{{Code: "description", Value: "<p>سمراء</p>"}, {Code: "url_key", Value: "dark"}, {Code: "manufacturer", Value: "211"},
			{Code: "tax_class_id", Value: "0"}},
	})
	server.SetStock(child.SKU, "default", "5")
	server.SetStock(child.SKU, "riyadh", "2.5")
	server.Reserve(child.SKU, "-1")
	left, err := catalog.ParseQuantity("6.5")
	if err != nil {
		panic(err)
	}
	there, err := catalog.ParseQuantity("7.5")
	if err != nil {
		panic(err)
	}
	item := "%D9%82%D9%87%D9%88%D8%A9%20%26%20Dark%2B250%2Fg"
	variant := catalog.Variant{ID: id(child.ID), InventoryItemID: item, SKU: child.SKU, Barcode: "6280000000001", Price: sar("39.990000"), CompareAtPrice: sar("49.5"),
		Cost: sar("20.500000"), Tracked: true, Quantity: &left, Available: true, RequiresShipping: true, Taxable: true,
		Weight: catalog.Weight{Value: "0.25", Unit: "kg"}, Position: 1, ImageURL: "https://magento.test/media/catalog/product/d/a/dark.jpg",
		CreatedAt: day(1, 7), UpdatedAt: child.UpdatedAt}
	chosen := variant
	chosen.Title, chosen.Options = "Navy", []catalog.OptionValue{{Name: "Colour", Value: "Navy"}}
	products := []catalog.Product{{
		ID: id(child.ID), Title: "Dark-250", Type: "simple", Status: catalog.ProductHidden, NativeStatus: "1", Categories: []catalog.Category{{ID: "3", Name: "العطور"}},
		Variants: []catalog.Variant{variant}, CreatedAt: day(1, 7), UpdatedAt: child.UpdatedAt,
		Images: []catalog.Image{{ID: "71", URL: "https://magento.test/media/catalog/product/d/a/dark.jpg", Alt: "صورة", Kind: "image", Position: 1}},
	}, {
		ID: id(parent.ID), Title: `قهوة "Dark" ☕`, Handle: "dark", Description: "<p>سمراء</p>", Vendor: "دار السلام", Type: "configurable",
		Status: catalog.ProductActive, NativeStatus: "1", Categories: []catalog.Category{{ID: "3", Name: "العطور"}, {ID: "7", Name: "هدايا 🎁"}},
		Options:  []catalog.Option{{ID: "61", Name: "Colour", Values: []string{"Navy"}}},
		Variants: []catalog.Variant{chosen}, CreatedAt: day(1, 8), UpdatedAt: parent.UpdatedAt,
	}}
	return products, []catalog.InventoryLevel{{ItemID: item, VariantID: id(child.ID), ProductID: id(child.ID), SKU: child.SKU, Tracked: true, Available: &left, OnHand: &there}}
}

func addCustomer(server *magentotest.Server) catalog.Customer {
	c := server.AddCustomer(magentotest.Customer{GroupID: 2, Email: "Noura@Example.com", FirstName: "نورة", LastName: "García", CreatedAt: day(1, 8),
		DefaultBilling: 501, DefaultShipping: 502, Addresses: []magentotest.Address{
			{ID: 501, FirstName: "نورة", LastName: "García", Company: "Souk & Sons", Street: []string{"1 St", "Fl 2", "Flat 3"}, City: "Austin", Region: "Texas", RegionCode: "TX",
				RegionID: 57, Postcode: "78701", CountryID: "US", Telephone: "5125550100"},
			{ID: 502, FirstName: "Ali", LastName: "García", Street: []string{"Marina"}, City: "Dubai", Postcode: "00000", CountryID: "AE", Telephone: "+97150"}}})
	home := catalog.Address{ID: "502", Name: "Ali García", FirstName: "Ali", LastName: "García", Line1: "Marina", City: "Dubai", PostalCode: "00000", CountryCode: "AE", Phone: "+97150"}
	consent := "not_subscribed"
	if c.ID%2 == 0 {
		consent = "subscribed"
	}
	return catalog.Customer{ID: id(c.ID), Name: "نورة García", FirstName: "نورة", LastName: "García", Email: "Noura@Example.com", Marketing: consent,
		GroupIDs: []string{"2"}, DefaultAddress: &home, CreatedAt: day(1, 8), UpdatedAt: c.UpdatedAt, Addresses: []catalog.Address{
			{ID: "501", Name: "نورة García", FirstName: "نورة", LastName: "García", Company: "Souk & Sons", Line1: "1 St", Line2: "Fl 2 Flat 3", City: "Austin",
				Province: "Texas", ProvinceCode: "TX", PostalCode: "78701", CountryCode: "US", Phone: "5125550100"}, home}}
}

// addOrder adds an order in dollars of a shop that settles in riyals: a
// configured product of which one piece was sent and taken back, and a digital
// one.
func addOrder(server *magentotest.Server) catalog.Order {
	const line = 910_000_000_000_001
	to := magentotest.Address{ID: 601, FirstName: "Sara", LastName: "Khan", Company: "Souk", Street: []string{"1 St", "Fl 2"}, City: "Austin", Region: "Texas", RegionCode: "TX",
		RegionID: 57, Postcode: "78701", CountryID: "US", Telephone: "5125550100"}
	billing := to
	billing.ID = 602
	o := server.AddOrder(magentotest.Order{
		IncrementID: "3000004100", StoreID: 3, State: magentotest.StateProcessing, Status: "awaiting_pickup", Currency: "USD", Rate: "0.2667", CreatedAt: day(3, 8),
		CustomerID: 92, CustomerEmail: "sara@example.com", FirstName: "Sara", LastName: "Khan", CustomerNote: "wrap it", Coupon: "EID10",
		Items: []magentotest.OrderItem{
			{ID: line, ProductID: 94, Type: magentotest.TypeConfigurable, SKU: "CUP-M", Name: "Cup", Price: "26.67", BasePrice: "100", Tax: "8.00", BaseTax: "30.00",
				Weight: "0.5", Ordered: "2", Invoiced: "2", Shipped: "1", Refunded: "1", Canceled: "0"},
			{ID: line + 1, ParentID: line, ProductID: 95, Type: magentotest.TypeSimple, SKU: "CUP-M", Name: "Cup-M", Price: "0", BasePrice: "0", Ordered: "2", Invoiced: "2",
				Shipped: "1", Refunded: "1", Canceled: "0"},
			{ID: line + 2, ProductID: 96, Type: magentotest.TypeVirtual, SKU: "CARD", Name: "Card", Price: "10.00", BasePrice: "37.5", Tax: "1.50", BaseTax: "5.63",
				Ordered: "1.5", Invoiced: "1.5", Shipped: "0", Refunded: "0", Canceled: "0"}},
		Billing: billing, Shipping: &to, Method: "aramex_express", MethodTxt: "أرامكس - سريع", Payment: "hyperpay_mada",
		Totals: magentotest.Totals{Subtotal: "68.34", Shipping: "5.33", Tax: "9.50", Discount: "-6.83", Grand: "76.34", Paid: "76.34", Refunded: "26.67", Canceled: "0"},
		Base:   magentotest.Totals{Subtotal: "256.25", Shipping: "20", Tax: "35.63", Discount: "-25.63", Grand: "286.25", Paid: "286.25", Refunded: "100", Canceled: "0"},
		Shipments: []magentotest.Shipment{{ID: 701, IncrementID: "000000071", Source: "riyadh", CreatedAt: day(3, 10), UpdatedAt: day(3, 11),
			Items: []magentotest.DocumentItem{{ID: 702, OrderItemID: line, Qty: "1"}}, Tracks: []magentotest.Track{{ID: 703, Number: "1Z1", Title: "ارامكس", Carrier: "custom", CreatedAt: day(3, 10)}}}},
		CreditMemos: []magentotest.CreditMemo{{ID: 801, IncrementID: "000000081", State: 2, CreatedAt: day(4, 9), UpdatedAt: day(4, 9),
			Items: []magentotest.DocumentItem{{ID: 802, OrderItemID: line, Qty: "1"}}, Shipping: "0", BaseShip: "0", Adjustment: "0", BaseAdjust: "0", Grand: "26.67", BaseGrand: "100",
			Comments: []magentotest.Comment{{ID: 803, Text: "broken", Entity: "creditmemo", CreatedAt: day(4, 9)}}}},
		History: []magentotest.Comment{{ID: 804, Text: "شكرا", Status: "awaiting_pickup", Entity: "order", Notified: 1, Visible: true, CreatedAt: day(4, 10)}},
	})
	dual := func(base, shopper string) catalog.DualMoney {
		return catalog.DualMoney{Store: amount(base, "SAR"), Shopper: amount(shopper, "USD")}
	}
	half, err := catalog.ParseQuantity("1.5")
	if err != nil {
		panic(err)
	}
	place := func(id string) *catalog.Address {
		return &catalog.Address{ID: id, Name: "Sara Khan", FirstName: "Sara", LastName: "Khan", Company: "Souk", Line1: "1 St", Line2: "Fl 2", City: "Austin",
			Province: "Texas", ProvinceCode: "TX", PostalCode: "78701", CountryCode: "US", Phone: "5125550100"}
	}
	return catalog.Order{
		ID: id(o.ID), Number: "3000004100", Status: catalog.OrderOpen, NativeStatus: "awaiting_pickup", Payment: catalog.PaymentPartiallyRefunded, Fulfillment: catalog.FulfillmentDone,
		Currency: "SAR", ShopperCurrency: "USD", Subtotal: dual("230.62", "61.51"), Discount: dual("25.63", "6.83"), Shipping: dual("20", "5.33"), Tax: dual("35.63", "9.5"),
		Total: dual("286.25", "76.34"), CurrentTotal: dual("186.25", "49.67"), Refunded: dual("100", "26.67"), Outstanding: dual("0", "0"),
		Customer: &catalog.OrderCustomer{ID: "92", Name: "Sara Khan", Email: "sara@example.com"}, Email: "sara@example.com", Phone: "5125550100",
		BillingAddress: place("602"), ShippingAddress: place("601"),
		LineItems: []catalog.LineItem{
			{ID: id(line), ProductID: "94", VariantID: "95", Title: "Cup", Variant: "Cup-M", SKU: "CUP-M", Quantity: catalog.NewQuantity(2), Current: units(1), Unfulfilled: units(0),
				UnitPrice: dual("100", "26.67"), Discount: dual("0", "0"), Tax: dual("30", "8"), Total: dual("200", "53.34"), RequiresShipping: true},
			{ID: id(line + 2), ProductID: "96", VariantID: "96", Title: "Card", SKU: "CARD", Quantity: half, Current: &half, Unfulfilled: units(0),
				UnitPrice: dual("37.5", "10"), Discount: dual("0", "0"), Tax: dual("5.63", "1.5"), Total: dual("56.25", "15")}},
		ShippingLines: []catalog.ShippingLine{{Title: "أرامكس - سريع", Code: "aramex_express", Price: dual("20", "5.33")}},
		Fulfillments: []catalog.Fulfillment{{ID: "701", Name: "000000071", Status: catalog.FulfillmentDone, LocationID: "riyadh",
			Tracking: []catalog.Tracking{{Company: "ارامكس", Number: "1Z1"}}, Lines: []catalog.FulfillmentLine{{LineItemID: id(line), Quantity: catalog.NewQuantity(1)}},
			CreatedAt: day(3, 10), UpdatedAt: day(3, 11)}},
		Refunds: []catalog.Refund{{ID: "801", Note: "broken", Total: dual("100", "26.67"), CreatedAt: day(4, 9),
			Lines: []catalog.RefundLine{{LineItemID: id(line), Quantity: catalog.NewQuantity(1), Subtotal: dual("100", "26.67")}}}},
		Note: "wrap it", Attributes: []catalog.Attribute{{Name: "coupon_code", Value: "EID10"}}, PaymentMethods: []string{"hyperpay_mada"},
		CreatedAt: day(3, 8), UpdatedAt: o.UpdatedAt,
	}
}
