package sallatest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// buyer writes what a customer and the customer of an order share.
func (w *writer) buyer(c *Customer) {
	w.id("id", c.ID)
	w.str("full_name", strings.TrimSpace(c.FirstName+" "+c.LastName))
	w.str("first_name", c.FirstName)
	w.str("last_name", c.LastName)
	w.mobile(c)
	w.str("mobile_code", c.MobileCode)
	w.str("email", c.Email)
	w.urls("https://salla.sa/profile", "https://s.salla.sa/customers/"+strconv.FormatInt(c.ID, 36))
	w.str("avatar", "https://cdn.salla.sa/avatar_male.png")
	if c.Gender == "" {
		w.absent("gender", c.index, "null", `""`)
	} else {
		w.str("gender", c.Gender)
	}
	if c.Birthday.IsZero() {
		w.null("birthday")
	} else {
		w.date("birthday", c.Birthday)
	}
	w.str("city", c.City)
	w.str("country", c.Country)
	w.strOrNull("country_code", c.CountryCode)
	w.str("currency", c.Currency)
	w.str("location", c.Location)
	w.date("updated_at", c.UpdatedAt)
}

// mobile writes the number, null for none.
func (w *writer) mobile(c *Customer) {
	if c.Mobile == 0 {
		w.null("mobile")
		return
	}
	w.id("mobile", c.Mobile)
}

var extraFields = []string{
	"is_blocked", "is_whitelisted", "block_reason", "is_inactive", "total_points", "country_id", "custom_fields",
	"current_store_customer", "is_orders_rated", "is_notifications_enabled",
}

// customer writes a customer; extras are the names asked for in fields[].
func (w *writer) customer(k string, c *Customer, extras []string) {
	w.obj(k)
	w.buyer(c)
	w.str("lang", c.Language)
	w.date("created_at", c.CreatedAt)
	w.ids("groups", c.Groups)
	for _, name := range extraFields {
		if !slices.Contains(extras, name) {
			continue
		}
		switch name {
		case "is_blocked":
			w.flag(name, c.Blocked)
		case "block_reason":
			w.strOrNull(name, c.BlockReason)
		case "total_points":
			w.num(name, c.index%50)
		case "country_id", "current_store_customer":
			w.null(name)
		case "custom_fields":
			w.raw(name, "[]")
		default:
			w.flag(name, name == "is_notifications_enabled")
		}
	}
	w.end()
}

func (c *call) extras() []string {
	list := c.list("fields")
	for _, name := range list {
		if !slices.Contains(extraFields, name) {
			c.server.book.Violationf("%s: fields[]=%s is no extra field", c.path, name)
		}
	}
	return list
}

func listCustomers(c *call) {
	within, ok := c.span("date_from", "date_to")
	if !ok {
		return
	}
	s := c.store
	version := s.buyers.changes()
	indexes := s.buyers.order()
	word := strings.ToLower(c.query.Get("keyword"))
	from, to := c.query.Get("date_from"), c.query.Get("date_to")
	if word != "" || from != "" || to != "" {
		indexes = s.buyers.view(word+"\x00"+from+"\x00"+to, func(r *Customer) bool {
			names := strings.ToLower(r.FirstName + " " + r.LastName + " " + r.Email)
			mobile := strings.TrimPrefix(r.MobileCode, "+") + strconv.FormatInt(r.Mobile, 10)
			return within(r.CreatedAt) && (word == "" || strings.Contains(names, word) || strings.Contains(mobile, strings.TrimPrefix(word, "+")))
		}, nil)
	}
	extras := c.extras()
	pg := c.paginate(len(indexes), defaultSize, maxSize)
	c.pageOf(version, pg, func(w *writer) {
		for _, r := range s.buyers.records(indexes[pg.from:pg.to]) {
			w.customer("", r, extras)
		}
	})
}

func (c *call) customer(r *Customer) {
	if r == nil {
		c.notFound()
		return
	}
	extras := c.extras()
	c.answer(http.StatusOK, func(w *writer) { w.customer("data", r, extras) })
}

func customerDetails(c *call) { c.customer(c.store.buyers.get(c.id(0))) }

func listGroups(c *call) {
	pg := c.paginate(len(groupList), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for _, g := range groupList[pg.from:pg.to] {
			w.ref("", g)
		}
	})
}
