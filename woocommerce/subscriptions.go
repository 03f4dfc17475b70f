package woocommerce

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// hookNode is a webhook as the store tells it: never with its secret.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#webhook-properties
type hookNode struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Topic  string `json:"topic"`
	URL    string `json:"delivery_url"`
}

// active is the state in which a webhook is delivered.
const active = "active"

// A store's webhooks are everybody's, and their secrets nobody can read. So the
// name of the app's carries, behind the host's own, the app's name and a
// fingerprint of the secret: "Orders [souk 5f2c9a81]".
var hookName = regexp.MustCompile(`\[.+ [0-9a-f]{8}\]$`)

// owner is the app's name as it stands in the names of its webhooks.
func (a *Adapter) owner() string { return cmp.Or(a.config.AppName, "souk") }

// parts are a webhook's name without the mark, and the fingerprint; "" where
// the mark is not the app's. Names may hold brackets themselves, so that the
// mark is the last thing that begins as one of the app's.
func (e *Engine) parts(n hookNode) (name, print string) {
	text, begins := plain(n.Name), "["+e.adapter.owner()+" "
	if i := strings.LastIndex(text, begins); i >= 0 {
		if print, ends := strings.CutSuffix(text[i+len(begins):], "]"); ends && fingerprintForm.MatchString(print) {
			return strings.TrimSuffix(text[:i], " "), print
		}
	}
	return n.Name, ""
}

var fingerprintForm = regexp.MustCompile(`^[0-9a-f]{8}$`)

// fingerprint tells one secret from another and not what it is.
func fingerprint(secret catalog.Secret) string {
	sum := sha256.Sum256([]byte("souk webhook " + secret.Reveal()))
	return hex.EncodeToString(sum[:4])
}

func (e *Engine) model(n hookNode) catalog.Subscription {
	name, _ := e.parts(n)
	return catalog.Subscription{ID: idText(n.ID), Topic: n.Topic, URL: n.URL, Name: name, Active: n.Status == active}
}

// Subscriptions lists the webhooks of the store that are the app's: those whose
// name is marked with Config.AppName. Their secrets cannot be read.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-webhooks
func (e *Engine) Subscriptions(ctx context.Context) ([]catalog.Subscription, error) {
	hooks, err := e.hooks(ctx, "list subscriptions")
	var all []catalog.Subscription
	for _, n := range hooks {
		if _, print := e.parts(n); print != "" {
			all = append(all, e.model(n))
		}
	}
	return all, err
}

// hooks reads all of the store's webhooks.
func (e *Engine) hooks(ctx context.Context, op string) ([]hookNode, error) {
	w := &walk[hookNode]{e: e, size: mostIncluded,
		call: call{op: op, path: "/webhooks", query: url.Values{"_fields": {"id,name,status,topic,delivery_url"}}},
		read: recordKind[hookNode, catalog.Subscription]{id: func(n *hookNode) int64 { return n.ID }}.readRow}
	rows, err := everything(ctx, w)
	if err != nil {
		return nil, err
	}
	all := make([]hookNode, len(rows))
	for i, r := range rows {
		all[i] = r.node
	}
	return all, nil
}

// wantedHook is a subscription as the store is to have it.
type wantedHook struct {
	catalog.Subscription
	name string // with the mark
}

// hookSecret is what a secret may hold: the store decodes HTML in it before it
// signs.
var hookSecret = regexp.MustCompile(`^[!#-%(-;=?-\[\]-~]+$`)

// wanted checks a desired subscription and writes it the store's way.
func (e *Engine) wanted(op string, i int, s catalog.Subscription) (wantedHook, error) {
	at := func(name string) string { return itoa(i) + "." + name }
	if s.Secret.IsZero() && len(e.adapter.config.WebhookSecrets) > 0 {
		s.Secret = e.adapter.config.WebhookSecrets[0]
	}
	w := wantedHook{Subscription: s, name: strings.TrimSpace(s.Name + " [" + e.adapter.owner() + " " + fingerprint(s.Secret) + "]")}
	u, err := url.Parse(s.URL)
	plainHTTP := err == nil && u.Scheme == "http" && e.adapter.config.PlainCallback
	switch {
	case !topicForm.MatchString(s.Topic) || !strings.Contains(s.Topic, "."):
		return w, invalid(op, at("Topic"), "it is not a topic such as order.updated")
	case err != nil || u.Host == "" || u.Scheme != "https" && !plainHTTP:
		return w, invalid(op, at("URL"), "it must begin with https://")
	case !slices.Contains([]string{"", "80", "443", "8080"}, u.Port()) && !e.adapter.config.PlainCallback:
		return w, invalid(op, at("URL"), "WordPress sends to the ports 80, 443 and 8080 alone")
	case s.Secret.IsZero():
		return w, invalid(op, at("Secret"), "give the secret that signs the deliveries: the store makes one up that nobody can read")
	case !hookSecret.MatchString(s.Secret.Reveal()):
		return w, invalid(op, at("Secret"), `the store would sign with another one: use letters and digits, without &, <, >, quotes, backslashes and blanks`)
	case hookName.MatchString(s.Name):
		return w, invalid(op, at("Name"), "it ends as a mark of souk's does")
	case len(s.Headers) > 0:
		return w, catalog.Unsupported(Platform, op+" with headers", "verify the signature, which needs no header of yours")
	case s.Rule != "":
		return w, catalog.Unsupported(Platform, op+" with a rule", "subscribe to the topic and drop what is of no interest")
	case s.Version != "":
		return w, catalog.Unsupported(Platform, op+" with a version", "leave it out: deliveries are of the API's version 3")
	}
	return w, nil
}

