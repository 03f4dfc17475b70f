package main

import (
	"context"
	"net/url"

	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func insideWooCommerce(start insideStart) (*inside, error) {
	server := woocommercetest.NewServer(&woocommercetest.Config{StoreURL: "https://woo.souk.example", PlainCallbacks: true})
	for _, g := range start.granted {
		server.AddKey(woocommercetest.Key{ConsumerKey: g.credential.Key.Reveal(), ConsumerSecret: g.credential.Secret.Reveal()})
	}
	adapter, err := woocommerce.New(woocommerce.Config{AppName: appName, PlainCallback: true, Transport: server.Transport()})
	at, _ := url.Parse(server.StoreURL())
	return &inside{
		adapter: adapter, hosts: []string{at.Host}, url: server.URL(), close: server.Close,
		Fields: map[string]string{"store": server.StoreURL()},
		Hints: []auth.Value{{Label: "Store", Text: server.StoreURL()}, {Label: "Consumer key", Text: server.ConsumerKey()},
			{Label: "Consumer secret", Text: server.ConsumerSecret()}},
		remove: func(_ context.Context, gone granted, _ string) error {
			server.RevokeKey(gone.credential.Key.Reveal())
			return nil
		},
		Silent: true,
	}, err
}
