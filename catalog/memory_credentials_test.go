package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

func TestMemoryCredentials(t *testing.T) {
	t.Parallel()
	testCredentialStore(t, func() catalog.CredentialStore { return &catalog.MemoryCredentials{} })
}

// testCredentialStore holds a store of credentials against the interface's
// comments; make gives an empty one each time.
func testCredentialStore(t *testing.T, make func() catalog.CredentialStore) {
	for name, test := range map[string]func(*testing.T, catalog.CredentialStore){
		"absent":                credentialsAbsent,
		"swap and load":         credentialsSwapAndLoad,
		"stale swap":            credentialsStaleSwap,
		"invalid":               credentialsInvalid,
		"refresh":               credentialsRefresh,
		"intents never expire":  credentialsIntentStays,
		"cancel refresh":        credentialsCancelRefresh,
		"reconnect in between":  credentialsReconnect,
		"delete":                credentialsDelete,
		"delete, then old swap": credentialsDeleteThenSwap,
		"copies":                credentialsCopies,
		"ended context":         credentialsEndedContext,
		"one swap wins":         credentialsOneSwapWins,
		"one refresh wins":      credentialsOneRefreshWins,
		"no update is lost":     credentialsConcurrent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, make())
		})
	}
}

func token(text string) catalog.Credential {
	at := time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)
	return catalog.Credential{AccessToken: catalog.NewSecret(text), RefreshToken: catalog.NewSecret(text + " refresh"), Key: catalog.NewSecret("k"),
		Secret: catalog.NewSecret("s"), TokenSecret: catalog.NewSecret("t"), ExpiresAt: at, RefreshExpiresAt: at.AddDate(0, 1, 0), Scopes: []string{"read", "write"}}
}

func swap(t *testing.T, s catalog.CredentialStore, account string, version int64, c catalog.Credential) int64 {
	t.Helper()
	next, err := s.CompareAndSwap(t.Context(), account, version, c)
	if err != nil {
		t.Fatalf("CompareAndSwap at %d: %v", version, err)
	}
	if next <= version {
		t.Fatalf("the version went from %d to %d", version, next)
	}
	return next
}

func load(t *testing.T, s catalog.CredentialStore, account string) catalog.StoredCredential {
	t.Helper()
	stored, err := s.Load(t.Context(), account)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return stored
}

func intent(attempt string) catalog.RefreshIntent {
	at := time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)
	return catalog.RefreshIntent{Attempt: attempt, Fingerprint: "f", Owner: "host-1", StartedAt: at, Deadline: at.Add(time.Minute)}
}

func begin(t *testing.T, s catalog.CredentialStore, account string, version int64, attempt string) {
	t.Helper()
	if err := s.BeginRefresh(t.Context(), account, version, intent(attempt)); err != nil {
		t.Fatalf("BeginRefresh: %v", err)
	}
}

func credentialsAbsent(t *testing.T, s catalog.CredentialStore) {
	if _, err := s.Load(t.Context(), "none"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("Load: %v, want ErrNotFound", err)
	}
	for _, version := range []int64{0, 1} {
		if err := s.BeginRefresh(t.Context(), "none", version, intent("a")); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("BeginRefresh of version %d: %v, want ErrConflict", version, err)
		}
	}
	if err := s.CancelRefresh(t.Context(), "none", "a"); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("CancelRefresh: %v, want ErrConflict", err)
	}
	if err := s.Delete(t.Context(), "none"); err != nil {
		t.Errorf("Delete: %v, want no error", err)
	}
	if _, err := s.CompareAndSwap(t.Context(), "none", 1, token("a")); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("CompareAndSwap of version 1: %v, want ErrConflict", err)
	}
	if _, err := s.Load(t.Context(), "none"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a refused call stored something: %v", err)
	}
}

func credentialsSwapAndLoad(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	swap(t, s, "t-2", 0, token("other"))
	for _, next := range []string{"b", "c"} {
		version = swap(t, s, "t-1", version, token(next))
		want := token(next)
		got := load(t, s, "t-1")
		if got.Version != version || got.Refresh != nil || !got.Credential.Same(want) || !got.Credential.ExpiresAt.Equal(want.ExpiresAt) ||
			!got.Credential.RefreshExpiresAt.Equal(want.RefreshExpiresAt) || !slices.Equal(got.Credential.Scopes, want.Scopes) {
			t.Errorf("got %+v at version %d, want %+v at %d", got, got.Version, want, version)
		}
	}
	key := catalog.Credential{Key: catalog.NewSecret("ck"), Secret: catalog.NewSecret("cs")}
	swap(t, s, "t-1", version, key)
	if got := load(t, s, "t-1").Credential; !got.Same(key) || got.Scopes != nil || !got.ExpiresAt.IsZero() || !got.AccessToken.IsZero() {
		t.Errorf("parts of the old credential are left: %+v", got)
	}
	if got := load(t, s, "t-2").Credential; !got.Same(token("other")) {
		t.Error("another account's credential changed")
	}
}

