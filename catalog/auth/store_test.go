package auth_test

import (
	"errors"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// A store that fails at each step: what the caller sees, what is on record,
// and that a single-use token is not sent twice when the store is back.
func TestStoreFails(t *testing.T) {
	t.Parallel()
	const swap, begin, load, cancel = "CompareAndSwap", "BeginRefresh", "Load", "CancelRefresh"
	always := []fault{fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails, fails}
	for title, c := range map[string]struct {
		op      string
		faults  []fault
		answer  error // of the platform's first call
		err     error // the caller's; nil = the new credential
		calls   int   // of the platform until then
		intent  bool  // on record then
		retried int   // of the platform, when the caller has tried again and got the credential
		final   error // of the caller's second try; nil = the new credential
	}{
		"load fails":            {op: load, faults: []fault{fails}, err: catalog.ErrUnavailable, retried: 1},
		"load hangs":            {op: load, faults: []fault{hangs}, err: catalog.ErrUnavailable, retried: 1},
		"load panics":           {op: load, faults: []fault{panics}, err: catalog.ErrUnavailable, retried: 1},
		"begin fails":           {op: begin, faults: []fault{fails}, err: catalog.ErrUnavailable, retried: 1},
		"begin hangs":           {op: begin, faults: []fault{hangs}, err: catalog.ErrUnavailable, retried: 1},
		"begin loses":           {op: begin, faults: []fault{loses}, err: catalog.ErrUnavailable, retried: 1},
		"begin panics":          {op: begin, faults: []fault{panics}, err: catalog.ErrUnavailable, retried: 1},
		"swap fails once":       {op: swap, faults: []fault{fails}, calls: 1, retried: 1},
		"swap loses once":       {op: swap, faults: []fault{loses}, calls: 1, retried: 1},
		"swap fails a while":    {op: swap, faults: always[:8], calls: 1, retried: 1},
		"swap fails for long":   {op: swap, faults: always, err: catalog.ErrUnavailable, calls: 1, intent: true, retried: 1},
		"swap hangs":            {op: swap, faults: []fault{hangs}, err: catalog.ErrUnavailable, calls: 1, intent: true, retried: 1},
		"swap panics":           {op: swap, faults: []fault{panics}, err: catalog.ErrUnavailable, calls: 1, intent: true, retried: 1},
		"cancel works":          {op: cancel, answer: unavailable(), err: catalog.ErrUnavailable, calls: 1, retried: 2},
		"cancel fails":          {op: cancel, faults: []fault{fails}, answer: unavailable(), err: catalog.ErrUnavailable, calls: 1, intent: true, retried: 2},
		"cancel loses":          {op: cancel, faults: []fault{loses}, answer: unavailable(), err: catalog.ErrUnavailable, calls: 1, retried: 2},
		"cancel hangs":          {op: cancel, faults: []fault{hangs}, answer: unavailable(), err: catalog.ErrUnavailable, calls: 1, intent: true, retried: 2},
		"cancel fails twice":    {op: cancel, faults: always[:2], answer: unavailable(), err: catalog.ErrUnavailable, calls: 1, intent: true, retried: 1, final: catalog.ErrUnavailable},
		"cancel after refusal":  {op: cancel, faults: []fault{fails}, answer: refused(), err: catalog.ErrReauthorize, calls: 1, intent: true, retried: 1, final: catalog.ErrReauthorize},
		"nothing after a loss":  {op: cancel, answer: lostAnswer(), err: catalog.ErrReauthorize, calls: 1, intent: true, retried: 1, final: catalog.ErrReauthorize},
		"load after a refusal":  {op: load, faults: []fault{works, works, fails}, answer: refused(), err: catalog.ErrReauthorize, calls: 1, retried: 1, final: catalog.ErrReauthorize},
		"load after a conflict": {op: load, faults: []fault{works, works, fails}, calls: 1, retried: 1},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := (&platform{policy: auth.Policy{SingleUse: true}}).failing(c.answer), due(t, 0).faulty(c.op, c.faults...)
				if title == "load after a conflict" {
					s.once(swap, func() { s.put(t, pair("0", 0)) })
				}
				source := auth.NewSource(account, s, p)
				got, err := source.Credential(t.Context())
				if c.err == nil {
					want(t, got, err, "1")
				} else {
					wantKind(t, got, err, c.err)
					if errors.Is(err, catalog.ErrUnauthorized) != errors.Is(c.err, catalog.ErrUnauthorized) {
						t.Errorf("a store that fails passes for a refused credential: %v", err)
					}
				}
				if intent := s.record(t).Refresh != nil; p.calls() != c.calls || intent != c.intent {
					t.Errorf("%d calls, intent on record: %v; want %d, %v", p.calls(), intent, c.calls, c.intent)
				}
				got, err = source.Credential(t.Context())
				if c.final != nil {
					wantKind(t, got, err, c.final)
				} else {
					want(t, got, err, "1")
					s.holds(t, got)
				}
				if title == "cancel after refusal" && s.record(t).Refresh != nil {
					t.Error("the refused refresh is still on record")
				}
				if p.calls() != c.retried {
					t.Errorf("%d calls in the end, want %d", p.calls(), c.retried)
				}
			})
		})
	}
}

