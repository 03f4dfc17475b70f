package main

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/woocommerce"
)

// platform is one that merchants can connect. A new one is an entry in the list
// below and its two functions: nothing else in the program knows its name.
type platform struct {
	name string
	// keys are the environment variables of the app's own keys. One that is set
	// turns the program to the real platforms; without all of them this platform
	// is not offered there. None = the platform needs none.
	keys []string
	// webhook is the environment variable of the secret that signs webhooks, where
	// that is one of its own; "" = the app's.
	webhook string
	// real makes the adapter of the real platform.
	real func(getenv func(string) string) (auth.Connector, error)
	// inside makes a server inside the program and the adapter that talks to it.
	inside func(start insideStart) (*inside, error)
}

var platforms = []platform{
	{name: shopify.Platform, keys: []string{"SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET"}, webhook: "SHOPIFY_WEBHOOK_SECRET", real: realShopify, inside: insideShopify},
	{name: salla.Platform, keys: []string{"SALLA_CLIENT_ID", "SALLA_CLIENT_SECRET"}, webhook: "SALLA_WEBHOOK_SECRET", real: realSalla, inside: insideSalla},
	{name: woocommerce.Platform, real: realWooCommerce, inside: insideWooCommerce},
	{name: bigcommerce.Platform, keys: []string{"BIGCOMMERCE_CLIENT_ID", "BIGCOMMERCE_CLIENT_SECRET"}, real: realBigCommerce, inside: insideBigCommerce},
	{name: magento.Platform, real: realMagento, inside: insideMagento},
}

func realShopify(getenv func(string) string) (auth.Connector, error) {
	return shopify.New(shopify.Config{
		ClientID:     getenv("SHOPIFY_CLIENT_ID"),
		ClientSecret: catalog.NewSecret(getenv("SHOPIFY_CLIENT_SECRET")),
		APIVersion:   getenv("SHOPIFY_API_VERSION"),
		Scopes:       listOf(getenv("SHOPIFY_SCOPES")),
	})
}

func realSalla(getenv func(string) string) (auth.Connector, error) {
	return salla.New(salla.Config{
		ClientID:     getenv("SALLA_CLIENT_ID"),
		ClientSecret: catalog.NewSecret(getenv("SALLA_CLIENT_SECRET")),
		Scopes:       listOf(getenv("SALLA_SCOPES")),
		AppID:        getenv("SALLA_APP_ID"),
	})
}

func realWooCommerce(func(string) string) (auth.Connector, error) {
	return woocommerce.New(woocommerce.Config{AppName: appName, Permissions: woocommerce.PermissionsRead, Transport: outward()})
}

func realMagento(func(string) string) (auth.Connector, error) {
	return magento.New(magento.Config{Transport: outward()})
}

func realBigCommerce(getenv func(string) string) (auth.Connector, error) {
	return bigcommerce.New(bigcommerce.Config{
		ClientID:     getenv("BIGCOMMERCE_CLIENT_ID"),
		ClientSecret: catalog.NewSecret(getenv("BIGCOMMERCE_CLIENT_SECRET")),
		Scopes:       listOf(getenv("BIGCOMMERCE_SCOPES")),
	})
}

// appName is what a store calls the program.
const appName = "souk example"

// outward sends requests to public addresses alone: what a merchant types as a
// store's address must not lead into the service's own network.
func outward() http.RoundTripper {
	t := transport.NewHTTPTransport()
	t.Proxy = nil // a proxy would look the name up itself
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, Control: publicOnly}).DialContext
	return t
}

// publicOnly is asked with the address that is about to be dialled, after its
// name was looked up.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := at.Addr().Unmap(); !ip.IsGlobalUnicast() || ip.IsPrivate() || sharedNetwork.Contains(ip) {
		return errors.New("the store's address is not a public one")
	}
	return nil
}

// sharedNetwork is carriers' and clouds' own (RFC 6598).
var sharedNetwork = netip.MustParsePrefix("100.64.0.0/10")

// listOf reads scopes, separated by commas or blanks.
func listOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
