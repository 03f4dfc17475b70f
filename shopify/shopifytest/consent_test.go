package shopifytest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const redirect = "https://app.example.com/connect/shopify/callback"

func authorizeURL(s *Server, scope string) string {
	return "https://" + s.Shop() + "/admin/oauth/authorize?" + url.Values{"client_id": {s.ClientID()}, "redirect_uri": {redirect}, "state": {"abc"}, "scope": {scope}}.Encode()
}

func TestConsentPageGivesACallback(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, RedirectURIs: []string{redirect}})
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	page, err := client.Get(authorizeURL(s, "read_products,read_all_orders"))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(page.Body)
	page.Body.Close()
	if page.StatusCode != 200 || !strings.Contains(string(body), "read_all_orders") || !strings.Contains(string(body), `action="authorize"`) {
		t.Fatalf("%d %s", page.StatusCode, body)
	}
	u, _ := url.Parse(authorizeURL(s, "read_products,read_all_orders"))
	form := u.Query()
	form.Set("answer", "install")
	res, err := client.PostForm("https://"+s.Shop()+"/admin/oauth/authorize", form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusFound || !strings.HasPrefix(to.String(), redirect) {
		t.Fatalf("%d to %v", res.StatusCode, to)
	}
	q := to.Query()
	if q.Get("shop") != s.Shop() || q.Get("state") != "abc" || q.Get("hmac") != signQuery(q, s.ClientSecret()) {
		t.Errorf("callback %v", q)
	}
	g := exchange(t, s, map[string]string{"code": q.Get("code"), "expiring": "1"})
	if g.status != 200 || g.Scope != "read_all_orders,read_products" && g.Scope != "read_products,read_all_orders" {
		t.Errorf("granted %q of what was asked", g.Scope)
	}
	if r := refresh(t, s, g.RefreshToken); r.Scope != g.Scope {
		t.Errorf("a refresh changed the scopes to %q", r.Scope)
	}
	form.Set("answer", "cancel")
	if res, err := client.PostForm("https://"+s.Shop()+"/admin/oauth/authorize", form); err != nil || res.Header.Get("Location") != "" {
		t.Errorf("cancelled: %v, to %q", err, res.Header.Get("Location"))
	}
}

func TestCodesExpire(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{Clock: clock.Now, CodeLifetime: time.Minute})
	code := s.IssueCode()
	clock.add(time.Minute)
	if g := exchange(t, s, map[string]string{"code": code, "expiring": "1"}); g.status != 400 {
		t.Errorf("a code outlived its time: %+v", g)
	}
}

func TestConsentRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{RedirectURIs: []string{redirect}})
	for name, bad := range map[string]string{
		"foreign redirect": strings.Replace(authorizeURL(s, ""), "app.example.com", "evil.example.com", 1),
		"unknown client":   strings.Replace(authorizeURL(s, ""), s.ClientID(), "somebody", 1),
		"no state":         strings.Replace(authorizeURL(s, ""), "state=abc", "state=", 1),
		"another shop":     strings.Replace(authorizeURL(s, ""), s.Shop(), "other.myshopify.com", 1),
	} {
		if to, err := s.Approve(bad); err == nil {
			t.Errorf("%s: approved, to %q", name, to)
		}
	}
}

func TestSessionTokenExchange(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{Clock: clock.Now})
	trade := func(token string) grantAnswer {
		return exchange(t, s, map[string]string{"grant_type": grantExchange, "subject_token": token, "subject_token_type": sessionToken,
			"requested_token_type": offlineToken, "expiring": "1"})
	}
	if g := trade(s.SessionToken(Session{})); g.status != 200 || g.RefreshToken == "" || !works(t, s, g.AccessToken) {
		t.Errorf("%+v", g)
	}
	for name, session := range map[string]Session{
		"expired": {Age: time.Minute}, "another app": {Audience: "x"}, "another shop": {Shop: "other.myshopify.com"}, "another secret": {Secret: "x"}, "unsigned": {Alg: "none"},
	} {
		if g := trade(s.SessionToken(session)); g.status != 400 || g.Error != "invalid_subject_token" {
			t.Errorf("%s: %+v", name, g)
		}
	}
}
