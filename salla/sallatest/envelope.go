package sallatest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Texts of errors, as the vendor's documents show them.
const (
	msgGone         = "The User is not exists."
	msgInvalidToken = "The access token is invalid"
	msgScope        = "The access token should have access to one of those scopes: "
	msgNotFoundEN   = "The content you are trying to access is no longer available"
	msgNotFoundAR   = "المحتوى الذي تحاول الوصول اليه غير متوفر"
	msgInvalid      = "alert.invalid_fields"
	msgUpdated      = "The entity has been updated successfully"
	msgRemoved      = "The Object has been removed successfully"
	msgQueued       = "The details has been queued to update, it may take several minutes to finish the process"
)

// answer writes the success envelope around data.
func (c *call) answer(status int, data func(w *writer)) {
	c.status = status
	w := &c.out
	w.b = w.b[:0]
	w.obj("")
	w.num("status", status)
	w.flag("success", true)
	data(w)
	w.end()
}

// message answers {message, code} in data.
func (c *call) message(status int, text string) {
	c.answer(status, func(w *writer) {
		w.obj("data")
		w.str("message", text)
		w.num("code", status)
		w.end()
	})
}

// fail writes the error envelope. The code is JSON: a string or a number; ""
// leaves it out.
func (c *call) fail(status int, code, message string) {
	c.failWith(status, code, message, nil)
}

func (c *call) failWith(status int, code, message string, fields map[string][]string) {
	c.status = status
	w := &c.out
	w.b = w.b[:0]
	w.obj("")
	if code == "404" { // this one is written the other way round
		w.flag("success", false)
		w.num("status", status)
	} else {
		w.num("status", status)
		w.flag("success", false)
	}
	w.obj("error")
	if code != "" {
		w.raw("code", code)
	}
	w.str("message", message)
	if fields != nil {
		w.obj("fields")
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			w.name(name)
			w.list(fields[name])
		}
		w.end()
	}
	w.end()
	w.end()
}

// notFound answers in one of the two forms a 404 has.
func (c *call) notFound() {
	if len(c.path)%2 == 0 {
		c.fail(http.StatusNotFound, `"error"`, msgNotFoundAR)
		return
	}
	c.fail(http.StatusNotFound, "404", msgNotFoundEN)
}

func (c *call) invalid(field, message string) {
	c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, map[string][]string{field: {message}})
}

func (c *call) scopeMissing(scope string) {
	c.fail(http.StatusUnauthorized, `"Unauthorized"`, msgScope+scope)
}

// page is a window into a list.
type page struct {
	number, size int // from 1; rows asked for, after the cap
	from, to     int
	total, last  int
}

const (
	defaultSize = 15
	maxSize     = 60
	maxOrders   = 30
)

// paginate reads page and per_page. A size over the cap is cut without a word,
// as Salla does, and reported as a violation.
func (c *call) paginate(total, size, limit int) page {
	if v := c.query.Get("per_page"); v != "" {
		n, err := strconv.Atoi(v)
		switch {
		case err != nil || n < 1:
			c.server.book.Violationf("%s: per_page=%s is no positive number", c.path, v)
		case n > limit:
			c.server.book.Violationf("%s: per_page=%d is over the cap of %d", c.path, n, limit)
			size = limit
		default:
			size = n
		}
	}
	number := 1
	if v := c.query.Get("page"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			c.server.book.Violationf("%s: page=%s is no positive number", c.path, v)
		} else {
			number = n
		}
	}
	return newPage(number, size, total, !c.store.cfg.EvenPages)
}

// newPage lays the pages out. With short pages, number 2, 6, 10 ... have one row
// less than the size, and totalPages grows to make room.
func newPage(number, size, total int, short bool) page {
	short = short && size >= 5 && total > size
	from := func(n int) int {
		if short {
			return (n-1)*size - (n+1)/4
		}
		return (n - 1) * size
	}
	p := page{number: number, size: size, total: total, last: max(1, total/size)}
	for from(p.last+1) < total {
		p.last++
	}
	if number > p.last {
		p.from, p.to = total, total
		return p
	}
	p.from, p.to = min(from(number), total), min(from(number+1), total)
	return p
}

// pagination writes the object with links in one of the forms Salla sends. The
// links drop per_page, and lead to plain http or to an internal host.
func (c *call) pagination(w *writer, p page) {
	w.obj("pagination")
	w.num("count", p.to-p.from)
	w.num("total", p.total)
	w.num("perPage", p.size)
	w.num("currentPage", p.number)
	w.num("totalPages", p.last)
	link := func(base string, n int) string {
		return base + apiPrefix + c.path + "?page=" + strconv.Itoa(n)
	}
	switch {
	case p.last == 1 && p.total%2 == 0:
		w.raw("links", "[]")
	case p.last == 1 || p.number > p.last:
		w.raw("links", "{}")
	case p.number == p.last:
		w.obj("links")
		w.str("previous", link("http://api.salla.dev", p.number-1))
		w.end()
	case p.number%3 == 1:
		w.obj("links")
		w.str("next", link("http://api.salla.dev", p.number+1))
		w.end()
	case p.number%3 == 2:
		w.obj("links")
		w.str("next", link("https://dashboard.test", p.number+1))
		w.str("previous", link("https://dashboard.test", p.number-1))
		w.end()
	default:
		w.texts("links", []string{link("http://api.salla.dev", p.number+1)})
	}
	w.end()
}

// rows answers a page of elements.
func (c *call) rows(p page, each func(w *writer)) {
	c.answer(http.StatusOK, func(w *writer) {
		w.arr("data")
		each(w)
		w.endArr()
		c.pagination(w, p)
	})
}
