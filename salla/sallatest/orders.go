package sallatest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const orderParams = "keyword payment_method status from_date to_date country city product branch tags " +
	"reference_id coupon customer_id shipping_app_id source sort_by unread assign_employee selling_channel " +
	"created_by accounting_services expanded"

// day reads a YYYY-MM-DD parameter as midnight in Riyadh; ok is false after it
// answered 422.
func (c *call) day(name string) (t time.Time, ok bool) {
	v := c.query.Get(name)
	if v == "" {
		return time.Time{}, true
	}
	t, err := time.ParseInLocation(layoutDay, v, riyadh)
	if err != nil {
		c.server.book.Violationf("%s: %s=%s is no YYYY-MM-DD", c.path, name, v)
		c.invalid(name, "التاريخ لا يتوافق مع الشكل Y-m-d.")
		return t, false
	}
	return t, true
}

// span reads two day parameters as an interval that holds both days.
func (c *call) span(from, to string) (keep func(time.Time) bool, ok bool) {
	a, ok := c.day(from)
	if !ok {
		return nil, false
	}
	b, ok := c.day(to)
	if !ok {
		return nil, false
	}
	return func(t time.Time) bool {
		return (a.IsZero() || !t.Before(a)) && (b.IsZero() || t.Before(b.AddDate(0, 0, 1)))
	}, true
}

func listOrders(c *call) {
	s := c.store
	if c.query.Has("expanded") {
		c.server.book.Violationf("/orders: expanded is refused for apps made after 2024-08-15")
		c.fail(http.StatusUnprocessableEntity, `"error"`, "expanded is not supported")
		return
	}
	keep, ok := c.orderFilter()
	if !ok {
		return
	}
	order, ok := orderSort(c.query.Get("sort_by"))
	if !ok {
		c.server.book.Violationf("/orders: sort_by=%s is not {id|total|updated_at|created_at}-{asc|desc}", c.query.Get("sort_by"))
		c.invalid("sort_by", "القيمة المدخلة للحقل sort_by غير موجودة.")
		return
	}
	q := c.r.URL.Query()
	q.Del("page")
	q.Del("per_page")
	version := s.orders.changes()
	indexes := s.orders.order()
	if key := q.Encode(); key != "" {
		indexes = s.orders.view(key, keep, order)
	}
	pg := c.paginate(len(indexes), defaultSize, maxOrders)
	c.pageOf(version, pg, func(w *writer) {
		for _, o := range s.orders.records(indexes[pg.from:pg.to]) {
			w.orderRow(s, o, c.english)
		}
	})
}

func (c *call) orderFilter() (func(*Order) bool, bool) {
	within, ok := c.span("from_date", "to_date")
	if !ok {
		return nil, false
	}
	states := c.list("status")
	for _, v := range states {
		if id, err := strconv.ParseInt(v, 10, 64); err != nil || statusByID(id) == nil {
			c.server.book.Violationf("/orders: status[]=%s is no status id", v)
			c.invalid("status", "القيمة المدخلة للحقل status غير موجودة.")
			return nil, false
		}
	}
	methods, sources, branches, tagIDs := c.list("payment_method"), c.list("source"), c.list("branch"), c.list("tags")
	word := strings.ToLower(c.query.Get("keyword"))
	reference, customer, coupon, product := c.query.Get("reference_id"), c.query.Get("customer_id"), c.query.Get("coupon"), c.query.Get("product")
	in := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return func(o *Order) bool {
		if !within(o.CreatedAt) || !in(methods, o.PaymentMethod) || !in(sources, o.Source) || !in(branches, number(o.BranchID)) {
			return false
		}
		if len(states) > 0 && !slices.Contains(states, number(o.Status.ID)) && !slices.Contains(states, number(o.Status.CustomID)) {
			return false
		}
		if len(tagIDs) > 0 && !slices.ContainsFunc(o.Tags, func(t Ref) bool { return in(tagIDs, number(t.ID)) }) {
			return false
		}
		if reference != "" && reference != number(o.ReferenceID) || customer != "" && (o.Customer == nil || customer != number(o.Customer.ID)) {
			return false
		}
		if coupon != "" && !slices.ContainsFunc(o.Discounts, func(d Discount) bool { return d.Code == coupon }) {
			return false
		}
		if product != "" && !slices.ContainsFunc(o.Items, func(it OrderItem) bool { return number(it.ProductID) == product }) {
			return false
		}
		return word == "" || strings.Contains(number(o.ReferenceID), word) ||
			strings.Contains(strings.ToLower(o.Receiver.Name+" "+o.Receiver.Email+" "+o.Receiver.Phone), word)
	}, true
}

