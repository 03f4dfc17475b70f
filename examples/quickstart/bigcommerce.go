package main

import (
	"fmt"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

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