func credentialsStaleSwap(t *testing.T, s catalog.CredentialStore) {
	first := swap(t, s, "t-1", 0, token("a"))
	second := swap(t, s, "t-1", first, token("b"))
	begin(t, s, "t-1", second, "attempt")
	for _, version := range []int64{0, first, second + 1, -1} {
		if got, err := s.CompareAndSwap(t.Context(), "t-1", version, token("lost")); !errors.Is(err, catalog.ErrConflict) || got != 0 {
			t.Errorf("at version %d: %d, %v; want ErrConflict", version, got, err)
		}
	}
	if got := load(t, s, "t-1"); got.Version != second || !got.Credential.Same(token("b")) || got.Refresh == nil {
		t.Errorf("a refused swap left %+v", got)
	}
}

func credentialsInvalid(t *testing.T, s catalog.CredentialStore) {
	if _, err := s.CompareAndSwap(t.Context(), "", 0, token("a")); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("without an account: %v, want ErrInvalid", err)
	}
	if _, err := s.CompareAndSwap(t.Context(), "t-1", 0, catalog.Credential{Scopes: []string{"read"}}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an empty credential: %v, want ErrInvalid", err)
	}
	version := swap(t, s, "t-1", 0, token("a"))
	if err := s.BeginRefresh(t.Context(), "t-1", version, intent("")); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an intent without Attempt: %v, want ErrInvalid", err)
	}
}

func credentialsRefresh(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	begin(t, s, "t-1", version, "first")
	stored := load(t, s, "t-1")
	want := intent("first")
	if stored.Version != version || stored.Refresh == nil {
		t.Fatalf("stored %+v; want the same version and an intent", stored)
	}
	if got := *stored.Refresh; got.Attempt != want.Attempt || got.Fingerprint != want.Fingerprint || got.Owner != want.Owner ||
		!got.StartedAt.Equal(want.StartedAt) || !got.Deadline.Equal(want.Deadline) {
		t.Errorf("the intent is %+v, want %+v", got, want)
	}
	for _, attempt := range []string{"first", "second"} {
		if err := s.BeginRefresh(t.Context(), "t-1", version, intent(attempt)); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("a second refresh %q: %v, want ErrConflict", attempt, err)
		}
	}
	next := swap(t, s, "t-1", version, token("b"))
	if got := load(t, s, "t-1"); got.Refresh != nil || !got.Credential.Same(token("b")) {
		t.Errorf("after the swap: %+v; want no intent", got)
	}
	if err := s.BeginRefresh(t.Context(), "t-1", version, intent("late")); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("a refresh of the old version: %v, want ErrConflict", err)
	}
	begin(t, s, "t-1", next, "third")
}

// The outcome of an intent past its deadline is unknown; it is not free.
func credentialsIntentStays(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	old := intent("first")
	old.StartedAt, old.Deadline = time.Unix(0, 0), time.Unix(60, 0)
	if err := s.BeginRefresh(t.Context(), "t-1", version, old); err != nil {
		t.Fatal(err)
	}
	if err := s.BeginRefresh(t.Context(), "t-1", version, intent("second")); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("beside an intent of long ago: %v, want ErrConflict", err)
	}
	if got := load(t, s, "t-1").Refresh; got == nil || got.Attempt != "first" {
		t.Errorf("the intent is %+v", got)
	}
}

func credentialsCancelRefresh(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	begin(t, s, "t-1", version, "first")
	for _, attempt := range []string{"other", ""} {
		if err := s.CancelRefresh(t.Context(), "t-1", attempt); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("cancelling %q: %v, want ErrConflict", attempt, err)
		}
	}
	if load(t, s, "t-1").Refresh == nil {
		t.Fatal("somebody else's cancel removed the intent")
	}
	if err := s.CancelRefresh(t.Context(), "t-1", "first"); err != nil {
		t.Fatal(err)
	}
	if got := load(t, s, "t-1"); got.Refresh != nil || got.Version != version || !got.Credential.Same(token("a")) {
		t.Errorf("after the cancel: %+v", got)
	}
	if err := s.CancelRefresh(t.Context(), "t-1", "first"); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("cancelling twice: %v, want ErrConflict", err)
	}
	begin(t, s, "t-1", version, "second")
	swap(t, s, "t-1", version, token("b"))
}

