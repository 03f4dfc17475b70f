package shopifytest

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// TestSchemaIsTrueToTheVendors holds every field of the schema, its type and
// its arguments, against the vendor's own.
func TestSchemaIsTrueToTheVendors(t *testing.T) {
	t.Parallel()
	// What only one of the two versions has.
	newer := map[string]bool{"FULFILLMENT_NOT_REQUIRED": true}
	for _, file := range []string{"admin-2026-07.graphql", "admin-2026-10.graphql"} {
		doc, err := parser.ParseSchema(&ast.Source{Name: file, Input: string(sharedFile(t, file))})
		if err != nil {
			t.Fatal(err)
		}
		checked := 0
		for name, ours := range schema().Types {
			if ours.BuiltIn || ours.Kind == ast.Scalar {
				continue
			}
			theirs := doc.Definitions.ForName(name)
			if theirs == nil {
				t.Errorf("%s: no type %s", file, name)
				continue
			}
			for _, v := range ours.EnumValues {
				if checked++; theirs.EnumValues.ForName(v.Name) == nil && !newer[v.Name] {
					t.Errorf("%s: %s has no %s", file, name, v.Name)
				}
			}
			for _, f := range ours.Fields {
				if f.Name == "__schema" || f.Name == "__type" {
					continue
				}
				checked++
				want := theirs.Fields.ForName(f.Name)
				if want == nil || want.Type.String() != f.Type.String() {
					t.Errorf("%s: %s.%s is not as here: %v", file, name, f.Name, want)
					continue
				}
				for _, a := range f.Arguments {
					if arg := want.Arguments.ForName(a.Name); arg == nil || arg.Type.String() != a.Type.String() {
						t.Errorf("%s: argument %s of %s.%s is not as here", file, a.Name, name, f.Name)
					}
				}
				for _, arg := range want.Arguments {
					if arg.Type.NonNull && arg.DefaultValue == nil && f.Arguments.ForName(arg.Name) == nil {
						t.Errorf("%s: %s.%s lacks the required argument %s", file, name, f.Name, arg.Name)
					}
				}
			}
		}
		t.Logf("%s: %d fields and values checked", file, checked)
	}
}

func TestSignaturesOfKnownVectors(t *testing.T) {
	t.Parallel()
	var file struct {
		Vectors []struct {
			ID, Kind, Secret, Query, Digest string
			Body                            string
			Valid                           bool
		}
	}
	if err := json.Unmarshal(sharedFile(t, "vectors.json"), &file); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, v := range file.Vectors {
		if !v.Valid {
			continue
		}
		switch v.Kind {
		case "oauth_callback_hex":
			q, err := url.ParseQuery(v.Query)
			if err != nil {
				t.Fatal(err)
			}
			if v.Query == "" {
				continue // lists occur in admin links, never in the callback
			}
			if got := signQuery(q, v.Secret); got != v.Digest {
				t.Errorf("%s: %s, want %s", v.ID, got, v.Digest)
			}
			checked++
		case "webhook_base64":
			if got := (Delivery{Body: []byte(v.Body)}).Signed(v.Secret).Header.Get(HeaderHMAC); got != v.Digest {
				t.Errorf("%s: %s, want %s", v.ID, got, v.Digest)
			}
			checked++
		}
	}
	if checked < 4 {
		t.Errorf("only %d vectors checked", checked)
	}
	t.Logf("%d of %d vectors checked", checked, len(file.Vectors))
}

func TestCallbackCarriesAUsableCode(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	q := s.Callback("state 1+2")
	if q.Get("hmac") != signQuery(q, s.ClientSecret()) || q.Get("state") != "state 1+2" || q.Get("shop") != s.Shop() {
		t.Errorf("%v", q)
	}
	if g := exchange(t, s, map[string]string{"code": q.Get("code"), "expiring": "1"}); g.status != 200 {
		t.Errorf("%+v", g)
	}
}
