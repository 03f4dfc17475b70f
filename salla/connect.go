package salla

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// Names of the ways a store is connected, for auth.ConnectConfig.Methods.
const (
	// ConnectInstall sends the merchant to Salla's consent page, in custom
	// mode.
	ConnectInstall = "install"
	// ConnectStore sends the merchant to the app's page in Salla's store, in
	// easy mode.
	ConnectStore = "store"
)

// offline is the scope without which there is no refresh token. It is asked for
// in the address alone; the portal does not list it.
const offline = "offline_access"

// ConnectPlan implements auth.Connector. With ClientID there is the consent
// flow of custom mode with its route "callback"; set that address in the
// Partners portal. With AppID there is easy mode instead: Salla keeps the
// callback to itself and sends the tokens in the webhook app.store.authorize,
// which the host hands to auth.Lifecycle.Grant. Nothing in it says which of the
// host's accounts the merchant has: see auth.Lifecycle.Claim.
func (a *Adapter) ConnectPlan() auth.Plan {
	plan := auth.Plan{Title: "Salla"}
	switch {
	case a.config.AppID != "":
		plan.Methods = []auth.Method{{Name: ConnectStore, Title: "Install the app", Consent: true, Begin: a.beginStore,
			Help: "Salla shows what the app may do and asks for your consent. The store appears here once you have agreed."}}
	case a.config.ClientID != "":
		plan.Methods = []auth.Method{{Name: ConnectInstall, Title: "Install the app", Consent: true, Begin: a.beginInstall,
			Help: "Salla shows what the app may do and asks for your consent."}}
		// Who installs from Salla's own pages comes with a state of Salla's.
		plan.Routes = []auth.Route{{Name: "callback", State: "state", Restart: true, Handle: a.callback}}
	}
	return plan
}

// beginStore leads to the app's page in Salla's store.
func (a *Adapter) beginStore(context.Context, auth.Step) (auth.Outcome, error) {
	page := url.URL{Scheme: "https", Host: "s.salla.sa", Path: "/apps/install/" + a.config.AppID}
	return auth.Outcome{Redirect: page.String()}, nil
}

// beginInstall leads to the consent page. Salla strips hyphens from the state,
// of which there are none.
// https://docs.salla.dev/421118m0
func (a *Adapter) beginInstall(_ context.Context, step auth.Step) (auth.Outcome, error) {
	q := url.Values{"client_id": {a.config.ClientID}, "response_type": {"code"}, "redirect_uri": {step.URL("callback")},
		"scope": {strings.Join(a.asked(), " ")}, "state": {step.State}}
	consent := url.URL{Scheme: "https", Host: accountsHost, Path: "/oauth2/auth", RawQuery: q.Encode()}
	return auth.Outcome{Redirect: consent.String()}, nil
}

// asked are the scopes of the consent page.
func (a *Adapter) asked() []string {
	if slices.Contains(a.config.Scopes, offline) {
		return a.config.Scopes
	}
	return append(slices.Clone(a.config.Scopes), offline)
}

// callback exchanges the code a consent brought.
func (a *Adapter) callback(ctx context.Context, step auth.Step) (auth.Outcome, error) {
	refuse := func(kind catalog.Kind, code, message string) (auth.Outcome, error) {
		return auth.Outcome{}, &catalog.Error{Platform: Platform, Op: "check callback", Kind: kind, Code: code, Message: message}
	}
	switch word := step.Query.Get("error"); {
	case word == "access_denied":
		return refuse(catalog.ErrForbidden, word, "the merchant declined")
	case word != "":
		return refuse(catalog.ErrInvalid, "consent_failed", "the consent page reports an error; check the app's settings in the Partners portal")
	case step.Query.Get("code") == "":
		return refuse(catalog.ErrUnauthorized, "missing_code", "the callback brings no code")
	}
	grant, err := a.Exchange(ctx, step.Query.Get("code"), step.URL("callback"))
	if err != nil {
		return auth.Outcome{}, err
	}
	var missing []string
	for _, scope := range a.asked() {
		if !grants(grant.Credential.Scopes, scope) {
			missing = append(missing, scope)
		}
	}
	return auth.Outcome{Grant: &auth.Grant{Grant: grant, Missing: missing}}, nil
}

// grants reports whether a scope is among those granted: the right to write is
// also that to read, and the documents spell shipping in two ways.
func grants(granted []string, scope string) bool {
	plain := func(s string) string { return strings.Replace(s, "shippings.", "shipping.", 1) }
	return slices.ContainsFunc(granted, func(have string) bool {
		have, want := plain(have), plain(scope)
		return have == want || have == want+"_write" && strings.HasSuffix(want, ".read")
	})
}

var _ auth.Connector = (*Adapter)(nil)
