package magentotest

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
	s := start(t, &Config{Products: 120, Orders: 60, Customers: 40})
	var wg sync.WaitGroup
	failed := make(chan error, 16)
	fetch := func(r *http.Request) error {
		res, err := send(s, r)
		if err == nil && res.status != http.StatusOK {
			err = fmt.Errorf("%s: %d %.100s", r.URL.Path, res.status, res.body)
		}
		return err
	}
	for g := range 16 {
		wg.Go(func() {
			for n := range 12 {
				var err error
				switch g % 4 {
				case 0:
					err = errors.Join(
						fetch(bearer(request(t, s, "GET", "/V1/products"+sc(10, n%3+1, "sku ASC"), ""), s.AccessToken())),
						fetch(bearer(request(t, s, "GET", "/V1/inventory/source-items"+sc(10, n%3+1, ""), ""), s.AccessToken())))
				case 1:
					err = errors.Join(
						fetch(signOAuth(request(t, s, "GET", "/V1/orders"+sc(10, 1, "updated_at DESC"), ""), s, "rfc")),
						fetch(bearer(request(t, s, "GET", "/V1/shipments"+sc(10, 1, ""), ""), s.AccessToken())))
				case 2:
					p := s.AddProduct(Product{SKU: fmt.Sprintf("R%d-%d", g, n)})
					err = errors.Join(
						s.UpdateProduct(p.ID, func(p *Product) { p.Name = "x" }),
						fetch(bearer(request(t, s, "GET", "/V1/products/"+p.SKU, ""), s.AccessToken())),
						s.DeleteProduct(p.ID))
					s.SetStock("24-MB00000", "default", "5")
					_ = s.SourceItems()
				default:
					o := s.AddOrder(Order{Items: []OrderItem{{SKU: "24-MB00022", BasePrice: "3"}}})
					err = fetch(bearer(request(t, s, "POST", "/V1/orders/"+itoa(o.ID)+"/cancel", ""), s.AccessToken()))
					s.Inject(Fault{})
					_, _, _ = s.Calls(), s.Violations(), s.Ledger()
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
	if len(s.Products()) != 120 || len(s.Orders()) != 60+48 {
		t.Errorf("%d products, %d orders", len(s.Products()), len(s.Orders()))
	}
}

func benchmark(b *testing.B, products int) {
	s := start(b, &Config{Products: products})
	client := s.Client()
	for b.Loop() {
		last, rows, size := "0", 0, int64(0)
		for rows < products {
			r := bearer(request(b, s, "GET", "/V1/products"+sc(100, 1, "entity_id ASC", "updated_at", "gteq", "2020-01-01 00:00:00", "entity_id", "gt", last), ""), s.AccessToken())
			res, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			n, err := io.Copy(io.Discard, res.Body)
			if err != nil || res.StatusCode != http.StatusOK {
				b.Fatal(res.Status, err)
			}
			res.Body.Close()
			size += n
			rows += 100
			last = itoa(seedID(rows-1, products))
		}
		b.SetBytes(size)
	}
}

func BenchmarkList10000Products(b *testing.B)  { benchmark(b, 10_000) }
func BenchmarkList100000Products(b *testing.B) { benchmark(b, 100_000) }
