package magento

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// configurable plans the variants and the product that holds them.
func (w *productWriter) configurable(ctx context.Context, plan *creation, in catalog.ProductInput, ref string) error {
	var names []string
	for _, o := range in.Options {
		names = append(names, o.Name)
	}
	for i, v := range in.Variants {
		if len(v.Options) == 0 {
			return invalid(w.op, at("Variants", i, "Options"), "each of several variants needs a value of every option")
		}
		for _, c := range v.Options {
			if !slices.Contains(names, c.Name) {
				if len(in.Options) > 0 {
					return invalid(w.op, at("Variants", i, "Options"), fmt.Sprintf("the product has no option %q", c.Name))
				}
				names = append(names, c.Name)
			}
		}
	}
	attributes := make([]*attributeNode, len(names))
	for k, name := range names {
		a, err := w.engine.optionAttribute(ctx, w.op, name)
		if err != nil {
			return err
		}
		attributes[k] = a
	}
	values := make([][]string, len(names)) // of each option
	for i, v := range in.Variants {
		child := w.product(catalog.ProductInput{Title: in.Title, Vendor: in.Vendor}, "simple")
		child["visibility"] = 1
		w.newVariant(child, i, v, "simple")
		title := in.Title
		for k, name := range names {
			chosen := slices.IndexFunc(v.Options, func(c catalog.OptionValue) bool { return c.Name == name })
			if chosen < 0 {
				return invalid(w.op, at("Variants", i, "Options"), fmt.Sprintf("it has no value of the option %q", name))
			}
			label := strings.TrimSpace(v.Options[chosen].Value)
			title += " - " + label
			w.value(w.custom(child, attributes[k].Code, nil), "value", attributes[k].Code, label)
			if !slices.Contains(values[k], label) {
				values[k] = append(values[k], label)
			}
		}
		child["name"] = truncated(title, longestName)
		plan.products = append(plan.products, child)
	}
	parent := w.product(in, "configurable")
	parent["sku"] = slug(in.Title) + "-" + ref
	var list []any
	for k, name := range names {
		var indexes []any
		for _, label := range values[k] {
			index := map[string]any{}
			w.value(index, "value_index", attributes[k].Code, label)
			indexes = append(indexes, index)
		}
		list = append(list, map[string]any{"attribute_id": attributes[k].ID, "label": name, "position": k, "values": indexes})
	}
	parent["extension_attributes"] = map[string]any{"configurable_product_options": list}
	plan.products, plan.own = append(plan.products, parent), true
	return nil
}

// optionAttribute finds the attribute variants are told apart by.
func (e *Engine) optionAttribute(ctx context.Context, op, name string) (*attributeNode, error) {
	code := strings.ToLower(strings.Join(strings.Fields(name), "_"))
	if codeForm.MatchString(code) {
		if n, err := e.readAttribute(ctx, code); err != nil || n != nil && n.listed() {
			return n, err
		}
	}
	c := call{op: op + ": attribute", path: "/products/attributes", proven: true}
	rows, err := e.named(ctx, c, []group{is("frontend_label", name), is("frontend_input", "select")}, 1, "attribute_id")
	if err != nil {
		return nil, err
	}
	for _, raw := range rows {
		var n attributeNode
		if _, err := decode(raw, &n); err == nil && n.Code != "" {
			return &n, nil
		}
	}
	return nil, withHint(invalid(op, "Options", fmt.Sprintf("the shop has no drop-down attribute for the option %q", name)),
		"make one in the admin, of global scope, and put it into the attribute set of the product")
}

// slug is a title as a part of a SKU.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	s := truncated(strings.Join(words, "-"), 40)
	if s == "" {
		return "souk"
	}
	return s
}

func truncated(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
