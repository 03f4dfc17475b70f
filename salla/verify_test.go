package salla_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
)

func secrets(all ...string) []catalog.Secret { return mapped(all, catalog.NewSecret) }

func verifier(t testing.TB, config salla.Config, of catalog.VerifierConfig) catalog.WebhookVerifier {
	t.Helper()
	app, err := salla.New(config)
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Verifier(of)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func hexMAC(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

func delivery(body string, headers ...string) catalog.Delivery {
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return catalog.Delivery{Method: "POST", Header: h, Body: []byte(body), ReceivedAt: time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)}
}

// Trap 4: lower-case hex of the raw bytes, whatever they hold.
func TestSignaturesCoverTheRawBytes(t *testing.T) {
	t.Parallel()
	const secret = "a secret of the tests"
	v := verifier(t, salla.Config{WebhookSecrets: secrets(secret)}, catalog.VerifierConfig{})
	for name, body := range map[string]string{
		"plain":           `{"event":"order.updated","merchant":1,"data":{"id":5}}`,
		"Arabic":          `{"event":"product.category.updated","merchant":1,"data":{"name":"العطور"}}`,
		"escaped":         `{"event":"product.created","merchant":1,"data":{"name":"\u0627\u0644","url":"https:\/\/salla.sa\/x"}}`,
		"odd white space": " {\n\t\"event\" : \"order.updated\",\r\n \"merchant\":1 }\n",
	} {
		verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(secret, body)))
		if err != nil || len(verdict.Events) != 1 || verdict.Events[0].Store != "1" || verdict.Reply.Status != 0 {
			t.Errorf("%s: %+v, %v", name, verdict, err)
		}
		for _, mac := range []string{hexMAC(secret, body+" "), hexMAC("another", body), hexMAC("", body), hexMAC(secret, body)[2:], "", "zz", hexMAC(secret, body) + "00"} {
			if verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", mac)); !errors.Is(err, catalog.ErrUnauthorized) || len(verdict.Events) > 0 || len(verdict.Grants) > 0 {
				t.Errorf("%s with signature %q: %v", name, mac, err)
			}
		}
	}
	// A body the HMAC is right for, but which is nothing.
	if _, err := v.Verify(t.Context(), delivery("", "X-Salla-Signature", hexMAC(secret, ""))); !errors.Is(err, catalog.ErrBadAnswer) {
		t.Errorf("an empty body: %v", err)
	}
}

// Section 5.1: the configuration chooses the check, never the request.
func TestTheRequestDoesNotChooseTheScheme(t *testing.T) {
	t.Parallel()
	const secret = "a secret of the tests"
	body := `{"event":"order.updated","merchant":1,"data":{"id":5}}`
	signed := []string{"X-Salla-Security-Strategy", "Signature", "X-Salla-Signature", hexMAC(secret, body)}
	token := []string{"X-Salla-Security-Strategy", "Token", "Authorization", secret}
	none := []string{"X-Salla-Security-Strategy", "None"}
	for _, c := range []struct {
		scheme  salla.Scheme
		headers []string
		ok      bool
	}{
		{"", signed, true}, {"", token, false}, {"", none, false}, {"", nil, false},
		{salla.SchemeSignature, signed, true}, {salla.SchemeSignature, token, false},
		{salla.SchemeToken, token, true}, {salla.SchemeToken, signed, false}, {salla.SchemeToken, none, false},
		{salla.SchemeToken, []string{"Authorization", "Bearer " + secret}, true},
		{salla.SchemeToken, []string{"Authorization", "Bearer " + secret + "x"}, false},
		{salla.SchemeToken, []string{"Authorization", "Bearer "}, false},
		{salla.SchemeToken, []string{"Authorization", "bearer"}, false},
		{salla.SchemeToken, []string{"Authorization", hexMAC(secret, body)}, false},
	} {
		v := verifier(t, salla.Config{WebhookSecrets: secrets(secret), WebhookScheme: c.scheme}, catalog.VerifierConfig{})
		if _, err := v.Verify(t.Context(), delivery(body, c.headers...)); (err == nil) != c.ok || err != nil && !errors.Is(err, catalog.ErrUnauthorized) {
			t.Errorf("%q with %q: %v", c.scheme, c.headers, err)
		}
	}
}

func TestVerifiersFailClosed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config salla.Config
		of     catalog.VerifierConfig
	}{
		"no secret":       {},
		"an empty secret": {of: catalog.VerifierConfig{Secrets: []catalog.Secret{{}}}},
		"no secrets left": {config: salla.Config{WebhookSecrets: secrets("x")}, of: catalog.VerifierConfig{Secrets: []catalog.Secret{}}},
		"not a store":     {config: salla.Config{WebhookSecrets: secrets("x")}, of: catalog.VerifierConfig{Account: &catalog.Account{Store: "acme"}}},
	} {
		app, err := salla.New(c.config)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := app.Verifier(c.of); v != nil || !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretsRotate(t *testing.T) {
	t.Parallel()
	body := `{"event":"order.updated","merchant":1,"data":{"id":5}}`
	v := verifier(t, salla.Config{WebhookSecrets: secrets("newest", "older", "oldest")}, catalog.VerifierConfig{})
	for i, secret := range []string{"newest", "older", "oldest"} {
		verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", strings.ToUpper(hexMAC(secret, body))))
		if err != nil || verdict.SecretIndex != i {
			t.Errorf("%s: index %d, %v", secret, verdict.SecretIndex, err)
		}
	}
	own := verifier(t, salla.Config{WebhookSecrets: secrets("newest")}, catalog.VerifierConfig{Secrets: secrets("the store's own"), Account: &catalog.Account{Store: "1"}})
	for secret, ok := range map[string]bool{"the store's own": true, "newest": false} {
		if _, err := own.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(secret, body))); (err == nil) != ok {
			t.Errorf("%s: %v", secret, err)
		}
	}
	other := `{"event":"order.updated","merchant":2,"data":{"id":5}}`
	if _, err := own.Verify(t.Context(), delivery(other, "X-Salla-Signature", hexMAC("the store's own", other))); !errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("another merchant at this address: %v", err)
	}
}
