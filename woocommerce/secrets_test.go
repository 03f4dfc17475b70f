package woocommerce_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// TestARefusalDoesNotRepeatASecret: it signs the webhook's deliveries.
func TestARefusalDoesNotRepeatASecret(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{})
	const secret = "secret-canary-1"
	server.Inject(woocommercetest.JSONError(http.StatusBadRequest, "rest_invalid_param", "secret: "+secret+" will not do").On(http.MethodPost, "/webhooks"))
	_, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{{Topic: "order.created", URL: "https://app.example/hooks", Secret: catalog.NewSecret(secret)}})
	failed, ok := errors.AsType[*catalog.Error](err)
	if text := fmt.Sprintf("%v %+v", err, failed); !ok || failed.Kind != catalog.ErrInvalid || strings.Contains(text, secret) {
		t.Errorf("got %s", text)
	}
}
