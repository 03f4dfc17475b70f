package salla_test

import (
	"fmt"
	"sync/atomic"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/salla/sallatest"
)

// writes is the truth about what was written to a server.
func writes(srv *sallatest.Server) *catalogtest.Writes {
	wanted := catalog.Subscription{Topic: "order.created", URL: "https://example.com/hooks/orders", Name: "souk orders", Rule: "payment_method = mada"}
	order := func() string { return id(srv.Orders()[0].ID) }
	product := func() string { return id(srv.Products()[0].ID) }
	zero := catalog.NewQuantity(0)
	return &catalogtest.Writes{
		Effects:      func() int { return effects(srv) },
		NewOrder:     func() string { return id(srv.AddOpenOrder().ID) },
		Phone:        func() string { return fmt.Sprintf("+96659%07d", phones.Add(1)) },
		UnknownItem:  "product-999999999999",
		Carriers:     []string{"Naqel", "Zajil"}, // the store's own have names of Salla's
		HiddenStatus: catalog.ProductHidden,
		Unwritable: map[string]string{
			"Product.Type":   "a type is chosen when the product is created",
			"Product.Vendor": "a vendor is one of the store's brands",
			"Customer.Note":  "there are no notes on customers",
			"Customer.Tags":  "customers have groups",
		},
		Refused: map[string]catalogtest.Refusal{
			"a note for the shopper":                catalogtest.RefusedNote(order, catalog.NoteInput{Text: "x", ForShopper: true}),
			"cancelling for a reason":               catalogtest.RefusedCancel(order, catalog.CancelRequest{Reason: "fraud"}),
			"cancelling with a refund":              catalogtest.RefusedCancel(order, catalog.CancelRequest{Refund: true}),
			"cancelling with a mail":                catalogtest.RefusedCancel(order, catalog.CancelRequest{Notify: true}),
			"shipping with a mail":                  catalogtest.RefusedFulfill(order, catalog.FulfillRequest{Notify: true}),
			"two parcels in one":                    catalogtest.RefusedFulfill(order, catalog.FulfillRequest{Tracking: []catalog.Tracking{{Number: "1"}, {Number: "2"}}}),
			"a level that is as expected":           catalogtest.RefusedLevel(catalog.InventorySet{ItemID: "product-1", Available: zero, Expected: &zero}),
			"an archived product":                   catalogtest.RefusedUpdate(product, catalog.ProductPatch{Status: catalog.Set(catalog.ProductArchived)}),
			"a subscription to an event of the app": catalogtest.RefusedSubscription(wanted, func(s *catalog.Subscription) { s.Topic = "app.installed" }),
		},
		Subscriptions: []catalog.Subscription{wanted, {Topic: "product.created", URL: "https://example.com/hooks/products", Name: "souk products",
			Headers: map[string]catalog.Secret{"X-Key": catalog.NewSecret("8f1d2c3b4a596877")}}},
		Spoil: func() int {
			all := srv.Subscriptions()
			_ = srv.UpdateSubscription(all[0].ID, func(s *sallatest.Subscription) {
				s.URL, s.Rule, s.Headers["X-Other"] = "https://elsewhere.example/", "", "1"
			})
			_ = srv.DropSubscription(all[1].ID)
			return 2
		},
		Foreign: func() func() bool {
			srv.AddForeignSubscription(sallatest.Subscription{Event: "order.created", URL: "https://other.example/hooks", Version: 2})
			before := srv.ForeignSubscriptions()
			return func() bool { return cmp.Equal(before, srv.ForeignSubscriptions()) }
		},
	}
}

// effects counts what was done. Marking a new shipment as shipped is a part of
// making it: what is not marked is found by its reference.
func effects(srv *sallatest.Server) (n int) {
	unmarked := map[int64]bool{}
	for _, e := range srv.Effects() {
		switch {
		case e.Endpoint == "POST shipments":
			unmarked[e.ID] = true
		case e.Endpoint == "PUT shipments/*" && unmarked[e.ID]:
			delete(unmarked, e.ID)
			continue
		}
		n++
	}
	return n
}

// phones counts numbers that no seeded customer has.
var phones atomic.Int64
