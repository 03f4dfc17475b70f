package magentotest

import (
	"net/http"
	"slices"
	"strconv"
)

// fillLists takes the lists of a product. Each replaces the one that is there:
// what is not named is gone.
func (c *call) fillLists(p *Product, f input) bool {
	if f.has("tier_prices") {
		rows, ok := c.objects(f, "tier_prices", "customer_group_id qty value extension_attributes")
		if !ok {
			return false
		}
		p.TierPrices = nil
		for _, r := range rows {
			p.TierPrices = append(p.TierPrices, TierPrice{r.whole("customer_group_id"), trimDecimal(r.text("qty")), trimDecimal(r.text("value"))})
		}
	}
	if f.has("product_links") && !c.fillLinks(p, f) || f.has("media_gallery_entries") && !c.fillMedia(p, f) {
		return false
	}
	if f.has("options") {
		rows, ok := c.objects(f, "options", "*")
		if !ok {
			return false
		}
		p.CustomOptions = nil
		for _, r := range rows {
			o := CustomOption{r.whole("option_id"), r.text("title"), r.text("type"), trimDecimal(r.text("price"))}
			if o.ID == 0 {
				o.ID = c.server.partID()
			}
			p.CustomOptions = append(p.CustomOptions, o)
		}
	}
	return c.fillExtensions(p, f.sub("extension_attributes"))
}

func (c *call) fillLinks(p *Product, f input) bool {
	rows, ok := c.objects(f, "product_links", "sku link_type linked_product_sku linked_product_type position extension_attributes")
	if !ok {
		return false
	}
	p.Links = nil
	for _, r := range rows {
		linked := c.server.bySKU(r.text("linked_product_sku"))
		if linked == nil {
			c.fail(http.StatusNotFound, `The Product with the "%1" SKU doesn't exist.`, r.text("linked_product_sku"))
			return false
		}
		p.Links = append(p.Links, Link{r.text("link_type"), linked.SKU, linked.Type, int(r.whole("position"))})
	}
	return true
}

const extensionFields = `website_ids category_links stock_item configurable_product_options configurable_product_links bundle_product_options
	downloadable_product_links downloadable_product_samples giftcard_amounts`

func (c *call) fillExtensions(p *Product, ext input) bool {
	if !c.known(ext, extensionFields) {
		return false
	}
	if stock := ext.sub("stock_item"); stock.has("qty") && !isDecimal(stock.text("qty")) {
		c.bad(msgType, "value", stock.text("qty"), "type", "float")
		return false
	}
	if ext.has("website_ids") {
		p.Websites = nil
		for _, text := range ext.texts("website_ids") {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil || !slices.ContainsFunc(storeViews, func(v storeView) bool { return v.website == id && id != 0 }) {
				c.fail(http.StatusNotFound, "The website with id %1 that was requested wasn't found. Verify the website and try again.", text)
				return false
			}
			p.Websites = append(p.Websites, id)
		}
	}
	if ext.has("category_links") {
		rows, ok := c.objects(ext, "category_links", "position category_id extension_attributes")
		if !ok {
			return false
		}
		values := []string{}
		for _, r := range rows {
			values = append(values, r.text("category_id"))
		}
		c.setList(p, "category_ids", values)
	}
	return c.fillVariants(p, ext)
}

// fillMedia keeps the images that are named by their id and adds those with
// content.
func (c *call) fillMedia(p *Product, f input) bool {
	rows, ok := c.objects(f, "media_gallery_entries", mediaFields)
	if !ok {
		return false
	}
	kept := []Media{}
	for _, r := range rows {
		m := Media{}
		if at := slices.IndexFunc(p.Media, func(m Media) bool { return m.ID == r.whole("id") }); r.has("id") && at >= 0 {
			m = p.Media[at]
		} else if m, ok = c.newMedia(p, r); !ok {
			return false
		}
		m.fill(r)
		kept = append(kept, m)
	}
	p.Media = kept
	p.roles()
	return true
}
