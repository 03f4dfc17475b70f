package magento_test

import (
	"context"
	"fmt"
	"net/url"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// Reading a shop with an integration's four values. The server stands for the
// shop; without Transport the same program reads a real one.
func Example() {
	server := magentotest.NewServer(&magentotest.Config{Products: 12, Orders: 3, Customers: 4})
	defer server.Close()
	ctx := context.Background()

	app, err := magento.New(magento.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := app.Open(catalog.Account{Store: "https://magento.test"}, catalog.StaticCredential(catalog.Credential{
		Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret()),
		AccessToken: catalog.NewSecret(server.AccessToken()), TokenSecret: catalog.NewSecret(server.AccessTokenSecret()),
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	products := 0
	for product, err := range engine.Products(ctx, catalog.ProductQuery{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if products++; products == 1 {
			fmt.Println(product.Type, product.Status, product.Variants[1].SKU, product.Variants[1].Price)
		}
	}
	orders, err := catalog.Collect(engine.Orders(ctx, catalog.OrderQuery{}))
	fmt.Println(products, "products,", len(orders), "orders,", err)

	_, err = engine.Order(ctx, "404404")
	fmt.Println(catalog.KindOf(err))
	// Output:
	// configurable active 24-MB00000-Black-M 337.25 SAR
	// 12 products, 3 orders, <nil>
	// not found
}

// A SaaS store takes tokens that the app asks Adobe for.
func ExampleAdapter_ClientCredentials() {
	server := magentotest.NewServer(&magentotest.Config{Edition: magentotest.SaaS, Products: 3})
	defer server.Close()

	app, err := magento.New(magento.Config{ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	credentials, err := app.ClientCredentials(server.StoreURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := app.Open(catalog.Account{Store: server.StoreURL()}, credentials)
	if err != nil {
		fmt.Println(err)
		return
	}
	shop, err := engine.Shop(context.Background())
	fmt.Println(shop.Name, shop.Currency, err)
	// Output:
	// acme.example.com SAR <nil>
}

// Webhooks of Mage-OS async-events: the address names the event.
func ExampleAdapter_Verifier() {
	server := magentotest.NewServer(&magentotest.Config{Products: 5, Orders: 1})
	defer server.Close()

	app, err := magento.New(magento.Config{WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.VerificationToken())}})
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := app.Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: "https://magento.test"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	sent, err := server.AsyncDelivery("sales.order.created", server.Orders()[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict, err := verifier.Verify(context.Background(), catalog.Delivery{Method: "POST", URL: &url.URL{Path: "/webhooks/tenant-42/sales.order.created"}, Header: sent.Header, Body: sent.Body})
	if err != nil {
		fmt.Println(err)
		return
	}
	event := verdict.Events[0]
	fmt.Println(event.Kind, event.Resource, event.ResourceID)
	// Output:
	// order.created orders 1
}
