package stall_test

import (
	"strings"
	"time"

	"example.com/stall/stalltest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// samples adds one record of each kind, as Stall sends it, and says by hand
// what it must become. Then it fills the stall up.
func samples(server *stalltest.Server, o catalogtest.Options) catalogtest.Samples {
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	stamped := func(r stalltest.Record) stalltest.Record {
		r["created"], r["modified"] = at.Unix(), at.Add(time.Hour).Unix()
		return r
	}
	sar := func(text string) catalog.Money { m, _ := catalog.NewMoney(text, "SAR"); return m }
	three := catalog.NewQuantity(3)
	s := catalogtest.Samples{Shop: catalog.Shop{ID: "brass-lamp", Name: "The Brass Lamp", Domain: "brass-lamp.stall.example", Currency: "SAR",
		CreatedAt: time.Unix(1_700_000_000, 0).UTC()}}
	if o.Products > 0 {
		id := server.Add(stalltest.Products, stamped(stalltest.Record{"name": "مصباح", "text": "<b>Lit</b>", "state": "on_sale", "keywords": []string{"brass"},
			"variants": []stalltest.Record{
				{"id": "v1", "label": "Small", "sku": "S-1", "price": stalltest.Money(1250, "SAR"), "stock": 3},
				{"id": "v2", "label": "Large", "sku": "S-2", "price": stalltest.Money(5, "SAR"), "stock": nil},
			}}))
		s.Products = []catalog.Product{{ID: id, Title: "مصباح", Description: "<b>Lit</b>", Status: catalog.ProductActive, NativeStatus: "on_sale", Tags: []string{"brass"},
			Variants: []catalog.Variant{
				{ID: "v1", Title: "Small", SKU: "S-1", Price: sar("12.50"), Tracked: true, Quantity: &three, Available: true, Position: 1},
				{ID: "v2", Title: "Large", SKU: "S-2", Price: sar("0.05"), Available: true, Position: 2},
			}, CreatedAt: at, UpdatedAt: at.Add(time.Hour)}}
		server.Seed(stalltest.Products, o.Products-1)
	}
	if o.Orders > 0 {
		id := server.Add(stalltest.Orders, stamped(stalltest.Record{"number": "B-1", "state": "sent", "total": stalltest.Money(3750, "SAR"),
			"buyer": stalltest.Record{"id": "buyer00001", "name": "Noura", "email": "Noura@Example.com"},
			"lines": []stalltest.Record{{"id": "1", "product": "0000lamp01", "variant": "v1", "name": "مصباح", "count": 3, "price": stalltest.Money(1250, "SAR")}}}))
		s.Orders = []catalog.Order{{ID: id, Number: "B-1", Status: catalog.OrderShipped, NativeStatus: "sent", Currency: "SAR",
			Total: catalog.DualMoney{Store: sar("37.50")}, Email: "Noura@Example.com",
			Customer: &catalog.OrderCustomer{ID: "buyer00001", Name: "Noura", Email: "Noura@Example.com"},
			LineItems: []catalog.LineItem{{ID: "1", ProductID: "0000lamp01", VariantID: "v1", Title: "مصباح", Quantity: three,
				UnitPrice: catalog.DualMoney{Store: sar("12.50")}}}, CreatedAt: at, UpdatedAt: at.Add(time.Hour)}}
		server.Seed(stalltest.Orders, o.Orders-1)
	}
	if o.Customers > 0 {
		id := server.Add(stalltest.Customers, stamped(stalltest.Record{"name": "Noura", "email": "Noura@Example.com", "phone": "+966500011111"}))
		s.Customers = []catalog.Customer{{ID: id, Name: "Noura", Email: "Noura@Example.com", Phone: "+966500011111", CreatedAt: at, UpdatedAt: at.Add(time.Hour)}}
		server.Seed(stalltest.Customers, o.Customers-1)
	}
	return s
}

// unfilled names what the model has room for and Stall does not tell.
func unfilled() map[string]string {
	lacks := map[string]string{}
	for of, names := range map[string]string{
		"Shop":             "URL Email TimeZone CountryCode WeightUnit TaxesIncluded Plan Test",
		"Product":          "Handle Vendor Type Categories URL Options Images PublishedAt",
		"Product.Variants": "InventoryItemID Barcode Options CompareAtPrice Cost RequiresShipping Taxable Weight ImageURL CreatedAt UpdatedAt",
		"Order": "Payment NativePayment Fulfillment NativeFulfillment ShopperCurrency Subtotal Discount Shipping Tax Total.Shopper CurrentTotal Refunded " +
			"Outstanding TaxesIncluded Customer.Phone Phone BillingAddress ShippingAddress ShippingLines Fulfillments Refunds Note Tags Attributes " +
			"PaymentMethods Source Test CancelReason ProcessedAt CancelledAt ClosedAt",
		"Order.LineItems": "Variant SKU Current Unfulfilled UnitPrice.Shopper Discount Tax Total Attributes RequiresShipping GiftCard",
		"Customer": "FirstName LastName Locale NativeState VerifiedEmail TaxExempt Marketing Note Tags GroupIDs Orders Spent " +
			"DefaultAddress Addresses",
	} {
		for name := range strings.FieldsSeq(names) {
			lacks[of+"."+name] = "Stall's records have no such field"
		}
	}
	return lacks
}
