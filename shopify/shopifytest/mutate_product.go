package shopifytest

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// mutationScopes is what each mutation needs.
var mutationScopes = map[string]string{
	"productSet": "write_products", "productUpdate": "write_products", "productDelete": "write_products", "productVariantsBulkUpdate": "write_products",
	"inventorySetQuantities": "write_inventory", "inventoryAdjustQuantities": "write_inventory",
	"orderCancel": "write_orders", "orderUpdate": "write_orders", "refundCreate": "write_orders",
	"fulfillmentCreate":             "write_merchant_managed_fulfillment_orders",
	"fulfillmentTrackingInfoUpdate": "write_merchant_managed_fulfillment_orders",
	"customerCreate":                "write_customers", "customerUpdate": "write_customers",
	"webhookSubscriptionCreate": "read_products", "webhookSubscriptionUpdate": "read_products", "webhookSubscriptionDelete": "read_products",
	"bulkOperationRunQuery": "read_products", "bulkOperationCancel": "read_products",
}

// mutations are those served.
func mutations() map[string]mutation {
	return map[string]mutation{
		"productSet": productSet, "productUpdate": productUpdate, "productDelete": productDelete, "productVariantsBulkUpdate": variantsUpdate,
		"inventorySetQuantities": inventorySet, "inventoryAdjustQuantities": inventoryAdjust,
		"orderCancel": orderCancel, "orderUpdate": orderUpdate, "refundCreate": refundCreate,
		"fulfillmentCreate": fulfillmentCreate, "fulfillmentTrackingInfoUpdate": trackingUpdate,
		"customerCreate": customerCreate, "customerUpdate": customerUpdate,
		"webhookSubscriptionCreate": subscriptionCreate, "webhookSubscriptionUpdate": subscriptionUpdate, "webhookSubscriptionDelete": subscriptionDelete,
		"bulkOperationRunQuery": bulkRun, "bulkOperationCancel": bulkCancel,
	}
}

// productSet creates. With an identifier it would replace the lists of a
// product, which nobody should want.
func productSet(x *exec, args input) payload {
	in := args.sub("input")
	if args.has("identifier") && args["identifier"] != nil {
		x.srv.book.Violationf("productSet with an identifier replaces every list of the product")
		return payload{bad: refuse("INVALID_INPUT", "not served here", "identifier")}
	}
	if strings.TrimSpace(in.text("title")) == "" {
		return payload{bad: refuse("INVALID_INPUT", "Title can't be blank", "input", "title")}
	}
	if in.has("variants") && !in.has("productOptions") {
		return payload{bad: refuse("PRODUCT_OPTIONS_INPUT_MISSING", "Product options input is required when updating variants", "input")}
	}
	p := Product{Vendor: "Acme متجر"}
	setProduct(&p, in)
	for i, o := range in.list("productOptions") {
		option := Option{ID: x.srv.fresh(), Name: o.text("name")}
		for _, v := range o.list("values") {
			option.Values = append(option.Values, v.text("name"))
		}
		if len(option.Values) == 0 {
			return payload{bad: refuse("OPTION_VALUES_MISSING", "Option values are missing", "input", "productOptions", strconv.Itoa(i))}
		}
		p.Options = append(p.Options, option)
	}
	seen := map[string]bool{}
	for i, one := range in.list("variants") {
		v := Variant{Taxable: true, Price: "0.00", Item: InventoryItem{RequiresShipping: true}}
		for _, chosen := range one.list("optionValues") {
			v.Options = append(v.Options, SelectedOption{chosen.text("optionName"), chosen.text("name")})
			v.Title = strings.TrimPrefix(v.Title+" / "+chosen.text("name"), " / ")
			if k := slices.IndexFunc(p.Options, func(o Option) bool { return o.Name == chosen.text("optionName") }); k < 0 || !slices.Contains(p.Options[k].Values, chosen.text("name")) {
				return payload{bad: refuse("OPTION_VALUE_DOES_NOT_EXIST", "Option value does not exist", "input", "variants", strconv.Itoa(i), "optionValues")}
			}
		}
		if seen[v.Title] {
			return payload{bad: refuse("INVALID_VARIANT", "The variant '"+v.Title+"' already exists.", "input", "variants", strconv.Itoa(i))}
		}
		seen[v.Title] = true
		if bad := setVariant(&v, one, "input", "variants", strconv.Itoa(i)); bad != nil {
			bad[0].code = "INVALID_VARIANT"
			return payload{bad: bad}
		}
		one.put("sku", &v.SKU)
		p.Variants = append(p.Variants, v)
	}
	for _, file := range in.list("files") {
		p.Media = append(p.Media, Media{ID: x.srv.fresh(), Alt: file.text("alt"), Status: "PROCESSING"})
	}
	for _, m := range in.list("metafields") {
		p.Metafields = append(p.Metafields, Metafield{ID: x.srv.fresh(), Namespace: m.text("namespace"), Key: m.text("key"), Type: m.text("type"), Value: m.text("value")})
	}
	made := x.srv.addProduct(p)
	if len(x.srv.store.locations) > 0 { // what is new is stocked at the first location, with nothing
		for i := range made.Variants {
			item := &made.Variants[i].Item
			item.Levels = []InventoryLevel{{ID: levelBase*10 + item.ID, ItemID: item.ID, LocationID: x.srv.store.locations[0].ID, UpdatedAt: x.srv.second()}}
		}
	}
	x.effect("productSet", made.ID)
	return payload{parts: map[string]any{"product": made}}
}

