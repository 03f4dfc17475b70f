package bigcommerce_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/standardwebhooks"
	"github.com/soukhq/souk/contract/internal/specs"
)

const clientSecret = "a client secret of the tests"

func verifier(t testing.TB, secret string, old ...string) catalog.WebhookVerifier {
	t.Helper()
	config := bigcommerce.Config{ClientSecret: catalog.NewSecret(secret)}
	for _, s := range old {
		config.OldSecrets = append(config.OldSecrets, catalog.NewSecret(s))
	}
	app, err := bigcommerce.New(config)
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Verifier(catalog.VerifierConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// delivery is a body with the headers of a vector.
func delivery(body string, headers map[string]string, at int64) catalog.Delivery {
	d := catalog.Delivery{Method: http.MethodPost, Header: http.Header{}, Body: []byte(body), ReceivedAt: time.Unix(at, 0)}
	for name, value := range headers {
		d.Header.Set(name, value)
	}
	return d
}

// signed signs a body with our secret, at a time of ours.
func signed(body []byte, messageID string) catalog.Delivery {
	at := time.Unix(1_786_447_830, 0)
	return delivery(string(body), map[string]string{standardwebhooks.HeaderID: messageID, standardwebhooks.HeaderTimestamp: strconv.FormatInt(at.Unix(), 10),
		standardwebhooks.HeaderSignature: standardwebhooks.Sign(catalog.NewSecret(clientSecret), messageID, at, body)}, at.Unix())
}

// codeOf is the code of a refusal; "" for what is authentic, readable or not.
func codeOf(t testing.TB, v catalog.WebhookVerifier, d catalog.Delivery) string {
	t.Helper()
	verdict, err := v.Verify(t.Context(), d)
	e, failed := errors.AsType[*catalog.Error](err)
	switch {
	case err == nil, failed && e.Kind == catalog.ErrBadAnswer:
		return ""
	case !failed || e.Kind != catalog.ErrUnauthorized || len(verdict.Events) > 0 || e.Code == "":
		t.Errorf("it is no refusal: %+v", err)
	}
	return e.Code
}

// vectors are the signatures of the vendor's scheme.
type vectors struct {
	Official []struct {
		Secret    string
		ID        string `json:"webhook_id"`
		Timestamp int64  `json:"webhook_timestamp"`
		Body      string
		Signature string `json:"webhook_signature"`
	} `json:"official_standard_webhooks"`
	Derived []struct {
		Name    string
		Secret  string `json:"client_secret"`
		Body    string
		Headers map[string]string
		Now     int64 `json:"now_unix"`
		Expect  string
	} `json:"derived_bigcommerce"`
	Live []struct {
		Body    string
		Headers map[string]string
	} `json:"captured_live"`
	Wrong []string `json:"wrong_header_names_seen_in_the_wild"`
}

func loadVectors(t testing.TB) vectors {
	t.Helper()
	var file struct {
		Signatures vectors `json:"webhook_signature"`
	}
	specs.Decode(t, &file, folder, "vectors.json")
	if v := file.Signatures; len(v.Official) == 0 || len(v.Derived) == 0 || len(v.Live) == 0 {
		t.Fatalf("vectors are missing: %d, %d, %d", len(v.Official), len(v.Derived), len(v.Live))
	}
	return file.Signatures
}

// expected are the codes of what the vectors say of themselves.
var expected = map[string][]string{
	"valid": {""}, "stale": {standardwebhooks.CodeStale}, "future": {standardwebhooks.CodeFuture}, "unsigned": {standardwebhooks.CodeMissing},
	"invalid": {standardwebhooks.CodeMismatch, standardwebhooks.CodeSignature},
}

// alterations changes each byte of an authentic delivery, one at a time, and
// returns how many of them there were.
func alterations(t testing.TB, v catalog.WebhookVerifier, d catalog.Delivery, signature string) int {
	t.Helper()
	n := 0
	refused := func(what string, d catalog.Delivery) {
		t.Helper()
		if n++; codeOf(t, v, d) == "" {
			t.Errorf("%s passes", what)
		}
	}
	for i := range d.Body {
		other := d
		other.Body = bytes.Clone(d.Body)
		other.Body[i] ^= 1
		refused("an altered body", other)
	}
	longer := d
	longer.Body = append(bytes.Clone(d.Body), '\n')
	refused("a longer body", longer)
	header := func(name, value string, i int) {
		text := []byte(value)
		text[i] ^= 1
		other := d
		other.Header = d.Header.Clone()
		other.Header.Set(name, strings.Replace(d.Header.Get(name), value, string(text), 1))
		refused("an altered "+name, other)
	}
	for _, name := range []string{standardwebhooks.HeaderID, standardwebhooks.HeaderTimestamp} {
		for i := range d.Header.Get(name) {
			header(name, d.Header.Get(name), i)
		}
	}
	for i := range signature {
		header(standardwebhooks.HeaderSignature, signature, i)
	}
	return n
}

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	all := loadVectors(t)
	good, altered := 0, 0
	for _, one := range all.Official {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one.Secret, "whsec_"))
		if err != nil {
			t.Fatal(err)
		}
		v := verifier(t, string(key))
		d := delivery(one.Body, map[string]string{"webhook-id": one.ID, "webhook-timestamp": strconv.FormatInt(one.Timestamp, 10), "webhook-signature": one.Signature}, one.Timestamp)
		// Its body is none of BigCommerce's, so it is authentic and unreadable.
		if verdict, err := v.Verify(t.Context(), d); !errors.Is(err, catalog.ErrBadAnswer) || len(verdict.Events) > 0 {
			t.Errorf("the official vector: %v", err)
			continue
		}
		good++
		altered += alterations(t, v, d, one.Signature)
	}
	for _, one := range all.Derived {
		if t.Run(one.Name, func(t *testing.T) {
			codes, known := expected[one.Expect]
			if !known {
				t.Fatalf("nothing is known of vectors that are %s", one.Expect)
			}
			v := verifier(t, "an older secret", one.Secret)
			d := delivery(one.Body, one.Headers, one.Now)
			code := codeOf(t, v, d)
			if !strings.Contains(" "+strings.Join(codes, " ")+" ", " "+code+" ") {
				t.Errorf("the code is %q, want one of %q", code, codes)
			}
			if one.Expect != "valid" {
				return
			}
			verdict, err := v.Verify(t.Context(), d)
			var body struct{ Hash, Scope, Producer string }
			if err != nil || json.Unmarshal([]byte(one.Body), &body) != nil || len(verdict.Events) != 1 || verdict.SecretIndex != 1 {
				t.Fatalf("%+v, %v", verdict, err)
			}
			e := verdict.Events[0]
			if e.Topic != body.Scope || "stores/"+e.Store != body.Producer || string(e.Payload) != one.Body || !e.Partial {
				t.Errorf("%+v", e)
			}
			parts := strings.Fields(one.Headers["webhook-signature"])
			altered += alterations(t, v, d, parts[len(parts)-1])
			if codeOf(t, verifier(t, "an older secret"), d) != standardwebhooks.CodeMismatch {
				t.Error("another secret passes")
			}
			for _, name := range all.Wrong {
				misnamed := delivery(one.Body, map[string]string{name: parts[len(parts)-1]}, one.Now)
				if code := codeOf(t, v, misnamed); code != standardwebhooks.CodeMissing {
					t.Errorf("signed in %s: %q", name, code)
				}
			}
		}) {
			good++
		}
	}
	specs.Report(t, "bigcommerce signature vectors %d/%d, %d altered bytes refused", good, len(all.Official)+len(all.Derived), altered)
}

