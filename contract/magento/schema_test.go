package magento_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
)

// made counts what a generated answer holds.
type made struct{ fields int }

// answer makes the answer of an operation from its schema, with every field
// filled by a value of its type. Ids are numbers that fit together, times and
// decimals are such where the name says so.
func (a *api) answer(t testing.TB, pattern string) (json.RawMessage, *made) {
	t.Helper()
	item := a.doc.Paths[pattern]
	if item == nil || item.Get == nil || item.Get.Responses.Value("200") == nil || item.Get.Responses.Value("200").Schema == nil {
		t.Fatalf("GET %s has no answer in the description", pattern)
	}
	m := &made{}
	text, err := json.Marshal(a.value(t, m, item.Get.Responses.Value("200").Schema, "", nil))
	if err != nil {
		t.Fatal(err)
	}
	return text, m
}

const deepest = 7 // schemas refer to themselves

func (a *api) value(t testing.TB, m *made, s *openapi2.SchemaRef, name string, above []string) any {
	t.Helper()
	if s.Ref != "" {
		named := strings.TrimPrefix(s.Ref, "#/definitions/")
		if slices.Contains(above, named) || len(above) > deepest {
			return nil
		}
		to := a.doc.Definitions[named]
		if to == nil {
			t.Fatalf("there is no definition %s", named)
		}
		return a.value(t, m, to, name, append(slices.Clip(above), named))
	}
	m.fields++
	schema := s.Value
	switch {
	case schema.Type.Is("array"):
		return []any{a.value(t, m, schema.Items, name, above)}
	case schema.Type.Is("integer"):
		return 1
	case schema.Type.Is("number"):
		return json.Number("12.5000")
	case schema.Type.Is("boolean"):
		return true
	case schema.Type.Is("string"):
		return text(name)
	}
	object := map[string]any{}
	for name, property := range schema.Properties {
		object[name] = a.value(t, m, property, name, above)
	}
	return object
}

// numeric are the texts that hold numbers.
var numeric = []string{"attribute_id", "category_id", "default_billing", "default_shipping", "value_index", "customer_id", "entity_id", "is_customer_notified"}

func text(name string) string {
	switch {
	case strings.HasSuffix(name, "_at"):
		return "2026-03-01 08:09:10"
	case strings.HasSuffix(name, "currency_code"):
		return "SAR"
	case slices.Contains(numeric, name):
		return "1"
	}
	return "a " + strings.ReplaceAll(name, "_", " ")
}
