package sallatest

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
)

const maxImages = 10

// form reads a multipart body; ok is false after it answered.
func (c *call) form() (fields map[string]string, ok bool) {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		c.server.book.Violationf("%s %s wants multipart/form-data", c.r.Method, c.path)
		c.fail(http.StatusBadRequest, "400", "Bad Request")
		return nil, false
	}
	fields = map[string]string{}
	for parts := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			return fields, true
		}
		var b []byte
		if err == nil {
			b, err = io.ReadAll(part)
		}
		if err != nil {
			c.fail(http.StatusBadRequest, "400", "Bad Request")
			return nil, false
		}
		fields[part.FormName()] = string(b)
	}
}

// picture sets what the form names.
func (img *Image) picture(p *Product, fields map[string]string) {
	if fields["original"] != "" {
		img.URL = fields["original"]
	} else if fields["photo"] != "" || img.URL == "" {
		img.URL = "https://cdn.salla.sa/upload/" + strconv.FormatInt(img.ID, 36) + ".jpg"
	}
	if alt, ok := fields["alt"]; ok {
		img.Alt = alt
	}
	if n, err := strconv.Atoi(fields["sort"]); err == nil {
		img.Sort = n
	}
	for _, name := range []string{"main", "default"} {
		if v := fields[name]; v == "true" || v == "1" {
			for i := range p.Images {
				p.Images[i].Main = false
			}
			img.Main = true
		}
	}
}

func attachImage(c *call)      { c.attach(c.store.products.get(c.id(0))) }
func attachImageBySKU(c *call) { c.attach(c.store.productBySKU(c.args[0])) }

// attach adds one image, ten at the most. Sent twice it is there twice.
func (c *call) attach(p *Product) {
	if p == nil {
		c.fail(http.StatusNotFound, `"error"`, msgNotFoundAR)
		return
	}
	fields, ok := c.form()
	if !ok {
		return
	}
	if fields["photo"] == "" && fields["original"] == "" {
		c.failWith(http.StatusUnprocessableEntity, `"validation_failed"`, "validation process  failed", complaints{"photo": {"The photo field is required."}})
		return
	}
	if len(p.Images) >= maxImages {
		c.invalid("product", "The maximum allowed images are 10")
		return
	}
	img := Image{Type: "image"}
	p = c.editProduct(p.ID, func(p *Product) {
		img.ID, img.Sort = p.part(), len(p.Images)
		img.picture(p, fields)
		img.Main = img.Main || len(p.Images) == 0
		p.Images = append(p.Images, img)
		p.release()
	})
	if p == nil {
		c.notFound()
		return
	}
	c.answer(http.StatusCreated, func(w *writer) { w.picture("data", &img) })
}

// ofImage finds the product of the image in the path.
func (c *call) ofImage() (*Product, int) {
	id := c.id(0)
	if p := c.store.productOfPart(id, imageRoom); p != nil {
		if at := slices.IndexFunc(p.Images, func(m Image) bool { return m.ID == id }); at >= 0 {
			return p, at
		}
	}
	c.fail(http.StatusNotFound, `"error"`, msgNotFoundAR)
	return nil, 0
}

func updateImage(c *call) {
	p, at := c.ofImage()
	if p == nil {
		return
	}
	fields, ok := c.form()
	if !ok {
		return
	}
	id := p.Images[at].ID
	p = c.store.editProduct(author{c.endpoint, ""}, p.ID, id, func(p *Product) { p.Images[at].picture(p, fields) })
	if p == nil {
		c.notFound()
		return
	}
	c.answer(http.StatusCreated, func(w *writer) { w.picture("data", &p.Images[at]) })
}

func deleteImage(c *call) {
	p, at := c.ofImage()
	if p == nil {
		return
	}
	id := p.Images[at].ID
	if c.store.editProduct(author{c.endpoint, ""}, p.ID, id, func(p *Product) { p.Images = slices.Delete(p.Images, at, at+1) }) == nil {
		c.notFound()
		return
	}
	c.message(http.StatusAccepted, msgRemoved)
}

func (w *writer) picture(k string, m *Image) {
	w.obj(k)
	w.id("id", m.ID)
	w.obj("image")
	for _, size := range []string{"original", "standard_resolution", "low_resolution", "thumbnail"} {
		w.obj(size)
		w.str("url", m.URL)
		w.num("width", 0)
		w.num("height", 0)
		w.end()
	}
	w.end()
	w.num("sort", m.Sort)
	w.flag("default", m.Main)
	w.str("alt_seo", m.Alt)
	w.str("video_url", m.VideoURL)
	w.str("type", m.Type)
	w.end()
}
