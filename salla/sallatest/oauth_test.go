package sallatest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

type tokens struct {
	Access    string `json:"access_token"`
	Refresh   string `json:"refresh_token"`
	Expires   int64
	ExpiresIn int64 `json:"expires_in"`
	Scope     string
	Error     string
}

func exchange(t *testing.T, s *Server, code string) reply {
	t.Helper()
	return token(t, s, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://app.example.com/cb"}})
}

func refresh(t *testing.T, s *Server, rt string) reply {
	t.Helper()
	return token(t, s, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {rt}})
}

func TestRefreshRotatesAndReuseRevokes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	first := decode[tokens](t, exchange(t, s, s.IssueCode()))
	second := decode[tokens](t, refresh(t, s, first.Refresh))
	for _, tok := range []string{first.Access, second.Access} {
		if r := do(t, s, tok, "GET", "/store/info", ""); r.status != 200 {
			t.Errorf("live token: %d", r.status)
		}
	}
	r := refresh(t, s, first.Refresh)
	if got := decode[tokens](t, r); r.status != http.StatusUnauthorized || got.Error != "invalid_grant" {
		t.Errorf("reuse: %d %s", r.status, r.body)
	}
	if s.RefreshReuses() != 1 {
		t.Errorf("reuses %d", s.RefreshReuses())
	}
	for _, tok := range []string{first.Access, second.Access} {
		if r := do(t, s, tok, "GET", "/store/info", ""); r.status != http.StatusUnauthorized || !strings.Contains(r.body, msgInvalidToken) {
			t.Errorf("revoked token: %d %s", r.status, r.body)
		}
	}
	if r := refresh(t, s, second.Refresh); r.status != http.StatusUnauthorized {
		t.Errorf("the newer refresh token still works: %d", r.status)
	}
	if r := get(t, s, "/store/info"); r.status != 200 {
		t.Errorf("another grant died too: %d", r.status)
	}
}

func TestRefreshKillsAccess(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, RefreshKillsAccess: true})
	first := s.IssueTokens()
	refresh(t, s, first.RefreshToken)
	if r := do(t, s, first.AccessToken, "GET", "/store/info", ""); r.status != http.StatusUnauthorized {
		t.Errorf("old access token: %d", r.status)
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{Clock: c.now})
	code := s.IssueCode()
	first := decode[tokens](t, exchange(t, s, code))
	if r := exchange(t, s, code); r.status != 401 || decode[tokens](t, r).Error != "invalid_grant" {
		t.Errorf("second use: %d %s", r.status, r.body)
	}
	if r := do(t, s, first.Access, "GET", "/store/info", ""); r.status != 401 {
		t.Errorf("tokens of a replayed code live on: %d", r.status)
	}
	late := s.IssueCode()
	c.add(5 * time.Minute)
	if r := exchange(t, s, late); r.status != 401 {
		t.Errorf("late code: %d", r.status)
	}
}

func TestExpiryByClock(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now})
	p := s.IssueTokens()
	c.add(14*24*time.Hour - 2*time.Second)
	if r := do(t, s, p.AccessToken, "GET", "/store/info", ""); r.status != 200 {
		t.Errorf("a second early: %d", r.status)
	}
	c.add(time.Second)
	if r := do(t, s, p.AccessToken, "GET", "/store/info", ""); r.status != 401 {
		t.Errorf("at the end: %d", r.status)
	}
	next := decode[tokens](t, refresh(t, s, p.RefreshToken))
	c.add(30 * 24 * time.Hour)
	if r := refresh(t, s, next.Refresh); r.status != 401 {
		t.Errorf("refresh token after 30 days: %d", r.status)
	}
}

func TestExpiresForms(t *testing.T) {
	t.Parallel()
	c := newClock()
	at := c.now().Unix() + 1209599
	tests := []struct {
		name                 string
		form                 ExpiresForm
		exchanged, refreshed [2]int64 // expires, expires_in
	}{
		{"documented", ExpiresAsDocumented, [2]int64{1209599, 0}, [2]int64{0, 1209599}},
		{"duration", ExpiresDuration, [2]int64{1209599, 0}, [2]int64{1209599, 0}},
		{"in", ExpiresIn, [2]int64{0, 1209599}, [2]int64{0, 1209599}},
		{"absolute", ExpiresAbsolute, [2]int64{at, 0}, [2]int64{at, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t, Clock: c.now, ExpiresForm: tt.form})
			first := decode[tokens](t, exchange(t, s, s.IssueCode()))
			second := decode[tokens](t, refresh(t, s, first.Refresh))
			if got := [2]int64{first.Expires, first.ExpiresIn}; got != tt.exchanged {
				t.Errorf("exchange %v, want %v", got, tt.exchanged)
			}
			if got := [2]int64{second.Expires, second.ExpiresIn}; got != tt.refreshed {
				t.Errorf("refresh %v, want %v", got, tt.refreshed)
			}
		})
	}
}

