package webhook

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// How long what was looked up is believed.
const (
	keptFound    = time.Minute
	keptMissing  = 10 * time.Second
	keptAtLeast  = 5 * time.Second // before a failed signature makes it looked up again
	keptAccounts = 4096
)

// keyring knows the verifier for an address, and the owner of a store.
type keyring struct {
	stores    *catalog.Stores
	secrets   func(context.Context, catalog.Account) ([]catalog.Secret, error)
	verifiers *cache[keyed]
	owners    *cache[string]
}

// keyed is what an address stands for. The zero value is no account.
type keyed struct {
	account  catalog.Account
	verifier catalog.WebhookVerifier
}

func newKeyring(stores *catalog.Stores, secrets func(context.Context, catalog.Account) ([]catalog.Secret, error)) *keyring {
	return &keyring{stores: stores, secrets: secrets, verifiers: newCache[keyed](keptAccounts), owners: newCache[string](keptAccounts)}
}

func (k *keyring) registry() *catalog.Registry {
	if k.stores.Registry != nil {
		return k.stores.Registry
	}
	return catalog.Default
}

// verify chooses the verifier by the address and asks it. A signature that
// does not fit is tried once more with secrets that were read just now: they
// may have been replaced.
func (k *keyring) verify(ctx context.Context, adapter catalog.Adapter, rest string, delivery catalog.Delivery) (catalog.Verdict, catalog.Account, error) {
	age := keptFound
	for {
		at, found, err := k.find(ctx, adapter, rest, age)
		if err != nil {
			return catalog.Verdict{}, found.account, err
		}
		verdict, err := found.verifier.Verify(ctx, delivery)
		if age == keptFound && found.account.ID != "" && errors.Is(err, catalog.ErrUnauthorized) && time.Since(at) > keptAtLeast {
			age = keptAtLeast
			continue
		}
		return verdict, found.account, err
	}
}

// find returns the verifier of the account that the address names, or else the
// app's.
func (k *keyring) find(ctx context.Context, adapter catalog.Adapter, rest string, age time.Duration) (time.Time, keyed, error) {
	id, _, _ := strings.Cut(rest, "/")
	if id, err := url.PathUnescape(id); err == nil && id != "" && len(id) <= 200 {
		found, at, err := k.verifiers.get(ctx, adapter.Platform()+"/"+id, age, func(ctx context.Context) (keyed, time.Duration, error) {
			return k.account(ctx, adapter, id)
		})
		if err != nil || found.verifier != nil {
			return at, found, err
		}
	}
	found, at, err := k.verifiers.get(ctx, adapter.Platform(), keptFound, func(context.Context) (keyed, time.Duration, error) {
		verifier, err := adapter.Verifier(catalog.VerifierConfig{})
		return keyed{verifier: verifier}, keptFound, err
	})
	if errors.Is(err, catalog.ErrInvalid) { // nothing to verify with, and so nothing to accept
		err = &catalog.Error{Platform: adapter.Platform(), Op: "choose webhook secret", Kind: catalog.ErrUnauthorized, Code: "no_secret",
			Message: "the address names no account, and the app has no secret of its own", Err: err}
	}
	return at, found, err
}

// account makes the verifier of an account; none where there is no such
// account of the platform.
func (k *keyring) account(ctx context.Context, adapter catalog.Adapter, id string) (keyed, time.Duration, error) {
	account, err := k.stores.Accounts.Get(ctx, id)
	if errors.Is(err, catalog.ErrNotFound) || err == nil && account.Platform != adapter.Platform() {
		return keyed{}, keptMissing, nil
	}
	if err != nil {
		return keyed{}, 0, unavailable("look up the account in the address", err)
	}
	config := catalog.VerifierConfig{Account: &account}
	if k.secrets != nil {
		if config.Secrets, err = k.secrets(ctx, account); err != nil {
			return keyed{account: account}, 0, unavailable("load the account's webhook secrets", err)
		}
		if len(config.Secrets) == 0 {
			config.Secrets = nil // not a list without any, which nothing passes
		}
	}
	verifier, err := adapter.Verifier(config)
	if err != nil {
		return keyed{account: account}, 0, &catalog.Error{Platform: adapter.Platform(), Op: "choose webhook secret", Kind: catalog.ErrUnauthorized, Code: "no_secret",
			Message: "there is nothing to verify webhooks of account " + account.ID + " with", Err: err}
	}
	return keyed{account, verifier}, keptFound, nil
}

func unavailable(op string, err error) error {
	return &catalog.Error{Op: op, Kind: catalog.ErrUnavailable, Err: err}
}

// owner finds the account of a store; "" when there is none.
func (k *keyring) owner(ctx context.Context, platform, store string) (string, error) {
	if store == "" {
		return "", nil
	}
	id, _, err := k.owners.get(ctx, ownerKey(platform, store), keptFound, func(ctx context.Context) (string, time.Duration, error) {
		account, err := k.stores.Accounts.ByStore(ctx, platform, store)
		if errors.Is(err, catalog.ErrNotFound) {
			return "", keptMissing, nil
		}
		return account.ID, keptFound, err
	})
	return id, err
}

func (k *keyring) forget(platform, store string) { k.owners.forget(ownerKey(platform, store)) }

func ownerKey(platform, store string) string { return platform + "/" + store }
