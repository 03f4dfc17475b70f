package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDescription holds the API's description against what is served: every
// address is described, and everything described is served.
func TestDescription(t *testing.T) {
	t.Parallel()
	type parameter struct {
		Ref      string `json:"$ref"`
		Name, In string
		Required bool
	}
	type operation struct {
		OperationID, Summary string
		Tags                 []string
		Parameters           []parameter
		RequestBody          json.RawMessage
		Responses            map[string]struct{ Description string }
	}
	var doc struct {
		OpenAPI    string
		Info       struct{ Title, Version string }
		Tags       []struct{ Name string }
		Paths      map[string]map[string]operation
		Components struct {
			Schemas, SecuritySchemes map[string]json.RawMessage
			Parameters               map[string]parameter
		}
	}
	w := quietWorld(t)
	_, text := w.do(w.request("GET", "/openapi.json"))
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info.Title == "" || doc.Info.Version == "" {
		t.Errorf("it begins %q %+v", doc.OpenAPI, doc.Info)
	}
	var served, described, ids []string
	public, pages := (&host{}).routes()
	for _, r := range append(public, pages...) {
		served = append(served, r.described...)
		method, path, _ := strings.Cut(r.pattern, " ")
		path = strings.NewReplacer("{$}", "", "...", "").Replace(path)
		if len(r.described) == 0 && !regexp.MustCompile(`/assets/|^/webhooks/$`).MatchString(method+path) {
			t.Errorf("%s is not described", r.pattern)
		}
		if len(r.described) > 0 && r.described[0] != method+" "+path {
			t.Errorf("%s is described as %s", r.pattern, r.described[0])
		}
	}
	inPath := regexp.MustCompile(`\{(\w+)\}`)
	for path, operations := range doc.Paths {
		for method, op := range operations {
			name := strings.ToUpper(method) + " " + path
			described, ids = append(described, name), append(ids, op.OperationID)
			if op.Summary == "" || len(op.Tags) != 1 || len(op.Responses) == 0 {
				t.Errorf("%s lacks a summary, a tag or responses", name)
			}
			for status, response := range op.Responses {
				if !regexp.MustCompile(`^[2-5]\d\d$`).MatchString(status) || response.Description == "" {
					t.Errorf("%s has a response %q without a description", name, status)
				}
			}
			var want, have []string
			for _, m := range inPath.FindAllStringSubmatch(path, -1) {
				want = append(want, m[1])
			}
			for _, p := range op.Parameters {
				if p.Ref != "" {
					p = doc.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
				}
				if p.In == "path" && p.Required {
					have = append(have, p.Name)
				} else if p.In != "query" || p.Name == "" {
					t.Errorf("%s has the parameter %+v", name, p)
				}
			}
			if !slices.Equal(want, have) {
				t.Errorf("%s has the parameters %q", name, have)
			}
		}
	}
	for _, list := range [][]string{served, described, ids} {
		slices.Sort(list)
		if len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("one is there twice: %q", list)
		}
	}
	if !slices.Equal(served, described) {
		t.Errorf("served are\n%s\nand described\n%s", strings.Join(served, "\n"), strings.Join(described, "\n"))
	}
	for _, m := range regexp.MustCompile(`"\$ref": "#/components/(\w+)/(\w+)"`).FindAllStringSubmatch(text, -1) {
		known := map[string]bool{}
		for name := range doc.Components.Schemas {
			known["schemas/"+name] = true
		}
		for name := range doc.Components.Parameters {
			known["parameters/"+name] = true
		}
		if !known[m[1]+"/"+m[2]] {
			t.Errorf("%s leads nowhere", m[0])
		}
	}
	for _, path := range []string{"/docs", "/docs/assets/swagger-ui.css", "/docs/assets/swagger-ui-bundle.js", "/assets/docs.js"} {
		if response, body := w.do(w.request("GET", path)); response.StatusCode != 200 || len(body) < 100 {
			t.Errorf("GET %s answered %d with %d bytes", path, response.StatusCode, len(body))
		}
	}
}
