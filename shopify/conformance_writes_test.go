package shopify_test

import (
	"bytes"
	"context"
	"net/http"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// writes is the truth about what was written to a server.
func writes(srv *shopifytest.Server) *catalogtest.Writes {
	cancel := func(ctx context.Context, e catalog.Engine, s catalog.Subscription) error {
		c, _ := catalog.As[catalog.Subscriber](e)
		_, err := c.EnsureSubscriptions(ctx, []catalog.Subscription{s})
		return err
	}
	wanted := catalog.Subscription{Topic: "orders/create", URL: "https://example.com/hooks", Name: "souk-orders", Rule: "total_price:>=10"}
	return &catalogtest.Writes{
		Effects: func() int { return len(srv.Effects()) },
		IsWrite: func(_ *http.Request, body []byte) bool {
			return bytes.HasPrefix(body, []byte(`{"query":"mutation`)) && !bytes.Contains(body, []byte("BulkRun"))
		},
		NewOrder:     func() string { return addPaidOrder(srv, 0) },
		CancelReason: "CUSTOMER",
		Refused: map[string]func(context.Context, catalog.Engine) error{
			"a note for the shopper": func(ctx context.Context, e catalog.Engine) error {
				c, _ := catalog.As[catalog.OrderNoter](e)
				return c.AddOrderNote(ctx, gidOf(srv.Orders()[0].ID), catalog.NoteInput{Text: "x", ForShopper: true}, catalog.WriteOptions{})
			},
			"a status of no word": func(ctx context.Context, e catalog.Engine) error {
				c, _ := catalog.As[catalog.ProductWriter](e)
				_, err := c.UpdateProduct(ctx, gidOf(srv.Products()[0].ID), catalog.ProductPatch{Status: catalog.Set(catalog.ProductSoldOut)}, catalog.WriteOptions{})
				return err
			},
			"a subscription with headers": func(ctx context.Context, e catalog.Engine) error {
				s := wanted
				s.Headers = map[string]catalog.Secret{"X-Key": catalog.NewSecret("k")}
				return cancel(ctx, e, s)
			},
			"a subscription with a secret": func(ctx context.Context, e catalog.Engine) error {
				s := wanted
				s.Secret = catalog.NewSecret("k")
				return cancel(ctx, e, s)
			},
			"a subscription with a version": func(ctx context.Context, e catalog.Engine) error {
				s := wanted
				s.Version = "2026-07"
				return cancel(ctx, e, s)
			},
			"parcels of two companies": func(ctx context.Context, e catalog.Engine) error {
				c, _ := catalog.As[catalog.Fulfiller](e)
				_, err := c.Fulfill(ctx, gidOf(srv.Orders()[0].ID), catalog.FulfillRequest{Tracking: []catalog.Tracking{{Company: "A", Number: "1"}, {Company: "B", Number: "2"}}}, catalog.WriteOptions{})
				return err
			},
		},
		Subscriptions: []catalog.Subscription{wanted, {Topic: "inventory_levels/update", URL: "https://example.com/stock"}},
		Spoil: func() int {
			all := srv.Subscriptions()
			srv.UpdateSubscription(all[0].ID, func(s *shopifytest.Subscription) { s.URI, s.Filter = "https://elsewhere.example/", "" })
			srv.DropSubscription(all[1].ID)
			return 2
		},
		Foreign: func() func() bool {
			srv.AddForeignSubscription(shopifytest.Subscription{Topic: "ORDERS_CREATE", URI: "https://other.example/hooks"})
			before := srv.ForeignSubscriptions()
			return func() bool {
				now := srv.ForeignSubscriptions()
				return len(now) == len(before) && now[0].URI == before[0].URI
			}
		},
	}
}
