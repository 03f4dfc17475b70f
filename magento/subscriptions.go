package magento

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// subscriptionNode is a recipient of Mage-OS async-events.
type subscriptionNode struct {
	ID     string `json:"subscription_id"`
	Event  string `json:"event_name"`
	URL    string `json:"recipient_url"`
	Status bool   `json:"status"`
}

func (n subscriptionNode) model() catalog.Subscription {
	return catalog.Subscription{ID: n.ID, Topic: n.Event, URL: n.URL, Active: n.Status}
}

func (n subscriptionNode) sameTarget(other subscriptionNode) bool {
	return n.Event == other.Event && n.URL == other.URL
}

// Subscriptions lists the active ones whose address begins with
// Config.WebhookURL. They are of the module Mage-OS async-events, which has to
// be installed: under another scheme the merchant's admin, or Adobe's Developer
// Console, has them, and this is ErrUnsupported. Those that are disabled are not
// listed, since the module has no other way to end one.
// https://github.com/mage-os/mageos-async-events
func (e *Engine) Subscriptions(ctx context.Context) ([]catalog.Subscription, error) {
	nodes, err := e.subscriptions(ctx, "list subscriptions")
	var all []catalog.Subscription
	for _, n := range nodes {
		if n.Status {
			all = append(all, n.model())
		}
	}
	return all, err
}

// subscriptions reads the app's own.
func (e *Engine) subscriptions(ctx context.Context, op string) ([]subscriptionNode, error) {
	scheme := cmp.Or(Scheme(e.account.Settings["webhooks"]), e.adapter.config.WebhookScheme)
	switch {
	case scheme != SchemeAsyncEvents:
		return nil, catalog.Unsupported(Platform, op+" of the scheme "+string(scheme), "subscribe where its events are configured: Adobe's Developer Console, or the shop's admin")
	case e.adapter.config.WebhookURL == "":
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "Config.WebhookURL is empty, so that nothing tells whose a subscription is",
			Hint: "set it to what the app's webhook addresses begin with"}
	}
	rows, err := e.numbered(ctx, call{op: op, path: "/async_events"}, criteria{sort: []string{"subscription_id"}, size: batch})
	if missing(err) {
		return nil, catalog.Unsupported(Platform, op, "have the merchant install the module mage-os/mageos-async-events, or read changes with catalog.OrderChanges and its like")
	}
	var all []subscriptionNode
	for _, raw := range rows {
		var n subscriptionNode
		if _, err := decode(raw, &n); err == nil && e.owns(n) {
			all = append(all, n)
		}
	}
	return all, err
}

// owns reports a subscription of the app.
func (e *Engine) owns(n subscriptionNode) bool {
	return checkID("", "", n.ID) == nil && strings.HasPrefix(n.URL, e.adapter.config.WebhookURL)
}

var eventForm = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)

// wanted checks a desired subscription.
func (e *Engine) wanted(op string, i int, s catalog.Subscription) (subscriptionNode, error) {
	n := subscriptionNode{Event: s.Topic, URL: s.URL, Status: true}
	u, err := url.Parse(s.URL)
	switch {
	case !eventForm.MatchString(s.Topic):
		return n, invalid(op, at("", i, "Topic"), "it is not an event such as sales.order.created")
	case err != nil || u.Host == "" || !strings.HasPrefix(s.URL, e.adapter.config.WebhookURL):
		return n, invalid(op, at("", i, "URL"), "it does not begin with Config.WebhookURL")
	case s.Name != "" || s.Version != "":
		return n, catalog.Unsupported(Platform, op+" with a name or a version", "leave them out: async-events has neither")
	case s.Rule != "":
		return n, catalog.Unsupported(Platform, op+" with a rule", "leave it out, and pass over the deliveries that do not matter")
	case len(s.Headers) > 0:
		return n, catalog.Unsupported(Platform, op+" with headers", "verify the signature, which needs no header of yours")
	}
	return n, nil
}

