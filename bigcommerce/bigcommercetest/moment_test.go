package bigcommercetest

import "testing"

// A page is of one moment: however many records go meanwhile, it holds as many
// as it says.
func TestPagesAreWholeWhileRecordsGo(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 600, Unthrottled: true})
	gone := make(chan error, 1)
	go func() {
		for _, p := range s.Products() {
			if err := s.DeleteProduct(p.ID); err != nil {
				gone <- err
				return
			}
		}
		gone <- nil
	}()
	for _, path := range []string{"/v3/catalog/products?limit=250", "/v3/catalog/variants?limit=250", "/v3/inventory/items?limit=250"} {
		for range 4 {
			if p := v3[struct{}](t, s, path); p.Meta.Pagination.Count != len(p.Data) {
				t.Errorf("%s: %d records on a page of %d", path, len(p.Data), p.Meta.Pagination.Count)
			}
		}
	}
	if err := <-gone; err != nil {
		t.Error(err)
	}
}
