package magentotest

import "net/http"

var customerColumns = map[string]column[Customer]{
	"entity_id":  {numberColumn, some(func(x *Customer) string { return itoa(x.ID) })},
	"email":      {textColumn, some(func(x *Customer) string { return x.Email })},
	"firstname":  {textColumn, some(func(x *Customer) string { return x.FirstName })},
	"lastname":   {textColumn, some(func(x *Customer) string { return x.LastName })},
	"group_id":   {numberColumn, some(func(x *Customer) string { return itoa(x.GroupID) })},
	"store_id":   {numberColumn, some(func(x *Customer) string { return itoa(x.StoreID) })},
	"website_id": {numberColumn, some(func(x *Customer) string { return itoa(x.WebsiteID) })},
	"created_at": {timeColumn, some(func(x *Customer) string { return x.CreatedAt.Format(stampLayout) })},
	"updated_at": {timeColumn, some(func(x *Customer) string { return x.UpdatedAt.Format(stampLayout) })},
	"dob":        {timeColumn, filled(func(x *Customer) string { return x.Birthday })},
}

func (w *writer) customer(x *Customer) {
	w.obj("")
	w.int("id", x.ID)
	w.int("group_id", x.GroupID)
	if x.DefaultBilling != 0 {
		w.str("default_billing", itoa(x.DefaultBilling))
	}
	if x.DefaultShipping != 0 {
		w.str("default_shipping", itoa(x.DefaultShipping))
	}
	w.time("created_at", x.CreatedAt)
	w.time("updated_at", x.UpdatedAt)
	w.str("created_in", x.CreatedIn)
	w.opt("dob", x.Birthday)
	w.str("email", x.Email)
	w.str("firstname", x.FirstName)
	w.str("lastname", x.LastName)
	if x.Gender != 0 {
		w.int("gender", x.Gender)
	}
	w.int("store_id", x.StoreID)
	w.int("website_id", x.WebsiteID)
	w.arr("addresses")
	for i := range x.Addresses {
		w.customerAddress(x, &x.Addresses[i])
	}
	w.endArr()
	w.int("disable_auto_group_change", 0)
	w.obj("extension_attributes")
	w.flag("is_subscribed", x.ID%2 == 0)
	w.end()
	if len(x.Attributes) > 0 {
		w.arr("custom_attributes")
		for _, a := range x.Attributes {
			w.obj("")
			w.str("attribute_code", a.Code)
			w.str("value", a.Value)
			w.end()
		}
		w.endArr()
	}
	w.end()
}

func (w *writer) customerAddress(x *Customer, a *Address) {
	w.obj("")
	w.int("id", a.ID)
	w.int("customer_id", x.ID)
	w.obj("region")
	w.nullable("region_code", a.RegionCode)
	w.nullable("region", a.Region)
	w.int("region_id", a.RegionID)
	w.end()
	w.int("region_id", a.RegionID)
	w.str("country_id", a.CountryID)
	w.strs("street", a.Street)
	w.opt("company", a.Company)
	w.str("telephone", a.Telephone)
	w.str("postcode", a.Postcode)
	w.str("city", a.City)
	w.str("firstname", a.FirstName)
	w.str("lastname", a.LastName)
	if x.DefaultShipping == a.ID {
		w.flag("default_shipping", true)
	}
	if x.DefaultBilling == a.ID {
		w.flag("default_billing", true)
	}
	w.end()
}

func listCustomers(c *call) {
	s := c.server.store
	serveList(c, &listing[Customer]{table: s.customers, columns: customerColumns}, (*writer).customer)
}

// noCustomer answers for an id nobody has.
func (c *call) noCustomer(id int64) {
	c.fail(http.StatusNotFound, msgNoSuch, "fieldName", "customerId", "fieldValue", id)
}

func getCustomer(c *call) {
	if c.args[0] == "me" {
		c.violation("/me is for customers")
		c.unauthorized("self")
		return
	}
	id, ok := c.id(0)
	if !ok {
		return
	}
	c.locked(func(s *store) {
		x := s.customers.get(id)
		if x == nil {
			c.noCustomer(id)
			return
		}
		c.out.customer(x)
	})
}

func getAddress(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	c.locked(func(s *store) {
		for _, r := range s.customers.rows {
			x := s.customers.load(r)
			for i := range x.Addresses {
				if x.Addresses[i].ID == id {
					c.out.customerAddress(x, &x.Addresses[i])
					return
				}
			}
		}
		c.fail(http.StatusNotFound, msgNoSuch, "fieldName", "addressId", "fieldValue", id)
	})
}
