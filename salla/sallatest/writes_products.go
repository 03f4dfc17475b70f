package sallatest

import (
	"net/http"
	"slices"
)

var productTypes = []string{"product", "service", "group_products", "codes", "digital", "food", "booking", "donating"}

func createProduct(c *call) {
	in, ok := c.input("")
	if !ok {
		return
	}
	fields := map[string][]string{}
	for _, name := range []string{"name", "price", "product_type"} {
		if !in.has(name) {
			fields[name] = []string{"حقل " + name + " مطلوب."}
		}
	}
	if in.has("product_type") && !slices.Contains(productTypes, in.text("product_type")) {
		fields["product_type"] = []string{"القيمة المدخلة للحقل product_type غير موجودة."}
	}
	if sku := in.text("sku"); sku != "" && c.store.productBySKU(sku) != nil {
		fields["sku"] = []string{"قيمة حقل sku مُستخدمة من قبل."}
	}
	p := Product{Type: in.text("product_type")}
	in.product(&p, fields)
	if len(fields) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, fields)
		return
	}
	// Salla hides a product without an image and takes one without stock off sale.
	switch {
	case len(p.Images) == 0:
		p.Status = "hidden"
	case p.Quantity == 0 && !p.Unlimited:
		p.Status = "out"
	}
	c.product(http.StatusCreated, c.store.AddProduct(p))
}

// product puts the fields that are there into p and adds complaints to fields.
func (in input) product(p *Product, fields map[string][]string) {
	for name, to := range map[string]*string{
		"name": &p.Name, "description": &p.Description, "sku": &p.SKU, "mpn": &p.MPN, "gtin": &p.GTIN, "weight_type": &p.WeightType,
	} {
		if in.has(name) {
			*to = in.text(name)
		}
	}
	if in.has("name") {
		p.NameEN = ""
	}
	for name, to := range map[string]*string{
		"price": &p.RegularPrice, "sale_price": &p.SalePrice, "cost_price": &p.CostPrice, "weight": &p.Weight,
	} {
		if !in.has(name) {
			continue
		}
		v, ok := in.decimal(name)
		if !ok {
			fields[name] = []string{"يجب على الحقل " + name + " أن يكون رقمًا"}
			continue
		}
		*to = v
	}
	if toCents(p.SalePrice) == 0 {
		p.SalePrice = ""
	}
	p.Price = p.RegularPrice
	if p.SalePrice != "" {
		p.Price = p.SalePrice
	}
	if in.has("quantity") {
		n, ok := in.number("quantity")
		if !ok || n < 0 {
			fields["quantity"] = []string{"يجب على الحقل quantity أن يكون رقمًا"}
		}
		p.Quantity = int(n)
	}
	if in.has("unlimited_quantity") {
		p.Unlimited = in.flag("unlimited_quantity")
	}
	if in.has("with_tax") {
		p.WithTax = in.flag("with_tax")
	}
	if in.has("status") {
		p.Status = in.text("status")
		if !slices.Contains([]string{"sale", "out", "hidden"}, p.Status) {
			fields["status"] = []string{"القيمة المدخلة للحقل status غير موجودة."}
		}
	}
	for i, img := range in.list("images") {
		p.Images = append(p.Images, Image{ID: int64(i + 1), URL: img.text("original"), Main: i == 0, Type: "image", Alt: img.text("alt")})
	}
	for _, id := range in.ids("categories") {
		if i := slices.IndexFunc(categories, func(r Ref) bool { return r.ID == id }); i >= 0 {
			p.Categories = append(p.Categories, categories[i])
		}
	}
}

func updateProduct(c *call)      { c.changeProduct(c.store.products.get(c.id(0))) }
func updateProductBySKU(c *call) { c.changeProduct(c.store.productBySKU(c.args[0])) }

func (c *call) changeProduct(p *Product) {
	if p == nil {
		c.notFound()
		return
	}
	in, ok := c.input("")
	if !ok {
		return
	}
	if v := in.text("product_type"); v != "" && v != p.Type {
		c.invalid("product_type", "لا يمكن تغيير نوع المنتج.")
		return
	}
	change := func(p *Product) map[string][]string {
		fields := map[string][]string{}
		if in.has("categories") {
			p.Categories = nil
		}
		if in.has("images") {
			p.Images = nil
		}
		in.product(p, fields)
		return fields
	}
	if fields := change(p); len(fields) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, fields)
		return
	}
	if c.store.UpdateProduct(p.ID, func(p *Product) { change(p) }) != nil {
		c.notFound()
		return
	}
	c.product(http.StatusCreated, c.store.products.get(p.ID))
}

func deleteProduct(c *call) { c.dropProduct(c.store.products.get(c.id(0))) }

func deleteProductBySKU(c *call) { c.dropProduct(c.store.productBySKU(c.args[0])) }

func (c *call) dropProduct(p *Product) {
	if p == nil || c.store.DeleteProduct(p.ID) != nil {
		c.notFound()
		return
	}
	c.message(http.StatusAccepted, msgRemoved)
}

func productStatus(c *call) {
	in, ok := c.input("status")
	if !ok {
		return
	}
	v := in.text("status")
	if !slices.Contains([]string{"sale", "out", "hidden"}, v) {
		c.invalid("status", "القيمة المدخلة للحقل status غير موجودة.")
		return
	}
	if c.store.UpdateProduct(c.id(0), func(p *Product) { p.Status = v }) != nil {
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
	price, ok := in.decimal("price")
	if !ok {
		c.invalid("price", "حقل السعر مطلوب.")
		return
	}
	p := c.store.productBySKU(c.args[0])
	if p == nil {
		c.notFound()
		return
	}
	_ = c.store.UpdateProduct(p.ID, func(p *Product) { // deleted meanwhile: nothing to price
		p.RegularPrice = price
		if p.SalePrice == "" {
			p.Price = price
		}
	})
	c.message(http.StatusCreated, msgUpdated)
}
