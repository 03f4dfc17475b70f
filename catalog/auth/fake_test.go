package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

const (
	id     = "tenant-1"
	canary = "s3cr3t"
	life   = time.Hour
)

var account = catalog.Account{ID: id, Platform: "bazaar", Store: "acme"}

// errDown is a failure without a kind, as a database driver gives.
var errDown = errors.New("connection refused")

func unavailable() error {
	return &catalog.Error{Platform: "bazaar", Op: "refresh", Kind: catalog.ErrUnavailable, Message: "the platform is down"}
}

func lostAnswer() error {
	return &catalog.Error{Platform: "bazaar", Op: "refresh", Kind: catalog.ErrOutcomeUnknown, Message: "the connection was cut"}
}

func refused() error {
	return &catalog.Error{Platform: "bazaar", Op: "refresh", Kind: catalog.ErrReauthorize, Code: "invalid_grant"}
}

// platform is a Refresher that gives out numbered pairs and keeps a record of
// the refresh tokens it was sent.
type platform struct {
	policy auth.Policy
	takes  time.Duration
	life   time.Duration // of the tokens; 0 = life
	// answer decides about the call with this number, from 1; nil grants.
	answer func(ctx context.Context, call int, used catalog.Credential) (catalog.Credential, error)

	mu   sync.Mutex
	sent []string
	n    int
}

func (p *platform) RefreshPolicy() auth.Policy { return p.policy }

func (p *platform) RefreshCredential(ctx context.Context, a catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	p.mu.Lock()
	p.sent = append(p.sent, used.RefreshToken.Reveal())
	call := len(p.sent)
	p.mu.Unlock()
	if a.Store != account.Store {
		return catalog.Credential{}, errors.New("the wrong account")
	}
	if p.takes > 0 {
		select {
		case <-time.After(p.takes):
		case <-ctx.Done():
			return catalog.Credential{}, ctx.Err()
		}
	}
	if p.answer != nil {
		return p.answer(ctx, call, used)
	}
	return p.issue(), nil
}

// issue makes the next pair.
func (p *platform) issue() catalog.Credential {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	lasts := p.life
	if lasts == 0 {
		lasts = life
	}
	return pair(fmt.Sprint(p.n), lasts)
}

func (p *platform) calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.sent)
}

// sentTwice names a refresh token that came twice, "" when none did.
func (p *platform) sentTwice() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := make(map[string]bool)
	for _, token := range p.sent {
		if token != "" && seen[token] {
			return token
		}
		seen[token] = true
	}
	return ""
}

// failing answers the first calls with the errors, then grants.
func (p *platform) failing(errs ...error) *platform {
	p.answer = func(_ context.Context, call int, _ catalog.Credential) (catalog.Credential, error) {
		if call <= len(errs) && errs[call-1] != nil {
			return catalog.Credential{}, errs[call-1]
		}
		return p.issue(), nil
	}
	return p
}

// pair is a credential that lives as long from now.
func pair(name string, lasts time.Duration) catalog.Credential {
	return catalog.Credential{AccessToken: catalog.NewSecret("access-" + canary + "-" + name), RefreshToken: catalog.NewSecret("refresh-" + canary + "-" + name),
		ExpiresAt: time.Now().Add(lasts)}
}

// name is what the test may show of a credential.
func name(c catalog.Credential) string {
	return strings.TrimPrefix(c.AccessToken.Reveal(), "access-"+canary+"-")
}

// want reports an error unless got is the pair of this name.
func want(t testing.TB, got catalog.Credential, err error, pair string) {
	t.Helper()
	if err != nil || name(got) != pair {
		t.Errorf("got %q, %v; want %q", name(got), err, pair)
	}
}

// wantKind reports an error unless err is of all kinds and shows no secret.
func wantKind(t testing.TB, got catalog.Credential, err error, kinds ...error) {
	t.Helper()
	if !got.IsZero() {
		t.Errorf("%q came beside %v", name(got), err)
	}
	for _, kind := range kinds {
		if !errors.Is(err, kind) {
			t.Errorf("error is %v, want %v", err, kind)
		}
	}
	if err != nil && (strings.Contains(err.Error(), canary) || strings.Contains(fmt.Sprintf("%#v", err), canary)) {
		t.Errorf("the error shows a secret: %v", err)
	}
}

// inTime runs a test in a bubble of its own time.
func inTime(t *testing.T, test func(*testing.T)) {
	t.Parallel()
	synctest.Test(t, test)
}

// due is a store that holds the pair "0", which ends after lasts.
func due(t testing.TB, lasts time.Duration) *store {
	s := &store{}
	s.put(t, pair("0", lasts))
	return s
}

// many calls f from 100 goroutines and waits for them.
func many(f func()) {
	var all sync.WaitGroup
	for range 100 {
		all.Go(f)
	}
	all.Wait()
}

// inTimeAlone is inTime, one after another.
func inTimeAlone(t *testing.T, test func(*testing.T)) { synctest.Test(t, test) }
