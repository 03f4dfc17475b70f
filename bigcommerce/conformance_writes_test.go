package bigcommerce_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// writes is the truth about what was written to a server.
func writes(t testing.TB, server *bigcommercetest.Server) *catalogtest.Writes {
	wanted := catalog.Subscription{Topic: "store/order/created", URL: "https://example.com/hooks", Headers: map[string]catalog.Secret{"X-Key": catalog.NewSecret("k-1f9d")}}
	return &catalogtest.Writes{
		Effects: func() int { return len(server.Effects()) },
		IsWrite: func(r *http.Request, _ []byte) bool {
			return r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.HasSuffix(r.URL.Path, "/refund_quotes")
		},
		NewOrder:     func() string { return addPaidOrder(server.Store) },
		HiddenStatus: catalog.ProductHidden,
		Carriers:     []string{"dhl", "aramex"},
		Unwritable: map[string]string{
			"Product.Type":  "it is one of two words",
			"Product.Tags":  "products have search keywords, which are no tags",
			"Customer.Tags": "customers have groups",
		},
		Refused:       refusals(server, wanted),
		Subscriptions: []catalog.Subscription{wanted, {Topic: "store/product/*", URL: "https://example.com/stock"}},
		Spoil: func() int {
			all := server.Subscriptions()
			server.UpdateSubscription(all[0].ID, func(h *bigcommercetest.Hook) {
				h.Destination, h.Active, h.Headers = "https://elsewhere.example/", false, nil
			})
			server.DropSubscription(all[1].ID)
			return 2
		},
		Foreign: func() func() bool {
			server.AddForeignSubscription(bigcommercetest.Hook{Scope: "store/order/created", Destination: "https://other.example/hooks", Active: true})
			before := server.ForeignSubscriptions()
			return func() bool { return reflect.DeepEqual(server.ForeignSubscriptions(), before) }
		},
	}
}

func refusals(server *bigcommercetest.Server, wanted catalog.Subscription) map[string]catalogtest.Refusal {
	order := func() string { return id(server.Orders()[0].ID) }
	subscribe := func(change func(*catalog.Subscription)) catalogtest.Refusal {
		return catalogtest.RefusedSubscription(wanted, change)
	}
	refund := func(r catalog.RefundRequest) catalogtest.Refusal {
		r.Lines = []catalog.FulfillmentLine{{LineItemID: "1", Quantity: catalog.NewQuantity(1)}}
		return catalogtest.RefusedRefund(order, r)
	}
	status := func(s catalog.ProductStatus) catalogtest.Refusal {
		product := func() string { return id(server.Products()[0].ID) }
		return catalogtest.RefusedUpdate(product, catalog.ProductPatch{Status: catalog.Set(s)})
	}
	return map[string]catalogtest.Refusal{
		"a reason to cancel":               catalogtest.RefusedCancel(order, catalog.CancelRequest{Reason: "FRAUD"}),
		"cancelling and restocking":        catalogtest.RefusedCancel(order, catalog.CancelRequest{Restock: true}),
		"cancelling with a mail":           catalogtest.RefusedCancel(order, catalog.CancelRequest{Notify: true}),
		"cancelling with a refund":         catalogtest.RefusedCancel(order, catalog.CancelRequest{Refund: true}),
		"shipping from a location":         catalogtest.RefusedFulfill(order, catalog.FulfillRequest{LocationID: "1"}),
		"shipping with a mail":             catalogtest.RefusedFulfill(order, catalog.FulfillRequest{Notify: true}),
		"two parcels in a shipment":        catalogtest.RefusedFulfill(order, catalog.FulfillRequest{Tracking: []catalog.Tracking{{Number: "1"}, {Number: "2"}}}),
		"refunding and restocking":         refund(catalog.RefundRequest{Restock: true}),
		"refunding with a mail":            refund(catalog.RefundRequest{Notify: true}),
		"refunding lines at another price": refund(catalog.RefundRequest{Amount: amount("1", "SAR")}),
		"a subscription with a name":       subscribe(func(s *catalog.Subscription) { s.Name = "orders" }),
		"a subscription with a rule":       subscribe(func(s *catalog.Subscription) { s.Rule = "total > 10" }),
		"a subscription with a secret":     subscribe(func(s *catalog.Subscription) { s.Secret = catalog.NewSecret("k") }),
		"a subscription with a version":    subscribe(func(s *catalog.Subscription) { s.Version = "v3" }),
		"a draft":                          status(catalog.ProductDraft),
		"an archived product":              status(catalog.ProductArchived),
		"a note for the shopper":           catalogtest.RefusedNote(order, catalog.NoteInput{Text: "x", ForShopper: true}),
		"an expected level":                catalogtest.RefusedLevel(catalog.InventorySet{ItemID: "1", LocationID: "1", Expected: units(3)}),
	}
}

// addPaidOrder adds an order of three pieces and one, paid and not shipped.
func addPaidOrder(store *bigcommercetest.Store) string {
	o := store.AddOrder(bigcommercetest.Order{StatusID: 11, PaymentStatus: "captured", PaymentMethod: "Credit Card",
		Shipping: []bigcommercetest.OrderAddress{{FirstName: "Noura", LastName: "Saad", Street1: "1 Main", City: "Riyadh", Zip: "11564",
			Country: "Saudi Arabia", CountryISO2: "SA", ShippingMethod: "Flat rate", Cost: 12 * bigcommercetest.Unit}},
		Lines: []bigcommercetest.LineItem{
			{Name: "Coffee", SKU: "C-1", Type: "physical", Price: 10 * bigcommercetest.Unit, Quantity: 3},
			{Name: "Cup", SKU: "C-2", Type: "physical", Price: 5 * bigcommercetest.Unit, Quantity: 1},
		}})
	return id(o.ID)
}
