package sallatest

import (
	"net/http"
	"slices"
)

const variantChange = "sku barcode price sale_price cost_price stock_quantity weight mpn gtin notify_low quantities"

// wholeVariant are the fields that the schema of a variant's change requires.
var wholeVariant = []string{"sku", "barcode", "price", "sale_price", "cost_price", "stock_quantity", "weight", "mpn", "gtin"}

func updateVariant(c *call) {
	in, ok := c.input(variantChange)
	if !ok {
		return
	}
	for _, row := range in.list("quantities") {
		row.check(c, "branch quantity reason_id")
	}
	c.changeVariant(func(v *Variant, bad complaints) {
		for _, name := range wholeVariant {
			if c.store.cfg.WholeVariants && !in.names(name) {
				bad.about(name, msgRequired)
			}
		}
		for name, to := range map[string]*string{"sku": &v.SKU, "barcode": &v.Barcode, "mpn": &v.MPN, "gtin": &v.GTIN} {
			if in.names(name) {
				*to = in.text(name)
			}
		}
		in.amounts(bad, map[string]*string{"price": &v.RegularPrice, "sale_price": &v.SalePrice, "cost_price": &v.CostPrice, "weight": &v.Weight})
		orText(&v.CostPrice, "0.00")
		v.Price, v.SalePrice = effective(v.RegularPrice, v.SalePrice)
		if in.has("stock_quantity") {
			n, ok := in.number("stock_quantity")
			if !ok || n < 0 {
				bad.about("stock_quantity", msgNumber)
			}
			v.count(int(n))
		}
		if rows := in.list("quantities"); len(rows) > 0 {
			v.perBranch(c.store, rows, bad)
		}
	})
}

// count sets the stock; a quantity of what is unlimited is passed over.
func (v *Variant) count(n int) {
	if !v.Unlimited && v.Quantity != n {
		v.Quantity, v.Branches = n, nil
	}
}

// perBranch replaces the stock of every branch: those without a row get none.
func (v *Variant) perBranch(s *Store, rows []input, bad complaints) {
	next, sum := map[int64]int{}, 0
	for _, row := range rows {
		n, ok := row.number("quantity")
		branch, _ := row.number("branch")
		if !ok || n < 0 {
			bad.about("quantities", msgNumber)
			return
		}
		if s.branch(branch) == nil {
			bad.about("quantities", msgNoValue)
			return
		}
		next[branch] = int(n)
		sum += int(n)
	}
	if !v.Unlimited {
		v.Quantity, v.Branches = sum, next
	}
}

func variantQuantity(c *call) {
	in, ok := c.input("quantity")
	if !ok {
		return
	}
	c.changeVariant(func(v *Variant, bad complaints) {
		n, ok := in.number("quantity")
		if !ok || n < 0 {
			bad.about("quantity", msgRequired)
		}
		v.count(int(n))
	})
}

// changeVariant applies change to the variant of the path.
func (c *call) changeVariant(change func(*Variant, complaints)) {
	id := c.id(0)
	p, at := c.store.productOfVariant(id)
	if p == nil {
		c.notFound()
		return
	}
	bad := complaints{}
	if change(&p.Variants[at], bad); len(bad) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"validation_failed"`, "null", bad)
		return
	}
	p = c.store.editProduct(author{c.endpoint, ""}, p.ID, id, func(p *Product) {
		if i := slices.IndexFunc(p.Variants, func(v Variant) bool { return v.ID == id }); i >= 0 {
			change(&p.Variants[i], bad)
			p.sumStock()
			p.release()
		}
	})
	if p == nil || at >= len(p.Variants) {
		c.notFound()
		return
	}
	c.answer(http.StatusCreated, func(w *writer) { w.variant("data", p, &p.Variants[at]) })
}
