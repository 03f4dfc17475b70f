package main

import (
	"crypto/rand"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

func openBigCommerce(e env, inside bool) (*shop, error) {
	secrets := e.secrets("BIGCOMMERCE_CLIENT_SECRET")
	if len(secrets) == 0 {
		if !inside {
			return nil, nil
		}
		server := bigcommercetest.NewServer(&bigcommercetest.Config{ClientSecret: rand.Text(), Quota: 60_000, Products: 40, Orders: 40, Customers: 20})
		app, err := bigcommerce.New(bigcommerce.Config{Transport: server.Transport(), ClientSecret: catalog.NewSecret(server.ClientSecret())})
		return &shop{adapter: app, inside: true, account: account(bigcommerce.Platform, server.StoreHash()), path: "/webhooks/bigcommerce", close: server.Close,
			credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())},
			send:       &bigcommerceSender{server, server.Orders(), server.Products(), server.Customers()}}, err
	}
	app, err := bigcommerce.New(bigcommerce.Config{ClientSecret: secrets[0], OldSecrets: secrets[1:]})
	return &shop{adapter: app, account: account(bigcommerce.Platform, e("BIGCOMMERCE_STORE_HASH")), path: "/webhooks/bigcommerce",
		credential: catalog.Credential{AccessToken: e.secret("BIGCOMMERCE_ACCESS_TOKEN")}}, err
}

type bigcommerceSender struct {
	server    *bigcommercetest.Server
	orders    []*bigcommercetest.Order
	products  []*bigcommercetest.Product
	customers []*bigcommercetest.Customer
}

func (s *bigcommerceSender) first() *parcel { return nil }

// make builds deliveries that hold ids alone: handlers fetch the record.
func (s *bigcommerceSender) make(pick int) (parcel, error) {
	scopes := []string{"store/order/updated", "store/product/updated", "store/order/created", "store/customer/updated", "store/information/updated"}
	scope := scopes[pick%len(scopes)]
	var record any
	switch scope {
	case "store/product/updated":
		record = s.products[pick%len(s.products)]
	case "store/customer/updated":
		record = s.customers[pick%len(s.customers)]
	case "store/order/updated", "store/order/created":
		record = s.orders[pick%len(s.orders)]
	}
	d, err := s.server.Delivery(scope, record)
	return parcel{path: "/webhooks/bigcommerce", good: d,
		forged: []signed{d.Forged(bigcommercetest.Stale), d.Forged(bigcommercetest.AlteredBody), d.Forged(bigcommercetest.WrongSecret)}}, err
}
