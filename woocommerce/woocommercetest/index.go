package woocommercetest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// serveIndex answers the list of namespaces or of the routes of wc/v3; anybody
// may read it.
func (c *call) serveIndex() *apiError {
	s := c.server
	if !c.reading() {
		return noRoute()
	}
	c.answer(http.StatusOK, func(w *writer) {
		w.obj("")
		if c.route == "/" {
			w.str("name", "متجر التجربة &amp; Co")
			w.str("description", "")
			w.str("url", s.cfg.HomeURL)
			w.str("home", s.cfg.HomeURL)
			_, offset := s.now().In(s.cfg.Location).Zone()
			w.str("gmt_offset", strconv.FormatFloat(float64(offset)/3600, 'f', -1, 64))
			w.str("timezone_string", s.cfg.Location.String())
			w.num("page_for_posts", 0)
			w.num("page_on_front", 0)
			w.str("show_on_front", "posts")
			names := []string{"oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"}
			if !s.cfg.NoWooCommerce {
				names = append([]string{"oembed/1.0", "wc-admin", "wc-analytics", "wc/store", "wc/store/v1", "wc/v1", "wc/v2", "wc/v3"}, names[1:]...)
			}
			w.texts("namespaces", names)
			w.raw("authentication", "[]")
		} else {
			w.str("namespace", "wc/v3")
		}
		w.obj("routes")
		s.writeRoutes(w)
		w.end()
		w.obj("_links")
		w.link("help", "https://developer.wordpress.org/rest-api/", "")
		w.end()
		w.end()
	})
	return nil
}

func (s *Server) writeRoutes(w *writer) {
	if s.cfg.NoWooCommerce {
		return
	}
	methods := map[string][]string{}
	for _, r := range s.routesOf() {
		if s.cfg.atLeast(r.since[0], r.since[1]) {
			path := "/wc/v3/" + strings.NewReplacer("#", `(?P<id>[\d]+)`, "*", `(?P<id>[\w-]+)`).Replace(r.path)
			methods[path] = append(methods[path], strings.Fields(r.methods)...)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(methods)) {
		w.name(path)
		w.obj("")
		w.str("namespace", "wc/v3")
		w.texts("methods", methods[path])
		w.raw("endpoints", "[]")
		w.end()
	}
}
