package bigcommercetest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	defaultLimit = 50
	maxLimit     = 250
)

// page is a window into a list.
type page struct {
	number, size int // from 1
	from, to     int
	total, last  int
}

// window reads page and limit; false when it has answered with an error.
func (c *call) window(most int) (number, size int, ok bool) {
	number, size = 1, min(defaultLimit, most)
	for name, to := range map[string]*int{"page": &number, "limit": &size} {
		v := c.query.Get(name)
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			c.violation("%s=%s is no positive number", name, v)
			c.invalid(strings.Replace(msgBadField, "%s", name, 1), name, "must be a positive number")
			return 0, 0, false
		}
		*to = n
	}
	if size > most {
		c.violation("limit=%d is over the cap of %d", size, most)
		if !c.store.cfg.ClampLimit {
			c.fail(http.StatusRequestEntityTooLarge, "The limit must not be greater than "+strconv.Itoa(most)+".")
			return 0, 0, false
		}
		size = most
	}
	return number, size, true
}

func newPage(number, size, total int) page {
	p := page{number: number, size: size, total: total, last: (total + size - 1) / size}
	p.from = min((number-1)*size, total)
	p.to = min(p.from+size, total)
	return p
}

// link is a query string as V3 writes it: page and limit first, the rest after.
func (c *call) link(number, size int) string {
	q := url.Values{}
	for k, v := range c.query {
		if k != "page" && k != "limit" {
			q[k] = v
		}
	}
	s := "?page=" + strconv.Itoa(number) + "&limit=" + strconv.Itoa(size)
	if len(q) > 0 {
		s += "&" + q.Encode()
	}
	return s
}

func (c *call) pagination(w *writer, p page) {
	w.obj("pagination")
	w.num("total", p.total)
	w.num("count", p.to-p.from)
	w.num("per_page", p.size)
	w.num("current_page", p.number)
	w.num("total_pages", p.last)
	w.obj("links")
	if p.number > 1 {
		w.str("previous", c.link(p.number-1, p.size))
	}
	w.str("current", c.link(p.number, p.size))
	if p.number < p.last {
		w.str("next", c.link(p.number+1, p.size))
	}
	w.end()
	w.end()
}

// list answers a page in V3: each writes the elements of the window.
func (c *call) list(p page, each func(w *writer)) {
	c.ok(func(w *writer) {
		w.obj("")
		w.arr("data")
		each(w)
		w.endArr()
		w.obj("meta")
		c.pagination(w, p)
		w.end()
		w.end()
	})
}

// bare answers a page in V2: an array, or 204 where it would be empty.
func (c *call) bare(p page, each func(w *writer)) {
	if p.from == p.to {
		c.none()
		return
	}
	c.ok(func(w *writer) {
		w.arr("")
		each(w)
		w.endArr()
	})
}

// few answers a short list held in memory, in the shape of the version asked.
func few[T any](c *call, list []T, most int, each func(w *writer, v *T)) {
	number, size, ok := c.window(most)
	if !ok {
		return
	}
	p := newPage(number, size, len(list))
	send := c.list
	if c.v2 {
		send = c.bare
	}
	send(p, func(w *writer) {
		for i := p.from; i < p.to; i++ {
			each(w, &list[i])
		}
	})
}
