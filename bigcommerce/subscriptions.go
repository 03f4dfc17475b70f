package bigcommerce

import (
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
	"github.com/soukhq/souk/catalog/transport"
)

// hookNode is a webhook. Its headers are told to the API account that made it,
// and to nobody else.
// https://developer.bigcommerce.com/docs/rest-management/webhooks
type hookNode struct {
	ID          int64             `json:"id"`
	Scope       string            `json:"scope"`
	Destination string            `json:"destination"`
	Headers     map[string]string `json:"-"`
	Active      bool              `json:"is_active"`
}

func (n hookNode) model() catalog.Subscription {
	s := catalog.Subscription{ID: idText(n.ID), Topic: n.Scope, URL: n.Destination, Active: n.Active}
	for name, value := range n.Headers {
		if s.Headers == nil {
			s.Headers = map[string]catalog.Secret{}
		}
		s.Headers[name] = catalog.NewSecret(value)
	}
	return s
}

// Subscriptions lists the webhooks of the API account or app whose token the
// engine has, those switched off too; BigCommerce shows nobody else's.
// https://developer.bigcommerce.com/docs/rest-management/webhooks#get-all-webhooks
func (e *Engine) Subscriptions(ctx context.Context) ([]catalog.Subscription, error) {
	nodes, err := e.hooks(ctx, "list subscriptions")
	var all []catalog.Subscription
	for _, n := range nodes {
		all = append(all, n.model())
	}
	return all, err
}

func (e *Engine) hooks(ctx context.Context, op string) ([]hookNode, error) {
	rows, err := e.everything(ctx, call{op: op, path: "/v3/hooks", list: inData}, mostRows)
	if err != nil {
		return nil, err
	}
	var all []hookNode
	for _, raw := range rows {
		n, err := readHook(raw)
		if err != nil {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a webhook cannot be read", Err: err}
		}
		all = append(all, n)
	}
	return all, nil
}

// readHook reads a webhook, whose headers are an object, null or an empty list.
func readHook(raw json.RawMessage) (n hookNode, err error) {
	if _, err = transport.Decode(raw, &n); err != nil {
		return n, err
	}
	headers, err := transport.Field(raw, "headers")
	if err == nil && len(headers) > 0 && headers[0] == '{' {
		err = json.Unmarshal(headers, &n.Headers)
	}
	return n, err
}

var (
	scopeOfHook = regexp.MustCompile(`^store/[A-Za-z0-9_*/.-]{1,200}$`)
	headerName  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$")
)

// wantedHook checks a desired subscription and writes it BigCommerce's way.
func wantedHook(op string, i int, s catalog.Subscription) (hookNode, error) {
	at := func(name string) string { return strconv.Itoa(i) + "." + name }
	n := hookNode{Scope: s.Topic, Destination: s.URL, Active: true}
	u, err := url.Parse(s.URL)
	switch {
	case !scopeOfHook.MatchString(s.Topic):
		return n, invalid(op, at("Topic"), `it is not a scope such as "store/order/created" or "store/order/*"`)
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Port() != "" && u.Port() != "443":
		return n, invalid(op, at("URL"), "it must be an https address on port 443")
	case s.Name != "":
		return n, catalog.Unsupported(Platform, op+" with a name", "tell subscriptions apart by topic and address")
	case s.Rule != "":
		return n, catalog.Unsupported(Platform, op+" with a rule", "choose a finer topic, or look at the events")
	case s.Version != "":
		return n, catalog.Unsupported(Platform, op+" with a version", "payloads have one form")
	case !s.Secret.IsZero():
		return n, catalog.Unsupported(Platform, op+" with a secret", "BigCommerce signs with the client secret: Config.ClientSecret; a secret of your own goes into Headers")
	}
	for name, value := range s.Headers {
		if !headerName.MatchString(name) || value.IsZero() || strings.ContainsAny(value.Reveal(), "\r\n\x00") {
			return n, invalid(op, at("Headers"), "a header's name or value cannot be sent")
		}
		if n.Headers == nil {
			n.Headers = map[string]string{}
		}
		n.Headers[name] = value.Reveal()
	}
	return n, nil
}

func wantedHooks(op string, desired []catalog.Subscription) ([]hookNode, error) {
	var wanted []hookNode
	for i, s := range desired {
		n, err := wantedHook(op, i, s)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(wanted, n.sameTarget) {
			return nil, invalid(op, strconv.Itoa(i), "another one has the same topic and address")
		}
		wanted = append(wanted, n)
	}
	return wanted, nil
}