// EnsureSubscriptions makes the app's subscriptions equal to desired and returns
// what it changed, also beside an error. One that is missing is made, one that
// is disabled enabled again; one too many is disabled, since async-events
// deletes none, and neither its event nor its address can be changed. Only those
// whose address begins with Config.WebhookURL are touched.
//
// Secret is what deliveries are signed with, by default the first of
// Config.WebhookSecrets. The shop keeps it to itself, so that another one is not
// noticed: to change it, use another address. Two of the same event and address
// are refused.
//
// It reads before it writes and sets a state: it may be repeated at any time,
// and that is what to do after ErrOutcomeUnknown.
// https://github.com/mage-os/mageos-async-events
func (e *Engine) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (changes catalog.SubscriptionChanges, err error) {
	const op = "ensure subscriptions"
	var wanted []subscriptionNode
	for i, s := range desired {
		n, err := e.wanted(op, i, s)
		if err == nil && slices.ContainsFunc(wanted, n.sameTarget) {
			err = invalid(op, strconv.Itoa(i), "another one has the same event and address")
		}
		if err == nil && s.Secret.IsZero() && len(e.adapter.config.WebhookSecrets) == 0 {
			err = invalid(op, at("", i, "Secret"), "there is none, and Config.WebhookSecrets is empty: deliveries must be signed")
		}
		if err != nil {
			return changes, err
		}
		wanted = append(wanted, n)
	}
	present, err := e.subscriptions(ctx, op)
	if err != nil {
		return changes, err
	}
	find := transport.LookPaired(wanted, subscriptionNode.sameTarget, func(ctx context.Context) ([]subscriptionNode, error) {
		present, err := e.subscriptions(ctx, "confirm "+op)
		return slices.DeleteFunc(present, disabled), err
	})
	pairs, surplus := pair(wanted, present)
	for _, n := range surplus {
		if _, err := e.enable(ctx, op, n, false, find); err != nil {
			return changes, err
		}
		changes.Removed = append(changes.Removed, n.model())
	}
	for i, n := range wanted {
		switch had := pairs[i]; {
		case had == nil:
			made, err := e.subscribe(ctx, op, n, desired[i].Secret, find)
			if err != nil {
				return changes, err
			}
			changes.Created = append(changes.Created, made.model())
		case !had.Status:
			changed, err := e.enable(ctx, op, *had, true, find)
			if err != nil {
				return changes, err
			}
			changes.Updated = append(changes.Updated, changed.model())
		}
	}
	return changes, nil
}

// pair finds the subscription for each that is wanted, an active one before one
// that is disabled. Active ones that are left over are surplus.
func pair(wanted, present []subscriptionNode) (pairs map[int]*subscriptionNode, surplus []subscriptionNode) {
	pairs, surplus = transport.Pair(wanted, present,
		func(a, b subscriptionNode) bool { return a.Status && a.sameTarget(b) }, subscriptionNode.sameTarget)
	return pairs, slices.DeleteFunc(surplus, disabled)
}

func disabled(n subscriptionNode) bool { return !n.Status }

func (e *Engine) subscribe(ctx context.Context, op string, n subscriptionNode, secret catalog.Secret, find look) (subscriptionNode, error) {
	if secret.IsZero() {
		secret = e.adapter.config.WebhookSecrets[0]
	}
	body := map[string]any{"asyncEvent": map[string]any{"event_name": n.Event, "recipient_url": n.URL, "verification_token": secret.Reveal(), "metadata": "http"}}
	a, err := e.sent(ctx, call{op: op, method: post, path: "/async_event", secrets: []catalog.Secret{secret}, proven: true}, body, find)
	if err != nil {
		return n, err
	}
	raw, err := a.object(op)
	var made subscriptionNode
	if err == nil {
		_, err = decode(raw, &made)
	}
	if err != nil || checkID("", "", made.ID) != nil {
		return n, e.unclear(op, a, find)
	}
	n.ID = made.ID
	return n, nil
}

// enable switches a subscription on or off: all that can be changed of one.
func (e *Engine) enable(ctx context.Context, op string, n subscriptionNode, on bool, find look) (subscriptionNode, error) {
	body := map[string]any{"asyncEvent": map[string]any{"subscription_id": idNumber(n.ID), "event_name": n.Event, "status": on}}
	_, err := e.change(ctx, op, put, "/async_event/"+n.ID, body, find)
	n.Status = on
	return n, err
}

// webhookURL reports an address that others can begin with.
func webhookURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" && strings.HasSuffix(u.Path, "/")
}
