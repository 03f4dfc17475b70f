package woocommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// Names of the ways a store is connected, for auth.ConnectConfig.Methods.
const (
	// ConnectGrant sends the merchant to the store's own page, where a click
	// makes a key pair for the app.
	ConnectGrant = "grant"
	// ConnectKeys takes a key pair that the merchant made in the admin.
	ConnectKeys = "keys"
)

// The routes of the flow that grants keys.
const (
	routeGranted = "granted"
	routeReturn  = "return"
)

// Permissions are what a granted key may do.
type Permissions string

// The permissions a key can have that reads.
const (
	PermissionsReadWrite Permissions = "read_write"
	PermissionsRead      Permissions = "read"
)

// ConnectPlan implements auth.Connector. The store posts the keys it grants to
// the route "granted", unsigned and without saying which store it is: they are
// kept only once that very store has taken them. The browser then comes back by
// "return". Stores post to public https addresses only. Keys never expire and
// cannot be taken back over the API; once the merchant has, calls are
// ErrReauthorize.
func (a *Adapter) ConnectPlan() auth.Plan {
	store := auth.Field{Name: "store", Label: "Store address", Placeholder: "https://shop.example", MaxLen: 500,
		Help: "The address shoppers see, with its folder if it has one."}
	return auth.Plan{
		Title: "WooCommerce",
		Methods: []auth.Method{
			{Name: ConnectGrant, Title: "Approve in the store", Fields: []auth.Field{store}, Consent: true, Begin: a.beginGrant,
				Help: "The store asks an administrator to log in and to approve, and makes keys for this app."},
			{Name: ConnectKeys, Title: "Enter keys", Begin: a.enterKeys,
				Help: "Make them in the store's admin under WooCommerce, Settings, Advanced, REST API.",
				Fields: []auth.Field{store,
					{Name: "key", Label: "Consumer key", Placeholder: "ck_...", Secret: true, MaxLen: 200},
					{Name: "secret", Label: "Consumer secret", Placeholder: "cs_...", Secret: true, MaxLen: 200}}},
		},
		Routes: []auth.Route{
			{Name: routeGranted, Method: http.MethodPost, State: "state", Server: true, Handle: a.granted},
			{Name: routeReturn, State: "user_id", Handle: a.returned},
		},
	}
}

const opConnect = "connect store"

// chosenStore is the store of a form, in its one form, refused early when the
// host wants another. Keys travel to it, so it has to be https.
func chosenStore(step auth.Step) (string, error) {
	base, err := parseStore(opConnect, step.Fields["store"])
	if err != nil {
		return "", err
	}
	refuse := func(code, message, hint string) (string, error) {
		return "", &catalog.Error{Platform: Platform, Op: opConnect, Kind: catalog.ErrInvalid, Code: code, Message: message, Hint: hint}
	}
	store := base.String()
	switch {
	case base.Scheme != "https":
		return refuse("plain_http", "the store's address is not https", "use the store's https address; keys are not sent without TLS")
	case step.Store != "" && step.Store != store:
		return refuse("foreign_store", "another store is wanted", "enter the store this account belongs to: "+step.Store)
	}
	return store, nil
}

// memory is what a flow remembers between its steps.
type memory struct {
	Store       string `json:"store"`
	Key         string `json:"key,omitempty"`
	Secret      string `json:"secret,omitempty"`
	Permissions string `json:"permissions,omitempty"`
}

func (m memory) keep() (catalog.Secret, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return catalog.Secret{}, &catalog.Error{Platform: Platform, Op: opConnect, Kind: catalog.ErrInvalid, Message: "the flow cannot be remembered"}
	}
	return catalog.NewSecret(string(text)), nil
}

// beginGrant leads to the store's page that asks for approval.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#auto-generating-api-keys-using-our-application-authentication-endpoint
func (a *Adapter) beginGrant(_ context.Context, step auth.Step) (auth.Outcome, error) {
	store, err := chosenStore(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	callback := step.StateURL(routeGranted)
	if !a.config.PlainCallback && !strings.HasPrefix(callback, "https://") {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: opConnect, Kind: catalog.ErrUnsupported, Code: "plain_callback",
			Message: "stores send keys to https addresses only", Hint: "give ConnectConfig.BaseURL a public https address, or have the merchant enter keys"}
	}
	name := a.config.AppName
	if u, err := url.Parse(callback); err == nil && name == "" {
		name = u.Host
	}
	kept, err := memory{Store: store}.keep()
	if err != nil {
		return auth.Outcome{}, err
	}
	q := url.Values{"app_name": {name}, "scope": {string(a.config.Permissions)}, "user_id": {step.State},
		"return_url": {step.URL(routeReturn)}, "callback_url": {callback}}
	return auth.Outcome{Redirect: store + "/wc-auth/v1/authorize?" + q.Encode(), Memory: kept}, nil
}

