package shopify

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// BenchmarkDecodePage turns one page of 250 products into the model, Raw kept,
// without the network.
func BenchmarkDecodePage(b *testing.B) {
	server := shopifytest.NewServer(&shopifytest.Config{Orders: -1, Customers: -1})
	defer server.Close()
	var body []byte
	recorder := transportFunc(func(r *http.Request) (*http.Response, error) {
		resp, err := server.Transport().RoundTrip(r)
		if err != nil {
			return nil, err
		}
		body, err = io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return resp, err
	})
	app, err := New(Config{Transport: recorder})
	if err != nil {
		b.Fatal(err)
	}
	opened, err := app.Open(catalog.Account{Store: server.Shop()}, catalog.StaticToken(server.Token()))
	if err != nil {
		b.Fatal(err)
	}
	engine := opened.(*Engine)
	request := nodesRequest{op: "list products", root: []string{"products"}, document: productsDocument, size: 250}
	if _, _, err := engine.fetch(b.Context(), &request, ""); err != nil {
		b.Fatal(err)
	}
	complete := productReader
	complete.complete = func(context.Context, *Engine, *productNode, *extra) error { return nil }
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	var scratch productNode
	for b.Loop() {
		a, verdict := classify(&transport.Response{Status: 200, Body: body}, "products", "nodes")
		if verdict.Outcome != transport.Accept || len(a.page.Items) != 250 {
			b.Fatal("the page was not accepted")
		}
		page := contextOf(a)
		for i, raw := range a.page.Items {
			product, err := readInto(b.Context(), engine, "list products", rawNode{raw, page, nil, nil, i}, complete, false, &scratch)
			if err != nil || product.ID == "" {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(body)), "ns/B")
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
