package woocommercetest

import (
	"net/http"
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
	s := c.server
	u := &Customer{Role: "customer"}
	in.text("username", &u.Username)
	s.mu.Lock()
	err := c.applyCustomer(u, in)
	s.mu.Unlock()
	if err != nil {
		return made{}, err
	}
	if u.Username == "" {
		u.Username, _, _ = strings.Cut(u.Email, "@")
	}
	return c.showCustomer(s.AddCustomer(*u)), nil
}

func (c *call) changeCustomer(id int64, in input) (made, *apiError) {
	var err *apiError
	gone := c.server.UpdateCustomer(id, func(u *Customer) {
		n := u.clone()
		if err = c.applyCustomer(n, in); err == nil {
			*u = *n
		}
	})
	if gone != nil {
		return made{}, fail(http.StatusBadRequest, "woocommerce_rest_invalid_id", "Invalid resource ID.")
	}
	if err != nil {
		return made{}, err
	}
	return c.showCustomer(c.server.Customer(id)), nil
}

// applyCustomer writes the fields of a body into u; called with mu held.
func (c *call) applyCustomer(u *Customer, in input) *apiError {
	s := c.server
	if in.has("email") {
		email := textOf(in["email"])
		if !strings.Contains(email, "@") {
			return fail(http.StatusBadRequest, "registration-error-invalid-email", "Please provide a valid email address.")
		}
		if holder := s.emailHolder(email); holder != 0 && holder != u.ID {
			if u.ID != 0 {
				return fail(http.StatusBadRequest, "woocommerce_rest_customer_invalid_email", "Email address is invalid.")
			}
			return fail(http.StatusBadRequest, "registration-error-email-exists",
				"An account is already registered with "+email+". Please log in or use a different email address.")
		}
		u.Email = email
	}
	in.text("first_name", &u.FirstName)
	in.text("last_name", &u.LastName)
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
	if u == nil {
		return made{}, fail(http.StatusBadRequest, "woocommerce_rest_invalid_id", "Invalid resource id.")
	}
	return c.showCustomer(u), found("customer", c.server.DeleteCustomer(id))
}