// keyForm and secretForm are the forms of granted keys, with room for longer
// ones.
var (
	keyForm    = regexp.MustCompile(`^ck_[A-Za-z0-9]{20,120}$`)
	secretForm = regexp.MustCompile(`^cs_[A-Za-z0-9]{20,120}$`)
)

// granted takes the keys that the store, or somebody in its name, has posted.
func (a *Adapter) granted(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	const op = "take granted keys"
	refuse := func(kind catalog.Kind, code, message string) (auth.Outcome, error) {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: op, Kind: kind, Code: code, Message: message}
	}
	var m memory
	if json.Unmarshal([]byte(step.Memory.Reveal()), &m) != nil || m.Store == "" {
		return refuse(catalog.ErrInvalid, "wrong_flow", "the flow did not begin at a store")
	}
	var posted struct {
		UserID      string `json:"user_id"`
		Key         string `json:"consumer_key"`
		Secret      string `json:"consumer_secret"`
		Permissions string `json:"key_permissions"`
	}
	switch err := json.Unmarshal(step.Body, &posted); {
	case err != nil:
		return refuse(catalog.ErrInvalid, "malformed", "the body is not what a store posts")
	case posted.UserID != step.State:
		return refuse(catalog.ErrUnauthorized, "state", "the body is of another flow than the address")
	case !keyForm.MatchString(posted.Key) || !secretForm.MatchString(posted.Secret):
		return refuse(catalog.ErrInvalid, "malformed", "the body holds no key pair")
	}
	m.Key, m.Secret = posted.Key, posted.Secret
	if p := Permissions(posted.Permissions); p == PermissionsRead || p == PermissionsReadWrite {
		m.Permissions = posted.Permissions
	}
	if err := a.prove(ctx, m); err != nil {
		return auth.Outcome{}, err
	}
	kept, err := m.keep()
	return auth.Outcome{Memory: kept}, err
}

// returned takes the browser back: what it brings proves nothing, the keys have
// arrived before it.
func (a *Adapter) returned(_ context.Context, step auth.Step) (auth.Outcome, error) {
	const op = "check return"
	if step.Query.Get("success") == "0" {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrForbidden, Code: "access_denied", Message: "the merchant declined"}
	}
	var m memory
	if json.Unmarshal([]byte(step.Memory.Reveal()), &m) != nil || m.Key == "" {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnauthorized, Code: "no_keys", Message: "the browser came back and the store has sent no keys",
			Hint: "the store has to reach this service: a firewall may keep it from doing so"}
	}
	return a.won(m), nil
}

// enterKeys proves keys by a call.
func (a *Adapter) enterKeys(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	store, err := chosenStore(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	m := memory{Store: store, Key: step.Fields["key"], Secret: step.Fields["secret"]}
	if err := a.prove(ctx, m); err != nil {
		return auth.Outcome{}, err
	}
	return a.won(m), nil
}

func (m memory) credential() catalog.Credential {
	c := catalog.Credential{Key: catalog.NewSecret(m.Key), Secret: catalog.NewSecret(m.Secret)}
	if m.Permissions != "" {
		c.Scopes = []string{m.Permissions}
	}
	return c
}

// prove calls the store with the keys, for what only a manager of it may read.
func (a *Adapter) prove(ctx context.Context, m memory) error {
	opened, err := a.Open(catalog.Account{Store: m.Store}, catalog.StaticCredential(m.credential()))
	if err != nil {
		return err
	}
	engine := opened.(*Engine) // as Open makes them
	_, _, err = engine.general(ctx, "prove keys")
	return err
}

func (a *Adapter) won(m memory) auth.Outcome {
	grant := auth.Grant{Grant: catalog.Grant{Store: m.Store, Credential: m.credential()}}
	if m.Permissions == string(PermissionsRead) && a.config.Permissions == PermissionsReadWrite {
		grant.Missing = []string{string(PermissionsReadWrite)}
	}
	return auth.Outcome{Grant: &grant}
}

var _ auth.Connector = (*Adapter)(nil)
