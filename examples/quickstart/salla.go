package main

import (
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

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
