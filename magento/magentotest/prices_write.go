package magentotest

import (
	"slices"
	"time"
)

// The price endpoints do what they can: rows that cannot be done come back,
// with 200, and the others are done.

type failedPrice struct {
	message string
	params  []any // names and values
}

func (w *writer) failedPrices(list []failedPrice) {
	w.arr("")
	for _, f := range list {
		w.obj("")
		w.str("message", f.message)
		w.obj("parameters")
		for i := 0; i+1 < len(f.params); i += 2 {
			w.str(f.params[i].(string), f.params[i+1].(string))
		}
		w.end()
		w.end()
	}
	w.endArr()
}

const msgPriceRow = "Invalid attribute %fieldName = %fieldValue."

func rowOfPrice(r input) []any {
	return []any{"SKU", r.text("sku"), "storeId", r.text("store_id"), "priceFrom", r.text("price_from"), "priceTo", r.text("price_to")}
}

// pricesOf reads the rows and runs change on a copy of the product of each;
// check says what is wrong with a row, p is nil where no product can have it.
func (c *call) pricesOf(member, known string, check func(r input, p *Product) []failedPrice, change func(p *Product, r input)) {
	in, ok := c.input(member)
	if !ok {
		return
	}
	if !in.has(member) {
		c.required(member)
		return
	}
	rows, ok := c.objects(in, member, known)
	if !ok {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	var failed []failedPrice
	for _, r := range rows {
		old := s.bySKU(r.text("sku"))
		if old != nil && !slices.Contains([]string{TypeSimple, TypeVirtual, TypeDownloadable, TypeBundle}, old.Type) {
			old = nil
		}
		if bad := check(r, old); len(bad) > 0 {
			failed = append(failed, bad...)
			continue
		}
		p := old.clone()
		change(p, r)
		if !sameProduct(old, p) {
			s.effect("product.update", p.SKU)
		}
		s.replaceProduct(old, p)
	}
	c.out.failedPrices(failed)
}

func checkBasePrice(field string) func(r input, p *Product) []failedPrice {
	return func(r input, p *Product) (failed []failedPrice) {
		if p == nil {
			failed = append(failed, failedPrice{msgPriceRow, []any{"fieldName", "SKU", "fieldValue", r.text("sku")}})
		}
		if v := r.text(field); !isDecimal(v) || toUnits(v) < 0 {
			name := map[string]string{"price": "Price", "cost": "Cost"}[field]
			failed = append(failed, failedPrice{msgPriceRow, []any{"fieldName", name, "fieldValue", v}})
		}
		if viewByID(r.whole("store_id")) == nil {
			failed = append(failed, failedPrice{"Requested store is not found. Row ID: SKU = %SKU, Store ID: %storeId.", []any{"SKU", r.text("sku"), "storeId", r.text("store_id")}})
		}
		return failed
	}
}

func setBasePrices(c *call) {
	c.pricesOf("prices", "price store_id sku extension_attributes", checkBasePrice("price"), func(p *Product, r input) {
		p.Price = roundDecimal(r.text("price"), 6)
	})
}

func setCosts(c *call) {
	c.pricesOf("prices", "cost store_id sku extension_attributes", checkBasePrice("cost"), func(p *Product, r input) {
		p.SetAttribute("cost", fixed(roundDecimal(r.text("cost"), 6), 6))
	})
}

func checkSpecialPrice(r input, p *Product) (failed []failedPrice) {
	fail := func(message string, first ...any) {
		failed = append(failed, failedPrice{message + " Row ID: SKU = %SKU, Store ID: %storeId, Price From: %priceFrom, Price To: %priceTo.", append(first, rowOfPrice(r)...)})
	}
	if p == nil {
		fail("The product that was requested doesn't exist. Verify the product and try again.")
	}
	if r.whole("store_id") != 0 {
		fail("Could not change non global Price when price scope is global.")
	}
	if v := r.text("price"); !isDecimal(v) || toUnits(v) < 0 {
		fail("Invalid attribute Price = %price.", "price", v)
	}
	for field, label := range map[string]string{"price_from": "Price From", "price_to": "Price To"} {
		if v := r.text(field); v != "" {
			if _, err := time.Parse(stampLayout, v); err != nil {
				fail("Invalid attribute %label = %priceTo.", "label", label)
			}
		}
	}
	return failed
}

const specialFields = "price store_id sku price_from price_to extension_attributes"

func setSpecialPrices(c *call) {
	c.pricesOf("prices", specialFields, checkSpecialPrice, func(p *Product, r input) {
		p.SetAttribute("special_price", fixed(roundDecimal(r.text("price"), 6), 6))
		for field, code := range map[string]string{"price_from": "special_from_date", "price_to": "special_to_date"} {
			if v := r.text(field); v != "" {
				p.SetAttribute(code, v)
			}
		}
	})
}

// dropSpecialPrices removes the prices that are as the row says, to the date.
func dropSpecialPrices(c *call) {
	c.pricesOf("prices", specialFields, checkSpecialPrice, func(p *Product, r input) {
		if fixed(r.text("price"), 6) != p.Attribute("special_price") || r.text("price_from") != p.Attribute("special_from_date") || r.text("price_to") != p.Attribute("special_to_date") {
			return
		}
		p.Attributes = slices.DeleteFunc(p.Attributes, func(a Attribute) bool {
			return a.Code == "special_price" || a.Code == "special_from_date" || a.Code == "special_to_date"
		})
	})
}
