package shopify_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// compliance topics are set in the app's configuration and are in no list.
var compliance = []string{"customers/data_request", "customers/redact", "shop/redact"}

// ownTopics reads the topics the adapter has a kind for from its source: the
// table is not exported, and a verifier only answers for topics one knows.
func ownTopics(t testing.TB) []string {
	t.Helper()
	files, err := os.ReadDir("../../shopify")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		if file.Name() != "topics.go" {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), "../../shopify/topics.go", nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Names[0].Name != "topics" {
				return true
			}
			for _, element := range spec.Values[0].(*ast.CompositeLit).Elts {
				name, err := strconv.Unquote(element.(*ast.KeyValueExpr).Key.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, name)
			}
			return false
		})
	}
	if len(found) < 10 {
		t.Fatalf("only %d topics found in the adapter's source", len(found))
	}
	return found
}

func TestTopics(t *testing.T) {
	t.Parallel()
	var vendors []struct {
		Enum, Topic string
		Deprecated  bool
	}
	specs.Decode(t, &vendors, "shopify", "webhook_topics.json")
	enums, known := map[string]string{}, map[string]bool{}
	for _, one := range vendors {
		if known[one.Topic] = true; !one.Deprecated {
			enums[one.Topic] = one.Enum
		}
	}
	for _, topic := range compliance {
		known[topic] = true
	}

	own, listed := ownTopics(t), 0
	isOwn := map[string]bool{}
	for _, topic := range own {
		isOwn[topic] = true
		good := known[topic]
		for _, version := range versions {
			// The compliance topics have no word in the schema.
			if enum := enums[topic]; enum != "" && schema(t, version).Types["WebhookSubscriptionTopic"].EnumValues.ForName(enum) == nil {
				good = false
			}
		}
		if good {
			listed++
		} else {
			t.Errorf("the vendor has no topic %s", topic)
		}
	}
	specs.Report(t, "shopify topics known to the vendor %s", fraction(listed, len(own)))

	v, answered := verifier(t, secret), 0
	for topic := range known {
		body := []byte(`{"id":788032119674292922}`)
		verdict, err := v.Verify(t.Context(), delivery(topic, signature(secret, body), body))
		if err != nil || len(verdict.Events) != 1 {
			t.Errorf("%s: %v", topic, err)
			continue
		}
		if e := verdict.Events[0]; (e.Kind != catalog.EventOther) != isOwn[topic] || e.Topic != topic {
			t.Errorf("%s is %s", topic, e.Kind)
			continue
		}
		answered++
	}
	specs.Report(t, "shopify topics of the vendor verified %s, %d of them with a kind", fraction(answered, len(known)), listed)
}
