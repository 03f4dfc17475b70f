package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
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

// connectShopify reads SHOPIFY_STORE_URL with either SHOPIFY_ACCESS_TOKEN or
// SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET.
func connectShopify(registry *catalog.Registry, getenv func(string) string) (catalog.Account, catalog.CredentialSource, func(), error) {
	config := shopify.Config{
		ClientID:     getenv("SHOPIFY_CLIENT_ID"),
		ClientSecret: catalog.NewSecret(getenv("SHOPIFY_CLIENT_SECRET")),
		APIVersion:   getenv("SHOPIFY_API_VERSION"),
	}
	store, token, done := hostOf(getenv("SHOPIFY_STORE_URL")), getenv("SHOPIFY_ACCESS_TOKEN"), func() {}
	if store == "" && cmp.Or(token, config.ClientID) != "" {
		return catalog.Account{}, nil, nil, fmt.Errorf("SHOPIFY_STORE_URL is empty although credentials are set")
	}
	if store == "" {
		// A Plus store's rate limit, so that the demonstration need not wait.
		server := shopifytest.NewServer(&shopifytest.Config{Bucket: shopifytest.Bucket{Capacity: 20000, Restore: 1000}})
		config.Transport, store, token, done = server.Transport(), server.Shop(), server.Token(), server.Close
	}
	app, err := shopify.New(config)
	if err == nil {
		err = registry.Register(app)
	}
	account := catalog.Account{Platform: shopify.Platform, Store: store}
	credentials := catalog.StaticToken(token)
	if err == nil && token == "" {
		credentials, err = app.ClientCredentials(store)
	}
	if err != nil {
		done()
		return catalog.Account{}, nil, nil, err
	}
	return account, credentials, done, nil
}

// connectSalla reads SALLA_ACCESS_TOKEN and SALLA_MERCHANT_ID.
func connectSalla(registry *catalog.Registry, getenv func(string) string) (catalog.Account, catalog.CredentialSource, func(), error) {
	config := salla.Config{
		ClientID:     getenv("SALLA_CLIENT_ID"),
		ClientSecret: catalog.NewSecret(getenv("SALLA_CLIENT_SECRET")),
	}
	store, token, done := getenv("SALLA_MERCHANT_ID"), getenv("SALLA_ACCESS_TOKEN"), func() {}
	if (store == "") != (token == "") {
		return catalog.Account{}, nil, nil, fmt.Errorf("SALLA_MERCHANT_ID and SALLA_ACCESS_TOKEN are needed together")
	}
	if store == "" {
		server := sallatest.NewServer(&sallatest.Config{Plan: sallatest.PlanSpecial})
		config.Transport, store, token, done = server.Transport(), fmt.Sprint(server.MerchantID()), server.Token(), server.Close
	}
	app, err := salla.New(config)
	if err == nil {
		err = registry.Register(app)
	}
	if err != nil {
		done()
		return catalog.Account{}, nil, nil, err
	}
	return catalog.Account{Platform: salla.Platform, Store: store}, catalog.StaticToken(token), done, nil
}

// connectBigCommerce reads BIGCOMMERCE_STORE_HASH, BIGCOMMERCE_ACCESS_TOKEN and
// BIGCOMMERCE_CHANNEL_ID.
func connectBigCommerce(registry *catalog.Registry, getenv func(string) string) (catalog.Account, catalog.CredentialSource, func(), error) {
	var config bigcommerce.Config
	store, token, done := getenv("BIGCOMMERCE_STORE_HASH"), getenv("BIGCOMMERCE_ACCESS_TOKEN"), func() {}
	if (store == "") != (token == "") {
		return catalog.Account{}, nil, nil, fmt.Errorf("BIGCOMMERCE_STORE_HASH and BIGCOMMERCE_ACCESS_TOKEN are needed together")
	}
	if store == "" {
		server := bigcommercetest.NewServer(&bigcommercetest.Config{Plan: bigcommercetest.PlanPro})
		config.Transport, store, token, done = server.Transport(), server.StoreHash(), server.Token(), server.Close
	}
	app, err := bigcommerce.New(config)
	if err == nil {
		err = registry.Register(app)
	}
	if err != nil {
		done()
		return catalog.Account{}, nil, nil, err
	}
	account := catalog.Account{Platform: bigcommerce.Platform, Store: store}
	if channel := getenv("BIGCOMMERCE_CHANNEL_ID"); channel != "" {
		account.Settings = map[string]string{"channel_id": channel}
	}
	return account, catalog.StaticToken(token), done, nil
}

// hostOf takes the host from an address as people write it.
func hostOf(address string) string {
	address = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(address), "https://"), "http://")
	return strings.TrimSuffix(address, "/")
}