func TestTokenEndpointRefusals(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if r := token(t, s, url.Values{"grant_type": {"refresh_token"}, "client_id": {s.ClientID()}, "client_secret": {"wrong"}}); r.status != 401 || !strings.Contains(r.body, "invalid_client") {
		t.Errorf("wrong secret: %d %s", r.status, r.body)
	}
	if r := token(t, s, url.Values{"grant_type": {"password"}}); r.status != 400 {
		t.Errorf("unknown grant: %d", r.status)
	}
	if v := s.Violations(); len(v) != 0 {
		t.Errorf("violations %q", v)
	}
	r, _ := http.NewRequestWithContext(t.Context(), "POST", "https://"+AccountsHost+"/oauth2/token", strings.NewReader("grant_type=refresh_token"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(s.ClientID(), s.ClientSecret())
	res, err := roundTrip(s.Client(), r)
	if err != nil || res.status != 401 || !strings.Contains(res.body, "invalid_client") || len(s.Violations()) != 1 {
		t.Errorf("basic: %v %d %s, violations %q", err, res.status, res.body, s.Violations())
	}
}

func TestConsent(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer := "allow"
	consent := func(scope string) url.Values {
		q := url.Values{"client_id": {s.ClientID()}, "response_type": {"code"}, "redirect_uri": {"https://app.example.com/cb?x=1"}, "scope": {scope}, "state": {"12-ab-34"}}
		address := "https://" + AccountsHost + "/oauth2/auth"
		r, _ := http.NewRequestWithContext(t.Context(), "GET", address+"?"+q.Encode(), nil)
		if page, err := roundTrip(client, r); err != nil || page.status != http.StatusOK || !strings.Contains(page.body, `value="12-ab-34"`) || page.header.Get("Location") != "" {
			t.Fatalf("consent page: %v %d %s", err, page.status, page.body)
		}
		q.Set("answer", answer)
		r, _ = http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(q.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := roundTrip(client, r)
		if err != nil || res.status != http.StatusFound {
			t.Fatalf("%v %d %s", err, res.status, res.body)
		}
		to, err := url.Parse(res.header.Get("Location"))
		if err != nil || to.Host != "app.example.com" {
			t.Fatalf("location %v", to)
		}
		return to.Query()
	}
	got := consent("offline_access")
	if got.Get("state") != "12ab34" || got.Get("x") != "1" {
		t.Errorf("callback %v", got)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {got.Get("code")}, "redirect_uri": {"https://app.example.com/cb?x=1"}}
	if tok := decode[tokens](t, token(t, s, form)); tok.Access == "" || tok.Refresh == "" {
		t.Errorf("tokens %v", tok)
	}
	if tok := decode[tokens](t, exchange(t, s, consent("")["code"][0])); tok.Error != "invalid_grant" {
		t.Error("a code was exchanged under another redirect_uri")
	}
	form.Set("code", consent("").Get("code"))
	if tok := decode[tokens](t, token(t, s, form)); tok.Access == "" || tok.Refresh != "" {
		t.Error("a refresh token came without offline_access")
	}
	answer = "deny"
	if got := consent("offline_access"); got.Get("error") != "access_denied" || got.Get("state") != "12ab34" || got.Has("code") {
		t.Errorf("a merchant who denied: %v", got)
	}
	install, err := url.Parse(s.InstallURL("https://app.example.com/cb"))
	if err != nil || install.Query().Get("state") == "" || decode[tokens](t, exchange(t, s, install.Query().Get("code"))).Access == "" {
		t.Errorf("install from the store: %v", err)
	}
}

func TestUserInfo(t *testing.T) {
	t.Parallel()
	for _, bare := range []bool{false, true} {
		s := start(t, &Config{TB: t, UserInfoBare: bare})
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "https://"+AccountsHost+"/oauth2/user/info", nil)
		r.Header.Set("Authorization", "Bearer "+s.Token())
		res, err := roundTrip(s.Client(), r)
		if err != nil {
			t.Fatal(err)
		}
		type info struct{ Merchant struct{ ID int64 } }
		got := decode[struct {
			info
			Data *info
		}](t, res)
		if bare && (got.Data != nil || got.Merchant.ID != s.MerchantID()) || !bare && (got.Data == nil || got.Data.Merchant.ID != s.MerchantID()) {
			t.Errorf("bare %v: %s", bare, res.body)
		}
	}
}

func TestReinstall(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	old := s.IssueTokens()
	s.Revoke()
	if r := refresh(t, s, old.RefreshToken); r.status != 401 {
		t.Errorf("refresh after the uninstall: %d", r.status)
	}
	fresh := s.Reinstall()
	for tok, want := range map[string]int{old.AccessToken: 401, fresh.AccessToken: 200, s.Token(): 200} {
		if r := do(t, s, tok, "GET", "/store/info", ""); r.status != want {
			t.Errorf("status %d, want %d", r.status, want)
		}
	}
	if strings.Contains(fresh.String(), fresh.AccessToken) {
		t.Error("tokens print their secrets")
	}
}
