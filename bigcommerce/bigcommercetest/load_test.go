package bigcommercetest

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
	ask := func(path string) error {
		r, err := send(t.Context(), s, s.Token(), "GET", path, "")
		if err == nil && r.status >= 400 {
			err = fmt.Errorf("%s: %d", path, r.status)
		}
		return err
	}
	for g := range 16 {
		wg.Go(func() {
			for n := range 10 {
				var err error
				switch g % 4 {
				case 0:
					err = errors.Join(ask(fmt.Sprintf("/v3/catalog/products?is_visible=true&page=%d", n%3+1)), ask("/v3/catalog/variants?sku=SKU-1"))
				case 1:
					err = errors.Join(ask("/v2/orders?sort=date_modified:desc&limit=20"), ask("/v3/orders/payment_actions/refunds"),
						s.UpdateOrder(int64(100+n), func(o *Order) { o.StatusID = 10 }))
				case 2:
					p := s.AddProduct(Product{Name: fmt.Sprint("x", g, n), SKU: fmt.Sprint("R", g, n), Tracking: "product"})
					err = errors.Join(s.UpdateProduct(p.ID, func(p *Product) { p.Price = "2" }), s.SetStock(p.ID, 0, 1, n), s.DeleteProduct(p.ID))
				default:
					err = errors.Join(ask("/v3/customers?include=addresses"), ask("/v3/inventory/items"), ask("/v3/hooks"))
					s.Inject(Fault{})
					_, _, _, _ = s.Calls(), s.Violations(), s.Events(), s.Grant()
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := len(s.Products()); got != 120 {
		t.Errorf("%d products", got)
	}
}

func BenchmarkList10000Products(b *testing.B) {
	s := start(b, &Config{Products: 10_000, Unthrottled: true})
	client := s.Client()
	for b.Loop() {
		size := int64(0)
		for n := 1; n <= 40; n++ {
			r, err := newRequest(b.Context(), s.Store, s.Token(), "GET", fmt.Sprintf("/v3/catalog/products?limit=250&page=%d", n), "")
			if err != nil {
				b.Fatal(err)
			}
			res, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			if res.StatusCode != http.StatusOK {
				b.Fatal(res.Status)
			}
			got, err := io.Copy(io.Discard, res.Body)
			if err != nil {
				b.Fatal(err)
			}
			_ = res.Body.Close()
			size += got
		}
		b.SetBytes(size)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/product")
}
