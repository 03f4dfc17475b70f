package salla

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// orderStatuses are the states an order can be in, by slug. The pages list
// some with a slug nobody has seen in an answer; they are taken as listed.
// https://docs.salla.dev/5394150e0
var orderStatuses = map[string]catalog.OrderStatus{
	"payment_pending": catalog.OrderPending, "under_review": catalog.OrderPending,
	"waiting_for_payment_confirmation": catalog.OrderPending,
	"in_progress":                      catalog.OrderOpen, "waiting to receive it": catalog.OrderOpen, "restoring": catalog.OrderOpen,
	"shipped": catalog.OrderShipped, "delivering": catalog.OrderShipped,
	"delivered": catalog.OrderCompleted, "completed": catalog.OrderCompleted,
	"canceled": catalog.OrderCancelled, "restored": catalog.OrderRefunded, "payment_failed": catalog.OrderFailed,
}

// originals are the ids of Salla's own statuses, the same in every store.
var originals = map[string]string{
	"1473353380": "payment_pending", "566146469": "under_review", "1939592358": "in_progress",
	"1298199463": "completed", "349994915": "delivering", "1723506348": "delivered",
	"814202285": "shipped", "525144736": "canceled", "989286562": "restored", "1548352431": "restoring",
}

// slug finds what a status stands for: by its slug, its id, the original it
// was made from, or its parent. "" when only the store's own list can tell.
func (s *statusNode) slug() string {
	if s.Slug != "" {
		return s.Slug
	}
	for _, id := range []number{s.ID, idOf(s.Original), idOf(s.Parent)} {
		if slug, ok := originals[string(id)]; ok {
			return slug
		}
	}
	return ""
}

func idOf(m maybe[refNode]) number {
	if m.value == nil {
		return ""
	}
	return m.value.ID
}

// statusCache remembers a store's statuses for a while: merchants change them
// rarely.
type statusCache struct {
	mu    sync.Mutex
	table map[string]string // id -> slug
	read  time.Time
	under *statusRead // a read under way
}

type statusRead struct {
	done  chan struct{}
	table map[string]string
	err   error
}

const statusesLast = 10 * time.Minute

// statusTable returns the slug each status of the store stands for, by id.
// https://docs.salla.dev/5394150e0
func (e *Engine) statusTable(ctx context.Context) (map[string]string, error) {
	c := &e.statuses
	c.mu.Lock()
	if c.table != nil && time.Since(c.read) < statusesLast {
		defer c.mu.Unlock()
		return c.table, nil
	}
	r := c.under
	mine := r == nil
	if mine {
		r = &statusRead{done: make(chan struct{})}
		c.under = r
	}
	c.mu.Unlock()
	if !mine {
		select {
		case <-r.done:
		case <-ctx.Done():
			return nil, transport.CalledOff(Platform, "list order statuses", transport.Ended(ctx))
		}
		if r.err != nil { // whoever read may have been called off
			return e.readStatuses(ctx)
		}
		return r.table, nil
	}
	r.table, r.err = e.readStatuses(ctx)
	c.mu.Lock()
	if c.under = nil; r.err == nil {
		c.table, c.read = r.table, time.Now()
	}
	c.mu.Unlock()
	close(r.done)
	return r.table, r.err
}

func (e *Engine) readStatuses(ctx context.Context) (map[string]string, error) {
	rows, err := e.everything(ctx, call{op: "list order statuses", path: "/orders/statuses"})
	if err != nil {
		return nil, err
	}
	table := make(map[string]string, len(rows))
	var custom []statusNode
	for _, raw := range rows {
		var s statusNode
		if _, err := decode(raw, &s); err != nil {
			continue // an entry that cannot be read names no status
		}
		if slug := s.slug(); slug != "" {
			table[string(s.ID)] = slug
		} else {
			custom = append(custom, s)
		}
	}
	for _, s := range custom { // made from another of the store's own
		for _, id := range []number{idOf(s.Original), idOf(s.Parent)} {
			if slug := table[string(id)]; slug != "" && table[string(s.ID)] == "" {
				table[string(s.ID)] = slug
			}
		}
	}
	return table, nil
}

// statusIDs returns the ids of all statuses that mean one of the wanted, to
// filter by: Salla's own and the store's.
func (e *Engine) statusIDs(ctx context.Context, wanted []catalog.OrderStatus) ([]string, error) {
	table, err := e.statusTable(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, statuses := range []map[string]string{originals, table} {
		for id, slug := range statuses {
			if slices.Contains(wanted, orderStatuses[slug]) {
				ids = append(ids, id)
			}
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(a, b) })
	return slices.Compact(ids), nil
}

// statusOf normalises an order's status.
func (r *reader) statusOf(n *orderNode) (catalog.OrderStatus, string) {
	s := take(r, "status", n.Status)
	if s == nil {
		return "", ""
	}
	slug := n.slug
	if slug == "" {
		slug = s.slug()
	}
	if slug == "" {
		r.Add("status", only, "a status of the store's own that stands for none of Salla's", string(s.ID))
		return catalog.OrderStatusUnknown, string(s.ID)
	}
	return transport.Word(&r.Notes, "status.slug", only, slug, orderStatuses, catalog.OrderStatusUnknown), slug
}
