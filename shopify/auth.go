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
	"github.com/soukhq/souk/catalog/transport"
)

// ClientCredentials is the source of tokens for a store of the app's own
// organisation: the app asks for a token that lives a day, and again when it
// ends. It needs ClientID and ClientSecret. All engines should share one.
// https://shopify.dev/docs/apps/build/authentication-authorization/client-credentials-grant
func (a *Adapter) ClientCredentials(store string) (catalog.CredentialSource, error) {
	shop, err := checkShop(store)
	if err != nil {
		return nil, err
	}
	if err := a.needKeys(); err != nil {
		return nil, err
	}
	account := catalog.Account{ID: shop, Platform: Platform, Store: shop}
	return auth.NewSource(account, &catalog.MemoryCredentials{}, a), nil
}

func (a *Adapter) needKeys() error {
	if a.config.ClientID == "" {
		return &catalog.ConfigError{Platform: Platform, Field: "ClientID", Reason: "is empty; asking for tokens needs the app's client id and secret"}
	}
	return nil
}

// RefreshPolicy implements auth.Refresher. A refresh token may be sent again
// when the answer was lost: it stays valid until the new pair is used.
// https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
func (a *Adapter) RefreshPolicy() auth.Policy { return auth.Policy{Ahead: 5 * time.Minute} }

// RefreshCredential implements auth.Refresher: with a refresh token it gets
// the next pair, without one a token by client credentials.
func (a *Adapter) RefreshCredential(ctx context.Context, account catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	if err := a.needKeys(); err != nil {
		return catalog.Credential{}, err
	}
	grant := map[string]string{"grant_type": "client_credentials"}
	if !used.RefreshToken.IsZero() {
		grant = map[string]string{"grant_type": "refresh_token", "refresh_token": used.RefreshToken.Reveal()}
	} else if !used.AccessToken.IsZero() && used.ExpiresAt.IsZero() {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: "refresh token", Kind: catalog.ErrReauthorize,
			Message: "the token does not expire and cannot be refreshed, and Shopify refused it", Hint: "have the merchant connect the store again"}
	}
	return a.token(ctx, "refresh token", account.Store, grant)
}

// tokenAnswer is the token endpoint's answer to every grant.
type tokenAnswer struct {
	AccessToken           string `json:"access_token"`
	Scope                 string `json:"scope"`
	ExpiresIn             int64  `json:"expires_in"`
	RefreshToken          string `json:"refresh_token"`
	RefreshTokenExpiresIn int64  `json:"refresh_token_expires_in"`
}

// token posts a grant. Asking again is harmless for all but a code, which works
// once, so a lost answer is asked for again.
func (a *Adapter) token(ctx context.Context, op, store string, grant map[string]string) (catalog.Credential, error) {
	shop, err := checkShop(store)
	if err != nil {
		return catalog.Credential{}, err
	}
	grant["client_id"], grant["client_secret"] = a.config.ClientID, a.config.ClientSecret.Reveal()
	body, err := json.Marshal(grant)
	if err != nil {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the grant cannot be encoded"}
	}
	resp, err := a.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: &url.URL{Scheme: "https", Host: shop, Path: "/admin/oauth/access_token"},
		Header: jsonHeader, Body: body, Idempotent: grant["code"] == "", Classify: classifyToken,
		Credential: grantSecrets{Secret: a.config.ClientSecret, RefreshToken: catalog.NewSecret(grant["refresh_token"]),
			AccessToken: catalog.NewSecret(grant["subject_token"]), Key: catalog.NewSecret(grant["code"])}, Authorize: inBody,
	})
	if err != nil {
		return catalog.Credential{}, err
	}
	var answer tokenAnswer
	if json.Unmarshal(resp.Body, &answer) != nil || answer.AccessToken == "" || answer.ExpiresIn <= 0 {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: resp.Status,
			Message: "the answer holds no token with an expiry", RequestID: resp.Header.Get("X-Request-Id")}
	}
	c := catalog.Credential{
		AccessToken: catalog.NewSecret(answer.AccessToken), RefreshToken: catalog.NewSecret(answer.RefreshToken),
		ExpiresAt: resp.Received.Add(time.Duration(answer.ExpiresIn) * time.Second).UTC(),
	}
	if answer.RefreshTokenExpiresIn > 0 {
		c.RefreshExpiresAt = resp.Received.Add(time.Duration(answer.RefreshTokenExpiresIn) * time.Second).UTC()
	}
	if answer.Scope != "" {
		c.Scopes = strings.Split(answer.Scope, ",")
	}
	return c, nil
}

// grantSecrets tells the transport what a grant's body holds, so that an answer
// which repeats it cannot put it into an error.
type grantSecrets catalog.Credential

func (g grantSecrets) Credential(context.Context) (catalog.Credential, error) {
	return catalog.Credential(g), nil
}

func (g grantSecrets) Refresh(context.Context, catalog.Credential) (catalog.Credential, error) {
	return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: "refresh token", Kind: catalog.ErrReauthorize, Message: "the app's own keys cannot be refreshed"}
}

// inBody authorizes a request that carries its credential in its body.
func inBody(*http.Request, catalog.Credential) error { return nil }

// classifyToken judges the token endpoint's answers, whose refusals are final.
func classifyToken(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	if resp.Status != http.StatusBadRequest && resp.Status != http.StatusUnauthorized {
		return v
	}
	var refusal struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(resp.Body, &refusal) // a refusal without words is one all the same
	v = transport.Verdict{Outcome: transport.Fail, Kind: catalog.ErrReauthorize, Code: refusal.Error, Message: refusal.Description,
		Hint: "have the merchant connect the store again"}
	switch refusal.Error {
	case "shop_not_permitted":
		v.Kind, v.Hint = catalog.ErrForbidden, "client credentials work only for stores of the app's own organisation"
	case "app_not_installed":
		v.Hint = "install the app in the store first"
	case "invalid_client", "application_cannot_be_found":
		v.Kind, v.Hint = catalog.ErrUnauthorized, "check the client id and secret"
	}
	return v
}

var _ auth.Refresher = (*Adapter)(nil)
