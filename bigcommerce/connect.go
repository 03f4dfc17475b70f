package bigcommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/transport"
)

// Names of the ways a store is connected, for auth.ConnectConfig.Methods.
const (
	// ConnectInstall sends the merchant to BigCommerce's page of the app.
	ConnectInstall = "install"
	// ConnectAccount takes the token of an API account that the merchant made in
	// the control panel.
	ConnectAccount = "account"
)

// loginHost is the only host the client secret is sent to.
const loginHost = "login.bigcommerce.com"

const opConnect = "connect store"

// ConnectPlan implements auth.Connector. With ClientID there is the app: set
// the routes "auth", "load", "uninstall" and "remove_user" in the developer
// portal as its callbacks. BigCommerce begins the installation, also after
// ConnectInstall, and brings no state back: a store that the host wants for one
// of its accounts is confirmed by the merchant, and other stores are claimed
// later, see auth.Lifecycle. Its control panel shows the app in a frame, where
// browsers keep no cookies, so that ConnectConfig.Visit is what a host knows
// its users by. API accounts can always be entered.
func (a *Adapter) ConnectPlan() auth.Plan {
	plan := auth.Plan{Title: "BigCommerce"}
	if a.config.ClientID != "" {
		plan.FrameAncestors = slices.Clone(a.config.FrameAncestors)
		plan.Methods = append(plan.Methods, auth.Method{Name: ConnectInstall, Title: "Install the app", Consent: true, Begin: a.beginInstall,
			Help: "BigCommerce shows what the app may do and asks for your consent."})
		plan.Routes = []auth.Route{
			{Name: "auth", Handle: a.installed},
			{Name: "load", Handle: a.load},
			{Name: "uninstall", Server: true, Handle: a.uninstall},
			{Name: "remove_user", Server: true, Handle: a.removeUser},
		}
	}
	plan.Methods = append(plan.Methods, auth.Method{Name: ConnectAccount, Title: "Enter an API account", Begin: a.enterAccount,
		Help: "Make it in the control panel under Settings, Store-level API accounts. It needs the scope Information & Settings and those of what is to be used.",
		Fields: []auth.Field{
			{Name: "store", Label: "API path or store hash", Placeholder: "https://api.bigcommerce.com/stores/z4zn3wo/v3/", MaxLen: 300},
			{Name: "token", Label: "Access token", Secret: true, MaxLen: 300},
			{Name: "client_secret", Label: "Client secret", Secret: true, Optional: true, MaxLen: 300, Help: "It signs the webhooks this account makes."},
		}})
	return plan
}

// beginInstall leads to the app's page, from where BigCommerce goes on.
// https://developer.bigcommerce.com/docs/integrations/apps/guide/buttons
func (a *Adapter) beginInstall(context.Context, auth.Step) (auth.Outcome, error) {
	page := url.URL{Scheme: "https", Host: loginHost, Path: "/app/" + a.config.ClientID + "/install"}
	return auth.Outcome{Redirect: page.String()}, nil
}

// contextForm is how callbacks name a store.
var contextForm = regexp.MustCompile(`^stores/([a-z0-9]{1,40})$`)

func hashOf(text string) (string, bool) {
	found := contextForm.FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	return found[1], true
}

// installed is the auth callback, of an installation or of new scopes. What
// it brings proves nothing until the code is exchanged.
// https://developer.bigcommerce.com/docs/integrations/apps/guide/auth
func (a *Adapter) installed(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	refuse := func(code, message string) (auth.Outcome, error) {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: "check callback", Kind: catalog.ErrUnauthorized, Code: code, Message: message}
	}
	store, ok := hashOf(step.Query.Get("context"))
	switch {
	case !ok:
		return refuse("wrong_store", "the callback names no store")
	case step.Query.Get("code") == "":
		return refuse("missing_code", "the callback brings no code")
	case step.Query.Get("scope") == "":
		return refuse("missing_scope", "the callback names no scopes")
	}
	credential, err := a.exchange(ctx, store, step.Query.Get("code"), step.Query.Get("scope"), step.URL("auth"))
	if err != nil {
		return auth.Outcome{}, err
	}
	return auth.Outcome{Grant: &auth.Grant{Grant: catalog.Grant{Store: store, Credential: credential}, Missing: a.missing(credential.Scopes)}}, nil
}

