package salla_test

import (
	"context"
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// Reading a store. The server stands for Salla; without Transport the same
// program reads a real one.
func Example() {
	server := sallatest.NewServer(&sallatest.Config{Products: 12, Orders: 3, Customers: 4})
	defer server.Close()
	ctx := context.Background()

	app, err := salla.New(salla.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := app.Open(catalog.Account{Store: "1305146709"}, catalog.StaticToken(server.Token()))
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
	// active SKU-000000-0 958.25 SAR
	// 12 products, 3 orders, <nil>
	// not found
}

// Webhooks of an app whose security strategy is Signature.
func ExampleAdapter_Verifier() {
	server := sallatest.NewServer(&sallatest.Config{Products: 1})
	defer server.Close()

	app, err := salla.New(salla.Config{WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.WebhookSecret())}})
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := app.Verifier(catalog.VerifierConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sent, _ := server.AuthorizeDelivery() // an app was installed in easy mode
	verdict, err := verifier.Verify(context.Background(), catalog.Delivery{Method: "POST", Header: sent.Header, Body: sent.Body})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict.Events[0].Kind, verdict.Events[0].Store)
	fmt.Println(len(verdict.Grants), "grant:", verdict.Grants[0].Credential.AccessToken)
	// Output:
	// app.authorized 1305146709
	// 1 grant: REDACTED
}
