package bigcommerce

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// leeway is what BigCommerce's clock may differ.
const leeway = time.Minute

// payload is what a signed_payload_jwt says.
type payload struct {
	store  string
	claims auth.Claims
	User   person `json:"user"`
	Owner  person `json:"owner"`
	URL    string `json:"url"`
}

type person struct {
	ID    int64  `json:"id"`
	Email string `json:"email"`
}

// verifyPayload checks the token that a callback brings.
// https://developer.bigcommerce.com/docs/integrations/apps/guide/callbacks
func (a *Adapter) verifyPayload(step auth.Step) (payload, error) {
	refuse := func(code, message string) (payload, error) {
		return payload{}, &catalog.Error{Platform: Platform, Op: "verify callback", Kind: catalog.ErrUnauthorized, Code: code, Message: message}
	}
	token := step.Query.Get("signed_payload_jwt")
	if token == "" {
		return refuse("missing_token", "the callback is not signed")
	}
	claims, err := auth.JWT{Secrets: a.clientSecrets(), Audience: a.config.ClientID, Issuer: "bc", Leeway: leeway}.Verify(token, step.Received)
	if err != nil {
		return payload{}, err
	}
	p := payload{claims: claims}
	store, ok := hashOf(claims.Subject)
	if err := json.Unmarshal(claims.Raw, &p); err != nil || !ok {
		return refuse("wrong_store", "the token names no store")
	}
	if p.User.ID <= 0 {
		return refuse("no_user", "the token names no user")
	}
	p.store = store
	return p, nil
}

// load is a user who opens the app in the control panel: any user with access
// to it, not only the owner.
func (a *Adapter) load(_ context.Context, step auth.Step) (auth.Outcome, error) {
	p, err := a.verifyPayload(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	return auth.Outcome{Visit: &auth.Visit{Store: p.store, User: strconv.FormatInt(p.User.ID, 10), Email: p.User.Email, Owner: p.User.ID == p.Owner.ID, Path: p.URL}}, nil
}

// TopicUninstall and TopicRemoveUser are the topics of the events that the
// callbacks of these names become, of which auth.ConnectConfig.Event hears.
const (
	TopicUninstall  = "callback/uninstall"
	TopicRemoveUser = "callback/remove_user"
)

// uninstall ends the store's account. BigCommerce does not look at the answer
// and does not call again: a webhook for store/app/uninstalled says the same.
func (a *Adapter) uninstall(_ context.Context, step auth.Step) (auth.Outcome, error) {
	p, err := a.verifyPayload(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	e := p.event(TopicUninstall, catalog.EventAppUninstalled)
	e.Resource = catalog.App
	return auth.Outcome{Event: &e}, nil
}

// removeUser tells the host that a user lost access to the app; ResourceID is
// the user's.
func (a *Adapter) removeUser(_ context.Context, step auth.Step) (auth.Outcome, error) {
	p, err := a.verifyPayload(step)
	if err != nil {
		return auth.Outcome{}, err
	}
	e := p.event(TopicRemoveUser, catalog.EventOther)
	e.ResourceID = strconv.FormatInt(p.User.ID, 10)
	return auth.Outcome{Event: &e}, nil
}

func (p *payload) event(topic string, kind catalog.EventKind) catalog.Event {
	return catalog.Event{Key: catalog.EventKey(Platform, p.store, topic, p.claims.ID), Store: p.store, Topic: topic, Kind: kind,
		OccurredAt: p.claims.IssuedAt, Payload: p.claims.Raw, PayloadKind: "bigcommerce.callback"}
}
