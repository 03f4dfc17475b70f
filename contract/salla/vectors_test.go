package salla_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla"
)

// TestSignatureVectors: a body may be authentic and unreadable all the same,
// since one is empty and others name no merchant.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	var file struct {
		Vectors []struct {
			Name      string
			Secret    string
			Body      string
			Signature string `json:"x_salla_signature"`
		}
	}
	specs.Decode(t, &file, "salla", "signature-vectors.json")
	good, events := 0, 0
	for _, one := range file.Vectors {
		if t.Run(one.Name, func(t *testing.T) {
			v := verifier(t, salla.SchemeSignature, one.Secret)
			body := []byte(one.Body)
			refused := func(what string, d catalog.Delivery) {
				t.Helper()
				if _, err := v.Verify(t.Context(), d); !errors.Is(err, catalog.ErrUnauthorized) {
					t.Errorf("%s: %v", what, err)
				}
			}
			verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", one.Signature))
			named := bytes.Contains(body, []byte(`"merchant"`))
			switch {
			case named && (err != nil || len(verdict.Events) != 1):
				t.Errorf("%d events, %v", len(verdict.Events), err)
			case !named && !errors.Is(err, catalog.ErrBadAnswer):
				t.Errorf("it names no merchant: %v", err)
			case named:
				events++
			}
			for i := range body {
				altered := bytes.Clone(body)
				altered[i] ^= 1
				refused("an altered byte", delivery(altered, "X-Salla-Signature", one.Signature))
			}
			refused("a byte more", delivery(append(bytes.Clone(body), '\n'), "X-Salla-Signature", one.Signature))
			refused("an altered signature", delivery(body, "X-Salla-Signature", "0"+one.Signature[1:63]+"x"))
			refused("no signature", delivery(body, "X-Salla-Signature", ""))
		}) {
			good++
		}
	}
	if good == 0 {
		t.Error("no vector")
	}
	specs.Report(t, "salla signature vectors %d/%d, %d of them whole events, no altered byte passes", good, len(file.Vectors), events)
}

// others are the groups of events souk has no kind for; app events are partly
// known.
var others = map[string]bool{"shipping": true, "category": true, "brand": true, "store": true, "cart": true, "invoice": true,
	"specialoffer": true, "misc": true, "communication": true, "subscription": true}

// TestEventNames: every event Salla names passes, with the record's id where
// souk has a kind for it.
func TestEventNames(t *testing.T) {
	t.Parallel()
	var groups map[string]json.RawMessage
	specs.Decode(t, &groups, "salla", "events.json")
	v := verifier(t, salla.SchemeSignature, webhookSecret)
	passed, known, total := 0, 0, 0
	for group, raw := range groups {
		if strings.HasPrefix(group, "_") {
			continue
		}
		var names []string
		if err := json.Unmarshal(raw, &names); err != nil {
			t.Fatal(err)
		}
		group, _, _ = strings.Cut(group, " ")
		for _, name := range names {
			name, _, _ = strings.Cut(name, " ") // a remark follows
			total++
			body := `{"event":"` + name + `","merchant":` + merchant + `,"created_at":"Sun Jun 26 2022 12:21:48 GMT+0300",
				"data":{"id":11,"order_id":12,"order":{"id":13},"access_token":"a token"}}`
			verdict, err := v.Verify(t.Context(), signed([]byte(body)))
			if err != nil || len(verdict.Events) != 1 || verdict.Events[0].Topic != name {
				t.Errorf("%s: %+v, %v", name, verdict, err)
				continue
			}
			passed++
			e := verdict.Events[0]
			if others[group] && e.Kind != catalog.EventOther {
				t.Errorf("%s is taken for %s", name, e.Kind)
			}
			if !others[group] && group != "app" && e.ResourceID == "" {
				t.Errorf("%s is about nothing", name)
			}
			if e.Kind != catalog.EventOther {
				known++
			}
			if want, ok := deliveries[name]; ok && (e.Kind != want.kind || e.Resource != want.resource) {
				t.Errorf("%s is %s of %s, and %s of %s when recorded", name, e.Kind, e.Resource, want.kind, want.resource)
			}
		}
	}
	specs.Report(t, "salla event names that pass the verifier %d/%d: %d with a kind, %d other", passed, total, known, passed-known)
}
