package sallatest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// TB is the part of testing.TB the server uses to fail a test.
type TB = serverkit.TB

// Subscription plans of a store; each has its own request budget a minute.
const (
	PlanBasic   = "basic"   // 120: Salla's table does not name it, so it gets the lowest
	PlanPlus    = "plus"    // 120
	PlanPro     = "pro"     // 360
	PlanSpecial = "special" // 720
)

// ExpiresForm says how token answers spell the access token's lifetime.
type ExpiresForm int

const (
	// ExpiresAsDocumented is a duration in seconds, under "expires" after an
	// exchange of a code and under "expires_in" after a refresh.
	ExpiresAsDocumented ExpiresForm = iota
	// ExpiresDuration is a duration under "expires" in both answers.
	ExpiresDuration
	// ExpiresIn is a duration under "expires_in" in both answers.
	ExpiresIn
	// ExpiresAbsolute is Unix seconds under "expires" in both answers.
	ExpiresAbsolute
)

// Config describes a server. The zero value of every field has the default its
// comment names. A Config is read once, by [NewServer] or [Server.AddStore].
type Config struct {
	MerchantID int64    // store id; 1305146709, and the next free numbers for added stores
	Plan       string   // PlanPlus
	Token      string   // static access token, valid until ExpireTokens; derived from MerchantID
	Scopes     []string // scopes of the static token and of grants; everything with offline_access

	ClientID     string // the app's id; "salla-test-client". Server wide
	ClientSecret string // the app's secret; "salla-test-secret". Server wide
	// RedirectURI, when set, is the only redirect_uri accepted. Server wide.
	RedirectURI string

	Products  int   // 500; negative for none
	Orders    int   // 200; negative for none
	Customers int   // 100; negative for none
	Branches  int   // 3; negative for none
	Seed      int64 // 0 is a seed like any other
	// Epoch is the moment no seeded record is newer than. Default: midnight UTC
	// of the clock's day when the server starts.
	Epoch time.Time
	// EvenPages makes every page but the last full. By default every fourth
	// page from the second on lacks one row, which totalPages accounts for.
	EvenPages bool
	// OrderDateUTC writes an order's "date" as UTC while it still says
	// Asia/Riyadh, as two of the vendor's samples do.
	OrderDateUTC bool

	// Unthrottled turns both rate limits off; the headers stay. The customers
	// limit is off only if the server's own Config says so.
	Unthrottled bool
	PerMinute   int           // requests per Window; the plan's number
	Window      time.Duration // 1 minute; the leak after the budget is Window/60 per request
	// CustomersLimit requests to /customers* are allowed per client IP within
	// CustomersWindow, across stores. 500 and 10 minutes. Server wide.
	CustomersLimit  int
	CustomersWindow time.Duration

	// EventsShareURL lets one URL have a webhook for each of several events. The
	// documents say that a subscription to the same URL updates the event of the
	// webhook it has, which is the default.
	EventsShareURL bool
	// QueueRequests is how many further requests to the store it takes until work
	// that the API queues is done; 2, negative for at once. See LoseQueued.
	QueueRequests int
	// WholeVariants refuses a change of a variant that leaves one of its fields
	// out. The schema requires them all; by default those left out stay.
	WholeVariants bool

	Clock   func() time.Time // time.Now; must be safe for concurrent use. Server wide
	Latency time.Duration    // wait before each answer, ends with the request; 0. Server wide

	AccessTokenLifetime  time.Duration // 14 days less one second
	RefreshTokenLifetime time.Duration // 30 days; negative for no end
	ExpiresForm          ExpiresForm   // ExpiresAsDocumented. Server wide
	// InvalidGrantStatus is the status of invalid_grant: 401 as documented, or
	// 400 as the OAuth standard has it. Server wide.
	InvalidGrantStatus int
	// RefreshKillsAccess ends the older access tokens of a grant when its
	// refresh token is used. By default they live until they expire.
	RefreshKillsAccess bool
	// UserInfoBare leaves out the envelope of /oauth2/user/info. Server wide.
	UserInfoBare bool

	// AppWebhookURL is where app.store.authorize is sent when a merchant installs
	// the app on its page in Salla's store. Server wide.
	AppWebhookURL string
	WebhookSecret string // "salla-test-webhook-secret". Server wide
	// WebhookStrategy is how deliveries are authenticated: StrategySignature
	// (default) or StrategyToken. Server wide.
	WebhookStrategy string
	// RedeliveryGap is the pause between the tries of a delivery; 10 ms where
	// Salla waits about five minutes. Server wide.
	RedeliveryGap time.Duration

	// TB, when set, gets every violation as a test failure. Server wide.
	TB TB
}

// AllScopes returns the scopes a store grants by default: read and write access
// to everything served here, and offline_access.
func AllScopes() []string {
	return []string{
		"settings.read", "branches.read_write", "products.read_write", "orders.read_write",
		"customers.read_write", "categories.read_write", "brands.read_write", "shipping.read_write",
		"payments.read", "taxes.read", "metadata.read_write", "carts.read", "webhooks.read_write",
		"offline_access",
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
	if c.MerchantID == 0 {
		c.MerchantID = 1305146709
	}
	text(&c.Plan, PlanPlus)
	c.Plan = strings.ToLower(c.Plan)
	text(&c.ClientID, "salla-test-client")
	text(&c.ClientSecret, "salla-test-secret")
	text(&c.WebhookSecret, "salla-test-webhook-secret")
	text(&c.WebhookStrategy, StrategySignature)
	if c.Scopes == nil {
		c.Scopes = AllScopes()
	}
	c.Scopes = slices.Clone(c.Scopes)
	size(&c.Products, 500)
	size(&c.Orders, 200)
	size(&c.Customers, 100)
	size(&c.Branches, 3)
	size(&c.QueueRequests, 2)
	if c.PerMinute <= 0 {
		c.PerMinute = map[string]int{PlanPro: 360, PlanSpecial: 720}[c.Plan]
		size(&c.PerMinute, 120)
	}
	span(&c.Window, time.Minute)
	size(&c.CustomersLimit, 500)
	span(&c.CustomersWindow, 10*time.Minute)
	span(&c.AccessTokenLifetime, 14*24*time.Hour-time.Second)
	span(&c.RefreshTokenLifetime, 30*24*time.Hour)
	span(&c.RedeliveryGap, 10*time.Millisecond)
	if c.InvalidGrantStatus == 0 {
		c.InvalidGrantStatus = http.StatusUnauthorized
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
