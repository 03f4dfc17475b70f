package shopifytest

import (
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// TB is the part of testing.TB that a strict server needs.
type TB = serverkit.TB

// Bucket is the size of the cost bucket in points.
type Bucket struct {
	Capacity float64 // 0 is 2000, the Standard plan's
	Restore  float64 // points per second; 0 is 100
}

// Config shapes a Server. The zero value of each field has the meaning its
// comment gives.
type Config struct {
	// Shop is the permanent domain; "" is acme.myshopify.com.
	Shop string
	// Token is an Admin token that never expires; "" is a made-up one.
	Token string
	// ClientID and ClientSecret are the app's keys; "" is a made-up pair.
	ClientID, ClientSecret string
	// Scopes granted to every token; nil is all that reading and writing
	// needs, read_all_orders among them. Without that scope orders older than
	// 60 days are silently missing.
	Scopes []string
	// Products, Orders, Customers and Locations size the seeded shop; 0 is
	// 500, 200, 100 and 3, a negative number is none.
	Products, Orders, Customers, Locations int
	// Seed varies the seeded data; 0 is a seed like any other.
	Seed uint64
	// Bucket is the rate limit.
	Bucket Bucket
	// Unthrottled answers every request whatever the bucket holds. The ledger
	// still counts.
	Unthrottled bool
	// Clock is asked for the time; nil is time.Now.
	Clock func() time.Time
	// Latency is added before each answer and ends with the request's context.
	Latency time.Duration
	// Versions are the API versions served, oldest first; nil is 2026-01,
	// 2026-04, 2026-07 and 2026-10. Any other dated version is answered by the
	// oldest of them.
	Versions []string
	// TokenLifetime is how long an expiring access token lives; 0 is an hour.
	TokenLifetime time.Duration
	// CodeLifetime is how long an authorization code can be exchanged; 0 is ten
	// minutes. The platform does not publish its own.
	CodeLifetime time.Duration
	// RedirectURIs are the only redirect_uri accepted on the consent page; nil
	// is any absolute one.
	RedirectURIs []string
	// ProtectedData refuses protected customer data: those fields are null,
	// with an entry in errors for each.
	ProtectedData bool
	// JobRequests is how many further requests it takes until background work,
	// such as cancelling an order, is done; 0 is 2.
	JobRequests int
	// WebhookGap is the first pause between two attempts to deliver a webhook;
	// it doubles from there. 0 is 5 ms.
	WebhookGap time.Duration
	// TB makes the server strict: every violation (see Server.Violations) is
	// reported as an error of that test. nil only records them.
	TB TB
}

// allScopes is what an app for catalogue, orders, customers and stock asks for.
var allScopes = []string{
	"read_all_orders", "read_customers", "read_inventory", "read_locations",
	"read_merchant_managed_fulfillment_orders", "read_orders", "read_products",
	"write_customers", "write_inventory", "write_merchant_managed_fulfillment_orders",
	"write_orders", "write_products", "write_publications",
}

func (c Config) withDefaults() Config {
	set := func(s *string, dflt string) {
		if *s == "" {
			*s = dflt
		}
	}
	count := func(n *int, dflt int) {
		switch {
		case *n == 0:
			*n = dflt
		case *n < 0:
			*n = 0
		}
	}
	set(&c.Shop, "acme.myshopify.com")
	set(&c.Token, "shpat_00000000000000000000000000000001")
	set(&c.ClientID, "0123456789abcdef0123456789abcdef")
	set(&c.ClientSecret, "shpss_00000000000000000000000000000002")
	count(&c.Products, 500)
	count(&c.Orders, 200)
	count(&c.Customers, 100)
	count(&c.Locations, 3)
	if c.Scopes == nil {
		c.Scopes = allScopes
	}
	if c.Bucket.Capacity == 0 {
		c.Bucket.Capacity = 2000
	}
	if c.Bucket.Restore == 0 {
		c.Bucket.Restore = 100
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if len(c.Versions) == 0 {
		c.Versions = []string{"2026-01", "2026-04", "2026-07", "2026-10"}
	}
	if c.JobRequests == 0 {
		c.JobRequests = 2
	}
	if c.WebhookGap == 0 {
		c.WebhookGap = 5 * time.Millisecond
	}
	if c.CodeLifetime == 0 {
		c.CodeLifetime = 10 * time.Minute
	}
	if c.TokenLifetime == 0 {
		c.TokenLifetime = time.Hour
	}
	return c
}
