package magento_test

import (
	"context"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento/magentotest"
)

// webhooksAt is where the harness's app has its webhooks.
const webhooksAt = "https://app.example.com/webhooks/"

// writes is the truth about what was written to a server.
func writes(server *magentotest.Server) *catalogtest.Writes {
	sale := func(paid bool) func() string {
		return func() string { return id(server.AddSale(paid).ID) }
	}
	wanted := catalog.Subscription{Topic: "sales.order.created", URL: webhooksAt + "sales.order.created"}
	return &catalogtest.Writes{
		Effects:        func() int { return len(server.Effects()) },
		NewOrder:       sale(true),
		NewCancellable: sale(false),
		Location:       "default",
		UnknownItem:    "no-such-sku",
		Unwritable: map[string]string{
			"Product.Type":  "the type of a product is for ever",
			"Product.Tags":  "Magento has none",
			"Customer.Note": "customers have none",
			"Customer.Tags": "customers have a group",
			"Tracking.URL":  "tracks have a carrier and a number",
		},
		Refused: unsupported(server, wanted),
		Subscriptions: []catalog.Subscription{wanted,
			{Topic: "customer.updated", URL: webhooksAt + "customer.updated"}},
		Spoil: func() int {
			all := server.Subscriptions()
			server.UpdateSubscription(all[0].ID, func(s *magentotest.Subscription) { s.Active = false })
			server.DropSubscription(all[1].ID)
			return 2
		},
		Foreign: func() func() bool {
			other := server.AddForeignSubscription(magentotest.Subscription{Event: "sales.order.created", URL: "https://other.example.com/hooks", Active: true})
			return func() bool {
				for _, s := range server.Subscriptions() {
					if s.ID == other.ID {
						return s == other
					}
				}
				return false
			}
		},
	}
}

// unsupported are options Magento does not have.
func unsupported(server *magentotest.Server, wanted catalog.Subscription) map[string]catalogtest.Refusal {
	order := func() string { return id(server.Orders()[0].ID) }
	subscribe := func(change func(*catalog.Subscription)) catalogtest.Refusal {
		return catalogtest.RefusedSubscription(wanted, change)
	}
	create := func(change func(*catalog.ProductInput)) catalogtest.Refusal {
		return catalogtest.Refused(func(ctx context.Context, c catalog.ProductWriter) error {
			input := catalog.ProductInput{Title: "New", Variants: []catalog.VariantInput{{SKU: "new"}}}
			change(&input)
			_, err := c.CreateProduct(ctx, input, noOptions)
			return err
		})
	}
	one := func() string { return "1" }
	return map[string]catalogtest.Refusal{
		"a reason for a cancellation":   catalogtest.RefusedCancel(order, catalog.CancelRequest{Reason: "customer"}),
		"a note on a cancellation":      catalogtest.RefusedCancel(order, catalog.CancelRequest{Note: "changed his mind"}),
		"a cancellation that notifies":  catalogtest.RefusedCancel(order, catalog.CancelRequest{Notify: true}),
		"a cancellation that refunds":   catalogtest.RefusedCancel(order, catalog.CancelRequest{Refund: true}),
		"a subscription with headers":   subscribe(func(s *catalog.Subscription) { s.Headers = map[string]catalog.Secret{"X-Key": catalog.NewSecret("k")} }),
		"a subscription with a rule":    subscribe(func(s *catalog.Subscription) { s.Rule = "total > 10" }),
		"a subscription with a version": subscribe(func(s *catalog.Subscription) { s.Version = "1" }),
		"a subscription with a name":    subscribe(func(s *catalog.Subscription) { s.Name = "orders" }),
		"a product with tags":           create(func(p *catalog.ProductInput) { p.Tags = []string{"new"} }),
		"a product with a picture's address": create(func(p *catalog.ProductInput) {
			p.Images = []catalog.ImageInput{{URL: "https://cdn.example.com/1.jpg"}}
		}),
		"a product of a type with parts": create(func(p *catalog.ProductInput) { p.Type = "bundle" }),
		"a product that is sold out":     create(func(p *catalog.ProductInput) { p.Status = catalog.ProductSoldOut }),
		"a level that is compared":       catalogtest.RefusedLevel(catalog.InventorySet{ItemID: "sku", LocationID: "default", Expected: units(1)}),
		"tracking that notifies": catalogtest.Refused(func(ctx context.Context, c catalog.TrackingUpdater) error {
			return c.UpdateTracking(ctx, "1", "1", nil, true, noOptions)
		}),
		"a refund of lines for another amount": catalogtest.RefusedRefund(one, catalog.RefundRequest{Shipping: true, Amount: amount("1", "SAR")}),
		"a customer's phone number": catalogtest.Refused(func(ctx context.Context, c catalog.CustomerWriter) error {
			_, err := c.UpdateCustomer(ctx, "1", catalog.CustomerPatch{Phone: catalog.Set("+966500000000")}, noOptions)
			return err
		}),
	}
}

var noOptions catalog.WriteOptions
