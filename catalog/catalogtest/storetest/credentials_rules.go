package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

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
