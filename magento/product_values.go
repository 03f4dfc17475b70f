package magento

import (
	"context"
	"errors"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// addValues turns the names of list values into their numbers, and adds those
// that a list lacks. Adding is safe to repeat: a list holds each name once.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (w *productWriter) addValues(ctx context.Context) error {
	known := map[string]*attributeNode{}
	for _, v := range w.values {
		n, read := known[v.code]
		if !read {
			var err error
			if n, err = w.engine.readAttribute(ctx, v.code); err != nil {
				return err
			}
			known[v.code] = n
		}
		if n == nil {
			return withHint(invalid(w.op, v.code, "the shop has no attribute "+v.code+", or the resource Magento_Catalog::attributes_attributes is missing"),
				"make the attribute in the admin, or name another in the account's settings")
		}
		if !n.listed() {
			continue // the name itself is the value
		}
		if _, there := n.value(v.label); !there {
			var err error
			if n, err = w.engine.addValue(ctx, w.op, v.code, v.label); err != nil {
				return err
			}
			known[v.code], w.added = n, append(w.added, v.code, n.ID)
		}
		number, _ := n.value(v.label)
		if v.into[v.key] = number; v.key == "value_index" && checkID("", "", number) == nil {
			v.into[v.key] = idNumber(number)
		}
	}
	return nil
}

// listed reports an attribute whose values are those of a list.
func (n *attributeNode) listed() bool {
	return n.Input == "select" || n.Input == "multiselect" || n.Input == "swatch_visual" || n.Input == "swatch_text"
}

// value returns the number of one of an attribute's values. Letters' case does
// not count where no other has the name: Magento takes no second one.
func (n *attributeNode) value(label string) (number string, ok bool) {
	for _, o := range n.Options {
		switch name := strings.TrimSpace(o.Label); {
		case o.Value == "":
		case name == label:
			return o.Value, true
		case !ok && strings.EqualFold(name, label):
			number, ok = o.Value, true
		}
	}
	return number, ok
}

// addValue adds a value to an attribute's list and reads the list: what Magento
// answers is not the value's number in all versions.
func (e *Engine) addValue(ctx context.Context, op, code, label string) (*attributeNode, error) {
	path := "/products/attributes/" + oauth1.Encode(code) + "/options"
	_, failed := e.change(ctx, op+": add value", post, path, map[string]any{"option": map[string]any{"label": label, "sort_order": 0, "is_default": false}}, nil)
	if failed != nil && !errors.Is(failed, catalog.ErrOutcomeUnknown) && !errors.Is(failed, catalog.ErrInvalid) {
		return nil, failed
	}
	n, err := e.readAttribute(ctx, code)
	if err == nil && n != nil {
		if _, there := n.value(label); there {
			return n, nil
		}
	}
	if known, ok := errors.AsType[*catalog.Error](failed); ok && errors.Is(failed, catalog.ErrOutcomeUnknown) {
		// Nothing of the product was sent, and a value too many does no harm.
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Message: "a value could not be added to the list of " + code, Err: known.Err}
	}
	if failed == nil {
		failed = err
	}
	if failed == nil {
		failed = &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a value that was added to the list of " + code + " is not there"}
	}
	return nil, failed
}
