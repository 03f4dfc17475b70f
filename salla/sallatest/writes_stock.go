package sallatest

import (
	"net/http"
	"slices"
	"strconv"
)

func updateVariant(c *call) {
	in, ok := c.input("sku barcode price sale_price regular_price cost_price stock_quantity weight weight_type mpn gtin quantities unlimited_quantity")
	if !ok {
		return
	}
	c.changeVariant(http.StatusCreated, func(v *Variant) (wrong string) {
		if in.has("sku") {
			v.SKU = in.text("sku")
		}
		if in.has("barcode") {
			v.Barcode = in.text("barcode")
		}
		for name, to := range map[string]*string{"price": &v.RegularPrice, "sale_price": &v.SalePrice, "cost_price": &v.CostPrice, "weight": &v.Weight} {
			if in.has(name) {
				if *to, ok = in.decimal(name); !ok {
					return name
				}
			}
		}
		if toCents(v.SalePrice) == 0 {
			v.SalePrice = ""
		}
		if v.Price = v.RegularPrice; v.SalePrice != "" {
			v.Price = v.SalePrice
		}
		if in.has("unlimited_quantity") {
			v.Unlimited = in.flag("unlimited_quantity")
		}
		if in.has("stock_quantity") {
			n, ok := in.number("stock_quantity")
			if !ok {
				return "stock_quantity"
			}
			v.Quantity = int(n)
		}
		if rows := in.list("quantities"); len(rows) > 0 {
			v.Quantity = 0
			for _, row := range rows {
				row.check(c, "branch quantity reason_id")
				n, ok := row.number("quantity")
				if !ok {
					return "quantities"
				}
				v.Quantity += int(n)
			}
		}
		return ""
	})
}

func variantQuantity(c *call) {
	in, ok := c.input("quantity")
	if !ok {
		return
	}
	c.changeVariant(http.StatusCreated, func(v *Variant) string {
		n, ok := in.number("quantity")
		if !ok || n < 0 {
			return "quantity"
		}
		v.Quantity = int(n)
		return ""
	})
}

// changeVariant applies change, which names the field it refuses.
func (c *call) changeVariant(status int, change func(*Variant) string) {
	id := c.id(0)
	p, at := c.store.productOfVariant(id)
	if p == nil {
		c.notFound()
		return
	}
	if wrong := change(&p.Variants[at]); wrong != "" {
		c.invalid(wrong, "قيمة الحقل "+wrong+" غير صالحة.")
		return
	}
	_ = c.store.UpdateProduct(p.ID, func(p *Product) { // deleted meanwhile: nothing to change
		if at < len(p.Variants) {
			change(&p.Variants[at])
			p.sumStock()
		}
	})
	c.answer(status, func(w *writer) { w.variant("data", p, &p.Variants[at]) })
}

// sumStock makes a product's quantity that of its variants.
func (p *Product) sumStock() {
	if len(p.Variants) == 0 {
		return
	}
	p.Quantity = 0
	for _, v := range p.Variants {
		p.Quantity += v.Quantity
	}
}

// bulkQuantities applies at once what Salla queues. The misspelt names are the
// API's own.
func bulkQuantities(c *call) {
	in, ok := c.input("products")
	if !ok {
		return
	}
	rows := in.list("products")
	fields := map[string][]string{}
	if len(rows) == 0 {
		fields["products"] = []string{"حقل المنتجات مطلوب."}
	}
	for i, row := range rows {
		row.check(c, "identifer_type identifer quantity mode branch reason_id unlimited_quantity")
		at := "products." + strconv.Itoa(i) + "."
		if !slices.Contains([]string{"id", "variant_id", "sku"}, row.text("identifer_type")) {
			fields[at+"identifer_type"] = []string{"حقل نوع المعرف مطلوب."}
		}
		if row.text("identifer") == "" {
			fields[at+"identifer"] = []string{"حقل المعرف مطلوب."}
		}
		if n, ok := row.number("quantity"); (!ok || n < 0) && !row.flag("unlimited_quantity") {
			fields[at+"quantity"] = []string{"حقل الكمية مطلوب."}
		}
		if m := row.text("mode"); m != "" && !slices.Contains([]string{"overwrite", "increment", "decrement"}, m) {
			fields[at+"mode"] = []string{"القيمة المدخلة للحقل mode غير موجودة."}
		}
	}
	if len(fields) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, fields)
		return
	}
	for _, row := range rows {
		c.store.setQuantity(row)
	}
	c.message(http.StatusCreated, msgQueued)
}

// setQuantity applies a row; one that names nothing is dropped in silence, as a
// queue does.
func (s *Store) setQuantity(row input) {
	n, _ := row.number("quantity")
	set := func(have *int, unlimited *bool) {
		if row.has("unlimited_quantity") {
			*unlimited = row.flag("unlimited_quantity")
		}
		switch row.text("mode") {
		case "increment":
			*have += int(n)
		case "decrement":
			*have = max(0, *have-int(n))
		default:
			*have = int(n)
		}
	}
	var p *Product
	variant := int64(0)
	id, _ := row.number("identifer")
	switch row.text("identifer_type") {
	case "id":
		p = s.products.get(id)
	case "variant_id":
		p, _ = s.productOfVariant(id)
		variant = id
	case "sku":
		sku := row.text("identifer")
		if p = s.productBySKU(sku); p != nil && p.SKU != sku {
			for _, v := range p.Variants {
				if v.SKU == sku {
					variant = v.ID
					break
				}
			}
		}
	}
	if p == nil {
		return
	}
	_ = s.UpdateProduct(p.ID, func(p *Product) { // deleted meanwhile: nothing to set
		for i := range p.Variants {
			if v := &p.Variants[i]; v.ID == variant {
				set(&v.Quantity, &v.Unlimited)
			}
		}
		if variant == 0 {
			set(&p.Quantity, &p.Unlimited)
		} else {
			p.sumStock()
		}
	})
}
