package main

import (
	"context"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func insideBigCommerce(start insideStart) (*inside, error) {
	base := start.baseURL + "/connect/" + bigcommerce.Platform
	server := bigcommercetest.NewServer(&bigcommercetest.Config{
		RedirectURI: base + "/auth", LoadURI: base + "/load", UninstallURI: base + "/uninstall", RemoveUserURI: base + "/remove_user",
	})
	for _, g := range start.granted {
		server.AddAccount(bigcommercetest.Account{Token: g.credential.AccessToken.Reveal(), ClientID: server.ClientID(),
			ClientSecret: server.ClientSecret(), Scopes: g.credential.Scopes})
	}
	adapter, err := bigcommerce.New(bigcommerce.Config{
		ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), Transport: server.Transport(),
	})
	return &inside{
		adapter: adapter, hosts: []string{bigcommercetest.LoginHost}, url: server.URL(), close: server.Close,
		Fields: map[string]string{"store": server.StoreHash()},
		Hints:  []auth.Value{{Label: "Store", Text: server.StoreHash()}, {Label: "Access token of an API account", Text: server.Token()}},
		remove: func(ctx context.Context, from granted, _ string) error {
			server.Revoke(from.credential.AccessToken.Reveal()) // the server does not take it for a grant once it was told of it
			_, err := server.UninstallByMerchant(ctx)
			return err
		},
	}, err
}
