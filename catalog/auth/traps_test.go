package auth_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/transport"
)

// endpoint is an OAuth token endpoint that answers a warm-up, so that its connection is
// kept, and then goes wrong. It counts the refreshes that reach it.
type endpoint struct {
	*httptest.Server
	wrong func(http.ResponseWriter)

	mu   sync.Mutex
	sent int
}

func newEndpoint(t *testing.T, wrong func(http.ResponseWriter)) *endpoint {
	t.Helper()
	s := &endpoint{wrong: wrong}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<16))
		form, _ := url.ParseQuery(string(body))
		if form.Get("grant_type") != "refresh_token" {
			return
		}
		s.mu.Lock()
		s.sent++
		s.mu.Unlock()
		s.wrong(w)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *endpoint) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

func answers(status int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(status) }
}

func hangsUp(http.ResponseWriter) { panic(http.ErrAbortHandler) }

// wired is a Refresher as adapters are: its requests go through
// catalog/transport.
type wired struct {
	client *transport.Client
	server *endpoint
}

func newWired(t *testing.T, server *endpoint) *wired {
	t.Helper()
	client, err := transport.New(transport.Config{Platform: "bazaar"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return &wired{client, server}
}

func (w *wired) RefreshPolicy() auth.Policy { return auth.Policy{SingleUse: true} }

func (w *wired) post(ctx context.Context, grant, token string) error {
	u, err := url.Parse(w.server.URL)
	if err != nil {
		return err
	}
	_, err = w.client.Do(ctx, &transport.Request{Op: "refresh token", Method: http.MethodPost, URL: u,
		// The key is what net/http takes for leave to send again.
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Idempotency-Key": {"k"}},
		Body:   []byte(url.Values{"grant_type": {grant}, "refresh_token": {token}}.Encode())})
	return err
}

func (w *wired) RefreshCredential(ctx context.Context, _ catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	if err := w.post(ctx, "warm up", ""); err != nil {
		return catalog.Credential{}, err
	}
	return catalog.Credential{}, w.post(ctx, "refresh_token", used.RefreshToken.Reveal())
}

// However a refresh fails, the token leaves this process once.
func TestRefreshTokenIsPostedOnce(t *testing.T) {
	t.Parallel()
	for title, wrong := range map[string]func(http.ResponseWriter){
		"the kept connection breaks": hangsUp, "500": answers(500), "502": answers(502), "503": answers(503),
		"401": answers(401), "400": answers(400), "an empty 200": answers(200),
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			server, s := newEndpoint(t, wrong), due(t, 0)
			source := auth.NewSource(account, s, newWired(t, server))
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if _, err := source.Credential(ctx); err == nil {
				t.Error("a credential came")
			}
			if n := server.count(); n != 1 {
				t.Errorf("the refresh token was sent %d times", n)
			}
		})
	}
}

// What the rule above avoids: were one of these to post once, the reasons for
// going round them would be gone.
func TestTheTrapsAreThere(t *testing.T) {
	t.Parallel()
	t.Run("x/oauth2 that detects the style of the secret", func(t *testing.T) {
		t.Parallel()
		for style, want := range map[oauth2.AuthStyle]int{oauth2.AuthStyleAutoDetect: 2, oauth2.AuthStyleInParams: 1} {
			server := newEndpoint(t, answers(500))
			config := oauth2.Config{ClientID: "id", ClientSecret: "secret", Endpoint: oauth2.Endpoint{TokenURL: server.URL, AuthStyle: style}}
			if _, err := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: "r"}).Token(); err == nil || server.count() != want {
				t.Errorf("style %d: sent %d times, want %d", style, server.count(), want)
			}
		}
	})
	t.Run("net/http with an idempotency key", func(t *testing.T) {
		t.Parallel()
		server := newEndpoint(t, hangsUp)
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		for _, grant := range []string{"warm up", "refresh_token"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, bytes.NewReader([]byte("grant_type="+grant)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Idempotency-Key", "k")
			if resp, err := client.Do(r); err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
		}
		if server.count() < 2 {
			t.Errorf("sent %d times", server.count())
		}
	})
}
