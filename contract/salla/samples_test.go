package salla_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/soukhq/souk/contract/internal/specs"
)

// sample is one file of the vendor's answers. Some files have no responses:
// they hold named errors, tokens or single records.
type sample struct {
	Name      string                     `json:"-"`
	Method    string                     `json:"method"`
	Path      string                     `json:"path"`
	Query     []json.RawMessage          `json:"query"`
	Responses map[string]json.RawMessage `json:"responses"`

	members map[string]json.RawMessage // of the whole file
}

// samples reads all files, by name.
func samples(t testing.TB) map[string]sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(specs.Path(t, "salla", "responses"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	all := make(map[string]sample, len(files))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		one := sample{Name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(text, &one); err != nil {
			t.Fatalf("%s: %v", one.Name, err)
		}
		if err := json.Unmarshal(text, &one.members); err != nil {
			t.Fatalf("%s: %v", one.Name, err)
		}
		all[one.Name] = one
	}
	return all
}

// parameterName is the beginning of a remark such as "status[] (ids)".
var parameterName = regexp.MustCompile(`^[\w\[\]]+`)

// parameters are the names of the query parameters a sample tells of.
func (s sample) parameters() []string {
	var names []string
	for _, raw := range s.Query {
		var object struct{ Name string }
		var remark string
		if json.Unmarshal(raw, &remark) == nil {
			object.Name = parameterName.FindString(remark)
		} else if json.Unmarshal(raw, &object) != nil {
			continue
		}
		names = append(names, object.Name)
	}
	return names
}

// answers are the bodies a file has for a status, by name: "" where there is
// but one. Their bytes are the file's own.
func (s sample) answers(t testing.TB, status string) map[string]json.RawMessage {
	t.Helper()
	body := s.Responses[status]
	var named map[string]json.RawMessage
	if len(body) == 0 || json.Unmarshal(body, &named) != nil || named == nil {
		return nil
	}
	if named["status"] != nil || named["success"] != nil {
		return map[string]json.RawMessage{"": body}
	}
	return named
}
