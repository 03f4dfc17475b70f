package auth

import (
	"context"

	"golang.org/x/oauth2"

	"github.com/soukhq/souk/catalog"
)

// FromTokenSource lets a host's own golang.org/x/oauth2 token source authorise
// an engine. The source is asked for every attempt, so wrap it in
// oauth2.ReuseTokenSource. A refused token cannot be refreshed through it:
// that is ErrReauthorize, unless the source has another token by then.
func FromTokenSource(source oauth2.TokenSource) catalog.CredentialSource { return tokenSource{source} }

type tokenSource struct{ source oauth2.TokenSource }

// Credential implements catalog.CredentialSource. x/oauth2 takes no context,
// so the token is fetched aside and ctx ends the wait.
func (t tokenSource) Credential(ctx context.Context) (catalog.Credential, error) {
	type result struct {
		token *oauth2.Token
		err   error
	}
	done := make(chan result, 1)
	go func() {
		token, err := t.source.Token()
		done <- result{token, err}
	}()
	select {
	case <-ctx.Done():
		return catalog.Credential{}, ctx.Err()
	case r := <-done:
		if r.err != nil {
			// The library's error repeats the answer's body, which may hold a
			// token; only its code is safe to show.
			e := &catalog.Error{Op: "credential", Kind: catalog.ErrUnauthorized, Message: "the token source failed"}
			if re, ok := r.err.(*oauth2.RetrieveError); ok {
				e.Code = re.ErrorCode
			}
			return catalog.Credential{}, e
		}
		return catalog.Credential{AccessToken: catalog.NewSecret(r.token.AccessToken), ExpiresAt: r.token.Expiry}, nil
	}
}

// Refresh implements catalog.CredentialSource.
func (t tokenSource) Refresh(ctx context.Context, used catalog.Credential) (catalog.Credential, error) {
	c, err := t.Credential(ctx)
	if err == nil && c.Same(used) {
		err = &catalog.Error{Op: "refresh credential", Kind: catalog.ErrReauthorize, Message: "the platform refused the token and its source has no other", Hint: "have the merchant connect the store again"}
		c = catalog.Credential{}
	}
	return c, err
}