// missing are the scopes the app needs and did not get. A scope that writes
// also reads.
func (a *Adapter) missing(granted []string) []string {
	var missing []string
	for _, scope := range a.config.Scopes {
		if !slices.Contains(granted, scope) && !slices.Contains(granted, strings.TrimSuffix(scope, "_read_only")) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// exchange trades a code, which works once, for a token.
func (a *Adapter) exchange(ctx context.Context, store, code, scope, callback string) (catalog.Credential, error) {
	const op = "exchange code"
	failed := func(kind catalog.Kind, message string) (catalog.Credential, error) {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: kind, Message: message}
	}
	secret := a.config.ClientSecret // there is one where there is a ClientID
	body, err := json.Marshal(map[string]string{"client_id": a.config.ClientID, "client_secret": secret.Reveal(), "code": code, "context": "stores/" + store,
		"scope": scope, "grant_type": "authorization_code", "redirect_uri": callback})
	if err != nil {
		return failed(catalog.ErrInvalid, "the code cannot be encoded")
	}
	resp, err := a.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: &url.URL{Scheme: "https", Host: loginHost, Path: "/oauth2/token"},
		Header: http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}, Body: body, Classify: classifyToken,
		// So that an answer which repeats them cannot put them into an error.
		Credential: catalog.StaticCredential(catalog.Credential{Secret: secret, Key: catalog.NewSecret(code)}),
		Authorize:  func(*http.Request, catalog.Credential) error { return nil },
	})
	if err != nil {
		return catalog.Credential{}, err
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		Scope       string `json:"scope"`
		Context     string `json:"context"`
	}
	if json.Unmarshal(resp.Body, &answer) != nil || answer.AccessToken == "" {
		return failed(catalog.ErrBadAnswer, "the answer holds no token")
	}
	if granted, ok := hashOf(answer.Context); !ok || granted != store {
		return failed(catalog.ErrBadAnswer, "the answer is of another store than the callback")
	}
	return catalog.Credential{AccessToken: catalog.NewSecret(answer.AccessToken), Scopes: strings.Fields(answer.Scope)}, nil
}

// classifyToken judges the token endpoint's answers, whose refusals are final.
func classifyToken(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	if resp.Status < 400 || resp.Status >= 500 || v.Outcome == transport.Throttled || transport.IsHTML(resp) {
		return v
	}
	refusal := transport.Verdict{Outcome: transport.Fail, Kind: catalog.ErrUnauthorized, Code: "invalid_code",
		Hint: "have the merchant open the app again; if it always fails, check the client id, the secret, and that the callback is registered as it is"}
	refused(&refusal, resp.Body)
	return refusal
}

// enterAccount proves an API account's token by a call for which it must be of
// this very store.
func (a *Adapter) enterAccount(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	store, err := typedStore(step.Fields["store"])
	switch {
	case err != nil:
		return auth.Outcome{}, err
	case step.Store != "" && step.Store != store:
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: opConnect, Kind: catalog.ErrInvalid, Code: "foreign_store", Message: "another store is wanted",
			Hint: "enter the store this account belongs to: " + step.Store}
	}
	credential := catalog.Credential{AccessToken: catalog.NewSecret(step.Fields["token"])}
	if secret := step.Fields["client_secret"]; secret != "" {
		credential.WebhookSecrets = []catalog.Secret{catalog.NewSecret(secret)}
	}
	engine, err := a.Open(catalog.Account{Store: store}, catalog.StaticCredential(credential))
	if err != nil {
		return auth.Outcome{}, err
	}
	node, err := engine.(*Engine).shop(ctx, "prove token") // as Open makes them
	if err != nil {
		return auth.Outcome{}, err
	}
	if strings.ToLower(node.ID) != store {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: "prove token", Kind: catalog.ErrUnauthorized, Code: "wrong_store", Message: "the store calls itself another one"}
	}
	return auth.Outcome{Grant: &auth.Grant{Grant: catalog.Grant{Store: store, Credential: credential}}}, nil
}

// typedStore reads a store as people paste it: the API path, or a part of it.
func typedStore(text string) (string, error) {
	if _, after, ok := strings.Cut(text, "stores/"); ok {
		text, _, _ = strings.Cut(after, "/")
	}
	return checkStore(opConnect, text)
}

var _ auth.Connector = (*Adapter)(nil)
