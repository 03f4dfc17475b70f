package shopifytest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// object is a JSON object of a webhook; ids stay integers.
type object = map[string]any

// zone is the shop's offset: webhooks, unlike the API, use local time.
var zone = time.FixedZone("+03", 3*3600)

func local(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(zone).Format(time.RFC3339)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func idOrNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func apiID(kind string, id int64) string { return fmt.Sprintf("gid://shopify/%s/%d", kind, id) }

// ProductPayload is the body of products/create and products/update: REST
// shaped, at most 100 variants, all of them in variant_gids.
func (s *Server) ProductPayload(p *Product) []byte {
	variants, gids := []object{}, []object{}
	for i := range p.Variants {
		v := &p.Variants[i]
		gids = append(gids, object{"admin_graphql_api_id": apiID("ProductVariant", v.ID), "updated_at": local(v.UpdatedAt)})
		if i >= 100 {
			continue
		}
		o := object{"id": v.ID, "admin_graphql_api_id": apiID("ProductVariant", v.ID), "product_id": p.ID, "title": v.Title,
			"price": v.Price, "compare_at_price": orNull(v.CompareAtPrice), "sku": v.SKU, "barcode": orNull(v.Barcode),
			"position": v.Position, "inventory_item_id": v.Item.ID, "inventory_quantity": v.inventory(),
			"old_inventory_quantity": v.inventory(), "inventory_policy": strings.ToLower(v.InventoryPolicy),
			"taxable": v.Taxable, "created_at": local(v.CreatedAt), "updated_at": local(v.UpdatedAt),
			"option1": nil, "option2": nil, "option3": nil, "image_id": idOrNull(v.MediaID)}
		for k, sel := range v.Options {
			o[fmt.Sprintf("option%d", k+1)] = sel.Value
		}
		variants = append(variants, o)
	}
	options, images, media := []object{}, []object{}, []object{}
	for i, o := range p.Options {
		options = append(options, object{"id": o.ID, "product_id": p.ID, "name": o.Name, "position": i + 1, "values": o.Values})
	}
	for i := range p.Media {
		m := &p.Media[i]
		media = append(media, object{"id": m.ID, "position": i + 1, "alt": orNull(m.Alt), "status": m.Status,
			"media_content_type": m.ContentType, "admin_graphql_api_id": apiID(mediaType(m), m.ID)})
		if m.ContentType == "IMAGE" && m.URL != "" {
			images = append(images, object{"id": m.ID, "product_id": p.ID, "position": i + 1, "alt": orNull(m.Alt),
				"src": m.URL, "width": m.Width, "height": m.Height, "variant_ids": []int64{}})
		}
	}
	var image any
	if len(images) > 0 {
		image = images[0]
	}
	return encode(object{"id": p.ID, "admin_graphql_api_id": apiID("Product", p.ID), "title": p.Title, "handle": p.Handle,
		"body_html": p.DescriptionHTML, "vendor": p.Vendor, "product_type": p.ProductType, "status": strings.ToLower(p.Status),
		"tags": strings.Join(p.Tags, ", "), "created_at": local(p.CreatedAt), "updated_at": local(p.UpdatedAt),
		"published_at": local(p.PublishedAt), "published_scope": "web", "template_suffix": nil, "variants": variants, "variant_gids": gids,
		"options": options, "images": images, "image": image, "media": media, "category": nil,
		"has_variants_that_requires_components": false})
}

// DeletedPayload is the body of products/delete and orders/delete: the id
// alone.
func (s *Server) DeletedPayload(id int64) []byte { return encode(object{"id": id}) }

// CustomerPayload is the body of customers/create and customers/update.
func (s *Server) CustomerPayload(c *Customer) []byte {
	return encode(s.customerObject(c))
}

func (s *Server) customerObject(c *Customer) object {
	addresses := []object{}
	for i := range c.Addresses {
		a := addressObject(&c.Addresses[i])
		a["id"], a["customer_id"], a["default"] = c.Addresses[i].ID, c.ID, i == 0
		addresses = append(addresses, a)
	}
	o := object{"id": c.ID, "admin_graphql_api_id": apiID("Customer", c.ID), "email": orNull(c.Email),
		"first_name": orNull(c.FirstName), "last_name": orNull(c.LastName), "phone": orNull(c.Phone),
		"state": strings.ToLower(c.State), "verified_email": c.VerifiedEmail, "note": orNull(c.Note), "currency": s.currency,
		"tax_exempt": c.TaxExempt, "tax_exemptions": []string{}, "addresses": addresses,
		"created_at": local(c.CreatedAt), "updated_at": local(c.UpdatedAt)}
	if len(addresses) > 0 {
		o["default_address"] = addresses[0]
	}
	return o
}

func addressObject(a *Address) object {
	return object{"first_name": orNull(a.FirstName), "last_name": orNull(a.LastName), "name": a.name(), "company": orNull(a.Company),
		"address1": orNull(a.Address1), "address2": orNull(a.Address2), "city": orNull(a.City), "province": orNull(a.Province),
		"province_code": orNull(a.ProvinceCode), "country": orNull(a.Country), "country_code": orNull(a.CountryCode),
		"zip": orNull(a.Zip), "phone": orNull(a.Phone)}
}

// InventoryPayload is the body of inventory_levels/update; it has no id of
// its own.
func (s *Server) InventoryPayload(l InventoryLevel) []byte {
	return encode(object{"inventory_item_id": l.ItemID, "location_id": l.LocationID, "available": l.Available,
		"updated_at":           local(l.UpdatedAt),
		"admin_graphql_api_id": fmt.Sprintf("gid://shopify/InventoryLevel/%d?inventory_item_id=%d", l.ID, l.ItemID)})
}

// UninstalledPayload is the body of app/uninstalled: the shop. The tokens
// are dead by the time it arrives, see Uninstall.
func (s *Server) UninstalledPayload() []byte {
	return encode(object{"id": int64(68000000001), "name": "Acme متجر", "email": "owner@example.com", "domain": nil,
		"myshopify_domain": nil, "plan_name": "basic", "currency": s.currency, "iana_timezone": "Asia/Riyadh"})
}

// encode marshals what is made of plain values only, which cannot fail.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}
