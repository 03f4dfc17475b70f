package sallatest

import (
	"net/http"
	"slices"
)

// editProduct changes a product of a request and notes the effect if it made a
// difference. It returns nil when there is no such product.
func (s *Store) editProduct(by author, id, subject int64, change func(*Product)) *Product {
	found := s.audited(id, by.reason, func() bool {
		found, changed := s.products.edit(id, change, func(p *Product) { p.UpdatedAt = s.stamp() })
		if changed {
			s.effect(by.endpoint, subject)
		}
		return found
	})
	if !found {
		return nil
	}
	return s.products.get(id)
}

// author is what changes a product, and the reason given for a change of stock.
type author struct{ endpoint, reason string }

// editProduct changes the product id on behalf of the request.
func (c *call) editProduct(id int64, change func(*Product)) *Product {
	return c.store.editProduct(author{c.endpoint, ""}, id, id, change)
}

func updateProduct(c *call)      { c.changeProduct(c.store.products.get(c.id(0))) }
func updateProductBySKU(c *call) { c.changeProduct(c.store.productBySKU(c.args[0])) }

// changeProduct changes the fields that are named. The status deleted deletes.
func (c *call) changeProduct(p *Product) {
	if p == nil {
		c.notFound()
		return
	}
	in, ok := c.input(productChange + " product_type")
	if !ok {
		return
	}
	bad := complaints{}
	if v := in.text("product_type"); v != "" && v != p.Type {
		bad["product_type"] = []string{"لا يمكن تغيير نوع المنتج."}
	}
	in.product(c.store, p, bad)
	if c.store.ownSKU(p, in, bad); c.refused(bad) {
		return
	}
	p = c.editProduct(p.ID, func(p *Product) {
		in.product(c.store, p, complaints{})
		p.release()
	})
	if p != nil && p.Status == "deleted" {
		c.store.trash(p.ID)
	}
	c.product(http.StatusCreated, p)
}

func deleteProduct(c *call)      { c.dropProduct(c.store.products.get(c.id(0))) }
func deleteProductBySKU(c *call) { c.dropProduct(c.store.productBySKU(c.args[0])) }

func (c *call) dropProduct(p *Product) {
	if p == nil || !c.store.trash(p.ID) {
		c.notFound()
		return
	}
	c.effect(p.ID)
	c.message(http.StatusAccepted, msgRemoved)
}

func productStatus(c *call) {
	in, ok := c.input("status")
	if !ok {
		return
	}
	v := in.text("status")
	if !slices.Contains(productStates, v) {
		c.refused(complaints{"status": {"القيمة المدخلة للحقل status غير موجودة."}})
		return
	}
	if c.editProduct(c.id(0), func(p *Product) { p.Status, p.wanted = v, "" }) == nil {
		c.notFound()
		return
	}
	c.message(http.StatusCreated, msgUpdated)
}

func priceBySKU(c *call) {
	in, ok := c.input("price")
	if !ok {
		return
	}
	bad := complaints{}
	price := ""
	if in.amounts(bad, map[string]*string{"price": &price}); price == "" {
		bad.about("price", msgRequired)
	}
	if c.refused(bad) {
		return
	}
	p := c.store.productBySKU(c.args[0])
	if p == nil || c.editProduct(p.ID, func(p *Product) { p.reprice(price) }) == nil {
		c.notFound()
		return
	}
	c.message(http.StatusCreated, msgUpdated)
}

func (p *Product) reprice(regular string) {
	p.RegularPrice = regular
	p.Price, p.SalePrice = effective(p.RegularPrice, p.SalePrice)
}

// trash deletes a product; the action restore brings it back.
func (s *Store) trash(id int64) bool {
	p := s.products.get(id)
	if !s.products.remove(id) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trashed == nil {
		s.trashed = map[int64]*Product{}
	}
	s.trashed[id] = p
	return true
}