// is says that a webhook needs no change.
func (w wantedHook) is(n hookNode) bool {
	return n.Topic == w.Topic && n.URL == w.URL && plain(n.Name) == w.name && n.Status == active
}

// fields are what has to change of a webhook; the secret goes along with a name
// that has not its fingerprint.
func (w wantedHook) fields(had hookNode) map[string]any {
	fields := map[string]any{}
	for _, f := range []struct{ name, want, had string }{{"topic", w.Topic, had.Topic}, {"delivery_url", w.URL, had.URL}, {"status", active, had.Status}, {"name", w.name, plain(had.Name)}} {
		if f.want != f.had {
			fields[f.name] = f.want
		}
	}
	if fields["name"] != nil {
		fields["secret"] = w.Secret.Reveal()
	}
	return fields
}

// EnsureSubscriptions makes the app's webhooks equal to desired and returns what
// it changed, also beside an error. They are known by the mark in their names,
// see Config.AppName; one of a wanted topic and address is taken for the app's
// whatever its name, so that nothing is delivered twice. One that was edited,
// paused or disabled is put right again, one that is missing made, one too many
// removed. Each needs a Secret of letters and digits, else Config's first; a new
// one replaces the old. A secret that somebody changed in the store's admin
// cannot be seen: deliveries then fail to verify, and ensuring another one
// cures it. The store remembers failures of a webhook it disabled: one more
// disables it again.
//
// It reads before it writes and sets a state: it may be repeated at any time,
// and that is what to do after ErrOutcomeUnknown.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks
func (e *Engine) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (changes catalog.SubscriptionChanges, err error) {
	const op = "ensure subscriptions"
	var wanted []wantedHook
	for i, s := range desired {
		w, err := e.wanted(op, i, s)
		if err != nil {
			return changes, err
		}
		if slices.ContainsFunc(wanted, func(o wantedHook) bool { return o.Topic == w.Topic && o.URL == w.URL }) {
			return changes, invalid(op, itoa(i), "another one has the same topic and address")
		}
		wanted = append(wanted, w)
	}
	present, err := e.hooks(ctx, op)
	if err != nil {
		return changes, err
	}
	look := func(ctx context.Context) (catalog.Outcome, error) {
		now, err := e.hooks(ctx, "confirm "+op)
		return settled(err == nil && e.ensured(wanted, now), err)
	}
	pairs, surplus := e.pair(wanted, present)
	for _, n := range surplus {
		if _, err := e.write(ctx, change{remove(op, "/webhooks/"+idText(n.ID)), look}); err != nil && catalog.KindOf(err) != catalog.ErrNotFound {
			return changes, err
		}
		changes.Removed = append(changes.Removed, e.model(n))
	}
	for i, w := range wanted {
		var had hookNode
		path, list := "/webhooks", &changes.Created
		if pairs[i] != nil {
			had, list = *pairs[i], &changes.Updated
			path += "/" + idText(had.ID)
		}
		if had.ID != 0 && w.is(had) {
			continue
		}
		c := change{post(op, path, w.fields(had)), look}
		c.secrets = []catalog.Secret{w.Secret}
		a, err := e.write(ctx, c)
		if err != nil {
			return changes, err
		}
		made := w.Subscription
		made.ID, made.Active, made.Secret = idText(had.ID), true, catalog.Secret{}
		var n hookNode
		if _, err := transport.Decode(a.body, &n); err == nil && n.ID != 0 {
			made.ID, made.Active = idText(n.ID), n.Status == active
		}
		*list = append(*list, made)
	}
	return changes, nil
}

// ensured says whether nothing is left to do.
func (e *Engine) ensured(wanted []wantedHook, present []hookNode) bool {
	pairs, surplus := e.pair(wanted, present)
	for i, w := range wanted {
		if pairs[i] == nil || !w.is(*pairs[i]) {
			return false
		}
	}
	return len(surplus) == 0
}

// pair finds, for each wanted webhook, the one to keep or to change: the same,
// else one of its topic and address, else of its name, else one of the app's
// with its topic or any. What is left of the app's is surplus.
func (e *Engine) pair(wanted []wantedHook, present []hookNode) (pairs map[int]*hookNode, surplus []hookNode) {
	own := func(n hookNode) bool { _, print := e.parts(n); return print != "" }
	pairs, rest := transport.Pair(wanted, present,
		func(n hookNode, w wantedHook) bool { return w.is(n) },
		func(n hookNode, w wantedHook) bool { return n.Topic == w.Topic && n.URL == w.URL },
		func(n hookNode, w wantedHook) bool { return own(n) && n.Topic == w.Topic && plain(n.Name) == w.name },
		func(n hookNode, w wantedHook) bool { return own(n) && n.Topic == w.Topic })
	for _, n := range rest {
		twice := slices.ContainsFunc(wanted, func(w wantedHook) bool { return n.Topic == w.Topic && n.URL == w.URL })
		if own(n) || twice {
			surplus = append(surplus, n)
		}
	}
	return pairs, surplus
}
