package bigcommercetest

import (
	"net/http"
	"slices"
)

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
		c.alterCustomer("address", a.ID, id, "store/customer/address/created", addressEvent(id, a.ID), func(v *Customer) bool {
			for _, old := range v.Addresses {
				old.ID = a.ID
				known = known || old == a
			}
			v.Addresses = append(v.Addresses, a)
			return !known
		})
		if !known {
			out = append(out, addressRef{id, a})
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
		c.alterCustomer("address", id, owner, "store/customer/address/updated", addressEvent(owner, id), func(v *Customer) bool {
			for i := range v.Addresses {
				if v.Addresses[i].ID == id {
					v.Addresses[i].fill(in)
					out = append(out, addressRef{owner, v.Addresses[i]})
				}
			}
			return true
		})
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
		c.alterCustomer("address", id, owner, "store/customer/address/deleted", addressEvent(owner, id), func(v *Customer) bool {
			v.Addresses = slices.DeleteFunc(v.Addresses, func(a Address) bool { return a.ID == id })
			return true
		})
	}
	c.none()
}
