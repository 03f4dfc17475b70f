package shopifytest

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"
)

type grantAnswer struct {
	status int
	tokenAnswer
	Error string `json:"error"`
}

func exchange(t *testing.T, s *Server, in map[string]string) grantAnswer {
	t.Helper()
	body := map[string]string{"client_id": s.ClientID(), "client_secret": s.ClientSecret()}
	for k, v := range in {
		body[k] = v
	}
	raw, _ := json.Marshal(body)
	a := post(t, s, "/admin/oauth/access_token", "", "application/json", string(raw))
	var g grantAnswer
	if err := json.Unmarshal(a.Raw, &g); err != nil {
		t.Fatalf("%v: %s", err, a.Raw)
	}
	g.status = a.Status
	return g
}

func works(t *testing.T, s *Server, token string) bool {
	t.Helper()
	return post(t, s, path07, token, "application/json", `{"query":"{shop{id}}"}`).Status == 200
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{Clock: clock.Now})
	g := exchange(t, s, map[string]string{"grant_type": "client_credentials"})
	if g.status != 200 || g.ExpiresIn != 86399 || g.RefreshToken != "" || g.Scope == "" || !works(t, s, g.AccessToken) {
		t.Errorf("%+v", g)
	}
	clock.add(86399 * time.Second)
	if works(t, s, g.AccessToken) {
		t.Error("the token outlived its time")
	}
	s.DenyClientCredentials("shop_not_permitted")
	if g := exchange(t, s, map[string]string{"grant_type": "client_credentials"}); g.status != 400 || g.Error != "shop_not_permitted" {
		t.Errorf("%+v", g)
	}
	form := url.Values{"client_id": {s.ClientID()}, "client_secret": {"wrong"}, "grant_type": {"client_credentials"}}
	if a := post(t, s, "/admin/oauth/access_token", "", "application/x-www-form-urlencoded", form.Encode()); a.Status != 401 {
		t.Errorf("wrong secret in a form: %d", a.Status)
	}
	form.Set("client_secret", s.ClientSecret())
	s.DenyClientCredentials("")
	if a := post(t, s, "/admin/oauth/access_token", "", "application/x-www-form-urlencoded", form.Encode()); a.Status != 200 {
		t.Errorf("form: %d %s", a.Status, a.Raw)
	}
}

func TestAuthorizationCode(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	code := s.IssueCode()
	g := exchange(t, s, map[string]string{"code": code, "expiring": "1"})
	if g.status != 200 || g.ExpiresIn != 3600 || g.RefreshToken == "" || g.RefreshExpiresIn != 7776000 {
		t.Errorf("%+v", g)
	}
	if again := exchange(t, s, map[string]string{"code": code}); again.status != 400 {
		t.Errorf("a code worked twice: %+v", again)
	}
	if g := exchange(t, s, map[string]string{"code": s.IssueCode()}); g.status != 200 || g.ExpiresIn != 0 || g.RefreshToken != "" {
		t.Errorf("not expiring: %+v", g)
	}
}

func TestTokensOfAnEarlierServer(t *testing.T) {
	t.Parallel()
	pair := start(t, nil).NewExpiringToken()
	s := start(t, nil)
	if works(t, s, pair.AccessToken) {
		t.Fatal("a server knows the tokens of another one")
	}
	s.AddTokens(pair)
	if !works(t, s, pair.AccessToken) {
		t.Error("the access token does not work")
	}
	if g := refresh(t, s, pair.RefreshToken); g.status != 200 || !works(t, s, g.AccessToken) {
		t.Errorf("the refresh token does not work: %+v", g)
	}
	s.ExpireTokens()
	if works(t, s, pair.AccessToken) {
		t.Error("the access token does not expire")
	}
}

func refresh(t *testing.T, s *Server, token string) grantAnswer {
	t.Helper()
	return exchange(t, s, map[string]string{"grant_type": "refresh_token", "refresh_token": token})
}

