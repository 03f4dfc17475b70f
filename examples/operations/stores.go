package main

import (
	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/woocommerce"
)

// store is one platform's store, on a server inside the program.
type store struct {
	adapter    catalog.Adapter
	account    catalog.Account
	credential catalog.Credential
	// order places a paid order of a shopper, whose first line has three
	// pieces, and returns its id.
	order func() string
	// cancellable places one that can still be cancelled; nil = as order.
	cancellable func() string
	// subscriptions are those a service may want.
	subscriptions []catalog.Subscription
	// carrier is a company the store ships with.
	carrier string
	close   func()
}

var platforms = []struct {
	name string
	open func() (store, error)
}{
	{shopify.Platform, openShopify},
	{salla.Platform, openSalla},
	{woocommerce.Platform, openWooCommerce},
	{magento.Platform, openMagento},
	{bigcommerce.Platform, openBigCommerce},
}
