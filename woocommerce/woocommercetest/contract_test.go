package woocommercetest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// specs returns the folder of what a real store answered, or skips the test.
func specs(t *testing.T) string {
	t.Helper()
	beside := filepath.Join("..", "..", "..", "shared", "specs")
	roots := []string{beside, filepath.Join("..", beside)} // next to a clone, or to a folder of worktrees
	if named := os.Getenv("SOUK_SPECS"); named != "" {
		roots = []string{named}
	}
	for _, root := range roots {
		dir := filepath.Join(root, "woocommerce")
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skipf("the recorded answers are not at %s; name their folder in SOUK_SPECS", strings.Join(roots, " or "))
	return ""
}

func load[T any](t *testing.T, path string) T {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// shape is what a value at a path was seen to be. Elements of an array count as
// one; below free-form values nothing is looked at.
type shape map[string]map[string]bool

func (s shape) observe(at string, v any) {
	kind := "null"
	switch v := v.(type) {
	case string:
		kind = "string"
	case bool:
		kind = "bool"
	case float64:
		kind = "number"
	case []any:
		kind = "array"
		for _, e := range v {
			s.observe(at+"[]", e)
		}
	case map[string]any:
		kind = "object"
		for k, e := range v {
			s.observe(at+"."+k, e)
		}
	}
	if s[at] == nil {
		s[at] = map[string]bool{}
	}
	s[at][kind] = true
}

// compare reports each path of the sample that ours never has, each kind ours
// never takes, and keys of ours the sample does not know.
func compare(t *testing.T, name string, theirs, ours shape) (checked int) {
	t.Helper()
	free := func(at string) bool {
		return strings.Contains(at, ".value") || strings.Contains(at, "display_value") || strings.Contains(at, ".options.")
	}
	for at, kinds := range theirs {
		if free(at) {
			continue
		}
		checked++
		have, ok := ours[at]
		if !ok {
			t.Errorf("%s: ours never has %s (%v)", name, at, kinds)
			continue
		}
		for kind := range kinds {
			if kind != "null" && !have[kind] {
				t.Errorf("%s: %s is %s in the sample, %v with us", name, at, kind, have)
			}
		}
	}
	return checked
}

func sampleBody(t *testing.T, path string) any {
	t.Helper()
	return load[struct{ Body any }](t, path).Body
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func TestAnswersHaveTheShapeOfARealStores(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(specs(t), "samples")
	s := start(t, &Config{Currency: "USD", OtherCurrency: "EUR", CustomStatuses: []string{}})
	variable, simple := s.productID(16), s.productID(1)
	order := itoa64(s.orderID(13))
	checked := 0
	for sample, paths := range map[string][]string{
		"product_simple":                  {"/products?per_page=100&orderby=id&order=asc", "/products/" + itoa64(simple)},
		"products_variable_page":          {"/products?type=variable&per_page=100"},
		"variations_page":                 {"/products/" + itoa64(variable) + "/variations?per_page=100"},
		"variations_global":               {"/variations?per_page=100"},
		"variation_via_products_endpoint": {"/products/" + itoa64(variable+1)},
		"orders_page":                     {"/orders?per_page=100"},
		"order_with_coupon":               {"/orders?per_page=100&search=ten"},
		"order_notes":                     {"/orders/" + order + "/notes"},
		"customer":                        {"/customers?per_page=100"},
		"currency_current":                {"/data/currencies/current"},
		"settings_general_currency":       {"/settings/general/woocommerce_currency"},
		"settings_groups":                 {"/settings"},
		"../deliveries/order_created":     {"/orders?per_page=100"},
		"../deliveries/order_created_eur_unicode_coupon_fee": {"/orders?per_page=100"},
		"../deliveries/customer_created":                     {"/customers?per_page=100"},
		"../deliveries/product_created_variation":            {"/products/" + itoa64(variable+1)},
	} {
		ours, theirs := shape{}, shape{}
		for _, path := range paths {
			r := get(t, s, path)
			if r.status != http.StatusOK {
				t.Fatalf("%s: %d %.200s", path, r.status, r.body)
			}
			for _, rec := range asList(plainDecode(t, r.body)) {
				ours.observe("", rec)
			}
		}
		body := sampleBody(t, filepath.Join(dir, sample+".json"))
		if text, ok := body.(string); ok { // of a delivery
			body = plainDecode(t, text)
		}
		for _, rec := range asList(body) {
			theirs.observe("", rec)
		}
		checked += compare(t, sample, theirs, ours)
		for at := range ours {
			top := strings.Split(strings.TrimPrefix(at, "."), ".")[0]
			if at != "" && !strings.Contains(at, "[]") && strings.Count(at, ".") == 1 && theirs["."+top] == nil {
				t.Errorf("%s: ours has %s, the sample has not", sample, at)
			}
		}
	}
	t.Logf("%d paths held against the samples", checked)
}

func plainDecode(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func keysInOrder(t *testing.T, raw string) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(raw))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var out []string
	for d.More() {
		k, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, k.(string))
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestKeysComeInTheStoresOrder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(specs(t), "samples")
	s := start(t, nil)
	for sample, path := range map[string]string{
		"product_simple": "/products/" + itoa64(s.productID(1)), "variation_via_products_endpoint": "/products/" + itoa64(s.productID(12)+1),
	} {
		raw := load[struct{ Body json.RawMessage }](t, filepath.Join(dir, sample+".json")).Body
		if d := cmp.Diff(keysInOrder(t, string(raw)), keysInOrder(t, get(t, s, path).body)); d != "" {
			t.Errorf("%s (-real +ours):\n%s", sample, d)
		}
	}
}

type vectors struct {
	Webhooks []struct{ Body, Secret, Signature string } `json:"webhook_hmac_sha256_base64"`
	OAuth    []struct {
		Name, Method, URL, Timestamp, Nonce, Signature string
		Query                                          string `json:"query_string"`
		Key                                            string `json:"consumer_key"`
		Secret                                         string `json:"consumer_secret"`
		Algorithm                                      string `json:"signature_method"`
		Base                                           string `json:"base_string"`
	} `json:"oauth1_one_legged"`
}

func TestSignaturesOfTheStoresOwnPHP(t *testing.T) {
	t.Parallel()
	v := load[vectors](t, filepath.Join(specs(t), "vectors.json"))
	for _, c := range v.OAuth {
		params := &phpArray{}
		params.parseQuery(c.Query)
		for name, value := range map[string]string{
			"oauth_consumer_key": c.Key, "oauth_nonce": c.Nonce, "oauth_signature_method": c.Algorithm, "oauth_timestamp": c.Timestamp,
		} {
			params.set(name, value)
		}
		base := signatureBase(c.Method, c.URL, params)
		if d := cmp.Diff(c.Base, base); d != "" {
			t.Errorf("%s (-real +ours):\n%s", c.Name, d)
		}
		if got, ok := oauthSignature(c.Algorithm, c.Secret, base); !ok || got != c.Signature {
			t.Errorf("%s: signature %s, want %s", c.Name, got, c.Signature)
		}
	}
	for _, c := range v.Webhooks {
		if got := Sign(c.Secret, []byte(c.Body)); got != c.Signature {
			t.Errorf("webhook secret %q: %s, want %s", c.Secret, got, c.Signature)
		}
	}
	if len(v.OAuth) != 19 || len(v.Webhooks) != 6 {
		t.Errorf("%d and %d vectors", len(v.OAuth), len(v.Webhooks))
	}
}

func TestDeliveriesHaveTheHeadersOfRealOnes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(specs(t), "deliveries", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	s := start(t, &Config{StoreURL: "http://127.0.0.1:8088"})
	for _, file := range files {
		d := load[struct {
			Headers [][2]string
			Encoded string `json:"body_base64"`
			Secret  string
		}](t, file)
		body, err := base64.StdEncoding.DecodeString(d.Encoded)
		if err != nil {
			t.Fatal(err)
		}
		real := http.Header{}
		for _, h := range d.Headers {
			real.Add(h[0], h[1])
		}
		ours := s.Ping(1)
		if topic := real.Get("X-WC-Webhook-Topic"); topic != "" {
			h := Subscription{ID: int64(atoi(real.Get("X-WC-Webhook-ID"))), Topic: topic, Secret: d.Secret}
			ours = s.DeliveryOf(h, body)
		} else if strings.Contains(file, "wc_auth") {
			ours = s.GrantCallback(Key{ID: 4, ConsumerKey: "ck_bc5a442f92cfb483544ad093afe13af640c28430",
				ConsumerSecret: "cs_acb5b218c0abd748d30b00aa5e9c3b0e6cce29d1", Permissions: "read_write"}, "tenant-42")
			if d := cmp.Diff(string(body), string(ours.Body)); d != "" {
				t.Errorf("%s (-real +ours):\n%s", filepath.Base(file), d)
			}
			real.Set("User-Agent", ours.Header.Get("User-Agent")) // names another address
		}
		for _, skip := range []string{"Host", "Connection", "Content-Length", "Accept-Encoding", "X-Wc-Webhook-Delivery-Id"} {
			real.Del(skip)
		}
		ours.Header.Del("X-Wc-Webhook-Delivery-Id")
		if d := cmp.Diff(real, ours.Header); d != "" {
			t.Errorf("%s (-real +ours):\n%s", filepath.Base(file), d)
		}
	}
	t.Logf("%d deliveries", len(files))
}
