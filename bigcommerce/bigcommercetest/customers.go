package bigcommercetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func customerRoutes() []route {
	const (
		scope = "store_v2_customers"
		at    = "v3/customers"
	)
	return []route{
		{method: get, pattern: at, scope: scope, serve: listCustomers, params: paging + `after before include sort id:in company:in
			customer_group_id:in date_created date_created:min date_created:max date_modified date_modified:min date_modified:max
			email:in name:in name:like phone:in registration_ip_address:in`},
		{method: post, pattern: at, scope: scope, serve: createCustomers},
		{method: put, pattern: at, scope: scope, inFlight: 3, serve: updateCustomers},
		{method: del, pattern: at, scope: scope, params: "id:in", serve: deleteCustomers},
		{method: get, pattern: at + "/addresses", scope: scope, serve: listAddresses,
			params: paging + "company:in name:in customer_id:in id:in include"},
		{method: post, pattern: at + "/addresses", scope: scope, inFlight: 10, serve: createAddresses},
		{method: put, pattern: at + "/addresses", scope: scope, inFlight: 3, serve: updateAddresses},
		{method: del, pattern: at + "/addresses", scope: scope, params: "id:in", serve: deleteAddresses},
		{method: get, pattern: at + "/attributes", scope: scope, serve: noRows, params: paging +
			"name name:like type date_created date_created:min date_created:max date_modified date_modified:min date_modified:max"},
		{method: get, pattern: at + "/attribute-values", scope: scope, serve: noRows, params: paging +
			"customer_id:in attribute_id:in name date_created date_created:min date_created:max date_modified date_modified:min date_modified:max"},
		{method: get, pattern: "v2/customer_groups", scope: scope, serve: listGroups, params: paging + `name name:like is_default
			date_created date_created:min date_created:max date_modified date_modified:min date_modified:max is_group_for_guests`},
		{method: get, pattern: "v2/customer_groups/count", scope: scope, serve: countGroups},
		{method: get, pattern: "v2/customer_groups/*", scope: scope, serve: getGroup},
	}
}

var customerIncludes = []string{"addresses", "storecredit", "attributes", "formfields", "shopper_profile_id", "segment_ids"}

// maxInline is how many addresses come inside a customer.
const maxInline = 10

func listCustomers(c *call) {
	include, ok := c.include(customerIncludes)
	if !ok {
		return
	}
	number, size, ok := c.window(maxLimit)
	if !ok {
		return
	}
	s, ok := c.customerSelection()
	if !ok {
		return
	}
	cut, ok := c.cursorPage(c.store.customers, s, number, size)
	if !ok {
		return
	}
	c.ok(func(w *writer) {
		w.obj("")
		w.arr("data")
		for _, v := range cut.customers {
			w.customer("", v, include)
		}
		w.endArr()
		w.obj("meta")
		cut.meta(c, w)
		w.end()
		w.end()
	})
}

func (c *call) customerSelection() (*selection[Customer], bool) {
	f := &filterReader{c: c}
	s := &selection[Customer]{
		ids:     f.ids("id:in"),
		created: f.span("date_created:min", "date_created:max"), modified: f.span("date_modified:min", "date_modified:max"),
	}
	for name, to := range map[string]*span{"date_created": &s.created, "date_modified": &s.modified} {
		if t := f.date(name); !t.IsZero() {
			*to = span{t.Unix(), t.Unix()}
		}
	}
	for name, of := range map[string]func(*Customer) string{
		"company:in": func(v *Customer) string { return v.Company }, "email:in": func(v *Customer) string { return v.Email },
		"phone:in": func(v *Customer) string { return v.Phone }, "name:in": fullName,
		"customer_group_id:in":       func(v *Customer) string { return fmt.Sprint(v.GroupID) },
		"registration_ip_address:in": func(*Customer) string { return "" },
	} {
		if list := f.list(name); list != nil {
			s.when(name+f.text(name), func(v *Customer) bool {
				return slices.ContainsFunc(list, func(want string) bool { return strings.EqualFold(of(v), want) })
			})
		}
	}
	if list := f.list("name:like"); list != nil {
		s.when("like"+f.text("name:like"), func(v *Customer) bool {
			return slices.ContainsFunc(list, func(want string) bool {
				return strings.Contains(strings.ToLower(fullName(v)), strings.ToLower(want))
			})
		})
	}
	if f.failed() {
		return nil, false
	}
	if v := c.query.Get("sort"); v != "" {
		field, direction, _ := strings.Cut(v, ":")
		s.sort, s.desc = field, direction == "desc"
		s.less = func(a, b *Customer) int { return folded(a.LastName, b.LastName) }
		if !slices.Contains([]string{"date_created", "date_modified", "last_name"}, field) || direction != "asc" && direction != "desc" {
			c.violation("sort=%s", v)
			c.invalid("The sort parameter is invalid.", "sort", "is not a valid sort")
			return nil, false
		}
	}
	return s, true
}

func fullName(v *Customer) string { return v.FirstName + " " + v.LastName }

