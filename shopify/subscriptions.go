package shopify

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// subscriptionNode is a webhook subscription as Shopify tells it.
type subscriptionNode struct {
	ID      string   `json:"id"`
	Topic   string   `json:"topic"`
	URI     string   `json:"uri"`
	Name    string   `json:"name"`
	Filter  string   `json:"filter"`
	Format  string   `json:"format"`
	Fields  []string `json:"includeFields"`
	Version struct {
		Handle string `json:"handle"`
	} `json:"apiVersion"`
}

func (n subscriptionNode) model() catalog.Subscription {
	return catalog.Subscription{ID: numericID(n.ID), Topic: topicOf(n.Topic), URL: n.URI, Name: n.Name, Rule: n.Filter, Version: n.Version.Handle, Active: true}
}

// Subscriptions lists the app's subscriptions in this store that were made
// through the API. Those in the app's configuration file are not among them,
// nor is anybody else's. All are active: Shopify deletes what fails too often.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/webhookSubscriptions
func (e *Engine) Subscriptions(ctx context.Context) ([]catalog.Subscription, error) {
	nodes, err := e.subscriptions(ctx, "list subscriptions")
	var all []catalog.Subscription
	for _, n := range nodes {
		all = append(all, n.model())
	}
	return all, err
}

func (e *Engine) subscriptions(ctx context.Context, op string) ([]subscriptionNode, error) {
	var all []subscriptionNode
	for node, err := range e.nodes(ctx, nodesRequest{op: op, root: []string{"webhookSubscriptions"}, document: subscriptionsDocument, size: 100}) {
		var n subscriptionNode
		if err == nil {
			if err = json.Unmarshal(node.raw, &n); err != nil {
				err = unreadable(op, node, numericID(n.ID), err)
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

var (
	subscriptionName = regexp.MustCompile(`^[A-Za-z0-9_-]{0,50}$`)
	topicForm        = regexp.MustCompile(`^[A-Z0-9_]+$`)
)

// wantedSubscription checks a desired subscription and writes it Shopify's way.
func wantedSubscription(op string, i int, s catalog.Subscription) (subscriptionNode, error) {
	at := func(name string) string { return strconv.Itoa(i) + "." + name }
	n := subscriptionNode{Topic: nativeTopic(s.Topic), URI: s.URL, Name: s.Name, Filter: s.Rule}
	switch {
	case !topicForm.MatchString(n.Topic):
		return n, invalid(op, at("Topic"), "it is not a topic such as orders/create")
	case !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "pubsub://") && !strings.HasPrefix(s.URL, "arn:aws:events:"):
		return n, invalid(op, at("URL"), "it must begin with https://, pubsub:// or arn:aws:events:")
	case !subscriptionName.MatchString(s.Name):
		return n, invalid(op, at("Name"), "a name has at most 50 letters, digits, - and _")
	case len(s.Headers) > 0:
		return n, catalog.Unsupported(Platform, op+" with headers", "verify Shopify's signature, which needs no header of yours")
	case !s.Secret.IsZero():
		return n, catalog.Unsupported(Platform, op+" with a secret", "Shopify signs with the app's client secret: Config.ClientSecret")
	case s.Version != "":
		return n, catalog.Unsupported(Platform, op+" with a version", "deliveries have the version in the app's configuration; set it there, and read it from Event.APIVersion")
	}
	return n, nil
}

// EnsureSubscriptions makes the app's subscriptions equal to desired and returns
// what it changed, also beside an error. One whose name, address or filter was
// edited is changed back, one that is missing made again, one too many removed.
// Rule is Shopify's filter. Two of the same topic, address and filter are
// refused.
//
// It reads before it writes and sets a state: it may be repeated at any time,
// and that is what to do after ErrOutcomeUnknown.
// https://shopify.dev/docs/apps/build/webhooks/subscribe
func (e *Engine) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (changes catalog.SubscriptionChanges, err error) {
	const op = "ensure subscriptions"
	var wanted []subscriptionNode
	for i, s := range desired {
		n, err := wantedSubscription(op, i, s)
		if err != nil {
			return changes, err
		}
		if slices.ContainsFunc(wanted, n.sameTarget) {
			return changes, invalid(op, strconv.Itoa(i), "another one has the same topic, address and filter")
		}
		wanted = append(wanted, n)
	}
	present, err := e.subscriptions(ctx, op)
	if err != nil {
		return changes, err
	}
	pairs, surplus := pair(wanted, present)
	// What is too many goes first: it may hold an address that is wanted.
	for _, n := range surplus {
		if _, err := e.mutate(ctx, e.subscribing(op, subscriptionDeleteDocument, "webhookSubscriptionDelete", map[string]any{"id": n.ID}, wanted)); err != nil && catalog.KindOf(err) != catalog.ErrNotFound {
			return changes, err
		}
		changes.Removed = append(changes.Removed, n.model())
	}
	for i, n := range wanted {
		had := pairs[i]
		if had != nil && had.equal(n) {
			continue
		}
		input := map[string]any{"uri": n.URI, "name": nullable(n.Name), "filter": nullable(n.Filter), "format": "JSON", "includeFields": []string{}}
		m := e.subscribing(op, subscriptionCreateDocument, "webhookSubscriptionCreate", map[string]any{"topic": n.Topic, "subscription": input}, wanted)
		list := &changes.Created
		if had != nil {
			m = e.subscribing(op, subscriptionUpdateDocument, "webhookSubscriptionUpdate", map[string]any{"id": had.ID, "subscription": input}, wanted)
			list = &changes.Updated
		}
		a, err := e.mutate(ctx, m)
		if catalog.KindOf(err) == catalog.ErrInvalid && had == nil {
			// The address may have been taken a moment ago, by this app elsewhere.
			if present, again := e.subscriptions(ctx, op); again == nil && slices.ContainsFunc(present, func(p subscriptionNode) bool { return p.equal(n) }) {
				continue
			}
		}
		if err != nil {
			return changes, err
		}
		if raw := a.page.Field("data", m.root, "webhookSubscription"); !null(raw) {
			_ = json.Unmarshal(raw, &n) // what it reports is what was sent, or better
		}
		made := n.model()
		made.Topic = desired[i].Topic
		*list = append(*list, made)
	}
	return changes, nil
}

// subscribing is one step; what became of it shows in the whole.
func (e *Engine) subscribing(op string, d document, root string, variables map[string]any, wanted []subscriptionNode) mutation {
	return mutation{op: op, document: d, root: root, variables: variables, kind: missingAt("id"),
		look: transport.LookPaired(wanted, subscriptionNode.equal, func(ctx context.Context) ([]subscriptionNode, error) {
			return e.subscriptions(ctx, "confirm "+op)
		})}
}

// pair finds, for each wanted subscription, the one to keep or to change: the
// same, else one of the same target, else of the same name, else of the same
// topic. What is left over is surplus.
func pair(wanted, present []subscriptionNode) (pairs map[int]*subscriptionNode, surplus []subscriptionNode) {
	return transport.Pair(wanted, present,
		subscriptionNode.equal, subscriptionNode.sameTarget,
		func(a, b subscriptionNode) bool { return a.Topic == b.Topic && a.URI == b.URI },
		func(a, b subscriptionNode) bool { return a.Topic == b.Topic && a.Name == b.Name && a.Name != "" },
		func(a, b subscriptionNode) bool { return a.Topic == b.Topic })
}

func (n subscriptionNode) sameTarget(other subscriptionNode) bool {
	return n.Topic == other.Topic && n.URI == other.URI && n.Filter == other.Filter
}

// equal says that what is there needs no change. Only what a subscription has
// is compared: a wanted one has no format or fields of its own.
func (n subscriptionNode) equal(wanted subscriptionNode) bool {
	return n.sameTarget(wanted) && n.Name == wanted.Name && (n.Format == "JSON" || n.Format == "") && len(n.Fields) == 0
}

// nullable is null for an empty text, which removes what is there.
func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}
