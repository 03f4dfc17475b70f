package woocommerce_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/woocommerce"
)

// signedCase is a request that a store's own PHP accepted.
type signedCase struct {
	Name, Method, URL           string
	Query                       string `json:"query_string"`
	Key                         string `json:"consumer_key"`
	Secret                      string `json:"consumer_secret"`
	Timestamp, Nonce, Signature string
	SignatureMethod             string `json:"signature_method"`
	Base                        string `json:"base_string"`
	Accepted                    bool   `json:"accepted_by_store_php"`
}

type vectors struct {
	OAuth []signedCase                               `json:"oauth1_one_legged"`
	Hooks []struct{ Body, Secret, Signature string } `json:"webhook_hmac_sha256_base64"`
}

func (c signedCase) credential() catalog.Credential {
	return catalog.Credential{Key: catalog.NewSecret(c.Key), Secret: catalog.NewSecret(c.Secret)}
}

func TestOAuthVectors(t *testing.T) {
	t.Parallel()
	var all vectors
	specs.Decode(t, &all, "woocommerce", "vectors.json")
	good := 0
	for _, c := range all.OAuth {
		if t.Run(c.Name, func(t *testing.T) {
			query, err := oauth1.Query(c.Query)
			seconds, also := strconv.ParseInt(c.Timestamp, 10, 64)
			if err != nil || also != nil {
				t.Fatal(err, also)
			}
			signed := woocommerce.Sign(oauth1.Method(c.SignatureMethod), c.Method, c.URL, query, c.credential(), c.Nonce, time.Unix(seconds, 0))
			if got := signed[len(signed)-1]; got.Name != "oauth_signature" || (got.Value == c.Signature) != c.Accepted {
				t.Errorf("%s %s, want %s", got.Name, got.Value, c.Signature)
			}
		}) {
			good++
		}
	}
	if good == 0 {
		t.Error("no vector")
	}
	specs.Report(t, "woocommerce OAuth vectors %d/%d", good, len(all.OAuth))
}

// home answers the site's index and keeps the last request to the API.
type home struct {
	address string
	last    *http.Request
}

func (h *home) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/wc/v3") {
		return reply(r, 200, []byte(`{"name":"x","home":"`+h.address+`"}`)), nil
	}
	h.last = r
	return reply(r, 200, []byte(`{}`)), nil
}

var headerParam = regexp.MustCompile(`(oauth_\w+)="([^"]*)"`)

// TestOAuthRequests: what the adapter really sends is signed over the base
// string of the vectors, with a nonce and a time of its own. It sends lists
// with commas and SHA-256 alone, so the vectors of arrays and of SHA-1 are not
// among them.
func TestOAuthRequests(t *testing.T) {
	t.Parallel()
	var all vectors
	specs.Decode(t, &all, "woocommerce", "vectors.json")
	good, left := 0, 0
	for _, c := range all.OAuth {
		query, err := url.ParseQuery(c.Query)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(c.Query, "%5B") || c.SignatureMethod != "HMAC-SHA256" {
			left++
			continue
		}
		if t.Run(c.Name, func(t *testing.T) {
			root, path, _ := strings.Cut(c.URL, "/wp-json/wc/v3")
			h := &home{address: root}
			var body any
			if c.Method == http.MethodPost || c.Method == http.MethodPut {
				body = map[string]string{"name": "x"}
			}
			if _, err := open(t, h, root, c.credential()).Do(t.Context(), catalog.RESTRequest{Method: c.Method, Path: path, Query: query, Body: body}); err != nil {
				t.Fatal(err)
			}
			sent := map[string]string{}
			for _, m := range headerParam.FindAllStringSubmatch(h.last.Header.Get("Authorization"), -1) {
				sent[m[1]], _ = url.QueryUnescape(strings.ReplaceAll(m[2], "+", "%2B"))
			}
			base := strings.NewReplacer(c.Nonce, sent["oauth_nonce"], c.Timestamp, sent["oauth_timestamp"]).Replace(c.Base)
			mac := hmac.New(sha256.New, []byte(c.Secret+"&"))
			mac.Write([]byte(base))
			if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); sent["oauth_signature"] != want || len(sent) != 5 {
				t.Errorf("sent %v, want the signature %s", sent, want)
			}
		}) {
			good++
		}
	}
	specs.Report(t, "woocommerce requests signed as the vectors %d/%d, %d of forms the adapter does not send", good, len(all.OAuth)-left, left)
}

// TestWebhookVectors: a body may be authentic and no JSON all the same, and a
// webhook without a secret is verified by nobody.
func TestWebhookVectors(t *testing.T) {
	t.Parallel()
	var all vectors
	specs.Decode(t, &all, "woocommerce", "vectors.json")
	good := 0
	for _, c := range all.Hooks {
		if t.Run(c.Secret+" "+c.Body, func(t *testing.T) {
			if c.Secret == "" {
				app, err := woocommerce.New(woocommerce.Config{})
				if err != nil {
					t.Fatal(err)
				}
				if _, err = app.Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: store}, Secrets: []catalog.Secret{catalog.NewSecret("")}}); !errors.Is(err, catalog.ErrInvalid) {
					t.Errorf("a verifier without a secret: %v", err)
				}
				return
			}
			v := verifier(t, c.Secret)
			d := func(body []byte, signature string) catalog.Delivery {
				h := http.Header{}
				h.Set("X-WC-Webhook-Topic", "order.deleted")
				h.Set("X-WC-Webhook-Signature", signature)
				return catalog.Delivery{Method: http.MethodPost, Header: h, Body: body}
			}
			_, err := v.Verify(t.Context(), d([]byte(c.Body), c.Signature))
			if json.Valid([]byte(c.Body)) != (err == nil) || err != nil && !errors.Is(err, catalog.ErrBadAnswer) {
				t.Errorf("%v", err)
			}
			for i := range c.Body {
				altered := bytes.Clone([]byte(c.Body))
				altered[i] ^= 1
				if _, err := v.Verify(t.Context(), d(altered, c.Signature)); !errors.Is(err, catalog.ErrUnauthorized) {
					t.Errorf("byte %d altered: %v", i, err)
				}
			}
		}) {
			good++
		}
	}
	if good == 0 {
		t.Error("no vector")
	}
	specs.Report(t, "woocommerce webhook signature vectors %d/%d, no altered byte passes", good, len(all.Hooks))
}
