//go:build unix

package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/sqlstore"
)

// later shows a store as it will be when so much time has passed.
type later struct {
	catalog.CredentialStore
	intents, tokens time.Duration
}

func (l later) Load(ctx context.Context, account string) (catalog.StoredCredential, error) {
	stored, err := l.CredentialStore.Load(ctx, account)
	stored.Credential.ExpiresAt = stored.Credential.ExpiresAt.Add(-l.tokens)
	if stored.Refresh != nil {
		stored.Refresh.StartedAt, stored.Refresh.Deadline = stored.Refresh.StartedAt.Add(-l.intents), stored.Refresh.Deadline.Add(-l.intents)
	}
	return stored, err
}

// byJournal is what examine says of an answer that only the journal had.
const byJournal = "healed by the journal"

// victim is an account whose process was killed in a refresh.
type victim struct {
	*market
	store   *sallatest.Store
	adapter *salla.Adapter
	db      *sqlstore.Store
	journal string // its folder, "" = none
	id      string
	tokens  sallatest.Tokens // from before
}

// host is the process that takes the victim's place after so much time.
func (v *victim) host(t *testing.T, after later) (*catalog.Stores, *auth.Provider, func()) {
	t.Helper()
	after.CredentialStore = v.db.Credentials()
	config, end := auth.ProviderConfig{Store: after, Accounts: v.db.Accounts()}, func() {}
	if v.journal != "" {
		j, err := sqlstore.OpenJournal(v.journal, testKeys)
		if err != nil {
			t.Fatal(err)
		}
		config.Journal, end = j, func() { _ = j.Close() }
	}
	provider := auth.NewProvider(config)
	stores, err := hosts(v.db, v.adapter, provider)
	if err != nil {
		t.Fatal(err)
	}
	return stores, provider, end
}

func (v *victim) shop(t *testing.T, after later) error {
	t.Helper()
	stores, _, end := v.host(t, after)
	defer end()
	engine, err := stores.Open(t.Context(), v.id)
	if err == nil {
		_, err = engine.Shop(t.Context())
	}
	return err
}

// sentOnce reports an error if the token from before was sent more than once.
func (v *victim) sentOnce(t *testing.T, when string) int {
	t.Helper()
	sent, _ := v.market.tokens(v.tokens.RefreshToken)
	if sent > 1 || v.RefreshReuses() != 0 {
		t.Fatalf("%s: the refresh token of %s was sent %d times, %d reuses", when, v.id, sent, v.RefreshReuses())
	}
	return sent
}

