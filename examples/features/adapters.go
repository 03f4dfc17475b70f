package main

import (
	"fmt"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/woocommerce"
)

// adapters are the columns of the table: one line for each platform.
var adapters = []column{
	of("Shopify", shopify.New, shopify.Config{}),
	of("Salla", salla.New, salla.Config{}),
	of("WooCommerce", woocommerce.New, woocommerce.Config{}),
	of("Magento", magento.New, magento.Config{}),
	of("BigCommerce", bigcommerce.New, bigcommerce.Config{}),
}

// column is a platform's name for people, and what its adapter can do.
type column struct {
	name string
	open func() (catalog.Adapter, error)
}

// of names a constructor with the least configuration it takes: Features needs
// no keys.
func of[C any, A catalog.Adapter](name string, construct func(C) (A, error), config C) column {
	return column{name, func() (catalog.Adapter, error) {
		adapter, err := construct(config)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return adapter, nil
	}}
}
