package magentotest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

const mediaFields = "id media_type label position disabled types file content extension_attributes"

// newMedia makes an entry of an image sent in the body; nothing is loaded from
// elsewhere.
func (c *call) newMedia(p *Product, r input) (Media, bool) {
	content := r.sub("content")
	name, kind := content.text("name"), content.text("type")
	data, err := base64.StdEncoding.DecodeString(content.text("base64_encoded_data"))
	switch {
	case len(content) == 0:
		c.bad("The image content is invalid. Verify the content and try again.")
	case err != nil || len(data) == 0:
		c.bad("The image content must be valid base64 encoded data.")
	case !slices.Contains([]string{"image/jpeg", "image/jpg", "image/gif", "image/png", "image/webp"}, kind):
		c.bad("The image MIME type is not valid or not supported.")
	case name == "" || strings.ContainsAny(name, "/?*:\";<>()|{}\\"):
		c.bad("Provided image name contains forbidden characters.")
	default:
		id := c.server.partID()
		file := strings.ToLower(name)
		return Media{ID: id, Type: "image", Position: len(p.Media) + 1, File: "/" + file[:1] + "/" + file[min(1, len(file)-1):min(2, len(file))] + "/" + itoa(id) + file, Types: []string{}}, true
	}
	return Media{}, false
}

func (m *Media) fill(r input) {
	if _, ok := r["label"]; ok {
		m.Label = r.text("label")
	}
	if r.has("position") {
		m.Position = int(r.whole("position"))
	}
	if r.has("disabled") {
		m.Disabled = r.flag("disabled")
	}
	if r.has("types") {
		m.Types = append([]string{}, r.texts("types")...)
	}
}

// roles sets the attributes that name the image of each role.
func (p *Product) roles() {
	for _, role := range []string{"image", "small_image", "thumbnail"} {
		at := slices.IndexFunc(p.Media, func(m Media) bool { return slices.Contains(m.Types, role) })
		if at >= 0 {
			p.SetAttribute(role, p.Media[at].File)
		} else {
			p.Attributes = slices.DeleteFunc(p.Attributes, func(a Attribute) bool { return a.Code == role })
		}
	}
}

// changeProductOf runs f on a copy of the product a path names and stores it
// if f says so.
func (c *call) changeProductOf(f func(s *store, p *Product) bool) {
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.bySKU(c.args[0])
	if old == nil {
		c.noProduct()
		return
	}
	p := old.clone()
	if !f(s, p) {
		return
	}
	if !sameProduct(old, p) {
		s.effect("product.update", p.SKU)
	}
	s.replaceProduct(old, p)
}

func addMedia(c *call) {
	in, ok := c.input("entry")
	if !ok {
		return
	}
	r, ok := c.object(in, "entry", mediaFields)
	if !ok {
		return
	}
	c.changeProductOf(func(_ *store, p *Product) bool {
		m, ok := c.newMedia(p, r)
		if !ok {
			return false
		}
		m.fill(r)
		for i := range p.Media { // a role is one image's
			p.Media[i].Types = slices.DeleteFunc(slices.Clone(p.Media[i].Types), func(t string) bool { return slices.Contains(m.Types, t) })
		}
		p.Media = append(p.Media, m)
		p.roles()
		c.out.int("", m.ID)
		return true
	})
}

func deleteMedia(c *call) {
	id, ok := c.id(1)
	if !ok {
		return
	}
	c.changeProductOf(func(_ *store, p *Product) bool {
		at := slices.IndexFunc(p.Media, func(m Media) bool { return m.ID == id })
		if at < 0 {
			c.fail(http.StatusNotFound, "No image with the provided ID was found. Verify the ID and try again.")
			return false
		}
		p.Media = slices.Delete(p.Media, at, at+1)
		p.roles()
		c.out.flag("", true)
		return true
	})
}
