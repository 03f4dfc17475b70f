package shopify_test

import (
	"bytes"
	"net/http"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// writes is the truth about what was written to a server.
func writes(srv *shopifytest.Server) *catalogtest.Writes {
	order := func() string { return gidOf(srv.Orders()[0].ID) }
	product := func() string { return gidOf(srv.Products()[0].ID) }
	wanted := catalog.Subscription{Topic: "orders/create", URL: "https://example.com/hooks", Name: "souk-orders", Rule: "total_price:>=10"}
	return &catalogtest.Writes{
		Effects: func() int { return len(srv.Effects()) },
		IsWrite: func(_ *http.Request, body []byte) bool {
			return bytes.HasPrefix(body, []byte(`{"query":"mutation`)) && !bytes.Contains(body, []byte("BulkRun"))
		},
		NewOrder:     func() string { return addPaidOrder(srv, 0) },
		CancelReason: "CUSTOMER",
		Refused: map[string]catalogtest.Refusal{
			"a note for the shopper":        catalogtest.RefusedNote(order, catalog.NoteInput{Text: "x", ForShopper: true}),
			"a status of no word":           catalogtest.RefusedUpdate(product, catalog.ProductPatch{Status: catalog.Set(catalog.ProductSoldOut)}),
			"a subscription with headers":   catalogtest.RefusedSubscription(wanted, func(s *catalog.Subscription) { s.Headers = map[string]catalog.Secret{"X-Key": catalog.NewSecret("k")} }),
			"a subscription with a secret":  catalogtest.RefusedSubscription(wanted, func(s *catalog.Subscription) { s.Secret = catalog.NewSecret("k") }),
			"a subscription with a version": catalogtest.RefusedSubscription(wanted, func(s *catalog.Subscription) { s.Version = "2026-07" }),
			"parcels of two companies":      catalogtest.RefusedFulfill(order, catalog.FulfillRequest{Tracking: []catalog.Tracking{{Company: "A", Number: "1"}, {Company: "B", Number: "2"}}}),
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
