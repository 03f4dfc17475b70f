package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

type tokens func() (*oauth2.Token, error)

func (f tokens) Token() (*oauth2.Token, error) { return f() }

func TestFromTokenSource(t *testing.T) {
	inTime(t, func(t *testing.T) {
		n, end := 1, time.Now().Add(life)
		source := auth.FromTokenSource(tokens(func() (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: fmt.Sprint("access-", canary, "-", n), RefreshToken: canary, Expiry: end}, nil
		}))
		got, err := source.Credential(t.Context())
		want(t, got, err, "1")
		if !got.ExpiresAt.Equal(end) || !got.RefreshToken.IsZero() {
			t.Errorf("got %+v", got)
		}
		again, err := source.Refresh(t.Context(), got)
		wantKind(t, again, err, catalog.ErrReauthorize)
		n = 2
		got, err = source.Refresh(t.Context(), got)
		want(t, got, err, "2")
	})
}

func TestTokenSourceFails(t *testing.T) {
	t.Parallel()
	answered := func(status int, code string) error {
		return &oauth2.RetrieveError{Response: &http.Response{StatusCode: status}, Body: []byte(canary), ErrorCode: code, ErrorDescription: canary}
	}
	for title, c := range map[string]struct {
		token *oauth2.Token
		err   error
		want  error
	}{
		"dead refresh token": {err: answered(400, "invalid_grant"), want: catalog.ErrReauthorize},
		"wrong keys":         {err: fmt.Errorf("wrapped: %w", answered(401, "invalid_client")), want: catalog.ErrUnauthorized},
		"throttled":          {err: answered(429, ""), want: catalog.ErrRateLimited},
		"server down":        {err: answered(503, ""), want: catalog.ErrUnavailable},
		"echo as code":       {err: answered(400, canary), want: catalog.ErrUnauthorized},
		"no answer":          {err: &oauth2.RetrieveError{Body: []byte(canary)}, want: catalog.ErrUnauthorized},
		"network":            {err: &url.Error{Op: "Post", URL: "https://x/?" + canary, Err: &net.OpError{Op: "dial", Err: errDown}}, want: catalog.ErrUnavailable},
		"timeout":            {err: context.DeadlineExceeded, want: catalog.ErrUnavailable},
		"anything else":      {err: errors.New(canary), want: catalog.ErrUnauthorized},
		"nil token":          {want: catalog.ErrUnauthorized},
		"empty token":        {token: &oauth2.Token{RefreshToken: canary}, want: catalog.ErrUnauthorized},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			source := auth.FromTokenSource(tokens(func() (*oauth2.Token, error) { return c.token, c.err }))
			got, err := source.Credential(t.Context())
			wantKind(t, got, err, c.want)
			got, err = source.Refresh(t.Context(), pair("0", 0))
			wantKind(t, got, err, c.want)
			if dead := c.want == catalog.ErrReauthorize; errors.Is(err, catalog.ErrReauthorize) != dead {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestHangingTokenSource(t *testing.T) {
	inTime(t, func(t *testing.T) {
		var asked atomic.Int32
		release := make(chan struct{})
		source := auth.FromTokenSource(tokens(func() (*oauth2.Token, error) {
			asked.Add(1)
			<-release
			return &oauth2.Token{AccessToken: "access-" + canary + "-1"}, nil
		}))
		many(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			got, err := source.Credential(ctx)
			wantKind(t, got, err, context.DeadlineExceeded)
		})
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		got, err := source.Credential(ended)
		wantKind(t, got, err, context.Canceled)
		if n := asked.Load(); n != 1 {
			t.Errorf("%d goroutines hang in the source", n)
		}
		close(release)
		synctest.Wait()
		got, err = source.Credential(t.Context())
		want(t, got, err, "1")
	})
}

func TestPanickingTokenSource(t *testing.T) {
	inTime(t, func(t *testing.T) {
		source := auth.FromTokenSource(tokens(func() (*oauth2.Token, error) { panic(canary) }))
		many(func() {
			got, err := source.Credential(t.Context())
			wantKind(t, got, err, catalog.ErrUnavailable)
		})
	})
}
