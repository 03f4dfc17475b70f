package bigcommerce_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// refusal is a sample of an error.
type refusal struct {
	name, op string
	status   int
	body     json.RawMessage
}

func refusals(t testing.TB) []refusal {
	t.Helper()
	var all []refusal
	for _, s := range samples(t) {
		var status int
		if _, err := fmt.Sscan(s.Status, &status); err != nil || status < 400 {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(s.Examples)) {
			all = append(all, refusal{s.Op + " " + s.Status + " " + name, s.Op, status, s.Examples[name]})
		}
	}
	var file struct {
		Samples []struct {
			Status int
			Body   json.RawMessage
		} `json:"error_samples"`
	}
	specs.Decode(t, &file, folder, "vectors.json")
	for i, s := range file.Samples {
		all = append(all, refusal{fmt.Sprint("error sample ", i), "GET /time", s.Status, s.Body})
	}
	if len(file.Samples) == 0 || len(all) == len(file.Samples) {
		t.Fatal("there are no samples of errors")
	}
	return all
}

// kinds are what a status is to become; 509 is of a way to sign in that is gone.
var kinds = map[int]catalog.Kind{400: catalog.ErrInvalid, 404: catalog.ErrNotFound, 413: catalog.ErrInvalid, 422: catalog.ErrInvalid,
	503: catalog.ErrUnavailable, 509: catalog.ErrUnavailable}

// said is what a body says, as it is in the sample.
func said(t testing.TB, body json.RawMessage) (message, code string, fields []string) {
	t.Helper()
	var list []object
	var o object
	if err := unmarshal(body, &list); err == nil && len(list) > 0 {
		o = list[0]
	} else {
		o = parsed(t, body)
	}
	if data, ok := o["data"].([]any); ok {
		inner, ok := data[0].(object)
		if !ok {
			t.Fatalf("%.80s", body)
		}
		o, fields = inner, []string{"data"}
	}
	for _, name := range []string{"error", "message", "title"} {
		if text, ok := o[name].(string); ok {
			message = text
		}
	}
	if o["code"] != nil {
		code = fmt.Sprint(o["code"])
	}
	if errs, ok := o["errors"].(object); ok && len(errs) > 0 {
		fields = slices.Sorted(maps.Keys(errs))
	}
	return message, code, fields
}

var variable = regexp.MustCompile(`\{[a-z_]+\}`)

// TestErrorSamples: each error the vendor shows keeps its words, its code and
// the fields it names, whatever call it answers.
func TestErrorSamples(t *testing.T) {
	t.Parallel()
	good, all := 0, refusals(t)
	for _, one := range all {
		if t.Run(one.name, func(t *testing.T) {
			message, code, fields := said(t, one.body)
			method, path, _ := strings.Cut(one.op, " ")
			version := "/v3"
			if one.body[0] == '[' {
				version = "/v2"
			}
			e := open(t, bigcommerce.Config{Transport: constant{one.status, one.body}, Attempts: 1}, catalog.Account{Store: "abc123"}, "a token")
			_, native := e.Do(t.Context(), catalog.RESTRequest{Method: method, Path: version + variable.ReplaceAllString(path, "1")})
			_, reading := e.Order(t.Context(), "1")
			for what, err := range map[string]error{"native": native, "a read": reading} {
				got, ok := errors.AsType[*catalog.Error](err)
				if !ok {
					t.Fatalf("%s: %v", what, err)
				}
				var names []string
				for _, f := range got.Fields {
					names = append(names, f.Field)
				}
				kind := kinds[one.status]
				if what == "native" && method != http.MethodGet && one.status >= 500 {
					kind = catalog.ErrOutcomeUnknown // a write that may have been done
				}
				if got.Kind != kind || got.Status != one.status || got.Message != message || got.Code != code || !slices.Equal(names, fields) || got.Platform != bigcommerce.Platform {
					t.Errorf("%s: %+v, want %q, code %q and fields %q", what, got, message, code, fields)
				}
			}
		}) {
			good++
		}
	}
	specs.Report(t, "bigcommerce error samples %d/%d", good, len(all))
}
