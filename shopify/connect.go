package shopify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/transport"
)

// Names of the ways a store is connected, for auth.ConnectConfig.Methods.
const (
	// ConnectInstall sends the merchant to Shopify's consent page.
	ConnectInstall = "install"
	// ConnectToken takes the static token of a legacy custom app.
	ConnectToken = "token"
	// ConnectMigrate trades a static token of this app for expiring ones, for
	// good: the static one dies.
	ConnectMigrate = "migrate"
	// ConnectOrganization opens a store of the app's own organisation by client
	// credentials. No merchant is asked, so it is for the host's operators.
	ConnectOrganization = "organization"
)

// ConnectPlan implements auth.Connector. With ClientID there are the consent
// flow with its route "callback", the migration of static tokens, client
// credentials for operators, and the route "session", to which an embedded
// app's pages post a session token as "Authorization: Bearer": it connects the
// token's store, and answers 401 with X-Shopify-Retry-Invalid-Session-Request
// when App Bridge should send a fresh one. Static tokens can always be entered.
func (a *Adapter) ConnectPlan() auth.Plan {
	shop := auth.Field{Name: "shop", Label: "Store address", Placeholder: "acme.myshopify.com", MaxLen: 300,
		Help: "The permanent address that ends in myshopify.com, as in the admin's settings under Domains."}
	token := auth.Field{Name: "token", Label: "Admin API access token", Secret: true, Help: "As the app's page in the store's admin showed it once."}
	plan := auth.Plan{Title: "Shopify"}
	if a.config.ClientID != "" {
		plan.Methods = append(plan.Methods, auth.Method{Name: ConnectInstall, Title: "Install the app", Fields: []auth.Field{shop}, Consent: true,
			Help: "Shopify shows what the app may do and asks for your consent.", Begin: a.beginInstall})
		plan.Routes = []auth.Route{
			{Name: "callback", State: "state", Handle: a.callback},
			{Name: "session", Method: http.MethodPost, Server: true, Handle: a.session},
		}
	}
	plan.Methods = append(plan.Methods, auth.Method{Name: ConnectToken, Title: "Enter a token", Fields: []auth.Field{shop, token},
		Help: "For a custom app that was made in the store's admin.", Begin: a.enterToken})
	if a.config.ClientID != "" {
		plan.Methods = append(plan.Methods,
			auth.Method{Name: ConnectMigrate, Title: "Replace an old token", Fields: []auth.Field{shop, token}, Begin: a.beginMigration,
				Help: "Trades this app's token that never expires for one that is renewed. The old token stops working."},
			auth.Method{Name: ConnectOrganization, Title: "Connect a store of the organisation", Fields: []auth.Field{shop}, Operator: true, Begin: a.beginOrganization,
				Help: "The app has to be installed in a store of its own organisation."})
	}
	return plan
}

// typedShop reads a store as people type it.
func typedShop(text string) (string, error) {
	shop := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(text), "https://"), "/")
	if shop != "" && !strings.Contains(shop, ".") {
		shop += ".myshopify.com"
	}
	return checkShop(shop)
}

// beginInstall sends the merchant to the consent page of the store they typed,
// or of the one the host wants.
// https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
func (a *Adapter) beginInstall(_ context.Context, step auth.Step) (auth.Outcome, error) {
	shop, err := a.chosenShop(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	q := url.Values{"client_id": {a.config.ClientID}, "redirect_uri": {step.URL("callback")}, "state": {step.State}}
	if len(a.config.Scopes) > 0 {
		q.Set("scope", strings.Join(a.config.Scopes, ","))
	}
	consent := url.URL{Scheme: "https", Host: shop, Path: "/admin/oauth/authorize", RawQuery: q.Encode()}
	return auth.Outcome{Redirect: consent.String(), Memory: catalog.NewSecret(shop)}, nil
}

// chosenShop is the shop of a form, refused early when the host wants another.
func (a *Adapter) chosenShop(step auth.Step) (string, error) {
	shop, err := typedShop(step.Fields["shop"])
	if err == nil && step.Store != "" && shop != step.Store {
		err = &catalog.Error{Platform: Platform, Op: "connect store", Kind: catalog.ErrInvalid, Code: "foreign_store", Message: "another store is wanted", Hint: "enter the store this account belongs to: " + step.Store}
	}
	return shop, err
}

// callback takes the code a consent brought, once the query has proved to be
// Shopify's and of the shop the flow began with.
func (a *Adapter) callback(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	const op = "check callback"
	refuse := func(code, message string) (auth.Outcome, error) {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnauthorized, Code: code, Message: message}
	}
	shop, err := checkShop(step.Query.Get("shop"))
	switch {
	case err != nil:
		return refuse("wrong_shop", "the callback names no shop")
	case shop != step.Memory.Reveal():
		return refuse("wrong_shop", "the callback is of another shop than the one the flow began with")
	case step.Query.Get("hmac") == "":
		return refuse("missing_hmac", "the callback is not signed")
	case !a.signedQuery(step.Query):
		return refuse("hmac_mismatch", "no configured secret signed the callback")
	}
	seconds, err := strconv.ParseInt(step.Query.Get("timestamp"), 10, 64)
	if age := step.Received.Sub(time.Unix(seconds, 0)); err != nil || age > callbackAge || age < -callbackAge {
		return refuse("stale", "the callback was signed too long ago, or the clock is wrong")
	}
	code := step.Query.Get("code")
	if code == "" {
		return refuse("missing_code", "the callback brings no code")
	}
	credential, err := a.token(ctx, "exchange code", shop, map[string]string{"code": code, "expiring": "1"})
	if err != nil {
		return auth.Outcome{}, err
	}
	return a.granted(shop, credential), nil
}