// setProduct changes what is named.
func setProduct(p *Product, in input) {
	in.put("title", &p.Title)
	in.put("descriptionHtml", &p.DescriptionHTML)
	in.put("vendor", &p.Vendor)
	in.put("productType", &p.ProductType)
	in.put("handle", &p.Handle)
	if in.text("status") != "" {
		p.Status = in.text("status")
	}
	if in.has("tags") {
		p.Tags = normalTags(in.texts("tags"))
	}
}

// normalTags are trimmed, without empty ones and without repeats.
func normalTags(given []string) (tags []string) {
	for _, t := range given {
		t = strings.TrimSpace(t)
		if t != "" && !slices.ContainsFunc(tags, func(had string) bool { return strings.EqualFold(had, t) }) {
			tags = append(tags, t)
		}
	}
	return tags
}

// setVariant changes what is named; at is the path of the variant's input.
func setVariant(v *Variant, in input, at ...string) []complaint {
	for name, to := range map[string]*string{"price": &v.Price, "compareAtPrice": &v.CompareAtPrice} {
		if !in.has(name) {
			continue
		}
		amount, ok := hundredths(in[name])
		if !ok {
			return refuse("NEGATIVE_PRICE_VALUE", "Price must be greater than or equal to 0", append(at, name)...)
		}
		*to = amount
	}
	if v.Price == "" {
		v.Price = "0.00"
	}
	in.put("barcode", &v.Barcode)
	if in.has("taxable") {
		v.Taxable = in.bool("taxable")
	}
	item := in.sub("inventoryItem")
	item.put("sku", &v.SKU)
	if item.has("tracked") {
		v.Item.Tracked = item.bool("tracked")
	}
	if item.has("requiresShipping") {
		v.Item.RequiresShipping = item.bool("requiresShipping")
	}
	if item.has("cost") {
		v.Item.UnitCost, _ = hundredths(item["cost"])
	}
	if w := item.sub("measurement").sub("weight"); w != nil {
		v.Item.Weight, _ = strconv.ParseFloat(fmt.Sprint(w["value"]), 64)
		v.Item.WeightUnit = w.text("unit")
	}
	return nil
}

// hundredths writes an amount as the platform does; null is "".
func hundredths(v any) (string, bool) {
	if v == nil {
		return "", true
	}
	r, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok || r.Sign() < 0 {
		return "", false
	}
	return r.FloatString(2), true
}

func productUpdate(x *exec, args input) payload {
	in := args.sub("product")
	old := x.srv.store.products.get(in.id("id", "Product"))
	if old == nil {
		return payload{bad: refuse("", "Product does not exist", "id")}
	}
	if in.has("title") && strings.TrimSpace(in.text("title")) == "" {
		return payload{parts: map[string]any{"product": old}, bad: refuse("", "Title can't be blank", "title")}
	}
	n := old.clone()
	setProduct(n, in)
	x.srv.putProduct(n)
	x.effect("productUpdate", n.ID)
	return payload{parts: map[string]any{"product": n}}
}

func productDelete(x *exec, args input) payload {
	id := args.sub("input").id("id", "Product")
	if !x.srv.deleteProduct(id) {
		return payload{bad: refuse("", "Product does not exist", "id")}
	}
	x.effect("productDelete", id)
	return payload{parts: map[string]any{"deletedProductId": fmt.Sprintf("gid://shopify/Product/%d", id)}}
}

// variantsUpdate changes all variants or none.
func variantsUpdate(x *exec, args input) payload {
	old := x.srv.store.products.get(args.id("productId", "Product"))
	if old == nil {
		return payload{bad: refuse("PRODUCT_DOES_NOT_EXIST", "Product does not exist", "productId")}
	}
	n := old.clone()
	var changed []any
	for i, in := range args.list("variants") {
		id := in.id("id", "ProductVariant")
		k := slices.IndexFunc(n.Variants, func(v Variant) bool { return v.ID == id })
		if k < 0 {
			return payload{bad: refuse("PRODUCT_VARIANT_DOES_NOT_EXIST", "Product variant does not exist", "variants", strconv.Itoa(i), "id")}
		}
		v := &n.Variants[k]
		if bad := setVariant(v, in, "variants", strconv.Itoa(i)); bad != nil {
			return payload{parts: map[string]any{"product": old}, bad: bad}
		}
		v.UpdatedAt = x.srv.second()
		changed = append(changed, &variantRef{n, v})
	}
	x.srv.putProduct(n)
	x.effect("productVariantsBulkUpdate", n.ID)
	return payload{parts: map[string]any{"product": n, "productVariants": changed}}
}

// putProduct stores a changed product.
func (s *Server) putProduct(n *Product) {
	n.UpdatedAt = s.second()
	s.store.products.put(n)
	s.store.touched()
}
