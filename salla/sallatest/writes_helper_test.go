package sallatest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// put sends a write and wants this status.
func put(t testing.TB, s *Server, method, path, body string, want int) string {
	t.Helper()
	r := do(t, s, s.Token(), method, path, body)
	if r.status != want {
		t.Fatalf("%s %s %s: %d, want %d: %.400s", method, path, body, r.status, want, r.body)
	}
	return r.body
}

// endpoints are what the effects since the first n were made by.
func endpoints(s *Server, n int) []string {
	var out []string
	for _, e := range s.Effects()[n:] {
		out = append(out, e.Endpoint)
	}
	return out
}

// counts makes sure that what do does has so many effects.
func counts(t testing.TB, s *Server, what string, want int, do func()) {
	t.Helper()
	before := len(s.Effects())
	do()
	s.FinishQueued()
	if got := endpoints(s, before); len(got) != want {
		t.Errorf("%s: %d effects, want %d: %v", what, len(got), want, got)
	}
}

// snapshot is all that a write could change.
type snapshot struct {
	Products  []*Product
	Orders    []*Order
	Customers []*Customer
	Hooks     []Subscription
	Effects   []Effect
}

func (s *Server) snapshot() snapshot {
	s.FinishQueued()
	return snapshot{s.Products(), s.Orders(), s.Customers(), append(s.Subscriptions(), s.ForeignSubscriptions()...), s.Effects()}
}

func (a snapshot) diff(b snapshot) string {
	if reflect.DeepEqual(a, b) {
		return ""
	}
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(Product{}, Order{}, Customer{}), cmpopts.EquateEmpty())
}

// refusals are writes that must be refused and change nothing.
type refusal struct {
	name, method, path, body string
	status                   int
	says                     string // part of the answer
}

func refuseAll(t *testing.T, s *Server, list []refusal) {
	t.Helper()
	before := s.snapshot()
	for _, r := range list {
		got := do(t, s, s.Token(), r.method, r.path, r.body)
		if got.status != r.status || !strings.Contains(got.body, r.says) || !strings.Contains(got.body, `"success":false`) {
			t.Errorf("%s: %d %.300s; want %d with %s", r.name, got.status, got.body, r.status, r.says)
		}
		if diff := before.diff(s.snapshot()); diff != "" {
			t.Fatalf("%s changed something (-before +after):\n%s", r.name, diff)
		}
	}
}

// find returns the first product that is as asked.
func find(t testing.TB, s *Server, want func(*Product) bool) *Product {
	t.Helper()
	all := s.Products()
	i := slices.IndexFunc(all, want)
	if i < 0 {
		t.Fatal("no such product is seeded")
	}
	return all[i]
}

func counted(p *Product) bool {
	return len(p.Variants) == 0 && !p.Unlimited && p.SKU != "" && p.Quantity > 9
}
func varied(p *Product) bool {
	return len(p.Variants) == 6 && !p.Unlimited && p.Variants[0].SKU != p.Variants[1].SKU
}
