package magentotest

import (
	"net/http"
	"strings"
)

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
	for k, v := range map[string]string{"region_code": a.RegionCode} {
		if v == "" {
			w.raw(k, "null")
		} else {
			w.str(k, v)
		}
	}
	if a.Region == "" {
		w.raw("region", "null")
	} else {
		w.str("region", a.Region)
	}
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

// customerID reads the id of a path and answers when there is no such one.
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

const customerFields = `id group_id default_billing default_shipping confirmation created_at updated_at created_in dob email firstname
	lastname middlename prefix suffix gender store_id taxvat website_id addresses disable_auto_group_change extension_attributes custom_attributes`

// fill takes the fields that are there. A list of addresses replaces the old.
func (c *call) fill(x *Customer, in input) bool {
	for name, to := range map[string]*string{"email": &x.Email, "firstname": &x.FirstName, "lastname": &x.LastName, "dob": &x.Birthday} {
		if in.has(name) {
			*to = in.text(name)
		}
	}
	for name, to := range map[string]*int64{"group_id": &x.GroupID, "store_id": &x.StoreID, "website_id": &x.WebsiteID, "gender": &x.Gender} {
		if in.has(name) {
			*to = in.whole(name)
		}
	}
	if !in.has("addresses") {
		return true
	}
	list, ok := c.objects(in, "addresses", `id customer_id region region_id country_id street company telephone fax postcode city firstname lastname
		middlename prefix suffix vat_id default_shipping default_billing extension_attributes custom_attributes`)
	if !ok {
		return false
	}
	x.Addresses = nil
	for _, a := range list {
		x.Addresses = append(x.Addresses, Address{
			ID: a.whole("id"), FirstName: a.text("firstname"), LastName: a.text("lastname"), Company: a.text("company"),
			Street: a.texts("street"), City: a.text("city"), Region: a.sub("region").text("region"), RegionID: a.whole("region_id"),
			Postcode: a.text("postcode"), CountryID: a.text("country_id"), Telephone: a.text("telephone"),
		})
	}
	return true
}

// checkCustomer answers what is missing or taken; the lock is held.
func (c *call) checkCustomer(s *store, x *Customer) bool {
	var missing []string
	for _, f := range [][2]string{{"firstname", x.FirstName}, {"lastname", x.LastName}, {"email", x.Email}} {
		if f[1] == "" {
			missing = append(missing, f[0])
		}
	}
	switch {
	case len(missing) == 1:
		c.required(missing[0])
		return false
	case len(missing) > 1:
		c.failFields(http.StatusBadRequest, "One or more input exceptions have occurred.", missing)
		return false
	case !strings.Contains(x.Email, "@"):
		c.bad(`"%fieldName" is not a valid email address.`, "fieldName", "email")
		return false
	}
	for _, r := range s.customers.rows {
		if o := s.customers.load(r); o.ID != x.ID && o.WebsiteID == x.WebsiteID && strings.EqualFold(o.Email, x.Email) {
			c.bad("A customer with the same email address already exists in an associated website.")
			return false
		}
	}
	return true
}

func createCustomer(c *call) {
	in, ok := c.input("customer password redirectUrl")
	if !ok {
		return
	}
	fields, ok := c.object(in, "customer", customerFields)
	if !ok {
		return
	}
	x := Customer{WebsiteID: 1}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.fill(&x, fields) && c.checkCustomer(s, &x) {
		c.out.customer(s.addCustomer(x))
	}
}

func updateCustomer(c *call) {
	in, ok := c.input("customer passwordHash")
	if !ok {
		return
	}
	fields, ok := c.object(in, "customer", customerFields)
	if !ok {
		return
	}
	id, ok := c.id(0)
	if !ok {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.customers.get(id)
	if old == nil {
		c.noCustomer(id)
		return
	}
	x := old.clone()
	if !c.fill(x, fields) || !c.checkCustomer(s, x) {
		return
	}
	x.UpdatedAt = s.second()
	s.nameAddresses(x)
	s.customers.put(x)
	c.out.customer(x)
}

func deleteCustomer(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	if c.server.DeleteCustomer(id) != nil {
		c.noCustomer(id)
		return
	}
	c.out.flag("", true)
}

type customerGroup struct {
	id   int64
	code string
}

func listGroups(c *call) {
	groups := []customerGroup{{0, "NOT LOGGED IN"}, {1, "General"}, {2, "Wholesale"}, {3, "تجزئة"}}
	serveSlice(c, groups, map[string]column[customerGroup]{
		"customer_group_id":   {numberColumn, some(func(g *customerGroup) string { return itoa(g.id) })},
		"customer_group_code": {textColumn, some(func(g *customerGroup) string { return g.code })},
	}, func(w *writer, g *customerGroup) {
		w.obj("")
		w.int("id", g.id)
		w.str("code", g.code)
		w.int("tax_class_id", 3)
		w.str("tax_class_name", "Retail Customer")
		w.end()
	})
}