// examine checks what the kill left, and returns a word for it.
func (v *victim) examine(t *testing.T) string {
	t.Helper()
	sent := v.sentOnce(t, "after the kill")
	stored, err := v.db.Credentials().Load(t.Context(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	old := stored.Credential.RefreshToken.Reveal() == v.tokens.RefreshToken
	switch {
	case old && sent > 0 && stored.Refresh == nil:
		t.Fatalf("%s: a used refresh token is on record as good", v.id)
	case !old && (sent != 1 || stored.Refresh != nil):
		t.Fatalf("%s: a new pair is on record, sent %d times, intent %v", v.id, sent, stored.Refresh)
	}
	if err := v.shop(t, later{}); err != nil { // with the old access token, or a new one
		t.Fatalf("%s: service does not go on: %v", v.id, err)
	}
	v.sentOnce(t, "at the next start")
	after, err := v.db.Credentials().Load(t.Context(), v.id)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case !old:
		return "stored"
	case after.Refresh == nil && stored.Refresh == nil:
		return "not begun"
	case after.Refresh == nil:
		if v.journal == "" {
			t.Fatalf("%s: the intent went away", v.id)
		}
		return byJournal
	}
	v.unknown(t)
	if sent == 0 {
		return "unknown, not sent"
	}
	return "unknown, sent"
}

// unknown checks what is said and done about an outcome nobody knows.
func (v *victim) unknown(t *testing.T) {
	t.Helper()
	overdue := later{intents: time.Hour}
	if err := v.shop(t, overdue); err != nil {
		t.Fatalf("%s: the old token no longer serves: %v", v.id, err)
	}
	stores, provider, end := v.host(t, overdue)
	var kept auth.Kept
	_, err := provider.KeepAlive(t.Context(), auth.Sweep{Registry: stores.Registry, Query: catalog.AccountQuery{Status: catalog.AccountActive},
		Report: func(k auth.Kept) {
			if k.Account.ID == v.id {
				kept = k
			}
		}})
	end()
	if err != nil || kept.State != auth.KeptUnknown || !errors.Is(kept.Err, catalog.ErrOutcomeUnknown) {
		t.Fatalf("%s: the sweep says %q, %v, %v", v.id, kept.State, kept.Err, err)
	}
	v.store.ExpireTokens()
	dead := later{intents: time.Hour, tokens: 24 * time.Hour}
	if err := v.shop(t, dead); !errors.Is(err, catalog.ErrReauthorize) || !errors.Is(err, catalog.ErrOutcomeUnknown) {
		t.Fatalf("%s: with a dead token: %v", v.id, err)
	}
	if account, err := v.db.Accounts().Get(t.Context(), v.id); err != nil || account.Status != catalog.AccountReauthorize {
		t.Fatalf("%s: the account is %q, %v", v.id, account.Status, err)
	}
	v.sentOnce(t, "in the end")
}

// A process is killed anywhere in a refresh; another takes its place.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	var kills, healed atomic.Int64
	onEach(t, func(t *testing.T, d *database) {
		m := newMarket(t)
		adapter, err := sallaAdapter(m.address(), m.ClientID(), m.ClientSecret())
		if err != nil {
			t.Fatal(err)
		}
		seed := rand.Uint64()
		random, folder, found := rand.New(rand.NewPCG(seed, 0)), t.TempDir(), map[string]int{}
		for point, done := 0, 0; done < killPoints && point < 3*killPoints; point++ {
			v := &victim{market: m, adapter: adapter, id: fmt.Sprintf("t-%03d", point), store: m.AddStore(&sallatest.Config{Products: 1, Orders: -1, Customers: -1})}
			if v.db, err = d.open(testKeys); err != nil {
				t.Fatal(err)
			}
			v.tokens = m.connect(t, v.db, v.id, v.store, 12*time.Hour) // it lives, and is due
			shut(t, v.db)
			step, after := random.IntN(lastStep), time.Duration(0)
			if random.IntN(2) == 0 {
				after = time.Duration(random.IntN(1500)) * time.Microsecond
			}
			if random.IntN(2) == 0 {
				v.journal = filepath.Join(folder, v.id)
			}
			doomed := d.named("victim")
			cmd := process(t, "die", append(m.env(doomed), "SOUK_TEST_ACCOUNT="+v.id, "SOUK_TEST_JOURNAL="+v.journal, fmt.Sprint("SOUK_TEST_STEP=", step), "SOUK_TEST_AFTER="+after.String())...)
			if killed(t, cmd) { // and not ended before it came so far
				kills.Add(1)
				done++
			}
			d.finish(t, doomed)
			if v.db, err = d.open(testKeys); err != nil { // nothing to clean up
				t.Fatal(err)
			}
			word := v.examine(t)
			if found[word]++; word == byJournal {
				healed.Add(1)
			}
			if v.db.Accounts().Delete(t.Context(), v.id) != nil { // out of the next sweeps
				t.Fatal("the account stays")
			}
			shut(t, v.db)
			if t.Failed() {
				t.Fatalf("seed %d, point %d, step %d and %v", seed, point, step, after)
			}
		}
		t.Logf("seed %d: %v", seed, found)
		for _, word := range []string{"stored", "not begun", "unknown, sent"} {
			if killPoints >= 100 && found[word] == 0 {
				t.Errorf("no kill left %q: %v", word, found)
			}
		}
	})
	t.Cleanup(func() {
		t.Logf("%d processes were killed", kills.Load())
		if killPoints >= 100 && healed.Load() == 0 && !t.Failed() {
			t.Error("the journal never helped")
		}
	})
}

// killed runs the process and reports whether it died of kill -9; one that
// ended by itself must have done well.
func killed(t *testing.T, cmd *exec.Cmd) bool {
	t.Helper()
	err := cmd.Run()
	if err == nil {
		return false
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the process failed: %v", err)
	}
	return true
}
