package bigcommercetest

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// idleLife is how long a hook lives without an event.
const idleLife = 90 * 24 * time.Hour

// Hook is a webhook registered through the API.
type Hook struct {
	ID          int64
	ClientID    string // of the account that made it
	Scope       string
	Destination string
	Headers     map[string]string
	Active      bool
	// Deactivated says that the platform switched it off: after failures or 90
	// days without an event.
	Deactivated bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
	LastEvent   time.Time // when the latest event was sent; CreatedAt before the first

	secret string // of the account
}

func (h Hook) clone() Hook {
	h.Headers = maps.Clone(h.Headers)
	return h
}

// hookBook keeps hooks, what waits to be delivered and who is blocked. It is
// guarded by the store's mu.
type hookBook struct {
	list    []*Hook
	emails  []string
	queue   []queued
	domains map[string]*domain
}

type queued struct {
	hook  Hook // as it was when the event happened
	event Event
}

// domain is how deliveries to a host went lately.
type domain struct {
	tries        []try
	blockedUntil time.Time
}

type try struct {
	at time.Time
	ok bool
}

func (b *hookBook) enqueue(e Event) {
	for _, h := range b.list {
		if h.Active && covers(h.Scope, e.Scope) {
			h.LastEvent = e.CreatedAt
			b.queue = append(b.queue, queued{h.clone(), e})
		}
	}
}

// expire switches hooks off that had no event for 90 days.
func (b *hookBook) expire(now time.Time) {
	for _, h := range b.list {
		if h.Active && now.Sub(h.LastEvent) > idleLife {
			h.Active, h.Deactivated = false, true
		}
	}
}

func (b *hookBook) find(id int64) *Hook {
	i := slices.IndexFunc(b.list, func(h *Hook) bool { return h.ID == id })
	if i < 0 {
		return nil
	}
	return b.list[i]
}

// note counts a delivery and blocks the domain where fewer than nine tenths of
// at least 100 within two minutes worked.
func (b *hookBook) note(destination string, now time.Time, ok bool) (blocked bool) {
	d := b.domain(destination)
	d.tries = append(d.tries, try{now, ok})
	d.tries = slices.DeleteFunc(d.tries, func(t try) bool { return now.Sub(t.at) > 2*time.Minute })
	good := 0
	for _, t := range d.tries {
		good += btoi(t.ok)
	}
	if len(d.tries) >= 100 && good*10 < len(d.tries)*9 && !now.Before(d.blockedUntil) {
		d.blockedUntil = now.Add(3 * time.Minute)
		d.tries = nil
		return true
	}
	return false
}

func (b *hookBook) domain(destination string) *domain {
	host := destination
	if u, err := url.Parse(destination); err == nil {
		host = u.Hostname()
	}
	if b.domains == nil {
		b.domains = map[string]*domain{}
	}
	d := b.domains[host]
	if d == nil {
		d = &domain{}
		b.domains[host] = d
	}
	return d
}

// Hooks returns the webhooks registered through the API, oldest first, of every
// account.
func (s *Store) Hooks() []Hook {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks.expire(s.now())
	out := make([]Hook, len(s.hooks.list))
	for i, h := range s.hooks.list {
		out[i] = h.clone()
	}
	return out
}

// Uninstall takes the app out of the store: it fires store/app/uninstalled,
// then the tokens the install flow granted and the app's hooks are gone. The
// token of the store's API account stays.
func (s *Store) Uninstall() {
	s.fire("store/app/uninstalled", `{"type":"store"}`)
	s.server.auth.drop(s, func(a *account) bool { return a.grant })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks.list = slices.DeleteFunc(s.hooks.list, func(h *Hook) bool { return h.ClientID == s.server.cfg.ClientID })
}

// wrongDestination says why a destination is refused; "" when it is not.
func wrongDestination(text string) string {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return "error.path.missing"
	case err != nil || u.Scheme != "https" || u.Hostname() == "":
		return "The destination must be an https URL"
	case u.Port() != "" && u.Port() != "443":
		return "The destination must be served on port 443"
	case strings.EqualFold(u.Hostname(), "localhost"):
		return "The destination must be reachable"
	}
	return ""
}