func (w *writer) customer(k string, v *Customer, include []string) {
	w.obj(k)
	w.id("id", v.ID)
	w.str("email", v.Email)
	w.str("first_name", v.FirstName)
	w.str("last_name", v.LastName)
	w.str("company", v.Company)
	w.str("phone", v.Phone)
	w.str("registration_ip_address", "")
	w.str("notes", v.Notes)
	w.str("tax_exempt_category", "")
	w.id("customer_group_id", v.GroupID)
	w.zulu("date_created", v.CreatedAt)
	w.zulu("date_modified", v.ModifiedAt)
	w.num("address_count", len(v.Addresses))
	w.num("attribute_count", 0)
	w.raw("authentication", `{"force_password_reset":false}`)
	w.flag("accepts_product_review_abandoned_cart_emails", v.AcceptsMarketing)
	w.num("origin_channel_id", 1)
	w.ids("channel_ids", v.ChannelIDs)
	for _, part := range include {
		switch part {
		case "addresses":
			w.arr(part)
			for i := range v.Addresses[:min(maxInline, len(v.Addresses))] {
				w.customerAddress(v, &v.Addresses[i])
			}
			w.endArr()
		case "storecredit":
			w.arr("store_credit_amounts")
			w.obj("")
			w.amount("amount", v.StoreCredit)
			w.end()
			w.endArr()
		case "formfields":
			w.raw("form_fields", "[]")
		case "attributes", "segment_ids":
			w.raw(part, "[]")
		case "shopper_profile_id":
			w.str(part, uuid(serverkit.NewRand(v.ID, kindUUID, 2)))
		}
	}
	w.end()
}

func (w *writer) customerAddress(v *Customer, a *Address) {
	w.obj("")
	w.id("id", a.ID)
	w.id("customer_id", v.ID)
	w.str("first_name", a.FirstName)
	w.str("last_name", a.LastName)
	w.str("company", a.Company)
	w.str("address1", a.Street1)
	w.str("address2", a.Street2)
	w.str("city", a.City)
	w.str("state_or_province", a.State)
	w.str("postal_code", a.Zip)
	w.str("country", countryName(a.CountryCode))
	w.str("country_code", a.CountryCode)
	w.str("phone", a.Phone)
	w.str("address_type", a.Type)
	w.end()
}

func listAddresses(c *call) {
	number, size, ok := c.window(maxLimit)
	if !ok {
		return
	}
	f := &filterReader{c: c}
	customers, ids := f.ids("customer_id:in"), f.ids("id:in")
	companies, names := f.list("company:in"), f.list("name:in")
	if _, ok := c.include([]string{"formfields"}); !ok || f.failed() {
		return
	}
	if customers == nil && ids == nil && companies == nil && names == nil {
		p, addresses := c.store.addresses.page(number, size)
		c.list(p, func(w *writer) {
			for _, a := range addresses {
				w.customerAddress(a.of, &a.of.Addresses[a.pos])
			}
		})
		return
	}
	type found struct {
		of *Customer
		a  Address
	}
	var list []found
	for _, v := range c.store.customers.selected(&selection[Customer]{ids: customers}) {
		for _, a := range v.Addresses {
			if (ids == nil || slices.Contains(ids, a.ID)) && (companies == nil || slices.Contains(companies, a.Company)) &&
				(names == nil || slices.Contains(names, a.FirstName+" "+a.LastName)) {
				list = append(list, found{v, a})
			}
		}
	}
	few(c, list, maxLimit, func(w *writer, v *found) { w.customerAddress(v.of, &v.a) })
}

func noRows(c *call) { few(c, []int(nil), maxLimit, func(*writer, *int) {}) }

var groups = []struct {
	name  string
	guest bool
}{{"Wholesale & VIP", false}, {"كبار العملاء", false}, {"Guests", true}}

func (w *writer) group(id int) {
	w.obj("")
	w.num("id", id)
	w.str("name", groups[id-1].name)
	w.flag("is_default", false)
	w.raw("category_access", [2]string{`{"type":"all"}`, `{"type":"specific","categories":[19,21]}`}[btoi(id == 2)])
	w.raw("discount_rules", [2]string{`[]`, `[{"type":"all","method":"percent","amount":"5.0000"}]`}[btoi(id == 1)])
	w.str("date_created", "Tue, 05 Mar 2019 21:40:11 +0000")
	w.str("date_modified", "Tue, 05 Mar 2019 21:40:11 +0000")
	w.flag("is_group_for_guests", groups[id-1].guest)
	w.end()
}

func listGroups(c *call) {
	var list []int
	for id := 1; id <= len(groups); id++ {
		if name := c.query.Get("name"); name == "" || name == groups[id-1].name {
			list = append(list, id)
		}
	}
	few(c, list, maxLimit, func(w *writer, id *int) { w.group(*id) })
}

func countGroups(c *call) {
	c.ok(func(w *writer) {
		w.obj("")
		w.num("count", len(groups))
		w.end()
	})
}

func getGroup(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	if id < 1 || id > int64(len(groups)) {
		c.notFound()
		return
	}
	c.ok(func(w *writer) { w.group(int(id)) })
}
