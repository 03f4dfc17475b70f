package transport_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestRefreshAfterUnauthorized(t *testing.T) {
	t.Parallel()
	accept := func(token string) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") == "Bearer "+token {
				return answer(200, "{}"), nil
			}
			return answer(401, `{"error":"expired"}`), nil
		}
	}
	tests := []struct {
		name      string
		source    *source
		attempts  int
		refreshes int
		kind      catalog.Kind
	}{
		{"new token works", &source{tokens: []string{"old", "new"}}, 2, 1, ""},
		{"new token refused too", &source{tokens: []string{"old", "bad", "new"}}, 2, 1, catalog.ErrUnauthorized},
		{"refresh refused", &source{tokens: []string{"old"}, err: &catalog.Error{Op: "refresh", Kind: catalog.ErrReauthorize}}, 1, 0, catalog.ErrReauthorize},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			platform := &script{answers: []func(*http.Request) (*http.Response, error){accept("new")}}
			req := post(t)
			req.Credential = tt.source
			resp, err := client(t, transport.Config{Transport: platform, Attempts: 1}).Do(t.Context(), req)
			if catalog.KindOf(err) != tt.kind || resp == nil {
				t.Errorf("kind %q, want %q: %v", catalog.KindOf(err), tt.kind, err)
			}
			if e, ok := errors.AsType[*catalog.Error](err); ok && e.Status != 401 {
				t.Errorf("status %d", e.Status)
			}
			if platform.count() != tt.attempts || tt.source.refreshes != tt.refreshes {
				t.Errorf("%d attempts, %d refreshes", platform.count(), tt.source.refreshes)
			}
		})
	}
	t.Run("concurrent", func(t *testing.T) {
		t.Parallel()
		s := &source{tokens: []string{"old", "new"}}
		c := client(t, transport.Config{Transport: wire(accept("new"))})
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				req := post(t)
				req.Credential = s
				if _, err := c.Do(t.Context(), req); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if s.refreshes != 1 {
			t.Errorf("%d refreshes", s.refreshes)
		}
	})
}

// A credential that cannot be refreshed, as most that hosts enter by hand: why
// it was refused must not be lost.
func TestRefusalIsToldWhereNothingCanBeRefreshed(t *testing.T) {
	t.Parallel()
	judge := func(resp *transport.Response) transport.Verdict {
		v := transport.ByStatus(resp)
		v.Code, v.Hint = "E7", "switch the token on"
		return v
	}
	platform := &script{answers: []func(*http.Request) (*http.Response, error){says(401, `{"message":"token old is off"}`)}}
	req := post(t)
	req.Credential = catalog.StaticToken("old-token-0123456789")
	_, err := client(t, transport.Config{Transport: platform, Classify: judge}).Do(t.Context(), req)
	if catalog.KindOf(err) != catalog.ErrReauthorize {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"E7", "is off", "switch the token on", "connect the store again"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestCredentialFailures(t *testing.T) {
	t.Parallel()
	platform := &script{answers: []func(*http.Request) (*http.Response, error){says(200, "{}")}}
	c := client(t, transport.Config{Transport: platform})
	tests := []struct {
		name string
		set  func(*transport.Request)
		kind catalog.Kind
		text string
	}{
		{"empty token", func(r *transport.Request) { r.Credential = catalog.StaticToken("") }, catalog.ErrUnauthorized, "acme: list products: credential: unauthorized: the credential is empty"},
		{"no access token", func(r *transport.Request) {
			r.Credential = catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret("ck_1")})
		}, catalog.ErrUnauthorized, "holds no access token"},
		{"authorizer", func(r *transport.Request) {
			r.Credential = catalog.StaticToken("shpat_canary")
			r.Authorize = func(_ *http.Request, c catalog.Credential) error {
				return fmt.Errorf("cannot sign with %s", c.AccessToken.Reveal())
			}
		}, catalog.ErrUnauthorized, "cannot sign with REDACTED"},
	}
	for _, tt := range tests {
		req := get(t)
		tt.set(req)
		_, err := c.Do(t.Context(), req)
		if catalog.KindOf(err) != tt.kind || !strings.Contains(fmt.Sprint(err), tt.text) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if platform.count() != 0 {
		t.Errorf("%d requests were sent", platform.count())
	}
}

func TestInvalidRequests(t *testing.T) {
	t.Parallel()
	c := client(t, transport.Config{Transport: wire(says(200, "{}"))})
	for _, raw := range []string{"ftp://acme.example/", "//acme.example/", "https:///x", "https://u:secretpass@acme.example/"} {
		_, err := c.Do(t.Context(), &transport.Request{Op: "x", URL: address(t, raw)})
		if !errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), "secretpass") {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if _, err := c.Do(t.Context(), &transport.Request{Op: "x"}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no URL: %v", err)
	}
}
