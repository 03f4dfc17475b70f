package woocommercetest

import (
	"cmp"
	"html"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// applyTerms replaces categories, brands and tags. Tags are made by name where
// there is none; without a category a product gets the first.
func (c *call) applyTerms(p *Product, in input) {
	for kind, into := range map[string]*[]Term{"categories": &p.Categories, "brands": &p.Brands} {
		if in.has(kind) {
			*into = nil
			for _, t := range in.objects(kind) {
				*into = c.addTerm(*into, kind, t.id("id"))
			}
		}
	}
	if len(p.Categories) == 0 && (p.ID == 0 || in.has("categories")) {
		p.Categories = c.server.terms["categories"][:1:1]
	}
	if in.has("tags") {
		p.Tags = nil
		for _, t := range in.objects("tags") {
			id := t.id("id")
			if t.has("name") {
				id = c.tagNamed(textOf(t["name"]))
			}
			p.Tags = c.addTerm(p.Tags, "tags", id)
		}
	}
}

// addTerm adds a term; one that does not exist or is there already is left out.
func (c *call) addTerm(list []Term, kind string, id int64) []Term {
	of := c.server.terms[kind]
	is := func(t Term) bool { return t.ID == id }
	n := slices.IndexFunc(of, is)
	switch {
	case n < 0:
		c.server.book.Violationf("%s %s: there is none of the %s %d, silently ignored", c.method, c.at, kind, id)
	case !slices.ContainsFunc(list, is):
		list = append(list, of[n])
	}
	return list
}

func (c *call) tagNamed(name string) int64 {
	s := c.server
	name = strings.TrimSpace(name)
	for _, t := range s.terms["tags"] {
		if strings.EqualFold(html.UnescapeString(t.Name), html.UnescapeString(name)) || t.Slug == slugOf(name) {
			return t.ID
		}
	}
	if name == "" {
		return 0
	}
	s.nextTerm++
	t := Term{ID: s.nextTerm, Name: escapeHTML(cleanLine(name)), Slug: slugOf(name)}
	s.terms["tags"] = append(slices.Clone(s.terms["tags"]), t)
	c.effect("tag.create", t.ID)
	return t.ID
}

func (c *call) applyImages(p *Product, in input) *apiError {
	if !in.has("images") {
		return nil
	}
	old := p.Images
	p.Images = nil
	for _, m := range in.objects("images") {
		i, err := c.imageOf(m, old, "product")
		if err != nil {
			return err
		}
		p.Images = append(p.Images, i)
	}
	return nil
}

// imageOf is the picture asked for: one of the store by id, or a copy of what is
// at an address, a new one each time.
func (c *call) imageOf(m input, old []Image, kind string) (Image, *apiError) {
	s := c.server
	id, src := m.id("id"), textOf(m["src"])
	var i Image
	switch n := slices.IndexFunc(old, func(x Image) bool { return x.ID == id }); {
	case id == 0 && src != "":
		if !validURL(src) {
			return i, fail(http.StatusBadRequest, "woocommerce_"+kind+"_image_upload_error", "Invalid URL "+src+".")
		}
		name, _, _ := strings.Cut(path.Base(src), "?")
		i = Image{ID: s.nextMeta, Name: strings.TrimSuffix(name, path.Ext(name)), At: s.stamp()}
		i.Src = s.cfg.HomeURL + "/wp-content/uploads/" + strconv.FormatInt(i.ID, 10) + "-" + name
		s.nextMeta++
	case n >= 0 && id != 0:
		i = old[n]
	case id >= firstImage && id < s.nextMeta:
		text := strconv.FormatInt(id, 10)
		i = Image{ID: id, Name: text, Src: s.cfg.HomeURL + "/wp-content/uploads/" + text + ".jpg", At: s.cfg.Epoch}
	default:
		return i, fail(http.StatusBadRequest, "woocommerce_"+kind+"_invalid_image_id", "#"+strconv.FormatInt(id, 10)+" is an invalid image ID.")
	}
	i.Alt, i.Name = cmp.Or(cleanLine(textOf(m["alt"])), i.Alt), cmp.Or(textOf(m["name"]), i.Name)
	return i, nil
}

// firstImage is the lowest id a picture has; any from there on is taken to exist.
const firstImage = 800_000

// applyAttributes replaces all attributes. One without a name or without options
// is left out.
func (c *call) applyAttributes(p *Product, in input) {
	if in.has("attributes") {
		p.Attributes = nil
		for _, a := range in.objects("attributes") {
			x := Attribute{ID: a.id("id"), Name: cleanLine(textOf(a["name"]))}
			x.Slug = x.Name
			if x.ID == 1 {
				x.Name, x.Slug = "Color", "pa_color"
			}
			for _, option := range a.texts("options") {
				for one := range strings.SplitSeq(option, "|") { // the store's own separator
					x.Options = append(x.Options, strings.TrimSpace(one))
				}
			}
			a.number("position", &x.Position)
			a.flag("visible", &x.Visible)
			a.flag("variation", &x.Variation)
			if x.ID > 1 || x.Name == "" || !a.has("options") || x.ID == 1 && len(x.Options) == 0 {
				c.server.book.Violationf("%s %s: an attribute without a name or options is left out", c.method, c.at)
				continue
			}
			p.Attributes = append(p.Attributes, x)
		}
	}
	if in.has("default_attributes") && p.Type == "variable" {
		p.Defaults = c.choicesOf(p, in.objects("default_attributes"))
	}
}

// choicesOf reads values of a product's attributes. What is no attribute that
// variations differ in is left out, and so is any value.
func (c *call) choicesOf(p *Product, in []input) []Choice {
	var out []Choice
	for _, a := range in {
		id, name, option := a.id("id"), textOf(a["name"]), cleanLine(textOf(a["option"]))
		n := slices.IndexFunc(p.Attributes, func(x Attribute) bool {
			return x.Variation && (id != 0 && x.ID == id || id == 0 && x.ID == 0 && slugOf(x.Name) == slugOf(name))
		})
		if n < 0 {
			c.server.book.Violationf("%s %s: attribute %d %q is none variations differ in, silently ignored", c.method, c.at, id, name)
			continue
		}
		x := &p.Attributes[n]
		if k := slices.IndexFunc(x.Options, func(o string) bool { return strings.EqualFold(o, option) }); k >= 0 && x.ID != 0 {
			option = x.Options[k]
		} else if x.ID != 0 {
			option = slugOf(option)
		}
		if option != "" {
			out = append(out, Choice{x.ID, x.Name, x.Slug, option})
		}
	}
	return out
}
