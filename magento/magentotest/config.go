package magentotest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// TB is the part of testing.TB the server uses to fail a test.
type TB = serverkit.TB

// Edition says which product the server plays.
type Edition int

const (
	// OpenSource is Magento Open Source or Mage-OS: no Adobe I/O Events, and
	// the async-events module of Mage-OS installed.
	OpenSource Edition = iota
	// Commerce is Adobe Commerce, on the merchant's machines or on Adobe's
	// cloud: like OpenSource, with I/O Events instead of async-events.
	Commerce
	// SaaS is Adobe Commerce as a Cloud Service: another host, no /rest, the
	// scope in the Store header, IMS tokens instead of OAuth 1.0a, and a
	// smaller set of endpoints.
	SaaS
)

// Versions a server can play. 2.4.6 and 2.4.7 compute the OAuth signature in
// one way, 2.4.8 in another; nobody has looked at 2.4.9, which is taken to do
// as 2.4.8. [SaaS] has no version.
const (
	V246 = "2.4.6"
	V247 = "2.4.7"
	V248 = "2.4.8"
	V249 = "2.4.9"
)

// Config describes a server. The zero value of every field has the default its
// comment names. A Config is read once, by [NewServer].
type Config struct {
	Edition Edition // OpenSource
	Version string  // V248; one of the constants, or NewServer panics

	// BaseURL is where clients reach the shop; https://magento.test/, and for
	// SaaS https://na1.api.commerce.adobe.com/ with a tenant. It may have a
	// port, a folder, or plain http. Signatures are checked against it.
	BaseURL string
	// NoRewrites is a web server without URL rewriting: only /index.php/rest
	// works. By default both do.
	NoRewrites bool
	// SchemeHidden is a proxy that ends TLS and does not tell: the shop takes
	// each https request for http, and no OAuth signature is ever valid.
	SchemeHidden bool
	// NoEncodedSlashes is Apache's default: %2F in a path is a 404 page.
	NoEncodedSlashes bool

	// The four secrets of the integration, 32 characters each; made-up ones.
	ConsumerKey, ConsumerSecret, AccessToken, AccessTokenSecret string
	// BearerTokens lets the access token be used as a bearer token, which
	// shops have switched off since 2.4.4.
	BearerTokens bool
	// Resources are the ACL resources the integration may use; everything.
	Resources []string

	AdminUser, AdminPassword string        // "admin" and "admin-Passw0rd"
	NoTwoFactor              bool          // the two-factor module is off
	OTP                      string        // the one-time password of Google Authenticator; "123456"
	AdminTokenLifetime       time.Duration // 4 hours

	// ClientID and ClientSecret are the app's keys at Adobe: for IMS, and
	// ClientID in I/O Events. Made-up ones.
	ClientID, ClientSecret string
	OrgID                  string        // of IMS; a made-up one
	IMSTokenLifetime       time.Duration // 24 hours
	// VerificationToken signs deliveries of Mage-OS async-events.
	VerificationToken string // "magento-test-verification-token"
	// StandardSecret signs Standard Webhooks: whsec_ and base64. A made-up one.
	StandardSecret string

	Products  int // rows of the products list, children of configurables among them; 500; negative for none
	Orders    int // 200; negative for none
	Customers int // 100; negative for none
	Sources   int // stock sources besides "default"; 2; negative for none
	Seed      int64
	// Epoch is the moment no seeded record is newer than. Default: midnight UTC
	// of the clock's day when the server starts.
	Epoch time.Time

	// PageLimit switches the shop's input limits on: a larger pageSize is
	// refused, none means DefaultPageSize, lists in bodies hold 20 entries at
	// most. 0 is off, as shops come.
	PageLimit       int
	DefaultPageSize int // 20
	// RepeatLastPage answers a page past the end with the last page again, as
	// 2.3 and older do; later versions answer with no items.
	RepeatLastPage bool
	// SteadyTies gives rows that compare equal, and rows of a list without a
	// sort order, one lasting order. By default they change places over page
	// borders, as a database is free to let them, so that a row comes twice
	// and another not at all.
	SteadyTies bool
	// NoMSI is a shop without the inventory modules: /V1/inventory is no route.
	NoMSI bool
	// DeveloperMode adds a trace to errors.
	DeveloperMode bool

	Clock   func() time.Time // time.Now; must be safe for concurrent use
	Latency time.Duration    // wait before each answer, ends with the request; 0
	// RedeliveryGap is the first pause between the tries of a delivery, which
	// grows as each sender lets it; 5 ms.
	RedeliveryGap time.Duration

	// CallbackTransport carries activations to their callback URL; nil is a plain
	// transport.
	CallbackTransport http.RoundTripper

	// QueueRequests is how many further requests it takes until asynchronous
	// work is done: 2; negative where no consumer runs and it never is.
	QueueRequests int

	// TB, when set, gets every violation as a test failure.
	TB TB
}

