package main

import (
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func openMagento() (store, error) {
	const webhooks = "https://service.example/webhooks/magento/"
	server := magentotest.NewServer(nil)
	app, err := magento.New(magento.Config{Transport: server.Transport(), PollInterval: 10 * time.Millisecond,
		WebhookURL: webhooks, WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.VerificationToken())}})
	return store{
		adapter: app, account: catalog.Account{Platform: magento.Platform, Store: server.StoreURL()},
		credential: catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret()),
			AccessToken: catalog.NewSecret(server.AccessToken()), TokenSecret: catalog.NewSecret(server.AccessTokenSecret())},
		order:       func() string { return number(server.AddSale(true).ID) },
		cancellable: func() string { return number(server.AddSale(false).ID) },
		// The module that sends them names no event in a delivery: each has an
		// address of its own.
		subscriptions: []catalog.Subscription{
			{Topic: "sales.order.created", URL: webhooks + "sales.order.created"},
			{Topic: "catalog.product.updated", URL: webhooks + "catalog.product.updated"},
		},
		carrier: "Aramex", close: server.Close,
	}, err
}
