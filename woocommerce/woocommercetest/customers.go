package woocommercetest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

func (s *Server) customerRoutes() []*route {
	list := append(listFields("id", "include", "name", "registered_date"),
		field{name: "email", kind: "email"},
		oneOf("role", "all", "administrator", "editor", "author", "contributor", "subscriber", "customer", "shop_manager"))
	return []*route{
		{methods: "GET", path: "customers", act: actList, fields: list, serve: (*call).listCustomers},
		{methods: "POST", path: "customers", act: actCreate, fields: customerBody(true), serve: (*call).createCustomer},
		{methods: editing, path: "customers/batch", act: actBatch, serve: (*call).batchCustomers},
		{methods: "GET", path: "customers/#", act: actView, fields: []field{oneOf("context", "view", "edit")}, serve: (*call).getCustomer},
		{methods: editing, path: "customers/#", act: actEdit, fields: customerBody(false), serve: (*call).putCustomer},
		{methods: "DELETE", path: "customers/#", act: actDelete, fields: append(typed("boolean", "force"), typed("integer", "reassign")...), serve: (*call).deleteCustomer},
	}
}

func (c *call) listCustomers() *apiError {
	s := c.server
	s.mu.RLock()
	version := s.version()
	rows := kept(s.customers, c.viewName("c"), c.chooseCustomers)
	s.mu.RUnlock()
	from, to := c.cut(len(rows))
	cached(c, version, rows[from:to], func(w *writer, r *row[Customer]) { w.customer(s, c, s.customers.load(r)) })
	return nil
}

func (c *call) chooseCustomers() []*row[Customer] {
	s := c.server
	role := cmp.Or(c.params["role"], "customer")
	include, exclude := c.ids("include"), c.ids("exclude")
	email, words := strings.ToLower(c.params["email"]), c.params["search"]
	var rows []*row[Customer]
	names := map[int64]string{}
	for _, r := range s.customers.rows {
		if include != nil && !slices.Contains(include, r.id) || slices.Contains(exclude, r.id) {
			continue
		}
		u := s.customers.load(r)
		switch {
		case role != "all" && u.Role != role,
			email != "" && strings.ToLower(u.Email) != email,
			words != "" && !holds(u.Username+" "+u.Email+" "+u.FirstName+" "+u.LastName, words):
			continue
		}
		names[r.id] = strings.ToLower(u.FirstName + " " + u.LastName)
		rows = append(rows, r)
	}
	by := cmp.Or(c.params["orderby"], "name")
	if by == "include" && include != nil {
		byInclude(rows, include, func(r *row[Customer]) int64 { return r.id })
		return rows
	}
	if !order(c, rows, by, rowKey) {
		slices.SortFunc(rows, func(a, b *row[Customer]) int {
			return cmp.Or(cmp.Compare(names[a.id], names[b.id]), cmp.Compare(a.id, b.id))
		})
	}
	if c.descending("asc") {
		slices.Reverse(rows)
	}
	return rows
}

func (s *Server) anyCustomer(id int64) *Customer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.customers.get(id)
}

func (c *call) getCustomer() *apiError {
	u := c.server.anyCustomer(c.args[0])
	if u == nil {
		return invalidID("customer", http.StatusNotFound)
	}
	c.answer(http.StatusOK, func(w *writer) { w.customer(c.server, c, u) })
	return nil
}

func (w *writer) customer(s *Server, c *call, u *Customer) {
	w.obj("")
	w.num("id", u.ID)
	w.dates("date_created", u.CreatedAt, s.cfg.Location)
	w.dates("date_modified", u.ModifiedAt, s.cfg.Location)
	w.str("email", u.Email)
	w.str("first_name", u.FirstName)
	w.str("last_name", u.LastName)
	w.str("role", u.Role)
	w.str("username", u.Username)
	w.address("billing", u.Billing, true, true)
	w.address("shipping", u.Shipping, false, true)
	w.flag("is_paying_customer", u.Paying)
	sum := sha256.Sum256([]byte(strings.ToLower(u.Email)))
	w.str("avatar_url", "https://secure.gravatar.com/avatar/"+hex.EncodeToString(sum[:])+"?s=96&d=mm&r=g")
	w.metas("meta_data", u.Meta, c)
	w.selfLinks(s, "/customers", u.ID, allowAll)
	w.end()
	w.end()
}
