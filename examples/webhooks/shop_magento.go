package main

import (
	"crypto/rand"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

func openMagento(e env, inside bool) (*shop, error) {
	secrets := e.secrets("MAGENTO_WEBHOOK_SECRET")
	scheme := magento.Scheme(e("MAGENTO_WEBHOOK_SCHEME"))
	if len(secrets) == 0 && scheme != magento.SchemeIOEvents {
		if !inside {
			return nil, nil
		}
		server := magentotest.NewServer(&magentotest.Config{VerificationToken: rand.Text(), Products: 40, Orders: 40, Customers: 20})
		app, err := magento.New(magento.Config{Transport: server.Transport(), WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.VerificationToken())}})
		return &shop{adapter: app, inside: true, account: account(magento.Platform, server.StoreURL()), path: "/webhooks/magento", close: server.Close,
			send: &magentoSender{server, server.Orders(), server.Products(), server.Customers()},
			credential: catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret()),
				AccessToken: catalog.NewSecret(server.AccessToken()), TokenSecret: catalog.NewSecret(server.AccessTokenSecret())}}, err
	}
	if err := e.needs("MAGENTO_STORE_URL", "MAGENTO_WEBHOOK_SECRET"); err != nil {
		return nil, err
	}
	app, err := magento.New(magento.Config{ClientID: e("MAGENTO_CLIENT_ID"), WebhookScheme: scheme, WebhookSecrets: secrets})
	return &shop{adapter: app, account: account(magento.Platform, e("MAGENTO_STORE_URL")), path: "/webhooks/magento",
		credential: catalog.Credential{Key: e.secret("MAGENTO_CONSUMER_KEY"), Secret: e.secret("MAGENTO_CONSUMER_SECRET"),
			AccessToken: e.secret("MAGENTO_ACCESS_TOKEN"), TokenSecret: e.secret("MAGENTO_ACCESS_TOKEN_SECRET")}}, err
}

type magentoSender struct {
	server    *magentotest.Server
	orders    []*magentotest.Order
	products  []*magentotest.Product
	customers []*magentotest.Customer
}

func (s *magentoSender) first() *parcel { return nil }

func (s *magentoSender) make(pick int) (parcel, error) {
	now := time.Now()
	events := []string{"sales.order.updated", "catalog.product.updated", "sales.order.created", "customer.updated", "sales.order.paid"}
	event := events[pick%len(events)]
	var record any
	switch event {
	case "catalog.product.updated":
		p := *s.products[pick%len(s.products)]
		p.UpdatedAt = now
		record = p
	case "customer.updated":
		c := *s.customers[pick%len(s.customers)]
		c.UpdatedAt = now
		record = c
	default:
		o := *s.orders[pick%len(s.orders)]
		o.UpdatedAt = now
		record = o
	}
	d, err := s.server.AsyncDelivery(event, record)
	// Nothing in the body names the event: the address does.
	return parcel{path: "/webhooks/magento/magento-1/" + event, good: d,
		forged: []signed{d.Altered(), d.SignedWith("not-the-token"), d.Unsigned()}}, err
}
