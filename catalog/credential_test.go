package catalog_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

func TestFingerprint(t *testing.T) {
	t.Parallel()
	a, b := catalog.Fingerprint(catalog.NewSecret(canary)), catalog.Fingerprint(catalog.NewSecret("other"))
	if len(a) != 16 || a == b || a != catalog.Fingerprint(catalog.NewSecret(canary)) || leaks(a) != "" {
		t.Errorf("fingerprints are %q and %q", a, b)
	}
}

func TestCredentialExpired(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		expires time.Time
		margin  time.Duration
		want    bool
	}{
		"never":            {},
		"never, margin":    {margin: time.Hour},
		"later":            {expires: at.Add(time.Second)},
		"now":              {expires: at, want: true},
		"before":           {expires: at.Add(-time.Hour), want: true},
		"within margin":    {expires: at.Add(time.Minute), margin: time.Minute, want: true},
		"beyond margin":    {expires: at.Add(61 * time.Second), margin: time.Minute},
		"in another place": {expires: at.Add(time.Second).In(time.FixedZone("", 3*3600))},
	} {
		if got := (catalog.Credential{ExpiresAt: c.expires}).Expired(at, c.margin); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestCredentialSame(t *testing.T) {
	t.Parallel()
	full := func() catalog.Credential {
		return catalog.Credential{AccessToken: catalog.NewSecret("a"), RefreshToken: catalog.NewSecret("r"),
			Key: catalog.NewSecret("k"), Secret: catalog.NewSecret("s"), TokenSecret: catalog.NewSecret("t")}
	}
	other := full()
	other.ExpiresAt, other.Scopes = time.Now(), []string{"read"}
	if !full().Same(other) {
		t.Error("credentials of the same secrets differ")
	}
	for name, change := range map[string]func(*catalog.Credential){
		"access token":  func(c *catalog.Credential) { c.AccessToken = catalog.NewSecret("x") },
		"refresh token": func(c *catalog.Credential) { c.RefreshToken = catalog.Secret{} },
		"key":           func(c *catalog.Credential) { c.Key = catalog.NewSecret("x") },
		"secret":        func(c *catalog.Credential) { c.Secret = catalog.NewSecret("x") },
		"token secret":  func(c *catalog.Credential) { c.TokenSecret = catalog.NewSecret("x") },
	} {
		changed := full()
		if change(&changed); full().Same(changed) {
			t.Errorf("credentials with another %s are the same", name)
		}
	}
	for name, c := range map[string]catalog.Credential{
		"access token": {AccessToken: catalog.NewSecret("x")}, "refresh token": {RefreshToken: catalog.NewSecret("x")},
		"key": {Key: catalog.NewSecret("x")}, "secret": {Secret: catalog.NewSecret("x")}, "token secret": {TokenSecret: catalog.NewSecret("x")},
	} {
		if c.IsZero() {
			t.Errorf("a credential with a %s is zero", name)
		}
	}
	if !(catalog.Credential{Scopes: []string{"read"}, ExpiresAt: time.Now()}).IsZero() {
		t.Error("a credential without any secret is not zero")
	}
}

func TestStaticCredential(t *testing.T) {
	t.Parallel()
	given := catalog.Credential{AccessToken: catalog.NewSecret("a"), Scopes: []string{"read"}}
	source := catalog.StaticCredential(given)
	given.Scopes[0] = "changed by the giver"
	for range 2 {
		c, err := source.Credential(t.Context())
		if err != nil || !c.Same(given) || !slices.Equal(c.Scopes, []string{"read"}) {
			t.Fatalf("got scopes %v, %v", c.Scopes, err)
		}
		c.Scopes[0] = "changed by a caller"
	}
	_, err := source.Refresh(t.Context(), given)
	if want := "refresh credential: merchant must reconnect: the platform refused a credential that cannot be refreshed; connect the store again or enter a new token"; !errors.Is(err, catalog.ErrReauthorize) || !errors.Is(err, catalog.ErrUnauthorized) || err.Error() != want {
		t.Errorf("Refresh = %v", err)
	}
	if _, err := catalog.StaticToken("").Credential(t.Context()); !errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("an empty token gives %v, want ErrUnauthorized", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := source.Credential(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}
