package woocommercetest

import (
	"slices"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Key is an API key of the store.
type Key struct {
	ID             int64
	ConsumerKey    string // "ck_" and 40 hex digits
	ConsumerSecret string // "cs_" and 40 hex digits
	Permissions    string // read, write or read_write
	UserID         int64  // whose rights it has
	// Role of that user: administrator and shop_manager may do everything here,
	// any other is refused with 403.
	Role        string
	Description string
	LastAccess  time.Time // zero when it was never used
}

func (k *Key) reads() bool  { return k.Permissions == "read" || k.Permissions == "read_write" }
func (k *Key) writes() bool { return k.Permissions == "write" || k.Permissions == "read_write" }
func (k *Key) manages() bool {
	return k.Role == "administrator" || k.Role == "shop_manager"
}

type keyring struct {
	mu   sync.Mutex
	list []*ringKey
	last int64
}

// ringKey is a key with the nonces the store remembers: one for each second.
type ringKey struct {
	Key
	nonces map[int64]string
}

func (r *keyring) add(k *Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = max(r.last, k.ID)
	r.list = append(r.list, &ringKey{Key: *k, nonces: map[int64]string{}})
}

// find returns a copy of the key with that consumer key, or nil.
func (r *keyring) find(consumer string) *Key {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range r.list {
		if k.ConsumerKey == consumer {
			c := k.Key
			return &c
		}
	}
	return nil
}

func (r *keyring) remove(consumer string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = slices.DeleteFunc(r.list, func(k *ringKey) bool { return k.ConsumerKey == consumer })
}

func (r *keyring) used(consumer string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range r.list {
		if k.ConsumerKey == consumer {
			k.LastAccess = at
		}
	}
}

// window is how far a timestamp may be from the store's clock, in seconds.
const window = 15 * 60

// admit notes a nonce; message says why it is refused.
func (r *keyring) admit(consumer string, timestamp int64, nonce string, now int64) (message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if timestamp < now-window || timestamp > now+window {
		return "Invalid timestamp."
	}
	for _, k := range r.list {
		if k.ConsumerKey != consumer {
			continue
		}
		for _, used := range k.nonces {
			if used == nonce {
				return "Invalid nonce - nonce has already been used."
			}
		}
		k.nonces[timestamp] = nonce
		for at := range k.nonces {
			if at < now-window {
				delete(k.nonces, at)
			}
		}
	}
	return ""
}

// AddKey makes an API key and returns it. Empty fields are made up: consumer key
// and secret, Permissions read_write, and an administrator as its user.
func (s *Server) AddKey(k Key) Key {
	s.keys.mu.Lock()
	k.ID = s.keys.last + 1
	s.keys.mu.Unlock()
	r := serverkit.NewRand(s.cfg.Seed, kindKey, int(k.ID))
	orText(&k.ConsumerKey, "ck_"+randomHex(r, 40))
	orText(&k.ConsumerSecret, "cs_"+randomHex(r, 40))
	orText(&k.Permissions, "read_write")
	orText(&k.Role, "administrator")
	if k.UserID == 0 {
		k.UserID = adminID
	}
	s.keys.add(&k)
	return k
}

// RevokeKey removes a key, as the merchant does in the admin. There is no such
// call in the API.
func (s *Server) RevokeKey(consumerKey string) { s.keys.remove(consumerKey) }

// SetKeyRole changes the role of the user a key belongs to.
func (s *Server) SetKeyRole(consumerKey, role string) {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for _, k := range s.keys.list {
		if k.ConsumerKey == consumerKey {
			k.Role = role
		}
	}
}

// Keys returns every key, oldest first.
func (s *Server) Keys() []Key {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	out := make([]Key, len(s.keys.list))
	for i, k := range s.keys.list {
		out[i] = k.Key
	}
	return out
}

func (s *Server) keyOfUser(id int64) *Key {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for _, k := range s.keys.list {
		if k.UserID == id {
			c := k.Key
			return &c
		}
	}
	return nil
}

func orText(p *string, def string) {
	if *p == "" {
		*p = def
	}
}
