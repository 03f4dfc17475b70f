package magento

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/transport"
)

// imsHost is Adobe's identity service, the only place the app's secret is sent
// to; imsScopes are what a SaaS store's API asks for.
// https://developer.adobe.com/commerce/webapi/rest/authentication/server-to-server/
const (
	imsHost   = "ims-na1.adobelogin.com"
	imsScopes = "openid,AdobeID,email,profile,additional_info.roles,additional_info.projectedProductContext,commerce.accs"
)

// ClientCredentials is the source of tokens for a SaaS store: the app asks for
// a token that lives a day, and again when it ends. It needs ClientID and
// ClientSecret. All engines should share one.
func (a *Adapter) ClientCredentials(store string) (catalog.CredentialSource, error) {
	at, err := saasStore("open store", store)
	if err != nil {
		return nil, err
	}
	if err := a.needKeys(); err != nil {
		return nil, err
	}
	account := catalog.Account{ID: at.String(), Platform: Platform, Store: at.String()}
	return auth.NewSource(account, &catalog.MemoryCredentials{}, a), nil
}

func (a *Adapter) needKeys() error {
	if a.config.ClientID == "" || a.config.ClientSecret.IsZero() {
		return &catalog.ConfigError{Platform: Platform, Field: "ClientID", Reason: "is empty, or ClientSecret is; asking for tokens needs both"}
	}
	return nil
}

// saasStore checks that an address is Adobe's: the app's token opens the
// stores of a whole organisation and is sent nowhere else.
func saasStore(op, store string) (address, error) {
	at, err := parseAddress(op, store)
	if err == nil && !at.saas {
		err = &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnsupported, Message: "the store is not on Adobe Commerce as a Cloud Service",
			Hint: "create an integration in the shop's admin and use its four values"}
	}
	return at, err
}

// RefreshPolicy implements auth.Refresher. Asking for another token is
// harmless.
func (a *Adapter) RefreshPolicy() auth.Policy { return auth.Policy{Ahead: 5 * time.Minute} }

// RefreshCredential implements auth.Refresher: it asks for a token for a SaaS
// store. An integration's values live until the merchant ends them, which is
// ErrReauthorize.
func (a *Adapter) RefreshCredential(ctx context.Context, account catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	const op = "refresh token"
	if at, err := parseAddress(op, account.Store); err != nil {
		return catalog.Credential{}, err
	} else if !at.saas {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrReauthorize,
			Message: "an integration's values cannot be refreshed, and the shop refused them", Hint: "have the merchant look at the integration in the admin: it must be active"}
	}
	if err := a.needKeys(); err != nil {
		return catalog.Credential{}, err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.config.ClientID}, "client_secret": {a.config.ClientSecret.Reveal()}, "scope": {imsScopes}}
	resp, err := a.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: &url.URL{Scheme: "https", Host: imsHost, Path: "/ims/token/v3"},
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}},
		Body:   []byte(form.Encode()), Idempotent: true, Classify: classifyToken,
		Credential: keysInBody{a.config.ClientSecret}, Authorize: func(*http.Request, catalog.Credential) error { return nil },
	})
	if err != nil {
		return catalog.Credential{}, err
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}
	if _, err := decode(resp.Body, &answer); err != nil || answer.AccessToken == "" || answer.ExpiresIn <= 0 {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: resp.Status,
			Message: "the answer holds no token with an expiry", RequestID: resp.Header.Get("X-Request-Id")}
	}
	lifetime := min(time.Duration(min(answer.ExpiresIn, 1<<31))*time.Second, 30*24*time.Hour)
	return catalog.Credential{AccessToken: catalog.NewSecret(answer.AccessToken), ExpiresAt: resp.Received.Add(lifetime).UTC()}, nil
}

// keysInBody tells the transport the secret that a body holds, so that an
// answer which repeats it cannot put it into an error.
type keysInBody struct{ secret catalog.Secret }

func (k keysInBody) Credential(context.Context) (catalog.Credential, error) {
	return catalog.Credential{Secret: k.secret}, nil
}

func (k keysInBody) Refresh(context.Context, catalog.Credential) (catalog.Credential, error) {
	return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: "refresh token", Kind: catalog.ErrReauthorize, Message: "the app's own keys cannot be refreshed"}
}

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
	return transport.Verdict{Outcome: transport.Fail, Kind: catalog.ErrUnauthorized, Code: refusal.Error, Message: refusal.Description,
		Hint: "check the client id and secret, and that the project has the Adobe Commerce API in the Developer Console"}
}

var _ auth.Refresher = (*Adapter)(nil)
