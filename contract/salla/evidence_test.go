package salla_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/soukhq/souk/contract/internal/specs"
)

// evidence is what the vendor's own samples show: where they break the schemas
// and which forms values have in them.
type evidence struct {
	breaks  map[string]bool            // keys of mismatches in the examples of the description
	forms   map[string]map[string]bool // kinds and words by family and place in a record
	objects map[string]int             // how many objects there are at a place
	members map[string]int             // how many of them have a member
}

// families are the operations whose records are the same resource, by the
// beginning of their paths; the longest decides.
var families = []string{"/shipments", "/customers/groups", "/customers", "/orders/statuses", "/orders/items", "/orders", "/products", "/categories", "/branches", "/brands"}

// variants is the family of the operations on variants, whose paths begin as
// those of products do.
const variants = "/products/variants"

func family(path string) string {
	if strings.HasSuffix(path, "/variants") || strings.HasPrefix(path, variants) {
		return variants
	}
	for _, f := range families {
		if strings.HasPrefix(path, f) {
			return f
		}
	}
	return path
}

// place is where in a record a pointer into an answer leads.
func place(pointer string) string {
	rest := strings.TrimPrefix(pointer, "/data")
	return strings.TrimPrefix(rest, "/*")
}

func loadEvidence(t testing.TB, a *api) evidence {
	t.Helper()
	e := evidence{map[string]bool{}, map[string]map[string]bool{}, map[string]int{}, map[string]int{}}
	for path, item := range a.doc.Paths.Map() {
		if item.Get == nil || mediaType(item.Get) == nil {
			continue
		}
		media := mediaType(item.Get)
		examples := []any{media.Example}
		for _, one := range media.Examples {
			examples = append(examples, one.Value.Value)
		}
		for _, example := range examples {
			if example == nil {
				continue
			}
			body, err := json.Marshal(example)
			if err != nil {
				t.Fatal(err)
			}
			found, err := a.answer(path, item.Get, body)
			if err != nil {
				continue // an example that is no JSON value proves nothing
			}
			for _, m := range found {
				e.breaks[m.key()] = true
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(specs.Path(t, "salla", "responses"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sample struct {
			Path      string                     `json:"path"`
			Responses map[string]json.RawMessage `json:"responses"`
		}
		if json.Unmarshal(text, &sample) != nil {
			continue
		}
		for status, body := range sample.Responses {
			var value any
			if strings.HasPrefix(status, "2") && json.Unmarshal(body, &value) == nil {
				e.note(sample.Path, value)
			}
		}
	}
	return e
}

// note walks into an answer, or each of several named examples of it.
func (e evidence) note(path string, v any) {
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	data, ok := object["data"]
	if !ok {
		for _, example := range object {
			e.note(path, example)
		}
		return
	}
	if rows, ok := data.([]any); ok {
		for _, row := range rows {
			e.form(family(path)+" ", "", row)
		}
		return
	}
	e.form(family(path)+" ", "", data)
}

func (e evidence) form(family, at string, v any) {
	add := func(what string) {
		if e.forms[family+at] == nil {
			e.forms[family+at] = map[string]bool{}
		}
		e.forms[family+at][what] = true
	}
	switch v := v.(type) {
	case nil:
		add("null")
	case string:
		add("string")
		add(`"` + v + `"`)
	case bool:
		add("boolean")
	case float64:
		add("number")
	case []any:
		add("array")
		for _, one := range v {
			e.form(family, at+"/*", one)
		}
	case map[string]any:
		add("object")
		for name, one := range v {
			e.form(family, at+"/"+name, one)
		}
		e.objects[family+at]++
		for name := range v {
			e.members[family+at+"/"+name]++
		}
	}
}

// kindOf names the kind of a clipped JSON value.
func kindOf(value string) string {
	switch {
	case value == "null":
		return "null"
	case strings.HasPrefix(value, `"`):
		return "string"
	case strings.HasPrefix(value, "["):
		return "array"
	case strings.HasPrefix(value, "{"):
		return "object"
	case value == "true" || value == "false":
		return "boolean"
	}
	return "number"
}

// judge says who is at fault for a mismatch; "" when the samples do not tell.
func (e evidence) judge(m mismatch) verdict {
	if e.breaks[m.key()] {
		return byExample
	}
	at := family(m.path) + " " + place(m.pointer)
	switch m.rule {
	case "type", "nullable":
		if e.forms[at][kindOf(m.value)] {
			return bySample
		}
	case "enum":
		if e.forms[at][m.value] {
			return bySample
		}
	case "required":
		if owner := at[:strings.LastIndex(at, "/")]; e.objects[owner] > e.members[at] {
			return bySample
		}
	}
	return ""
}
