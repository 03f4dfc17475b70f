package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// A panic in the adapter is an error of the call: in the source's own
// goroutine it would end the process, and nobody may wait for ever.
func TestPanickingRefresher(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		singleUse bool
		raise     func()
		text      string
	}{
		"secret value": {raise: func() { panic(canary) }, text: "panic with a string in"},
		//lint:ignore SA5000 the panic is what is tested
		"nil map":    {raise: func() { var m map[string]int; m[canary]++ }, text: "assignment to entry in nil map in"},
		"single use": {singleUse: true, raise: func() { panic(canary) }, text: "panic with a string in"},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{takes: time.Second, policy: auth.Policy{SingleUse: c.singleUse}}, due(t, 0)
				p.answer = func(_ context.Context, call int, _ catalog.Credential) (catalog.Credential, error) {
					if call == 1 {
						c.raise()
					}
					return p.issue(), nil
				}
				source := auth.NewSource(account, s, p)
				many(func() {
					got, err := source.Credential(t.Context())
					wantKind(t, got, err)
					if err == nil || catalog.KindOf(err) == "" || !strings.Contains(err.Error(), c.text) || !strings.Contains(err.Error(), "TestPanickingRefresher") {
						t.Errorf("error is %v; want it to say what panicked and where", err)
					}
				})
				got, err := source.Credential(t.Context())
				if c.singleUse { // it may have been sent
					wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
				} else {
					want(t, got, err, "1")
				}
				if p.sentTwice() != "" == c.singleUse {
					t.Errorf("sent %q", p.sent)
				}
			})
		})
	}
}

func TestRefresherThatAnswersNothing(t *testing.T) {
	t.Parallel()
	for title, singleUse := range map[string]bool{"single use": true, "reusable": false} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: auth.Policy{SingleUse: singleUse}}, due(t, 0)
				p.answer = func(context.Context, int, catalog.Credential) (catalog.Credential, error) {
					return catalog.Credential{}, nil
				}
				got, err := auth.NewSource(account, s, p).Credential(t.Context())
				if wantKind(t, got, err, catalog.ErrBadAnswer); errors.Is(err, catalog.ErrOutcomeUnknown) != singleUse || (s.record(t).Refresh != nil) != singleUse {
					t.Errorf("error is %v, on record is %+v", err, s.record(t).Refresh)
				}
			})
		})
	}
}
