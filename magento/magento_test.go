package magento_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/magento"
)

func TestNewNamesTheWrongField(t *testing.T) {
	t.Parallel()
	secret := catalog.NewSecret("canary-secret-0123456789")
	for field, config := range map[string]magento.Config{
		"ClientID":       {ClientSecret: secret},
		"ClientSecret":   {ClientID: "app", OrgID: "x@AdobeOrg"},
		"WebhookSecrets": {WebhookSecrets: []catalog.Secret{secret, {}}},
		"WebhookScheme":  {WebhookScheme: "hmac"},
		"WebhookHeader":  {WebhookHeader: "X Secret"},
		"Pace":           {Pace: transport.PoliteConfig{Concurrency: -1}},
	} {
		a, err := magento.New(config)
		e, ok := errors.AsType[*catalog.ConfigError](err)
		if a != nil || !ok || e.Field != field || e.Platform != magento.Platform || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := magento.New(magento.Config{}); err != nil {
		t.Errorf("the zero value: %v", err)
	}
}

func TestCanonicalStore(t *testing.T) {
	t.Parallel()
	a := newAdapter(t, nil, magento.Config{})
	for store, want := range map[string]string{
		"shop.example.com": "https://shop.example.com", " https://Shop.Example.com/ ": "https://shop.example.com", "https://shop.example.com:443": "https://shop.example.com",
		"http://shop.example.com:80/": "http://shop.example.com", "https://shop.example.com:8443/de/": "https://shop.example.com:8443/de",
		"https://shop.example.com/index.php": "https://shop.example.com/index.php", "https://10.0.0.1/": "https://10.0.0.1", "https://[2001:DB8::1]:8443": "https://[2001:db8::1]:8443",
		"https://NA1.api.commerce.adobe.com/8Xk2mPq/": "https://na1.api.commerce.adobe.com/8Xk2mPq",
	} {
		got, err := a.CanonicalStore(store)
		if err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", store, got, err, want)
		}
		if again, err := a.CanonicalStore(got); err != nil || again != got {
			t.Errorf("%q again is %q, %v", got, again, err)
		}
	}
	for _, store := range []string{"", " ", "ftp://shop.example.com", "https://", "https:///x", "https://user:pass@shop.example.com", "https://shop.example.com/?x=1", "https://shop.example.com/?",
		"https://shop.example.com/#", "https://shop.example.com/rest/V1", "https://shop.example.com/graphql", "https://shop.example.com/../x", "https://shop.example.com/%2e%2e/x", "https://shop.example.com//x",
		"https://shop.example.com:0", "https://shop.example.com:", "https://shop.example.com:99999999", "https://shop example.com", "https://-shop.example.com", "https://shop.example.com/a b",
		"https://" + strings.Repeat("x", 600), "https://shop.exämple.com", "javascript://shop.example.com"} {
		if got, err := a.CanonicalStore(store); !errors.Is(err, catalog.ErrInvalid) || got != "" {
			t.Errorf("%q is %q, %v; want a refusal", store, got, err)
		}
	}
}

func TestSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	a := newAdapter(t, nil, magento.Config{})
	for name, value := range map[string]string{"store_view": "a-b", "signature": "sha1", "vendor_attribute": "a b", "barcode_attribute": "ean/13"} {
		_, err := a.Open(catalog.Account{Store: "shop.example.com", Settings: map[string]string{name: value}}, catalog.StaticToken("x"))
		if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
