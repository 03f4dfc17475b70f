package shopify

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

const (
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeSession   = "urn:ietf:params:oauth:token-type:id_token"
	typeOffline   = "urn:shopify:params:oauth:token-type:offline-access-token"
)

// Session is who opened an embedded app, as Shopify signed it.
type Session struct {
	// Shop is the store's myshopify.com domain.
	Shop string
	// User is the id of the member of staff.
	User string
	// ExpiresAt is about a minute after it was made.
	ExpiresAt time.Time
}

// VerifySession checks a session token that App Bridge gave to the app's pages.
// One that does not hold is ErrUnauthorized: answer 401 with the header
// X-Shopify-Retry-Invalid-Session-Request: 1.
// https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens
func (a *Adapter) VerifySession(token string, now time.Time) (Session, error) {
	if err := a.needKeys(); err != nil {
		return Session{}, err
	}
	kit := auth.JWT{Secrets: a.clientSecrets(), Audience: a.config.ClientID, Leeway: 10 * time.Second}
	claims, err := kit.Verify(token, now)
	if err != nil {
		return Session{}, err
	}
	refuse := func(message string) (Session, error) {
		return Session{}, &catalog.Error{Platform: Platform, Op: "verify session token", Kind: catalog.ErrUnauthorized, Code: "wrong_shop", Message: message}
	}
	var own struct {
		Destination string `json:"dest"`
	}
	if json.Unmarshal(claims.Raw, &own) != nil {
		return refuse("the token names no shop")
	}
	shop, ok := hostOf(own.Destination)
	if !ok {
		return refuse("the token names no shop")
	}
	if issuer, ok := hostOf(claims.Issuer); !ok || issuer != shop {
		return refuse("the token was issued by another shop than the one it is for")
	}
	return Session{Shop: shop, User: claims.Subject, ExpiresAt: claims.ExpiresAt}, nil
}

// hostOf is the shop of an address such as https://acme.myshopify.com/admin.
func hostOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil {
		return "", false
	}
	shop, err := checkShop(u.Host)
	return shop, err == nil
}

// ExchangeSession trades a session token, which it verifies, for the store's
// expiring token. A store that has one already loses its refresh token, so do
// it only when there is none that works.
// https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
func (a *Adapter) ExchangeSession(ctx context.Context, token string) (catalog.Grant, error) {
	session, err := a.VerifySession(token, time.Now())
	if err != nil {
		return catalog.Grant{}, err
	}
	credential, err := a.token(ctx, "exchange session token", session.Shop, map[string]string{"grant_type": grantExchange,
		"subject_token": token, "subject_token_type": typeSession, "requested_token_type": typeOffline, "expiring": "1"})
	return catalog.Grant{Store: session.Shop, Credential: credential}, err
}

// MigrateToken trades a token of this app that never expires for one that does.
// It cannot be undone: the old token dies. When the answer is lost, the same
// call gives the same tokens for a week.
// https://shopify.dev/docs/apps/build/authentication-authorization/migrate-to-expiring-offline-access-tokens
func (a *Adapter) MigrateToken(ctx context.Context, store string, static catalog.Secret) (catalog.Credential, error) {
	if err := a.needKeys(); err != nil {
		return catalog.Credential{}, err
	}
	if static.IsZero() {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: "migrate token", Kind: catalog.ErrInvalid, Message: "there is no token"}
	}
	return a.token(ctx, "migrate token", store, map[string]string{"grant_type": grantExchange,
		"subject_token": static.Reveal(), "subject_token_type": typeOffline, "requested_token_type": typeOffline, "expiring": "1"})
}

// session connects the store whose staff opened the embedded app.
func (a *Adapter) session(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	again := auth.Outcome{Reply: &catalog.Reply{Status: http.StatusUnauthorized, Header: http.Header{"X-Shopify-Retry-Invalid-Session-Request": {"1"}}}}
	token, ok := strings.CutPrefix(step.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return again, &catalog.Error{Platform: Platform, Op: "verify session token", Kind: catalog.ErrUnauthorized, Code: "missing_token", Message: "there is no session token", Hint: "send it as Authorization: Bearer"}
	}
	session, err := a.VerifySession(token, step.Received)
	if err != nil {
		return again, err
	}
	done := &catalog.Reply{Header: jsonHeader.Clone(), Body: []byte(`{"connected":true}` + "\n")}
	done.Header.Del("Accept")
	if _, err = step.Known(ctx, session.Shop); err == nil {
		return auth.Outcome{Reply: done}, nil
	}
	if catalog.KindOf(err) != catalog.ErrNotFound {
		return auth.Outcome{}, err
	}
	grant, err := a.ExchangeSession(ctx, token)
	if err != nil {
		if catalog.KindOf(err) == catalog.ErrReauthorize { // refused, which means that it ended meanwhile
			return again, err
		}
		return auth.Outcome{}, err
	}
	out := a.granted(grant.Store, grant.Credential)
	out.Reply = done
	return out, nil
}
