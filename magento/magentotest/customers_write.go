package magentotest

import (
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

const customerFields = `id group_id default_billing default_shipping confirmation created_at updated_at created_in dob email firstname
	lastname middlename prefix suffix gender store_id taxvat website_id addresses disable_auto_group_change extension_attributes custom_attributes`

// fill takes the fields that are there; a null or empty one is emptied. It
// leaves the addresses alone.
func (c *call) fill(x *Customer, in input) {
	for name, to := range map[string]*string{"email": &x.Email, "firstname": &x.FirstName, "lastname": &x.LastName, "dob": &x.Birthday} {
		if _, ok := in[name]; ok {
			*to = in.text(name)
		}
	}
	for name, to := range map[string]*int64{"group_id": &x.GroupID, "store_id": &x.StoreID, "website_id": &x.WebsiteID, "gender": &x.Gender} {
		if in.has(name) {
			*to = in.whole(name)
		}
	}
}

// addressesOf reads a list of addresses, which replaces the old one; false
// after an error was answered.
func (c *call) addressesOf(x *Customer, in input) bool {
	if !in.has("addresses") {
		return true
	}
	list, ok := c.objects(in, "addresses", `id customer_id region region_id country_id street company telephone fax postcode city firstname lastname
		middlename prefix suffix vat_id default_shipping default_billing extension_attributes custom_attributes`)
	if !ok {
		return false
	}
	var all []Address
	x.DefaultBilling, x.DefaultShipping = 0, 0
	for _, a := range list {
		var missing []string
		for _, name := range []string{"firstname", "lastname", "street", "city", "telephone", "country_id"} {
			if !a.has(name) || a.text(name) == "" || a.text(name) == "[]" {
				missing = append(missing, name)
			}
		}
		switch {
		case len(missing) == 1:
			c.required(missing[0])
			return false
		case len(missing) > 1:
			c.failFields(http.StatusBadRequest, "One or more input exceptions have occurred.", missing)
			return false
		}
		n := Address{
			ID: a.whole("id"), FirstName: a.text("firstname"), LastName: a.text("lastname"), Company: a.text("company"),
			Street: a.texts("street"), City: a.text("city"), Region: a.sub("region").text("region"), RegionID: a.whole("region_id"),
			Postcode: a.text("postcode"), CountryID: a.text("country_id"), Telephone: a.text("telephone"),
		}
		if n.ID == 0 {
			n.ID = c.server.partID()
		}
		if a.flag("default_billing") {
			x.DefaultBilling = n.ID
		}
		if a.flag("default_shipping") {
			x.DefaultShipping = n.ID
		}
		all = append(all, n)
	}
	x.Addresses = all
	return true
}

var goodName = regexp.MustCompile("^[\\p{L}\\p{M}\\s\\d,_.'’`&-]{0,255}$")

// checkCustomer answers what is missing or taken; the lock is held. What a
// change does not name is missing, whatever the customer has of it.
func (c *call) checkCustomer(s *store, x *Customer, named func(string) bool) bool {
	if x.Email == "" || !named("email") {
		if named("email") || c.r.Method == http.MethodPut {
			c.bad("The customer email is missing. Enter and try again.")
		} else {
			c.bad("The email address is required to create a customer account.")
		}
		return false
	}
	if s.emailTaken(x) {
		c.bad("A customer with the same email address already exists in an associated website.")
		return false
	}
	var problems []string
	for _, f := range [][3]string{{"website_id", itoa(x.WebsiteID), "Associate to Website"}, {"firstname", x.FirstName, "First Name"}, {"lastname", x.LastName, "Last Name"}} {
		if f[1] == "" || !named(f[0]) {
			problems = append(problems, `"`+f[2]+`" is a required value.`)
		}
	}
	if at := strings.LastIndex(x.Email, "@"); at <= 0 || !strings.Contains(x.Email[at:], ".") || strings.ContainsAny(x.Email, " ,;<>") {
		problems = append(problems, `"Email" is not a valid email address.`)
	}
	for label, name := range map[string]string{"First Name": x.FirstName, "Last Name": x.LastName} {
		if !goodName.MatchString(name) {
			problems = append(problems, label+" is not valid!")
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		c.bad(strings.Join(problems, "\n"))
		return false
	}
	if !slices.ContainsFunc(customerGroups, func(g customerGroup) bool { return g.id == x.GroupID }) {
		c.bad("The specified customer group id does not exist.")
		return false
	}
	return true
}

// emailTaken says whether another customer of the website has the address.
func (s *store) emailTaken(x *Customer) bool {
	for _, r := range s.customers.rows {
		if o := s.customers.load(r); o.ID != x.ID && o.WebsiteID == x.WebsiteID && strings.EqualFold(o.Email, x.Email) {
			return true
		}
	}
	return false
}

// createCustomer checks the addresses last: a bad one takes the new customer
// away again.
func createCustomer(c *call) {
	in, ok := c.input("customer password redirectUrl")
	if !ok {
		return
	}
	fields, ok := c.object(in, "customer", customerFields)
	if !ok {
		return
	}
	x := Customer{WebsiteID: 1, GroupID: 1}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if fields.has("id") && s.customers.get(fields.whole("id")) != nil {
		c.violation("customers are changed with PUT")
		c.bad("This customer already exists in this store.")
		return
	}
	c.fill(&x, fields)
	if c.checkCustomer(s, &x, func(name string) bool { return name == "website_id" || fields.has(name) }) && c.addressesOf(&x, fields) {
		made := s.addCustomer(x)
		s.effect("customer.create", itoa(made.ID))
		c.out.customer(made)
	}
}

// updateCustomer needs the name, the address and the website each time. The
// customer is saved before the addresses are looked at: what a bad one leaves
// behind is the change without them.
func updateCustomer(c *call) {
	in, ok := c.input("customer passwordHash")
	if !ok {
		return
	}
	fields, ok := c.object(in, "customer", customerFields)
	if !ok {
		return
	}
	id := fields.whole("id")
	if !c.queued {
		if id, ok = c.id(0); !ok {
			return
		}
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
	c.fill(x, fields)
	if !c.checkCustomer(s, x, func(name string) bool { _, ok := fields[name]; return ok }) {
		return
	}
	ok = c.addressesOf(x, fields)
	if !reflect.DeepEqual(old.clone(), x.clone()) {
		s.effect("customer.update", itoa(id))
	}
	x.UpdatedAt = s.second()
	s.customers.put(x)
	if ok {
		c.out.customer(x)
	}
}

func deleteCustomer(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.customers.drop(id) {
		c.noCustomer(id)
		return
	}
	s.effect("customer.delete", itoa(id))
	c.out.flag("", true)
}

type customerGroup struct {
	id   int64
	code string
}

var customerGroups = []customerGroup{{0, "NOT LOGGED IN"}, {1, "General"}, {2, "Wholesale"}, {3, "تجزئة"}}

func listGroups(c *call) {
	serveSlice(c, customerGroups, map[string]column[customerGroup]{
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
