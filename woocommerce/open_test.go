package woocommerce_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/woocommerce"
)

func TestNewNamesTheWrongField(t *testing.T) {
	t.Parallel()
	for field, config := range map[string]woocommerce.Config{
		"Auth":           {Auth: "digest"},
		"WebhookSecrets": {WebhookSecrets: []catalog.Secret{catalog.NewSecret("a"), {}}},
		"Pace":           {Pace: transport.PoliteConfig{Concurrency: 9, MaxConcurrency: 3}},
		"Attempts":       {Attempts: -1},
	} {
		_, err := woocommerce.New(config)
		if e, ok := errors.AsType[*catalog.ConfigError](err); !ok || e.Field != field || e.Platform != "woocommerce" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestAStoreHasOneAddress(t *testing.T) {
	t.Parallel()
	adapter, err := woocommerce.New(woocommerce.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{
		"https://shop.example": "https://shop.example", "HTTPS://Shop.Example/": "https://shop.example", "shop.example": "https://shop.example",
		" https://shop.example:443/ ": "https://shop.example", "http://shop.example:80": "http://shop.example", "https://shop.example:8443/A/b/": "https://shop.example:8443/A/b",
		"http://127.0.0.1:8088": "http://127.0.0.1:8088", "http://[::1]:8088/x": "http://[::1]:8088/x", "localhost": "https://localhost",
		"https://xn--bcher-kva.example": "https://xn--bcher-kva.example", "my_shop.example/~shop": "https://my_shop.example/~shop",
	} {
		if got, err := adapter.CanonicalStore(given); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", given, got, err, want)
		}
	}
	for _, given := range []string{"", " ", "https://", "ftp://shop.example", "https://user:pass@shop.example", "https://shop.example/?a=1", "https://shop.example/#x", "https://shop.example?",
		"https://shop.example/../evil", "https://shop.example/a/./b", "https://shop.example//x", "https://shop.example/a%2fb", "https://shop.example/a b", "https://-x.example", "https://bücher.example",
		"https://shop..example", "https://shop.example:99999", "https://shop.example:x", "https://shop.example\r\nX: y", "javascript:alert(1)", "https://[::1", "https://a.example@b.example", strings.Repeat("a", 600)} {
		if got, err := adapter.CanonicalStore(given); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
}

func TestOpenRefusesSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	adapter, err := woocommerce.New(woocommerce.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for name, settings := range map[string]map[string]string{
		"an unknown auth":     {"auth": "digest"},
		"a path that leaves":  {"rest_path": "../wp-json"},
		"a path with a query": {"rest_path": "?rest_route="},
		"an unknown scheme":   {"signed_scheme": "ftp"},
	} {
		_, err := adapter.Open(catalog.Account{Store: "https://shop.example", Settings: settings}, catalog.StaticToken("x"))
		if !errors.Is(err, catalog.ErrInvalid) || failure(t, err).Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	const canary = "canary0123456789"
	adapter, err := woocommerce.New(woocommerce.Config{WebhookSecrets: []catalog.Secret{catalog.NewSecret(canary)}})
	if err != nil {
		t.Fatal(err)
	}
	account := catalog.Account{Store: "https://shop.example"}
	engine, err := adapter.Open(account, catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(canary), Secret: catalog.NewSecret(canary)}))
	if err != nil {
		t.Fatal(err)
	}
	v, err := adapter.Verifier(catalog.VerifierConfig{Account: &account})
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []any{adapter, engine, v} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, canary) {
				t.Errorf("%T by %s shows a secret", value, verb)
			}
		}
	}
}
