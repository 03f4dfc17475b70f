package main

import (
	"cmp"
	"crypto/rand"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

func openShopify(e env, inside bool) (*shop, error) {
	// Subscriptions made by hand in the admin are signed with a secret of
	// their own, those of an app with its client secret.
	secrets := e.secrets("SHOPIFY_WEBHOOK_SECRET", "SHOPIFY_SHARED_SECRET", "SHOPIFY_CLIENT_SECRET")
	if len(secrets) == 0 {
		if !inside {
			return nil, nil
		}
		server := shopifytest.NewServer(&shopifytest.Config{ClientSecret: rand.Text(), Products: 40, Orders: 40, Customers: 20,
			Bucket: shopifytest.Bucket{Capacity: 20000, Restore: 1000}})
		app, err := shopify.New(shopify.Config{ClientID: server.ClientID(), ClientSecret: catalog.NewSecret(server.ClientSecret()), Transport: server.Transport()})
		return &shop{adapter: app, inside: true, account: account(shopify.Platform, server.Shop()), path: "/webhooks/shopify", close: server.Close,
			credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())}, send: &shopifySender{server, server.Orders(), server.Products(), server.Customers()}}, err
	}
	app, err := shopify.New(shopify.Config{ClientID: cmp.Or(e("SHOPIFY_CLIENT_ID"), "unknown"), ClientSecret: secrets[0], OldSecrets: secrets[1:], APIVersion: e("SHOPIFY_API_VERSION")})
	return &shop{adapter: app, account: account(shopify.Platform, hostOf(e("SHOPIFY_STORE_URL"))), path: "/webhooks/shopify",
		credential: catalog.Credential{AccessToken: e.secret("SHOPIFY_ACCESS_TOKEN")}}, err
}

type shopifySender struct {
	server    *shopifytest.Server
	orders    []*shopifytest.Order
	products  []*shopifytest.Product
	customers []*shopifytest.Customer
}

func (s *shopifySender) first() *parcel { return nil }

func (s *shopifySender) make(pick int) (parcel, error) {
	topics := []string{"products/update", "orders/updated", "products/create", "orders/create", "orders/paid", "customers/update", "products/delete", "themes/publish"}
	topic := topics[pick%len(topics)]
	now := time.Now().UTC()
	var body []byte
	switch topic {
	case "products/create", "products/update":
		p := *s.products[pick%len(s.products)]
		p.UpdatedAt = now
		body = s.server.ProductPayload(&p)
	case "products/delete":
		body = s.server.DeletedPayload(s.products[pick%len(s.products)].ID)
	case "customers/update":
		c := *s.customers[pick%len(s.customers)]
		c.UpdatedAt = now
		body = s.server.CustomerPayload(&c)
	case "themes/publish": // a topic this program has no use for
		body = []byte(`{"id":828155753,"name":"Comfort","role":"main"}`)
	default:
		o := *s.orders[pick%len(s.orders)]
		o.UpdatedAt = now
		body = s.server.OrderPayload(&o)
	}
	d := s.server.Webhook(topic, body)
	path := "/webhooks/shopify"
	if strings.HasPrefix(topic, "products/") {
		path += "/" + topic // as subscriptions with an address per topic have it
	}
	return parcel{path: path, good: d, forged: []signed{d.Altered(), d.Signed("not-the-secret"), d.Without(shopifytest.HeaderHMAC)}}, nil
}