func TestRefreshRotation(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	old := s.NewExpiringToken()
	one := refresh(t, s, old.RefreshToken)
	if one.status != 200 || one.RefreshToken == old.RefreshToken || one.ExpiresIn != 3600 {
		t.Fatalf("%+v", one)
	}
	if !works(t, s, old.AccessToken) {
		t.Error("the old access token died before its time")
	}
	// The answer got lost: the same refresh token is good once more.
	two := refresh(t, s, old.RefreshToken)
	if two.status != 200 || two.RefreshToken == one.RefreshToken {
		t.Fatalf("%+v", two)
	}
	if lost := refresh(t, s, one.RefreshToken); lost.status != 401 || lost.Error != "invalid_request" {
		t.Errorf("the lost pair still renews: %+v", lost)
	}
	if !works(t, s, two.AccessToken) {
		t.Error("the new access token does not work")
	}
	if again := refresh(t, s, old.RefreshToken); again.status != 401 || again.Error != "invalid_request" {
		t.Errorf("the old refresh token outlived the use of the new access token: %+v", again)
	}
	three := refresh(t, s, two.RefreshToken)
	if four := refresh(t, s, three.RefreshToken); four.status != 200 {
		t.Errorf("%+v", four)
	}
	if again := refresh(t, s, two.RefreshToken); again.status != 401 {
		t.Errorf("the old refresh token outlived the use of the new one: %+v", again)
	}
}

func TestTokensEnd(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{Clock: clock.Now})
	pair := s.NewExpiringToken()
	clock.add(59 * time.Minute)
	if !works(t, s, pair.AccessToken) {
		t.Error("dead before an hour")
	}
	clock.add(time.Minute)
	if works(t, s, pair.AccessToken) {
		t.Error("alive after an hour")
	}
	renewed := refresh(t, s, pair.RefreshToken)
	clock.add(30*day + time.Second)
	if g := refresh(t, s, pair.RefreshToken); g.status != 401 {
		t.Errorf("30 days after its first use: %+v", g)
	}
	clock.add(60 * day)
	if g := refresh(t, s, renewed.RefreshToken); g.status != 400 || g.Error != "invalid_grant" {
		t.Errorf("after 90 days: %+v", g)
	}
	first := s.NewExpiringToken()
	second := s.NewExpiringToken()
	if g := refresh(t, s, first.RefreshToken); g.status != 401 {
		t.Errorf("a new acquisition left the old refresh token alive: %+v", g)
	}
	s.ExpireTokens()
	if works(t, s, second.AccessToken) || !works(t, s, s.Token()) {
		t.Error("ExpireTokens ends what can expire and nothing else")
	}
	s.Revoke(second.RefreshToken)
	if g := refresh(t, s, second.RefreshToken); g.status != 401 {
		t.Errorf("revoked: %+v", g)
	}
	s.Uninstall()
	if works(t, s, s.Token()) {
		t.Error("the static token outlived the app")
	}
}

func TestStaticTokenMigratesOnce(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	in := map[string]string{"grant_type": grantExchange, "subject_token": s.Token(), "subject_token_type": offlineToken,
		"requested_token_type": offlineToken, "expiring": "1"}
	g := exchange(t, s, in)
	if g.status != 200 || g.RefreshToken == "" || works(t, s, s.Token()) || !works(t, s, g.AccessToken) {
		t.Errorf("%+v", g)
	}
	if again := exchange(t, s, in); again.status != 200 || again.tokenAnswer.AccessToken != g.AccessToken || again.RefreshToken != g.RefreshToken {
		t.Errorf("a repeated migration gives the same pair: %+v", again)
	}
}

func TestScopesEndpoint(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Scopes: []string{"read_products"}})
	req, _ := newGet(t, s, "/admin/oauth/access_scopes.json")
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var got struct {
		AccessScopes []struct{ Handle string } `json:"access_scopes"`
	}
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil || len(got.AccessScopes) != 1 || got.AccessScopes[0].Handle != "read_products" {
		t.Errorf("%+v %v", got, err)
	}
}
