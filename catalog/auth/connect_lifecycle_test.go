package auth_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// brittle fails every call after the first steps, as a host that crashes does:
// half of the failures come after the work was done.
type brittle struct {
	accounts    *catalog.MemoryAccounts
	credentials *catalog.MemoryCredentials
	steps       int // left; -1 = any number
	after       bool
}

func (b *brittle) do(work func() error) error {
	if b.steps == 0 {
		if b.after {
			b.after = false // the work of this one step is done
			_ = work()
		}
		return errDown
	}
	b.steps--
	return work()
}

func (b *brittle) Get(ctx context.Context, id string) (a catalog.Account, err error) {
	err = b.do(func() (err error) { a, err = b.accounts.Get(ctx, id); return err })
	return a, err
}

func (b *brittle) ByStore(ctx context.Context, platform, store string) (a catalog.Account, err error) {
	err = b.do(func() (err error) { a, err = b.accounts.ByStore(ctx, platform, store); return err })
	return a, err
}

func (b *brittle) Put(ctx context.Context, a catalog.Account) error {
	return b.do(func() error { return b.accounts.Put(ctx, a) })
}

func (b *brittle) SetStatus(ctx context.Context, id string, s catalog.AccountStatus, reason string) error {
	return b.do(func() error { return b.accounts.SetStatus(ctx, id, s, reason) })
}

func (b *brittle) List(ctx context.Context, q catalog.AccountQuery) iter.Seq2[catalog.Account, error] {
	return b.accounts.List(ctx, q)
}

func (b *brittle) Delete(ctx context.Context, id string) error {
	return b.do(func() error { return b.accounts.Delete(ctx, id) })
}

// brittleCredentials is the same for credentials.
type brittleCredentials struct{ *brittle }

func (b brittleCredentials) Load(ctx context.Context, id string) (s catalog.StoredCredential, err error) {
	err = b.do(func() (err error) { s, err = b.credentials.Load(ctx, id); return err })
	return s, err
}

func (b brittleCredentials) CompareAndSwap(ctx context.Context, id string, version int64, next catalog.Credential) (v int64, err error) {
	err = b.do(func() (err error) { v, err = b.credentials.CompareAndSwap(ctx, id, version, next); return err })
	return v, err
}

func (b brittleCredentials) BeginRefresh(ctx context.Context, id string, version int64, i catalog.RefreshIntent) error {
	return b.do(func() error { return b.credentials.BeginRefresh(ctx, id, version, i) })
}

func (b brittleCredentials) CancelRefresh(ctx context.Context, id, attempt string) error {
	return b.do(func() error { return b.credentials.CancelRefresh(ctx, id, attempt) })
}

func (b brittleCredentials) Delete(ctx context.Context, id string) error {
	return b.do(func() error { return b.credentials.Delete(ctx, id) })
}

func kioskLife(t *testing.T, k *kiosk) (*auth.Lifecycle, *brittle) {
	t.Helper()
	registry := &catalog.Registry{}
	if err := registry.Register(k); err != nil {
		t.Fatal(err)
	}
	b := &brittle{accounts: &catalog.MemoryAccounts{}, credentials: &catalog.MemoryCredentials{}, steps: -1}
	return &auth.Lifecycle{Registry: registry, Accounts: b, Credentials: brittleCredentials{b}}, b
}

func kioskPair(n string, ends time.Time) catalog.Credential {
	return catalog.Credential{AccessToken: catalog.NewSecret("a" + n), RefreshToken: catalog.NewSecret("r" + n), ExpiresAt: ends}
}

var (
	kioskGrant = catalog.Grant{Store: kioskStore, Credential: kioskPair("1", time.Now().Add(time.Hour))}
	nobody     = func(context.Context, auth.Arrival) (string, error) { return "", nil }
)

