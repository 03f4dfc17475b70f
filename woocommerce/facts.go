package woocommerce

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// How long what a store says of itself is believed: its settings, and which
// routes its version has.
const (
	settingsFor = 15 * time.Minute
	routesFor   = 24 * time.Hour
)

// mostStores bounds how many stores' facts are remembered.
const mostStores = 4096

// knowledge remembers the facts of stores for all engines of an adapter. The
// zero value is empty. It is safe for concurrent use.
type knowledge struct {
	mu     sync.Mutex
	stores map[string]*facts
}

func (k *knowledge) of(store string) *facts {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f := k.stores[store]; f != nil {
		return f
	}
	if len(k.stores) >= mostStores || k.stores == nil {
		k.stores = map[string]*facts{} // engines keep theirs; the rest is asked for again
	}
	f := &facts{index: newKnown[index](settingsFor), settings: newKnown[settings](settingsFor), variations: newKnown[bool](routesFor), decimals: newKnown[int](settingsFor)}
	k.stores[store] = f
	return f
}

// facts are what is known of one store. They are safe for concurrent use.
type facts struct {
	index    *known[index]
	settings *known[settings]
	// variations says whether the store has a list of all variations.
	variations *known[bool]
	// decimals is how many digits after the point the store's prices have.
	decimals *known[int]
}

// known is a value that is asked for by one caller at a time.
type known[T any] struct {
	turn  chan struct{}
	keep  time.Duration
	value T
	at    time.Time
}

func newKnown[T any](keep time.Duration) *known[T] {
	return &known[T]{turn: make(chan struct{}, 1), keep: keep}
}

// get returns the value, asking for it when it is unknown or old.
func (k *known[T]) get(ctx context.Context, op string, ask func(context.Context) (T, error)) (T, error) {
	var none T
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return none, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Err: transport.Ended(ctx)}
	}
	if !k.at.IsZero() && time.Since(k.at) < k.keep {
		return k.value, nil
	}
	value, err := ask(ctx)
	if err != nil {
		return none, err
	}
	k.value, k.at = value, time.Now()
	return value, nil
}

// peek returns the value if it is known and not old. It neither asks nor
// waits: while somebody asks, it is not known.
func (k *known[T]) peek() (T, bool) {
	var none T
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	default:
		return none, false
	}
	if k.at.IsZero() || time.Since(k.at) >= k.keep {
		return none, false
	}
	return k.value, true
}

// index is what WordPress says of the site, to anybody.
type index struct {
	raw  json.RawMessage
	home *url.URL // the address WordPress believes it has, without a slash at the end
	name string
	zone string // IANA name, or an offset such as +03:00
	// hidden says that the site keeps all this from strangers, as a plugin may
	// have it; home then is the address the account has.
	hidden bool
}

type indexNode struct {
	Name   string `json:"name"`
	Home   string `json:"home"`
	URL    string `json:"url"`
	Zone   string `json:"timezone_string"`
	Offset string `json:"gmt_offset"`
}

// index reads the root of the site's REST API, which needs no key.
// https://developer.wordpress.org/rest-api/extending-the-rest-api/routes-and-endpoints/
func (e *Engine) index(ctx context.Context, op string) (index, error) {
	return e.facts.index.get(ctx, op, func(ctx context.Context) (index, error) {
		address := *e.base
		address.Path += "/" + e.rest + "/"
		address.RawQuery = encodeQuery(url.Values{"_fields": {"name,description,url,home,gmt_offset,timezone_string,namespaces"}})
		a, err := e.do(ctx, call{op: op, shape: wantObject}, &transport.Request{Op: op, URL: &address,
			Header: http.Header{"Accept": {"application/json"}}, Cost: 1, Budget: e.budget})
		if kind := catalog.KindOf(err); kind == catalog.ErrUnauthorized || kind == catalog.ErrForbidden {
			return index{home: e.base, hidden: true}, nil
		}
		if err != nil {
			return index{}, err
		}
		var n indexNode
		if _, err := transport.Decode(a.body, &n); err != nil {
			return index{}, badAnswer(op, "the site's description cannot be read")
		}
		home, err := parseStore(op, n.Home)
		if err != nil { // a form that no address of a store has
			home = e.base
		}
		i := index{raw: a.body, home: home, name: html.UnescapeString(n.Name), zone: n.Zone}
		if i.zone == "" {
			i.zone = offsetName(n.Offset)
		}
		return i, nil
	})
}

