package bigcommercetest

import (
	"net/http"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// TB is the part of testing.TB the server uses to fail a test.
type TB = serverkit.TB

// Plans of a store; each has its own request quota per 30 seconds.
const (
	PlanStandard = "Standard" // 150
	PlanPlus     = "Plus"     // 150
	PlanPro      = "Pro"      // 450
)

// Config describes a server. The zero value of every field has the default its
// comment names. A Config is read once, by [NewServer] or [Server.AddStore].
type Config struct {
	StoreHash string // "abc123xyz"; added stores get one derived from their number
	StoreID   int64  // the number webhooks call store_id; 4884484848484 and up
	Plan      string // PlanStandard
	Currency  string // the store's default currency; "SAR"

	Token        string   // access token of the store's API account; derived from the hash
	Scopes       []string // of the API account and of grants; AllScopes
	ClientID     string   // of the app and of the API account. Server wide
	ClientSecret string   // signs webhooks and callbacks. Server wide
	// RedirectURI, when set, is the only redirect_uri the token endpoint
	// takes. Server wide.
	RedirectURI string
	// LoadURI, UninstallURI and RemoveUserURI are the app's other callbacks; ""
	// = it has none. Server wide.
	LoadURI, UninstallURI, RemoveUserURI string
	// CallbackTransport carries the calls of UninstallURI and RemoveUserURI; nil
	// is a plain transport. Server wide.
	CallbackTransport http.RoundTripper

	Products  int   // 500; negative for none
	Orders    int   // 200; negative for none
	Customers int   // 100; negative for none
	Locations int   // 3; negative for none
	Seed      int64 // 0 is a seed like any other
	// Epoch is the moment no seeded record is newer than. Default: midnight UTC
	// of the clock's day when the server starts.
	Epoch time.Time

	// Unthrottled turns the quota and the concurrency caps off; the headers stay.
	Unthrottled bool
	Quota       int           // requests per Window; the plan's number
	Window      time.Duration // 30 seconds
	// MaxInFlight caps the requests under way in one store. 0 leaves only the
	// documented caps: 3 on PUT of customers and of their addresses, 10 on POST
	// of addresses.
	MaxInFlight int

	// OmitIncomplete leaves orders with status 0 out of lists that do not ask
	// for that status; OmitArchived leaves out those with is_deleted. What
	// BigCommerce does is not documented, so by default both are listed.
	OmitIncomplete, OmitArchived bool
	// ClampLimit cuts a limit over the endpoint's cap to it. By default such a
	// request is refused with 413, as the vendor's status page says.
	ClampLimit bool
	// ProductLimit is how many products the plan allows; more are refused with
	// 507. 0 is no limit.
	ProductLimit int
	// InventoryDelay is how long an inventory adjustment takes to show, and
	// InventoryRequests how many further requests; 0.
	InventoryDelay    time.Duration
	InventoryRequests int
	// PaymentRequests is how many further requests it takes until the payment of
	// a refund, a capture or a void is made; 0.
	PaymentRequests int
	// RestockOrders is the setting refund_order_stock_adjustment: an order that
	// is given the status Cancelled or Refunded returns its pieces to stock.
	// Refunds made by the API never do.
	RestockOrders bool
	// StockOnShipment is the setting update_stock_behavior of
	// order_completed_or_shipped: a shipment takes its pieces from stock.
	// Orders that the API makes take none.
	StockOnShipment bool
	// Gzip compresses answers for clients that accept it. Server wide.
	Gzip bool

	Clock   func() time.Time // time.Now; must be safe for concurrent use. Server wide
	Latency time.Duration    // wait before each answer, ends with the request; 0. Server wide

	// RetryUnit is how long a minute of the webhook retry schedule lasts here;
	// 100 microseconds, so that all eleven retries pass in 0.3 seconds. Server
	// wide.
	RetryUnit time.Duration
	// HookTransport carries webhook deliveries; nil is a plain transport. Hook
	// destinations must be https on port 443, so a test maps them to its
	// receiver here. Server wide.
	HookTransport http.RoundTripper

	// TB, when set, gets every violation as a test failure. Server wide.
	TB TB
}

// AllScopes returns the scopes an API account has by default: reading and
// writing everything served here.
func AllScopes() []string {
	return []string{
		"store_v2_default", "store_v2_information", "store_v2_products", "store_inventory", "store_locations",
		"store_v2_orders", "store_v2_transactions", "store_v2_customers", "store_channel_settings",
	}
}

func (c Config) withDefaults() Config {
	size := func(p *int, def int) {
		switch {
		case *p == 0:
			*p = def
		case *p < 0:
			*p = 0
		}
	}
	orText(&c.StoreHash, "abc123xyz")
	if c.StoreID == 0 {
		c.StoreID = 4884484848484
	}
	orText(&c.Plan, PlanStandard)
	orText(&c.Currency, "SAR")
	orText(&c.Token, "bctest-token-"+c.StoreHash)
	orText(&c.ClientID, "m9r6keqmo7h7f23btnpwernbez1kglk")
	orText(&c.ClientSecret, "bctest-client-secret-0123456789abcdef")
	if c.Scopes == nil {
		c.Scopes = AllScopes()
	}
	c.Scopes = slices.Clone(c.Scopes)
	size(&c.Products, 500)
	size(&c.Orders, 200)
	size(&c.Customers, 100)
	size(&c.Locations, 3)
	if c.Quota <= 0 {
		c.Quota = 150
		if c.Plan == PlanPro {
			c.Quota = 450
		}
	}
	if c.Window <= 0 {
		c.Window = 30 * time.Second
	}
	if c.RetryUnit <= 0 {
		c.RetryUnit = 100 * time.Microsecond
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

func orText(p *string, def string) {
	if *p == "" {
		*p = def
	}
}
