package catalogtest_test

import (
	"context"
	"iter"

	"github.com/soukhq/souk/catalog"
)

// broken is an adapter with a fault built in.
type broken struct {
	catalog.Adapter
	features func(*catalog.Features)
	engine   func(catalog.Engine, catalog.CredentialSource) catalog.Engine
	verifier func(catalog.WebhookVerifier) catalog.WebhookVerifier
}

func (b broken) Features() catalog.Features {
	f := b.Adapter.Features()
	if b.features != nil {
		b.features(&f)
	}
	return f
}

func (b broken) Open(a catalog.Account, c catalog.CredentialSource) (catalog.Engine, error) {
	e, err := b.Adapter.Open(a, c)
	if err != nil {
		return nil, err
	}
	e = brokenEngine{Engine: e, features: b.features}
	if b.engine != nil {
		e = b.engine(e, c)
	}
	return e, nil
}

func (b broken) Verifier(c catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	v, err := b.Adapter.Verifier(c)
	if err == nil && b.verifier != nil {
		v = b.verifier(v)
	}
	return v, err
}

// brokenEngine overrides what is set.
type brokenEngine struct {
	catalog.Engine
	features func(*catalog.Features)
	shop     func(ctx context.Context) (catalog.Shop, error)
	product  func(ctx context.Context, id string) (catalog.Product, error)
	products func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error]
}

func (e brokenEngine) Features() catalog.Features {
	f := e.Engine.Features()
	if e.features != nil {
		e.features(&f)
	}
	return f
}

func (e brokenEngine) Shop(ctx context.Context) (catalog.Shop, error) {
	if e.shop != nil {
		return e.shop(ctx)
	}
	return e.Engine.Shop(ctx)
}

func (e brokenEngine) Product(ctx context.Context, id string) (catalog.Product, error) {
	if e.product != nil {
		return e.product(ctx, id)
	}
	return e.Engine.Product(ctx, id)
}

func (e brokenEngine) Products(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	if e.products != nil {
		return e.products(ctx, q)
	}
	return e.Engine.Products(ctx, q)
}

type productList = func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error]

// listing breaks the list of products.
func listing(spoil func(list productList) productList) broken {
	return broken{engine: func(e catalog.Engine, _ catalog.CredentialSource) catalog.Engine {
		return brokenEngine{Engine: e, products: spoil(e.Products)}
	}}
}

// each breaks every product; n counts from 1.
func each(spoil func(n int, p catalog.Product, yield func(catalog.Product, error) bool) bool) broken {
	return listing(func(list productList) productList {
		return func(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
			return func(yield func(catalog.Product, error) bool) {
				n := 0
				for p, err := range list(ctx, q) {
					if n++; err != nil {
						yield(p, err)
						return
					}
					if !spoil(n, p, yield) {
						return
					}
				}
			}
		}
	})
}

type verifierFunc func(context.Context, catalog.Delivery) (catalog.Verdict, error)

func (f verifierFunc) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	return f(ctx, d)
}
