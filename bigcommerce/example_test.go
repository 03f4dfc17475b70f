package bigcommerce_test

import (
	"context"
	"fmt"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// Reading a store. The server stands for BigCommerce; without Transport the
// same program reads a real one.
func Example() {
	server := bigcommercetest.NewServer(&bigcommercetest.Config{Products: 12, Orders: 4, Customers: 4})
	defer server.Close()
	ctx := context.Background()

	app, err := bigcommerce.New(bigcommerce.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := app.Open(catalog.Account{Store: "abc123xyz"}, catalog.StaticToken(server.Token()))
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
		if products++; products == 2 {
			fmt.Println(product.Vendor, product.Status, product.Variants[0].SKU, product.Variants[0].Price, "instead of", product.Variants[0].CompareAtPrice)
		}
	}
	orders, err := catalog.Collect(engine.Orders(ctx, catalog.OrderQuery{}))
	fmt.Println(products, "products,", len(orders), "orders,", err) // one more is an unfinished checkout

	_, err = engine.Order(ctx, "404404")
	fmt.Println(catalog.KindOf(err))
	// Output:
	// دار العود active SKU-2 4.99 SAR instead of 229.65 SAR
	// 12 products, 3 orders, <nil>
	// not found
}

// Webhooks are signed with the client secret of the API account that made the
// hook. They bring ids only: the record is fetched.
func ExampleAdapter_Verifier() {
	server := bigcommercetest.NewServer(&bigcommercetest.Config{Products: 1})
	defer server.Close()

	app, err := bigcommerce.New(bigcommerce.Config{ClientSecret: catalog.NewSecret(server.ClientSecret())})
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := app.Verifier(catalog.VerifierConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sent, err := server.Delivery("store/product/updated", server.Products()[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	verdict, err := verifier.Verify(context.Background(), catalog.Delivery{Method: "POST", Header: sent.Header, Body: sent.Body, ReceivedAt: time.Now()})
	if err != nil {
		fmt.Println(err)
		return
	}
	event := verdict.Events[0]
	fmt.Println(event.Kind, event.Resource, event.ResourceID, "of", event.Store, "partial:", event.Partial)

	_, err = verifier.Verify(context.Background(), catalog.Delivery{Method: "POST", Header: sent.Header, Body: []byte(`{}`), ReceivedAt: time.Now()})
	fmt.Println(catalog.KindOf(err))
	// Output:
	// product.updated products 101 of abc123xyz partial: true
	// unauthorized
}
