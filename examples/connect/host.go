package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/examples/internal/keyfile"
	"github.com/soukhq/souk/sqlstore"
)

// host is a service that connects stores: what it keeps, and the parts of souk
// that it puts together.
type host struct {
	settings  settings
	logger    *slog.Logger
	db        *sqlstore.Store
	registry  *catalog.Registry
	provider  *auth.Provider // keeps tokens fresh
	life      *auth.Lifecycle
	connect   *auth.Connect
	stores    *catalog.Stores // opens what is connected
	verifiers map[string]catalog.WebhookVerifier
	insides   map[string]*inside // by platform; none with real ones
	missing   []string           // what a platform that is not offered would need
}

// open puts the host together. It says on out what it found.
func open(ctx context.Context, s settings, out io.Writer, logger *slog.Logger) (*host, error) {
	h := &host{settings: s, logger: logger, registry: &catalog.Registry{}, insides: map[string]*inside{}, verifiers: map[string]catalog.WebhookVerifier{}}
	err := h.openDatabase(ctx, out)
	if err == nil {
		err = h.openPlatforms(ctx, out)
	}
	if err == nil {
		err = h.wire()
	}
	if err != nil {
		return nil, errors.Join(err, h.close(ctx))
	}
	return h, nil
}

func (h *host) openDatabase(ctx context.Context, out io.Writer) (err error) {
	s := &h.settings
	key, path, made := s.key, keyfile.Path(s.file), false
	switch {
	case !key.IsZero():
		fmt.Fprintln(out, "Credentials are encrypted with the key in SOUK_KEY.")
	case s.postgres != "":
		return errors.New("set SOUK_KEY, such as from \"openssl rand -base64 32\": a key file is for a database on this machine")
	default:
		if key, made, err = keyfile.Open(s.file); err != nil {
			return err
		}
		if made {
			fmt.Fprintf(out, "Credentials are encrypted with a key made now and kept in %s.\nIt lies beside the database, which protects a copy of the database alone: in production set SOUK_KEY from a secret store.\n", path)
		} else {
			fmt.Fprintf(out, "Credentials are encrypted with the key in %s.\n", path)
		}
	}
	keys := sqlstore.Keys{Current: sqlstore.Key{ID: "connect", Secret: key}}
	if s.postgres != "" {
		h.db, err = sqlstore.OpenPostgres(ctx, s.postgres, keys)
		return err
	}
	fmt.Fprintf(out, "Stores are kept in %s.\n", s.file)
	h.db, err = sqlstore.OpenSQLite(ctx, s.file, keys)
	return err
}

// openPlatforms makes the adapters: all for the servers inside the program, or
// those of real platforms whose keys are set.
func (h *host) openPlatforms(ctx context.Context, out io.Writer) error {
	if h.settings.inside {
		fmt.Fprintln(out, "No credentials are set: every platform is a server inside this program. They forget with it, so they are told\nat the start what they granted before; a real platform remembers.")
	}
	for _, p := range platforms {
		adapter, err := h.openPlatform(ctx, p)
		if err != nil {
			return err
		}
		if adapter == nil {
			continue
		}
		if err := h.registry.Register(adapter); err != nil {
			return err
		}
		var config catalog.VerifierConfig
		if secret := h.settings.getenv(p.webhook); secret != "" && !h.settings.inside {
			config.Secrets = []catalog.Secret{catalog.NewSecret(secret)}
		}
		if verifier, err := adapter.Verifier(config); err == nil {
			h.verifiers[p.name] = verifier
		} else {
			h.logger.Warn("webhooks of this platform are refused", "platform", p.name, "reason", err.Error())
		}
	}
	return nil
}

func (h *host) openPlatform(ctx context.Context, p platform) (auth.Connector, error) {
	if h.settings.inside {
		granted, err := h.grantedBy(ctx, p.name)
		if err != nil {
			return nil, err
		}
		in, err := p.inside(insideStart{baseURL: h.settings.baseURL, granted: granted})
		if err != nil {
			return nil, err
		}
		h.insides[p.name] = in
		return in.adapter, nil
	}
	absent := slices.DeleteFunc(slices.Clone(p.keys), func(name string) bool { return h.settings.getenv(name) != "" })
	switch {
	case len(absent) == 0:
	case len(absent) < len(p.keys):
		return nil, fmt.Errorf("%s is empty although other credentials of %s are set", strings.Join(absent, ", "), p.name)
	default:
		h.missing = append(h.missing, p.name+" needs "+strings.Join(p.keys, " and "))
		return nil, nil
	}
	return p.real(h.settings.getenv)
}

