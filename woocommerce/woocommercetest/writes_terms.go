package woocommercetest

import (
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// kindEffect names terms in Effect.Action.
var kindEffect = map[string]string{"categories": "category", "tags": "tag", "brands": "brand"}

func termRoutes() []*route {
	var all []*route
	for _, kind := range []string{"categories", "tags", "brands"} {
		body := append([]field{{name: "name", kind: "string", required: true}}, typed("string", "slug", "description")...)
		if kind != "tags" {
			body = append(body, typed("integer", "parent", "menu_order")...)
			body = append(body, typed("object", "image")...)
			body = append(body, oneOf("display", "default", "products", "subcategories", "both"))
		}
		all = append(all, &route{methods: "POST", path: "products/" + kind, act: actCreate, fields: body, serve: func(c *call) *apiError { return c.createTerm(kind) }})
	}
	return all
}

// createTerm makes a category, a tag or a brand. A name that is there already
// is refused, and the refusal tells its id.
func (c *call) createTerm(kind string) *apiError {
	s := c.server
	name := cleanLine(textOf(c.input["name"]))
	if name == "" {
		return fail(http.StatusBadRequest, "empty_term_name", "A name is required for this term.")
	}
	parent := c.input.id("parent")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.terms[kind] {
		if t.Parent == parent && strings.EqualFold(html.UnescapeString(t.Name), html.UnescapeString(name)) {
			return &apiError{
				status: http.StatusBadRequest, code: "term_exists", message: "A term with the name provided already exists with this parent.",
				data: `{"status":400,"resource_id":` + strconv.FormatInt(t.ID, 10) + `}`,
			}
		}
	}
	s.nextTerm++
	t := Term{ID: s.nextTerm, Name: escapeHTML(name), Slug: slugOf(name), Parent: parent}
	c.input.text("slug", &t.Slug)
	for n, slug := 2, t.Slug; slices.ContainsFunc(s.terms[kind], func(o Term) bool { return o.Slug == t.Slug }); n++ {
		t.Slug = slug + "-" + strconv.Itoa(n)
	}
	s.terms[kind] = append(slices.Clone(s.terms[kind]), t)
	c.effect(kindEffect[kind]+".create", t.ID)
	c.created("/products/"+kind+"/"+strconv.FormatInt(t.ID, 10), func(w *writer) { w.term(s, kind, t) })
	return nil
}