// AllResources returns the ACL resources an integration is granted by default.
func AllResources() []string {
	return []string{
		"Magento_Catalog::products", "Magento_Catalog::catalog", "Magento_Catalog::categories",
		"Magento_Catalog::attributes_attributes", "Magento_Catalog::catalog_inventory", "Magento_CatalogInventory::cataloginventory",
		"Magento_Sales::actions_view", "Magento_Sales::create", "Magento_Sales::cancel", "Magento_Sales::comment",
		"Magento_Sales::ship", "Magento_Sales::shipment", "Magento_Sales::sales_invoice", "Magento_Sales::invoice",
		"Magento_Sales::sales_creditmemo", "Magento_Sales::creditmemo", "Magento_Sales::hold", "Magento_Sales::unhold", "Magento_Sales::emails",
		"Magento_Customer::customer", "Magento_Customer::manage", "Magento_Customer::delete", "Magento_Customer::group",
		"Magento_InventoryApi::source", "Magento_InventoryApi::stock", "Magento_InventoryApi::stock_source_item_assign",
		"Magento_InventorySalesApi::stock", "Magento_Backend::store", "Magento_Backend::admin",
		"Magento_AdobeCommerceEventsClient::event_subscriptions", "Magento_AdobeCommerceEventsClient::event_subscribe",
		"Magento_AdobeCommerceEventsClient::event_unsubscribe", "MageOS_AsyncEvents::manage",
		"Magento_Logging::system_magento_logging_bulk_operations",
	}
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
	span := func(p *time.Duration, def time.Duration) {
		if *p == 0 {
			*p = def
		}
	}
	text(&c.Version, V248)
	if !slices.Contains([]string{V246, V247, V248, V249}, c.Version) {
		panic(fmt.Sprintf("magentotest: Config.Version %q is none of 2.4.6, 2.4.7, 2.4.8, 2.4.9", c.Version))
	}
	if c.Edition == SaaS {
		text(&c.BaseURL, "https://na1.api.commerce.adobe.com/8Xk2mPqTenant/")
	}
	text(&c.BaseURL, "https://magento.test/")
	if !strings.HasSuffix(c.BaseURL, "/") {
		c.BaseURL += "/"
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		panic(fmt.Sprintf("magentotest: Config.BaseURL %q is no http address", c.BaseURL))
	}
	text(&c.ConsumerKey, "mtck0000000000000000000000000001")
	text(&c.ConsumerSecret, "mtcs0000000000000000000000000002")
	text(&c.AccessToken, "mtat0000000000000000000000000003")
	text(&c.AccessTokenSecret, "mtas0000000000000000000000000004")
	text(&c.AdminUser, "admin")
	text(&c.AdminPassword, "admin-Passw0rd")
	text(&c.OTP, "123456")
	text(&c.ClientID, "mtclient000000000000000000000005")
	text(&c.ClientSecret, "p8e-mtsecret00000000000000000006")
	text(&c.OrgID, "0000000000000000000000AA@AdobeOrg")
	text(&c.VerificationToken, "magento-test-verification-token")
	text(&c.StandardSecret, "whsec_bWFnZW50by10ZXN0LXN0YW5kYXJkLXNlY3JldA==")
	span(&c.AdminTokenLifetime, 4*time.Hour)
	span(&c.IMSTokenLifetime, 24*time.Hour)
	span(&c.RedeliveryGap, 5*time.Millisecond)
	if c.Resources == nil {
		c.Resources = AllResources()
	}
	c.Resources = slices.Clone(c.Resources)
	size(&c.Products, 500)
	size(&c.Orders, 200)
	size(&c.Customers, 100)
	size(&c.Sources, 2)
	size(&c.DefaultPageSize, 20)
	if c.QueueRequests == 0 {
		c.QueueRequests = 2
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Epoch.IsZero() {
		c.Epoch = c.Clock().UTC().Truncate(24 * time.Hour)
	}
	c.Epoch = c.Epoch.UTC().Truncate(time.Second)
	return c
}

// legacySignature says whether signatures are computed as up to 2.4.7.
func (c *Config) legacySignature() bool { return c.Version == V246 || c.Version == V247 }