// orderSort reads sort_by; nil for none. Ties keep the listing order.
func orderSort(by string) (func(a, b *Order) int, bool) {
	if by == "" {
		return nil, true
	}
	field, way, _ := strings.Cut(by, "-")
	compare := map[string]func(a, b *Order) int{
		"id":         func(a, b *Order) int { return cmp.Compare(a.ID, b.ID) },
		"total":      func(a, b *Order) int { return cmp.Compare(toCents(a.Total), toCents(b.Total)) },
		"updated_at": func(a, b *Order) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
		"created_at": func(a, b *Order) int { return a.CreatedAt.Compare(b.CreatedAt) },
	}[field]
	switch {
	case compare == nil:
		return nil, false
	case way == "asc":
		return compare, true
	case way == "desc":
		return func(a, b *Order) int { return compare(b, a) }, true
	}
	return nil, false
}

// order finds the order of the path, or of reference_id in its stead.
func (c *call) order() *Order {
	if ref := c.query.Get("reference_id"); ref != "" {
		for _, index := range c.store.orders.view("reference\x00"+ref, func(o *Order) bool {
			return strconv.FormatInt(o.ReferenceID, 10) == ref
		}, nil) {
			for _, o := range c.store.orders.records([]int32{index}) {
				return o
			}
		}
		c.notFound()
		return nil
	}
	o := c.store.orders.get(c.id(0))
	if o == nil {
		c.notFound()
	}
	return o
}

func orderDetails(c *call) {
	format := c.query.Get("format")
	if format != "" && format != "light" {
		c.server.book.Violationf("/orders/{id}: format=%s; only light is known", format)
	}
	if o := c.order(); o != nil {
		c.answer(http.StatusOK, func(w *writer) { w.order("data", c.store, o, c.english, format == "light") })
	}
}

func listOrderItems(c *call) {
	v := c.query.Get("order_id")
	id, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		c.server.book.Violationf("/orders/items: order_id=%q is no id", v)
		c.invalid("order_id", "مطلوب حقل order id.")
		return
	}
	o := c.store.orders.get(id)
	if o == nil {
		c.fail(http.StatusNotFound, `"error"`, msgNotFoundAR)
		return
	}
	c.answer(http.StatusOK, func(w *writer) {
		w.arr("data")
		for i := range o.Items {
			w.item(o, &o.Items[i], false)
		}
		w.endArr()
	})
}

func listHistories(c *call) {
	o := c.order()
	if o == nil {
		return
	}
	pg := c.paginate(len(o.Histories), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for i := pg.from; i < pg.to; i++ {
			w.history("", &o.Histories[i], c.english)
		}
	})
}

func listStatuses(c *call) {
	c.answer(http.StatusOK, func(w *writer) {
		w.arr("data")
		for i := range statusList {
			w.status("", &statusList[i], c.english, false)
		}
		w.endArr()
	})
}

func statusDetails(c *call) {
	st := statusByID(c.id(0))
	if st == nil {
		c.notFound()
		return
	}
	c.answer(http.StatusOK, func(w *writer) { w.status("data", st, c.english, true) })
}
