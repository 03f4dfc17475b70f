package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Deduper holds an implementation against catalog.Deduper. open gives an empty
// one each time, which remembers confirmed keys for an hour, and a function
// that lets its time pass; it is called by parallel tests.
func Deduper(t *testing.T, open func(t *testing.T) (deduper catalog.Deduper, pass func(time.Duration))) {
	one := func(t *testing.T) deduping {
		deduper, pass := open(t)
		return deduping{deduper, pass}
	}
	run(t, one, map[string]func(*testing.T, deduping){
		"a confirmed key is done until it is forgotten": dedupeConfirms,
		"a released key can be claimed again":           dedupeReleases,
		"a lease that ends is taken by the next":        dedupeLeaseEnds,
		"a slow holder nobody replaced may confirm":     dedupeLate,
		"confirming twice is no error":                  dedupeConfirmsTwice,
		"what is no claim is refused":                   dedupeRefuses,
		"keys are told apart":                           dedupeKeys,
		"an ended context is its error":                 dedupeEndedContext,
		"one of many copies is granted":                 dedupeCopies,
	})
}

type deduping struct {
	catalog.Deduper
	pass func(time.Duration)
}

const dedupeLease = time.Minute

func (d deduping) claim(t *testing.T, key string, want catalog.ClaimState) catalog.Claim {
	t.Helper()
	c, err := d.Claim(t.Context(), key, dedupeLease)
	if err != nil || c.State != want || c.Key != key || (c.Owner != "") != (want == catalog.ClaimGranted) {
		t.Fatalf("Claim(%.40q) = %+v, %v; want %s", key, c, err, want)
	}
	return c
}

func (d deduping) confirm(t *testing.T, c catalog.Claim) {
	t.Helper()
	if err := d.Confirm(t.Context(), c); err != nil {
		t.Fatalf("Confirm: %v", err)
	}
}

func (d deduping) refuses(t *testing.T, what string, c catalog.Claim) {
	t.Helper()
	if err := d.Confirm(t.Context(), c); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("Confirm of %s: %v, want ErrConflict", what, err)
	}
	if err := d.Release(t.Context(), c); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("Release of %s: %v, want ErrConflict", what, err)
	}
}

func dedupeConfirms(t *testing.T, d deduping) {
	granted := d.claim(t, "k", catalog.ClaimGranted)
	if busy := d.claim(t, "k", catalog.ClaimBusy); busy.Until.Sub(granted.Until).Abs() > time.Millisecond {
		t.Errorf("busy until %v, want the holder's %v", busy.Until, granted.Until)
	}
	d.confirm(t, granted)
	d.pass(time.Hour - time.Second)
	d.claim(t, "k", catalog.ClaimDone)
	d.pass(2 * time.Second)
	d.claim(t, "k", catalog.ClaimGranted)
}

func dedupeReleases(t *testing.T, d deduping) {
	first := d.claim(t, "k", catalog.ClaimGranted)
	if err := d.Release(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	second := d.claim(t, "k", catalog.ClaimGranted)
	if second.Owner == first.Owner {
		t.Error("two claims have one owner")
	}
	d.refuses(t, "a claim that was released", first)
	d.claim(t, "k", catalog.ClaimBusy)
	d.confirm(t, second)
}

func dedupeLeaseEnds(t *testing.T, d deduping) {
	first := d.claim(t, "k", catalog.ClaimGranted)
	d.pass(dedupeLease - time.Second)
	d.claim(t, "k", catalog.ClaimBusy)
	d.pass(2 * time.Second)
	second := d.claim(t, "k", catalog.ClaimGranted)
	d.refuses(t, "a claim that was lost", first)
	d.claim(t, "k", catalog.ClaimBusy)
	d.confirm(t, second)
	d.refuses(t, "a claim that was lost, after its key is done,", first)
	d.claim(t, "k", catalog.ClaimDone)
}

func dedupeLate(t *testing.T, d deduping) {
	c := d.claim(t, "k", catalog.ClaimGranted)
	d.pass(10 * dedupeLease)
	d.claim(t, "another", catalog.ClaimGranted)
	d.confirm(t, c)
	d.claim(t, "k", catalog.ClaimDone)
}

func dedupeConfirmsTwice(t *testing.T, d deduping) {
	c := d.claim(t, "k", catalog.ClaimGranted)
	d.confirm(t, c)
	d.pass(30 * time.Minute)
	d.confirm(t, c)
	if err := d.Release(t.Context(), c); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("Release of a confirmed claim: %v, want ErrConflict", err)
	}
	d.pass(30*time.Minute + time.Second) // it is not remembered for longer
	d.claim(t, "k", catalog.ClaimGranted)
}

