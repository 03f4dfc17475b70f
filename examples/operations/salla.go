package main

import (
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func openSalla() (store, error) {
	server := sallatest.NewServer(&sallatest.Config{Plan: sallatest.PlanSpecial})
	// The client id marks the app's own webhooks, since Salla lists everybody's.
	app, err := salla.New(salla.Config{ClientID: "operations", ClientSecret: catalog.NewSecret("a secret of this program"), Transport: server.Transport(), PollInterval: 10 * time.Millisecond})
	return store{
		adapter: app, account: catalog.Account{Platform: salla.Platform, Store: number(server.MerchantID())},
		credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())},
		order:      func() string { return number(server.AddOpenOrder().ID) },
		subscriptions: []catalog.Subscription{ // one address each: a webhook's address is its name
			{Topic: "order.created", URL: "https://service.example/webhooks/salla/orders", Name: "orders"},
			{Topic: "product.updated", URL: "https://service.example/webhooks/salla/products", Name: "products"},
		},
		carrier: "Naqel", close: server.Close,
	}, err
}
