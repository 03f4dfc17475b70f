package auth_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func TestProvider(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &adapter{platform: &platform{}}, due(t, 0)
		provider := auth.NewProvider(auth.ProviderConfig{Store: s})
		source := func(a catalog.Adapter, account catalog.Account) catalog.CredentialSource {
			t.Helper()
			source, err := provider.CredentialSource(a, account)
			if err != nil {
				t.Fatal(err)
			}
			return source
		}
		first := source(p, account)
		many(func() {
			if source(p, account.Clone()) != first {
				t.Error("engines of one account have different sources")
			}
			got, err := first.Credential(t.Context())
			want(t, got, err, "1")
		})
		if p.calls() != 1 {
			t.Errorf("%d refreshes", p.calls())
		}
		renamed, moved, set, noted := account, account, account, account
		renamed.Store, moved.Platform, set.Settings, noted.Status = "other", "souq", map[string]string{"view": "ar"}, catalog.AccountSuspended
		if source(p, noted) != first {
			t.Error("a status makes another source")
		}
		for what, changed := range map[string]catalog.Account{"store": renamed, "platform": moved, "settings": set} {
			if before := source(p, account); source(p, changed) == before {
				t.Errorf("with another %s the source is the same", what)
			}
		}
		before := source(p, account)
		if source(&adapter{platform: p.platform}, account) == before {
			t.Error("an adapter with other keys has the old one's source")
		}
		if before = source(static{}, account); before != source(static{}, account) {
			t.Error("an adapter that refreshes nothing has two sources")
		}
		if before = source(odd{platform: p.platform, list: []int{1}}, account); before != source(odd{platform: p.platform}, account) {
			t.Error("an adapter that cannot be compared has two sources")
		}
		if _, err := provider.CredentialSource(p, catalog.Account{Platform: "bazaar"}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("an account without ID: %v", err)
		}
	})
}

func TestProviderWithoutStore(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p := &adapter{platform: &platform{}}
		source, err := auth.NewProvider(auth.ProviderConfig{}).CredentialSource(p, account)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got, err := source.Credential(t.Context())
			want(t, got, err, "1")
		}
		got, err := auth.NewSource(account, nil, p).Credential(t.Context())
		want(t, got, err, "2")
	})
}

func TestProviderForgets(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &adapter{platform: &platform{takes: time.Minute}}, due(t, 0)
		provider := auth.NewProvider(auth.ProviderConfig{Store: s.faulty("CompareAndSwap", panics)})
		source := func(id string) catalog.CredentialSource {
			source, err := provider.CredentialSource(p, catalog.Account{ID: id, Platform: account.Platform, Store: account.Store})
			if err != nil {
				t.Fatal(err)
			}
			return source
		}
		holding := source(id) // has a new pair that the store does not have
		p.takes = 0
		got, err := holding.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		p.takes = time.Second
		busy := source("busy")
		go func() { _, _ = busy.Credential(t.Context()) }()
		synctest.Wait()

		const accounts, rounds = 12_000, 6
		made := make(map[string]catalog.CredentialSource)
		for round := range rounds {
			kept := 0
			for i := range accounts {
				id := fmt.Sprint(i)
				again := source(id)
				if made[id] == again {
					kept++
				}
				made[id] = again
			}
			if round > 0 && (kept == 0 || kept > 10_000) {
				t.Errorf("%d of %d sources were remembered", kept, accounts)
			}
		}
		if source("busy") != busy || source(id) != holding {
			t.Error("a source at work was forgotten")
		}
		time.Sleep(time.Second) // it ends
	})
}

// adapter is an adapter whose credentials expire.
type adapter struct {
	catalog.Adapter
	*platform
}

type static struct{ catalog.Adapter }

type odd struct {
	catalog.Adapter
	*platform
	list []int
}
