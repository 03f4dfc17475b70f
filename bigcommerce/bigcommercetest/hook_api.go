package bigcommercetest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

func hookRoutes() []route {
	return []route{
		{method: get, pattern: "v3/hooks", params: paging + "is_active scope destination", serve: listHooks},
		{method: post, pattern: "v3/hooks", serve: createHook},
		{method: get, pattern: "v3/hooks/admin", params: paging + "is_active", serve: hookAdmin},
		{method: put, pattern: "v3/hooks/admin", serve: setHookAdmin},
		{method: get, pattern: "v3/hooks/*", serve: getHook},
		{method: put, pattern: "v3/hooks/*", serve: updateHook},
		{method: del, pattern: "v3/hooks/*", serve: deleteHook},
	}
}

func (w *writer) hook(k string, s *Store, h *Hook, status bool) {
	w.obj(k)
	w.id("id", h.ID)
	w.str("client_id", h.ClientID)
	w.str("store_hash", s.cfg.StoreHash)
	w.str("scope", h.Scope)
	w.str("destination", h.Destination)
	if h.Headers == nil {
		w.null("headers")
	} else {
		w.obj("headers")
		for _, name := range slices.Sorted(maps.Keys(h.Headers)) {
			w.name(name)
			w.b = appendText(w.b, h.Headers[name], false)
		}
		w.end()
	}
	w.flag("is_active", h.Active)
	w.id("created_at", h.CreatedAt.Unix())
	w.id("updated_at", h.UpdatedAt.Unix())
	if status {
		switch {
		case h.Deactivated:
			w.str("status", "deactivated")
		case h.Active:
			w.str("status", "active")
		default:
			w.str("status", "inactive")
		}
	}
	w.end()
}

// ownHooks are those of the client that asks.
func (c *call) ownHooks() []Hook {
	return slices.DeleteFunc(c.store.Hooks(), func(h Hook) bool { return h.ClientID != c.account.ClientID })
}

func (c *call) chosenHooks() ([]Hook, bool) {
	f := &filterReader{c: c}
	active := f.flag("is_active")
	if f.failed() {
		return nil, false
	}
	return slices.DeleteFunc(c.ownHooks(), func(h Hook) bool {
		return active != nil && h.Active != *active || f.text("scope") != "" && h.Scope != f.text("scope") ||
			f.text("destination") != "" && h.Destination != f.text("destination")
	}), true
}

func listHooks(c *call) {
	if list, ok := c.chosenHooks(); ok {
		few(c, list, maxLimit, func(w *writer, h *Hook) { w.hook("", c.store, h, false) })
	}
}

func (c *call) noHook() {
	c.fail(http.StatusNotFound, "Webhook with id ["+c.args[0]+"] not found")
}

// ownHook finds the hook of the path; false after it has answered 404. The
// store's mu is held.
func (c *call) ownHook() (*Hook, bool) {
	id, err := strconv.ParseInt(c.args[0], 10, 64)
	h := c.store.hooks.find(id)
	if err != nil || h == nil || h.ClientID != c.account.ClientID {
		if c.args[0] == "events" {
			c.violation("the list of events was taken out of the API")
		}
		c.noHook()
		return nil, false
	}
	return h, true
}

func getHook(c *call) {
	s := c.store
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks.expire(s.now())
	if h, ok := c.ownHook(); ok {
		c.data(func(w *writer) { w.hook("data", s, h, false) })
	}
}

// fill copies what was sent.
func (h *Hook) fill(in input) {
	in.set(map[string]*string{"scope": &h.Scope, "destination": &h.Destination})
	if in.has("is_active") {
		h.Active = in.flag("is_active")
		h.Deactivated = h.Deactivated && !h.Active
	}
	if _, sent := in["headers"]; sent { // the list replaces, null takes all away
		h.Headers = map[string]string{}
		for name := range in.object("headers") {
			h.Headers[name] = in.object("headers").text(name)
		}
	}
}

func (h *Hook) equal(o *Hook) bool {
	return h.Scope == o.Scope && h.Destination == o.Destination && h.Active == o.Active && maps.Equal(h.Headers, o.Headers)
}

// hookEffect is effect with the store's mu held.
func (c *call) hookEffect(id int64) {
	c.store.effects = append(c.store.effects, Effect{c.request(), "hook", id, c.store.now()})
}