// A host crashes at every step of what it does; the same call, made again,
// leaves what one call without a crash does. In between nothing is presented as
// working that is not.
func TestCrashAtEveryStep(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before func(t *testing.T, l *auth.Lifecycle)
		do     func(ctx context.Context, l *auth.Lifecycle) error
		check  func(t *testing.T, b *brittle)
	}{
		"connect": {
			do: func(ctx context.Context, l *auth.Lifecycle) error {
				_, err := l.Accept(ctx, auth.Arrival{Platform: "kiosk", Account: "tenant-1"}, auth.Grant{Grant: kioskGrant, Settings: map[string]string{"view": "en"}})
				return err
			},
			check: func(t *testing.T, b *brittle) { kioskHolds(t, b, "tenant-1", catalog.AccountActive, "a1") },
		},
		"grant by webhook": {
			do: func(ctx context.Context, l *auth.Lifecycle) error {
				l.AccountID = nobody
				_, err := l.Grant(ctx, "kiosk", kioskGrant)
				return err
			},
			check: func(t *testing.T, b *brittle) {
				kioskHolds(t, b, "unclaimed:kiosk:"+kioskStore, catalog.AccountUnclaimed, "a1")
			},
		},
		"claim": {
			before: func(t *testing.T, l *auth.Lifecycle) {
				l.AccountID = nobody
				if _, err := l.Grant(t.Context(), "kiosk", kioskGrant); err != nil {
					t.Fatal(err)
				}
			},
			do: func(ctx context.Context, l *auth.Lifecycle) error {
				_, err := l.Claim(ctx, "kiosk", kioskStore, "tenant-1")
				return err
			},
			check: func(t *testing.T, b *brittle) {
				kioskHolds(t, b, "tenant-1", catalog.AccountActive, "a1")
				if _, err := b.credentials.Load(t.Context(), "unclaimed:kiosk:"+kioskStore); catalog.KindOf(err) != catalog.ErrNotFound {
					t.Errorf("the waiting credential is still there: %v", err)
				}
			},
		},
		"uninstall": {
			before: func(t *testing.T, l *auth.Lifecycle) {
				if _, err := l.Accept(t.Context(), auth.Arrival{Platform: "kiosk", Account: "tenant-1"}, auth.Grant{Grant: kioskGrant}); err != nil {
					t.Fatal(err)
				}
			},
			do: func(ctx context.Context, l *auth.Lifecycle) error {
				return l.Event(ctx, catalog.Event{Platform: "kiosk", Store: kioskStore, Kind: catalog.EventAppUninstalled})
			},
			check: func(t *testing.T, b *brittle) {
				account, err := b.accounts.Get(t.Context(), "tenant-1")
				_, left := b.credentials.Load(t.Context(), "tenant-1")
				if err != nil || account.Status != catalog.AccountUninstalled || catalog.KindOf(left) != catalog.ErrNotFound {
					t.Errorf("%+v, %v, %v", account, err, left)
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, after := range []bool{false, true} {
				steps := 0
				for {
					l, b := kioskLife(t, &kiosk{})
					if test.before != nil {
						test.before(t, l)
					}
					b.steps, b.after = steps, after
					err := test.do(t.Context(), l)
					b.steps, b.after = -1, false
					if err == nil {
						test.check(t, b)
						break
					}
					if !errors.Is(err, errDown) {
						t.Fatalf("step %d: %v", steps, err)
					}
					for account := range b.accounts.List(t.Context(), catalog.AccountQuery{Status: catalog.AccountActive}) {
						if _, err := b.credentials.Load(t.Context(), account.ID); err != nil {
							t.Errorf("step %d: %s is active without a credential", steps, account.ID)
						}
					}
					if err := test.do(t.Context(), l); err != nil {
						t.Errorf("step %d, once more: %v", steps, err)
					}
					test.check(t, b)
					if steps++; steps > 100 {
						t.Fatal("it never ends")
					}
				}
				if steps < 3 {
					t.Errorf("only %d steps", steps)
				}
			}
		})
	}
}

func kioskHolds(t *testing.T, b *brittle, id string, status catalog.AccountStatus, token string) {
	t.Helper()
	account, err := b.accounts.ByStore(t.Context(), "kiosk", kioskStore)
	if err != nil || account.ID != id || account.Status != status {
		t.Errorf("%+v, %v", account, err)
		return
	}
	stored, err := b.credentials.Load(t.Context(), id)
	if err != nil || stored.Credential.AccessToken.Reveal() != token {
		t.Errorf("the credential is another: %v", err)
	}
}

