package bigcommercetest

import (
	"maps"
	"net/http"
	"slices"
)

const (
	errorType = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"

	msgUnauthorized = "You are not authorized to access this resource"
	msgScope        = "You don't have a required scope to access the endpoint"
	msgNotFound     = "The requested resource was not found."
	msgBadJSON      = "JSON data is missing or invalid"
	msgBadField     = "The field '%s' is invalid."
)

// fail answers an error in the shape of the version asked: an array of status
// and message in V2, an object with a title in V3.
func (c *call) fail(status int, title string) { c.failWith(status, title, nil) }

func (c *call) failWith(status int, title string, fields map[string]string) {
	c.status = status
	w := &c.out
	w.b = w.b[:0]
	if c.v2 {
		w.arr("")
		w.obj("")
		w.num("status", status)
		w.str("message", title)
		if fields != nil {
			w.obj("details")
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				w.name(name)
				w.b = appendText(w.b, fields[name], w.php)
			}
			w.end()
		}
		w.end()
		w.endArr()
		return
	}
	w.problem("", status, title, fields)
}

// problem writes the V3 error object.
func (w *writer) problem(k string, status int, title string, fields map[string]string) {
	w.obj(k)
	w.num("status", status)
	w.str("title", title)
	w.str("type", errorType)
	if fields != nil || status == http.StatusForbidden {
		w.obj("errors")
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			w.name(name)
			w.b = appendText(w.b, fields[name], w.php)
		}
		w.end()
	}
	w.end()
}

func (c *call) notFound() { c.fail(http.StatusNotFound, msgNotFound) }

// invalid answers 422 in V3 and 400 in V2, with one field.
func (c *call) invalid(title, field, why string) {
	status := http.StatusUnprocessableEntity
	if c.v2 {
		status, field = http.StatusBadRequest, "invalid_reason"
	}
	c.failWith(status, title, map[string]string{field: why})
}

// problemJSON answers as the inventory service does: its own media type, and
// errors that say nothing beside the title.
func (c *call) problemJSON(status int, title string) {
	c.failWith(status, title, map[string]string{})
	c.header.Set("Content-Type", "application/problem+json")
}

// ok answers 200 with whatever body writes.
func (c *call) ok(body func(w *writer)) { c.answer(http.StatusOK, body) }

func (c *call) answer(status int, body func(w *writer)) {
	c.status = status
	c.out.b = c.out.b[:0]
	body(&c.out)
}

// data answers one V3 resource in its envelope.
func (c *call) data(resource func(w *writer)) {
	c.ok(func(w *writer) {
		w.obj("")
		resource(w) // writes the member data
		w.raw("meta", "{}")
		w.end()
	})
}

// none answers 204.
func (c *call) none() {
	c.status = http.StatusNoContent
	c.out.b = c.out.b[:0]
}
