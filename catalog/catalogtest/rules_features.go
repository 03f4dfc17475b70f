package catalogtest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
)

var featureRules = []rule{
	{name: "the listed capabilities are the implemented ones, sorted", check: capabilitiesMatch, core: true},
	{name: "what the platform can surely do is there", check: minimumMatrix, core: true},
	{name: "what is not there says what to do instead", check: missingExplained},
	{name: "each list is described whole", check: listsDescribed},
	{name: "adapter and engine agree and the answer is a copy", check: featuresAreCopies},
	{name: "counts are true", check: countsTrue},
	{name: "what a capability finds is what the lists hold", check: findersAgree, core: true},
	{name: "a foreign account or a missing credential is refused at Open", check: openRefuses},
}

func capabilitiesMatch(t testing.TB, s *suite) {
	x := s.open(t)
	got, want := catalog.CapabilitiesOf(x.engine), x.engine.Features().Capabilities
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Features.Capabilities (-) and what catalog.As finds (+) differ:\n%s", diff)
	}
	if !slices.IsSorted(want) {
		t.Errorf("Features.Capabilities is not sorted: %v", want)
	}
	for c, r := range map[catalog.Capability]catalog.Resource{catalog.CanReadInventory: catalog.Inventory, catalog.CanReadLocations: catalog.Locations} {
		if _, ok := x.features(r); ok != x.has(c) {
			t.Errorf("Features lists the resource %s: %v, but the capability %s: %v", r, ok, c, x.has(c))
		}
	}
}

func missingExplained(t testing.TB, s *suite) {
	f := s.open(t).engine.Features()
	for _, c := range catalog.Capabilities() {
		switch instead := f.Instead[c]; {
		case f.Has(c) && instead != "":
			t.Errorf("the capability %s is there, and Features.Instead says what to do without it: %q", c, instead)
		case !f.Has(c) && instead == "":
			t.Errorf("the capability %s is not there, and Features.Instead does not say what to do instead", c)
		}
	}
}

func minimumMatrix(t testing.TB, s *suite) {
	x := s.open(t)
	x.least(minimums[s.Platform])
	if s.Minimum != nil {
		x.least(*s.Minimum)
	}
}

// least holds that the engine can do what it must.
func (x *session) least(row Minimum) {
	x.t.Helper()
	for _, c := range row.Capabilities {
		if !x.has(c) {
			x.t.Errorf("%s must have the capability %s", x.suite.Platform, c)
		}
	}
	for _, c := range row.Keyed {
		if !slices.Contains(x.engine.Features().Keyed, c) {
			x.t.Errorf("writes of %s on %s must be known by their idempotency key", c, x.suite.Platform)
		}
	}
	for r, least := range row.Changes {
		f, ok := x.features(r)
		if !ok {
			x.t.Errorf("%s must list the resource %s", x.suite.Platform, r)
		} else if changeRank[f.Changes] < changeRank[least] {
			x.t.Errorf("changes of %s are found by %q, must be %q at least", r, f.Changes, least)
		}
	}
	if len(row.Counts) == 0 {
		return
	}
	counter, ok := catalog.As[catalog.Counter](x.engine)
	if !ok {
		x.t.Errorf("%s must be able to count %v", x.suite.Platform, row.Counts)
		return
	}
	for _, r := range row.Counts {
		if _, err := counter.Count(x.t.Context(), r); err != nil {
			x.t.Errorf("%s must be able to count %s: %v", x.suite.Platform, r, err)
		}
	}
}

func listsDescribed(t testing.TB, s *suite) {
	x := s.open(t)
	f := x.engine.Features()
	if f.Platform != s.Platform || x.engine.Platform() != s.Platform || x.NewAdapter().Platform() != s.Platform {
		t.Errorf("Features says platform %q, the engine %q; want %q", f.Platform, x.engine.Platform(), s.Platform)
	}
	for _, k := range coreKinds {
		if _, ok := f.Resources[k.resource]; !ok {
			t.Errorf("Features does not describe the list of %s", k.resource)
		}
	}
	for r, d := range f.Resources {
		if d.PageSize <= 0 || d.MaxPageSize < d.PageSize {
			t.Errorf("%s: page size %d of at most %d", r, d.PageSize, d.MaxPageSize)
		}
		if !slices.Contains([]catalog.Paging{catalog.PagingKeyset, catalog.PagingNumbers, catalog.PagingNone}, d.Paging) {
			t.Errorf("%s: unknown paging %q", r, d.Paging)
		}
		if rank, ok := changeRank[d.Changes]; !ok || rank < 0 {
			t.Errorf("%s: unknown change support %q", r, d.Changes)
		}
		if d.Changes == catalog.ChangesNative && !slices.Contains(d.Filters, catalog.FilterUpdated) {
			t.Errorf("%s: changes are native, but the filter by change time is not listed", r)
		}
		if d.Changes == catalog.ChangesNone && d.SortsUpdated {
			t.Errorf("%s: sorted by change time, which it is said not to carry", r)
		}
	}
	if w := f.Webhooks; w.Signed && w.Timeout <= 0 {
		t.Errorf("webhooks are signed, but Features does not say how fast the platform wants its answer")
	}
}

