package bigcommercetest

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

func TestABrowserInstallsOpensAndUninstalls(t *testing.T) {
	t.Parallel()
	var told []string
	s := start(t, &Config{TB: t, Products: 1, RedirectURI: callback, LoadURI: "https://app.example.com/load", UninstallURI: "https://app.example.com/uninstall",
		RemoveUserURI: "https://app.example.com/remove_user", CallbackTransport: roundTrips{http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			told = append(told, r.Method+" "+r.URL.Path)
			if strings.Count(r.URL.Query().Get("signed_payload_jwt"), ".") != 2 {
				t.Errorf("called with %s", r.URL.RawQuery)
			}
		})}})
	other := s.AddStore(&Config{Products: 1})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(client.CloseIdleConnections)
	at := strings.Replace(s.InstallURL(), "https://"+LoginHost, s.URL(), 1)
	visit := func(form url.Values) (string, *url.URL) {
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
		to, _ := res.Location() // nil where there is none
		return string(page), to
	}
	if page, _ := visit(nil); !strings.Contains(page, `action="install"`) || !strings.Contains(page, "<option>"+other.StoreHash()) || !strings.Contains(page, "store_v2_orders") {
		t.Errorf("the page is %s", page)
	}
	_, to := visit(url.Values{"store": {other.StoreHash()}, "answer": {"install"}})
	if to == nil || to.Query().Get("context") != "stores/"+other.StoreHash() || to.Query().Get("code") == "" || !strings.HasPrefix(to.String(), callback+"?") {
		t.Errorf("installed, to %v", to)
	}
	if _, to = visit(url.Values{"store": {other.StoreHash()}, "answer": {"open"}}); to == nil || to.Path != "/load" || to.Query().Get("signed_payload_jwt") == "" {
		t.Errorf("opened, at %v", to)
	}
	if _, to = visit(url.Values{"store": {other.StoreHash()}, "answer": {"cancel"}}); to != nil {
		t.Errorf("cancelled, to %v", to)
	}
	token := other.Grant()
	if page, _ := visit(url.Values{"store": {other.StoreHash()}, "answer": {"uninstall"}}); !strings.Contains(page, "uninstalled") {
		t.Errorf("uninstalled: %s", page)
	}
	if s.auth.find(token) != nil {
		t.Error("the token outlives the installation")
	}
	if status, err := other.RemoveUser(t.Context(), UserID); err != nil || status != http.StatusOK {
		t.Errorf("%d, %v", status, err)
	}
	if strings.Join(told, " ") != "GET /uninstall GET /remove_user" {
		t.Errorf("the app was told %q", told)
	}
}
