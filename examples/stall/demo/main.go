// Demo reads a stall and a store of one of souk's own platforms through the
// same code. Both are servers inside the program.
//
//	go run ./examples/stall/demo
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"example.com/stall"
	"example.com/stall/stalltest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	lamps := stalltest.New(stalltest.Config{Token: "lamps-token"})
	lamps.Seed(stalltest.Products, 40)
	market := sallatest.NewServer(&sallatest.Config{Products: 30})
	defer market.Close()

	stallApp, err := stall.New(stall.Config{Transport: lamps})
	if err != nil {
		return err
	}
	sallaApp, err := salla.New(salla.Config{Transport: market.Transport()})
	if err != nil {
		return err
	}
	registry := &catalog.Registry{}
	for _, app := range []catalog.Adapter{stallApp, sallaApp} {
		if err := registry.Register(app); err != nil {
			return err
		}
	}
	for _, store := range []struct{ platform, name, token string }{
		{stall.Platform, "brass-lamp", "lamps-token"},
		{salla.Platform, fmt.Sprint(market.MerchantID()), market.Token()},
	} {
		if err := read(ctx, registry, store.platform, store.name, store.token, out); err != nil {
			return err
		}
	}
	return nil
}

// read knows nothing of any platform.
func read(ctx context.Context, registry *catalog.Registry, platform, store, token string, out io.Writer) error {
	adapter, err := registry.Get(platform)
	if err != nil {
		return err
	}
	engine, err := adapter.Open(catalog.Account{Store: store}, catalog.StaticToken(token))
	if err != nil {
		return err
	}
	products, variants := 0, 0
	for product, err := range engine.Products(ctx, catalog.ProductQuery{}) {
		if err != nil {
			return err
		}
		products, variants = products+1, variants+len(product.Variants)
	}
	_, err = fmt.Fprintf(out, "%s: %d products with %d variants\n", platform, products, variants)
	return err
}
