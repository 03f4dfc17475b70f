package transport_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// TestKeyedWritesTellTheirDoubt: a write that is repeated under its key is not
// known to have failed merely because its last attempt did.
func TestKeyedWritesTellTheirDoubt(t *testing.T) {
	t.Parallel()
	lost := breaks(errors.New("connection reset"))
	type steps []func(*http.Request) (*http.Response, error)
	for name, c := range map[string]struct {
		answers steps
		want    catalog.Kind // "" = success
	}{
		"lost once":                {steps{lost, says(200, `{}`)}, ""},
		"lost for ever":            {steps{lost}, catalog.ErrOutcomeUnknown},
		"a server error for ever":  {steps{says(500, ``)}, catalog.ErrOutcomeUnknown},
		"lost, then no permission": {steps{lost, says(403, ``)}, catalog.ErrOutcomeUnknown},
		"lost, then throttled":     {steps{lost, says(429, ``, "Retry-After", "3600")}, catalog.ErrOutcomeUnknown},
		"lost, then invalid":       {steps{lost, says(422, ``)}, catalog.ErrInvalid},
		"throttled for ever":       {steps{says(429, ``)}, catalog.ErrRateLimited},
		"no permission":            {steps{says(403, ``)}, catalog.ErrForbidden},
		"no answer in time":        {steps{hangs}, catalog.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				req := post(t)
				req.Idempotent, req.Write = true, true
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				_, err := client(t, transport.Config{Transport: &script{answers: c.answers}, Attempts: 3}).Do(ctx, req)
				if catalog.KindOf(err) != c.want {
					t.Errorf("got %v, want %q", err, c.want)
				}
			})
		})
	}
}
