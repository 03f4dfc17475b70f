package woocommercetest

import (
	"strconv"
	"strings"
)

func (w *writer) metas(k string, list []Meta, c *call) {
	w.arr(k)
	for _, m := range list {
		if c != nil && !c.wantsMeta(m.Key) {
			continue
		}
		w.obj("")
		w.num("id", m.ID)
		w.str("key", m.Key)
		w.raw("value", asPHP([]byte(m.Value)))
		w.end()
	}
	w.endArr()
}

// wantsMeta applies include_meta and exclude_meta.
func (c *call) wantsMeta(key string) bool {
	in, out := c.query.values["include_meta"], c.query.values["exclude_meta"]
	if in == nil && out == nil {
		return true
	}
	for _, k := range listOf(out) {
		if k == key {
			return false
		}
	}
	list := listOf(in)
	for _, k := range list {
		if k == key {
			return true
		}
	}
	return len(list) == 0
}

func (w *writer) terms(k string, list []Term) {
	w.arr(k)
	for _, t := range list {
		w.obj("")
		w.num("id", t.ID)
		w.str("name", t.Name)
		w.str("slug", t.Slug)
		w.end()
	}
	w.endArr()
}

func (w *writer) image(k string, s *Server, m *Image) {
	w.obj(k)
	w.num("id", m.ID)
	w.dates("date_created", m.At, s.cfg.Location)
	w.dates("date_modified", m.At, s.cfg.Location)
	w.str("src", m.Src)
	w.str("name", m.Name)
	w.str("alt", m.Alt)
	w.end()
}

func (w *writer) dimensions(d Dimensions) {
	w.obj("dimensions")
	w.str("length", d.Length)
	w.str("width", d.Width)
	w.str("height", d.Height)
	w.end()
}

func (w *writer) choices(k string, list []Choice, withSlug bool) {
	w.arr(k)
	for _, c := range list {
		w.obj("")
		w.num("id", c.ID)
		w.str("name", c.Name)
		if withSlug {
			w.str("slug", c.Slug)
		}
		w.str("option", c.Option)
		w.end()
	}
	w.endArr()
}

// link writes one relation of _links.
func (w *writer) link(rel, href, allow string) {
	w.arr(rel)
	w.obj("")
	w.str("href", href)
	if allow != "" {
		w.obj("targetHints")
		w.texts("allow", strings.Fields(allow))
		w.end()
	}
	w.end()
	w.endArr()
}

const allowAll = "GET POST PUT PATCH DELETE"

// selfLinks opens _links with the two relations every record has.
func (w *writer) selfLinks(s *Server, collection string, id int64, allow string) {
	w.obj("_links")
	base := s.apiURL(collection)
	w.link("self", base+"/"+strconv.FormatInt(id, 10), allow)
	w.link("collection", base, "")
}
