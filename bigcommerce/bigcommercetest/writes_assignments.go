package bigcommercetest

import (
	"net/http"
	"slices"
	"strconv"
)

// assign serves the PUT of assignments: pairs are added, and what is assigned
// already stays. exists says whether there is something to be assigned to.
func assign(other string, of func(*Product) *[]int64, exists func(id int64) bool) func(c *call) {
	return func(c *call) {
		list, ok := c.inputs("product_id "+other, 1<<30)
		if !ok {
			return
		}
		bad := map[string]string{}
		for _, in := range list {
			product, _ := in.integer("product_id")
			to, _ := in.integer(other)
			if !c.store.products.has(product) || !exists(to) {
				bad[strconv.FormatInt(product, 10)] = "The product or the " + other + " does not exist"
			}
		}
		if len(bad) > 0 {
			c.failWith(http.StatusUnprocessableEntity, "Bulk operation has failed", bad)
			return
		}
		for _, in := range list {
			product, _ := in.integer("product_id")
			to, _ := in.integer(other)
			c.alterProduct("product", product, product, "store/product/updated", productEvent(product), func(p *Product) bool {
				if ids := of(p); !slices.Contains(*ids, to) {
					*ids = append(*ids, to)
				}
				return true
			})
		}
		c.none()
	}
}

// unassign serves the DELETE of assignments, which needs a filter.
func unassign(other string, of func(*Product) *[]int64) func(c *call) {
	return func(c *call) {
		f := &filterReader{c: c}
		products, others := f.ids("product_id:in"), f.ids(other+":in")
		if f.failed() {
			return
		}
		if products == nil && others == nil {
			c.violation("a delete of assignments without a filter")
			c.invalid("At least one filter must be provided.", other+":in", "is required")
			return
		}
		for _, p := range c.store.products.all() {
			if products != nil && !slices.Contains(products, p.ID) {
				continue
			}
			c.alterProduct("product", p.ID, p.ID, "store/product/updated", productEvent(p.ID), func(p *Product) bool {
				ids := of(p)
				*ids = slices.DeleteFunc(*ids, func(id int64) bool { return others == nil || slices.Contains(others, id) })
				return true
			})
		}
		c.none()
	}
}

func categoriesOf(p *Product) *[]int64 { return &p.Categories }
func channelsOf(p *Product) *[]int64   { return &p.Channels }

func isCategory(id int64) bool {
	return slices.ContainsFunc(categories, func(v named) bool { return v.id == id })
}
func isChannel(id int64) bool { return id >= 1 && id <= channels }
