package woocommercetest

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	scripts   = regexp.MustCompile(`(?is)<script.*?</script>|</?script[^>]*>`)
	ampersand = regexp.MustCompile(`&(#\d+;|#x[0-9a-fA-F]+;|[a-zA-Z]+;)?`)
	tags      = regexp.MustCompile(`<[^>]*>`)
	octets    = regexp.MustCompile(`%[a-fA-F0-9]{2}`)
	spaces    = regexp.MustCompile(`[\r\n\t ]+`)
	unsaid    = regexp.MustCompile(`[^\p{L}\p{N}_]+`)
	slashed   = regexp.MustCompile(`(?s)\\(.)`)
)

// escapeHTML is what the store keeps of a text: lone ampersands become entities
// and scripts go.
func escapeHTML(s string) string {
	return ampersand.ReplaceAllStringFunc(scripts.ReplaceAllString(s, ""), func(m string) string {
		if m == "&" {
			return "&amp;"
		}
		return m
	})
}

// unslash takes a level of backslashes out, as WordPress does with texts that it
// believes to be quoted.
func unslash(s string) string {
	return strings.TrimSuffix(slashed.ReplaceAllString(s, "$1"), `\`)
}

// cleanLine is what the store keeps of a text that has neither lines nor HTML.
func cleanLine(s string) string {
	s = spaces.ReplaceAllString(tags.ReplaceAllString(s, ""), " ")
	return strings.TrimSpace(octets.ReplaceAllString(s, ""))
}

// slugOf makes a name fit for an address.
func slugOf(s string) string {
	return strings.Trim(unsaid.ReplaceAllString(strings.ToLower(html.UnescapeString(s)), "-"), "-")
}

func (in input) line(name string, into *string) {
	if in.has(name) {
		*into = cleanLine(textOf(in[name]))
	}
}

// escaped reads a text of a product: HTML without scripts, from which a level of
// backslashes goes.
func escaped(in input, name string, into *string) {
	if in.has(name) {
		*into = escapeHTML(unslash(textOf(in[name])))
	}
}

// amount reads a price. The store cleans any text and refuses none, which hides
// mistakes, so they are reported.
func (c *call) amount(in input, name string, into *string) {
	if !in.has(name) {
		return
	}
	text := textOf(in[name])
	if raw := in[name]; len(raw) > 0 && raw[0] != '"' && text != "" {
		c.server.book.Violationf("%s %s: %s is a JSON number; only batches take that", c.method, c.at, name)
	}
	c.checkAmount(name, text)
	*into = cleanAmount(text)
}

func (c *call) checkAmount(name, text string) {
	if !isAmount(text) {
		c.server.book.Violationf("%s %s: %s %q is no plain decimal; the store keeps %q", c.method, c.at, name, text, cleanAmount(text))
	}
}

// prices reads both prices; one for a sale that is not lower is emptied.
func (c *call) prices(in input, regular, sale *string) {
	c.amount(in, "regular_price", regular)
	c.amount(in, "sale_price", sale)
	if *sale != "" && !lessDecimal(*sale, *regular) {
		*sale = ""
	}
}

// moment reads a date given for the site's zone or as _gmt.
func (c *call) moment(in input, name string, into *time.Time) {
	if in.has(name) {
		*into, _ = parseDate(textOf(in[name]), c.server.cfg.Location)
	}
	if in.has(name + "_gmt") {
		*into, _ = parseDate(textOf(in[name+"_gmt"]), time.UTC)
	}
}

// quantity reads a stock quantity: whole, absolute, or a difference that no
// document names.
func (in input) quantity(into *int) {
	if in.has("stock_quantity") {
		in.number("stock_quantity", into)
		return
	}
	by := 0
	in.number("inventory_delta", &by)
	*into += by
}

func (d *Dimensions) apply(in input) {
	in.text("length", &d.Length)
	in.text("width", &d.Width)
	in.text("height", &d.Height)
}

// mergeMeta merges entries by id or key; null takes one out, and scalars come
// back as text.
func (s *Server) mergeMeta(list []Meta, in []input) []Meta {
	for _, m := range in {
		id, key := m.id("id"), textOf(m["key"])
		n := slices.IndexFunc(list, func(x Meta) bool { return id != 0 && x.ID == id || id == 0 && x.Key == key })
		raw := strings.TrimSpace(string(m["value"]))
		value := raw
		switch {
		case raw == "true":
			value = `"1"`
		case raw == "false":
			value = `""`
		case raw != "" && raw[0] != '"' && raw[0] != '[' && raw[0] != '{' && raw != "null":
			value = `"` + raw + `"`
		}
		switch {
		case raw == "null" || raw == "":
			if n >= 0 {
				list = slices.Delete(list, n, n+1)
			}
		case n >= 0:
			list[n].Value = value
			list[n].Key = cmp.Or(key, list[n].Key)
		default:
			s.nextMeta++
			list = append(list, Meta{s.nextMeta - 1, key, value})
		}
	}
	return list
}