// wire is all that a service needs to connect stores and to open them.
func (h *host) wire() (err error) {
	accounts, credentials := h.db.Accounts(), h.db.Credentials()
	h.provider = auth.NewProvider(auth.ProviderConfig{Store: credentials, Accounts: accounts, OnRefresh: h.refreshed})
	h.stores = &catalog.Stores{Registry: h.registry, Accounts: accounts, Credentials: h.provider}
	h.life = &auth.Lifecycle{Registry: h.registry, Accounts: accounts, Credentials: credentials, OnPrivacy: h.privacy, Logger: h.logger}
	h.connect, err = auth.NewConnect(auth.ConnectConfig{
		Lifecycle: h.life, States: h.db.States(), BaseURL: h.settings.baseURL + "/connect", Render: h.renderConnect, Visit: h.visited, Logger: h.logger,
	})
	return err
}

// refreshed hears of every refresh.
func (h *host) refreshed(r auth.Refresh) {
	if r.Err != nil {
		h.logger.Warn("a token was not refreshed", "account", r.Account.ID, "error", r.Err.Error(), "works until", r.ExpiresAt)
		return
	}
	h.logger.Info("a token was refreshed", "account", r.Account.ID, "works until", r.ExpiresAt)
}

// privacy acts on a platform's privacy requests. Of customers the host keeps
// nothing; of a shop its account.
func (h *host) privacy(ctx context.Context, event catalog.Event) error {
	h.logger.Info("privacy request", "platform", event.Platform, "store", event.Store, "topic", event.Topic)
	if event.Kind != catalog.EventPrivacyShopRedact {
		return nil
	}
	account, err := h.db.Accounts().ByStore(ctx, event.Platform, event.Store)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if account.Status.Usable() {
		return nil // installed again since
	}
	return h.forget(ctx, account.ID)
}

// forget removes all that is kept of an account.
func (h *host) forget(ctx context.Context, id string) error {
	return errors.Join(h.db.Credentials().Delete(ctx, id), h.db.Accounts().Delete(ctx, id))
}

// sweepEvery is often enough for every platform: a sweep refreshes what dies
// within a week.
const sweepEvery = time.Hour

// sweep keeps the tokens of stores alive that nobody reads, until ctx ends.
func (h *host) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		tally, err := h.provider.KeepAlive(ctx, auth.Sweep{Registry: h.registry})
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			h.logger.Warn("the sweep ended early", "error", err.Error())
		default:
			h.logger.Info("swept", "accounts", tally)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// close ends everything: refreshes under way are waited for until ctx ends.
func (h *host) close(ctx context.Context) error {
	var err error
	if h.provider != nil {
		err = h.provider.Shutdown(ctx)
	}
	for _, in := range h.insides {
		in.close()
	}
	if h.db != nil {
		err = errors.Join(err, h.db.Close())
	}
	return err
}

// addresses lists what has to be registered with a platform.
func (h *host) addresses(choice auth.Choice) []auth.Value {
	list := []auth.Value{{Label: "Install", Text: choice.URL}}
	adapter, err := h.registry.Get(choice.Platform)
	if err != nil {
		return list
	}
	if c, ok := adapter.(auth.Connector); ok {
		for _, route := range c.ConnectPlan().Routes {
			to, err := url.JoinPath(h.settings.baseURL, "connect", choice.Platform, route.Name)
			if err == nil {
				list = append(list, auth.Value{Label: route.Name, Text: to})
			}
		}
	}
	if h.verifiers[choice.Platform] != nil {
		list = append(list, auth.Value{Label: "Webhooks", Text: h.webhook(choice.Platform)})
	}
	return list
}

func (h *host) webhook(platform string) string { return h.settings.baseURL + "/webhooks/" + platform }