// callbackAge is how old a signed callback may be. The state, which works once,
// bounds it in any case.
const callbackAge = 5 * time.Minute

func (a *Adapter) granted(shop string, credential catalog.Credential) auth.Outcome {
	return auth.Outcome{Grant: &auth.Grant{Grant: catalog.Grant{Store: shop, Credential: credential}, Missing: a.missing(credential.Scopes)}}
}

// missing are the scopes that were asked for and not granted. A scope that
// writes also reads.
func (a *Adapter) missing(granted []string) []string {
	var missing []string
	for _, scope := range a.config.Scopes {
		what, reads := strings.CutPrefix(scope, "read_")
		if !slices.Contains(granted, scope) && !(reads && slices.Contains(granted, "write_"+what)) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// signedQuery reports whether one of the app's secrets signed a callback: over
// its parameters in order, each percent-encoded, without the signatures.
func (a *Adapter) signedQuery(q url.Values) bool {
	var parts []string
	for name, values := range q {
		if name != "hmac" && name != "signature" && len(values) > 0 {
			parts = append(parts, percent(name)+"="+percent(values[0]))
		}
	}
	slices.Sort(parts)
	mac, err := hex.DecodeString(q.Get("hmac"))
	if err != nil || len(mac) != sha256.Size {
		return false
	}
	found := false
	for _, secret := range a.clientSecrets() {
		found = !secret.IsZero() && hmac.Equal(mac, sign(secret, []byte(strings.Join(parts, "&")))) || found
	}
	return found
}

// percent encodes blanks as %20, where a form would have "+".
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// enterToken proves a static token by asking what it may do.
func (a *Adapter) enterToken(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	shop, err := a.chosenShop(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	credential := catalog.Credential{AccessToken: catalog.NewSecret(step.Fields["token"])}
	if credential.Scopes, err = a.scopes(ctx, shop, credential); err != nil {
		return auth.Outcome{}, err
	}
	return a.granted(shop, credential), nil
}

func (a *Adapter) beginMigration(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	shop, err := a.chosenShop(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	credential, err := a.MigrateToken(ctx, shop, catalog.NewSecret(step.Fields["token"]))
	if err != nil {
		return auth.Outcome{}, err
	}
	return a.granted(shop, credential), nil
}

func (a *Adapter) beginOrganization(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	shop, err := a.chosenShop(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	credential, err := a.token(ctx, "ask for token", shop, map[string]string{"grant_type": "client_credentials"})
	if err != nil {
		return auth.Outcome{}, err
	}
	return a.granted(shop, credential), nil
}

// scopes asks what a token may do, which proves that it works in the store.
func (a *Adapter) scopes(ctx context.Context, shop string, credential catalog.Credential) ([]string, error) {
	const op = "list granted scopes"
	resp, err := a.http.Do(ctx, &transport.Request{
		Op: op, URL: &url.URL{Scheme: "https", Host: shop, Path: "/admin/oauth/access_scopes.json"}, Header: http.Header{"Accept": {"application/json"}},
		Credential: catalog.StaticCredential(credential), Authorize: authorize,
	})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Scopes []struct {
			Handle string `json:"handle"`
		} `json:"access_scopes"`
	}
	if json.Unmarshal(resp.Body, &answer) != nil || answer.Scopes == nil {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: resp.Status, Message: "the answer lists no scopes"}
	}
	granted := make([]string, len(answer.Scopes))
	for i, s := range answer.Scopes {
		granted[i] = s.Handle
	}
	return granted, nil
}

var _ auth.Connector = (*Adapter)(nil)
