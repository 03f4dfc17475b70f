package stall

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

// authorize puts the token on one attempt.
func authorize(r *http.Request, c catalog.Credential) error {
	r.Header.Set("Stall-Token", c.AccessToken.Reveal())
	return nil
}

// RefreshPolicy says that tokens are replaced five minutes early, and that a
// refresh may be repeated.
func (a *Adapter) RefreshPolicy() auth.Policy { return auth.Policy{Ahead: 5 * time.Minute} }

// RefreshCredential asks for the access token that follows.
func (a *Adapter) RefreshCredential(ctx context.Context, account catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	const op = "refresh credential"
	store, err := a.CanonicalStore(account.Store)
	if err != nil {
		return catalog.Credential{}, err
	}
	body, err := json.Marshal(map[string]string{"refresh_token": used.RefreshToken.Reveal()})
	if err != nil {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Err: err}
	}
	resp, err := a.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: address(store, "/token", nil), Body: body, Idempotent: true,
		Header: http.Header{"Content-Type": {"application/json"}}, Classify: classifyRefresh,
	})
	if err != nil {
		return catalog.Credential{}, err
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}
	if _, err := transport.Decode(resp.Body, &answer); err != nil || answer.AccessToken == "" || answer.ExpiresIn <= 0 {
		return catalog.Credential{}, badAnswer(op, "the answer holds no token that lives")
	}
	return catalog.Credential{
		AccessToken: catalog.NewSecret(answer.AccessToken), RefreshToken: used.RefreshToken,
		ExpiresAt: time.Now().Add(time.Duration(answer.ExpiresIn) * time.Second).UTC(),
	}, nil
}

// classifyRefresh knows the one refusal that only the merchant can help with.
func classifyRefresh(resp *transport.Response) transport.Verdict {
	v := classify(resp)
	if v.Code == "refresh_token_dead" {
		v.Kind, v.Hint = catalog.ErrReauthorize, "have the merchant connect the stall again"
	}
	return v
}

func address(store, path string, query url.Values) *url.URL {
	return &url.URL{Scheme: "https", Host: store + ".stall.example", Path: "/v1" + path, RawQuery: query.Encode()}
}

var _ auth.Refresher = (*Adapter)(nil)
