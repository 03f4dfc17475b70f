package main

import (
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

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
