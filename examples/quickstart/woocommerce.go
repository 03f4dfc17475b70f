package main

import (
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// connectWooCommerce reads WOOCOMMERCE_STORE_URL, WOOCOMMERCE_CONSUMER_KEY and
// WOOCOMMERCE_CONSUMER_SECRET, and WOOCOMMERCE_AUTH for hosts that need another
// way than the usual.
func connectWooCommerce(registry *catalog.Registry, getenv func(string) string) (catalog.Account, catalog.CredentialSource, func(), error) {
	config := woocommerce.Config{Auth: woocommerce.Auth(getenv("WOOCOMMERCE_AUTH"))}
	store, done := getenv("WOOCOMMERCE_STORE_URL"), func() {}
	key, secret := getenv("WOOCOMMERCE_CONSUMER_KEY"), getenv("WOOCOMMERCE_CONSUMER_SECRET")
	if (store == "") != (key == "") || (key == "") != (secret == "") {
		return catalog.Account{}, nil, nil, fmt.Errorf("WOOCOMMERCE_STORE_URL, WOOCOMMERCE_CONSUMER_KEY and WOOCOMMERCE_CONSUMER_SECRET are needed together")
	}
	if store == "" {
		server := woocommercetest.NewServer(nil)
		config.Transport, store, done = server.Transport(), server.StoreURL(), server.Close
		key, secret = server.ConsumerKey(), server.ConsumerSecret()
	}
	app, err := woocommerce.New(config)
	if err == nil {
		err = registry.Register(app)
	}
	if err != nil {
		done()
		return catalog.Account{}, nil, nil, err
	}
	keys := catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(key), Secret: catalog.NewSecret(secret)})
	return catalog.Account{Platform: woocommerce.Platform, Store: store}, keys, done, nil
}
