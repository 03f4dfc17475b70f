package bigcommerce_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
)

func TestConfigNamesTheWrongField(t *testing.T) {
	t.Parallel()
	value := secrets("0123456789abcdef0123456789abcdef")
	for name, c := range map[string]struct {
		config bigcommerce.Config
		field  string
	}{
		"an empty former secret":   {bigcommerce.Config{ClientSecret: value[0], OldSecrets: []catalog.Secret{{}}}, "OldSecrets"},
		"former secrets alone":     {bigcommerce.Config{OldSecrets: value}, "ClientSecret"},
		"an empty header secret":   {bigcommerce.Config{WebhookScheme: bigcommerce.SchemeHeader, WebhookHeader: "X-Secret", WebhookSecrets: []catalog.Secret{{}}}, "WebhookSecrets"},
		"an unknown scheme":        {bigcommerce.Config{WebhookScheme: "none"}, "WebhookScheme"},
		"a header nobody looks at": {bigcommerce.Config{WebhookHeader: "X-Secret", WebhookSecrets: value}, "WebhookScheme"},
		"values without a header":  {bigcommerce.Config{WebhookScheme: bigcommerce.SchemeHeader, WebhookSecrets: value}, "WebhookHeader"},
		"a header that is none":    {bigcommerce.Config{WebhookScheme: bigcommerce.SchemeBoth, WebhookHeader: "X Secret", WebhookSecrets: value}, "WebhookHeader"},
		"both without values":      {bigcommerce.Config{WebhookScheme: bigcommerce.SchemeBoth, WebhookHeader: "X-Secret"}, "WebhookSecrets"},
		"a negative tolerance":     {bigcommerce.Config{WebhookTolerance: -time.Second}, "WebhookTolerance"},
		"a negative quota":         {bigcommerce.Config{Quota: -1}, "Quota"},
		"a negative pause":         {bigcommerce.Config{PollInterval: -1}, "PollInterval"},
		"a negative concurrency":   {bigcommerce.Config{Concurrency: -1}, "Concurrency"},
		"negative attempts":        {bigcommerce.Config{Attempts: -1}, "Attempts"},
	} {
		_, err := bigcommerce.New(c.config)
		if e, ok := errors.AsType[*catalog.ConfigError](err); !ok || e.Field != c.field || strings.Contains(err.Error(), "0123456789abcdef") {
			t.Errorf("%s: %v, want the field %s", name, err, c.field)
		}
	}
	if _, err := bigcommerce.New(bigcommerce.Config{}); err != nil {
		t.Errorf("the zero Config: %v", err)
	}
}

func TestStoresAreHashes(t *testing.T) {
	t.Parallel()
	app, err := bigcommerce.New(bigcommerce.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{"z4zn3wo": "z4zn3wo", " Z4ZN3WO ": "z4zn3wo", "stores/z4zn3wo": "z4zn3wo"} {
		if got, err := app.CanonicalStore(given); err != nil || got != want {
			t.Errorf("%q: %q, %v", given, got, err)
		}
		engine, err := app.Open(catalog.Account{Store: given}, catalog.StaticToken("t"))
		if err != nil || engine.Account().Store != want || engine.Account().Platform != bigcommerce.Platform {
			t.Errorf("Open(%q): %v", given, err)
		}
	}
	for _, given := range []string{"", "stores/", "stores/stores/a", "a/b", "../a", "a.b", "https://api.bigcommerce.com/stores/a/v3", "a?b", "a b", "а", strings.Repeat("a", 41)} {
		if got, err := app.CanonicalStore(given); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
	for name, account := range map[string]catalog.Account{
		"another platform": {Store: "a", Platform: "shopify"}, "a channel that is none": {Store: "a", Settings: map[string]string{"channel_id": "web"}},
	} {
		if _, err := app.Open(account, catalog.StaticToken("t")); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
