package salla_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func credential(tokens sallatest.Tokens) catalog.Credential {
	return catalog.Credential{AccessToken: catalog.NewSecret(tokens.AccessToken), RefreshToken: catalog.NewSecret(tokens.RefreshToken), ExpiresAt: tokens.Expires}
}

// kept is an engine whose credential is kept and refreshed as a host does it.
func kept(t *testing.T, server *sallatest.Server, c catalog.Credential) (catalog.Engine, catalog.CredentialStore) {
	t.Helper()
	adapter := newAdapter(t, server, salla.Config{})
	store := &catalog.MemoryCredentials{}
	account := catalog.Account{ID: "tenant", Platform: salla.Platform, Store: id(server.MerchantID())}
	if _, err := store.CompareAndSwap(t.Context(), account.ID, 0, c); err != nil {
		t.Fatal(err)
	}
	engine, err := adapter.Open(account, auth.NewSource(account, store, adapter))
	if err != nil {
		t.Fatal(err)
	}
	return engine, store
}

func tokenCalls(server *sallatest.Server) (n int) {
	for _, call := range server.Calls() {
		if call.Path == "/oauth2/token" {
			n++
		}
	}
	return n
}

// Trap 2: a refresh token that is used twice costs the store.
func TestAHundredGoroutinesRefreshOnce(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(5, -1, -1, true))
	tokens := server.IssueTokens()
	server.ExpireTokens()
	engine, store := kept(t, server, credential(tokens))
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if _, err := engine.Shop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := tokenCalls(server); n != 1 || server.RefreshReuses() != 0 {
		t.Errorf("%d refreshes, %d reuses", n, server.RefreshReuses())
	}
	stored, err := store.Load(t.Context(), "tenant")
	if err != nil || stored.Credential.RefreshToken.Reveal() == tokens.RefreshToken || stored.Credential.RefreshToken.IsZero() {
		t.Errorf("stored %v, %v", stored.Credential, err)
	}
	if left := time.Until(stored.Credential.ExpiresAt); left < 13*24*time.Hour || left > 14*24*time.Hour {
		t.Errorf("the new token lives %s", left)
	}
}

func TestRefreshesADayAhead(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(5, -1, -1, true))
	c := credential(server.IssueTokens())
	c.ExpiresAt = time.Now().Add(23 * time.Hour)
	engine, _ := kept(t, server, c)
	if _, err := engine.Shop(t.Context()); err != nil || tokenCalls(server) != 1 {
		t.Errorf("%d refreshes, %v", tokenCalls(server), err)
	}
}

// The answer is lost after the request went out: the token may be used up, so
// it is never sent again, whoever asks.
func TestALostRefreshIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sallatest.Fault{
		"no answer": sallatest.Disconnect(sallatest.CutBefore), "half an answer": sallatest.Disconnect(sallatest.CutMiddle),
		"half of the JSON": {Truncate: true}, "a gateway's answer": {Status: 502, After: true, Body: "<html></html>"}, "a page": sallatest.HTMLPage(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, quiet(5, -1, -1, true))
			tokens := server.IssueTokens()
			server.ExpireTokens()
			engine, _ := kept(t, server, credential(tokens))
			server.Inject(fault.On("POST", "/oauth2/token"))
			if _, err := engine.Shop(t.Context()); !errors.Is(err, catalog.ErrOutcomeUnknown) {
				t.Errorf("got %v", err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if _, err := engine.Shop(ctx); err == nil { // waits for what became of the first
				t.Error("a dead token got an answer")
			}
			if n := tokenCalls(server); n != 1 || server.RefreshReuses() != 0 {
				t.Errorf("%d refreshes, %d reuses", n, server.RefreshReuses())
			}
		})
	}
}

func TestARefusedRefreshIsTheEnd(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sallatest.Fault{"as documented": sallatest.InvalidGrant(401), "as the standard has it": sallatest.InvalidGrant(400)} {
		server := newServer(t, quiet(5, -1, -1, true))
		adapter := newAdapter(t, server, salla.Config{})
		tokens := server.IssueTokens()
		server.Inject(fault.On("POST", "/oauth2/token"))
		_, err := adapter.RefreshCredential(t.Context(), catalog.Account{}, credential(tokens))
		if e, ok := errors.AsType[*catalog.Error](err); !ok || e.Kind != catalog.ErrReauthorize || e.Code != "invalid_grant" {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(fmt.Sprint(err), tokens.RefreshToken) || strings.Contains(fmt.Sprint(err), server.ClientSecret()) {
			t.Errorf("%s: the error tells a secret", name)
		}
	}
	server := newServer(t, quiet(5, -1, -1, true))
	adapter := newAdapter(t, server, salla.Config{})
	if _, err := adapter.RefreshCredential(t.Context(), catalog.Account{}, catalog.Credential{AccessToken: catalog.NewSecret("x")}); !errors.Is(err, catalog.ErrReauthorize) {
		t.Errorf("without a refresh token: %v", err)
	}
	bare, err := salla.New(salla.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bare.RefreshCredential(t.Context(), catalog.Account{}, credential(server.IssueTokens())); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("without keys: %v", err)
	}
}

// A refusal that repeats what was sent does not carry it into the error.
func TestATokenErrorTellsNoSecret(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(5, -1, -1, true))
	adapter := newAdapter(t, server, salla.Config{})
	tokens := server.IssueTokens()
	server.Inject(answered(401, `{"error":"invalid_grant","error_description":"token `+tokens.RefreshToken+` of `+server.ClientSecret()+`"}`).On("POST", "/oauth2/token"))
	_, err := adapter.RefreshCredential(t.Context(), catalog.Account{}, credential(tokens))
	if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, tokens.RefreshToken) || strings.Contains(text, server.ClientSecret()) {
		t.Errorf("it tells %s", text)
	}
}

