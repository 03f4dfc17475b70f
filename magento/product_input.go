package magento

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

// productWriter turns the model's inputs into Magento's. Only what is named gets
// a key: an absent key leaves a field as it is.
type productWriter struct {
	op     string
	engine *Engine
	with   *productPage
	values []newValue // to be found, or added, first
	added  []string   // the attributes whose lists have new values
	err    error      // the first complaint
}

// newValue is a value of an attribute that may be a list, and where its number
// goes.
type newValue struct {
	code, label string
	into        map[string]any
	key         string
}

// value names the value of a list: its number goes into the map under the key,
// which holds its name until then.
func (w *productWriter) value(into map[string]any, key, code, label string) {
	into[key] = label
	w.text(code, label, longestName, true)
	w.values = append(w.values, newValue{code, label, into, key})
}

func (w *productWriter) refuse(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *productWriter) invalid(field, message string) { w.refuse(invalid(w.op, field, message)) }

// longestText is how many characters a name, a SKU or a value of a list has at
// most.
const (
	longestName = 255
	longestSKU  = 64
)

// checkPatch refuses what can be seen to be wrong without the product.
func checkPatch(op, id string, p catalog.ProductPatch) error {
	if err := checkID(op, "a product", id); err != nil {
		return err
	}
	w := productWriter{op: op}
	_, title := p.Title.Get()
	_, description := p.Description.Get()
	_, vendor := p.Vendor.Get()
	_, status := p.Status.Get()
	if _, named := p.Type.Get(); named {
		return catalog.Unsupported(Platform, op+" by changing its type", "create a product of the other type")
	}
	if _, named := p.Tags.Get(); named {
		return catalog.Unsupported(Platform, op+" by changing its tags", "Magento has none: use categories or an attribute of your own")
	}
	if !title && !description && !vendor && !status && len(p.Variants) == 0 {
		w.invalid("patch", "it names no field to change")
	}
	if s, _ := p.Title.Get(); title {
		w.text("Title", s, longestName, true)
	}
	if s, _ := p.Status.Get(); status && s == "" {
		w.invalid("Status", "a product has a status")
	} else if status {
		w.status(map[string]any{}, s)
	}
	seen := map[string]bool{}
	for i, v := range p.Variants {
		switch {
		case checkID("", "", v.ID) != nil:
			w.invalid(at("Variants", i, "ID"), "it is not the id of a variant")
		case seen[v.ID]:
			w.invalid(at("Variants", i, "ID"), "the variant is named twice")
		case (v == catalog.VariantPatch{ID: v.ID}):
			w.invalid(at("Variants", i, ""), "it names no field to change")
		}
		seen[v.ID] = true
		if sku, ok := v.SKU.Get(); ok {
			w.text(at("Variants", i, "SKU"), sku, longestSKU, true)
		}
	}
	return w.err
}

// text checks a text that goes into a column of that many characters.
func (w *productWriter) text(field, text string, most int, required bool) {
	switch {
	case required && strings.TrimSpace(text) == "":
		w.invalid(field, "it cannot be empty on Magento")
	case utf8.RuneCountInString(text) > most:
		w.invalid(field, "it is too long for Magento")
	}
}

// status writes a status and, with it, whether the shop lists the product.
func (w *productWriter) status(fields map[string]any, s catalog.ProductStatus) {
	switch s {
	case catalog.ProductActive, "":
		fields["status"], fields["visibility"] = 1, visibleEverywhere
	case catalog.ProductHidden:
		fields["status"], fields["visibility"] = 1, 1
	case catalog.ProductDraft:
		fields["status"] = 2
	default:
		w.refuse(catalog.Unsupported(Platform, w.op+" with the status "+string(s), "use active, hidden or draft; what is sold out follows the stock"))
	}
}

const visibleEverywhere = 4

