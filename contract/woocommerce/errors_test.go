package woocommerce_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// withHome answers the site's index beside the script.
type withHome struct{ script script }

func (h *withHome) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/wc/v3") {
		return reply(r, 200, []byte(`{"name":"A &amp; B","home":"`+store+`","timezone_string":"","gmt_offset":-5}`)), nil
	}
	return h.script.RoundTrip(r)
}

// constant answers everything in the same way.
type constant struct {
	status int
	body   []byte
}

func (c constant) RoundTrip(r *http.Request) (*http.Response, error) {
	return reply(r, c.status, c.body), nil
}

// refusals say what each recorded refusal is. A static key cannot be
// refreshed, so a refused one is a merchant who must connect again.
var refusals = map[string]struct {
	kind   catalog.Kind
	fields []string
}{
	"no credentials": {kind: catalog.ErrReauthorize},
	"unknown key (falls through to anonymous)": {kind: catalog.ErrReauthorize},
	"wrong secret":                              {kind: catalog.ErrReauthorize},
	"read key writes":                           {kind: catalog.ErrForbidden},
	"write key reads":                           {kind: catalog.ErrForbidden},
	"per_page too big":                          {catalog.ErrInvalid, []string{"per_page"}},
	"bad enum":                                  {catalog.ErrInvalid, []string{"orderby"}},
	"price as number":                           {catalog.ErrInvalid, []string{"regular_price"}},
	"bad json":                                  {kind: catalog.ErrInvalid},
	"duplicate sku":                             {kind: catalog.ErrInvalid},
	"missing product GET":                       {kind: catalog.ErrNotFound},
	"missing product PUT is 400":                {kind: catalog.ErrNotFound},
	"missing product DELETE":                    {kind: catalog.ErrNotFound},
	"missing order PUT is 400":                  {kind: catalog.ErrNotFound},
	"missing customer":                          {kind: catalog.ErrNotFound},
	"missing webhook GET":                       {kind: catalog.ErrNotFound},
	"no route":                                  {kind: catalog.ErrNotFound},
	"no namespace":                              {kind: catalog.ErrNotFound},
	"customer trash not supported":              {kind: catalog.ErrUnsupported},
	"customer email exists":                     {kind: catalog.ErrInvalid},
	"invalid order status":                      {catalog.ErrInvalid, []string{"status"}},
	"invalid customer id":                       {kind: catalog.ErrInvalid},
	"line item without product":                 {kind: catalog.ErrInvalid},
	"php fatal: line item quantity 0 on create": {kind: catalog.ErrOutcomeUnknown},
	"refund too big: data is an int":            {kind: catalog.ErrInvalid},
	"refund already: missing amount":            {kind: catalog.ErrInvalid},
	"batch over limit":                          {kind: catalog.ErrInvalid},
	"batch partial failure is 200":              {},
	"webhook bad topic":                         {kind: catalog.ErrInvalid},
	"webhook bad url":                           {kind: catalog.ErrInvalid},
	"webhook delete without force":              {kind: catalog.ErrUnsupported},
}

func everyError(t *testing.T) {
	var all []struct {
		Case    string
		Request struct {
			Method string
			Body   json.RawMessage
		}
		Status int
		Body   json.RawMessage
	}
	specs.Decode(t, &all, "woocommerce", "samples", "errors.json")
	good := 0
	for _, c := range all {
		if t.Run(c.Case, func(t *testing.T) {
			want, known := refusals[c.Case]
			if !known {
				t.Fatal("nothing is expected of this refusal")
			}
			var body any
			if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodDelete {
				body = map[string]string{"name": "x"}
			}
			got, err := open(t, constant{c.Status, c.Body}, store, anyKey).Do(t.Context(), catalog.RESTRequest{Method: c.Request.Method, Path: "/products", Body: body})
			if want.kind == "" {
				if err != nil || got.Status != c.Status || string(got.Body) != string(c.Body) {
					t.Errorf("status %d, %v", got.Status, err)
				}
				return
			}
			e, ok := errors.AsType[*catalog.Error](err)
			if !ok || e.Kind != want.kind || e.Status != c.Status || strings.ContainsAny(e.Message, "<>") {
				t.Fatalf("%v, want %s", err, want.kind)
			}
			if want.kind != catalog.ErrReauthorize && e.Code != text(t, c.Body, "code") {
				t.Errorf("code %q", e.Code)
			}
			var fields []string
			for _, f := range e.Fields {
				fields = append(fields, f.Field)
			}
			if !slices.Equal(fields, want.fields) {
				t.Errorf("fields %v, want %v", fields, want.fields)
			}
		}) {
			good++
		}
	}
	if len(all) != len(refusals) {
		t.Errorf("%d refusals are expected and %d are there", len(refusals), len(all))
	}
	specs.Report(t, "woocommerce refusals judged %d/%d", good, len(all))
}
