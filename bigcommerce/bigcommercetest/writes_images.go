package bigcommercetest

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

const imageMembers = "id product_id date_modified image_file image_url is_thumbnail sort_order description"

// maxImages is how many images a product may have.
const maxImages = 1000

// imageFile is the path an image that came from a URL gets.
func imageFile(u string, id int64) string {
	base := path.Base(strings.SplitN(u, "?", 2)[0])
	return "p/" + strconv.FormatInt(id, 10) + "__" + base
}

// createImage adds an image from a URL, which is not fetched here. Changes of
// images fire nothing.
func createImage(c *call) {
	p := c.product()
	if p == nil {
		return
	}
	in, ok := c.input(imageMembers)
	if !ok {
		return
	}
	u := in.text("image_url")
	switch {
	case u == "":
		c.fail(http.StatusUnprocessableEntity, "image_url must be present if uploading by url")
		return
	case len(u) > 255:
		c.invalid("The field 'image_url' is invalid.", "image_url", "at most 255 characters")
		return
	case !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://"):
		c.failWith(http.StatusBadRequest, "The field 'image_file' is invalid.",
			map[string]string{"invalid_reason": "The resource could not be downloaded and may be invalid."})
		return
	case len(p.Images) >= maxImages:
		c.invalid("The product has too many images", "image_url", "at most 1000")
		return
	}
	id := c.store.partID()
	c.alterProduct("image", id, p.ID, "", "", func(to *Product) bool {
		to.Images = append(to.Images, Image{ID: id, SortOrder: len(to.Images), Thumbnail: len(to.Images) == 0})
		to.fillImage(len(to.Images)-1, in, c.store.stamp())
		return true
	})
	c.sendImage(p.ID, id)
}

func (c *call) sendImage(product, id int64) {
	if p := c.store.products.get(product); p != nil {
		if i := slices.IndexFunc(p.Images, func(m Image) bool { return m.ID == id }); i >= 0 {
			c.data(func(w *writer) { w.image("data", c.store, p, &p.Images[i]) })
			return
		}
	}
	c.notFound()
}

// image finds the product and the image of the path; false after it has
// answered 404.
func (c *call) image() (product, id int64, ok bool) {
	p := c.product()
	if p == nil {
		return 0, 0, false
	}
	id, ok = c.id(1)
	if !ok {
		return 0, 0, false
	}
	if !slices.ContainsFunc(p.Images, func(m Image) bool { return m.ID == id }) {
		c.notFound()
		return 0, 0, false
	}
	return p.ID, id, true
}

func getImage(c *call) {
	if product, id, ok := c.image(); ok {
		c.sendImage(product, id)
	}
}

func updateImage(c *call) {
	product, id, ok := c.image()
	if !ok {
		return
	}
	in, ok := c.input(imageMembers)
	if !ok {
		return
	}
	c.alterProduct("image", id, product, "", "", func(p *Product) bool {
		if i := slices.IndexFunc(p.Images, func(m Image) bool { return m.ID == id }); i >= 0 {
			p.fillImage(i, in, c.store.stamp())
		}
		return true
	})
	c.sendImage(product, id)
}

func deleteImage(c *call) {
	product, id, ok := c.image()
	if !ok {
		return
	}
	c.alterProduct("image", id, product, "", "", func(p *Product) bool {
		p.Images = slices.DeleteFunc(p.Images, func(m Image) bool { return m.ID == id })
		return true
	})
	c.none()
}
