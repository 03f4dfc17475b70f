package main

import (
	"context"
	"net/url"

	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func insideMagento(start insideStart) (*inside, error) {
	config := &magentotest.Config{BaseURL: "https://magento.souk.example/"}
	for _, g := range start.granted { // of the one store there is
		config.ConsumerKey, config.ConsumerSecret = g.credential.Key.Reveal(), g.credential.Secret.Reveal()
		config.AccessToken, config.AccessTokenSecret = g.credential.AccessToken.Reveal(), g.credential.TokenSecret.Reveal()
	}
	server := magentotest.NewServer(config)
	adapter, err := magento.New(magento.Config{Transport: server.Transport()})
	at, _ := url.Parse(server.StoreURL())
	in := &inside{
		adapter: adapter, hosts: []string{at.Host}, url: server.URL(), close: server.Close,
		Fields: map[string]string{"store": server.StoreURL()},
		Admin:  &auth.Link{Title: "Open the shop’s page for a new integration", URL: server.NewIntegrationURL()},
		remove: func(context.Context, granted, string) error {
			server.Revoke()
			return nil
		},
		Silent: true,
	}
	if len(start.granted) == 0 {
		in.Hints = []auth.Value{{Label: "Store", Text: server.StoreURL()},
			{Label: "Consumer key", Text: server.ConsumerKey()}, {Label: "Consumer secret", Text: server.ConsumerSecret()},
			{Label: "Access token", Text: server.AccessToken()}, {Label: "Access token secret", Text: server.AccessTokenSecret()}}
	}
	return in, err
}
