package woocommercetest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
)

func termFields() []field {
	return append(listFields("id", "include", "name", "slug", "term_group", "description", "count"),
		append(typed("boolean", "hide_empty"), append(typed("integer", "parent", "product"), typed("string", "slug")...)...)...)
}

func (s *Server) otherRoutes() []*route {
	context := []field{oneOf("context", "view", "edit")}
	totals := func(kind string) *route {
		return &route{methods: "GET", path: "reports/" + kind + "/totals", act: actList, fields: context, serve: (*call).totals}
	}
	routes := []*route{
		{methods: "GET", path: "products/attributes", act: actList, fields: context, serve: (*call).listAttributes},
		{methods: "GET", path: "products/attributes/#/terms", act: actList, fields: termFields(), serve: func(c *call) *apiError { return c.listTerms("colors") }},
		{methods: "GET", path: "data/currencies", act: actList, serve: (*call).listCurrencies},
		{methods: "GET", path: "data/currencies/*", act: actView, serve: (*call).getCurrency},
		{methods: "GET", path: "settings", act: actList, serve: (*call).listSettings},
		{methods: "GET", path: "settings/*", act: actList, serve: (*call).listSettingGroup},
		{methods: "GET", path: "settings/*/*", act: actView, serve: (*call).getSetting},
		{methods: "GET", path: "system_status", act: actList, fields: context, serve: (*call).systemStatus},
		{methods: "GET", path: "payment_gateways", act: actList, fields: context, serve: (*call).listGateways},
		totals("orders"), totals("products"), totals("customers"),
	}
	for _, kind := range []string{"categories", "tags", "brands"} {
		routes = append(routes,
			&route{methods: "GET", path: "products/" + kind, act: actList, fields: termFields(), serve: func(c *call) *apiError { return c.listTerms(kind) }},
			&route{methods: "GET", path: "products/" + kind + "/#", act: actView, fields: context, serve: func(c *call) *apiError { return c.getTerm(kind) }})
	}
	return routes
}

func (c *call) listTerms(kind string) *apiError {
	s := c.server
	if kind == "colors" && c.args[0] != 1 {
		return fail(http.StatusNotFound, "woocommerce_rest_taxonomy_invalid", "Invalid taxonomy.")
	}
	s.mu.RLock()
	list := slices.Clone(s.terms[kind])
	s.mu.RUnlock()
	include, exclude := c.ids("include"), c.ids("exclude")
	list = slices.DeleteFunc(list, func(t Term) bool {
		return include != nil && !slices.Contains(include, t.ID) || slices.Contains(exclude, t.ID) ||
			c.params["slug"] != "" && t.Slug != c.params["slug"] || !holds(t.Name, c.params["search"]) ||
			c.params["parent"] != "" && t.Parent != int64(c.number("parent", 0))
	})
	slices.SortFunc(list, func(a, b Term) int {
		if c.params["orderby"] == "id" {
			return cmp.Compare(a.ID, b.ID)
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	if c.descending("asc") {
		slices.Reverse(list)
	}
	from, to := c.cut(len(list))
	rowsOf(c, list[from:to], func(w *writer, t Term) { w.term(s, kind, t) })
	return nil
}

func (w *writer) term(s *Server, kind string, t Term) {
	w.obj("")
	w.num("id", t.ID)
	w.str("name", t.Name)
	w.str("slug", t.Slug)
	if kind == "categories" || kind == "brands" {
		w.num("parent", t.Parent)
	}
	w.str("description", "")
	if kind == "categories" || kind == "brands" {
		w.str("display", "default")
		w.null("image")
	}
	w.num("menu_order", 0)
	w.num("count", 1)
	w.selfLinks(s, "/products/"+kind, t.ID, allowAll)
	w.end()
	w.end()
}

func (c *call) getTerm(kind string) *apiError {
	c.server.mu.RLock()
	list := c.server.terms[kind]
	c.server.mu.RUnlock()
	for _, t := range list {
		if t.ID == c.args[0] {
			c.answer(http.StatusOK, func(w *writer) { w.term(c.server, kind, t) })
			return nil
		}
	}
	return fail(http.StatusNotFound, "woocommerce_rest_term_invalid", "Resource does not exist.")
}

func (c *call) listAttributes() *apiError {
	rowsOf(c, []int64{1}, func(w *writer, id int64) {
		w.obj("")
		w.num("id", id)
		w.str("name", "Color")
		w.str("slug", "pa_color")
		w.str("type", "select")
		w.str("order_by", "menu_order")
		w.flag("has_archives", false)
		w.selfLinks(c.server, "/products/attributes", id, allowAll)
		w.end()
		w.end()
	})
	return nil
}

// currencies are the codes the store knows, its own ones included.
func (s *Server) currencies() []string {
	codes := slices.Collect(maps.Keys(symbols))
	for _, code := range []string{s.cfg.Currency, s.cfg.OtherCurrency} {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

func (w *writer) currency(s *Server, code string) {
	w.obj("")
	w.str("code", code)
	name := code
	if sym, ok := symbols[code]; ok {
		name = sym[1]
	}
	w.str("name", name)
	w.str("symbol", symbolOf(code))
	base := s.apiURL("/data/currencies")
	w.obj("_links")
	w.link("self", base+"/"+code, "GET")
	w.link("collection", base, "")
	w.end()
	w.end()
}

func (c *call) listCurrencies() *apiError {
	rowsOf(c, c.server.currencies(), func(w *writer, code string) { w.currency(c.server, code) })
	return nil
}

func (c *call) getCurrency() *apiError {
	code := strings.ToUpper(c.words[0])
	if code == "CURRENT" {
		code = c.server.cfg.Currency
	}
	if !slices.Contains(c.server.currencies(), code) {
		return fail(http.StatusNotFound, "woocommerce_rest_data_invalid_currency", "There are no currencies matching these parameters.")
	}
	c.answer(http.StatusOK, func(w *writer) { w.currency(c.server, code) })
	return nil
}

func (c *call) listGateways() *apiError {
	rowsOf(c, []string{"bacs", "cheque", "cod", "stripe"}, func(w *writer, id string) {
		w.obj("")
		w.str("id", id)
		w.str("title", id)
		w.str("description", "")
		w.str("order", "") // a number once it is set
		w.flag("enabled", true)
		w.str("method_title", id)
		w.str("method_description", "")
		supports := []string{"products"}
		if refundsItself(id) {
			supports = append(supports, "refunds")
		}
		w.texts("method_supports", supports)
		w.raw("settings", "[]")
		w.end()
	})
	return nil
}
