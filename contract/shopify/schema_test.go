package shopify_test

import (
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/soukhq/souk/contract/internal/specs"
)

func TestMain(m *testing.M) { specs.Main(m) }

// versions are the API versions the adapter is tested on.
var versions = []string{"2026-07", "2026-10"}

// loaded keeps the vendor's schemas, of almost 4 MB each, for the whole run.
var loaded struct {
	sync.Mutex
	schemas map[string]*ast.Schema
}

// schema returns the vendor's schema of a version.
func schema(t testing.TB, version string) *ast.Schema {
	t.Helper()
	file := "admin-" + version + ".graphql"
	text := specs.Path(t, "shopify", file)
	loaded.Lock()
	defer loaded.Unlock()
	if s := loaded.schemas[version]; s != nil {
		return s
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Name: text, Input: string(specs.Read(t, "shopify", file))})
	if err != nil {
		t.Fatalf("%s cannot be loaded: %v", file, err)
	}
	if loaded.schemas == nil {
		loaded.schemas = map[string]*ast.Schema{}
	}
	loaded.schemas[version] = s
	return s
}

// query parses and validates a document.
func query(s *ast.Schema, text string) (*ast.QueryDocument, error) {
	doc, errs := gqlparser.LoadQueryWithRules(s, text, nil)
	if len(errs) > 0 {
		return nil, errs
	}
	return doc, nil
}
