package shopify_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/shopify"
)

// answered are the samples of calls that succeed, at least in part, with the
// code of the first error beside the data, and its field.
var answered = map[string]struct{ document, code, field string }{
	"success_cost":             {document: "{ shop { name } }"},
	"search_warning":           {document: "{ productVariantsCount { count } }"},
	"access_denied_partial":    {"{ primary: businessEntity { shopifyPaymentsAccount { id } } }", "ACCESS_DENIED", "primary.shopifyPaymentsAccount"},
	"protected_field_redacted": {"{ customer { email phone } }", "", "customer.phone"},
	"idempotent_missing":       {"mutation { inventorySetQuantities { userErrors { message } } }", "BAD_REQUEST", "inventorySetQuantities"},
	"change_from_missing":      {"mutation { inventorySetQuantities { userErrors { message } } }", "INVALID_FIELD_ARGUMENTS", "inventorySetQuantities"},
}

func TestAnsweredSamples(t *testing.T) {
	t.Parallel()
	all := samples(t)
	good := 0
	for name, want := range answered {
		if t.Run(name, func(t *testing.T) {
			s := decodeSample(t, all, name)
			got, err := engine(t, versions[0], &script{answers: []sample{s}}).GraphQL(t.Context(), want.document, nil)
			if err != nil {
				t.Fatal(err)
			}
			checkNative(t, s, got)
			if want.field == "" {
				if len(got.Errors) != 0 {
					t.Errorf("%v", got.Errors)
				}
				return
			}
			if len(got.Errors) != 1 || got.Errors[0].Code != want.code || got.Errors[0].Field != want.field || got.Errors[0].Message == "" {
				t.Errorf("errors %+v, want %s at %s", got.Errors, want.code, want.field)
			}
		}) {
			good++
		}
	}
	specs.Report(t, "shopify samples of answers %s", fraction(good, len(answered)))
}

// checkNative holds the data and the extensions against the very bytes.
func checkNative(t testing.TB, s sample, got catalog.GraphQLResult) {
	t.Helper()
	var envelope struct{ Data, Extensions json.RawMessage }
	if err := json.Unmarshal(s.Body, &envelope); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Data, envelope.Data) || !bytes.Equal(got.Extensions, envelope.Extensions) {
		t.Errorf("data %s and extensions %s are not the bytes of %s", got.Data, got.Extensions, s.Body)
	}
}

// TestSearchWarningIsLogged: Shopify ignores a search field it does not know.
func TestSearchWarningIsLogged(t *testing.T) {
	t.Parallel()
	s := decodeSample(t, samples(t), "search_warning")
	var log bytes.Buffer
	app, err := shopify.New(shopify.Config{Transport: &script{answers: []sample{s}}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := app.Open(catalog.Account{Store: shop}, catalog.StaticToken("a token"))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := catalog.As[*shopify.Engine](opened)
	if _, err := e.GraphQL(t.Context(), "{ productVariantsCount { count } }", nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "WARN") || !strings.Contains(log.String(), "invalid_field") {
		t.Errorf("%q", log.String())
	}
}

// TestAccessDeniedOfARecord: where the record itself is refused, the read
// fails and says which permission is missing.
func TestAccessDeniedOfARecord(t *testing.T) {
	t.Parallel()
	s := decodeSample(t, samples(t), "access_denied_partial")
	_, err := engine(t, versions[0], &script{answers: []sample{s}}).Shop(t.Context())
	got, ok := errors.AsType[*catalog.Error](err)
	if !ok || got.Kind != catalog.ErrForbidden || got.Code != "ACCESS_DENIED" || !strings.Contains(got.Hint, "read_shopify_payments") {
		t.Errorf("%v", err)
	}
}

// TestProtectedField: the rest of the customer is read, and a problem names
// the field that was withheld.
func TestProtectedField(t *testing.T) {
	t.Parallel()
	s := decodeSample(t, samples(t), "protected_field_redacted")
	// The adapter asks for the id too.
	s.Body = bytes.Replace(s.Body, []byte(`"email"`), []byte(`"id": "gid://shopify/Customer/`+someID+`", "email"`), 1)
	got, err := engine(t, versions[0], &script{answers: []sample{s}}).Customer(t.Context(), someID)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(got.Problems, func(p catalog.Problem) bool {
		return p.Path == "phone" && strings.Contains(p.Reason, "not approved to access the Customer object")
	})
	if got.ID != someID || len(got.Problems) != 1 || at < 0 || !bytes.Contains(got.Raw, []byte("testcustomer@example.com")) {
		t.Errorf("%+v", got)
	}
}

// TestEverySampleHasItsTest counts the samples that some test expects something
// of.
func TestEverySampleHasItsTest(t *testing.T) {
	t.Parallel()
	all := samples(t)
	held := 0
	for name := range all {
		_, fails := failures[name]
		_, answers := answered[name]
		_, delivered := deliveries[name]
		switch {
		case fails || answers || delivered || written[name] != nil:
			held++
		default:
			t.Errorf("no test uses the sample %s", name)
		}
	}
	if want := len(failures) + len(answered) + len(deliveries) + len(written); held != want {
		t.Errorf("%d samples are used and %d have tests", held, want)
	}
	specs.Report(t, "shopify samples with a test %s", fraction(held, len(all)))
}
