package woocommerce_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

var noOptions catalog.WriteOptions

// addPaidOrder adds an order of three pieces and one, paid through a gateway
// that pays back.
func addPaidOrder(t testing.TB, server *woocommercetest.Server) string {
	var items []woocommercetest.LineItem
	total := 0
	for _, p := range server.Products() {
		if p.Type != "simple" {
			continue
		}
		pieces := 3 - 2*len(items)
		sum := strconv.Itoa(pieces*10) + ".00"
		total += pieces * 10
		items = append(items, woocommercetest.LineItem{ProductID: p.ID, Name: p.Name, SKU: p.SKU, Quantity: pieces, Subtotal: sum, Total: sum, SubtotalTax: "0", TotalTax: "0"})
		if len(items) == 2 {
			break
		}
	}
	if len(items) < 2 {
		t.Fatal("the store has too few simple products")
	}
	o := server.AddOrder(woocommercetest.Order{Status: "processing", Method: "stripe", MethodTitle: "Card", Items: items, Total: strconv.Itoa(total) + ".00"})
	if err := server.UpdateOrder(o.ID, func(o *woocommercetest.Order) { o.PaidAt = o.CreatedAt }); err != nil {
		t.Fatal(err)
	}
	return id(o.ID)
}

// writes is the truth about what was written to a server.
func writes(t testing.TB, server *woocommercetest.Server) *catalogtest.Writes {
	secret := catalog.NewSecret("a1B2c3D4e5F6g7H8i9J0k1L2")
	wanted := catalog.Subscription{Topic: "order.updated", URL: "https://example.com/hooks", Name: "Orders", Secret: secret}
	order := func() string { return id(server.Orders()[0].ID) }
	product := func() string { return id(server.Products()[0].ID) }
	level := catalog.NewQuantity(1)
	return &catalogtest.Writes{
		Effects:    func() int { return len(server.Effects()) },
		Tidied:     func(html string) string { return strings.ReplaceAll(html, "& ", "&amp; ") },
		NewOrder:   func() string { return addPaidOrder(t, server) },
		Unwritable: map[string]string{"Product.Type": "it says how a product is bought", "Customer.Note": "there is none", "Customer.Tags": "there are none"},
		Refused: map[string]catalogtest.Refusal{
			"a cancellation with a reason":  catalogtest.RefusedCancel(order, catalog.CancelRequest{Reason: "fraud"}),
			"a cancellation with a note":    catalogtest.RefusedCancel(order, catalog.CancelRequest{Note: "x"}),
			"a cancellation with a notice":  catalogtest.RefusedCancel(order, catalog.CancelRequest{Notify: true}),
			"a cancellation with a refund":  catalogtest.RefusedCancel(order, catalog.CancelRequest{Refund: true}),
			"a status of no word":           catalogtest.RefusedUpdate(product, catalog.ProductPatch{Status: catalog.Set(catalog.ProductSoldOut)}),
			"a cost":                        catalogtest.RefusedUpdate(product, catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: "1", Cost: catalog.Set(amount("1", "SAR"))}}}),
			"a subscription with headers":   catalogtest.RefusedSubscription(wanted, func(s *catalog.Subscription) { s.Headers = map[string]catalog.Secret{"X": secret} }),
			"a subscription with a rule":    catalogtest.RefusedSubscription(wanted, func(s *catalog.Subscription) { s.Rule = "x" }),
			"a subscription with a version": catalogtest.RefusedSubscription(wanted, func(s *catalog.Subscription) { s.Version = "v2" }),
			"a refund with a notice":        catalogtest.RefusedRefund(order, catalog.RefundRequest{Shipping: true, Notify: true}),
			"compare-and-set":               catalogtest.RefusedLevel(catalog.InventorySet{ItemID: "1", Available: level, Expected: &level}),
		},
		Subscriptions: []catalog.Subscription{wanted, {Topic: "product.updated", URL: "https://example.com/stock", Secret: secret}},
		Spoil: func() int {
			all := server.Subscriptions()
			spoilt := 0
			for _, h := range all {
				if h.Topic != wanted.Topic && h.DeliveryURL != "https://example.com/stock" {
					continue
				}
				if spoilt++; spoilt == 1 {
					server.UpdateSubscription(h.ID, func(h *woocommercetest.Subscription) {
						h.DeliveryURL, h.Status = "https://elsewhere.example/", "disabled"
					})
				} else {
					server.DropSubscription(h.ID)
				}
			}
			return spoilt
		},
		Foreign: func() func() bool {
			foreign := server.AddSubscription(woocommercetest.Subscription{Name: "ERP", Topic: wanted.Topic, DeliveryURL: "https://other.example/hooks", Secret: "theirs"})
			return func() bool {
				return slices.Contains(server.Subscriptions(), foreign)
			}
		},
	}
}
