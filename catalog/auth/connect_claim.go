package auth

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// claimAttempt marks the intent that a claim puts on the credential it moves:
// nobody can refresh the token while it has two homes, nor from the old one
// after.
const claimAttempt = "claim-"

// claim moves an unclaimed store to the account: the credential is copied,
// then the account changes hands, then the copy left behind is erased. A crash
// in between leaves a state that the same call finishes.
func (l *Lifecycle) claim(ctx context.Context, platform, store, id string) (Connection, error) {
	failed := func(kind catalog.Kind, message string) (Connection, error) {
		return Connection{}, &catalog.Error{Platform: platform, Op: "claim store", Kind: kind, Message: message}
	}
	old := unclaimedID(platform, store)
	if id == "" || strings.HasPrefix(id, "unclaimed:") {
		return failed(catalog.ErrInvalid, "the account needs an id of its own")
	}
	if mine, err := l.Accounts.Get(ctx, id); err == nil && (mine.Platform != platform || mine.Store != store) {
		return failed(catalog.ErrConflict, "the account is connected to another store")
	} else if err != nil && catalog.KindOf(err) != catalog.ErrNotFound {
		return Connection{}, err
	}
	account, err := l.Accounts.ByStore(ctx, platform, store)
	switch {
	case catalog.KindOf(err) == catalog.ErrNotFound:
		account = catalog.Account{ID: old, Platform: platform, Store: store} // perhaps a crash came between
	case err != nil:
		return Connection{}, err
	case account.ID != old && account.ID != id:
		return failed(catalog.ErrConflict, "the store belongs to another account")
	}
	for range swapTries {
		moved, err := l.move(ctx, old, id)
		switch {
		case err != nil:
			return Connection{}, err
		case !moved && account.ID == old:
			return failed(catalog.ErrNotFound, "no such store waits to be claimed")
		}
		if account.ID == old {
			if err := l.Accounts.Delete(ctx, old); err != nil {
				return Connection{}, err
			}
			account.ID, account.Status, account.Reason = id, catalog.AccountActive, ""
			if err := l.Accounts.Put(ctx, account); err != nil {
				return Connection{}, err
			}
		}
		if !moved {
			break
		}
		same, err := l.leave(ctx, old, id)
		if err != nil {
			return Connection{}, err
		}
		if same {
			break
		}
	}
	l.log(ctx, "store claimed", account)
	return l.Connection(ctx, id)
}

// move copies the waiting credential to the account, with what is on record of
// a refresh whose outcome nobody will know. It reports whether there was one.
func (l *Lifecycle) move(ctx context.Context, old, id string) (bool, error) {
	stored, err := l.Credentials.Load(ctx, old)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	intent := stored.Refresh
	now := time.Now().UTC()
	switch {
	case intent == nil:
		lock := catalog.RefreshIntent{Attempt: claimAttempt + rand.Text(), Fingerprint: catalog.Fingerprint(stored.Credential.RefreshToken),
			Owner: "claim of " + id, StartedAt: now, Deadline: now}
		if err := l.Credentials.BeginRefresh(ctx, old, stored.Version, lock); err != nil {
			return false, busy(err)
		}
	case strings.HasPrefix(intent.Attempt, claimAttempt): // a claim that did not finish
		intent = nil
	case now.Before(intent.Deadline.Add(storeTime)):
		return false, busy(nil)
	}
	if _, err := l.swap(ctx, id, stored.Credential, true); err != nil {
		return false, err
	}
	if intent == nil {
		return true, nil
	}
	here, err := l.Credentials.Load(ctx, id)
	if err == nil && here.Refresh == nil && here.Credential.Same(stored.Credential) {
		err = l.Credentials.BeginRefresh(ctx, id, here.Version, *intent)
	}
	return true, err
}

// leave erases the copy that was moved, unless another credential took its
// place meanwhile: that has to be moved too.
func (l *Lifecycle) leave(ctx context.Context, old, id string) (bool, error) {
	left, err := l.Credentials.Load(ctx, old)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	here, err := l.Credentials.Load(ctx, id)
	if err != nil {
		return false, err
	}
	if !left.Credential.Same(here.Credential) && !outlives(here.Credential, left.Credential) {
		return false, nil
	}
	return true, l.Credentials.Delete(ctx, old)
}

func busy(err error) error {
	if err != nil && catalog.KindOf(err) != catalog.ErrConflict {
		return err
	}
	return &catalog.Error{Op: "claim store", Kind: catalog.ErrUnavailable, Message: "the store's token is being refreshed", Hint: "try again in a minute"}
}
