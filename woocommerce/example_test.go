package woocommerce_test

import (
	"context"
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// Reading a store. The server stands for WooCommerce; without Transport the
// same program reads a real one.
func Example() {
	server := woocommercetest.NewServer(&woocommercetest.Config{Products: 12, Orders: 3, Customers: 4})
	defer server.Close()
	ctx := context.Background()

	app, err := woocommerce.New(woocommerce.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	keys := catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())})
	engine, err := app.Open(catalog.Account{Store: "https://shop.example.test"}, keys)
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
			fmt.Println(product.Status, product.Variants[0].SKU, product.Variants[0].Price)
		}
	}
	orders, err := catalog.Collect(engine.Orders(ctx, catalog.OrderQuery{}))
	fmt.Println(products, "products,", len(orders), "orders,", err)

	_, err = engine.Order(ctx, "404404")
	fmt.Println(catalog.KindOf(err))
	// Output:
	// active SKU-000000-0 177.00 SAR
	// 12 products, 3 orders, <nil>
	// not found
}

// A store on plain http takes signatures alone; nothing has to be configured.
func ExampleAdapter_Open() {
	server := woocommercetest.NewServer(&woocommercetest.Config{StoreURL: "http://shop.example.test", Orders: 3})
	defer server.Close()

	app, err := woocommerce.New(woocommerce.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	keys := catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())})
	engine, err := app.Open(catalog.Account{Store: "http://shop.example.test"}, keys)
	if err != nil {
		fmt.Println(err)
		return
	}
	shop, err := engine.Shop(context.Background())
	fmt.Println(shop.Currency, shop.TimeZone, err)
	// Output:
	// SAR Asia/Riyadh <nil>
}

// Each store signs with a secret of its own, so the address names the account.
func ExampleAdapter_Verifier() {
	app, err := woocommerce.New(woocommerce.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const secret = "a1B2c3D4e5F6g7H8"
	account := catalog.Account{ID: "tenant-42", Store: "https://shop.example.test"}
	verifier, err := app.Verifier(catalog.VerifierConfig{Account: &account, Secrets: []catalog.Secret{catalog.NewSecret(secret)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := woocommercetest.NewServer(nil)
	defer server.Close()
	sent := server.DeliveryOf(woocommercetest.Subscription{ID: 1, Topic: "order.deleted", Secret: secret}, []byte(`{"id":439}`))
	verdict, err := verifier.Verify(context.Background(), catalog.Delivery{Method: "POST", Header: sent.Header, Body: sent.Body})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict.Events[0].Kind, verdict.Events[0].ResourceID, verdict.Events[0].Store)

	ping := server.Ping(1)
	verdict, err = verifier.Verify(context.Background(), catalog.Delivery{Method: "POST", Header: ping.Header, Body: ping.Body})
	fmt.Println(len(verdict.Events), "events, answer", verdict.Reply.Status, err)
	// Output:
	// order.deleted 439 https://shop.example.test
	// 0 events, answer 200 <nil>
}
