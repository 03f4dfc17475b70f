package bigcommercetest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	customerMembers = `id email first_name last_name company phone registration_ip_address notes tax_exempt_category customer_group_id
		addresses attributes authentication accepts_product_review_abandoned_cart_emails store_credit_amounts origin_channel_id
		channel_ids form_fields trigger_account_created_notification`
	addressMembers = `id customer_id first_name last_name company address1 address2 city state_or_province postal_code country_code
		phone address_type form_fields`
	maxCustomers = 10
)

func (v *Customer) fill(in input) {
	in.set(map[string]*string{"email": &v.Email, "first_name": &v.FirstName, "last_name": &v.LastName, "company": &v.Company,
		"phone": &v.Phone, "notes": &v.Notes})
	if n, ok := in.integer("customer_group_id"); ok {
		v.GroupID = n
	}
	if list := in.ids("channel_ids"); !slices.Equal(list, v.ChannelIDs) && in["channel_ids"] != nil { // null is every channel
		v.ChannelIDs = list
	}
	if in.has("accepts_product_review_abandoned_cart_emails") {
		v.AcceptsMarketing = in.flag("accepts_product_review_abandoned_cart_emails")
	}
	for _, credit := range in.list("store_credit_amounts") {
		credit.amount("amount", &v.StoreCredit)
	}
}

func (a *Address) fill(in input) {
	in.set(map[string]*string{"first_name": &a.FirstName, "last_name": &a.LastName, "company": &a.Company, "phone": &a.Phone,
		"address1": &a.Street1, "address2": &a.Street2, "city": &a.City, "state_or_province": &a.State, "postal_code": &a.Zip,
		"country_code": &a.CountryCode, "address_type": &a.Type})
}

var customerRules = rules(`
	email text 3 255
	first_name text 1 100
	last_name text 1 100
	company text 0 255
	phone text 0 50
	notes text
	registration_ip_address text 0 30
	tax_exempt_category text 0 255
	customer_group_id int
	addresses list
	attributes list
	authentication object
	accepts_product_review_abandoned_cart_emails flag
	store_credit_amounts list
	origin_channel_id int
	channel_ids ids?
	form_fields list
	trigger_account_created_notification flag`)

// wrongCustomer says what is wrong with an input for a customer; row is which
// of the request.
func (c *call) wrongCustomer(in input, id int64, row int) map[string]string {
	bad := map[string]string{}
	for name, why := range in.wrong(customerRules) {
		bad[fmt.Sprintf("%d.%s", row, name)] = why
	}
	email := in.text("email")
	switch {
	case len(bad) > 0:
	case in.has("email") && !strings.Contains(email, "@"):
		bad[fmt.Sprintf("%d.email", row)] = "is invalid"
	case in.has("email") && c.taken(email, id):
		bad[".customer_"+[2]string{"create", "update"}[btoi(id != 0)]] = "Error: the email is already in use"
	}
	return bad
}

// alterCustomer changes a customer or an address, with its effect and event.
func (c *call) alterCustomer(kind string, part, id int64, scope, data string, change func(*Customer) bool) outcome {
	s := c.store
	now := s.stamp()
	result := alter(s.customers, id, change, func(v *Customer) {
		v.ID, v.ModifiedAt = id, now
		s.fillCustomer(v)
	}, nil)
	if result == changed {
		c.effect(kind, part)
		s.fire(scope, data)
	}
	return result
}

func (c *call) sendCustomers(ids []int64) {
	include := []string{"addresses", "storecredit", "attributes", "formfields"}
	c.data(func(w *writer) {
		w.arr("data")
		for _, id := range ids {
			if v := c.store.customers.get(id); v != nil {
				w.customer("", v, include)
			}
		}
		w.endArr()
	})
}

// taken says whether another customer has the address of e-mail.
func (c *call) taken(email string, id int64) bool {
	s := &selection[Customer]{}
	s.when("email "+email, func(v *Customer) bool { return strings.EqualFold(v.Email, email) })
	_, found := c.store.customers.page(s, 1, 2)
	return slices.ContainsFunc(found, func(v *Customer) bool { return v.ID != id })
}

func createCustomers(c *call) {
	list, ok := c.inputs(customerMembers, maxCustomers)
	if !ok {
		return
	}
	const failed = "Create customers failed."
	seen := map[string]bool{}
	for row, in := range list {
		for _, name := range []string{"email", "first_name", "last_name"} {
			if in.text(name) == "" {
				c.failWith(http.StatusUnprocessableEntity, failed, map[string]string{".customer_create": "missing " + name})
				return
			}
		}
		bad := c.wrongCustomer(in, 0, row)
		if email := strings.ToLower(in.text("email")); seen[email] {
			bad[".customer_create"] = "Error: the email is twice in the request"
		} else {
			seen[email] = true
		}
		if n := len(in.list("addresses")); n > maxInline {
			bad[fmt.Sprintf("%d.addresses", row)] = "at most 10"
		}
		if len(bad) > 0 {
			c.failWith(http.StatusUnprocessableEntity, failed, bad)
			return
		}
	}
	var ids []int64
	for _, in := range list {
		v := Customer{}
		v.fill(in)
		for _, row := range in.list("addresses") {
			a := Address{}
			a.fill(row)
			v.Addresses = append(v.Addresses, a)
		}
		id := c.store.AddCustomer(v).ID
		c.effect("customer", id)
		ids = append(ids, id)
	}
	c.sendCustomers(ids)
}

func updateCustomers(c *call) {
	list, ok := c.inputs(customerMembers, maxCustomers)
	if !ok {
		return
	}
	const failed = "Update customers failed."
	var ids []int64
	for row, in := range list {
		id, _ := in.integer("id")
		if !c.store.customers.has(id) {
			c.failWith(http.StatusUnprocessableEntity, failed, map[string]string{".customer_update": "Error: customer " + in.text("id") + " not found"})
			return
		}
		if bad := c.wrongCustomer(in, id, row); len(bad) > 0 {
			c.failWith(http.StatusUnprocessableEntity, failed, bad)
			return
		}
		for _, name := range []string{"addresses", "attributes"} {
			if in.has(name) {
				c.violation("%s are not changed with their customer", name)
			}
		}
		ids = append(ids, id)
	}
	for i, in := range list {
		c.alterCustomer("customer", ids[i], ids[i], "store/customer/updated", customerEvent(ids[i]), func(v *Customer) bool { v.fill(in); return true })
	}
	c.sendCustomers(ids)
}

func (c *call) idsToDelete() ([]int64, bool) {
	f := &filterReader{c: c}
	ids := f.ids("id:in")
	if f.failed() {
		return nil, false
	}
	if ids == nil {
		c.violation("a delete without id:in") // which answers 204 and deletes nothing
	}
	return ids, true
}

func deleteCustomers(c *call) {
	ids, ok := c.idsToDelete()
	if !ok {
		return
	}
	for _, id := range ids {
		if c.store.DeleteCustomer(id) == nil { // unknown ids are passed over
			c.effect("customer", id)
		}
	}
	c.none()
}
