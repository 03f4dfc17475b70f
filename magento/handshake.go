package magento

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// beginActivation tells the merchant what to enter in the shop's admin.
// https://developer.adobe.com/commerce/webapi/get-started/create-integration/
func (a *Adapter) beginActivation(_ context.Context, step auth.Step) (auth.Outcome, error) {
	return auth.Outcome{Instructions: &auth.Instructions{
		Title: "Make an integration in the shop's admin",
		Text: []string{
			"In this browser, open the shop's admin and go to System, Extensions, Integrations, Add New Integration.",
			"Give it a name and these two addresses. Under API choose the resources this app needs, Stores among them.",
			"Save it and choose Activate, then Allow. A window of this service opens and closes by itself.",
			"The addresses work once, within an hour. They are a secret until then.",
		},
		Values: []auth.Value{{Label: "Callback URL", Text: step.StateURL(routeActivated)}, {Label: "Identity link URL", Text: step.StateURL(routeIdentity)}},
	}}, nil
}

// activation is what a shop posts when an integration is activated.
type activation struct {
	Store    string `json:"store"`
	Key      string `json:"key"`
	Secret   string `json:"secret"`
	Verifier string `json:"verifier"`
}

// valueForm is the form of keys, tokens and verifiers, with room for longer
// ones than the 32 characters of today.
var valueForm = regexp.MustCompile(`^[A-Za-z0-9]{16,128}$`)

// activated remembers what the shop posts, or somebody in its name: it is not
// signed. Nothing is called yet, since the shop waits five seconds only.
func (a *Adapter) activated(_ context.Context, step auth.Step) (auth.Outcome, error) {
	const op = "take activation"
	at, err := ownShop(step, step.Form.Get("store_base_url"), true)
	if err != nil {
		return auth.Outcome{}, err
	}
	posted := activation{Store: at.String(), Key: step.Form.Get("oauth_consumer_key"), Secret: step.Form.Get("oauth_consumer_secret"), Verifier: step.Form.Get("oauth_verifier")}
	for _, value := range []string{posted.Key, posted.Secret, posted.Verifier} {
		if !valueForm.MatchString(value) {
			return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Code: "malformed", Message: "the body is not what a shop posts"}
		}
	}
	text, err := json.Marshal(posted)
	if err != nil {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the activation cannot be remembered"}
	}
	return auth.Outcome{Memory: catalog.NewSecret(string(text))}, nil
}

// identified is the administrator's browser: the keys are exchanged for an
// access token with the shop they claim to be of, tried there, and the browser
// goes back to it.
func (a *Adapter) identified(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	refuse := func(code, message, hint string) (auth.Outcome, error) {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: "check identity link", Kind: catalog.ErrUnauthorized, Code: code, Message: message, Hint: hint}
	}
	var posted activation
	if json.Unmarshal([]byte(step.Memory.Reveal()), &posted) != nil || posted.Key == "" {
		return refuse("no_keys", "the identity link was opened and the shop has sent no keys", "have the integration activated in the admin, which opens the link by itself; the shop has to reach this service")
	}
	if step.Query.Get("oauth_consumer_key") != posted.Key {
		return refuse("wrong_consumer", "the browser comes from another integration than the one that was activated", "begin again")
	}
	at, err := ownShop(step, posted.Store, true)
	if err != nil {
		return auth.Outcome{}, err
	}
	consumer := catalog.Credential{Key: catalog.NewSecret(posted.Key), Secret: catalog.NewSecret(posted.Secret)}
	requested, err := a.exchange(ctx, at, "request", consumer)
	if err != nil {
		return auth.Outcome{}, err
	}
	granted, err := a.exchange(ctx, at, "access", requested, oauth1.Param{Name: "oauth_verifier", Value: posted.Verifier})
	if err != nil {
		return auth.Outcome{}, err
	}
	out, err := a.prove(ctx, at, granted)
	if err == nil {
		out.Grant.Return = step.Query.Get("success_call_back")
	}
	return out, err
}

// exchange takes a step of the handshake: it returns the credential with the
// token that it brought. It is below the shop's address and not of the API.
func (a *Adapter) exchange(ctx context.Context, at address, kind string, c catalog.Credential, more ...oauth1.Param) (catalog.Credential, error) {
	op := "exchange " + kind + " token"
	address, err := url.Parse(at.String() + "/oauth/token/" + kind)
	if err != nil {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the store is not an address"}
	}
	told := c
	for _, p := range more { // so that an answer which repeats the verifier cannot put it into an error
		told.RefreshToken = catalog.NewSecret(p.Value)
	}
	resp, err := a.http.Do(ctx, &transport.Request{Op: op, Method: http.MethodPost, URL: address, Cost: 1, Budget: a.budgets.Get(at.String()),
		Credential: catalog.StaticCredential(told), Classify: classifyExchange,
		Authorize: func(r *http.Request, c catalog.Credential) error {
			return ProfileRFC.sign(r, c, oauth1.Nonce(), time.Now(), more...)
		}})
	if e, ok := errors.AsType[*catalog.Error](err); ok && e.Kind == catalog.ErrOutcomeUnknown {
		e.Hint = "begin again with a new integration: the shop may take this one for exchanged"
	}
	if err != nil {
		return catalog.Credential{}, err
	}
	answer, err := url.ParseQuery(string(resp.Body))
	token, secret := answer.Get("oauth_token"), answer.Get("oauth_token_secret")
	if err != nil || !valueForm.MatchString(token) || !valueForm.MatchString(secret) {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: resp.Status, Message: "the answer holds no token"}
	}
	c.AccessToken, c.TokenSecret = catalog.NewSecret(token), catalog.NewSecret(secret)
	return c, nil
}

// classifyExchange judges the answers of the token endpoints, whose refusals
// are forms and final.
// https://developer.adobe.com/commerce/webapi/get-started/authentication/oauth-errors/
func classifyExchange(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	if v.Outcome == transport.Accept || transport.IsHTML(resp) {
		return hinted(v, resp.Status)
	}
	refusal, err := url.ParseQuery(string(resp.Body))
	if err != nil || refusal.Get("oauth_problem") == "" {
		return v
	}
	return transport.Verdict{Outcome: transport.Fail, Kind: catalog.ErrUnauthorized, Code: "oauth_problem", Message: refusal.Get("oauth_problem"),
		Hint: "the exchange has to follow the activation within five minutes: have the integration activated again, with addresses of a new flow"}
}
