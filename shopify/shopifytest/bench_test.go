package shopifytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"
)

const benchQuery = `query ProductsList($first: Int!, $after: String) {
  products(first: $first, after: $after, sortKey: ID) {
    nodes { id legacyResourceId title handle descriptionHtml vendor productType status tags createdAt updatedAt publishedAt totalInventory
      category { id fullName } seo { title description } options { id name position values }
      media(first: 10) { nodes { id alt mediaContentType status ... on MediaImage { image { url width height altText } } } pageInfo { hasNextPage } }
      variants(first: 50) { nodes { id legacyResourceId title sku barcode price compareAtPrice position inventoryQuantity inventoryPolicy taxable createdAt updatedAt
        selectedOptions { name value } inventoryItem { id sku tracked requiresShipping measurement { weight { unit value } } unitCost { amount currencyCode } } }
        pageInfo { hasNextPage endCursor } } }
    pageInfo { hasNextPage endCursor } } }`

// BenchmarkListProducts reads 10,000 products in pages of 250.
func BenchmarkListProducts(b *testing.B) {
	const n = 10_000
	s := start(b, &Config{Products: n, Unthrottled: true})
	for b.Loop() {
		began, size, seen, after := time.Now(), 0, 0, ""
		for {
			a := fetchPage(b, s, after)
			size += len(a)
			seen += bytes.Count(a, []byte(`"descriptionHtml":`))
			// The last endCursor is the list's own.
			_, tail, _ := bytes.Cut(a[bytes.LastIndex(a, []byte(`"pageInfo"`)):], []byte(`"endCursor":"`))
			after = string(tail[:bytes.IndexByte(tail, '"')])
			if bytes.Contains(a[bytes.LastIndex(a, []byte(`"pageInfo"`)):], []byte(`"hasNextPage":false`)) {
				break
			}
		}
		if seen != n {
			b.Fatalf("saw %d products", seen)
		}
		b.ReportMetric(float64(time.Since(began).Nanoseconds())/n, "ns/product")
		b.ReportMetric(float64(size)/n, "B/product")
	}
}

// fetchPage reads one page without decoding it, so that the benchmark
// measures the server.
func fetchPage(b *testing.B, s *Server, after string) []byte {
	vars := map[string]any{"first": 250}
	if after != "" {
		vars["after"] = after
	}
	body, _ := json.Marshal(map[string]any{"query": benchQuery, "variables": vars})
	req, _ := http.NewRequestWithContext(b.Context(), "POST", s.URL()+"/admin/api/2026-07/graphql.json", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Shopify-Access-Token", s.Token())
	res, err := s.Client().Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return raw
}
