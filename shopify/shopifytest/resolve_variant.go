package shopifytest

import (
	"strconv"
	"time"
)

func variantFields() fieldSet {
	return fieldSet{
		"id":                     gid("ProductVariant", func(r *variantRef) int64 { return r.v.ID }),
		"legacyResourceId":       long(func(r *variantRef) int64 { return r.v.ID }),
		"title":                  str(func(r *variantRef) string { return r.v.Title }),
		"displayName":            str(func(r *variantRef) string { return r.p.Title + " - " + r.v.Title }),
		"sku":                    str(func(r *variantRef) string { return r.v.SKU }),
		"barcode":                opt(func(r *variantRef) string { return r.v.Barcode }),
		"price":                  or("0.00", func(r *variantRef) string { return r.v.Price }),
		"compareAtPrice":         opt(func(r *variantRef) string { return r.v.CompareAtPrice }),
		"position":               integer(func(r *variantRef) int { return r.v.Position }),
		"inventoryQuantity":      integer(func(r *variantRef) int { return r.v.inventory() }),
		"sellableOnlineQuantity": integer(func(r *variantRef) int { return max(0, r.v.inventory()) }),
		"inventoryPolicy":        or("DENY", func(r *variantRef) string { return r.v.InventoryPolicy }),
		"availableForSale": boolean(func(r *variantRef) bool {
			return !r.v.Item.Tracked || r.v.InventoryPolicy == "CONTINUE" || r.v.inventory() > 0
		}),
		"taxable":         boolean(func(r *variantRef) bool { return r.v.Taxable }),
		"createdAt":       instant(func(r *variantRef) time.Time { return r.v.CreatedAt }),
		"updatedAt":       instant(func(r *variantRef) time.Time { return r.v.UpdatedAt }),
		"selectedOptions": each("SelectedOption", func(r *variantRef) []SelectedOption { return r.v.Options }),
		"inventoryItem": func(x *exec, f *field, o any) {
			x.object(f, "InventoryItem", (*itemRef)(o.(*variantRef)))
		},
		"product": func(x *exec, f *field, o any) { x.object(f, "Product", o.(*variantRef).p) },
		"media": func(x *exec, f *field, o any) {
			r := o.(*variantRef)
			var own []*Media
			for i := range r.p.Media {
				if r.v.MediaID != 0 && r.p.Media[i].ID == r.v.MediaID {
					own = append(own, &r.p.Media[i])
				}
			}
			x.connection(f, "", placeSeq(len(own), func(i int) int64 { return own[i].ID }, func(i int) any { return own[i] }))
		},
		"unitPrice": null, "showUnitPrice": fixed("false"), "requiresComponents": fixed("false"),
		"defaultCursor": str(func(r *variantRef) string { return strconv.FormatInt(r.v.ID, 10) }),
		"metafield":     null,
		"metafields":    empty,
	}
}

func mediaFields() fieldSet {
	return fieldSet{
		"id": func(x *exec, _ *field, o any) {
			m := o.(*Media)
			x.buf = appendGID(x.buf, mediaType(m), m.ID)
		},
		"alt":              opt(func(m *Media) string { return m.Alt }),
		"mediaContentType": or("IMAGE", func(m *Media) string { return m.ContentType }),
		"status":           or("READY", func(m *Media) string { return m.Status }),
		"fileStatus":       or("READY", func(m *Media) string { return m.Status }),
		"preview":          same("MediaPreviewImage"),
		"image":            mediaImage,
		"mimeType":         fixed(`"image/jpeg"`),
		"embedUrl":         str(func(m *Media) string { return m.URL }),
		"originUrl":        str(func(m *Media) string { return m.URL }),
		"host":             fixed(`"YOUTUBE"`),
		"createdAt":        fixed(`"2026-01-01T00:00:00Z"`),
		"updatedAt":        fixed(`"2026-01-01T00:00:00Z"`),
	}
}

// mediaImage is null while the file is being processed or has failed.
func mediaImage(x *exec, f *field, o any) {
	if o.(*Media).URL == "" {
		x.nothing(f)
		return
	}
	x.object(f, "Image", o)
}

func mediaType(m *Media) string {
	if m.ContentType == "EXTERNAL_VIDEO" {
		return "ExternalVideo"
	}
	return "MediaImage"
}
