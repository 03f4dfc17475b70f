package shopify_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// A host registers the adapter once and picks it by name at run time. Here the
// store is a test server; without Transport the same code reads a real one.
func Example() {
	server := shopifytest.NewServer(nil)
	defer server.Close()

	app, err := shopify.New(shopify.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	var registry catalog.Registry
	if err := registry.Register(app); err != nil {
		fmt.Println(err)
		return
	}
	adapter, err := registry.Get("shopify")
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := adapter.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken(server.Token()))
	if err != nil {
		fmt.Println(err)
		return
	}
	query := catalog.ProductQuery{ListOptions: catalog.ListOptions{Limit: 2}}
	for product, err := range engine.Products(context.Background(), query) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(product.ID, product.Variants[0].Price)
	}
	// Output:
	// 8100000000000 39.26 SAR
	// 8100000000032 209.10 SAR
}

// Changes are read from a checkpoint that the host saves. The first read, from
// "", gives everything.
func ExampleEngine_changes() {
	server := shopifytest.NewServer(&shopifytest.Config{Products: 40, Bucket: shopifytest.Bucket{Capacity: 20000, Restore: 1000}})
	defer server.Close()
	app, err := shopify.New(shopify.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := app.Open(catalog.Account{Store: server.Shop()}, catalog.StaticToken(server.Token()))
	if err != nil {
		fmt.Println(err)
		return
	}
	saved := ""
	sync := func() {
		changes, n := catalog.ProductChanges(engine, saved), 0
		for product, err := range changes.All(context.Background()) {
			if err != nil {
				fmt.Println(err)
				return
			}
			if n++; saved != "" {
				fmt.Println("changed:", product.ID)
			}
		}
		fmt.Println(n, "in all")
		saved = changes.Checkpoint()
	}
	sync()
	server.UpdateProduct(8100000000032, func(p *shopifytest.Product) { p.Title = "New title" })
	sync()
	sync()
	// Output:
	// 40 in all
	// changed: 8100000000032
	// 1 in all
	// 0 in all
}

// What only some platforms can do is found with catalog.As.
func ExampleEngine_ProductsBySKU() {
	server := shopifytest.NewServer(nil)
	defer server.Close()
	app, err := shopify.New(shopify.Config{Transport: server.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	var engine catalog.Engine
	engine, err = app.Open(catalog.Account{Store: server.Shop()}, catalog.StaticToken(server.Token()))
	if err != nil {
		fmt.Println(err)
		return
	}
	finder, ok := catalog.As[catalog.ProductFinder](engine)
	if !ok {
		fmt.Println("this platform has no look-up by SKU")
		return
	}
	found, err := catalog.Collect(finder.ProductsBySKU(context.Background(), "no such thing"))
	fmt.Println(len(found), err)
	_, err = engine.Product(context.Background(), "1")
	fmt.Println(errors.Is(err, catalog.ErrNotFound))
	// Output:
	// 0 <nil>
	// true
}
