package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// shop is one platform as this program knows it: an adapter, a store of it, and
// where that store's deliveries go.
type shop struct {
	adapter catalog.Adapter
	// inside says that it is a test server in this program.
	inside bool
	// account is the store; its Store is "" when the environment names none.
	account    catalog.Account
	credential catalog.Credential // zero = there is none
	path       string
	// send is the traffic of a test server.
	send  sender
	close func()
}

// signed is a delivery ready to be sent, as the test servers make them.
type signed interface {
	Request(ctx context.Context, url string) (*http.Request, error)
}

// parcel is a delivery with the address it goes to, and copies of it that must
// be refused.
type parcel struct {
	path   string
	good   signed
	forged []signed
}

// sender makes deliveries of one test server.
type sender interface {
	// make builds the delivery that a number stands for: the same record and
	// topic each time, as they are now.
	make(pick int) (parcel, error)
	// first is what a platform sends once, when it is connected; nil = nothing.
	first() *parcel
}

type shops []*shop

// openShop makes a platform's shop; nil when it is neither in the environment
// nor wanted as a test server.
type openShop func(e env, inside bool) (*shop, error)

var platforms = []struct {
	name, title string
	open        openShop
}{
	{"shopify", "Shopify", openShopify},
	{"salla", "Salla", openSalla},
	{"woocommerce", "WooCommerce", openWooCommerce},
	{"magento", "Magento", openMagento},
	{"bigcommerce", "BigCommerce", openBigCommerce},
}

func openShops(s settings, getenv func(string) string) (shops, error) {
	var all shops
	for _, p := range platforms {
		shop, err := p.open(env(getenv), !s.quiet)
		if err != nil {
			all.close()
			return nil, err
		}
		if shop != nil {
			all = append(all, shop)
		}
	}
	return all, nil
}

func (s shops) close() {
	for _, shop := range s {
		if shop.close != nil {
			shop.close()
		}
	}
}

func (s shops) registry() (*catalog.Registry, error) {
	registry := &catalog.Registry{}
	for _, shop := range s {
		if err := registry.Register(shop.adapter); err != nil {
			return nil, err
		}
	}
	return registry, nil
}

// env reads the environment.
type env func(string) string

func (e env) secret(name string) catalog.Secret { return catalog.NewSecret(e(name)) }

// secrets returns those of the names that are set.
func (e env) secrets(names ...string) []catalog.Secret {
	var all []catalog.Secret
	for _, name := range names {
		if e(name) != "" {
			all = append(all, e.secret(name))
		}
	}
	return all
}

// needs is the error for a secret without the store it belongs to.
func (e env) needs(store, secret string) error {
	if e(store) == "" {
		return fmt.Errorf("%s is set, but %s is empty: nothing in its deliveries names the store", secret, store)
	}
	return nil
}

// account is the one store that this program knows of a platform. Its ID is
// also a part of the address its deliveries may be sent to.
func account(platform, store string) catalog.Account {
	return catalog.Account{ID: platform + "-1", Platform: platform, Store: store}
}

// hostOf takes the host from an address as people write it.
func hostOf(address string) string {
	_, host, _ := strings.Cut(strings.TrimSpace(address), "://")
	host, _, _ = strings.Cut(cmp.Or(host, strings.TrimSpace(address)), "/")
	return host
}
