package shopifytest

import "strings"

func one[T any](get func(*T) string) func(*T) []string {
	return func(r *T) []string { return []string{get(r)} }
}

var productFilters = keyFilters(filterSet{
	"default":      phrase(func(p *Product) []string { return []string{p.Title, p.Handle, p.Vendor, p.ProductType} }),
	"title":        phrase(one(func(p *Product) string { return p.Title })),
	"handle":       word(one(func(p *Product) string { return p.Handle })),
	"vendor":       word(one(func(p *Product) string { return p.Vendor })),
	"product_type": word(one(func(p *Product) string { return p.ProductType })),
	"status":       word(one(func(p *Product) string { return p.Status })),
	"tag":          word(func(p *Product) []string { return p.Tags }),
	"tag_not": func(t *term) {
		word(func(p *Product) []string { return p.Tags })(t)
		t.negated = !t.negated
	},
	"sku": word(func(p *Product) []string {
		out := make([]string, len(p.Variants))
		for i := range p.Variants {
			out[i] = p.Variants[i].SKU
		}
		return out
	}),
	"barcode": word(func(p *Product) []string {
		out := make([]string, len(p.Variants))
		for i := range p.Variants {
			out[i] = p.Variants[i].Barcode
		}
		return out
	}),
	"gift_card":       word(one(func(p *Product) string { return boolWord(p.GiftCard) })),
	"inventory_total": number(func(p *Product) float64 { return float64(p.inventory()) }),
	"published_status": word(one(func(p *Product) string {
		if p.PublishedAt.IsZero() {
			return "unpublished"
		}
		return "published"
	})),
})

var variantFilters = keyFilters(filterSet{
	"default":     phrase(func(r *variantRef) []string { return []string{r.p.Title, r.v.Title, r.v.SKU} }),
	"sku":         word(one(func(r *variantRef) string { return r.v.SKU })),
	"barcode":     word(one(func(r *variantRef) string { return r.v.Barcode })),
	"title":       phrase(one(func(r *variantRef) string { return r.v.Title })),
	"vendor":      word(one(func(r *variantRef) string { return r.p.Vendor })),
	"product_id":  number(func(r *variantRef) float64 { return float64(r.p.ID) }),
	"product_ids": number(func(r *variantRef) float64 { return float64(r.p.ID) }),
})

var itemFilters = keyFilters(filterSet{
	"default": phrase(one(func(r *itemRef) string { return r.v.SKU })),
	"sku":     word(one(func(r *itemRef) string { return r.v.SKU })),
})

var levelFilters = keyFilters(nil)

var orderFilters = keyFilters(filterSet{
	"default": phrase(func(o *Order) []string { return []string{o.Name, o.Email, o.Note} }),
	"processed_at": func(t *term) {
		keyTime(func(k key) int64 { return k.created })(t)
		byKey := t.onKey
		t.onKey = nil
		t.onRec = func(v any) bool { return byKey(key{created: v.(*Order).processed().Unix()}) }
	},
	"name": func(t *term) {
		t.value = strings.TrimPrefix(t.value, "#")
		word(one(func(o *Order) string { return strings.TrimPrefix(o.Name, "#") }))(t)
	},
	"email": phrase(one(func(o *Order) string { return o.Email })),
	"customer_id": func(t *term) {
		keyNumber(func(k key) int64 { return k.id })(t)
		byKey := t.onKey
		t.onKey = nil
		t.onRec = func(v any) bool { return byKey(key{id: v.(*Order).CustomerID}) }
	},
	"tag": word(func(o *Order) []string { return o.Tags }),
	"tag_not": func(t *term) {
		word(func(o *Order) []string { return o.Tags })(t)
		t.negated = !t.negated
	},
	"source_name": word(one(func(o *Order) string { return o.SourceName })),
	"po_number":   word(one(func(o *Order) string { return o.PONumber })),
	"test":        word(one(func(o *Order) string { return boolWord(o.Test) })),
	"sku": word(func(o *Order) []string {
		out := make([]string, len(o.Lines))
		for i := range o.Lines {
			out[i] = o.Lines[i].SKU
		}
		return out
	}),
	"status": word(func(o *Order) []string {
		out := []string{"any"}
		switch {
		case !o.CancelledAt.IsZero():
			out = append(out, "cancelled")
		case !o.ClosedAt.IsZero():
			out = append(out, "closed")
		default:
			out = append(out, "open")
		}
		if o.ClosedAt.IsZero() {
			out = append(out, "not_closed")
		}
		return out
	}),
	"financial_status": word(one(func(o *Order) string { return o.FinancialStatus })),
	"fulfillment_status": word(func(o *Order) []string {
		switch s := o.FulfillmentStatus; s {
		case "", "UNFULFILLED":
			return []string{"unfulfilled", "unshipped"}
		case "FULFILLED":
			return []string{"fulfilled", "shipped"}
		case "FULFILLMENT_NOT_REQUIRED": // shown as unfulfilled before 2026-10
			return []string{s, "unfulfilled", "unshipped"}
		case "PARTIALLY_FULFILLED":
			return []string{"partial", "unfulfilled"}
		default:
			return []string{s}
		}
	}),
	"return_status": word(one(func(o *Order) string { return o.ReturnStatus })),
})

var customerFilters = keyFilters(filterSet{
	"default":    phrase(func(c *Customer) []string { return []string{c.FirstName, c.LastName, c.Email, c.Phone} }),
	"email":      phrase(one(func(c *Customer) string { return c.Email })),
	"phone":      phrase(one(func(c *Customer) string { return c.Phone })),
	"first_name": phrase(one(func(c *Customer) string { return c.FirstName })),
	"last_name":  phrase(one(func(c *Customer) string { return c.LastName })),
	"tag":        word(func(c *Customer) []string { return c.Tags }),
	"state":      word(one(func(c *Customer) string { return c.State })),
	"country": word(func(c *Customer) []string {
		var out []string
		for i := range c.Addresses {
			out = append(out, c.Addresses[i].Country, c.Addresses[i].CountryCode)
		}
		return out
	}),
	"customer_date": keyTime(func(k key) int64 { return k.created }),
	"orders_count":  number(func(c *Customer) float64 { return float64(c.NumberOfOrders) }),
})

var eventFilters = keyFilters(filterSet{
	"action":       word(one(func(e *Event) string { return e.Action })),
	"subject_type": word(one(func(e *Event) string { return e.SubjectType })),
})

var locationFilters = keyFilters(filterSet{
	"default":     phrase(one(func(l *Location) string { return l.Name })),
	"name":        phrase(one(func(l *Location) string { return l.Name })),
	"location_id": keyNumber(func(k key) int64 { return k.id }),
})

func boolWord(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