// The merchant connects again while a refresh is under way: the fresh grant
// stays, the refresh finds out that it is late.
func credentialsReconnect(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	begin(t, s, "t-1", version, "refresh")
	granted := swap(t, s, "t-1", version, token("granted"))
	if _, err := s.CompareAndSwap(t.Context(), "t-1", version, token("refreshed")); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("the late refresh: %v, want ErrConflict", err)
	}
	begin(t, s, "t-1", granted, "next")
	if err := s.CancelRefresh(t.Context(), "t-1", "refresh"); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("the late cancel: %v, want ErrConflict", err)
	}
	if got := load(t, s, "t-1"); got.Refresh == nil || got.Refresh.Attempt != "next" || !got.Credential.Same(token("granted")) {
		t.Errorf("left is %+v", got)
	}
}

func credentialsDelete(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	swap(t, s, "t-2", 0, token("b"))
	begin(t, s, "t-1", version, "first")
	for range 2 {
		if err := s.Delete(t.Context(), "t-1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Load(t.Context(), "t-1"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("Load after Delete: %v, want ErrNotFound", err)
	}
	if err := s.CancelRefresh(t.Context(), "t-1", "first"); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("the intent survived: %v", err)
	}
	swap(t, s, "t-1", 0, token("c"))
	if got := load(t, s, "t-1"); got.Refresh != nil || !got.Credential.Same(token("c")) {
		t.Errorf("connected again: %+v", got)
	}
	if got := load(t, s, "t-2"); !got.Credential.Same(token("b")) {
		t.Error("another account's credential is gone")
	}
}

// Whoever read a version before the credential was erased must not overwrite,
// or refresh, what was stored since.
func credentialsDeleteThenSwap(t *testing.T, s catalog.CredentialStore) {
	var old []int64
	version := int64(0)
	for i := range 3 {
		version = swap(t, s, "t-1", version, token(fmt.Sprint("old", i)))
		old = append(old, version)
	}
	if err := s.Delete(t.Context(), "t-1"); err != nil {
		t.Fatal(err)
	}
	for _, v := range old {
		if _, err := s.CompareAndSwap(t.Context(), "t-1", v, token("late")); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("a swap of version %d after Delete: %v, want ErrConflict", v, err)
		}
	}
	version = 0
	for i := range 4 {
		version = swap(t, s, "t-1", version, token(fmt.Sprint("new", i)))
		if slices.Contains(old, version) {
			t.Errorf("version %d was given out twice", version)
		}
		for _, v := range old {
			if _, err := s.CompareAndSwap(t.Context(), "t-1", v, token("late")); !errors.Is(err, catalog.ErrConflict) {
				t.Errorf("a swap of the erased version %d: %v, want ErrConflict", v, err)
			}
			if err := s.BeginRefresh(t.Context(), "t-1", v, intent("late")); !errors.Is(err, catalog.ErrConflict) {
				t.Errorf("a refresh of the erased version %d: %v, want ErrConflict", v, err)
			}
		}
	}
}

func credentialsCopies(t *testing.T, s catalog.CredentialStore) {
	given, started := token("a"), intent("first")
	version := swap(t, s, "t-1", 0, given)
	if err := s.BeginRefresh(t.Context(), "t-1", version, started); err != nil {
		t.Fatal(err)
	}
	given.Scopes[0] = "changed by the giver"
	taken := load(t, s, "t-1")
	taken.Credential.Scopes[1], taken.Refresh.Attempt = "changed by the taker", "changed"
	if got := load(t, s, "t-1"); !slices.Equal(got.Credential.Scopes, []string{"read", "write"}) || got.Refresh.Attempt != "first" {
		t.Errorf("stored are %v and %q", got.Credential.Scopes, got.Refresh.Attempt)
	}
}

func credentialsEndedContext(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	begin(t, s, "t-1", version, "first")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"Load": second(s.Load(ctx, "t-1")), "CompareAndSwap": second(s.CompareAndSwap(ctx, "t-1", version, token("b"))),
		"BeginRefresh": s.BeginRefresh(ctx, "t-1", version, intent("b")), "CancelRefresh": s.CancelRefresh(ctx, "t-1", "first"), "Delete": s.Delete(ctx, "t-1"),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	if got := load(t, s, "t-1"); got.Version != version || got.Refresh == nil {
		t.Errorf("an ended context changed it to %+v", got)
	}
}