// patch reads what is named for each product it is about.
func (w *productWriter) patch(n *productNode, p catalog.ProductPatch) []productChange {
	own := map[string]any{}
	if title, ok := p.Title.Get(); ok {
		own["name"] = title
	}
	if status, ok := p.Status.Get(); ok {
		w.status(own, status)
		if own["visibility"] == visibleEverywhere && n.Visibility != notVisible {
			delete(own, "visibility") // it is to be seen in the list, the search or both
		}
	}
	if text, ok := p.Description.Get(); ok {
		w.custom(own, "description", text)
	}
	if vendor, ok := p.Vendor.Get(); ok {
		w.vendor(own, vendor)
	}
	var changes []productChange
	var tracked []productChange
	for i, v := range p.Variants {
		of, fields := n, own
		if v.ID != n.ID || n.Type == "configurable" {
			child := n.with.children[v.ID]
			if child == nil || !slices.Contains(n.Extension.Links, v.ID) {
				w.refuse(&catalog.Error{Platform: Platform, Op: w.op, Kind: catalog.ErrNotFound, Message: "the product has no variant with this id",
					Fields: []catalog.FieldError{{Field: at("Variants", i, "ID"), Message: "the product has no such variant"}}})
				return nil
			}
			of, fields = &child.node, map[string]any{}
			of.with = n.with
		}
		w.variant(fields, i, of, v)
		if on, ok := v.Tracked.Get(); ok {
			sku := of.SKU
			if changed, ok := fields["sku"].(string); ok {
				sku = changed
			}
			tracked = append(tracked, productChange{what: "the stock of " + sku, sku: sku, stock: manage(on)})
		}
		if of != n && len(fields) > 0 {
			changes = append(changes, w.changed(of, fields))
		}
	}
	if len(own) > 0 {
		changes = append(changes, w.changed(n, own))
	}
	return append(changes, tracked...)
}

// changed names the product in its fields.
func (w *productWriter) changed(n *productNode, fields map[string]any) productChange {
	fields["id"] = idNumber(n.ID)
	if fields["sku"] == nil {
		fields["sku"] = n.SKU
	}
	return productChange{what: n.SKU, fields: fields}
}

// manage says whether stock is counted.
func manage(on bool) map[string]any {
	return map[string]any{"manage_stock": on, "use_config_manage_stock": false}
}

// variant reads the fields of a variant that are named.
func (w *productWriter) variant(fields map[string]any, i int, n *productNode, v catalog.VariantPatch) {
	if sku, ok := v.SKU.Get(); ok {
		fields["sku"] = sku
	}
	if barcode, ok := v.Barcode.Get(); ok {
		w.barcode(fields, at("Variants", i, "Barcode"), barcode)
	}
	if cost, ok := v.Cost.Get(); ok {
		w.custom(fields, "cost", w.money(at("Variants", i, "Cost"), cost))
	}
	if weight, ok := v.Weight.Get(); ok {
		w.weight(fields, at("Variants", i, "Weight"), weight)
	}
	w.prices(fields, i, n, v)
}

// custom names an attribute in the fields.
func (w *productWriter) custom(fields map[string]any, code string, value any) map[string]any {
	entry := map[string]any{"attribute_code": code, "value": value}
	list, _ := fields["custom_attributes"].([]any)
	fields["custom_attributes"] = append(list, entry)
	return entry
}

func (w *productWriter) barcode(fields map[string]any, field, text string) {
	if w.engine.barcode == "" {
		w.refuse(catalog.Unsupported(Platform, w.op+" with a barcode", "name the attribute that holds it in the account's setting barcode_attribute"))
		return
	}
	w.text(field, text, longestName, false)
	w.custom(fields, w.engine.barcode, text)
}

// vendor writes the vendor, by its number where the attribute is a list.
func (w *productWriter) vendor(fields map[string]any, name string) {
	name = strings.TrimSpace(name)
	w.text("Vendor", name, longestName, false)
	if entry := w.custom(fields, w.engine.vendor, name); name != "" {
		w.value(entry, "value", w.engine.vendor, name)
	}
}
