package sallatest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
)

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Products: 120, Orders: 60, Customers: 40})
	var wg sync.WaitGroup
	failed := make(chan error, 16)
	for g := range 16 {
		wg.Go(func() {
			for n := range 12 {
				var err error
				switch g % 4 {
				case 0:
					_, err = send(t.Context(), s, s.Token(), "GET", fmt.Sprintf("/products?keyword=sku&page=%d", n%3+1), "")
				case 1:
					_, err = send(t.Context(), s, s.Token(), "GET", "/orders?sort_by=updated_at-desc", "")
				case 2:
					p := s.AddProduct(Product{Name: "x", SKU: fmt.Sprint("R", g, n)})
					err = errors.Join(s.UpdateProduct(p.ID, func(p *Product) { p.Quantity++ }), s.DeleteProduct(p.ID))
					_ = s.Quantities()
				default:
					tok := s.IssueTokens()
					_, err = send(t.Context(), s, tok.AccessToken, "GET", "/customers", "")
					s.Inject(Fault{})
					_, _ = s.Calls(), s.Violations()
				}
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	if len(s.Products()) != 120 {
		t.Errorf("%d products", len(s.Products()))
	}
}

func BenchmarkList10000Products(b *testing.B) {
	s := start(b, &Config{Products: 10_000, Unthrottled: true, EvenPages: true})
	client := s.Client()
	for b.Loop() {
		rows, bytes := 0, int64(0)
		for n := 1; n <= 167; n++ {
			r := newRequest(b, s, "/products?per_page=60&page="+itoa(n))
			res, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			if res.StatusCode != http.StatusOK {
				b.Fatal(res.Status)
			}
			size, err := io.Copy(io.Discard, res.Body)
			if err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
			bytes += size
			rows += 60
		}
		b.SetBytes(bytes)
	}
}
