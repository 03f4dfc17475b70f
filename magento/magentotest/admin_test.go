package magentotest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog/auth/authtest"
)

func TestABrowserActivatesAnIntegration(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://magento.test/", "https://magento.test/shop/"} {
		var posted url.Values
		status := http.StatusOK
		inward := &authtest.Inward{}
		inward.To(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm() // looked at below
			posted = r.PostForm
			w.WriteHeader(status)
		}))
		s := NewServer(&Config{TB: t, BaseURL: base, CallbackTransport: inward})
		t.Cleanup(s.Close)
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		t.Cleanup(client.CloseIdleConnections)
		visit := func(at string, form url.Values) (string, *http.Response) {
			t.Helper()
			return authtest.Visit(t, client, at, form)
		}
		if page, _ := visit(s.NewIntegrationURL(), nil); !strings.Contains(page, `<form method="post">`) || !strings.Contains(page, "Magento_Backend::store") {
			t.Errorf("the page is %s", page)
		}
		form := url.Values{"name": {"x"}, "endpoint": {authtest.Base + "/cb"}, "identity_link_url": {authtest.Base + "/id"}}
		_, res := visit(s.NewIntegrationURL(), form)
		to, err := res.Location()
		if err != nil || to.Path != "/connect/id" || to.Query().Get("oauth_consumer_key") != posted.Get("oauth_consumer_key") || posted.Get("oauth_consumer_key") == "" {
			t.Fatalf("%d to %v, %v", res.StatusCode, to, err)
		}
		success := strings.Replace(to.Query().Get("success_call_back"), strings.TrimSuffix(s.StoreURL(), strings.TrimSuffix(s.base.Path, "/")), s.URL(), 1)
		if page, res := visit(success, nil); res.StatusCode != http.StatusOK || !strings.Contains(page, "activated") {
			t.Errorf("%s: %d %s", success, res.StatusCode, page)
		}
		status = http.StatusBadRequest
		if page, res := visit(s.NewIntegrationURL(), form); res.StatusCode != http.StatusOK || !strings.Contains(page, "could not be sent") {
			t.Errorf("a callback that refuses: %d %s", res.StatusCode, page)
		}
	}
}
