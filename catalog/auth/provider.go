package auth

import (
	"maps"
	"reflect"
	"sync"

	"github.com/soukhq/souk/catalog"
)

// ProviderConfig describes a Provider.
type ProviderConfig struct {
	// Store keeps the credentials; nil = memory, which loses rotated tokens
	// with the process.
	Store catalog.CredentialStore
	// Accounts, when set, learn of a credential that is dead: an account that
	// was usable becomes AccountReauthorize, with the reason, so that
	// catalog.Stores no longer opens it. Whoever connects the store again sets
	// it AccountActive. KeepAlive needs them too.
	Accounts catalog.Accounts
	// Journal, when set, gets every answer to a refresh before Store does.
	Journal Journal
	// OnRefresh, when set, is told what became of each refresh, for alerts and
	// metrics; see Refresh.Err. Callers wait for it, so it must be quick. It is
	// called from many goroutines at once.
	OnRefresh func(Refresh)
}

// Provider gives the credential sources of many accounts. All engines of one
// account share a source, so that its token is refreshed once. It is safe for
// concurrent use.
type Provider struct {
	store   catalog.CredentialStore
	common  *common
	mu      sync.Mutex
	sources map[string]*Source
}

// maxSources bounds the sources remembered; a forgotten one is made again. It
// is exceeded only while all of them are at work.
const maxSources = 10_000

// NewProvider makes a provider.
func NewProvider(config ProviderConfig) *Provider {
	p := &Provider{store: config.Store, sources: make(map[string]*Source),
		common: &common{accounts: config.Accounts, journal: config.Journal, onRefresh: config.OnRefresh}}
	if p.store == nil {
		p.store = &catalog.MemoryCredentials{}
	}
	return p
}

// CredentialSource implements catalog.CredentialProvider. Adapters that
// implement Refresher have their tokens refreshed. An account whose platform,
// store, settings or adapter has changed gets a new source.
func (p *Provider) CredentialSource(adapter catalog.Adapter, account catalog.Account) (catalog.CredentialSource, error) {
	s, err := p.source(adapter, account)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (p *Provider) source(adapter catalog.Adapter, account catalog.Account) (*Source, error) {
	if account.ID == "" {
		return nil, &catalog.Error{Platform: account.Platform, Op: "open account", Kind: catalog.ErrInvalid, Message: "the account has no ID"}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	refresher, _ := adapter.(Refresher)
	known := p.sources[account.ID]
	if known != nil && known.serves(account, refresher) {
		return known, nil
	}
	if known == nil && len(p.sources) >= maxSources {
		for id, s := range p.sources { // any will do that holds nothing the store does not
			if s.idle() {
				delete(p.sources, id)
				break
			}
		}
	}
	s := NewSource(account, p.store, refresher)
	s.common = p.common
	p.sources[account.ID] = s
	return s, nil
}

// serves reports whether the source is the one for account and refresher.
func (s *Source) serves(account catalog.Account, refresher Refresher) bool {
	if s.account.Platform != account.Platform || s.account.Store != account.Store || !maps.Equal(s.account.Settings, account.Settings) {
		return false
	}
	a, b := reflect.ValueOf(s.refresher), reflect.ValueOf(refresher)
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	return a.Type() == b.Type() && (!a.Comparable() || a.Equal(b))
}

var _ catalog.CredentialProvider = (*Provider)(nil)
