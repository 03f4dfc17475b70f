package magentotest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// roundTrips carries requests to a handler.
type roundTrips struct{ http.Handler }

func (h roundTrips) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestABrowserActivatesAnIntegration(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://magento.test/", "https://magento.test/shop/"} {
		var posted url.Values
		status := http.StatusOK
		s := NewServer(&Config{TB: t, BaseURL: base, CallbackTransport: roundTrips{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm() // looked at below
			posted = r.PostForm
			w.WriteHeader(status)
		})}})
		t.Cleanup(s.Close)
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		t.Cleanup(client.CloseIdleConnections)
		visit := func(at string, form url.Values) (string, *http.Response) {
			t.Helper()
			method := http.MethodGet
			if form != nil {
				method = http.MethodPost
			}
			r, err := http.NewRequestWithContext(t.Context(), method, at, strings.NewReader(form.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			page, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			return string(page), res
		}
		if page, _ := visit(s.NewIntegrationURL(), nil); !strings.Contains(page, `<form method="post">`) || !strings.Contains(page, "Magento_Backend::store") {
			t.Errorf("the page is %s", page)
		}
		form := url.Values{"name": {"x"}, "endpoint": {"https://app.example/cb"}, "identity_link_url": {"https://app.example/id"}}
		_, res := visit(s.NewIntegrationURL(), form)
		to, err := res.Location()
		if err != nil || to.Host != "app.example" || to.Query().Get("oauth_consumer_key") != posted.Get("oauth_consumer_key") || posted.Get("oauth_consumer_key") == "" {
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
