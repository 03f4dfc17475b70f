package bigcommerce_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/standardwebhooks"
	"github.com/soukhq/souk/contract/internal/specs"
)

// placeholder stands in the vendor's samples where a store's hash is.
const placeholder = "stores/{store_hash}"

// payloadSamples are the bodies the vendor shows of webhooks.
func payloadSamples(t testing.TB) []json.RawMessage {
	t.Helper()
	var file struct {
		Samples []struct{ Payload json.RawMessage } `json:"webhook_payload_samples"`
	}
	specs.Decode(t, &file, folder, "vectors.json")
	var all []json.RawMessage
	for _, s := range file.Samples {
		all = append(all, s.Payload)
	}
	return all
}

// heard verifies a sample that was signed, and holds its event against it.
func heard(t testing.TB, v catalog.WebhookVerifier, sample string) string {
	t.Helper()
	whole := strings.Replace(sample, placeholder, "stores/z4zn3wo", 1)
	body := parsed(t, json.RawMessage(whole))
	if whole != sample { // as it is in the documents it names no store
		if _, err := v.Verify(t.Context(), signed([]byte(sample), "msg_1")); !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("the store's hash is a placeholder: %v", err)
		}
	}
	e := eventOf(t, v, []byte(whole), fmt.Sprint(body["hash"]))
	scope := fmt.Sprint(body["scope"])
	meant(t, scope).check(t, e, body)
	if "stores/"+e.Store != body["producer"] || string(e.Payload) != whole || !e.Partial || e.OccurredAt.IsZero() == (body["created_at"] != nil) {
		t.Errorf("%+v", e)
	}
	if created := body["created_at"]; created != nil && fmt.Sprint(e.OccurredAt.Unix()) != fmt.Sprint(created) {
		t.Errorf("it happened at %s, want %v", e.OccurredAt, created)
	}
	forged := signed([]byte(whole), "msg_1")
	forged.Body = append(forged.Body, ' ')
	if codeOf(t, v, forged) == "" {
		t.Error("it passes with a byte more")
	}
	return scope
}

func TestPayloadSamples(t *testing.T) {
	t.Parallel()
	v, all := verifier(t, clientSecret), payloadSamples(t)
	good, altered, scopes, kinds := 0, 0, map[string]bool{}, map[catalog.EventKind]bool{}
	for i, sample := range all {
		if t.Run(fmt.Sprint(i), func(t *testing.T) {
			scope := heard(t, v, string(sample))
			whole := signed([]byte(strings.Replace(string(sample), placeholder, "stores/z4zn3wo", 1)), "msg_1")
			altered += alterations(t, v, whole, whole.Header.Get(standardwebhooks.HeaderSignature))
			scopes[scope], kinds[meant(t, scope).kind] = true, true
		}) {
			good++
		}
	}
	if len(all) == 0 {
		t.Error("there are no samples")
	}
	specs.Report(t, "bigcommerce payload samples %d/%d, of %d scopes and %d kinds, %d altered bytes refused", good, len(all), len(scopes), len(kinds), altered)
}

// made is the body of a scope whose ids all differ.
func made(scope string) string {
	variant, inner := `"variant_id":15,`, ""
	switch {
	case strings.HasPrefix(scope, "store/sku/"):
		inner = `,"variant_id":23`
	case strings.HasPrefix(scope, "store/product/"):
		variant = ""
	}
	return `{"scope":"` + scope + `","producer":"stores/z4zn3wo","hash":"h","created_at":1561479335,"store_id":"1","data":{"id":11,"orderId":12,"order_id":"13",
		"product_id":14,` + variant + `"customer_id":16,"location_id":17,"resource_id":"18","sku":{"product_id":19,"variant_id":20},"address":{"customer_id":21},
		"inventory":{"product_id":22` + inner + `}}}`
}

var block = regexp.MustCompile("(?s)```json[^\n]*\n(.*?)```")

// TestEventNames: each event the vendor names passes, with the id of its record
// where souk has a kind for it, and so do the bodies shown beside the names.
func TestEventNames(t *testing.T) {
	t.Parallel()
	v, shown, whole := verifier(t, clientSecret), 0, 0
	names := map[string]bool{}
	for _, f := range loadAPI(t).files {
		if f.name != "webhooks.v3.yml" {
			continue
		}
		for _, schema := range f.doc.Components.Schemas {
			name := schema.Value.Title
			if !strings.HasPrefix(name, "store/") {
				continue
			}
			names[name] = !strings.HasSuffix(name, "*") // which only hooks are made for
			if parts := block.FindStringSubmatch(schema.Value.Description); parts != nil {
				if shown++; t.Run("shown beside "+name, func(t *testing.T) { heard(t, v, parts[1]) }) {
					whole++
				}
			}
		}
	}
	for _, sample := range payloadSamples(t) {
		names[fmt.Sprint(parsed(t, sample)["scope"])] = true
	}
	passed, total, kinds := 0, 0, 0
	for name, concrete := range names {
		if !concrete {
			continue
		}
		total++
		if t.Run(name, func(t *testing.T) {
			heard(t, v, made(name))
		}) {
			passed++
		}
		if meanings[name].kind != "" && meanings[name].kind != catalog.EventOther {
			kinds++
		}
	}
	if total == 0 || shown == 0 {
		t.Errorf("%d names and %d bodies", total, shown)
	}
	specs.Report(t, "bigcommerce event names %d/%d: %d with a kind, %d other", passed, total, kinds, total-kinds)
	specs.Report(t, "bigcommerce bodies shown beside event names %d/%d", whole, shown)
}
