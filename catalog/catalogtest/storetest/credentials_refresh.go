package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

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
