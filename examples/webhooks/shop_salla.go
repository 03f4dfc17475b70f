package main

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func openSalla(e env, inside bool) (*shop, error) {
	secrets := e.secrets("SALLA_WEBHOOK_SECRET")
	if len(secrets) == 0 {
		if !inside {
			return nil, nil
		}
		server := sallatest.NewServer(&sallatest.Config{Plan: sallatest.PlanSpecial, WebhookSecret: rand.Text(), Products: 40, Orders: 40, Customers: 20})
		app, err := salla.New(salla.Config{Transport: server.Transport(), WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.WebhookSecret())}})
		return &shop{adapter: app, inside: true, account: account(salla.Platform, fmt.Sprint(server.MerchantID())), path: "/webhooks/salla", close: server.Close,
			credential: catalog.Credential{AccessToken: catalog.NewSecret(server.Token())}, send: &sallaSender{server, server.Orders(), server.Products(), server.Customers()}}, err
	}
	app, err := salla.New(salla.Config{WebhookSecrets: secrets, WebhookScheme: salla.Scheme(e("SALLA_WEBHOOK_STRATEGY"))})
	return &shop{adapter: app, account: account(salla.Platform, e("SALLA_MERCHANT_ID")), path: "/webhooks/salla",
		credential: catalog.Credential{AccessToken: e.secret("SALLA_ACCESS_TOKEN")}}, err
}

type sallaSender struct {
	server    *sallatest.Server
	orders    []*sallatest.Order
	products  []*sallatest.Product
	customers []*sallatest.Customer
}

// first is the delivery that brings the tokens of an app in easy mode.
func (s *sallaSender) first() *parcel {
	d, _ := s.server.AuthorizeDelivery()
	return &parcel{path: "/webhooks/salla", good: d}
}

func (s *sallaSender) make(pick int) (parcel, error) {
	now := time.Now()
	topics := []string{"order.updated", "product.updated", "order.created", "customer.updated", "product.created", "order.status.updated", "coupon.applied"}
	topic := topics[pick%len(topics)]
	var record any
	switch topic {
	case "order.updated", "order.created", "order.status.updated":
		o := *s.orders[pick%len(s.orders)]
		o.UpdatedAt = now
		record = o
	case "product.updated", "product.created":
		p := *s.products[pick%len(s.products)]
		p.UpdatedAt = now
		record = p
	case "customer.updated":
		c := *s.customers[pick%len(s.customers)]
		c.UpdatedAt = now
		record = c
	}
	d, err := s.server.Delivery(topic, record)
	return parcel{path: "/webhooks/salla", good: d,
		forged: []signed{d.Forged(sallatest.WrongSecret), d.Forged(sallatest.AlteredByte), d.Forged(sallatest.MissingHeader)}}, err
}
