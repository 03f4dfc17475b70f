package bigcommerce_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// FuzzVerify: whatever is signed is read or refused as unreadable, and what is
// not signed is never accepted.
func FuzzVerify(f *testing.F) {
	for _, b := range []string{body, `[]`, ``, `{"producer":[],"scope":{}}`, `{"producer":"stores/a","scope":"store/channel/*/x","data":[{"id":1}]}`,
		`{"producer":"stores/a","scope":"store/sku/created","created_at":99999999999,"data":{"id":"x","sku":[],"status":{"new_status_id":5}}}`} {
		f.Add([]byte(b), "v1,AAAA")
	}
	v := verifier(f, bigcommerce.Config{ClientSecret: catalog.NewSecret(clientSecret)}, catalog.VerifierConfig{})
	f.Fuzz(func(t *testing.T, body []byte, signature string) {
		d := delivered(string(body))
		verdict, err := v.Verify(t.Context(), d)
		if (err == nil) != (len(verdict.Events) == 1) || err != nil && !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("signed: %+v, %v", verdict, err)
		}
		if err == nil && (verdict.Events[0].Key == "" || verdict.Events[0].OccurredAt.After(time.Unix(1e11, 0))) {
			t.Errorf("%+v", verdict.Events[0])
		}
		if strings.Contains(signature, strings.TrimPrefix(d.Header.Get(bigcommercetest.HeaderSignature), "v1,")) {
			return
		}
		if _, err := v.Verify(t.Context(), with(d, bigcommercetest.HeaderSignature, signature)); !errors.Is(err, catalog.ErrUnauthorized) {
			t.Errorf("signature %q: %v", signature, err)
		}
	})
}