// wrong says what keeps a hook from being stored. The store's mu is held.
func (b *hookBook) wrong(h *Hook) (title string, fields map[string]string) {
	if why := wrongDestination(h.Destination); why != "" {
		return msgBadJSON, map[string]string{"destination": why}
	}
	if !slices.Contains(scopes, h.Scope) {
		return "The scope is not valid", map[string]string{"scope": "unknown scope " + h.Scope}
	}
	same := 0
	for _, o := range b.list {
		if o.ID == h.ID || o.ClientID != h.ClientID || o.Scope != h.Scope {
			continue
		}
		if same++; o.Destination == h.Destination {
			return "A webhook for this scope and destination exists already", map[string]string{"destination": "is a duplicate"}
		}
	}
	most := 10
	if h.Scope == "store/hook/deliveryException" {
		most = 1
	}
	if same >= most {
		return fmt.Sprintf("There are %d webhooks for this scope already", same), map[string]string{"scope": "has too many webhooks"}
	}
	return "", nil
}

func createHook(c *call) {
	in, ok := c.input("scope destination is_active headers events_history_enabled")
	if !ok {
		return
	}
	if _, gone := in["events_history_enabled"]; gone {
		c.violation("events_history_enabled was taken out of the API")
	}
	s := c.store
	now := s.stamp()
	h := &Hook{ID: 18_048_287 + s.partID(), ClientID: c.account.ClientID, Active: true, CreatedAt: now, UpdatedAt: now, LastEvent: now,
		secret: c.account.ClientSecret}
	h.fill(in)
	s.mu.Lock()
	defer s.mu.Unlock()
	if title, fields := s.hooks.wrong(h); title != "" {
		c.failWith(http.StatusUnprocessableEntity, title, fields)
		return
	}
	s.hooks.list = append(s.hooks.list, h)
	c.hookEffect(h.ID)
	c.data(func(w *writer) { w.hook("data", s, h, false) })
}

func updateHook(c *call) {
	in, ok := c.input("scope destination is_active headers events_history_enabled")
	if !ok {
		return
	}
	if len(in) == 0 {
		c.failWith(http.StatusUnprocessableEntity, msgBadJSON, map[string]string{"": "At least one field is required"})
		return
	}
	s := c.store
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := c.ownHook()
	if !ok {
		return
	}
	next := h.clone()
	next.fill(in)
	if title, fields := s.hooks.wrong(&next); title != "" {
		c.failWith(http.StatusUnprocessableEntity, title, fields)
		return
	}
	if !next.equal(h) {
		next.UpdatedAt = s.stamp()
		c.hookEffect(h.ID)
	}
	if next.Active && !h.Active {
		next.LastEvent = next.UpdatedAt // the 90 days begin again
	}
	*h = next
	c.data(func(w *writer) { w.hook("data", s, h, false) })
}

func deleteHook(c *call) {
	s := c.store
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := c.ownHook()
	if !ok {
		return
	}
	s.hooks.list = slices.DeleteFunc(s.hooks.list, func(o *Hook) bool { return o == h })
	c.hookEffect(h.ID)
	c.data(func(w *writer) { w.hook("data", s, h, false) })
}

func hookAdmin(c *call) {
	list, ok := c.chosenHooks()
	if !ok {
		return
	}
	number, size, ok := c.window(maxLimit)
	if !ok {
		return
	}
	p := newPage(number, size, len(list))
	s := c.store
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	c.ok(func(w *writer) {
		w.obj("")
		w.obj("data")
		w.texts("emails", s.hooks.emails)
		w.arr("hooks_list")
		for i := p.from; i < p.to; i++ {
			w.hook("", s, &list[i], true)
		}
		w.endArr()
		w.arr("blocked_domains")
		for _, host := range slices.Sorted(maps.Keys(s.hooks.domains)) {
			d := s.hooks.domains[host]
			if now.Before(d.blockedUntil) {
				w.obj("")
				w.str("destination", host)
				w.id("time_left", int64((d.blockedUntil.Sub(now)+time.Second-1)/time.Second))
				w.raw("reasons", "[]")
				w.end()
			}
		}
		w.endArr()
		w.end()
		w.obj("meta")
		c.pagination(w, p)
		w.end()
		w.end()
	})
}

func setHookAdmin(c *call) {
	in, ok := c.input("emails")
	if !ok {
		return
	}
	c.store.mu.Lock()
	c.store.hooks.emails = in.texts("emails")
	c.store.mu.Unlock()
	c.none()
}