// The intent may reach the record after the store reported that it did not.
func TestLateIntentIsRecognised(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{SingleUse: true}}, due(t, 0)
		s.with(func(op string, call int) fault {
			if op == "BeginRefresh" && call == 1 {
				return loses
			}
			if op == "CancelRefresh" && call == 1 {
				return fails
			}
			return works
		})
		source := auth.NewSource(account, s, p)
		got, err := source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable, errDown)
		if s.record(t).Refresh == nil {
			t.Fatal("the test does not test what it says")
		}
		time.Sleep(time.Hour) // long past the deadline
		got, err = source.Credential(t.Context())
		want(t, got, err, "1")
	})
}

// The new pair waits in memory; another process meanwhile knows nothing, and
// sends nothing.
func TestPairThatWaitsForTheStore(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{SingleUse: true}}, due(t, 0)
		down := func(op string, _ int) fault {
			if op == "CompareAndSwap" {
				return fails
			}
			return works
		}
		s.with(down)
		one, two := auth.NewSource(account, s, p), auth.NewSource(account, s, p)
		got, err := one.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		got, err = two.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrOutcomeUnknown)
		got, err = one.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		s.with(nil)
		for _, source := range []*auth.Source{one, two} {
			got, err = source.Credential(t.Context())
			want(t, got, err, "1")
		}

		time.Sleep(life)
		s.with(down)
		got, err = one.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		s.with(nil)
		s.put(t, pair("granted", 2*life)) // it comes too late
		got, err = one.Credential(t.Context())
		want(t, got, err, "granted")
		if p.sentTwice() != "" || p.calls() != 2 {
			t.Errorf("sent %q", p.sent)
		}
	})
}

func TestStoreThatRefusesTheAnswer(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := &store{}
		nameless := account
		nameless.ID = ""
		source := auth.NewSource(nameless, s, &platform{})
		for range 2 {
			start := time.Now()
			got, err := source.Credential(t.Context())
			wantKind(t, got, err, catalog.ErrInvalid)
			if time.Since(start) != 0 {
				t.Errorf("tried for %v what cannot work", time.Since(start))
			}
		}
	})
}

func TestStoreFailsWhileTheTokenLives(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{Ahead: time.Hour}}, due(t, 30*time.Minute)
		source := auth.NewSource(account, s, p)
		s.with(func(string, int) fault { return fails })
		got, err := source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable, errDown) // nothing is known yet
		s.with(func(op string, call int) fault {
			return map[bool]fault{true: works, false: fails}[op == "Load" && call == 1]
		})
		for i := range 100 {
			got, err := source.Credential(t.Context())
			want(t, got, err, "0")
			if n := s.calls("Load"); i == 99 && n > 3 {
				t.Errorf("%d looks into a store that is down, for 100 calls", n)
			}
		}
		s.with(nil)
		time.Sleep(time.Minute)
		got, err = source.Credential(t.Context())
		want(t, got, err, "1")
	})
}
