package auth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"

	"golang.org/x/oauth2"

	"github.com/soukhq/souk/catalog"
)

// FromTokenSource lets a host's own golang.org/x/oauth2 token source authorise
// an engine. The source is asked for every attempt, by one goroutine at a
// time, so wrap it in oauth2.ReuseTokenSource. A refused token cannot be
// refreshed through it: that is ErrReauthorize, unless the source has another
// token by then.
func FromTokenSource(source oauth2.TokenSource) catalog.CredentialSource {
	return &tokenSource{source: source}
}

type tokenSource struct {
	source oauth2.TokenSource
	mu     sync.Mutex
	asked  *tokenCall // the question under way
}

type tokenCall struct {
	done  chan struct{}
	token catalog.Credential
	err   error
}

// Credential implements catalog.CredentialSource. x/oauth2 takes no context,
// so the token is fetched aside, once for all who wait, and ctx ends the wait.
func (t *tokenSource) Credential(ctx context.Context) (catalog.Credential, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Credential{}, err
	}
	t.mu.Lock()
	call := t.asked
	if call == nil {
		call = &tokenCall{done: make(chan struct{})}
		t.asked = call
		go t.ask(call)
	}
	t.mu.Unlock()
	select {
	case <-ctx.Done():
		return catalog.Credential{}, ctx.Err()
	case <-call.done:
		return call.token, call.err
	}
}

func (t *tokenSource) ask(call *tokenCall) {
	call.err = &catalog.Error{Op: "credential", Kind: catalog.ErrUnavailable, Message: "the token source gave no answer"}
	defer func() {
		if r := recover(); r != nil {
			call.err = &catalog.Error{Op: "credential", Kind: catalog.ErrUnavailable, Message: "the token source failed: " + panicText(r)}
		}
		t.mu.Lock()
		t.asked = nil
		t.mu.Unlock()
		close(call.done)
	}()
	token, err := t.source.Token()
	switch {
	case err != nil:
		call.err = tokenError(err)
	case token == nil || token.AccessToken == "":
		call.err = &catalog.Error{Op: "credential", Kind: catalog.ErrUnauthorized, Message: "the token source gave an empty token"}
	default:
		call.token, call.err = catalog.Credential{AccessToken: catalog.NewSecret(token.AccessToken), ExpiresAt: token.Expiry}, nil
	}
}

// tokenError hides the library's error, which repeats the answer's body and
// with it perhaps a token: only its code, if it is one of the standard's, is
// safe to show.
func tokenError(err error) error {
	e := &catalog.Error{Op: "credential", Kind: catalog.ErrUnauthorized, Message: "the token source failed"}
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		if answer.Response != nil {
			e.Status = answer.Response.StatusCode
		}
		switch answer.ErrorCode {
		case "invalid_grant":
			e.Kind, e.Hint = catalog.ErrReauthorize, "have the merchant connect the store again"
			fallthrough
		case "invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope":
			e.Code = answer.ErrorCode
		default:
			switch {
			case e.Status == http.StatusTooManyRequests:
				e.Kind = catalog.ErrRateLimited
			case e.Status >= 500:
				e.Kind = catalog.ErrUnavailable
			}
		}
		return e
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		e.Kind, e.Message = catalog.ErrUnavailable, "the token source could not reach its server"
	}
	return e
}

// Refresh implements catalog.CredentialSource.
func (t *tokenSource) Refresh(ctx context.Context, used catalog.Credential) (catalog.Credential, error) {
	c, err := t.Credential(ctx)
	if err == nil && c.Same(used) {
		err = &catalog.Error{Op: "refresh credential", Kind: catalog.ErrReauthorize, Message: "the platform refused the token and its source has no other", Hint: "have the merchant connect the store again"}
		c = catalog.Credential{}
	}
	return c, err
}

var _ catalog.CredentialSource = (*tokenSource)(nil)
