package salla_test

import (
	"context"
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
		Refused: map[string]func(context.Context, catalog.Engine) error{
			"a note for the shopper": func(ctx context.Context, e catalog.Engine) error {
				return with(e, func(c catalog.OrderNoter) error {
					return c.AddOrderNote(ctx, id(srv.Orders()[0].ID), catalog.NoteInput{Text: "x", ForShopper: true}, catalog.WriteOptions{})
				})
			},
			"cancelling for a reason":  refusedCancel(srv, catalog.CancelRequest{Reason: "fraud"}),
			"cancelling with a refund": refusedCancel(srv, catalog.CancelRequest{Refund: true}),
			"cancelling with a mail":   refusedCancel(srv, catalog.CancelRequest{Notify: true}),
			"shipping with a mail":     refusedFulfill(srv, catalog.FulfillRequest{Notify: true}),
			"two parcels in one":       refusedFulfill(srv, catalog.FulfillRequest{Tracking: []catalog.Tracking{{Number: "1"}, {Number: "2"}}}),
			"a level that is as expected": func(ctx context.Context, e catalog.Engine) error {
				zero := catalog.NewQuantity(0)
				return with(e, func(c catalog.InventorySetter) error {
					return c.SetInventory(ctx, []catalog.InventorySet{{ItemID: "product-1", Available: zero, Expected: &zero}}, catalog.WriteOptions{})
				})
			},
			"an archived product": func(ctx context.Context, e catalog.Engine) error {
				return with(e, func(c catalog.ProductWriter) error {
					_, err := c.UpdateProduct(ctx, id(srv.Products()[0].ID), catalog.ProductPatch{Status: catalog.Set(catalog.ProductArchived)}, catalog.WriteOptions{})
					return err
				})
			},
			"a subscription to an event of the app": func(ctx context.Context, e catalog.Engine) error {
				s := wanted
				s.Topic = "app.installed"
				return with(e, func(c catalog.Subscriber) error {
					_, err := c.EnsureSubscriptions(ctx, []catalog.Subscription{s})
					return err
				})
			},
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

func with[C any](e catalog.Engine, f func(C) error) error {
	c, _ := catalog.As[C](e)
	return f(c)
}

func refusedCancel(srv *sallatest.Server, r catalog.CancelRequest) func(context.Context, catalog.Engine) error {
	return func(ctx context.Context, e catalog.Engine) error {
		return with(e, func(c catalog.OrderCanceller) error {
			return c.CancelOrder(ctx, id(srv.Orders()[0].ID), r, catalog.WriteOptions{})
		})
	}
}

func refusedFulfill(srv *sallatest.Server, r catalog.FulfillRequest) func(context.Context, catalog.Engine) error {
	return func(ctx context.Context, e catalog.Engine) error {
		return with(e, func(c catalog.Fulfiller) error {
			_, err := c.Fulfill(ctx, id(srv.Orders()[0].ID), r, catalog.WriteOptions{})
			return err
		})
	}
}
