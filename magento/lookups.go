package magento

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// lookups are what an engine remembers of the store for a while: merchants
// change it rarely.
type lookups struct {
	view      remembered[struct{}, *viewNode]
	website   remembered[string, string]
	attribute remembered[string, *attributeNode]
	category  remembered[string, string]
	parents   remembered[struct{}, map[string][]string]
}

const lookupsLast = 10 * time.Minute

// remembered keeps what was read, and has it read once however many ask. The
// zero value is ready.
type remembered[K comparable, V any] struct {
	last  time.Duration // how long; 0 = lookupsLast
	mu    sync.Mutex
	found map[K]found[V]
	under map[K]*reading[V]
}

var errUnread = errors.New("the look-up ended without a result")

type found[V any] struct {
	value V
	read  time.Time
}

type reading[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// get returns what is remembered of the key, or reads it.
func (m *remembered[K, V]) get(ctx context.Context, key K, read func(context.Context, K) (V, error)) (V, error) {
	m.mu.Lock()
	if f, ok := m.found[key]; ok && time.Since(f.read) < cmp.Or(m.last, lookupsLast) {
		m.mu.Unlock()
		return f.value, nil
	}
	r, under := m.under[key]
	if !under {
		r = &reading[V]{done: make(chan struct{})}
		if m.under == nil {
			m.under = map[K]*reading[V]{}
		}
		m.under[key] = r
	}
	m.mu.Unlock()
	if under {
		select {
		case <-r.done:
		case <-ctx.Done():
			var none V
			return none, ctx.Err()
		}
		if r.err != nil && ctx.Err() == nil { // whoever read may have been called off
			return read(ctx, key)
		}
		return r.value, r.err
	}
	defer func() {
		if r.err == nil {
			m.keep(key, r.value)
		}
		m.mu.Lock()
		delete(m.under, key)
		m.mu.Unlock()
		close(r.done)
	}()
	r.err = errUnread // also when read ends its goroutine
	r.value, r.err = read(ctx, key)
	return r.value, r.err
}

// known returns what is remembered of the key.
func (m *remembered[K, V]) known(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.found[key]
	return f.value, ok && time.Since(f.read) < cmp.Or(m.last, lookupsLast)
}

// keep remembers what was read in another way.
func (m *remembered[K, V]) keep(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil {
		m.found = map[K]found[V]{}
	}
	m.found[key] = found[V]{value, time.Now()}
}

// viewOf reads what the view says of itself. Without the permission it is nil.
func (e *Engine) viewOf(ctx context.Context) (*viewNode, error) {
	return e.lookups.view.get(ctx, struct{}{}, func(ctx context.Context, _ struct{}) (*viewNode, error) {
		raw, err := e.readView(ctx, "get store view")
		if err != nil {
			return nil, allowed(err)
		}
		c := single(raw, viewReader)
		return &c.node, c.err
	})
}

// allowed passes over a missing permission.
func allowed(err error) error {
	if catalog.KindOf(err) == catalog.ErrForbidden {
		return nil
	}
	return err
}

// websiteCode finds the code of the website with this id, "" where there is
// none.
func (e *Engine) websiteCode(ctx context.Context, id string) (string, error) {
	return e.lookups.website.get(ctx, id, func(ctx context.Context, id string) (string, error) {
		const op = "get website"
		a, err := e.get(ctx, call{op: op, path: "/store/websites", list: atRoot, proven: true})
		if err != nil {
			return "", err
		}
		for _, raw := range a.page.Items {
			var n websiteNode
			if _, err := decode(raw, &n); err == nil && n.ID == id {
				return n.Code, nil
			}
		}
		return "", nil
	})
}

// attributesOf reads the definitions of product attributes by their ids or
// codes. What is not there, or not allowed to be seen, is nil.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/configurable-product
func (e *Engine) attributesOf(ctx context.Context, names map[string]bool) (map[string]*attributeNode, error) {
	all := make(map[string]*attributeNode, len(names))
	wanted := slices.Sorted(maps.Keys(names))
	i := 0
	for n, err := range transport.InOrder(ctx, wanted, defaultMost, func(ctx context.Context, name string) (*attributeNode, error) {
		return e.lookups.attribute.get(ctx, name, e.readAttribute)
	}) {
		if err != nil {
			return nil, err
		}
		all[wanted[i]] = n
		i++
	}
	return all, nil
}

func (e *Engine) readAttribute(ctx context.Context, name string) (*attributeNode, error) {
	const op = "get product attribute"
	a, err := e.get(ctx, call{op: op, path: "/products/attributes/" + oauth1.Encode(name), proven: true})
	switch catalog.KindOf(err) {
	case "":
	case catalog.ErrNotFound, catalog.ErrForbidden:
		return nil, nil
	default:
		return nil, err
	}
	var n attributeNode
	raw, err := a.object(op)
	if err == nil {
		_, err = decode(raw, &n)
	}
	return &n, err
}

// label returns the name of one of an attribute's values.
func (n *attributeNode) label(value string) (string, bool) {
	if n == nil || value == "" {
		return "", false
	}
	for _, o := range n.Options {
		if o.Value == value {
			return o.Label, true
		}
	}
	return "", false
}

// categoryNames reads the names of categories, together those that are not
// remembered. What is not there, or not allowed to be seen, has none.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) categoryNames(ctx context.Context, ids map[string]bool) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	var unknown []string
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if name, ok := e.lookups.category.known(id); ok {
			names[id] = name
		} else if checkID("", "", id) == nil {
			unknown = append(unknown, id)
		}
	}
	for chunk := range slices.Chunk(unknown, batch) {
		c := call{op: "list categories", path: "/categories/list", proven: true}
		rows, err := e.named(ctx, c, []group{oneOf("entity_id", chunk)}, len(chunk), "entity_id")
		if allowed(err) != nil {
			return nil, err
		}
		for _, raw := range rows {
			var n categoryNode
			if _, err := decode(raw, &n); err == nil {
				names[n.ID] = n.Name
			}
		}
		for _, id := range chunk {
			e.lookups.category.keep(id, names[id])
		}
	}
	return names, nil
}
