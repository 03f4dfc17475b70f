package bigcommerce_test

import (
	"errors"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

const body = `{"producer":"stores/z4zn3wo","hash":"dd70","created_at":1561479335,"store_id":"1025646","scope":"store/order/created","data":{"type":"order","id":250}}`

// codeOf is the code of a refusal, "" when there is none.
func codeOf(t *testing.T, v catalog.WebhookVerifier, d catalog.Delivery) string {
	t.Helper()
	verdict, err := v.Verify(t.Context(), d)
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok || e.Kind != catalog.ErrUnauthorized || len(verdict.Events) > 0 {
		t.Fatalf("%v", err)
	}
	return e.Code
}

// with returns a delivery with another header.
func with(d catalog.Delivery, name, value string) catalog.Delivery {
	d.Header = d.Header.Clone()
	if d.Header.Del(name); value != "" {
		d.Header.Set(name, value)
	}
	return d
}

// The header a hook was made with proves its origin where the signature does
// not, or besides it; never neither.
func TestSchemes(t *testing.T) {
	t.Parallel()
	const header, old, fresh = "X-Souk-Secret", "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
	config := bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret), WebhookHeader: header, WebhookSecrets: secrets(fresh, old)}
	config.WebhookScheme = bigcommerce.SchemeHeader
	byHeader := verifier(t, config, catalog.VerifierConfig{})
	config.WebhookScheme = bigcommerce.SchemeBoth
	both := verifier(t, config, catalog.VerifierConfig{})
	config = bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret)}
	bySignature := verifier(t, config, catalog.VerifierConfig{})

	signed := delivered(body)
	unsigned := with(signed, bigcommercetest.HeaderSignature, "")
	for name, c := range map[string]struct {
		delivery                    catalog.Delivery
		byHeader, both, bySignature string
	}{
		"signed, with the header":   {with(signed, header, fresh), "", "", ""},
		"signed, with the old one":  {with(signed, "x-souk-secret", old), "", "", ""},
		"signed alone":              {signed, "missing_header", "missing_header", ""},
		"signed, with another":      {with(signed, header, "another"), "header_mismatch", "header_mismatch", ""},
		"the header alone":          {with(unsigned, header, fresh), "", "missing_header", "missing_header"},
		"neither":                   {unsigned, "missing_header", "missing_header", "missing_header"},
		"forged, with the header":   {with(with(signed, bigcommercetest.HeaderID, "another"), header, old), "", "signature_mismatch", "signature_mismatch"},
		"the header with a letter?": {with(signed, header, fresh+"0"), "header_mismatch", "header_mismatch", ""},
	} {
		for of, pair := range map[string][2]string{"header": {codeOf(t, byHeader, c.delivery), c.byHeader}, "both": {codeOf(t, both, c.delivery), c.both},
			"signature": {codeOf(t, bySignature, c.delivery), c.bySignature}} {
			if pair[0] != pair[1] {
				t.Errorf("%s, the scheme %s: %q, want %q", name, of, pair[0], pair[1])
			}
		}
	}
	verdict, err := byHeader.Verify(t.Context(), with(unsigned, header, old))
	if err != nil || verdict.SecretIndex != 1 {
		t.Errorf("the old value: index %d, %v", verdict.SecretIndex, err)
	}
	app, err := bigcommerce.New(bigcommerce.Config{WebhookScheme: bigcommerce.SchemeHeader, WebhookHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	if f := app.Features().Webhooks; f.Signed || f.TimeSigned {
		t.Errorf("a header is no signature: %+v", f)
	}
	if _, err := app.Verifier(catalog.VerifierConfig{}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a verifier without a value: %v", err)
	}
}

// A late delivery that is authentic is told apart from a forgery, and a host
// that expects retries with their first time can bear it.
func TestLateDeliveries(t *testing.T) {
	t.Parallel()
	late := delivered(body)
	late.ReceivedAt = late.ReceivedAt.Add(26 * time.Hour)
	strict := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret)}, catalog.VerifierConfig{})
	if code := codeOf(t, strict, late); code != "stale" {
		t.Errorf("the code is %q", code)
	}
	patient := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret), WebhookTolerance: 49 * time.Hour}, catalog.VerifierConfig{})
	if code := codeOf(t, patient, late); code != "" {
		t.Errorf("refused as %q", code)
	}
}

// A store's own API account has a secret of its own; the address tells whose.
func TestSecretsOfAnAccount(t *testing.T) {
	t.Parallel()
	own := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret("the app's secret")},
		catalog.VerifierConfig{Account: &catalog.Account{Store: "Z4ZN3WO"}, Secrets: secrets("older", clientSecret)})
	if verdict, err := own.Verify(t.Context(), delivered(body)); err != nil || verdict.SecretIndex != 1 || verdict.Events[0].Store != "z4zn3wo" {
		t.Errorf("%+v, %v", verdict, err)
	}
	other := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret)}, catalog.VerifierConfig{Account: &catalog.Account{Store: "other"}})
	if code := codeOf(t, other, delivered(body)); code != "wrong_store" {
		t.Errorf("a delivery of another store: %q", code)
	}
	app, err := bigcommerce.New(bigcommerce.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]catalog.VerifierConfig{"no secret": {}, "an empty one": {Secrets: []catalog.Secret{{}}}, "a store that is none": {Secrets: secrets("x"), Account: &catalog.Account{Store: "a/b"}}} {
		if _, err := app.Verifier(c); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Authentic bodies that say nothing are no events, and no forgeries.
func TestUnreadableWebhooks(t *testing.T) {
	t.Parallel()
	v := verifier(t, bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret)}, catalog.VerifierConfig{})
	for _, body := range []string{``, `[]`, `{"producer":"stores/abc"`, `{"producer":"stores/abc"}`, `{"producer":"stores/abc","scope":""}`, `{"scope":"store/order/created"}`,
		`{"producer":"stores/../x","scope":"store/order/created"}`, `{"producer":{"a":1},"scope":"store/order/created"}`} {
		verdict, err := v.Verify(t.Context(), delivered(body))
		if !errors.Is(err, catalog.ErrBadAnswer) || len(verdict.Events) > 0 {
			t.Errorf("%s: %v", body, err)
		}
	}
}
