package bigcommerce

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// facts are what products do not tell, since it is the same for all of a
// store's.
type facts struct {
	currency, weightUnit string
	url                  string // without a slash at its end
	digits               int    // an amount has after the point
}

const (
	// factsLast is for how long facts and names are good: they change rarely.
	factsLast = 10 * time.Minute
	// mostFacts and mostNames bound what an adapter remembers.
	mostFacts = 1000
	mostNames = 20_000
	// mostDigits is how many digits after the point BigCommerce keeps.
	mostDigits = 4
)

// factsOfStores remembers the facts of the stores an adapter opens. The zero
// value is ready.
type factsOfStores struct {
	mu     sync.Mutex
	stores map[string]*factsOfStore
}

// of returns what is remembered of a store.
func (f *factsOfStores) of(store string) *factsOfStore {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, ok := f.stores[store]
	if !ok {
		if f.stores == nil || len(f.stores) >= mostFacts {
			f.stores = map[string]*factsOfStore{} // those in use are kept by their engines
		}
		known = &factsOfStore{}
		f.stores[store] = known
	}
	return known
}

// nameList is a list of the catalogue that names are looked up in.
type nameList string

const (
	brandNames    nameList = "brands"
	categoryNames nameList = "categories"
)

// factsOfStore remembers what is the same for many records of a store.
type factsOfStore struct {
	mu    sync.Mutex
	facts facts
	read  time.Time // when facts were; zero for never
	names map[nameList]map[int64]string
	since time.Time     // when the names began to be gathered
	under chan struct{} // closed when the reading under way is over; nil when there is none

	refunding map[string]chan struct{} // orders, each closed when its refund is over
}

// fill has read called by one caller at a time while have finds something
// missing; the others wait and look again.
func (f *factsOfStore) fill(ctx context.Context, have func() bool, read func() error) error {
	for {
		f.mu.Lock()
		if have() {
			f.mu.Unlock()
			return nil
		}
		under := f.under
		if under == nil {
			under = make(chan struct{})
			f.under = under
			f.mu.Unlock()
			defer func() { // also when read panics
				f.mu.Lock()
				f.under = nil
				f.mu.Unlock()
				close(under)
			}()
			return read()
		}
		f.mu.Unlock()
		select {
		case <-under:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// storeFacts returns the facts of the engine's store.
func (e *Engine) storeFacts(ctx context.Context, op string) (found facts, err error) {
	f := e.facts
	have := func() bool {
		found = f.facts
		return !f.read.IsZero() && time.Since(f.read) < factsLast
	}
	err = f.fill(ctx, have, func() error {
		shop, err := e.shop(ctx, op+": get store information")
		if err != nil {
			return err
		}
		found = e.remember(shop)
		return nil
	})
	return found, err
}

// remember keeps the facts of what the store said of itself.
func (e *Engine) remember(n *storeNode) facts {
	fresh := facts{currency: strings.ToUpper(n.Currency), digits: catalog.CurrencyDigits(n.Currency), weightUnit: weightUnit(n.WeightUnits), url: strings.TrimSuffix(n.SecureURL, "/")}
	if n.Digits != nil {
		fresh.digits = int(min(max(*n.Digits, 0), mostDigits))
	}
	e.facts.mu.Lock()
	defer e.facts.mu.Unlock()
	e.facts.facts, e.facts.read = fresh, time.Now()
	return fresh
}

// weightUnit is the unit as the model writes it; the store has one for all.
func weightUnit(native string) string {
	switch strings.ToLower(native) {
	case "kgs":
		return "kg"
	case "lbs":
		return "lb"
	case "ounces":
		return "oz"
	case "grams":
		return "g"
	}
	return native
}

// namesOf returns the names of brands or categories; one that is gone has
// none.
func (e *Engine) namesOf(ctx context.Context, op string, list nameList, ids []int64) (map[int64]string, error) {
	f := e.facts
	found := map[int64]string{}
	var missing []int64
	have := func() bool {
		if time.Since(f.since) > factsLast || len(f.names[list]) > mostNames {
			f.names, f.since = map[nameList]map[int64]string{brandNames: {}, categoryNames: {}}, time.Now()
		}
		missing = missing[:0]
		for _, id := range ids {
			name, ok := f.names[list][id]
			if found[id] = name; !ok && !slices.Contains(missing, id) {
				missing = append(missing, id)
			}
		}
		return len(missing) == 0
	}
	return found, f.fill(ctx, have, func() error {
		fresh, err := e.readNames(ctx, op, list, missing)
		if err != nil {
			return err
		}
		maps.Copy(found, fresh)
		f.mu.Lock()
		defer f.mu.Unlock()
		maps.Copy(f.names[list], fresh)
		return nil
	})
}

// readNames asks for names.
// https://developer.bigcommerce.com/docs/rest-catalog/brands
func (e *Engine) readNames(ctx context.Context, op string, list nameList, ids []int64) (map[int64]string, error) {
	fresh := map[int64]string{}
	for chunk := range slices.Chunk(ids, mostIDs) {
		c := call{op: op + ": list " + string(list), path: "/v3/catalog/" + string(list), list: inData}
		rows, err := e.everything(ctx, c.with("id:in", commas(chunk), "include_fields", "name"), mostRows)
		if err != nil {
			return nil, err
		}
		for _, id := range chunk {
			fresh[id] = ""
		}
		for _, raw := range rows {
			var n struct {
				ID   int64  `json:"id"`
				Name string `json:"name"`
			}
			if _, err := transport.Decode(raw, &n); err == nil {
				fresh[n.ID] = n.Name
			}
		}
	}
	return fresh, nil
}

// mostIDs is how many ids one call asks for: what its address has room for.
// mostRows is the largest page of most lists.
const (
	mostIDs  = 250
	mostRows = 250
)

func commas(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

// gone marks what vanished between two calls.
func gone(err error) error {
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return transport.ErrGone
	}
	return err
}
