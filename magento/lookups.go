package magento

import (
	"cmp"
	"context"
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
			m.under, m.found = map[K]*reading[V]{}, map[K]found[V]{}
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
		m.mu.Lock()
		delete(m.under, key)
		if r.err == nil {
			m.found[key] = found[V]{r.value, time.Now()}
		}
		m.mu.Unlock()
		close(r.done)
	}()
	r.value, r.err = read(ctx, key)
	return r.value, r.err
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
