package catalog_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// fakeAdapter is a platform of which only the name and Open matter.
type fakeAdapter struct {
	catalog.Adapter
	name string
	open func(catalog.Account, catalog.CredentialSource) (catalog.Engine, error)
}

func (a *fakeAdapter) Platform() string { return a.name }

func (a *fakeAdapter) Open(account catalog.Account, source catalog.CredentialSource) (catalog.Engine, error) {
	return a.open(account, source)
}

func registryOf(t *testing.T, names ...string) *catalog.Registry {
	t.Helper()
	r := &catalog.Registry{}
	for _, name := range names {
		if err := r.Register(&fakeAdapter{name: name}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestRegistryUnknownPlatform(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		registered []string
		ask, want  string
	}{
		"nothing registered": {nil, "shopify", `unknown platform "shopify": no adapter is registered; make one, such as shopify.New(...), and pass it to catalog.Register first`},
		"several":            {[]string{"shopify", "bigcommerce", "salla"}, "magento", `unknown platform "magento": registered are bigcommerce, salla, shopify; pass its adapter to catalog.Register first`},
		"case slip":          {[]string{"shopify", "salla"}, "Shopify", `unknown platform "Shopify": registered are salla, shopify; did you mean "shopify"?`},
		"space slip":         {[]string{"shopify"}, " shopify\n", `unknown platform " shopify\n": registered are shopify; did you mean "shopify"?`},
		"empty":              {[]string{"shopify"}, "", `unknown platform "": registered are shopify; pass its adapter to catalog.Register first`},
	} {
		adapter, err := registryOf(t, c.registered...).Get(c.ask)
		unknown, ok := errors.AsType[*catalog.UnknownPlatformError](err)
		if adapter != nil || !ok || !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%s: got %v, %v", name, adapter, err)
			continue
		}
		if err.Error() != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, err, c.want)
		}
		slices.Sort(c.registered)
		if unknown.Platform != c.ask || !slices.Equal(unknown.Registered, c.registered) {
			t.Errorf("%s: fields %+v", name, unknown)
		}
	}
}

func TestRegistryRegister(t *testing.T) {
	t.Parallel()
	r := registryOf(t, "shopify")
	first, err := r.Get("shopify")
	if err != nil || first.Platform() != "shopify" {
		t.Fatalf("got %v, %v", first, err)
	}
	for name, c := range map[string]struct {
		adapter catalog.Adapter
		kind    catalog.Kind
		text    string
	}{
		"twice":   {&fakeAdapter{name: "shopify"}, catalog.ErrConflict, "shopify: register adapter: conflict: an adapter of that name is registered already; register each platform once, or use a Registry of your own"},
		"nil":     {nil, catalog.ErrInvalid, "register adapter: invalid: the adapter is nil or has no name"},
		"no name": {&fakeAdapter{}, catalog.ErrInvalid, "register adapter: invalid: the adapter is nil or has no name"},
	} {
		if err := r.Register(c.adapter); !errors.Is(err, c.kind) || err.Error() != c.text {
			t.Errorf("%s: %v", name, err)
		}
	}
	if again, _ := r.Get("shopify"); again != first {
		t.Error("a refused adapter took the place of the first")
	}
	if got := r.Platforms(); !slices.Equal(got, []string{"shopify"}) {
		t.Errorf("Platforms = %v", got)
	}
	r.Platforms()[0] = "changed"
	if got := registryOf(t, "salla", "magento", "bigcommerce").Platforms(); !slices.Equal(got, []string{"bigcommerce", "magento", "salla"}) {
		t.Errorf("Platforms = %v, want them sorted", got)
	}
	if got := new(catalog.Registry).Platforms(); len(got) != 0 {
		t.Errorf("an empty registry has %v", got)
	}
}

func TestRegistryDefault(t *testing.T) {
	t.Parallel()
	const name = "registry-test-default"
	if err := catalog.Register(&fakeAdapter{name: name}); err != nil {
		t.Fatal(err)
	}
	byFunction, err := catalog.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	if direct, err := catalog.Default.Get(name); err != nil || direct != byFunction {
		t.Errorf("Default has %v, %v", direct, err)
	}
}

func TestRegistryConcurrentUse(t *testing.T) {
	t.Parallel()
	r := &catalog.Registry{}
	var wg sync.WaitGroup
	wins := make([]int, 32)
	for i := range wins {
		wg.Go(func() {
			for n := range 20 {
				name := fmt.Sprint("platform-", n)
				err := r.Register(&fakeAdapter{name: name})
				if err == nil {
					wins[i]++
				} else if !errors.Is(err, catalog.ErrConflict) {
					t.Errorf("Register: %v", err)
				}
				if a, err := r.Get(name); err != nil || a.Platform() != name {
					t.Errorf("Get: %v", err)
				}
				r.Platforms()
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range wins {
		total += n
	}
	if total != 20 || len(r.Platforms()) != 20 {
		t.Errorf("%d of 640 registrations won, %d are there; want 20", total, len(r.Platforms()))
	}
}
