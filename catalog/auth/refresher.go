package auth

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Refresher is an adapter whose credentials expire.
type Refresher interface {
	// RefreshCredential asks the platform for the credential that follows
	// used, which is zero when there is none yet and the platform gives
	// credentials to an app by itself. A refresh token that is dead is
	// ErrReauthorize; an answer that was lost after sending is
	// ErrOutcomeUnknown. Where refresh tokens work once only, every error is
	// taken for a lost answer unless it is ErrReauthorize, ErrUnauthorized,
	// ErrForbidden, ErrNotFound, ErrInvalid, ErrConflict, ErrUnsupported,
	// ErrRateLimited or ErrUnavailable: these promise that the refresh token
	// was not used up. What the platform does not send again (Scopes,
	// WebhookSecrets, Key, Secret, TokenSecret, and RefreshToken unless it
	// works once only) may be left zero and is kept from used. It is safe for
	// concurrent use and ends with ctx.
	RefreshCredential(ctx context.Context, account catalog.Account, used catalog.Credential) (catalog.Credential, error)
	// RefreshPolicy says how the platform treats refreshes. It does not
	// change.
	RefreshPolicy() Policy
}

// Policy says how a platform treats refreshes.
type Policy struct {
	// Ahead is how long before its end an access token is replaced; 0 = when
	// it has ended. While the token lives, a failed replacement is tried again
	// after a tenth of Ahead, at most a minute.
	Ahead time.Duration
	// SingleUse says that sending a refresh token twice is punished, so that a
	// refresh of unknown outcome must never be repeated.
	SingleUse bool
	// Timeout bounds one refresh with its retries; 0 = 30 seconds.
	Timeout time.Duration
}

// pause is how long a living token is left alone after an attempt to replace
// it ahead of its end: a platform that is down, or that gives out tokens
// shorter than Ahead, must not be asked for every call.
func (p Policy) pause() time.Duration { return min(p.Ahead/10, time.Minute) }

// call asks the refresher. A panic in it is an error, and neither that nor an
// answer that did not come in time has a kind: nobody knows what happened.
func (s *Source) call(ctx context.Context, used catalog.Credential) (fresh catalog.Credential, err error) {
	defer func() {
		if r := recover(); r != nil {
			fresh, err = catalog.Credential{}, errors.New(panicText(r))
		}
	}()
	fresh, err = s.refresher.RefreshCredential(ctx, s.account.Clone(), used.Clone())
	switch {
	case err == nil && fresh.IsZero():
		return catalog.Credential{}, s.failed(catalog.ErrBadAnswer, "the answer holds no credential")
	case err != nil && ctx.Err() != nil && catalog.KindOf(err) == "":
		return catalog.Credential{}, fmt.Errorf("no answer within %v", s.policy.Timeout)
	}
	return fresh, err
}

// named gives an error of no kind one: it would pass for a refused credential.
func (s *Source) named(err error) error {
	if catalog.KindOf(err) != "" {
		return err
	}
	e := s.failed(catalog.ErrUnavailable, "the refresh failed")
	e.Err = err
	return e
}

// unused reports whether err promises that the refresh token still works, or
// never will.
func unused(err error) bool {
	if errors.Is(err, catalog.ErrOutcomeUnknown) {
		return false
	}
	switch catalog.KindOf(err) {
	case catalog.ErrReauthorize, catalog.ErrUnauthorized, catalog.ErrForbidden, catalog.ErrNotFound, catalog.ErrInvalid,
		catalog.ErrConflict, catalog.ErrUnsupported, catalog.ErrRateLimited, catalog.ErrUnavailable:
		return true
	}
	return false
}

// follow completes a platform's answer with what it does not repeat.
func (p Policy) follow(fresh, used catalog.Credential) catalog.Credential {
	fresh, used = fresh.Clone(), used.Clone()
	if fresh.RefreshToken.IsZero() && !p.SingleUse {
		fresh.RefreshToken, fresh.RefreshExpiresAt = used.RefreshToken, used.RefreshExpiresAt
	}
	for _, part := range []struct{ to, from *catalog.Secret }{{&fresh.Key, &used.Key}, {&fresh.Secret, &used.Secret}, {&fresh.TokenSecret, &used.TokenSecret}} {
		if part.to.IsZero() {
			*part.to = *part.from
		}
	}
	if fresh.Scopes == nil {
		fresh.Scopes = used.Scopes
	}
	if fresh.WebhookSecrets == nil {
		fresh.WebhookSecrets = used.WebhookSecrets
	}
	return fresh
}

// panicText says what panicked and where. Only the runtime's own panics are
// quoted: any other value may hold a secret.
func panicText(value any) string {
	text := fmt.Sprintf("panic with a %T", value)
	if e, ok := value.(runtime.Error); ok {
		text = "panic: " + e.Error()
	}
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for raised := false; ; {
		frame, more := frames.Next()
		internal := strings.HasPrefix(frame.Function, "runtime.")
		if raised && !internal {
			return fmt.Sprintf("%s in %s, line %d", text, frame.Function, frame.Line)
		}
		raised = raised || frame.Function == "runtime.gopanic"
		if !more {
			return text
		}
	}
}
