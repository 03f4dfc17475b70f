package catalogtest_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// TestTheSuiteCanFail builds a fault into a platform that keeps every rule and
// holds that the matching rule says so.
func TestTheSuiteCanFail(t *testing.T) {
	t.Parallel()
	for name, c := range wrecks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if failures := catalogtest.Failures(t, c.rule, paperHarness(false, nil)); len(failures) > 0 {
				t.Fatalf("the sound adapter fails the rule already: %s", failures[0])
			}
			failures := catalogtest.Failures(t, c.rule, paperHarness(false, func(a catalog.Adapter) catalog.Adapter {
				wreck := c.wreck
				wreck.Adapter = a
				return wreck
			}))
			if len(failures) == 0 {
				t.Fatalf("an adapter that %s passes the rule %q", name, c.rule)
			}
			if all := strings.Join(failures, "\n"); !strings.Contains(all, c.says) {
				t.Errorf("the rule %q fails, but not for saying %q:\n%.600s", c.rule, c.says, all)
			}
		})
	}
}

func TestRulesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	names := catalogtest.Rules()
	slices.Sort(names)
	if unique := slices.Compact(slices.Clone(names)); len(unique) != len(names) {
		t.Errorf("%d rules share their names", len(names)-len(unique))
	}
}

func claim(f *catalog.Features, what func(*catalog.ResourceFeatures)) {
	for r, d := range f.Resources {
		what(&d)
		f.Resources[r] = d
	}
}

var riyadh = time.FixedZone("+03", 3*3600)

