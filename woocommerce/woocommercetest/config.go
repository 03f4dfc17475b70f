package woocommercetest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// TB is the part of testing.TB the server uses to fail a test.
type TB = serverkit.TB

// Permalinks says under which addresses the store answers REST requests.
type Permalinks int

const (
	// Pretty is /wp-json/, and /index.php/wp-json/ and /?rest_route= beside it.
	Pretty Permalinks = iota
	// PathInfo is /index.php/wp-json/ and /?rest_route=.
	PathInfo
	// Plain is /?rest_route= alone, where versions before 11.1 ignore API keys.
	Plain
)

// Config describes a store. The zero value of every field has the default its
// comment names. It is read once, by [NewServer].
type Config struct {
	// StoreURL is the genuine address clients use: scheme, host and an optional
	// folder, without a slash at the end. "https://shop.example.test".
	StoreURL string
	// HomeURL is the address WordPress believes it has, which OAuth requests are
	// signed with and answers carry; StoreURL. Only the host may differ.
	HomeURL string
	// RESTPrefix is the path REST lives under. "wp-json".
	RESTPrefix string
	Permalinks Permalinks // Pretty

	Version   string // of WooCommerce, "10.5.2"; below 10.3 there is no /variations, below 9.0 no /refunds
	WPVersion string // of WordPress, "6.9.7"
	// NoWooCommerce leaves the namespace wc/v3 out, as when the plugin is off.
	NoWooCommerce bool

	// RedirectToHTTPS answers plain http with 301 to https.
	RedirectToHTTPS bool
	// HiddenTLS is a TLS proxy that does not tell WordPress: https requests look
	// like http, so Basic and query keys are ignored.
	HiddenTLS bool
	// StripAuthorization drops the Authorization header, as some CGI hosts do.
	StripAuthorization bool

	ConsumerKey    string // of the first key, scope read_write; derived from Seed
	ConsumerSecret string // derived from Seed

	Products  int   // 500; negative for none. Trashed ones come on top
	Orders    int   // 200; negative for none. Trashed ones come on top
	Customers int   // 100; negative for none. Other roles come on top
	Seed      int64 // 0 is a seed like any other
	// FirstID is the id of the first product. Products, variations, orders and
	// refunds share one sequence. 2147483000, so that it passes 2^31.
	FirstID int64
	// Epoch is the moment no seeded record was changed after. Default: midnight
	// UTC of the clock's day when the server starts.
	Epoch time.Time
	// Location is the zone of dates without _gmt and of filters without an
	// offset. A fixed zone "Asia/Riyadh".
	Location *time.Location
	Currency string // of the store, "SAR"
	// OtherCurrency is what every fifth order was paid in. "USD".
	OtherCurrency string
	Decimals      int // of amounts, 2; negative for none
	// CustomStatuses are order statuses a plugin adds, without "wc-". Default
	// {"awaiting-shipment"}; an empty list for none.
	CustomStatuses []string
	NumberPrefix   string // of order numbers, as plugins make them; "" makes the number the id
	// UnstableTies orders records of equal modified time anew on each page, as
	// versions without the tie-break by id do: such a walk may miss some.
	UnstableTies bool

	Clock func() time.Time // time.Now; must be safe for concurrent use
	// SigningClock is what the timestamps of OAuth are held against, for clients
	// whose clock a test that moves Clock does not move. Clock.
	SigningClock func() time.Time
	Latency      time.Duration // wait before each answer, ends with the request; 0

	// WebhookTransport carries webhooks, pings and key callbacks to their
	// receivers. A new http.Transport.
	WebhookTransport http.RoundTripper
	WebhookTimeout   time.Duration // 60 seconds
	// PlainCallbacks lets keys be granted to a callback_url without TLS, which no
	// store does, for apps on this machine.
	PlainCallbacks bool

	// TB, when set, gets every violation as a test failure.
	TB TB
}

func (c Config) withDefaults() Config {
	text := func(p *string, def string) {
		if *p == "" {
			*p = def
		}
	}
	size := func(p *int, def int) {
		switch {
		case *p == 0:
			*p = def
		case *p < 0:
			*p = 0
		}
	}
	text(&c.StoreURL, "https://shop.example.test")
	c.StoreURL = strings.TrimRight(c.StoreURL, "/")
	text(&c.HomeURL, c.StoreURL)
	c.HomeURL = strings.TrimRight(c.HomeURL, "/")
	text(&c.RESTPrefix, "wp-json")
	c.RESTPrefix = strings.Trim(c.RESTPrefix, "/")
	text(&c.Version, "10.5.2")
	text(&c.WPVersion, "6.9.7")
	r := serverkit.NewRand(c.Seed, kindKey, 0)
	text(&c.ConsumerKey, "ck_"+randomHex(r, 40))
	text(&c.ConsumerSecret, "cs_"+randomHex(r, 40))
	size(&c.Products, 500)
	size(&c.Orders, 200)
	size(&c.Customers, 100)
	size(&c.Decimals, 2)
	if c.FirstID <= 0 {
		c.FirstID = 2_147_483_000
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.SigningClock == nil {
		c.SigningClock = c.Clock
	}
	if c.Epoch.IsZero() {
		c.Epoch = c.Clock().UTC().Truncate(24 * time.Hour)
	}
	c.Epoch = c.Epoch.UTC().Truncate(time.Second)
	if c.Location == nil {
		c.Location = time.FixedZone("Asia/Riyadh", 3*60*60)
	}
	text(&c.Currency, "SAR")
	text(&c.OtherCurrency, "USD")
	if c.CustomStatuses == nil {
		c.CustomStatuses = []string{"awaiting-shipment"}
	}
	c.CustomStatuses = slices.Clone(c.CustomStatuses)
	if c.WebhookTransport == nil {
		c.WebhookTransport = http.DefaultTransport.(*http.Transport).Clone()
	}
	if c.WebhookTimeout <= 0 {
		c.WebhookTimeout = 60 * time.Second
	}
	return c
}

// atLeast says whether the version is want or later.
func (c *Config) atLeast(major, minor int) bool {
	a, rest, _ := strings.Cut(c.Version, ".")
	b, _, _ := strings.Cut(rest, ".")
	return atoi(a) > major || atoi(a) == major && atoi(b) >= minor
}