func featuresAreCopies(t testing.TB, s *suite) {
	x := s.open(t)
	a := x.NewAdapter()
	before := fmt.Sprint(a.Features())
	spoilt := a.Features()
	for r, d := range spoilt.Resources {
		for i := range d.Filters {
			d.Filters[i] = "spoilt"
		}
		delete(spoilt.Resources, r)
	}
	for i := range spoilt.Capabilities {
		spoilt.Capabilities[i] = "spoilt"
	}
	for c := range spoilt.Instead {
		spoilt.Instead[c] = "spoilt"
	}
	if after := fmt.Sprint(a.Features()); after != before {
		t.Errorf("a caller who changes the Features it got changes the adapter's:\nbefore %s\nafter  %s", before, after)
	}
	if got, want := x.engine.Features(), x.NewAdapter().Features(); !cmp.Equal(got, want) {
		t.Logf("the engine's Features differ from the adapter's: %s", cmp.Diff(want, got))
		for _, c := range got.Capabilities {
			if !want.Has(c) {
				t.Errorf("the engine claims %s, which its adapter does not", c)
			}
		}
	}
	account := x.engine.Account()
	if account.Settings != nil {
		account.Settings["spoilt"] = "yes"
		if x.engine.Account().Settings["spoilt"] != "" {
			t.Error("a caller who changes the Account it got changes the engine's")
		}
	}
}

func countsTrue(t testing.TB, s *suite) {
	x := s.open(t, sized(7, 5, 3))
	counter, ok := catalog.As[catalog.Counter](x.engine)
	if !ok {
		t.Skip("Features says it cannot count")
	}
	for _, k := range coreKinds {
		n, err := counter.Count(t.Context(), k.resource)
		if errors.Is(err, errors.ErrUnsupported) {
			continue // what must be countable is in the matrix
		}
		if want := len(k.truth(x.Store).IDs()); err != nil || n.N != int64(want) {
			t.Errorf("Count(%s) = %+v, %v; want %d", k.resource, n, err, want)
		}
	}
	if n, err := counter.Count(t.Context(), catalog.Variants); err == nil {
		want := 0
		for _, p := range x.read(products, x.engine, query{}) {
			want += len(p.value.(catalog.Product).Variants)
		}
		if n.N != int64(want) {
			t.Errorf("Count(variants) = %d; the products have %d", n.N, want)
		}
	}
	_, err := counter.Count(t.Context(), catalog.App)
	x.unsupported(err, "Count(app)")
}

// findersAgree looks records up by SKU and by e-mail.
func findersAgree(t testing.TB, s *suite) {
	x := s.open(t, sized(60, 2, 12))
	if finder, ok := catalog.As[catalog.ProductFinder](x.engine); ok {
		bySKU := map[string][]string{}
		for _, p := range x.read(products, x.engine, query{}) {
			for _, v := range p.value.(catalog.Product).Variants {
				if v.SKU != "" && !slices.Contains(bySKU[v.SKU], p.id) {
					bySKU[v.SKU] = append(bySKU[v.SKU], p.id)
				}
			}
		}
		tried := 0
		for sku, want := range bySKU {
			if tried++; tried > 5 && len(want) == 1 {
				continue // a few, and all that several products share
			}
			found, err := catalog.Collect(finder.ProductsBySKU(t.Context(), sku))
			if err != nil {
				t.Fatalf("ProductsBySKU(%q): %v", sku, err)
			}
			once(t, fmt.Sprintf("ProductsBySKU(%q)", sku), ids(itemsOf(found, productItem)), want)
		}
		none, err := catalog.Collect(finder.ProductsBySKU(t.Context(), "no-such-sku-4711"))
		if len(none) > 0 || err != nil {
			t.Errorf("ProductsBySKU of an unknown SKU: %d products, %v; want none", len(none), err)
		}
		_, err = catalog.Collect(finder.ProductsBySKU(t.Context(), ""))
		x.fails(err, `ProductsBySKU("")`, catalog.ErrInvalid)
	}
	if finder, ok := catalog.As[catalog.CustomerFinder](x.engine); ok {
		for _, c := range x.read(customers, x.engine, query{ListOptions: catalog.ListOptions{Limit: 5}}) {
			email := c.value.(catalog.Customer).Email
			if email == "" {
				continue
			}
			if got, err := finder.CustomerByEmail(t.Context(), email); err != nil || got.ID != c.id {
				t.Errorf("CustomerByEmail(%q) = customer %q, %v; want %q", email, got.ID, err, c.id)
			}
		}
		_, err := finder.CustomerByEmail(t.Context(), "nobody-4711@example.com")
		x.fails(err, "CustomerByEmail of nobody", catalog.ErrNotFound)
	}
}

func openRefuses(t testing.TB, s *suite) {
	x := s.open(t)
	a := x.NewAdapter()
	before := x.wire.sent()
	for name, change := range map[string]func(*catalog.Account){
		"an account of another platform": func(a *catalog.Account) { a.Platform = "elsewhere" },
		"an empty store":                 func(a *catalog.Account) { a.Store = "" },
		"a store with a path":            func(a *catalog.Account) { a.Store += "/../evil" },
		"a store with user info":         func(a *catalog.Account) { a.Store = "user:pass@" + a.Store },
	} {
		account := x.Account.Clone()
		change(&account)
		_, err := a.Open(account, x.source)
		x.fails(err, "Open with "+name, catalog.ErrInvalid)
	}
	_, err := a.Open(x.Account, nil)
	x.fails(err, "Open without a credential", catalog.ErrInvalid)
	if n := x.wire.sent() - before; n > 0 {
		t.Errorf("Open sent %d requests; it must not use the network", n)
	}
}

// unsupported holds an error against what a refusal says.
func (x *session) unsupported(err error, what string) {
	x.t.Helper()
	if err == nil {
		x.t.Errorf("%s: no error, want errors.ErrUnsupported", what)
		return
	}
	x.fails(err, what, catalog.ErrUnsupported)
	if !errors.Is(err, errors.ErrUnsupported) {
		x.t.Errorf("%s: %v is not errors.ErrUnsupported", what, err)
	}
	if e, ok := errors.AsType[*catalog.Error](err); ok && e.Hint == "" {
		x.t.Errorf("%s: the refusal does not say what to do instead: %v", what, err)
	}
}