func TestWhichGrantStays(t *testing.T) {
	t.Parallel()
	now := time.Now()
	early, late := kioskPair("early", now.Add(time.Hour)), kioskPair("late", now.Add(2*time.Hour))
	static := catalog.Credential{AccessToken: catalog.NewSecret("astatic")}
	for name, test := range map[string]struct {
		first, second catalog.Credential
		status        catalog.AccountStatus
		want          string
	}{
		"a later one":                            {early, late, "", "alate"},
		"an earlier one, delivered late":         {late, early, "", "alate"},
		"an earlier one where the first is dead": {late, early, catalog.AccountReauthorize, "aearly"},
		"one that never ends":                    {late, static, "", "astatic"},
		"one that ends after one that does not":  {static, early, "", "aearly"},
	} {
		l, b := kioskLife(t, &kiosk{})
		for i, c := range []catalog.Credential{test.first, test.second} {
			if i == 1 && test.status != "" {
				if err := b.accounts.SetStatus(t.Context(), "kiosk:"+kioskStore, test.status, ""); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := l.Grant(t.Context(), "kiosk", catalog.Grant{Store: kioskStore, Credential: c}); err != nil {
				t.Fatal(err)
			}
		}
		if stored, err := b.credentials.Load(t.Context(), "kiosk:"+kioskStore); err != nil || stored.Credential.AccessToken.Reveal() != test.want {
			t.Errorf("%s: not %s is on record, %v", name, test.want, err)
		}
	}
}

func TestClaimWaitsForARefresh(t *testing.T) {
	t.Parallel()
	l, b := kioskLife(t, &kiosk{})
	l.AccountID = nobody
	if _, err := l.Grant(t.Context(), "kiosk", kioskGrant); err != nil {
		t.Fatal(err)
	}
	waiting := "unclaimed:kiosk:" + kioskStore
	intent := catalog.RefreshIntent{Attempt: "1", StartedAt: time.Now(), Deadline: time.Now().Add(time.Minute)}
	if err := b.credentials.BeginRefresh(t.Context(), waiting, 1, intent); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Claim(t.Context(), "kiosk", kioskStore, "tenant-1"); catalog.KindOf(err) != catalog.ErrUnavailable {
		t.Errorf("claimed amid a refresh: %v", err)
	}
	// One that never came back: the token may have been used, and that goes
	// with it.
	if err := b.credentials.CancelRefresh(t.Context(), waiting, "1"); err != nil {
		t.Fatal(err)
	}
	intent.Deadline = time.Now().Add(-time.Hour)
	if err := b.credentials.BeginRefresh(t.Context(), waiting, 1, intent); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Claim(t.Context(), "kiosk", kioskStore, "tenant-1"); err != nil {
		t.Fatal(err)
	}
	if stored, err := b.credentials.Load(t.Context(), "tenant-1"); err != nil || stored.Refresh == nil || stored.Refresh.Attempt != "1" {
		t.Errorf("the refresh of unknown outcome was forgotten: %+v, %v", stored.Refresh, err)
	}
}

func TestClaimRefused(t *testing.T) {
	t.Parallel()
	l, _ := kioskLife(t, &kiosk{})
	l.AccountID = nobody
	if _, err := l.Claim(t.Context(), "kiosk", kioskStore, "tenant-1"); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("a store nobody has heard of: %v", err)
	}
	if _, err := l.Grant(t.Context(), "kiosk", kioskGrant); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Accept(t.Context(), auth.Arrival{Platform: "kiosk", Account: "tenant-2"}, auth.Grant{Grant: catalog.Grant{Store: kioskOther, Credential: kioskGrant.Credential}}); err != nil {
		t.Fatal(err)
	}
	for id, kind := range map[string]catalog.Kind{"": catalog.ErrInvalid, "unclaimed:x": catalog.ErrInvalid, "tenant-2": catalog.ErrConflict} {
		if _, err := l.Claim(t.Context(), "kiosk", kioskStore, id); catalog.KindOf(err) != kind {
			t.Errorf("%q: %v", id, err)
		}
	}
	// A merchant who connects by a flow gets the store that waits.
	if c, err := l.Accept(t.Context(), auth.Arrival{Platform: "kiosk", Account: "tenant-1"}, auth.Grant{Grant: kioskGrant}); err != nil || c.Account.ID != "tenant-1" || c.Account.Status != catalog.AccountActive {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestUnclaimedStoreCannotBeOpened(t *testing.T) {
	t.Parallel()
	l, b := kioskLife(t, &kiosk{})
	l.AccountID = nobody
	c, err := l.Grant(t.Context(), "kiosk", kioskGrant)
	if err != nil {
		t.Fatal(err)
	}
	stores := &catalog.Stores{Registry: l.Registry, Accounts: b.accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: b.credentials})}
	if _, err := stores.Open(t.Context(), c.Account.ID); catalog.KindOf(err) != catalog.ErrForbidden || !strings.Contains(err.Error(), "claim") {
		t.Errorf("%v", err)
	}
}

