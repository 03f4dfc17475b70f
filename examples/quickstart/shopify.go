package main

import (
	"cmp"
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

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
