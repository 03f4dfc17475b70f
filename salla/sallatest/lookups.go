package sallatest

import (
	"net/http"
	"strconv"
	"strings"
)

func (w *writer) branch(k string, b *Branch) {
	w.obj(k)
	w.id("id", b.ID)
	w.str("name", b.Name)
	w.str("branch_code", b.Code)
	w.str("status", b.Status)
	w.obj("location")
	w.str("lat", b.Address.Latitude)
	w.str("lng", b.Address.Longitude)
	w.end()
	w.str("street", b.Address.Street)
	w.str("address_description", b.Address.Line)
	w.str("additional_number", b.Address.AdditionalNo)
	w.str("building_number", b.Address.BuildingNo)
	w.str("local", b.Address.Block)
	w.str("postal_code", b.Address.PostalCode)
	w.obj("contacts")
	w.str("phone", b.Phone)
	w.str("whatsapp", b.Phone)
	w.str("telephone", "")
	w.end()
	w.str("preparation_time", "6")
	w.flag("is_open", b.Open)
	w.raw("closest_time", `{"from":"09:00","to":"23:00"}`)
	w.raw("working_hours", `[{"name":"السبت","times":[{"from":"09:00","to":"23:55"}]},{"name":"الأحد","times":[{"from":"09:00","to":"23:55"}]}]`)
	w.flag("is_cod_available", true)
	w.flag("is_default", b.Default)
	w.str("type", b.Type)
	w.str("cod_cost", "5.00")
	w.obj("country")
	w.id("id", b.Address.CountryID)
	w.str("name", b.Address.Country)
	w.str("name_en", "Saudi Arabia")
	w.str("code", b.Address.CountryCode)
	w.str("mobile_code", "+966")
	w.str("capital", "Riyadh")
	w.end()
	w.obj("city")
	w.id("id", b.Address.CityID)
	w.str("name", b.Address.City)
	w.str("name_en", b.Address.City)
	w.id("country_id", b.Address.CountryID)
	w.end()
	w.end()
}

func listBranches(c *call) {
	word, code := c.query.Get("keyword"), c.query.Get("branch_code")
	var found []*Branch
	for _, b := range c.store.branches {
		if d := c.query.Get("is_default"); d != "" && (d == "true" || d == "1") != b.Default {
			continue
		}
		if strings.Contains(b.Name, word) && (code == "" || b.Code == code) {
			found = append(found, b)
		}
	}
	pg := c.paginate(len(found), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for _, b := range found[pg.from:pg.to] {
			w.branch("", b)
		}
	})
}

func branchDetails(c *call) {
	b := c.store.branch(c.id(0))
	if b == nil {
		c.notFound()
		return
	}
	c.answer(http.StatusOK, func(w *writer) { w.branch("data", b) })
}

// fixed answers a page over a list of objects that never change.
func (c *call) fixed(list []string) {
	pg := c.paginate(len(list), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for _, v := range list[pg.from:pg.to] {
			w.raw("", v)
		}
	})
}

func (w *writer) category(k string, r Ref) {
	id := strconv.FormatInt(r.ID, 10)
	w.obj(k)
	w.id("id", r.ID)
	w.str("name", r.Name)
	w.str("image", "https://cdn.salla.sa/c"+id+".jpg")
	w.urls("https://salla.sa/dev/c"+id, "/categories")
	w.num("parent_id", 0)
	w.num("sort_order", 0)
	w.str("status", "active")
	w.raw("show_in", `{"app":true,"salla_points":true}`)
	w.flag("has_hidden_products", false)
	w.str("update_at", "2024-10-24 13:24:48")
	w.raw("metadata", `{"title":null,"description":null,"url":null}`)
	w.raw("sub_categories", "[]")
	w.end()
}

func listCategories(c *call) {
	var found []Ref
	for _, r := range categories {
		if strings.Contains(r.Name, c.query.Get("keyword")) {
			found = append(found, r)
		}
	}
	pg := c.paginate(len(found), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for _, r := range found[pg.from:pg.to] {
			w.category("", r)
		}
	})
}

func categoryDetails(c *call) {
	id := c.id(0)
	for _, r := range categories {
		if r.ID == id {
			c.answer(http.StatusOK, func(w *writer) { w.category("data", r) })
			return
		}
	}
	c.notFound()
}

func (w *writer) brand(k string, r Ref) {
	w.obj(k)
	w.id("id", r.ID)
	w.str("name", r.Name)
	w.str("description", r.Name)
	w.str("banner", "https://cdn.salla.sa/banner.png")
	w.str("logo", "https://cdn.salla.sa/logo.png")
	w.str("ar_char", string([]rune(r.Name)[:1]))
	w.str("en_char", "Z")
	w.absent("metadata", int(r.ID%2), `{"title":"brand","description":"","url":"brand"}`, `{"title":null,"description":null,"url":null}`)
	w.end()
}

func listBrands(c *call) {
	var found []Ref
	for _, r := range c.store.brandList() {
		if strings.Contains(r.Name, c.query.Get("keyword")) {
			found = append(found, r)
		}
	}
	pg := c.paginate(len(found), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for _, r := range found[pg.from:pg.to] {
			w.brand("", r)
		}
	})
}

func listTaxes(c *call) {
	c.fixed([]string{`{"id":2087347200,"tax":15,"status":"active","country":"Saudi Arabia"}`})
}

func listPayments(c *call) {
	ids := []int64{1298199463, 1473353380, 1764372897, 989286562, 349994915, 1723506348, 40688814}
	pg := c.paginate(len(payments), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for i := pg.from; i < pg.to; i++ {
			w.obj("")
			w.id("id", ids[i])
			w.str("slug", payments[i])
			w.str("name", payments[i])
			w.end()
		}
	})
}

func listCountries(c *call) {
	c.fixed([]string{
		`{"id":1473353380,"name":"السعودية","name_en":"Saudi Arabia","code":"SA","mobile_code":"+966","capital":"Riyadh"}`,
		`{"id":566146469,"name":"الامارات","name_en":"United Arab Emirates","code":"AE","mobile_code":"+971","capital":"Abu Dhabi"}`,
		`{"id":1939592358,"name":"الكويت","name_en":"Kuwait","code":"KW","mobile_code":"+965","capital":"Kuwait City"}`,
	})
}

func listCities(c *call) {
	country := c.id(0)
	if country != 1473353380 {
		c.notFound()
		return
	}
	pg := c.paginate(len(cities), defaultSize, maxSize)
	c.rows(pg, func(w *writer) {
		for i := pg.from; i < pg.to; i++ {
			w.obj("")
			w.id("id", cityIDs[i])
			w.str("name", text(cities[i][0], cities[i][1], c.english))
			w.str("name_en", cities[i][1])
			w.id("country_id", country)
			w.end()
		}
	})
}

func listCurrencies(c *call) {
	c.answer(http.StatusOK, func(w *writer) {
		w.raw("data", `[{"name":"ريال سعودي","code":"SAR","symbol":"ر.س","status":"enabled"},{"name":"درهم اماراتي","code":"AED","symbol":"د.إ","status":"enabled"}]`)
	})
}
