package transport_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// BenchmarkDo is what the layers cost beside a call's own round trip.
func BenchmarkDo(b *testing.B) {
	c, err := transport.New(transport.Config{Platform: "acme", Transport: wire(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(http.NoBody), ContentLength: 0, Request: r}, nil
	})})
	if err != nil {
		b.Fatal(err)
	}
	bucket, err := transport.NewBucket(transport.BucketConfig{Capacity: 1e12, RestoreRate: 1e9})
	if err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, "https://acme.example/products", nil)
	if err != nil {
		b.Fatal(err)
	}
	req := &transport.Request{Op: "list products", URL: r.URL, Cost: 1, Budget: bucket, Credential: catalog.StaticToken("t")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Do(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
}
