package salla_test

import (
	"errors"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// FuzzVerify: whatever is signed is read or refused as unreadable, and what is
// not signed is never accepted.
func FuzzVerify(f *testing.F) {
	for _, body := range []string{`{"event":"order.created","merchant":1,"created_at":"Sun Jun 26 2022 12:21:48 GMT+0300","data":{"id":5}}`,
		`{"event":"app.store.authorize","merchant":1,"data":{"access_token":"t","expires":1634819484}}`, `[]`, ``, `{"event":[],"merchant":{}}`} {
		f.Add([]byte(body), "x")
	}
	const secret = "a secret"
	v := verifier(f, salla.Config{WebhookSecrets: secrets(secret)}, catalog.VerifierConfig{})
	token := verifier(f, salla.Config{WebhookSecrets: secrets(secret), WebhookScheme: salla.SchemeToken}, catalog.VerifierConfig{})
	f.Add([]byte(`{"event":"product.created","merchant":1,"data":{"id":5,"name":"n","type":"product","sku":"","status":"sale","is_available":true,"price":{"amount":1,"currency":"SAR"},`+
		`"regular_price":1,"cost_price":null,"quantity":"x","unlimited_quantity":false,"weight":0,"with_tax":true,"require_shipping":1,"images":[],"categories":{},"brand":null,`+
		`"tags":[],"updated_at":"2023-04-17 12:14:21","options":[],"skus":[]}}`), "x")
	_, engine := quick(f, sallatest.Config{Products: 1, Orders: 1, Customers: 1})
	decoder, ok := catalog.As[catalog.EventDecoder](engine)
	if !ok {
		f.Fatal("no decoder")
	}
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		verdict, err := v.Verify(t.Context(), delivery(string(body), "X-Salla-Signature", hexMAC(secret, string(body))))
		if (err == nil) != (len(verdict.Events) == 1) || err != nil && !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("signed: %+v, %v", verdict, err)
		}
		for _, e := range verdict.Events {
			catalogtest.DecodesSoundly(t, decoder, e)
		}
		for _, v := range []catalog.WebhookVerifier{v, token} {
			if header == secret || header == "Bearer "+secret || header == hexMAC(secret, string(body)) {
				continue
			}
			if _, err := v.Verify(t.Context(), delivery(string(body), "X-Salla-Signature", header, "Authorization", header)); !errors.Is(err, catalog.ErrUnauthorized) {
				t.Errorf("header %q: %v", header, err)
			}
		}
	})
}
