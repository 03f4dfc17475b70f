package magentotest

import (
	"net/http"
	"strconv"
)

func (w *writer) attributeOptions(a *attribute, added []addedOption, k string) {
	w.arr(k)
	if a.labels != nil {
		w.obj("")
		w.str("label", " ")
		w.str("value", "")
		w.end()
	}
	for i, l := range a.labels {
		w.obj("")
		w.str("label", l)
		w.str("value", strconv.FormatInt(a.first+int64(i), 10))
		w.end()
	}
	for _, o := range added {
		w.obj("")
		w.str("label", o.label)
		w.str("value", strconv.FormatInt(o.id, 10))
		w.end()
	}
	w.endArr()
}

func (w *writer) attribute(a *attribute, added []addedOption) {
	w.obj("")
	w.flag("is_visible", true)
	w.str("scope", "store")
	w.int("attribute_id", a.id)
	w.str("attribute_code", a.code)
	w.str("frontend_input", a.input)
	w.str("entity_type_id", "4")
	w.flag("is_required", false)
	w.attributeOptions(a, added, "options")
	w.flag("is_user_defined", a.labels != nil)
	w.str("default_frontend_label", a.label)
	w.arr("frontend_labels")
	w.endArr()
	w.str("backend_type", map[bool]string{true: "int", false: "varchar"}[a.labels != nil])
	w.str("is_unique", "0")
	w.end()
}

func listAttributes(c *call) {
	list := make([]attribute, len(attributes))
	for i, a := range attributes {
		list[i] = *a
	}
	serveSlice(c, list, map[string]column[attribute]{
		"attribute_code": {textColumn, some(func(a *attribute) string { return a.code })},
		"attribute_id":   {numberColumn, some(func(a *attribute) string { return strconv.FormatInt(a.id, 10) })},
		"frontend_input": {textColumn, some(func(a *attribute) string { return a.input })},
		"frontend_label": {textColumn, some(func(a *attribute) string { return a.label })},
	}, func(w *writer, a *attribute) { w.attribute(a, c.server.optionsAdded(a.id)) })
}

// findAttribute looks one up by code or id; nil after an error was answered.
func (c *call) findAttribute() *attribute {
	for _, a := range attributes {
		if a.code == c.args[0] || strconv.FormatInt(a.id, 10) == c.args[0] {
			return a
		}
	}
	c.fail(http.StatusNotFound, `The attribute with a "%1" attributeCode doesn't exist. Verify the attribute and try again.`, c.args[0])
	return nil
}

func getAttribute(c *call) {
	if a := c.findAttribute(); a != nil {
		c.out.attribute(a, c.server.optionsAdded(a.id))
	}
}

func listAttributeOptions(c *call) {
	if a := c.findAttribute(); a != nil {
		c.out.attributeOptions(a, c.server.optionsAdded(a.id), "")
	}
}