func dedupeRefuses(t *testing.T, d deduping) {
	for name, c := range map[string]struct {
		key   string
		lease time.Duration
	}{"no key": {"", dedupeLease}, "no lease": {"k", 0}, "a negative lease": {"k", -1}} {
		if _, err := d.Claim(t.Context(), c.key, c.lease); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("Claim with %s: %v, want ErrInvalid", name, err)
		}
	}
	granted := d.claim(t, "k", catalog.ClaimGranted)
	forged, other := granted, granted
	forged.Owner, other.Key = "somebody", "other"
	d.refuses(t, "nothing", catalog.Claim{})
	d.refuses(t, "a busy claim", d.claim(t, "k", catalog.ClaimBusy))
	d.refuses(t, "a forged claim", forged)
	d.refuses(t, "another key's claim", other)
	d.confirm(t, granted)
}

func dedupeKeys(t *testing.T, d deduping) {
	keys := []string{"a", "A", "a ", "a\x00", "\xff", strings.Repeat("k", 100_000), strings.Repeat("k", 100_001), "'; DROP TABLE x; --", "%"}
	for _, key := range keys {
		d.confirm(t, d.claim(t, key, catalog.ClaimGranted))
	}
	for _, key := range keys {
		d.claim(t, key, catalog.ClaimDone)
	}
}

func dedupeEndedContext(t *testing.T, d deduping) {
	held := d.claim(t, "held", catalog.ClaimGranted)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Claim(ended, "new", dedupeLease); !errors.Is(err, context.Canceled) {
		t.Errorf("Claim: %v", err)
	}
	if err := d.Confirm(ended, held); !errors.Is(err, context.Canceled) {
		t.Errorf("Confirm: %v", err)
	}
	if err := d.Release(ended, held); !errors.Is(err, context.Canceled) {
		t.Errorf("Release: %v", err)
	}
	d.claim(t, "held", catalog.ClaimBusy)
	d.claim(t, "new", catalog.ClaimGranted)
}

func dedupeCopies(t *testing.T, d deduping) {
	for round := range 5 {
		key := fmt.Sprint("event ", round)
		var claims [32]catalog.Claim
		count(t, nil, func(i int) (err error) {
			claims[i], err = d.Claim(t.Context(), key, dedupeLease)
			return err
		})
		granted := 0
		for _, c := range claims {
			switch c.State {
			case catalog.ClaimGranted:
				granted++
				d.confirm(t, c)
			case catalog.ClaimBusy:
			default:
				t.Errorf("a copy is %q before anybody confirmed", c.State)
			}
		}
		if granted != 1 {
			t.Errorf("%d of 32 copies were granted", granted)
		}
		d.claim(t, key, catalog.ClaimDone)
	}
}

// SpreadDeduper is SpreadAccounts for dedupers.
func SpreadDeduper(handles ...catalog.Deduper) catalog.Deduper {
	return &deduperSpread{turn[catalog.Deduper]{handles: handles}}
}

type deduperSpread struct{ turn[catalog.Deduper] }

func (s *deduperSpread) Claim(ctx context.Context, key string, lease time.Duration) (catalog.Claim, error) {
	return s.next().Claim(ctx, key, lease)
}

func (s *deduperSpread) Confirm(ctx context.Context, c catalog.Claim) error {
	return s.next().Confirm(ctx, c)
}

func (s *deduperSpread) Release(ctx context.Context, c catalog.Claim) error {
	return s.next().Release(ctx, c)
}

var _ catalog.Deduper = (*deduperSpread)(nil)
