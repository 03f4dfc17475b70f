//go:build unix

package sqlstore_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/sqlstore"
)

// fuse kills this process, as kill -9 does, some time after a step.
type fuse struct {
	steps atomic.Int64
	at    int64
	after time.Duration
}

// step is called before and after everything a refresh does.
func (f *fuse) step() {
	if f.steps.Add(1) != f.at {
		return
	}
	die := func() { _ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL) }
	if f.after > 0 {
		time.AfterFunc(f.after, die)
		return
	}
	die()
	select {} // the signal is on its way
}

// doomed are a store, a journal and a transport that light the fuse.
type doomedStore struct {
	catalog.CredentialStore
	*fuse
}

func (d doomedStore) Load(ctx context.Context, account string) (catalog.StoredCredential, error) {
	d.step()
	defer d.step()
	return d.CredentialStore.Load(ctx, account)
}

func (d doomedStore) CompareAndSwap(ctx context.Context, account string, version int64, next catalog.Credential) (int64, error) {
	d.step()
	defer d.step()
	return d.CredentialStore.CompareAndSwap(ctx, account, version, next)
}

func (d doomedStore) BeginRefresh(ctx context.Context, account string, version int64, intent catalog.RefreshIntent) error {
	d.step()
	defer d.step()
	return d.CredentialStore.BeginRefresh(ctx, account, version, intent)
}

type doomedJournal struct {
	auth.Journal
	*fuse
}

func (d doomedJournal) Append(ctx context.Context, a auth.Answer) error {
	d.step()
	defer d.step()
	return d.Journal.Append(ctx, a)
}

func (d doomedJournal) Remove(ctx context.Context, account, attempt string) error {
	d.step()
	defer d.step()
	return d.Journal.Remove(ctx, account, attempt)
}

type doomedTransport struct {
	base http.RoundTripper
	*fuse
}

func (d doomedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	d.step()
	trace := &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { d.step() }, WroteHeaders: d.step,
		WroteRequest: func(httptrace.WroteRequestInfo) { d.step() }, GotFirstResponseByte: d.step,
	}
	resp, err := d.base.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	d.step()
	if err == nil {
		resp.Body = doomedBody{resp.Body, d.fuse}
	}
	return resp, err
}

type doomedBody struct {
	io.ReadCloser
	*fuse
}

func (d doomedBody) Close() error {
	d.step()
	return d.ReadCloser.Close()
}

// lastStep is beyond the last step of a call that refreshes.
const lastStep = 22

func init() {
	// die makes one call for an account, and is killed meanwhile.
	roles["die"] = func() error {
		ctx := context.Background()
		s, _, err := fromEnv(ctx)
		if err != nil {
			return err
		}
		at, _ := strconv.ParseInt(os.Getenv("SOUK_TEST_STEP"), 10, 64)
		after, _ := time.ParseDuration(os.Getenv("SOUK_TEST_AFTER"))
		f := &fuse{at: at, after: after}
		adapter, err := salla.New(salla.Config{ClientID: os.Getenv("SOUK_TEST_APP"), ClientSecret: catalog.NewSecret(os.Getenv("SOUK_TEST_APP_SECRET")),
			Attempts: 1, Transport: doomedTransport{toMarket{os.Getenv("SOUK_TEST_MARKET"), &http.Transport{}}, f}})
		if err != nil {
			return err
		}
		config := auth.ProviderConfig{Store: doomedStore{s.Credentials(), f}}
		if folder := os.Getenv("SOUK_TEST_JOURNAL"); folder != "" {
			keys := sqlstore.Keys{Current: sqlstore.Key{ID: "test", Secret: catalog.NewSecret(os.Getenv("SOUK_TEST_KEY"))}}
			j, err := sqlstore.OpenJournal(folder, keys)
			if err != nil {
				return err
			}
			config.Journal = doomedJournal{j, f}
		}
		stores, err := hosts(s, adapter, auth.NewProvider(config))
		if err != nil {
			return err
		}
		engine, err := stores.Open(ctx, os.Getenv("SOUK_TEST_ACCOUNT"))
		if err != nil {
			return err
		}
		if _, err = engine.Shop(ctx); err != nil {
			return err
		}
		return s.Close()
	}
}
