package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
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

// connectMagento reads MAGENTO_STORE_URL with the four values of an
// integration, or with MAGENTO_API_TOKEN where the shop takes it as a bearer
// token, or for a SaaS store with MAGENTO_CLIENT_ID and MAGENTO_CLIENT_SECRET.
func connectMagento(registry *catalog.Registry, getenv func(string) string) (catalog.Account, catalog.CredentialSource, func(), error) {
	secret := func(name string) catalog.Secret { return catalog.NewSecret(getenv(name)) }
	config := magento.Config{ClientID: getenv("MAGENTO_CLIENT_ID"), ClientSecret: secret("MAGENTO_CLIENT_SECRET")}
	credential := catalog.Credential{
		Key: secret("MAGENTO_CONSUMER_KEY"), Secret: secret("MAGENTO_CONSUMER_SECRET"),
		AccessToken: secret("MAGENTO_ACCESS_TOKEN"), TokenSecret: secret("MAGENTO_ACCESS_TOKEN_SECRET"),
	}
	if credential.IsZero() {
		credential.AccessToken = secret("MAGENTO_API_TOKEN")
	}
	store, done := getenv("MAGENTO_STORE_URL"), func() {}
	if store == "" && !(credential.IsZero() && config.ClientID == "") {
		return catalog.Account{}, nil, nil, fmt.Errorf("MAGENTO_STORE_URL is empty although credentials are set")
	}
	if store == "" {
		server := magentotest.NewServer(nil)
		config.Transport, store, done = server.Transport(), server.StoreURL(), server.Close
		credential = catalog.Credential{
			Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret()),
			AccessToken: catalog.NewSecret(server.AccessToken()), TokenSecret: catalog.NewSecret(server.AccessTokenSecret()),
		}
	}
	app, err := magento.New(config)
	if err == nil {
		err = registry.Register(app)
	}
	account := catalog.Account{Platform: magento.Platform, Store: store}
	if view := getenv("MAGENTO_STORE_VIEW"); view != "" {
		account.Settings = map[string]string{"store_view": view}
	}
	credentials := catalog.StaticCredential(credential)
	if err == nil && credential.IsZero() && config.ClientID != "" {
		credentials, err = app.ClientCredentials(store)
	}
	if err != nil {
		done()
		return catalog.Account{}, nil, nil, err
	}
	return account, credentials, done, nil
}

// hostOf takes the host from an address as people write it.
func hostOf(address string) string {
	address = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(address), "https://"), "http://")
	return strings.TrimSuffix(address, "/")
}
