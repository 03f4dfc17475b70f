package main

import (
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

func openShopify() (store, error) {
	server := shopifytest.NewServer(nil)
	app, err := shopify.New(shopify.Config{Transport: server.Transport(), PollInterval: 10 * time.Millisecond})
	return store{
		adapter: app, account: catalog.Account{Platform: shopify.Platform, Store: server.Shop()},
		credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())},
		order:      func() string { return shopifyOrder(server) },
		subscriptions: []catalog.Subscription{
			{Topic: "orders/create", URL: "https://service.example/webhooks/shopify"},
			{Topic: "products/update", URL: "https://service.example/webhooks/shopify"},
		},
		carrier: "Aramex", close: server.Close,
	}, err
}

func shopifyOrder(server *shopifytest.Server) string {
	both := func(s string) shopifytest.Money { return shopifytest.Money{Shop: s, Presentment: s} }
	coffee := server.Products()[0].Variants[0]
	line := func(title string, n int, total string) shopifytest.LineItem {
		return shopifytest.LineItem{Title: title, Quantity: n, CurrentQuantity: n, Unfulfilled: n, Refundable: n, RequiresShipping: true,
			VariantID: coffee.ID, LocationID: server.Locations()[0].ID, OriginalTotal: both(total), DiscountedTotal: both(total)}
	}
	return "gid://shopify/Order/" + number(server.AddOrder(shopifytest.Order{
		FinancialStatus: "PAID", Email: "shopper@example.com", Gateways: []string{"mada"},
		Lines: []shopifytest.LineItem{line("Coffee", 3, "60.00"), line("Cup", 1, "40.00")},
		Total: both("100.00"), CurrentTotal: both("100.00"), Net: both("100.00"), Received: both("100.00"), Refunded: both("0.00"),
		Transactions: []shopifytest.Transaction{{ID: 4711, Kind: "SALE", Status: "SUCCESS", Gateway: "mada", Amount: both("100.00")}},
	}).ID)
}
