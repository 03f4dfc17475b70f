package magento_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
)

// body holds a request's body against the description: it has a part of the
// operation's fields, and each is of its type. What the description requires is
// not asked for: it says so of every field whose getter returns a value, and
// changes name only what changes.
func (a *api) body(o *openapi2.Operation, kind string, one recorded) error {
	i := slices.IndexFunc(o.Parameters, func(p *openapi2.Parameter) bool { return p.In == "body" })
	switch {
	case len(one.Body) == 0 && i < 0:
		return nil
	case len(one.Body) == 0:
		return fmt.Errorf("%s has no body", kind)
	case i < 0:
		return fmt.Errorf("%s has a body", kind)
	case one.Header.Get("Content-Type") != "application/json":
		return fmt.Errorf("%s has a body of another type than JSON", kind)
	}
	d := json.NewDecoder(bytes.NewReader(one.Body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s has something behind its body", kind)
	}
	return a.fitsSchema(o.Parameters[i].Schema, value, "body")
}

func (a *api) fitsSchema(s *openapi2.SchemaRef, value any, at string) error {
	if s.Ref != "" {
		to := a.doc.Definitions[strings.TrimPrefix(s.Ref, "#/definitions/")]
		if to == nil {
			return fmt.Errorf("there is no definition %s", s.Ref)
		}
		return a.fitsSchema(to, value, at)
	}
	wrong := fmt.Errorf("%s is %v, which is no %v", at, value, s.Value.Type.Slice())
	number, isNumber := value.(json.Number)
	switch {
	case s.Value.Type.Is("object"):
		object, ok := value.(map[string]any)
		if !ok {
			return wrong
		}
		for name, member := range object {
			property := s.Value.Properties[name]
			if property == nil {
				return fmt.Errorf("%s has no field %s", at, name)
			}
			if err := a.fitsSchema(property, member, at+"."+name); err != nil {
				return err
			}
		}
	case s.Value.Type.Is("array"):
		list, ok := value.([]any)
		if !ok {
			return wrong
		}
		for n, element := range list {
			if err := a.fitsSchema(s.Value.Items, element, at+"."+strconv.Itoa(n)); err != nil {
				return err
			}
		}
	case s.Value.Type.Is("integer"):
		if _, err := number.Int64(); !isNumber || err != nil {
			return wrong
		}
	case s.Value.Type.Is("number"):
		if !isNumber {
			return wrong
		}
	case s.Value.Type.Is("boolean"):
		if _, ok := value.(bool); !ok {
			return wrong
		}
	case s.Value.Type.Is("string"):
		// The value of an attribute is declared a text, and may be a number too.
		if _, ok := value.(string); !ok && !(isNumber && strings.HasSuffix(at, ".value")) {
			return wrong
		}
	default:
		return fmt.Errorf("%s has the type %v, which is not looked at", at, s.Value.Type)
	}
	return nil
}

func TestBodiesAreHeldAgainstTheDescription(t *testing.T) {
	t.Parallel()
	a := loadAPI(t, onPremises)
	for name, c := range map[string]struct{ method, target, body, want string }{
		"a product":             {"POST", "/V1/products", `{"product":{"id":7,"sku":"a","price":12.5,"custom_attributes":[{"attribute_code":"cost","value":1.5}]}}`, ""},
		"without a body":        {"POST", "/V1/orders/7/cancel", ``, ""},
		"a body too many":       {"POST", "/V1/orders/7/cancel", `{}`, "has a body"},
		"a body missing":        {"POST", "/V1/products", ``, "no body"},
		"an unknown field":      {"POST", "/V1/products", `{"product":{"barcode":"1"}}`, "no field barcode"},
		"an unknown field deep": {"POST", "/V1/products", `{"product":{"extension_attributes":{"stock_item":{"quantity":1}}}}`, "no field quantity"},
		"a text for a number":   {"POST", "/V1/products", `{"product":{"price":"12.5"}}`, "no [number]"},
		"a number for a text":   {"POST", "/V1/products", `{"product":{"sku":7}}`, "no [string]"},
		"an object for a list":  {"POST", "/V1/inventory/source-items", `{"sourceItems":{}}`, "no [array]"},
		"half a piece":          {"POST", "/V1/products", `{"product":{"status":1.5}}`, "no [integer]"},
		"a text for a flag":     {"POST", "/V1/order/7/ship", `{"notify":"yes"}`, "no [boolean]"},
		"two bodies":            {"POST", "/V1/order/7/ship", `{"notify":true}{}`, "behind"},
	} {
		u, err := url.Parse("https://shop.example.com/rest/all" + c.target)
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.request(t.Context(), recorded{Method: c.method, URL: u, Body: []byte(c.body), Header: http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
