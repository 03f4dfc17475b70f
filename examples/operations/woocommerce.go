package main

import (
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func openWooCommerce() (store, error) {
	server := woocommercetest.NewServer(nil)
	// The name marks the app's own webhooks, since WooCommerce lists everybody's.
	app, err := woocommerce.New(woocommerce.Config{AppName: "operations", Transport: server.Transport(), PollInterval: 10 * time.Millisecond})
	secret := catalog.NewSecret("aSecretOfLettersAndDigits42") // each store has its own
	return store{
		adapter: app, account: catalog.Account{Platform: woocommerce.Platform, Store: server.StoreURL()},
		credential: catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())},
		order:      func() string { return wooCommerceOrder(server) },
		subscriptions: []catalog.Subscription{
			{Topic: "order.created", URL: "https://service.example/webhooks/woocommerce", Name: "orders", Secret: secret},
			{Topic: "product.updated", URL: "https://service.example/webhooks/woocommerce", Name: "products", Secret: secret},
		},
		carrier: "Aramex", close: server.Close,
	}, err
}

// wooCommerceOrder is paid through a gateway that can pay back.
func wooCommerceOrder(server *woocommercetest.Server) string {
	line := func(title string, n int, total string) woocommercetest.LineItem {
		return woocommercetest.LineItem{Name: title, Quantity: n, Subtotal: total, Total: total, SubtotalTax: "0", TotalTax: "0"}
	}
	return number(server.AddOrder(woocommercetest.Order{
		Status: "processing", Method: "stripe", MethodTitle: "Card", Billing: woocommercetest.Address{Email: "shopper@example.com"},
		Items: []woocommercetest.LineItem{line("Coffee", 3, "60.00"), line("Cup", 1, "40.00")}, Total: "100.00",
	}).ID)
}