// offsetName writes an offset in hours, such as "5.5", as a zone.
func offsetName(hours string) string {
	d, err := time.ParseDuration(hours + "h")
	if err != nil {
		return ""
	}
	return time.Unix(0, 0).In(time.FixedZone("", int(d.Seconds()))).Format("-07:00")
}

// home is the address to sign for; nil where nothing is signed.
func (e *Engine) home(ctx context.Context, op string) (*url.URL, error) {
	if !e.auth.signs() {
		return nil, nil
	}
	c, err := e.credentials.Credential(ctx)
	if err == nil {
		err = usable(c)
	}
	if err != nil {
		return nil, e.credentialError(op, err)
	}
	i, err := e.index(ctx, op)
	return i.home, err
}

// credentialError names the platform and the call in a source's error.
func (e *Engine) credentialError(op string, err error) error {
	kind := catalog.KindOf(err)
	if kind == "" {
		kind = catalog.ErrUnauthorized
	}
	return &catalog.Error{Platform: Platform, Op: op + ": credential", Kind: kind, Err: err}
}

// settings are what products need to know of the store.
type settings struct {
	currency, weightUnit string
	taxesIncluded        bool
}

type settingNode struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

var settingFields = url.Values{"_fields": {"id,value"}}

// settings reads the store's currency and units.
func (e *Engine) settings(ctx context.Context, op string) (settings, error) {
	return e.facts.settings.get(ctx, op, func(ctx context.Context) (settings, error) {
		var s settings
		var included string
		for path, into := range map[string]*string{"general/woocommerce_currency": &s.currency,
			"products/woocommerce_weight_unit": &s.weightUnit, "tax/woocommerce_prices_include_tax": &included} {
			a, err := e.send(ctx, call{op: op, path: "/settings/" + path, query: settingFields, shape: wantObject})
			if err != nil {
				return s, err
			}
			var n settingNode
			if _, err := transport.Decode(a.body, &n); err != nil {
				return s, badAnswer(op, "a setting of the store cannot be read")
			}
			*into = n.Value
		}
		s.currency, s.taxesIncluded = strings.ToUpper(s.currency), included == "yes"
		if s.currency == "" {
			return s, badAnswer(op, "the store does not tell its currency")
		}
		if s.weightUnit == "lbs" {
			s.weightUnit = "lb"
		}
		return s, nil
	})
}

// decimals reads how exact the store's prices are.
func (e *Engine) decimals(ctx context.Context, op string) (int, error) {
	return e.facts.decimals.get(ctx, op, func(ctx context.Context) (int, error) {
		a, err := e.send(ctx, call{op: op, path: "/settings/general/woocommerce_price_num_decimals", query: settingFields, shape: wantObject})
		if err != nil {
			return 0, err
		}
		var n settingNode
		_, err = transport.Decode(a.body, &n)
		digits, bad := strconv.Atoi(n.Value)
		if err != nil || bad != nil || digits < 0 || digits > mostDecimals {
			return 0, badAnswer(op, "the store does not tell how many decimals its prices have")
		}
		return digits, nil
	})
}

// mostDecimals is more than any price has.
const mostDecimals = 12

func badAnswer(op, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: message}
}

// variationsRoute is the list of all variations, which stores have since
// WooCommerce 10.3.
const variationsRoute = "/wc/v3/variations"

// hasVariations asks the store's own index of routes, once a day: stores are
// updated. One that keeps its index to itself is taken to have none.
func (e *Engine) hasVariations(ctx context.Context, op string) (bool, error) {
	return e.facts.variations.get(ctx, op, func(ctx context.Context) (bool, error) {
		a, err := e.send(ctx, call{op: op, shape: wantObject, query: url.Values{"_fields": {"routes." + variationsRoute + ".methods"}}})
		switch catalog.KindOf(err) {
		case "":
			route, err := transport.Field(a.body, "routes", variationsRoute)
			return len(route) > 0, err
		case catalog.ErrForbidden, catalog.ErrNotFound:
			return false, nil
		}
		return false, err
	})
}
