package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// States holds a store of install states against auth.States. open gives an
// empty one each time, and a function that lets its time pass; it is called by
// parallel tests.
func States(t *testing.T, open func(t *testing.T) (states auth.States, pass func(time.Duration))) {
	type timed struct {
		auth.States
		pass func(time.Duration)
	}
	one := func(t *testing.T) timed {
		states, pass := open(t)
		return timed{states, pass}
	}
	run(t, one, map[string]func(*testing.T, timed){
		"taken once":     func(t *testing.T, s timed) { statesTakenOnce(t, s) },
		"put once":       func(t *testing.T, s timed) { statesPutOnce(t, s) },
		"values":         func(t *testing.T, s timed) { statesValues(t, s) },
		"expire":         func(t *testing.T, s timed) { statesExpire(t, s, s.pass) },
		"refuse":         func(t *testing.T, s timed) { statesRefuse(t, s) },
		"ended context":  func(t *testing.T, s timed) { statesEndedContext(t, s) },
		"concurrent use": func(t *testing.T, s timed) { statesConcurrent(t, s) },
	})
}

// hour is in an hour, by whatever clock the store has.
func hour() time.Time { return time.Now().Add(time.Hour) }

func keep(t *testing.T, s auth.States, key, value string, until time.Time) {
	t.Helper()
	if err := s.Put(t.Context(), key, catalog.NewSecret(value), until); err != nil {
		t.Fatalf("Put(%q): %v", key, err)
	}
}

func take(t *testing.T, s auth.States, key, want string) {
	t.Helper()
	if got, err := s.Take(t.Context(), key); err != nil || got.Reveal() != want {
		t.Errorf("Take(%.20q) gives %d bytes, %v", key, len(got.Reveal()), err)
	}
}

func gone(t *testing.T, s auth.States, key string) {
	t.Helper()
	if got, err := s.Take(t.Context(), key); !errors.Is(err, catalog.ErrNotFound) || !got.IsZero() {
		t.Errorf("Take(%q): %v, want ErrNotFound", key, err)
	}
}

func statesTakenOnce(t *testing.T, s auth.States) {
	keep(t, s, "k", "v", hour())
	keep(t, s, "other", "w", hour())
	won := count(t, catalog.ErrNotFound, func(int) error {
		value, err := s.Take(t.Context(), "k")
		if err == nil && value.Reveal() != "v" {
			t.Error("another value came")
		}
		return err
	})
	if len(won) != 1 {
		t.Errorf("%d took it", len(won))
	}
	gone(t, s, "k")
	take(t, s, "other", "w")
	keep(t, s, "k", "again", hour())
	take(t, s, "k", "again")
}

func statesPutOnce(t *testing.T, s auth.States) {
	won := count(t, catalog.ErrConflict, func(i int) error {
		return s.Put(t.Context(), "k", catalog.NewSecret(fmt.Sprint(i)), hour())
	})
	if len(won) != 1 {
		t.Fatalf("%d put it", len(won))
	}
	take(t, s, "k", fmt.Sprint(won[0]))
}

func statesValues(t *testing.T, s auth.States) {
	for _, text := range []string{"", "\x00\xff", "متجر", strings.Repeat("long", 5000)} {
		keep(t, s, "key "+text, text, hour())
		take(t, s, "key "+text, text)
	}
}

func statesExpire(t *testing.T, s auth.States, pass func(time.Duration)) {
	keep(t, s, "soon", "v", time.Now().Add(30*time.Minute))
	keep(t, s, "later", "v", time.Now().Add(2*time.Hour))
	pass(45 * time.Minute)
	gone(t, s, "soon")
	keep(t, s, "soon", "anew", time.Now().Add(90*time.Minute))
	take(t, s, "soon", "anew")
	take(t, s, "later", "v")
	keep(t, s, "k", "v", time.Now().Add(time.Hour))
	pass(30 * time.Minute)
	keep(t, s, "k", "in place of what has expired", time.Now().Add(2*time.Hour))
	take(t, s, "k", "in place of what has expired")
}

func statesRefuse(t *testing.T, s auth.States) {
	if err := s.Put(t.Context(), "", catalog.NewSecret("v"), hour()); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no key: %v, want ErrInvalid", err)
	}
	if err := s.Put(t.Context(), "k", catalog.NewSecret("v"), time.Now().Add(-time.Second)); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a time that has passed: %v, want ErrInvalid", err)
	}
	if err := s.Put(t.Context(), "k", catalog.NewSecret("v"), time.Time{}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no time: %v, want ErrInvalid", err)
	}
	gone(t, s, "k")
	gone(t, s, "")
}

func statesEndedContext(t *testing.T, s auth.States) {
	keep(t, s, "k", "v", hour())
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ended, "new", catalog.Secret{}, hour()); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if _, err := s.Take(ended, "k"); !errors.Is(err, context.Canceled) {
		t.Errorf("Take: %v", err)
	}
	gone(t, s, "new")
	take(t, s, "k", "v")
}

// Flows begin and end at once, each with a state of its own.
func statesConcurrent(t *testing.T, s auth.States) {
	won := count(t, nil, func(i int) error {
		for round := range 10 {
			text := fmt.Sprint(i, "/", round)
			if err := s.Put(t.Context(), text, catalog.NewSecret(text), hour()); err != nil {
				return err
			}
			if value, err := s.Take(t.Context(), text); err != nil || value.Reveal() != text {
				return fmt.Errorf("take: %w", err)
			}
		}
		return nil
	})
	if len(won) != 32 {
		t.Errorf("%d of 32 flows ended", len(won))
	}
}
