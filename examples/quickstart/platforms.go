package main

import (
	"fmt"
	"strings"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/woocommerce"
)

// connector registers a platform's adapter and says which store to open. It is
// the only part of the program that differs between platforms.
type connector func(registry *catalog.Registry, getenv func(string) string) (catalog.Account, catalog.CredentialSource, func(), error)

var connectors = []struct {
	platform string
	connect  connector
}{
	{shopify.Platform, connectShopify},
	{salla.Platform, connectSalla},
	{woocommerce.Platform, connectWooCommerce},
	{magento.Platform, connectMagento},
	{bigcommerce.Platform, connectBigCommerce},
}

func platformNames() []string {
	var names []string
	for _, c := range connectors {
		names = append(names, c.platform)
	}
	return names
}

func connect(registry *catalog.Registry, platform string, getenv func(string) string) (catalog.Account, catalog.CredentialSource, func(), error) {
	for _, c := range connectors {
		if c.platform == platform {
			return c.connect(registry, getenv)
		}
	}
	return catalog.Account{}, nil, nil, fmt.Errorf("unknown platform %q; there are: %s", platform, strings.Join(platformNames(), ", "))
}

// hostOf takes the host from an address as people write it.
func hostOf(address string) string {
	address = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(address), "https://"), "http://")
	return strings.TrimSuffix(address, "/")
}
