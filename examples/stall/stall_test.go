package stall_test

import (
	"errors"
	"testing"

	"example.com/stall"
	"example.com/stall/stalltest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// What the suite does not hold: the refresh of tokens, and minor units.

func TestRefresh(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refreshToken string
		want         error
	}{
		"a good refresh token": {"stall-refresh-0123456789", nil},
		"a dead refresh token": {"stall-refresh-of-last-year", catalog.ErrReauthorize},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := stalltest.New(stalltest.Config{})
			app, err := stall.New(stall.Config{Transport: server})
			if err != nil {
				t.Fatal(err)
			}
			stored := &catalog.MemoryCredentials{}
			old := catalog.Credential{AccessToken: catalog.NewSecret("stall-token-0123456789"), RefreshToken: catalog.NewSecret(c.refreshToken)}
			if _, err := stored.CompareAndSwap(t.Context(), "tenant-1", 0, old); err != nil {
				t.Fatal(err)
			}
			account := catalog.Account{ID: "tenant-1", Platform: stall.Platform, Store: "brass-lamp"}
			source, err := auth.NewProvider(auth.ProviderConfig{Store: stored}).CredentialSource(app, account)
			if err != nil {
				t.Fatal(err)
			}
			engine, err := app.Open(account, source)
			if err != nil {
				t.Fatal(err)
			}
			server.Expire()
			if _, err := engine.Shop(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("a call with a dead token: %v, want %v", err, c.want)
			}
			now, err := stored.Load(t.Context(), "tenant-1")
			if err != nil || now.Credential.Same(old) != (c.want != nil) || c.want == nil && now.Credential.ExpiresAt.IsZero() {
				t.Errorf("the stored credential is new: %v, want %v (%v)", !now.Credential.Same(old), c.want == nil, err)
			}
		})
	}
}

func TestMinorUnits(t *testing.T) {
	t.Parallel()
	server := stalltest.New(stalltest.Config{})
	app, err := stall.New(stall.Config{Transport: server})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := app.Open(catalog.Account{Store: "Brass-Lamp"}, catalog.StaticToken("stall-token-0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		minor          int64
		currency, want string
	}{
		{1250, "SAR", "12.50 SAR"}, {5, "SAR", "0.05 SAR"}, {-1250, "SAR", "-12.50 SAR"}, {0, "SAR", "0.00 SAR"},
		{1250, "KWD", "1.250 KWD"}, {1250, "JPY", "1250 JPY"}, {9007199254740993, "SAR", "90071992547409.93 SAR"}, {1250, "", ""},
	} {
		id := server.Add(stalltest.Orders, stalltest.Record{"total": stalltest.Money(c.minor, c.currency)})
		order, err := engine.Order(t.Context(), id)
		if got := order.Total.Store.String(); err != nil || got != c.want || (c.want == "") != (len(order.Problems) == 1) {
			t.Errorf("%d %q is %q, %v, %v; want %q", c.minor, c.currency, got, order.Problems, err, c.want)
		}
	}
}

func TestWrongConfig(t *testing.T) {
	t.Parallel()
	_, err := stall.New(stall.Config{WebhookSecrets: []catalog.Secret{{}}})
	if wrong, ok := errors.AsType[*catalog.ConfigError](err); !ok || wrong.Field != "WebhookSecrets" {
		t.Errorf("an empty webhook secret: %v", err)
	}
}
