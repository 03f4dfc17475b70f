package auth

import (
	"sync"

	"github.com/soukhq/souk/catalog"
)

// ProviderConfig describes a Provider.
type ProviderConfig struct {
	// Store keeps the credentials; nil = memory, which loses rotated tokens
	// with the process.
	Store catalog.CredentialStore
}

// Provider gives the credential sources of many accounts. All engines of one
// account share a source, so that its token is refreshed once. It is safe for
// concurrent use.
type Provider struct {
	store   catalog.CredentialStore
	mu      sync.Mutex
	sources map[string]*Source
}

// maxSources bounds the sources remembered; a forgotten one is made again.
const maxSources = 10_000

// NewProvider makes a provider.
func NewProvider(config ProviderConfig) *Provider {
	p := &Provider{store: config.Store, sources: make(map[string]*Source)}
	if p.store == nil {
		p.store = &catalog.MemoryCredentials{}
	}
	return p
}

// CredentialSource implements catalog.CredentialProvider. Adapters that
// implement Refresher have their tokens refreshed.
func (p *Provider) CredentialSource(adapter catalog.Adapter, account catalog.Account) (catalog.CredentialSource, error) {
	if account.ID == "" {
		return nil, &catalog.Error{Platform: account.Platform, Op: "open account", Kind: catalog.ErrInvalid, Message: "the account has no ID"}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.sources[account.ID]
	if known != nil && known.account.Platform == account.Platform && known.account.Store == account.Store {
		return known, nil
	}
	if len(p.sources) >= maxSources {
		for id := range p.sources { // any will do: a source holds nothing the store does not
			delete(p.sources, id)
			break
		}
	}
	refresher, _ := adapter.(Refresher)
	s := NewSource(account, p.store, refresher)
	p.sources[account.ID] = s
	return s, nil
}

var _ catalog.CredentialProvider = (*Provider)(nil)