// Trap 3: expires and expires_in, a length and a moment.
func TestEveryFormOfExpiryIsRead(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sallatest.ExpiresForm{"documented": sallatest.ExpiresAsDocumented, "expires, a length": sallatest.ExpiresDuration,
		"expires_in": sallatest.ExpiresIn, "expires, a moment": sallatest.ExpiresAbsolute} {
		config := quiet(5, -1, -1, true)
		config.ExpiresForm = form
		server := newServer(t, config)
		adapter := newAdapter(t, server, salla.Config{})
		fresh, err := adapter.RefreshCredential(t.Context(), catalog.Account{}, credential(server.IssueTokens()))
		if err != nil {
			t.Fatal(name, err)
		}
		grant, err := adapter.Exchange(t.Context(), server.IssueCode(), "https://app.example/callback")
		if err != nil || grant.Store != id(server.MerchantID()) {
			t.Fatal(name, grant.Store, err)
		}
		for _, c := range []catalog.Credential{fresh, grant.Credential} {
			if left := time.Until(c.ExpiresAt); left < 14*24*time.Hour-time.Minute || left > 14*24*time.Hour || len(c.Scopes) < 5 || c.RefreshToken.IsZero() {
				t.Errorf("%s: %s left, scopes %v", name, left, c.Scopes)
			}
		}
	}
}

func TestExchangeReadsBothFormsOfUserInfo(t *testing.T) {
	t.Parallel()
	for _, bare := range []bool{false, true} {
		config := quiet(5, -1, -1, true)
		config.UserInfoBare, config.RedirectURI = bare, "https://app.example/callback"
		server := newServer(t, config)
		callback, err := url.Parse(server.InstallURL(config.RedirectURI))
		if err != nil {
			t.Fatal(err)
		}
		code := callback.Query().Get("code")
		adapter := newAdapter(t, server, salla.Config{})
		grant, err := adapter.Exchange(t.Context(), code, config.RedirectURI)
		if err != nil || grant.Store != id(server.MerchantID()) {
			t.Errorf("bare %t: %q, %v", bare, grant.Store, err)
		}
		if _, err := adapter.Exchange(t.Context(), "never issued", config.RedirectURI); !errors.Is(err, catalog.ErrReauthorize) {
			t.Errorf("a wrong code: %v", err)
		}
	}
	server := newServer(t, quiet(5, -1, -1, true))
	if _, err := newAdapter(t, server, salla.Config{}).Exchange(t.Context(), "", "x"); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no code: %v", err)
	}
	server.Inject(answered(200, `{"data":{"name":"nobody"}}`).On("GET", "/oauth2/user/info"))
	grant, err := newAdapter(t, server, salla.Config{}).Exchange(t.Context(), server.IssueCode(), "https://x.example")
	if !errors.Is(err, catalog.ErrBadAnswer) || grant.Credential.IsZero() {
		t.Errorf("no merchant: %v", err)
	}
}

// Traps 1 and the meanings of 401: only a dead token is refreshed.
func TestOnlyADeadTokenIsRefreshed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault     sallatest.Fault
		kind      catalog.Kind
		refreshes int
	}{
		"scope missing": {sallatest.ScopeMissing("orders.read"), catalog.ErrForbidden, 0},
		"store gone":    {sallatest.StoreGone(), catalog.ErrReauthorize, 0},
		"store asleep":  {sallatest.StoreInactive(), catalog.ErrReauthorize, 0},
		"token dead":    {sallatest.TokenInvalid(), "", 1},
		"still dead":    {sallatest.TokenInvalid().Repeat(-1), catalog.ErrUnauthorized, 1},
	} {
		server := newServer(t, quiet(5, -1, -1, true))
		engine, _ := kept(t, server, credential(server.IssueTokens()))
		server.Inject(c.fault.On("GET", "/store/info"))
		_, err := engine.Shop(t.Context())
		if catalog.KindOf(err) != c.kind || tokenCalls(server) != c.refreshes {
			t.Errorf("%s: %v after %d refreshes", name, err, tokenCalls(server))
		}
	}
	server := newServer(t, quiet(5, -1, -1, true))
	engine, _ := kept(t, server, credential(server.IssueTokens()))
	server.Revoke()
	if _, err := engine.Shop(t.Context()); !errors.Is(err, catalog.ErrReauthorize) {
		t.Errorf("after an uninstall: %v", err)
	}
}

func TestACallerWhoLeavesDoesNotStopTheRefresh(t *testing.T) {
	t.Parallel()
	config := quiet(5, -1, -1, true)
	server := newServer(t, config)
	tokens := server.IssueTokens()
	server.ExpireTokens()
	engine, store := kept(t, server, credential(tokens))
	server.Inject(sallatest.Fault{Delay: 50 * time.Millisecond}.On("POST", "/oauth2/token"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := engine.Shop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Errorf("the next caller: %v", err)
	}
	if stored, err := store.Load(t.Context(), "tenant"); err != nil || stored.Refresh != nil || tokenCalls(server) != 1 {
		t.Errorf("%d refreshes, %v", tokenCalls(server), err)
	}
}
