package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func insideSalla(start insideStart) (*inside, error) {
	webhook := start.baseURL + "/webhooks/" + salla.Platform
	server := sallatest.NewServer(&sallatest.Config{AppWebhookURL: webhook})
	stores := map[string]*sallatest.Store{}
	for _, store := range []*sallatest.Store{server.Store, server.AddStore(nil)} {
		stores[strconv.FormatInt(store.MerchantID(), 10)] = store
	}
	for _, g := range start.granted {
		if store := stores[g.store]; store != nil {
			store.AddTokens(sallatest.Tokens{
				AccessToken: g.credential.AccessToken.Reveal(), RefreshToken: g.credential.RefreshToken.Reveal(),
				Expires: g.credential.ExpiresAt, Scopes: g.credential.Scopes,
			})
		}
	}
	adapter, err := salla.New(salla.Config{
		ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()),
		Scopes:         []string{"products.read", "orders.read", "customers.read"},
		WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.WebhookSecret())}, Transport: server.Transport(), Language: "en",
	})
	return &inside{
		adapter: adapter, hosts: []string{sallatest.AccountsHost, sallatest.InstallHost}, url: server.URL(), close: server.Close,
		Links: []auth.Link{{Title: "Install from Salla’s app store", URL: server.URL() + "/apps/install/1",
			Help: "Easy mode, the only one for published apps: Salla sends the tokens to the webhook, and the store appears below."}},
		remove: func(ctx context.Context, from granted, webhook string) error {
			store := stores[from.store]
			if store == nil {
				return fmt.Errorf("there is no store %s", from.store)
			}
			_, err := server.Deliver(ctx, webhook, store.UninstallDelivery())
			return err
		},
		expire: func(store string) {
			if stores[store] != nil {
				stores[store].ExpireTokens()
			}
		},
	}, err
}
