package magento

import (
	"context"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// Names of the ways a store is connected, for auth.ConnectConfig.Methods.
const (
	// ConnectActivate has the merchant make an integration with addresses of
	// this flow; activating it sends the keys.
	ConnectActivate = "activate"
	// ConnectKeys takes the four values of an integration.
	ConnectKeys = "keys"
	// ConnectToken takes an integration's access token alone, for shops that
	// allow it as a bearer token.
	ConnectToken = "token"
	// ConnectOrganization opens a SaaS store of the app's organisation by client
	// credentials. No merchant is asked, so it is for the host's operators.
	ConnectOrganization = "organization"
)

// The routes of an activation.
const (
	routeActivated = "activated"
	routeIdentity  = "identity"
)

const opConnect = "connect store"

// ConnectPlan implements auth.Connector. While an integration is activated, the
// shop posts its keys to the route "activated" and then opens "identity" in the
// administrator's browser; both addresses are made for one flow, which may take
// an hour. An integration's values never expire; once it is deleted, calls are
// ErrReauthorize. With ClientID there are SaaS stores by client credentials,
// for operators.
func (a *Adapter) ConnectPlan() auth.Plan {
	store := auth.Field{Name: "store", Label: "Store address", Placeholder: "https://shop.example.com", MaxLen: 500,
		Help: "The shop's base address, with its folder if it has one, and with /index.php if its addresses have that."}
	secret := func(name, label string) auth.Field {
		return auth.Field{Name: name, Label: label, Secret: true, MaxLen: 200}
	}
	plan := auth.Plan{
		Title: "Magento",
		Methods: []auth.Method{
			{Name: ConnectActivate, Title: "Activate an integration", Lifetime: time.Hour, Begin: a.beginActivation,
				Help: "You make an integration in the shop's admin; activating it connects the store."},
			{Name: ConnectKeys, Title: "Enter an integration's values", Begin: a.enterKeys,
				Help: "The admin shows them when an integration without a callback is activated: System, Extensions, Integrations.",
				Fields: []auth.Field{store, secret("consumer_key", "Consumer key"), secret("consumer_secret", "Consumer secret"),
					secret("access_token", "Access token"), secret("token_secret", "Access token secret")}},
			{Name: ConnectToken, Title: "Enter an access token", Begin: a.enterToken, Fields: []auth.Field{store, secret("access_token", "Access token")},
				Help: "Only for shops whose configuration allows OAuth access tokens to be used as standalone bearer tokens."},
		},
		Routes: []auth.Route{
			{Name: routeActivated, Method: http.MethodPost, State: "state", Server: true, Handle: a.activated},
			{Name: routeIdentity, State: "state", Handle: a.identified},
		},
	}
	if a.config.ClientID != "" && !a.config.ClientSecret.IsZero() {
		tenant := auth.Field{Name: "store", Label: "Store address", Placeholder: "https://na1" + saasDomain + "/tenant", MaxLen: 500}
		plan.Methods = append(plan.Methods, auth.Method{Name: ConnectOrganization, Title: "Connect a store of the organisation", Operator: true,
			Fields: []auth.Field{tenant}, Begin: a.beginOrganization,
			Help: "For Adobe Commerce as a Cloud Service: the app's project has to have access to the tenant."})
	}
	return plan
}

// ownShop checks that an address is a shop's of its own, and the one the host
// wants. What is sent or comes in clear has to be protected by TLS.
func ownShop(step auth.Step, text string, tls bool) (address, error) {
	at, err := parseAddress(opConnect, text)
	if err != nil {
		return at, err
	}
	refuse := func(code, message, hint string) (address, error) {
		return address{}, &catalog.Error{Platform: Platform, Op: opConnect, Kind: catalog.ErrInvalid, Code: code, Message: message, Hint: hint}
	}
	switch {
	case at.saas:
		return refuse("saas", "the store is on Adobe Commerce as a Cloud Service, which has no integrations", "ask the operator of this service to connect it by client credentials")
	case tls && at.scheme != "https":
		return refuse("plain_http", "the store's address is not https", "use the shop's https address; secrets are not sent without TLS")
	}
	return at, wanted(step, at)
}

// wanted refuses early a store other than the host's.
func wanted(step auth.Step, at address) error {
	if step.Store == "" || step.Store == at.String() {
		return nil
	}
	return &catalog.Error{Platform: Platform, Op: opConnect, Kind: catalog.ErrInvalid, Code: "foreign_store", Message: "another store is wanted",
		Hint: "enter the store this account belongs to: " + step.Store}
}

// entered reads values of an integration that were typed.
func entered(step auth.Step, names ...string) (values []catalog.Secret, err error) {
	for _, name := range names {
		if !valueForm.MatchString(step.Fields[name]) {
			return nil, &catalog.Error{Platform: Platform, Op: opConnect, Kind: catalog.ErrInvalid, Code: "malformed", Message: "what was entered is not an integration's value",
				Hint: "copy the values as the integration's page in the admin shows them: letters and digits alone"}
		}
		values = append(values, catalog.NewSecret(step.Fields[name]))
	}
	return values, nil
}

func (a *Adapter) enterKeys(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	at, err := ownShop(step, step.Fields["store"], false) // signing sends no secret
	if err != nil {
		return auth.Outcome{}, err
	}
	v, err := entered(step, "consumer_key", "consumer_secret", "access_token", "token_secret")
	if err != nil {
		return auth.Outcome{}, err
	}
	return a.prove(ctx, at, catalog.Credential{Key: v[0], Secret: v[1], AccessToken: v[2], TokenSecret: v[3]})
}

func (a *Adapter) enterToken(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	at, err := ownShop(step, step.Fields["store"], true)
	if err != nil {
		return auth.Outcome{}, err
	}
	v, err := entered(step, "access_token")
	if err != nil {
		return auth.Outcome{}, err
	}
	return a.prove(ctx, at, catalog.Credential{AccessToken: v[0]})
}

// beginOrganization asks for the app's own token, and tries it on the tenant.
func (a *Adapter) beginOrganization(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	at, err := saasStore(opConnect, step.Fields["store"])
	if err == nil {
		err = wanted(step, at)
	}
	if err != nil {
		return auth.Outcome{}, err
	}
	credential, err := a.RefreshCredential(ctx, catalog.Account{Platform: Platform, Store: at.String()}, catalog.Credential{})
	if err != nil {
		return auth.Outcome{}, err
	}
	return a.prove(ctx, at, credential)
}

// prove calls the store with a credential. One that is accepted and may not
// read the store's configuration works all the same: what it lacks is told.
func (a *Adapter) prove(ctx context.Context, at address, credential catalog.Credential) (auth.Outcome, error) {
	engine, err := a.Open(catalog.Account{Store: at.String()}, catalog.StaticCredential(credential))
	if err != nil {
		return auth.Outcome{}, err
	}
	grant := auth.Grant{Grant: catalog.Grant{Store: at.String(), Credential: credential}}
	_, err = engine.(*Engine).readView(ctx, call{op: "prove keys"}) // as Open makes them
	if e, ok := err.(*catalog.Error); ok && e.Kind == catalog.ErrForbidden && e.Code == resourceStore {
		grant.Missing, err = []string{resourceStore}, nil
	}
	if err != nil {
		return auth.Outcome{}, err
	}
	return auth.Outcome{Grant: &grant}, nil
}

// resourceStore is the permission to read the store's configuration.
const resourceStore = "Magento_Backend::store"

var _ auth.Connector = (*Adapter)(nil)
