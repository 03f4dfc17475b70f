package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest/storetest"
)

const lease = time.Minute

// claim claims a key and checks what comes of it.
func claim(t *testing.T, d catalog.Deduper, key string, want catalog.ClaimState) catalog.Claim {
	t.Helper()
	c, err := d.Claim(t.Context(), key, lease)
	if err != nil || c.State != want || c.Key != key || (c.Owner != "") != (want == catalog.ClaimGranted) {
		t.Fatalf("Claim(%s) = %+v, %v; want %s", key, c, err, want)
	}
	return c
}

// inTime runs a test of the in-memory deduper under simulated time.
func inTime(t *testing.T, config catalog.MemoryDeduperConfig, test func(*testing.T, *catalog.MemoryDeduper)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(t, catalog.NewMemoryDeduper(config)) })
}

func TestDeduperConfirm(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{}, func(t *testing.T, d *catalog.MemoryDeduper) {
		granted := claim(t, d, "k", catalog.ClaimGranted)
		if want := time.Now().Add(lease); !granted.Until.Equal(want) {
			t.Errorf("the lease ends %v, want %v", granted.Until, want)
		}
		if busy := claim(t, d, "k", catalog.ClaimBusy); !busy.Until.Equal(granted.Until) {
			t.Errorf("busy until %v, want the holder's %v", busy.Until, granted.Until)
		}
		claim(t, d, "other", catalog.ClaimGranted)
		if err := d.Confirm(t.Context(), granted); err != nil {
			t.Fatal(err)
		}
		time.Sleep(71 * time.Hour) // the default keeps keys for 72
		claim(t, d, "k", catalog.ClaimDone)
		time.Sleep(time.Hour)
		claim(t, d, "k", catalog.ClaimGranted)
	})
}

func TestDeduperRelease(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{}, func(t *testing.T, d *catalog.MemoryDeduper) {
		first := claim(t, d, "k", catalog.ClaimGranted)
		if err := d.Release(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		second := claim(t, d, "k", catalog.ClaimGranted)
		if second.Owner == first.Owner {
			t.Error("two claims have one owner token")
		}
		if err := d.Release(t.Context(), first); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("releasing twice: %v, want ErrConflict", err)
		}
		claim(t, d, "k", catalog.ClaimBusy)
	})
}

// The first holder was slow, its lease ended and another took over.
func TestDeduperTwoOwnersAfterLeaseLoss(t *testing.T) {
	for name, late := range map[string]func(catalog.Deduper, context.Context, catalog.Claim) error{
		"confirm": catalog.Deduper.Confirm, "release": catalog.Deduper.Release,
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, catalog.MemoryDeduperConfig{}, func(t *testing.T, d *catalog.MemoryDeduper) {
				refused := func(first catalog.Claim) {
					t.Helper()
					err := late(d, t.Context(), first)
					if want := name + " event: conflict: the claim was lost: its lease ended and somebody else may have taken it"; !errors.Is(err, catalog.ErrConflict) || err.Error() != want {
						t.Fatalf("the first one's %s: %v", name, err)
					}
				}
				first := claim(t, d, "k", catalog.ClaimGranted)
				time.Sleep(lease - time.Nanosecond)
				claim(t, d, "k", catalog.ClaimBusy)
				time.Sleep(time.Nanosecond)
				second := claim(t, d, "k", catalog.ClaimGranted)
				refused(first)
				claim(t, d, "k", catalog.ClaimBusy)
				if err := d.Confirm(t.Context(), second); err != nil {
					t.Fatalf("the second one's confirm: %v", err)
				}
				refused(first)
				claim(t, d, "k", catalog.ClaimDone)
			})
		})
	}
}

// A slow holder whom nobody replaced handled the event all the same.
func TestDeduperConfirmAfterTheLease(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{}, func(t *testing.T, d *catalog.MemoryDeduper) {
		c := claim(t, d, "k", catalog.ClaimGranted)
		time.Sleep(2 * lease)
		if err := d.Confirm(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		claim(t, d, "k", catalog.ClaimDone)
	})
}

func TestDeduperRefuses(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{}, func(t *testing.T, d *catalog.MemoryDeduper) {
		for name, c := range map[string]struct {
			key   string
			lease time.Duration
		}{"no key": {"", lease}, "no lease": {"k", 0}, "negative lease": {"k", -1}} {
			if _, err := d.Claim(t.Context(), c.key, c.lease); !errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("%s: %v, want ErrInvalid", name, err)
			}
		}
		granted := claim(t, d, "k", catalog.ClaimGranted)
		busy := claim(t, d, "k", catalog.ClaimBusy)
		forged, other := granted, granted
		forged.Owner, other.Key = "guess", "other"
		for name, c := range map[string]catalog.Claim{"zero": {}, "busy": busy, "forged": forged, "other key": other} {
			if err := d.Confirm(t.Context(), c); !errors.Is(err, catalog.ErrConflict) {
				t.Errorf("confirming a %s claim: %v, want ErrConflict", name, err)
			}
			if err := d.Release(t.Context(), c); !errors.Is(err, catalog.ErrConflict) {
				t.Errorf("releasing a %s claim: %v, want ErrConflict", name, err)
			}
		}
		if err := d.Confirm(t.Context(), granted); err != nil {
			t.Fatal(err)
		}
		if err := d.Release(t.Context(), granted); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("releasing what was confirmed: %v, want ErrConflict", err)
		}
		claim(t, d, "k", catalog.ClaimDone)

		ended, cancel := context.WithCancel(t.Context())
		cancel()
		left := claim(t, d, "left", catalog.ClaimGranted)
		if _, err := d.Claim(ended, "new", lease); !errors.Is(err, context.Canceled) {
			t.Errorf("Claim with an ended context: %v", err)
		}
		if err := errors.Join(d.Confirm(ended, left), d.Release(ended, left)); !errors.Is(err, context.Canceled) {
			t.Errorf("Confirm and Release with an ended context: %v", err)
		}
		claim(t, d, "left", catalog.ClaimBusy)
		claim(t, d, "new", catalog.ClaimGranted)
	})
}

