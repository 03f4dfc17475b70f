package woocommercetest

import (
	"net/http"
	"strconv"
)

// made is what a write gives back: the record's id and how to write it.
type made struct {
	id    int64
	write func(*writer)
}

// reply answers a write of one record: created ones are at a new address.
func (c *call) reply(m made, err *apiError, collection string) *apiError {
	switch {
	case err != nil:
		return err
	case collection != "":
		c.created(collection+"/"+strconv.FormatInt(m.id, 10), m.write)
	default:
		c.answer(http.StatusOK, m.write)
	}
	return nil
}

// exists refuses to create what has an id already.
func exists(in input, kind, what string) *apiError {
	if in.id("id") == 0 {
		return nil
	}
	return fail(http.StatusBadRequest, "woocommerce_rest_"+kind+"_exists", "Cannot create existing "+what+".")
}

func (c *call) createProduct() *apiError {
	m, err := c.insertProduct(c.input)
	return c.reply(m, err, "/products")
}

func (c *call) putProduct() *apiError {
	m, err := c.changeProduct(c.args[0], c.input)
	return c.reply(m, err, "")
}

func (c *call) showProduct(p *Product) made {
	return made{p.ID, func(w *writer) { w.product(c.server, c, p) }}
}

func (c *call) insertProduct(in input) (made, *apiError) {
	if err := exists(in, "product", "product"); err != nil {
		return made{}, err
	}
	s := c.server
	p := &Product{
		Type: "simple", Status: "publish", CatalogVisibility: "visible", StockStatus: "instock", Backorders: "no",
		TaxStatus: "taxable", ReviewsAllowed: true,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := c.applyProduct(p, in); err != nil {
		return made{}, err
	}
	p = s.addProduct(p)
	c.effect("product.create", p.ID)
	return c.showProduct(p), nil
}

// useVariations refuses a variation by the routes of products, which only read
// them.
func useVariations() *apiError {
	return fail(http.StatusNotFound, "woocommerce_rest_invalid_product_id",
		"To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.")
}

func (c *call) changeProduct(id int64, in input) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old, n := s.holderOf(id)
	switch {
	case old == nil:
		return made{}, invalidID("product", http.StatusBadRequest)
	case n >= 0:
		return made{}, useVariations()
	}
	var err *apiError
	changed := false
	p := s.editProduct(id, func(p *Product) bool {
		err = c.applyProduct(p, in)
		changed = err == nil && !same(old, p)
		return err == nil
	})
	if err != nil {
		return made{}, err
	}
	if changed {
		c.effect("product.update", id)
	}
	return c.showProduct(p), nil
}

func (c *call) deleteProduct() *apiError {
	force, _ := c.flag("force")
	m, err := c.dropProduct(c.args[0], force)
	return c.reply(m, err, "")
}

// dropProduct trashes or removes a product and gives back what it was before.
func (c *call) dropProduct(id int64, force bool) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	p, n := s.holderOf(id)
	switch {
	case p == nil:
		return made{}, invalidID("product", http.StatusNotFound)
	case n >= 0:
		return made{}, useVariations()
	case force:
		s.products.drop(id)
		c.effect("product.delete", id)
	case p.Status == "trash":
		return made{}, fail(http.StatusGone, "woocommerce_rest_already_trashed", "The product has already been deleted.")
	default:
		s.trashProduct(p)
		c.effect("product.trash", id)
	}
	return c.showProduct(p), nil
}
