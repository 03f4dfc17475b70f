package woocommercetest

import (
	"net/url"
	"strings"
)

// locate finds the REST route of the request, if it is one.
func (c *call) locate() {
	s := c.server
	path := c.r.URL.EscapedPath()
	rest, inside := strings.CutPrefix(path, s.folder)
	c.at = rest
	if !inside || rest != "" && rest[0] != '/' {
		c.at = path
		return
	}
	if at := c.query.text("rest_route"); at != "" {
		c.setRoute(at)
		return
	}
	if after, ok := strings.CutPrefix(rest, "/index.php/"+s.cfg.RESTPrefix); ok && s.cfg.Permalinks != Plain {
		c.setRoute(after)
	} else if after, ok := strings.CutPrefix(rest, "/"+s.cfg.RESTPrefix); ok && s.cfg.Permalinks == Pretty {
		c.setRoute(after)
	}
}

func (c *call) setRoute(at string) {
	if at != "" && at[0] != '/' {
		return
	}
	c.rest, c.route = true, "/"+strings.Trim(at, "/")
	if short, ok := strings.CutPrefix(c.route, "/wc/v3/"); ok {
		c.at = "/" + short
	}
}

// restURL is the address of a route as the store writes it.
func (s *Server) restURL(route string) string {
	switch s.cfg.Permalinks {
	case Plain:
		return s.cfg.HomeURL + "/index.php?rest_route=" + route
	case PathInfo:
		return s.cfg.HomeURL + "/index.php/" + s.cfg.RESTPrefix + route
	}
	return s.cfg.HomeURL + "/" + s.cfg.RESTPrefix + route
}

func (s *Server) apiURL(route string) string { return s.restURL("/wc/v3" + route) }

// redactQuery is the query without secrets and signatures.
func redactQuery(raw string) string {
	var parts []string
	for part := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			switch plain {
			case "consumer_secret", "consumer_key", "oauth_signature", "oauth_consumer_key", "oauth_nonce":
				part = name + "=REDACTED"
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "&")
}
