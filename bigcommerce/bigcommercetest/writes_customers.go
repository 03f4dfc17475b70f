package bigcommercetest

import (
	"net/http"
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
	if in.has("channel_ids") {
		v.ChannelIDs = in.ids("channel_ids")
	}
	if in.has("accepts_product_review_abandoned_cart_emails") {
		v.AcceptsMarketing = in.flag("accepts_product_review_abandoned_cart_emails")
	}
	for _, credit := range in.list("store_credit_amounts") {
		v.StoreCredit = credit.text("amount")
	}
}

func (a *Address) fill(in input) {
	in.set(map[string]*string{"first_name": &a.FirstName, "last_name": &a.LastName, "company": &a.Company, "phone": &a.Phone,
		"address1": &a.Street1, "address2": &a.Street2, "city": &a.City, "state_or_province": &a.State, "postal_code": &a.Zip,
		"country_code": &a.CountryCode, "address_type": &a.Type})
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
	t := c.store.customers
	s := &selection[Customer]{}
	s.when("email "+email, func(v *Customer) bool { return strings.EqualFold(v.Email, email) })
	_, rows := t.page(s, 1, 2)
	for _, v := range t.load(rows) {
		if v.ID != id {
			return true
		}
	}
	return false
}

func createCustomers(c *call) {
	list, ok := c.inputs(customerMembers, maxCustomers)
	if !ok {
		return
	}
	for _, in := range list {
		for _, name := range []string{"email", "first_name", "last_name"} {
			if in.text(name) == "" {
				c.failWith(http.StatusUnprocessableEntity, "Create customers failed.", map[string]string{".customer_create": "missing " + name})
				return
			}
		}
		if c.taken(in.text("email"), 0) {
			c.failWith(http.StatusUnprocessableEntity, "Create customers failed.",
				map[string]string{".customer_create": "Error creating customers", "email": "Email " + in.text("email") + " already in use"})
			return
		}
	}
	var ids []int64
	for _, in := range list {
		v := Customer{ChannelIDs: []int64{1}}
		v.fill(in)
		for _, row := range in.list("addresses") {
			a := Address{}
			a.fill(row)
			v.Addresses = append(v.Addresses, a)
		}
		ids = append(ids, c.store.AddCustomer(v).ID)
	}
	c.sendCustomers(ids)
}

func updateCustomers(c *call) {
	list, ok := c.inputs(customerMembers, maxCustomers)
	if !ok {
		return
	}
	var ids []int64
	for _, in := range list {
		id, _ := in.integer("id")
		if !c.store.customers.has(id) || in.has("email") && c.taken(in.text("email"), id) {
			c.failWith(http.StatusUnprocessableEntity, "Update customers failed.", map[string]string{".customer_update": "Error updating customers"})
			return
		}
		if in.has("addresses") || in.has("attributes") {
			c.violation("addresses and attributes are not changed with their customer")
		}
		ids = append(ids, id)
	}
	for i, in := range list {
		_ = c.store.UpdateCustomer(ids[i], func(v *Customer) { v.fill(in) }) // deleted meanwhile: not in the answer
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
		c.violation("a delete without id:in")
		c.invalid("The id:in filter is required.", "id:in", "is required")
		return nil, false
	}
	return ids, true
}

func deleteCustomers(c *call) {
	ids, ok := c.idsToDelete()
	if !ok {
		return
	}
	for _, id := range ids {
		_ = c.store.DeleteCustomer(id) // unknown ids are passed over
	}
	c.none()
}

func (c *call) sendAddresses(list []addressRef) {
	c.data(func(w *writer) {
		w.arr("data")
		for _, a := range list {
			w.customerAddress(&Customer{ID: a.customer}, &a.address)
		}
		w.endArr()
	})
}

type addressRef struct {
	customer int64
	address  Address
}

// createAddresses leaves out of its answer, without a word, an address the
// customer has already.
func createAddresses(c *call) {
	list, ok := c.inputs(addressMembers, maxCustomers)
	if !ok {
		return
	}
	for _, in := range list {
		id, _ := in.integer("customer_id")
		if !c.store.customers.has(id) {
			c.failWith(http.StatusUnprocessableEntity, "Create customer addresses failed.", map[string]string{".address_create": "Customer not found"})
			return
		}
	}
	var out []addressRef
	for _, in := range list {
		id, _ := in.integer("customer_id")
		a := Address{ID: c.store.partID(), Type: "residential"}
		a.fill(in)
		known := false
		c.store.changeCustomer(id, func(v *Customer) {
			for _, old := range v.Addresses {
				old.ID = a.ID
				known = known || old == a
			}
			if !known {
				v.Addresses = append(v.Addresses, a)
			}
		})
		if !known {
			out = append(out, addressRef{id, a})
			c.store.fire("store/customer/address/created", addressEvent(id, a.ID))
		}
	}
	c.sendAddresses(out)
}

func updateAddresses(c *call) {
	list, ok := c.inputs(addressMembers, maxCustomers)
	if !ok {
		return
	}
	var out []addressRef
	for _, in := range list {
		id, _ := in.integer("id")
		owner := c.ownerOf(id)
		if owner == 0 {
			c.failWith(http.StatusUnprocessableEntity, "Update customer addresses failed.", map[string]string{".address_update": "Address not found"})
			return
		}
		c.store.changeCustomer(owner, func(v *Customer) {
			for i := range v.Addresses {
				if v.Addresses[i].ID == id {
					v.Addresses[i].fill(in)
					out = append(out, addressRef{owner, v.Addresses[i]})
				}
			}
		})
		c.store.fire("store/customer/address/updated", addressEvent(owner, id))
	}
	c.sendAddresses(out)
}

func (c *call) ownerOf(address int64) int64 {
	for _, v := range c.store.customers.all() {
		for i := range v.Addresses {
			if v.Addresses[i].ID == address {
				return v.ID
			}
		}
	}
	return 0
}

func deleteAddresses(c *call) {
	ids, ok := c.idsToDelete()
	if !ok {
		return
	}
	for _, id := range ids {
		owner := c.ownerOf(id)
		if owner == 0 {
			continue
		}
		c.store.changeCustomer(owner, func(v *Customer) {
			for i := range v.Addresses {
				if v.Addresses[i].ID == id {
					v.Addresses = append(v.Addresses[:i:i], v.Addresses[i+1:]...)
					return
				}
			}
		})
		c.store.fire("store/customer/address/deleted", addressEvent(owner, id))
	}
	c.none()
}
