package bigcommerce_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// made returns the answer of an operation as its schema describes it, each
// field with the schema's example or a value of its type.
func (a *api) made(t testing.TB, name, path string) json.RawMessage {
	t.Helper()
	for _, f := range a.files {
		if f.name != name {
			continue
		}
		media := f.doc.Paths.Value(path).Get.Responses.Value("200").Value.Content.Get("application/json")
		return marshal(t, value(media.Schema, nil))
	}
	t.Fatalf("there is no file %s", name)
	return nil
}

const deepest = 12 // schemas may refer to themselves

func value(s *openapi3.SchemaRef, above []*openapi3.Schema) any {
	if s == nil || s.Value == nil || len(above) > deepest || slices.Contains(above, s.Value) {
		return nil
	}
	v := s.Value
	above = append(slices.Clip(above), v)
	if example := v.Example; example != nil && !v.Type.Is("object") && !v.Type.Is("array") {
		return example
	}
	switch {
	case len(v.Enum) > 0:
		return v.Enum[0]
	case len(v.OneOf) > 0:
		return value(v.OneOf[0], above)
	case len(v.AnyOf) > 0:
		return value(v.AnyOf[0], above)
	case v.Type.Is("array") && v.Items != nil && v.Items.Value.Type.Is("number"): // ids are described as such
		return []any{7}
	case v.Type.Is("array"):
		return []any{value(v.Items, above)}
	case v.Type.Is("integer"):
		return 7
	case v.Type.Is("number"):
		return json.Number("12.5")
	case v.Type.Is("boolean"):
		return true
	case v.Type.Is("string") && v.Format == "date-time":
		return "2026-03-01T08:09:10Z"
	case v.Type.Is("string"):
		return "a text"
	}
	o := object{}
	for _, part := range v.AllOf {
		if members, ok := value(part, above).(object); ok {
			for name, member := range members {
				o[name] = member
			}
		}
	}
	for name, property := range v.Properties {
		o[name] = value(property, above)
	}
	return o
}
