package main

import (
	"crypto/rand"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func openWooCommerce(e env, inside bool) (*shop, error) {
	secrets := e.secrets("WOOCOMMERCE_WEBHOOK_SECRET")
	if len(secrets) == 0 {
		if !inside {
			return nil, nil
		}
		server, secret := woocommercetest.NewServer(&woocommercetest.Config{Products: 40, Orders: 40, Customers: 20}), rand.Text()
		sender := &wooSender{server: server, orders: server.Orders(), products: server.Products(), customers: server.Customers()}
		for _, topic := range []string{"product.updated", "order.updated", "customer.updated", "order.created", "product.deleted"} {
			sender.hooks = append(sender.hooks, server.AddSubscription(woocommercetest.Subscription{Name: topic, Status: "active", Topic: topic, Secret: secret}))
		}
		app, err := woocommerce.New(woocommerce.Config{Transport: server.Transport(), WebhookSecrets: []catalog.Secret{catalog.NewSecret(secret)}})
		return &shop{adapter: app, inside: true, account: account(woocommerce.Platform, server.StoreURL()), path: "/webhooks/woocommerce", close: server.Close, send: sender,
			credential: catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())}}, err
	}
	if err := e.needs("WOOCOMMERCE_STORE_URL", "WOOCOMMERCE_WEBHOOK_SECRET"); err != nil {
		return nil, err
	}
	app, err := woocommerce.New(woocommerce.Config{WebhookSecrets: secrets})
	return &shop{adapter: app, account: account(woocommerce.Platform, e("WOOCOMMERCE_STORE_URL")), path: "/webhooks/woocommerce",
		credential: catalog.Credential{Key: e.secret("WOOCOMMERCE_CONSUMER_KEY"), Secret: e.secret("WOOCOMMERCE_CONSUMER_SECRET")}}, err
}

type wooSender struct {
	server    *woocommercetest.Server
	orders    []*woocommercetest.Order
	products  []*woocommercetest.Product
	customers []*woocommercetest.Customer
	hooks     []woocommercetest.Subscription
}

// first is the unsigned ping of a new webhook, which is answered and no event.
func (s *wooSender) first() *parcel {
	return &parcel{path: "/webhooks/woocommerce", good: s.server.Ping(s.hooks[0].ID)}
}

func (s *wooSender) make(pick int) (parcel, error) {
	hook := s.hooks[pick%len(s.hooks)]
	id := s.products[pick%len(s.products)].ID
	now := time.Now()
	var err error
	switch hook.Topic {
	case "order.updated", "order.created":
		id = s.orders[pick%len(s.orders)].ID
		err = s.server.UpdateOrder(id, func(o *woocommercetest.Order) { o.ModifiedAt = now })
	case "customer.updated":
		id = s.customers[pick%len(s.customers)].ID
	default:
		err = s.server.UpdateProduct(id, func(p *woocommercetest.Product) { p.ModifiedAt = now })
	}
	if err != nil {
		return parcel{}, err
	}
	d, err := s.server.Delivery(hook.ID, id)
	return parcel{path: "/webhooks/woocommerce", good: d,
		forged: []signed{d.Forged(woocommercetest.AlteredByte), d.Forged(woocommercetest.WrongSecret), d.Forged(woocommercetest.MissingHeader)}}, err
}