func TestDeduperForgetsTheOldestWhenFull(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{MaxKeys: 3, Keep: time.Hour}, func(t *testing.T, d *catalog.MemoryDeduper) {
		for i := range 3 {
			if err := d.Confirm(t.Context(), claim(t, d, strconv.Itoa(i), catalog.ClaimGranted)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		claim(t, d, "3", catalog.ClaimGranted) // 0 goes
		claim(t, d, "1", catalog.ClaimDone)
		claim(t, d, "2", catalog.ClaimDone)
		claim(t, d, "0", catalog.ClaimGranted) // 1 goes
		claim(t, d, "3", catalog.ClaimBusy)
		claim(t, d, "2", catalog.ClaimDone)
	})
}

func TestDeduperFullOfLiveClaims(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{MaxKeys: 3}, func(t *testing.T, d *catalog.MemoryDeduper) {
		full := func() {
			t.Helper()
			for range 2 {
				_, err := d.Claim(t.Context(), "more", lease)
				if want := "claim event: unavailable: the deduper is full of live claims; answer the platform with 503 so that it sends again, or raise MaxKeys"; !errors.Is(err, catalog.ErrUnavailable) || err.Error() != want {
					t.Fatalf("a claim too many: %v", err)
				}
			}
		}
		var claims []catalog.Claim
		for i := range 3 {
			claims = append(claims, claim(t, d, strconv.Itoa(i), catalog.ClaimGranted))
			time.Sleep(10 * time.Second)
		}
		full()
		claim(t, d, "1", catalog.ClaimBusy) // what is known is still answered
		if err := d.Release(t.Context(), claims[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Claim(t.Context(), "short", time.Second); err != nil { // in its place, and ends first
			t.Fatal(err)
		}
		full()
		time.Sleep(time.Second)
		claim(t, d, "after short", catalog.ClaimGranted)
		full()
		time.Sleep(29 * time.Second) // the lease of 0 ends
		claim(t, d, "after 0", catalog.ClaimGranted)
		full()
		if err := d.Confirm(t.Context(), claims[0]); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("the claim that made room is confirmed: %v", err)
		}
		if err := d.Confirm(t.Context(), claims[2]); err != nil {
			t.Fatal(err)
		}
		claim(t, d, "in place of a confirmed one", catalog.ClaimGranted)
		full()
	})
}

func TestDeduperForgetsExpiredKeys(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{MaxKeys: 2, Keep: time.Minute}, func(t *testing.T, d *catalog.MemoryDeduper) {
		for i := range 100 { // more than fit at once
			if err := d.Confirm(t.Context(), claim(t, d, strconv.Itoa(i), catalog.ClaimGranted)); err != nil {
				t.Fatal(err)
			}
			claim(t, d, strconv.Itoa(i), catalog.ClaimDone)
			time.Sleep(time.Minute)
			if i%2 == 0 {
				c := claim(t, d, strconv.Itoa(i), catalog.ClaimGranted)
				if err := d.Release(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestDeduperManyCopiesGiveOneGrant(t *testing.T) {
	inTime(t, catalog.MemoryDeduperConfig{}, func(t *testing.T, d *catalog.MemoryDeduper) {
		for round := range 50 {
			key := fmt.Sprint("event-", round)
			claims := make([]catalog.Claim, 40)
			var wg sync.WaitGroup
			for i := range claims {
				wg.Go(func() {
					var err error
					if claims[i], err = d.Claim(t.Context(), key, lease); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			granted := 0
			for _, c := range claims {
				switch c.State {
				case catalog.ClaimGranted:
					if granted++; granted == 1 && d.Confirm(t.Context(), c) != nil {
						t.Error("the holder cannot confirm")
					}
				case catalog.ClaimBusy:
				default:
					t.Errorf("a copy is %s before anybody confirmed", c.State)
				}
			}
			if granted != 1 {
				t.Fatalf("%d of 40 copies were granted", granted)
			}
			claim(t, d, key, catalog.ClaimDone)
		}
	})
}

func TestMemoryDeduper(t *testing.T) {
	t.Parallel()
	storetest.Deduper(t, func(*testing.T) (catalog.Deduper, func(time.Duration)) {
		var ahead atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		return catalog.NewMemoryDeduper(catalog.MemoryDeduperConfig{Keep: time.Hour, Now: now}), func(d time.Duration) { ahead.Add(int64(d)) }
	})
}
