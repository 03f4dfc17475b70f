package salla_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

// TestARefusalDoesNotRepeatASecret: headers and secrets of webhooks prove the
// sender.
func TestARefusalDoesNotRepeatASecret(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	const header, secret = "header-canary-1", "secret-canary-2"
	server.Inject(sallatest.Invalid(map[string][]string{"headers": {"cannot be " + header}}).On(http.MethodPost, "/webhooks/subscribe"))
	server.Inject(sallatest.Invalid(map[string][]string{"secret": {"cannot be " + secret}}).On(http.MethodPut, "/webhooks/*"))
	wanted := []catalog.Subscription{{Topic: "order.created", URL: "https://app.example/hooks", Secret: catalog.NewSecret(secret), Headers: map[string]catalog.Secret{"X-Proof": catalog.NewSecret(header)}}}
	for range 2 { // the POST is refused, then the PUT
		_, err := e.EnsureSubscriptions(t.Context(), wanted)
		failed, ok := errors.AsType[*catalog.Error](err)
		if text := fmt.Sprintf("%v %+v", err, failed); !ok || failed.Kind != catalog.ErrInvalid || strings.Contains(text, header) || strings.Contains(text, secret) {
			t.Errorf("got %s", text)
		}
	}
}
