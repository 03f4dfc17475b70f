package salla

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// Subscriptions lists the active webhooks that EnsureSubscriptions made, known
// by a header of theirs, X-Souk-App with Config.ClientID. Those of others are
// not listed, nor those ticked in the Partners portal; the app.* events come
// without any. Secrets are not told.
// https://docs.salla.dev/5394135e0
func (e *Engine) Subscriptions(ctx context.Context) ([]catalog.Subscription, error) {
	hooks, err := e.hooks(ctx, "list subscriptions", nil)
	var all []catalog.Subscription
	for _, h := range hooks {
		all = append(all, h.Subscription)
	}
	return all, err
}

// hooks lists the app's own, and those without the mark that have the address
// of a wanted one.
func (e *Engine) hooks(ctx context.Context, op string, wanted []catalog.Subscription) ([]hook, error) {
	rows, err := e.everything(ctx, call{op: op, path: "/webhooks"})
	var all []hook
	for i, raw := range rows {
		var n webhookNode
		if _, err := decode(raw, &n); err != nil || n.ID == 0 {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the webhook number " + strconv.Itoa(i+1) + " cannot be read"}
		}
		h := n.hook()
		if e.adapter.owns(h.mark) || slices.ContainsFunc(wanted, func(w catalog.Subscription) bool { return w.URL == h.URL }) {
			all = append(all, h)
		}
	}
	return all, err
}

var eventForm = regexp.MustCompile(`^[a-z_]+(\.[a-zA-Z_]+)+$`)

// defaultVersion is the version of payloads Salla sends when none is asked for.
const defaultVersion = "2"

// wantedSubscriptions checks the desired subscriptions and fills in defaults.
func wantedSubscriptions(op string, desired []catalog.Subscription) ([]catalog.Subscription, error) {
	wanted := slices.Clone(desired)
	for i := range wanted {
		s := &wanted[i]
		s.Version = cmp.Or(s.Version, defaultVersion)
		at := func(name string) string { return strconv.Itoa(i) + "." + name }
		u, err := url.Parse(s.URL)
		switch {
		case !eventForm.MatchString(s.Topic):
			return nil, invalid(op, at("Topic"), "it is not an event such as order.created")
		case strings.HasPrefix(s.Topic, "app."):
			return nil, catalog.Unsupported(Platform, op+" of "+s.Topic, "events of the app are delivered without a subscription")
		case err != nil || u.Scheme != "https" || u.Host == "":
			return nil, invalid(op, at("URL"), "it must be an address that begins with https://")
		case strings.Contains(s.URL, "localhost") || strings.Contains(s.URL, "test."):
			return nil, invalid(op, at("URL"), `Salla refuses an address with "localhost" or "test." in it`)
		case slices.ContainsFunc(wanted[:i], func(other catalog.Subscription) bool { return other.URL == s.URL }):
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "two subscriptions have one address, and the later would change the earlier",
				Fields: []catalog.FieldError{{Field: at("URL"), Message: "another one has the same address"}}, Hint: "give each an address of its own, such as a path with the event's name"}
		case s.Version != "1" && s.Version != "2":
			return nil, invalid(op, at("Version"), "Salla has the versions 1 and 2")
		case slices.ContainsFunc(slices.Collect(maps.Keys(s.Headers)), func(name string) bool { return strings.EqualFold(name, markHeader) }):
			return nil, invalid(op, at("Headers"), markHeader+" is souk's own")
		case s.Rule != "" && s.Version == "1":
			return nil, invalid(op, at("Rule"), "rules need version 2")
		}
	}
	return wanted, nil
}

