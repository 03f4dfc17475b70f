package main

import (
	"net/http"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// serveMagento is a shop whose calls are signed. The variants of configurable
// products are rows of the list too. Magento has no rate limit.
func serveMagento(products int, latency time.Duration, _ bool, address string) store {
	s := magentotest.NewServer(&magentotest.Config{BaseURL: "http://" + address + "/", Products: products, Orders: -1, Customers: -1, Latency: latency})
	return store{
		Handler: s, close: s.Close, throttled: func() int { return 0 }, least: withinBudget,
		target: target{Address: address, Shop: s.StoreURL(), Token: s.AccessToken(), Keys: map[string]string{
			"key": s.ConsumerKey(), "secret": s.ConsumerSecret(), "token secret": s.AccessTokenSecret()}},
	}
}

func openMagento(transport http.RoundTripper, t target) (catalog.Engine, error) {
	app, err := magento.New(magento.Config{Transport: transport})
	if err != nil {
		return nil, err
	}
	keys := catalog.Credential{Key: catalog.NewSecret(t.Keys["key"]), Secret: catalog.NewSecret(t.Keys["secret"]),
		AccessToken: catalog.NewSecret(t.Token), TokenSecret: catalog.NewSecret(t.Keys["token secret"])}
	return app.Open(catalog.Account{Store: t.Shop}, catalog.StaticCredential(keys))
}

// serveBigCommerce is a store on the standard plan: 150 calls in 30 seconds.
func serveBigCommerce(products int, latency time.Duration, unlimited bool, address string) store {
	config := bigcommercetest.Config{Products: products, Orders: -1, Customers: -1, Latency: latency}
	if unlimited {
		config.Quota = 1_000_000 // said in the headers too, which the client believes
	}
	s := bigcommercetest.NewServer(&config)
	return store{
		Handler: s, close: s.Close, least: withinBudget,
		throttled: func() int { return s.Ledger().Throttled + s.Ledger().Crowded },
		target:    target{Address: address, Shop: s.StoreHash(), Token: s.Token()},
	}
}

func openBigCommerce(transport http.RoundTripper, t target) (catalog.Engine, error) {
	app, err := bigcommerce.New(bigcommerce.Config{Transport: transport})
	if err != nil {
		return nil, err
	}
	return app.Open(catalog.Account{Store: t.Shop}, catalog.StaticToken(t.Token))
}