func TestUninstallIsHeardAndOldOnesAreNot(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		dead bool
		at   time.Time
		ends bool
	}{
		"now, of a store that still answers":  {false, time.Now().Add(time.Minute), true},
		"without a time":                      {false, time.Time{}, true},
		"old, of a store that still answers":  {false, time.Now().Add(-time.Hour), false},
		"old, of a store that refuses us now": {true, time.Now().Add(-time.Hour), true},
	} {
		k := &kiosk{dead: test.dead}
		l, b := kioskLife(t, k)
		var ended []catalog.Account
		l.OnEnded = func(_ context.Context, a catalog.Account) error { ended = append(ended, a); return nil }
		if _, err := l.Grant(t.Context(), "kiosk", kioskGrant); err != nil {
			t.Fatal(err)
		}
		err := l.Event(t.Context(), catalog.Event{Platform: "kiosk", Store: kioskStore, Kind: catalog.EventAppUninstalled, OccurredAt: test.at})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		account, _ := b.accounts.Get(t.Context(), "kiosk:"+kioskStore)
		if got := account.Status == catalog.AccountUninstalled; got != test.ends || (len(ended) == 1) != test.ends {
			t.Errorf("%s: %+v, the host heard of %d", name, account, len(ended))
		}
	}
}

func TestHookThatFailsIsCalledAgain(t *testing.T) {
	t.Parallel()
	l, _ := kioskLife(t, &kiosk{})
	if _, err := l.Grant(t.Context(), "kiosk", kioskGrant); err != nil {
		t.Fatal(err)
	}
	calls := 0
	l.OnEnded = func(context.Context, catalog.Account) error {
		if calls++; calls == 1 {
			return errDown
		}
		return nil
	}
	event := catalog.Event{Platform: "kiosk", Store: kioskStore, Kind: catalog.EventAppUninstalled}
	if err := l.Event(t.Context(), event); !errors.Is(err, errDown) {
		t.Errorf("%v", err)
	}
	if err := l.Event(t.Context(), event); err != nil || calls != 2 {
		t.Errorf("%v, %d calls", err, calls)
	}
	if err := l.Event(t.Context(), catalog.Event{Platform: "kiosk", Store: "https://unknown.example", Kind: catalog.EventAppUninstalled}); err != nil {
		t.Errorf("a store nobody knows: %v", err)
	}
}

func TestRevoked(t *testing.T) {
	t.Parallel()
	refusal := &catalog.Error{Kind: catalog.ErrReauthorize}
	for name, test := range map[string]struct {
		dead  bool
		cause error
		ends  bool
	}{
		"refused for good":                  {true, refusal, true},
		"refused, but it works by now":      {false, refusal, false},
		"a refresh of unknown outcome":      {true, &catalog.Error{Kind: catalog.ErrReauthorize, Err: &catalog.Error{Kind: catalog.ErrOutcomeUnknown}}, false},
		"a scope that is missing":           {true, &catalog.Error{Kind: catalog.ErrForbidden}, false},
		"a platform that cannot be reached": {true, &catalog.Error{Kind: catalog.ErrUnavailable}, false},
		"no error":                          {true, nil, false},
	} {
		k := &kiosk{dead: test.dead}
		l, b := kioskLife(t, k)
		if _, err := l.Grant(t.Context(), "kiosk", kioskGrant); err != nil {
			t.Fatal(err)
		}
		if err := l.Revoked(t.Context(), "kiosk:"+kioskStore, test.cause); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		account, _ := b.accounts.Get(t.Context(), "kiosk:"+kioskStore)
		_, left := b.credentials.Load(t.Context(), account.ID)
		if ended := account.Status == catalog.AccountReauthorize; ended != test.ends || (left != nil) != test.ends {
			t.Errorf("%s: %+v, %v", name, account, left)
		}
	}
}

func TestPrivacyEventsMustBeAcknowledged(t *testing.T) {
	t.Parallel()
	l, _ := kioskLife(t, &kiosk{})
	for _, kind := range []catalog.EventKind{catalog.EventPrivacyDataRequest, catalog.EventPrivacyCustomerRedact, catalog.EventPrivacyShopRedact} {
		event := catalog.Event{Platform: "kiosk", Store: kioskStore, Kind: kind, Topic: string(kind)}
		l.OnPrivacy = nil
		if err := l.Event(t.Context(), event); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: nobody acted, and the event passes: %v", kind, err)
		}
		var got []catalog.Event
		l.OnPrivacy = func(_ context.Context, e catalog.Event) error { got = append(got, e); return errDown }
		if err := l.Event(t.Context(), event); !errors.Is(err, errDown) || len(got) != 1 || got[0].Kind != kind {
			t.Errorf("%s: %v, %d", kind, err, len(got))
		}
	}
	l.OnPrivacy = nil
	if err := l.Event(t.Context(), catalog.Event{Platform: "kiosk", Kind: catalog.EventOrderCreated}); err != nil {
		t.Errorf("an event of no concern: %v", err)
	}
}
