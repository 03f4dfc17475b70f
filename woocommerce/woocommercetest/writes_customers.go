package woocommercetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func customerBody(creating bool) []field {
	return append([]field{{name: "email", kind: "string", required: creating}},
		append(typed("string", "first_name", "last_name", "username", "password"),
			append(typed("object", "billing", "shipping"), typed("array", "meta_data")...)...)...)
}

func (c *call) createCustomer() *apiError {
	m, err := c.insertCustomer(c.input)
	return c.reply(m, err, "/customers")
}

func (c *call) putCustomer() *apiError {
	if c.server.anyCustomer(c.args[0]) == nil {
		return invalidID("customer", http.StatusNotFound)
	}
	m, err := c.changeCustomer(c.args[0], c.input)
	return c.reply(m, err, "")
}

func (c *call) showCustomer(u *Customer) made {
	return made{u.ID, func(w *writer) { w.customer(c.server, c, u) }}
}

// emailHolder is the user with an address; called with mu held.
func (s *Server) emailHolder(email string) int64 {
	email = strings.ToLower(email)
	for _, r := range s.customers.rows {
		if strings.ToLower(s.customers.load(r).Email) == email {
			return r.id
		}
	}
	return 0
}

func (c *call) insertCustomer(in input) (made, *apiError) {
	if err := exists(in, "customer", "resource"); err != nil {
		return made{}, err
	}
	s := c.server
	u := &Customer{Role: "customer"}
	in.line("username", &u.Username)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.userNamed(u.Username) {
		return made{}, fail(http.StatusBadRequest, "registration-error-username-exists",
			"An account is already registered with that username. Please choose another.")
	}
	if err := c.applyCustomer(u, in); err != nil {
		return made{}, err
	}
	if u.Username == "" {
		name, _, _ := strings.Cut(u.Email, "@")
		u.Username = name
		for n := 2; s.userNamed(u.Username); n++ {
			u.Username = name + "-" + strconv.Itoa(n)
		}
	}
	u = s.addCustomer(u)
	c.effect("customer.create", u.ID)
	return c.showCustomer(u), nil
}

// userNamed says whether a username is taken; called with mu held.
func (s *Server) userNamed(name string) bool {
	return name != "" && slices.ContainsFunc(s.customers.rows, func(r *row[Customer]) bool {
		return strings.EqualFold(s.customers.load(r).Username, name)
	})
}

func (c *call) changeCustomer(id int64, in input) (made, *apiError) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.customers.get(id)
	if old == nil {
		return made{}, fail(http.StatusBadRequest, "woocommerce_rest_invalid_id", "Invalid resource ID.")
	}
	if name := textOf(in["username"]); name != "" && name != old.Username {
		return made{}, fail(http.StatusBadRequest, "woocommerce_rest_customer_invalid_argument", "Username isn't editable.")
	}
	var err *apiError
	u := s.editCustomer(id, func(u *Customer) bool {
		err = c.applyCustomer(u, in)
		return err == nil
	})
	if err != nil {
		return made{}, err
	}
	if !same(old, u) {
		c.effect("customer.update", id)
	}
	return c.showCustomer(u), nil
}

// applyCustomer writes the fields of a body into u; called with mu held.
func (c *call) applyCustomer(u *Customer, in input) *apiError {
	s := c.server
	if in.has("email") {
		email := textOf(in["email"])
		if !strings.Contains(email, "@") {
			return fail(http.StatusBadRequest, "registration-error-invalid-email", "Please provide a valid email address.")
		}
		if s.emailHolder(email) != 0 && email != u.Email { // its own in other letters too
			if u.ID != 0 {
				return fail(http.StatusBadRequest, "woocommerce_rest_customer_invalid_email", "Email address is invalid.")
			}
			return fail(http.StatusBadRequest, "registration-error-email-exists",
				"An account is already registered with "+email+". Please log in or use a different email address.")
		}
		u.Email = email
	}
	in.line("first_name", &u.FirstName)
	in.line("last_name", &u.LastName)
	u.Billing.apply(in.object("billing"))
	u.Shipping.apply(in.object("shipping"))
	u.Shipping.Email = ""
	u.Meta = s.mergeMeta(u.Meta, in.objects("meta_data"))
	return nil
}

func (c *call) deleteCustomer() *apiError {
	if c.server.anyCustomer(c.args[0]) == nil {
		return invalidID("customer", http.StatusNotFound)
	}
	if force, _ := c.flag("force"); !force {
		return noTrash("Customers")
	}
	m, err := c.dropCustomer(c.args[0], true)
	return c.reply(m, err, "")
}

func (c *call) dropCustomer(id int64, _ bool) (made, *apiError) {
	u := c.server.anyCustomer(id)
	if u == nil || c.server.DeleteCustomer(id) != nil {
		return made{}, fail(http.StatusBadRequest, "woocommerce_rest_invalid_id", "Invalid resource id.")
	}
	c.effect("customer.delete", id)
	return c.showCustomer(u), nil
}
