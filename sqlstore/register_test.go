package sqlstore_test

import (
	"sync"

	"github.com/soukhq/souk/webhook"
)

// register remembers how inboxes were opened.
type register struct {
	mu  sync.Mutex
	all map[webhook.Inbox]opened
}

func newRegister() *register { return &register{all: map[webhook.Inbox]opened{}} }

func (r *register) add(inbox webhook.Inbox, o opened) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[inbox] = o
}

func (r *register) of(inbox webhook.Inbox) opened {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all[inbox]
}
