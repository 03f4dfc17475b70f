package bigcommercetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Account is a client with access to one store: an API account made in the
// control panel, or a grant to an app. Webhooks belong to the account's client.
type Account struct {
	ClientID     string
	ClientSecret string
	Token        string
	Scopes       []string
}

type account struct {
	Account
	store *Store
	grant bool // by the install flow
}

// allows says whether the account may use an endpoint of a scope, written
// "a|b" where either will do. Reading is also allowed by a_read_only.
func (a *account) allows(scope string, write bool) bool {
	if scope == "" {
		return true
	}
	for one := range strings.SplitSeq(scope, "|") {
		if slices.Contains(a.Scopes, one) || !write && slices.Contains(a.Scopes, one+"_read_only") {
			return true
		}
	}
	return false
}

// authority knows every token and every code.
type authority struct {
	mu       sync.Mutex
	accounts map[string]*account // by token
	codes    map[string]*code
	serial   int
}

func (a *authority) add(acc *account) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.accounts == nil {
		a.accounts, a.codes = map[string]*account{}, map[string]*code{}
	}
	acc.Scopes = slices.Clone(acc.Scopes)
	a.accounts[acc.Token] = acc
}

func (a *authority) find(token string) *account {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.accounts[token]
}

// drop forgets accounts of the store that test wants gone.
func (a *authority) drop(s *Store, test func(*account) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for token, acc := range a.accounts {
		if acc.store == s && test(acc) {
			delete(a.accounts, token)
		}
	}
}

// name returns a fresh text that is different each time and the same on every run.
func (a *authority) name(prefix string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.serial++
	return fmt.Sprintf("%s-%06d-%08x", prefix, a.serial, serverkit.NewRand(int64(a.serial), 0, 0).Uint64()>>32)
}

// AddAccount makes another API account of the store, with its own client,
// secret and token unless given. nil scopes are AllScopes. Its hooks are its own.
func (s *Store) AddAccount(a Account) Account {
	if a.ClientID == "" {
		a.ClientID = s.server.auth.name("client")
	}
	if a.ClientSecret == "" {
		a.ClientSecret = s.server.auth.name("secret")
	}
	if a.Token == "" {
		a.Token = s.server.auth.name("token")
	}
	if a.Scopes == nil {
		a.Scopes = AllScopes()
	}
	s.server.auth.add(&account{a, s, false})
	return a
}

// Revoke makes a token invalid, as deleting its API account or a change of the
// app's scopes does. Deleting an account takes its hooks away, which Revoke
// does not; see Uninstall.
func (s *Store) Revoke(token string) {
	s.server.auth.drop(s, func(a *account) bool { return a.Token == token })
}
