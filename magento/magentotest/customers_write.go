package magentotest

import (
	"net/http"
	"strings"
)

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