// TestLiveCaptures: the key of the captures is not known, so that they are
// refused as they are; signed anew they become the events that were meant.
func TestLiveCaptures(t *testing.T) {
	t.Parallel()
	all := loadVectors(t)
	v, good, keys, whole := verifier(t, clientSecret), 0, map[string]bool{}, 0
	for i, one := range all.Live {
		if t.Run(fmt.Sprint(i), func(t *testing.T) {
			var body struct {
				Hash    string
				Scope   string
				Created int64 `json:"created_at"`
			}
			if err := json.Unmarshal([]byte(one.Body), &body); err != nil {
				t.Fatal(err)
			}
			if one.Headers != nil {
				whole++
				at, err := strconv.ParseInt(one.Headers["webhook-timestamp"], 10, 64)
				if err != nil || one.Headers["webhook-id"] != body.Hash {
					t.Errorf("the id is %s and the hash %s, %v", one.Headers["webhook-id"], body.Hash, err)
				}
				if code := codeOf(t, v, delivery(one.Body, one.Headers, at)); code != standardwebhooks.CodeMismatch {
					t.Errorf("with a key of ours: %q", code)
				}
			}
			e := eventOf(t, v, []byte(one.Body), body.Hash)
			meant(t, body.Scope).check(t, e, parsed(t, json.RawMessage(one.Body)))
			if e.OccurredAt.Unix() != body.Created || keys[e.Key] {
				t.Errorf("it happened at %s, or has the key of another", e.OccurredAt)
			}
			keys[e.Key] = true
		}) {
			good++
		}
	}
	specs.Report(t, "bigcommerce live captures %d/%d, %d of them with the headers of the delivery", good, len(all.Live), whole)
}

// eventOf signs a body and returns its one event, which is the same when it
// is sent again.
func eventOf(t testing.TB, v catalog.WebhookVerifier, body []byte, messageID string) catalog.Event {
	t.Helper()
	d := signed(body, messageID)
	verdict, err := v.Verify(t.Context(), d)
	if err != nil || len(verdict.Events) != 1 {
		t.Fatalf("%d events, %v", len(verdict.Events), err)
	}
	again, err := v.Verify(t.Context(), d)
	if err != nil || again.Events[0].Key != verdict.Events[0].Key {
		t.Errorf("sent again it has another key, %v", err)
	}
	return verdict.Events[0]
}