// EnsureSubscriptions makes the app's webhooks in the store equal to desired and
// returns what it changed, also beside an error. Those of others are left
// alone, unless they have an address that is wanted. One whose address, name,
// version, rule, headers or secret are others is changed, one that is missing or
// was disabled made again, one too many removed by its id. Each needs an
// address of its own: to Salla a second subscription of an address is a change
// of the first. Name "" leaves the name that is there; Version "" is 2. A new
// webhook with a Secret takes two calls, since only an update takes one; one
// that lacks it is repaired the next time. Whether somebody else wrote another
// Salla does not tell.
//
// It reads before it writes and sets a state: it may be repeated at any time,
// and that is what to do after ErrOutcomeUnknown.
// https://docs.salla.dev/5394134e0, 5394136e0 and 5394137e0
func (e *Engine) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (changes catalog.SubscriptionChanges, err error) {
	const op = "ensure subscriptions"
	wanted, err := wantedSubscriptions(op, desired)
	if err != nil {
		return changes, err
	}
	present, err := e.hooks(ctx, op, wanted)
	if err != nil {
		return changes, err
	}
	look := func(ctx context.Context) (catalog.Outcome, error) {
		now, err := e.hooks(ctx, "confirm "+op, wanted)
		if err != nil {
			return catalog.OutcomeUnknown, err
		}
		pairs, surplus := pair(wanted, now)
		for i, w := range wanted {
			if pairs[i] == nil || !e.same(*pairs[i], w) {
				return catalog.OutcomeNotDone, nil
			}
		}
		if len(surplus) > 0 {
			return catalog.OutcomeNotDone, nil
		}
		return catalog.OutcomeDone, nil
	}
	pairs, surplus := pair(wanted, present)
	// What is too many goes first: it may hold an address that is wanted.
	for _, s := range surplus {
		_, err := e.write(ctx, change{op: op, method: http.MethodDelete, path: "/webhooks/unsubscribe", query: url.Values{"id": {s.ID}}, look: look})
		if err != nil && !vanished(err) {
			return changes, err
		}
		changes.Removed = append(changes.Removed, s.Subscription)
	}
	for i, w := range wanted {
		had := pairs[i]
		if had != nil && e.same(*had, w) {
			continue
		}
		made, err := e.subscribe(ctx, op, had, w, look)
		if made.ID != "" && had == nil {
			changes.Created = append(changes.Created, made)
		} else if made.ID != "" {
			changes.Updated = append(changes.Updated, made)
		}
		if err != nil {
			return changes, err
		}
	}
	return changes, nil
}

// subscribe makes a webhook or changes the one there is.
func (e *Engine) subscribe(ctx context.Context, op string, had *hook, w catalog.Subscription, look func(context.Context) (catalog.Outcome, error)) (catalog.Subscription, error) {
	made := w
	made.Active = true
	secrets := append(slices.Collect(maps.Values(w.Headers)), w.Secret)
	id := ""
	if had == nil {
		fields := e.hookFields(w, catalog.Secret{})
		fields["event"] = w.Topic
		if w.Rule == "" {
			delete(fields, "rule")
		}
		c := change{op: op, method: post, path: "/webhooks/subscribe", fields: fields, secrets: secrets, look: look}
		a, err := e.write(ctx, c)
		if err != nil {
			return catalog.Subscription{}, err
		}
		var n webhookNode
		if raw, err := a.object(op); err == nil {
			_, _ = decode(raw, &n) // the list is the truth
		}
		if id = idText(n.ID); id == "" {
			return made, e.unknown(c, "it succeeded, but its answer names no webhook", nil)
		}
		if made.ID = id; w.Secret.IsZero() {
			return made, nil
		}
	} else {
		id = had.ID
	}
	fields := e.hookFields(w, w.Secret)
	switch {
	case !w.Secret.IsZero():
		fields["security_strategy"], fields["secret"] = string(SchemeSignature), w.Secret.Reveal()
	case had != nil && strings.Contains(had.mark, ":"):
		fields["security_strategy"] = nil // it has a secret that is not wanted
	}
	_, err := e.write(ctx, change{op: op, method: put, path: "/webhooks/" + id, fields: fields, secrets: secrets, look: look})
	switch {
	case err == nil:
		made.ID = id
	case had == nil:
		err = withHint(err, "the webhook was made without its secret; EnsureSubscriptions writes it the next time")
	default:
		return catalog.Subscription{}, err
	}
	return made, err
}

// hookFields is what can be written of a webhook. Headers are a list to Salla
// and a map from it.
func (e *Engine) hookFields(w catalog.Subscription, secret catalog.Secret) map[string]any {
	headers := []any{map[string]string{"key": markHeader, "value": e.adapter.mark(secret)}}
	for _, name := range slices.Sorted(maps.Keys(w.Headers)) {
		headers = append(headers, map[string]string{"key": name, "value": w.Headers[name].Reveal()})
	}
	fields := map[string]any{"url": w.URL, "version": json.Number(w.Version), "rule": w.Rule, "headers": headers}
	if w.Name != "" {
		fields["name"] = w.Name
	}
	return fields
}
