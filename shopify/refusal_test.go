package shopify_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A platform, or a proxy before it, may repeat what it was sent.
func TestEchoedSecretsAreNotTold(t *testing.T) {
	t.Parallel()
	const token, secret, refresh = "shpat_canary-token-7f3a", "shpss_canary-secret-91bc", "shprt_canary-refresh-44de"
	var log bytes.Buffer
	for _, status := range []int{200, 301, 400, 401, 402, 403, 404, 422, 423, 429, 430, 500, 503} {
		for _, form := range []string{`{"errors":%q}`, `{"errors":[{"message":%q,"path":[%[1]q],"extensions":{"code":%[1]q}}]}`, `{"error":%q,"error_description":%[1]q}`, `<html>%s`} {
			transport := roundTrip(func(r *http.Request) (*http.Response, error) {
				sent, _ := io.ReadAll(r.Body)
				text := fmt.Sprintf("%s %s %s", r.Header.Get("X-Shopify-Access-Token"), sent, base64.StdEncoding.EncodeToString([]byte(token)))
				return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}, "Location": {"https://evil.example/" + token}},
					Body: io.NopCloser(strings.NewReader(fmt.Sprintf(form, text))), Request: r}, nil
			})
			app, err := shopify.New(shopify.Config{ClientID: "id", ClientSecret: catalog.NewSecret(secret), Transport: transport, Attempts: 1, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken(token))
			if err != nil {
				t.Fatal(err)
			}
			_, err = engine.Shop(t.Context())
			_, err2 := app.RefreshCredential(t.Context(), engine.Account(), catalog.Credential{RefreshToken: catalog.NewSecret(refresh)})
			for _, err := range []error{err, err2} {
				if err == nil {
					t.Fatalf("status %d, %s: no error", status, form)
				}
				for _, canary := range []string{token, secret, refresh} {
					if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, canary) {
						t.Errorf("status %d, %s: the error shows %s: %v", status, form, canary, err)
					}
				}
			}
		}
	}
	for _, canary := range []string{token, secret, refresh} {
		if strings.Contains(log.String(), canary) {
			t.Errorf("the log shows %s", canary)
		}
	}
}

// A mutation that ran under another version keeps its result, and the log says so.
func TestMutationUnderAnotherVersion(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}, "X-Shopify-Api-Version": {"2027-01"}},
			Body: io.NopCloser(strings.NewReader(`{"data":{"tagsAdd":{"node":null}}}`)), Request: r}, nil
	})
	app, err := shopify.New(shopify.Config{Transport: transport, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken("token"))
	if err != nil {
		t.Fatal(err)
	}
	caller, _ := catalog.As[catalog.GraphQLCaller](engine)
	result, err := caller.GraphQL(t.Context(), "mutation { tagsAdd { node { id } } }", nil)
	if err != nil || len(result.Data) == 0 || !strings.Contains(log.String(), "2027-01") {
		t.Errorf("%s, %v; log %q", result.Data, err, log.String())
	}
	if _, err := engine.Shop(t.Context()); !errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), "such as "+shopify.DefaultVersion) {
		t.Errorf("a query under another version: %v", err)
	}
}

// Where a delivery carries both families of headers, what one lacks the other
// may say; the signature stays the newer one's.
func TestWebhookWithBothFamiliesOfHeaders(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	verifier := verifierOf(t, catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())}})
	d := server.Webhook("products/delete", server.DeletedPayload(1))
	plain, err := verifier.Verify(t.Context(), delivered(d))
	if err != nil {
		t.Fatal(err)
	}
	d.Header.Set("Shopify-Hmac-Sha256", d.Header.Get(shopifytest.HeaderHMAC))
	both, err := verifier.Verify(t.Context(), delivered(d))
	if err != nil {
		t.Fatal(err)
	}
	if p, b := plain.Events[0], both.Events[0]; p.Key != b.Key || p.Topic != b.Topic || !p.OccurredAt.Equal(b.OccurredAt) || p.Correlation != b.Correlation {
		t.Errorf("the events differ:\n%+v\n%+v", p, b)
	}
	d.Header.Set("Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(make([]byte, 32)))
	if _, err := verifier.Verify(t.Context(), delivered(d)); err == nil {
		t.Error("the older signature made up for a wrong newer one")
	}
}