// EnsureSubscriptions makes the webhooks of the API account or app equal to
// desired and returns what it changed, also beside an error. One whose address
// or headers were edited is changed back, one that was switched off, as after
// ninety days without an event, is switched on, one that is missing is made
// again, one too many removed. Name, Rule, Version and Secret are
// errors.ErrUnsupported; Headers are sent with each delivery. A new webhook
// takes up to a minute to work. Do not have a wildcard topic beside one it
// covers: each would deliver.
//
// It reads before it writes and sets a state: it may be repeated at any time,
// and that is what to do after ErrOutcomeUnknown.
// https://developer.bigcommerce.com/docs/integrations/webhooks
func (e *Engine) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (changes catalog.SubscriptionChanges, err error) {
	const op = "ensure subscriptions"
	wanted, err := wantedHooks(op, desired)
	if err != nil {
		return changes, err
	}
	present, err := e.hooks(ctx, op)
	if err != nil {
		return changes, err
	}
	find := func(ctx context.Context) (catalog.Outcome, error) { return e.lookAtHooks(ctx, "confirm "+op, wanted) }
	pairs, surplus := pairHooks(wanted, present)
	// What is too many goes first: it may hold an address that is wanted.
	for _, n := range surplus {
		_, err := e.write(ctx, call{op: op, method: http.MethodDelete, path: "/v3/hooks/" + idText(n.ID)}, nil, find)
		if err != nil && catalog.KindOf(err) != catalog.ErrNotFound {
			return changes, err
		}
		changes.Removed = append(changes.Removed, n.model())
	}
	for i, n := range wanted {
		had := pairs[i]
		if had != nil && had.equal(n) {
			continue
		}
		c, list := call{op: op, method: http.MethodPost, path: "/v3/hooks"}, &changes.Created
		if had != nil {
			c.method, c.path, list = http.MethodPut, "/v3/hooks/"+idText(had.ID), &changes.Updated
		}
		c.secrets = slices.Collect(maps.Values(desired[i].Headers))
		a, err := e.write(ctx, c, n.fields(had), find)
		if kind := catalog.KindOf(err); had == nil && (kind == catalog.ErrInvalid || kind == catalog.ErrConflict) {
			// The address may have been taken a moment ago, by this app elsewhere.
			if present, again := e.hooks(ctx, op); again == nil && slices.ContainsFunc(present, n.equal) {
				continue
			}
		}
		if err != nil {
			return changes, err
		}
		if made, err := readHook(a.page.Field("data")); err == nil {
			n.ID = made.ID
		}
		*list = append(*list, n.model())
	}
	return changes, nil
}

// fields are what is sent of a webhook. Headers that it has and should not are
// taken away; one that never had any is sent none.
func (n hookNode) fields(had *hookNode) map[string]any {
	fields := map[string]any{"scope": n.Scope, "destination": n.Destination, "is_active": true}
	if len(n.Headers) > 0 {
		fields["headers"] = n.Headers
	} else if had != nil && len(had.Headers) > 0 {
		fields["headers"] = map[string]string{}
	}
	return fields
}

// lookAtHooks says whether the webhooks are those wanted.
func (e *Engine) lookAtHooks(ctx context.Context, op string, wanted []hookNode) (catalog.Outcome, error) {
	present, err := e.hooks(ctx, op)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	pairs, surplus := pairHooks(wanted, present)
	for i, n := range wanted {
		if pairs[i] == nil || !pairs[i].equal(n) {
			return catalog.OutcomeNotDone, nil
		}
	}
	if len(surplus) > 0 {
		return catalog.OutcomeNotDone, nil
	}
	return catalog.OutcomeDone, nil
}

// pairHooks finds, for each wanted webhook, the one to keep or to change: the
// same, else one of the same target, else of the same scope. What is left over
// is surplus.
func pairHooks(wanted, present []hookNode) (pairs map[int]*hookNode, surplus []hookNode) {
	return transport.Pair(wanted, present, hookNode.equal, hookNode.sameTarget, func(a, b hookNode) bool { return a.Scope == b.Scope })
}

func (n hookNode) sameTarget(other hookNode) bool {
	return n.Scope == other.Scope && n.Destination == other.Destination
}

// equal says that what is there needs no change. Names of headers have no case.
func (n hookNode) equal(other hookNode) bool {
	return n.sameTarget(other) && n.Active == other.Active && maps.Equal(folded(n.Headers), folded(other.Headers))
}

func folded(headers map[string]string) map[string]string {
	all := make(map[string]string, len(headers))
	for name, value := range headers {
		all[strings.ToLower(name)] = value
	}
	return all
}