var wrecks = map[string]struct {
	rule  string
	says  string // part of the complaint
	wreck broken
}{
	"loses a record": {"each record comes exactly once, whatever the page size", "missing",
		each(func(n int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			return n == 3 || yield(p, nil)
		})},
	"repeats a record": {"each record comes exactly once, whatever the page size", "more than once",
		each(func(n int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			return (n != 3 || yield(p, nil)) && yield(p, nil)
		})},
	"tells the token in an error": {"a missing permission is forbidden, without refresh or repetition", "a secret",
		broken{engine: func(e catalog.Engine, c catalog.CredentialSource) catalog.Engine {
			return brokenEngine{Engine: e, shop: func(ctx context.Context) (catalog.Shop, error) {
				s, err := e.Shop(ctx)
				if err != nil {
					held, _ := c.Credential(ctx)
					err = &catalog.Error{Platform: "paper", Op: "get shop", Kind: catalog.KindOf(err), Message: "with " + held.AccessToken.Reveal()}
				}
				return s, err
			}}
		}}},
	"names no platform in an error": {"an unknown id is not found", "should begin",
		broken{engine: func(e catalog.Engine, _ catalog.CredentialSource) catalog.Engine {
			return brokenEngine{Engine: e, product: func(ctx context.Context, id string) (catalog.Product, error) {
				p, err := e.Product(ctx, id)
				if err != nil {
					err = fmt.Errorf("oops: %w", err)
				}
				return p, err
			}}
		}}},
	"ignores a filter": {"every listed filter yields exactly the matching records", "should not be there",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				q.UpdatedSince = time.Time{}
				return list(ctx, q)
			}
		})},
	"takes a filter it does not know": {"a filter that is not listed is refused before anything is sent", "want errors.ErrUnsupported",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				q.Status = nil
				return list(ctx, q)
			}
		})},
	"claims a capability": {"the listed capabilities are the implemented ones, sorted", "differ",
		broken{features: func(f *catalog.Features) { f.Capabilities = []catalog.Capability{catalog.CanCount} }}},
	"lacks without a word": {"what is not there says what to do instead", "does not say what to do instead",
		broken{features: func(f *catalog.Features) { delete(f.Instead, catalog.CanRefund) }}},
	"explains what is there": {"what is not there says what to do instead", "is there, and",
		broken{features: func(f *catalog.Features) { f.Capabilities = []catalog.Capability{catalog.CanCount} }}},
	"claims an order": {"the order by change time is kept or refused", "unsupported",
		broken{features: func(f *catalog.Features) { claim(f, func(d *catalog.ResourceFeatures) { d.SortsUpdated = true }) }}},
	"claims larger pages": {"pages are as large as asked for and no larger than allowed", "want 20",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				q.PageSize = 50
				return list(ctx, q)
			}
		})},
	"keeps times in a zone": {"times are in UTC, ids are text and money has its currency", "want UTC",
		each(func(_ int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			p.UpdatedAt = p.UpdatedAt.In(riyadh)
			return yield(p, nil)
		})},
	"overwrites native JSON": {"native JSON never changes, not even after the scan", "changed after",
		each(func(_ int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			ok := yield(p, nil)
			p.Raw[0] = ' '
			return ok
		})},
	"keeps native JSON": {"native JSON can be left out", "was to be omitted",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				q.OmitRaw = false
				return list(ctx, q)
			}
		})},
	"fills a field on single reads only": {"a record read by its id is the record of the list", "differ",
		each(func(_ int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			p.Tags = nil
			return yield(p, nil)
		})},
	"empties a field": {"every field of the model that is claimed is filled somewhere", "Product.Tags",
		each(func(_ int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			p.Tags = nil
			return yield(p, nil)
		})},
	"hides problems": {"an unknown word is a Problem and nothing else", "no Problem",
		each(func(_ int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			p.Problems = nil
			return yield(p, nil)
		})},
	"gives no cursor": {"every listed record has a cursor and a single read has none", "no cursor",
		each(func(_ int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			p.Cursor = ""
			return yield(p, nil)
		})},
	"forgets where it was": {"a list killed after any record goes on in a new process", "more than once",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				q.After = ""
				return list(ctx, q)
			}
		})},
	"swallows errors": {"a cancelled list ends with the context's error once and last", "0 errors",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				return func(yield func(catalog.Product, error) bool) {
					for p, err := range list(ctx, q) {
						if err != nil || !yield(p, nil) {
							return
						}
					}
				}
			}
		})},
	"does not listen to its context": {"a call cancelled while it waits for the answer returns", "still waiting",
		broken{engine: func(e catalog.Engine, _ catalog.CredentialSource) catalog.Engine {
			return brokenEngine{Engine: e, shop: func(ctx context.Context) (catalog.Shop, error) {
				ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
				defer cancel()
				return e.Shop(ctx)
			}}
		}}},
	"leaves a goroutine behind": {"leaving early stops the requests and leaks nothing", "left behind",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				return func(yield func(catalog.Product, error) bool) {
					go func() { <-ctx.Done() }()
					list(ctx, q)(yield)
				}
			}
		})},
	"sends before it is asked": {"nothing is sent before the list is read", "sent a request",
		listing(func(list productList) productList {
			return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
				all, err := catalog.Collect(list(ctx, q))
				return func(yield func(catalog.Product, error) bool) {
					for _, p := range all {
						if !yield(p, nil) {
							return
						}
					}
					if err != nil {
						yield(catalog.Product{}, err)
					}
				}
			}
		})},
	"does not refuse a bad id": {"a malformed id is refused without a request", "want one of",
		broken{engine: func(e catalog.Engine, _ catalog.CredentialSource) catalog.Engine {
			return brokenEngine{Engine: e, product: func(ctx context.Context, id string) (catalog.Product, error) {
				p, err := e.Product(ctx, id)
				if errors.Is(err, catalog.ErrInvalid) {
					return catalog.Product{}, nil
				}
				return p, err
			}}
		}}},
	"skips changes": {"nothing is skipped while records change", "never came",
		each(func(n int, p catalog.Product, yield func(catalog.Product, error) bool) bool {
			return strings.HasSuffix(p.ID, "1") || yield(p, nil)
		})},
	"believes every webhook": {"an altered body, a wrong secret or a missing proof is refused", "no error",
		broken{verifier: func(v catalog.WebhookVerifier) catalog.WebhookVerifier {
			return verifierFunc(func(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
				verdict, err := v.Verify(ctx, d)
				if err != nil {
					return catalog.Verdict{Events: []catalog.Event{{Platform: "paper"}}}, nil
				}
				return verdict, nil
			})
		}}},
	"leaves a byte of the body unchecked": {"an altered body, a wrong secret or a missing proof is refused", "byte 12 altered",
		broken{verifier: careless(func(d *catalog.Delivery, guess byte) {
			if d.Body = bytes.Clone(d.Body); len(d.Body) > 12 {
				d.Body[12] = guess
			}
		})}},
	"compares a part of the signature": {"an altered body, a wrong secret or a missing proof is refused", "bit 255 of Paper-Signature altered",
		broken{verifier: careless(func(d *catalog.Delivery, guess byte) {
			d.Header = d.Header.Clone()
			if text := d.Header.Get("Paper-Signature"); len(text) > 2 {
				d.Header.Set("Paper-Signature", text[:len(text)-2]+hex.EncodeToString([]byte{guess}))
			}
		})}},
	"gives every event one key": {"a redelivery has the same key and another event another", "key of another event",
		broken{verifier: func(v catalog.WebhookVerifier) catalog.WebhookVerifier {
			return verifierFunc(func(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
				verdict, err := v.Verify(ctx, d)
				for i := range verdict.Events {
					verdict.Events[i].Key = "key"
				}
				return verdict, err
			})
		}}},
}

// careless makes a verifier that accepts what any value of one byte makes good.
func careless(set func(d *catalog.Delivery, guess byte)) func(catalog.WebhookVerifier) catalog.WebhookVerifier {
	return func(v catalog.WebhookVerifier) catalog.WebhookVerifier {
		return verifierFunc(func(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
			verdict, err := v.Verify(ctx, d)
			for guess := 0; guess < 256 && errors.Is(err, catalog.ErrUnauthorized); guess++ {
				tried := d
				set(&tried, byte(guess))
				if other, bad := v.Verify(ctx, tried); bad == nil {
					return other, nil
				}
			}
			return verdict, err
		})
	}
}
