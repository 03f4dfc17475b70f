package sallatest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// installing posts the form of the app's page in Salla's store.
func installing(t *testing.T, s *Server, answer string) reply {
	t.Helper()
	r, _ := http.NewRequestWithContext(t.Context(), "POST", "https://"+InstallHost+"/apps/install/77", strings.NewReader(url.Values{"answer": {answer}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := roundTrip(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestInstallInEasyModeSendsTheTokens(t *testing.T) {
	t.Parallel()
	got := make(chan string, 4)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("X-Salla-Signature") }))
	t.Cleanup(hook.Close)
	s := start(t, &Config{TB: t, AppWebhookURL: hook.URL})
	s.Revoke()
	if r := installing(t, s, "deny"); r.status != 200 || len(got) != 0 {
		t.Fatalf("denied: %d, %d deliveries", r.status, len(got))
	}
	if r := do(t, s, s.Token(), "GET", "/store/info", ""); r.status != 401 {
		t.Errorf("a store without the app answers %d", r.status)
	}
	if r := installing(t, s, "allow"); r.status != 200 || !strings.Contains(r.body, "installed") {
		t.Fatalf("allowed: %d %s", r.status, r.body)
	}
	if len(got) != 1 || <-got == "" {
		t.Error("no signed webhook brought the tokens")
	}
	if r := do(t, s, s.Token(), "GET", "/store/info", ""); r.status != 200 {
		t.Errorf("the app is back, but the store answers %d", r.status)
	}
}

func TestApproveTakesTheConsentPageAlone(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{RedirectURI: "https://app.example.com/cb"})
	good := "https://" + AccountsHost + "/oauth2/auth?" + url.Values{"client_id": {s.ClientID()}, "response_type": {"code"},
		"redirect_uri": {"https://app.example.com/cb"}, "state": {"a-b"}}.Encode()
	to, err := s.Approve(good)
	if err != nil || !strings.HasPrefix(to, "https://app.example.com/cb?") || !strings.Contains(to, "state=ab") {
		t.Errorf("%q, %v", to, err)
	}
	for name, bad := range map[string]string{
		"another host":     strings.Replace(good, AccountsHost, "accounts.example.com", 1),
		"another redirect": strings.Replace(good, "app.example.com", "evil.example.com", 1),
		"another client":   strings.Replace(good, s.ClientID(), "somebody", 1),
	} {
		if to, err := s.Approve(bad); err == nil {
			t.Errorf("%s: approved, to %q", name, to)
		}
	}
}
