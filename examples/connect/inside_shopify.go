package main

import (
	"context"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

func insideShopify(start insideStart) (*inside, error) {
	server := shopifytest.NewServer(&shopifytest.Config{Shop: "souk-demo.myshopify.com"})
	for _, g := range start.granted {
		server.AddTokens(shopifytest.TokenPair{
			AccessToken: g.credential.AccessToken.Reveal(), RefreshToken: g.credential.RefreshToken.Reveal(),
			ExpiresAt: g.credential.ExpiresAt, RefreshExpiresAt: g.credential.RefreshExpiresAt, Scopes: g.credential.Scopes,
		})
	}
	adapter, err := shopify.New(shopify.Config{
		ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()),
		Scopes: []string{"read_products", "read_inventory", "read_orders", "read_customers"}, Transport: server.Transport(),
	})
	return &inside{
		adapter: adapter, hosts: []string{server.Shop()}, url: server.URL(), close: server.Close,
		Fields: map[string]string{"shop": server.Shop()},
		Hints:  []auth.Value{{Label: "Store", Text: server.Shop()}, {Label: "A token of a custom app", Text: server.Token()}},
		remove: func(ctx context.Context, _ granted, webhook string) error {
			_, err := server.Send(ctx, webhook, server.UninstallDelivery())
			return err
		},
		expire: func(string) { server.ExpireTokens() },
	}, err
}
