package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Credential is what one store's calls are authorised with. Which fields are
// set depends on the platform: AccessToken alone for a bearer token; Key and
// Secret for a WooCommerce key pair; all four of Key, Secret, AccessToken and
// TokenSecret for OAuth 1.0a. The zero value authorises nothing. A Credential
// is plain data; copies share Scopes, a Clone shares nothing that can change.
type Credential struct {
	// AccessToken is a bearer token or the OAuth 1.0a access token.
	AccessToken Secret
	// RefreshToken buys the next AccessToken where the platform has refresh.
	RefreshToken Secret
	// Key is the consumer key of a key pair or of OAuth 1.0a.
	Key Secret
	// Secret is the consumer secret that belongs to Key.
	Secret Secret
	// TokenSecret is the OAuth 1.0a token secret.
	TokenSecret Secret
	// ExpiresAt is when AccessToken dies; zero when it does not by itself.
	ExpiresAt time.Time
	// RefreshExpiresAt is when RefreshToken dies; zero when unknown or never.
	RefreshExpiresAt time.Time
	// WebhookSecrets sign this store's webhooks, newest first, on platforms
	// where they belong to the store and not to the app.
	WebhookSecrets []Secret
	// Scopes are the permissions that were granted, as the platform names
	// them; nil when unknown.
	Scopes []string
}

// IsZero reports whether the credential holds no secret at all.
func (c Credential) IsZero() bool {
	return c.AccessToken.IsZero() && c.RefreshToken.IsZero() && c.Key.IsZero() && c.Secret.IsZero() && c.TokenSecret.IsZero()
}

// Expired reports whether AccessToken is dead at now, or will be within
// margin. A credential without ExpiresAt never is.
func (c Credential) Expired(now time.Time, margin time.Duration) bool {
	return !c.ExpiresAt.IsZero() && !now.Add(margin).Before(c.ExpiresAt)
}

// Same reports whether two credentials hold the same secrets, which is how a
// source sees that a refused credential was replaced meanwhile.
func (c Credential) Same(other Credential) bool {
	return c.AccessToken.Equal(other.AccessToken) && c.RefreshToken.Equal(other.RefreshToken) &&
		c.Key.Equal(other.Key) && c.Secret.Equal(other.Secret) && c.TokenSecret.Equal(other.TokenSecret)
}

// Clone returns a copy whose Scopes are its own.
func (c Credential) Clone() Credential {
	c.Scopes, c.WebhookSecrets = slices.Clone(c.Scopes), slices.Clone(c.WebhookSecrets)
	return c
}

// Fingerprint names a secret without revealing it: the first 16 hex digits of
// its SHA-256. It tells apart tokens in logs and refresh intents.
func Fingerprint(s Secret) string {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:8])
}

// CredentialSource gives an engine the credential for each attempt. It is the
// seam between token handling and clients. Implementations are safe for
// concurrent use.
type CredentialSource interface {
	// Credential returns the credential to use now. It is called before every
	// attempt, after the attempt's wait for the rate budget, so it should be
	// quick when nothing has expired; it may refresh ahead of expiry. It
	// returns an ErrReauthorize error when the store must be connected again,
	// and ctx's error when ctx ends first.
	Credential(ctx context.Context) (Credential, error)
	// Refresh is called once after the platform refused used with a 401 that
	// a new token can cure. When a newer credential exists already it returns
	// that without asking the platform. A source that cannot refresh returns
	// an ErrUnauthorized or ErrReauthorize error. A lost answer to a
	// single-use refresh gives ErrOutcomeUnknown.
	Refresh(ctx context.Context, used Credential) (Credential, error)
}

// StaticToken is a source for a token that does not expire, such as a legacy
// Shopify custom app's or a BigCommerce API account's. An empty token is
// refused at the first call.
func StaticToken(token string) CredentialSource {
	return StaticCredential(Credential{AccessToken: NewSecret(token)})
}

// StaticCredential is a source for a credential that never changes. Its
// Refresh fails with ErrReauthorize, since a refused static credential is
// dead.
func StaticCredential(c Credential) CredentialSource { return staticSource{c.Clone()} }

type staticSource struct{ credential Credential }

func (s staticSource) Credential(ctx context.Context) (Credential, error) {
	if err := ctx.Err(); err != nil {
		return Credential{}, err
	}
	if s.credential.IsZero() {
		return Credential{}, &Error{Op: "credential", Kind: ErrUnauthorized, Message: "the credential is empty", Hint: "pass the store's token or key pair"}
	}
	return s.credential.Clone(), nil
}

func (s staticSource) Refresh(context.Context, Credential) (Credential, error) {
	return Credential{}, &Error{Op: "refresh credential", Kind: ErrReauthorize, Message: "the platform refused a credential that cannot be refreshed", Hint: "connect the store again or enter a new token"}
}
