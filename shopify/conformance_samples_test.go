package shopify_test

import (
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// Ids above 2^53 do not survive a float64.
const sampleID, sampleText = 9_100_000_000_000_001, "9100000000000001"

func day(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }

// samples adds one record of each kind that is seeded, with everything
// filled, and says how the adapter should tell it.
func samples(t testing.TB, srv *shopifytest.Server, o catalogtest.Options) (s catalogtest.Samples) {
	sar := func(amount string) catalog.Money { return money(t, amount, "SAR") }
	s.Shop = catalog.Shop{ID: "68000000001", Name: "Acme متجر", Domain: "acme.myshopify.com", URL: "https://acme.myshopify.com",
		Email: "hello@example.com", Currency: "SAR", TimeZone: "Asia/Riyadh", CountryCode: "SA", WeightUnit: "kg", TaxesIncluded: true,
		Plan: "Basic", CreatedAt: time.Date(2024, 1, 15, 9, 30, 0, 0, time.UTC)}
	s.Locations = []catalog.Location{{ID: "70000000001", Name: "Riyadh · الرياض", Active: true, Ships: true,
		Address: &catalog.Address{Line1: "10 Market Street", City: "Riyadh", PostalCode: "12210", Country: "Saudi Arabia", CountryCode: "SA"}}}
	if o.Products > 0 {
		srv.AddProduct(shopifytest.Product{
			ID: sampleID, Title: "قهوة \"Dark\" ☕", Handle: "dark", DescriptionHTML: "<p>سمراء</p>", Vendor: "O'Brien", ProductType: "Coffee",
			Status: "UNLISTED", Tags: []string{"new", "رمضان"}, Category: "Food > Coffee", CreatedAt: day(1, 8), UpdatedAt: day(2, 9), PublishedAt: day(1, 10),
			Options: []shopifytest.Option{{ID: 61, Name: "Size", Values: []string{"250 g"}}},
			Media:   []shopifytest.Media{{ID: 71, Alt: "صورة", URL: "https://cdn.example/1.jpg", Width: 800, Height: 600}},
			Variants: []shopifytest.Variant{{ID: sampleID + 1, Title: "250 g", SKU: "DARK-250", Barcode: "6280000000001", Price: "49.50",
				CompareAtPrice: "60.00", Taxable: true, CreatedAt: day(1, 8), UpdatedAt: day(2, 9),
				Options: []shopifytest.SelectedOption{{Name: "Size", Value: "250 g"}},
				Item: shopifytest.InventoryItem{ID: sampleID + 2, Tracked: true, RequiresShipping: true, Weight: 0.25, UnitCost: "20.5",
					Levels: []shopifytest.InventoryLevel{{ID: 91, ItemID: sampleID + 2, LocationID: 70000000001, Available: 7, Committed: 2, Incoming: 3, Reserved: 1, UpdatedAt: day(2, 9)}}}}},
		})
		s.Products = []catalog.Product{{
			ID: sampleText, Title: "قهوة \"Dark\" ☕", Handle: "dark", Description: "<p>سمراء</p>", Vendor: "O'Brien", Type: "Coffee",
			Status: catalog.ProductHidden, NativeStatus: "UNLISTED", Tags: []string{"new", "رمضان"}, URL: "https://acme.myshopify.com/products/dark",
			Categories: []catalog.Category{{ID: "aa-1", Name: "Food > Coffee"}},
			Options:    []catalog.Option{{ID: "61", Name: "Size", Values: []string{"250 g"}}},
			Variants: []catalog.Variant{{ID: "9100000000000002", InventoryItemID: "9100000000000003", Title: "250 g", SKU: "DARK-250", Barcode: "6280000000001",
				Options: []catalog.OptionValue{{Name: "Size", Value: "250 g"}}, Price: sar("49.50"), CompareAtPrice: sar("60.00"), Cost: sar("20.5"),
				Tracked: true, Quantity: whole(7), Available: true, RequiresShipping: true, Taxable: true,
				Weight: catalog.Weight{Value: "0.25", Unit: "kg"}, Position: 1, CreatedAt: day(1, 8), UpdatedAt: day(2, 9)}},
			Images:    []catalog.Image{{ID: "71", URL: "https://cdn.example/1.jpg", Alt: "صورة", Kind: "image", Width: 800, Height: 600, Position: 1}},
			CreatedAt: day(1, 8), UpdatedAt: day(2, 9), PublishedAt: day(1, 10),
		}}
		s.Inventory = []catalog.InventoryLevel{{ItemID: "9100000000000003", VariantID: "9100000000000002", ProductID: sampleText, SKU: "DARK-250", LocationID: "70000000001",
			Tracked: true, Available: whole(7), OnHand: whole(10), Committed: whole(2), Incoming: whole(3), UpdatedAt: day(2, 9)}}
	}
	if o.Orders > 0 {
		addOrder(t, srv, &s)
	}
	if o.Customers > 0 {
		srv.AddCustomer(shopifytest.Customer{ID: sampleID, FirstName: "نورة", LastName: "García", Email: "Noura@Example.com", Phone: "+966500011111",
			Note: "VIP", Tags: []string{"vip"}, State: "INVITED", Locale: "ar", TaxExempt: true, VerifiedEmail: true, MarketingState: "SUBSCRIBED",
			NumberOfOrders: 3, AmountSpent: "120.75", CreatedAt: day(1, 8), UpdatedAt: day(2, 9),
			Addresses: []shopifytest.Address{{ID: 41, FirstName: "نورة", City: "Dubai", Province: "Dubai", ProvinceCode: "DU", CountryCode: "AE", Phone: "+97150"}}})
		home := catalog.Address{ID: "41", Name: "نورة", FirstName: "نورة", City: "Dubai", Province: "Dubai", ProvinceCode: "DU", CountryCode: "AE", Phone: "+97150"}
		orders := int64(3)
		s.Customers = []catalog.Customer{{ID: sampleText, Name: "نورة García", FirstName: "نورة", LastName: "García", Email: "Noura@Example.com",
			Phone: "+966500011111", Locale: "ar", NativeState: "INVITED", VerifiedEmail: true, TaxExempt: true, Marketing: "SUBSCRIBED", Note: "VIP",
			Tags: []string{"vip"}, Orders: &orders, Spent: sar("120.75"), DefaultAddress: &home, Addresses: []catalog.Address{home},
			CreatedAt: day(1, 8), UpdatedAt: day(2, 9)}}
	}
	return s
}

func money(t testing.TB, amount, currency string) catalog.Money {
	m, err := catalog.NewMoney(amount, currency)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func whole(n int64) *catalog.Quantity {
	q := catalog.NewQuantity(n)
	return &q
}

// addOrder adds an order bought in Kuwait, of a product that is gone since, one
// piece sent and one given back.
func addOrder(t testing.TB, srv *shopifytest.Server, s *catalogtest.Samples) {
	both := func(shop, shopper string) shopifytest.Money {
		return shopifytest.Money{Shop: shop, Presentment: shopper}
	}
	dual := func(shop, shopper string) catalog.DualMoney {
		return catalog.DualMoney{Store: money(t, shop, "SAR"), Shopper: money(t, shopper, "KWD")}
	}
	wish := "نقش"
	srv.AddOrder(shopifytest.Order{
		ID: sampleID, Name: "#S-1", SourceName: "pos", Test: true, Note: "Ring twice", Tags: []string{"gift"},
		CreatedAt: day(3, 8), UpdatedAt: day(4, 9), ProcessedAt: day(3, 9), ClosedAt: day(5, 1), CancelledAt: day(5, 0), CancelReason: "FRAUD",
		FinancialStatus: "PARTIALLY_REFUNDED", FulfillmentStatus: "PARTIALLY_FULFILLED", PresentmentCurrency: "KWD", TaxesIncluded: true,
		Email: "buyer@example.com", Phone: "+96550", Gateways: []string{"knet"},
		Billing:    &shopifytest.Address{ID: 42, FirstName: "Sara", LastName: "Khan", Company: "Co", Address1: "1 St", Address2: "Fl 2", City: "Kuwait City", Country: "Kuwait", CountryCode: "KW", Zip: "13001"},
		Attributes: []shopifytest.Attribute{{Key: "wish", Value: &wish}},
		Total:      both("110.0", "9.02"), CurrentTotal: both("60.0", "4.92"), Subtotal: both("100.0", "8.2"), Tax: both("13.04", "1.069"),
		Discounts: both("5.0", "0.41"), ShippingTotal: both("10.0", "0.82"), Refunded: both("50.0", "4.1"), Outstanding: both("0.0", "0.0"),
		Lines: []shopifytest.LineItem{{ID: 21, Title: "Cup", VariantTitle: "M", SKU: "CUP", ProductID: 31, VariantID: 32, Quantity: 2, CurrentQuantity: 1, Unfulfilled: 1,
			RequiresShipping: true, GiftCard: true, OriginalUnit: both("52.5", "4.305"), TotalDiscount: both("5.0", "0.41"), DiscountedTotal: both("100.0", "8.2"),
			TaxLines:   []shopifytest.TaxLine{{Title: "VAT", Price: both("10.0", "0.82")}, {Title: "City", Price: both("3.04", "0.249")}},
			Attributes: []shopifytest.Attribute{{Key: "engraving", Value: &wish}}}},
		ShippingLines: []shopifytest.ShippingLine{{ID: 22, Title: "SMSA", Code: "S", Original: both("10.0", "0.82")}},
		Fulfillments: []shopifytest.Fulfillment{{ID: 23, Name: "#S-1.1", Status: "SUCCESS", CreatedAt: day(3, 10), UpdatedAt: day(3, 11), DeliveredAt: day(4, 1), LocationID: 70000000001,
			Tracking: []shopifytest.Tracking{{Company: "Aramex", Number: "A1", URL: "https://t.example/A1"}}, Lines: []shopifytest.FulfillmentLine{{ID: 24, LineID: 21, Quantity: 1}}}},
		Refunds: []shopifytest.Refund{{ID: 25, CreatedAt: day(4, 2), Note: "broken", Total: both("50.0", "4.1"),
			Lines: []shopifytest.RefundLine{{ID: 26, LineID: 21, Quantity: 1, RestockType: "RETURN", Subtotal: both("50.0", "4.1")}}}},
	})
	s.Orders = []catalog.Order{{
		ID: sampleText, Number: "#S-1", Status: catalog.OrderCancelled, NativeStatus: "cancelled",
		Payment: catalog.PaymentPartiallyRefunded, NativePayment: "PARTIALLY_REFUNDED", Fulfillment: catalog.FulfillmentPartial, NativeFulfillment: "PARTIALLY_FULFILLED",
		Currency: "SAR", ShopperCurrency: "KWD", Subtotal: dual("100.0", "8.2"), Discount: dual("5.0", "0.41"), Shipping: dual("10.0", "0.82"),
		Tax: dual("13.04", "1.069"), Total: dual("110.0", "9.02"), CurrentTotal: dual("60.0", "4.92"), Refunded: dual("50.0", "4.1"), Outstanding: dual("0.0", "0.0"),
		TaxesIncluded: true, Email: "buyer@example.com", Phone: "+96550",
		BillingAddress: &catalog.Address{ID: "42", Name: "Sara Khan", FirstName: "Sara", LastName: "Khan", Company: "Co", Line1: "1 St", Line2: "Fl 2", City: "Kuwait City", PostalCode: "13001", Country: "Kuwait", CountryCode: "KW"},
		LineItems: []catalog.LineItem{{ID: "21", Title: "Cup", Variant: "M", SKU: "CUP", Quantity: *whole(2), Current: whole(1), Unfulfilled: whole(1),
			UnitPrice: dual("52.5", "4.305"), Discount: dual("5.0", "0.41"), Tax: dual("13.04", "1.069"), Total: dual("100.0", "8.2"),
			Attributes: []catalog.Attribute{{Name: "engraving", Value: wish}}, RequiresShipping: true, GiftCard: true}},
		ShippingLines: []catalog.ShippingLine{{ID: "22", Title: "SMSA", Code: "S", Price: dual("10.0", "0.82")}},
		Fulfillments: []catalog.Fulfillment{{ID: "23", Name: "#S-1.1", Status: catalog.FulfillmentDone, NativeStatus: "SUCCESS", LocationID: "70000000001",
			Tracking: []catalog.Tracking{{Company: "Aramex", Number: "A1", URL: "https://t.example/A1"}}, Lines: []catalog.FulfillmentLine{{LineItemID: "21", Quantity: *whole(1)}},
			CreatedAt: day(3, 10), UpdatedAt: day(3, 11), DeliveredAt: day(4, 1)}},
		Refunds: []catalog.Refund{{ID: "25", Note: "broken", Total: dual("50.0", "4.1"), CreatedAt: day(4, 2),
			Lines: []catalog.RefundLine{{LineItemID: "21", Quantity: *whole(1), Subtotal: dual("50.0", "4.1"), Restock: "RETURN"}}}},
		Note: "Ring twice", Tags: []string{"gift"}, Attributes: []catalog.Attribute{{Name: "wish", Value: wish}}, PaymentMethods: []string{"knet"},
		Source: "pos", Test: true, CancelReason: "FRAUD",
		CreatedAt: day(3, 8), UpdatedAt: day(4, 9), ProcessedAt: day(3, 9), CancelledAt: day(5, 0), ClosedAt: day(5, 1),
	}}
}
