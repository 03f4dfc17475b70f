package main

import (
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

func openBigCommerce() (store, error) {
	server := bigcommercetest.NewServer(nil)
	app, err := bigcommerce.New(bigcommerce.Config{Transport: server.Transport(), PollInterval: 10 * time.Millisecond})
	return store{
		adapter: app, account: catalog.Account{Platform: bigcommerce.Platform, Store: server.StoreHash()},
		credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())},
		order:      func() string { return number(server.AddPaidOrder().ID) },
		subscriptions: []catalog.Subscription{
			{Topic: "store/order/created", URL: "https://service.example/webhooks/bigcommerce"},
			{Topic: "store/product/*", URL: "https://service.example/webhooks/bigcommerce"},
		},
		carrier: "aramex", close: server.Close,
	}, err
}
