package auth

import (
	"context"
	"errors"

	"github.com/soukhq/souk/catalog"
)

// Event takes what a platform reports of an account's end: an uninstalled app
// and the privacy requests. Others are nothing to it. It has the form of a
// webhook handler; an error means that the event must come again.
func (l *Lifecycle) Event(ctx context.Context, event catalog.Event) error {
	if err := l.check(); err != nil {
		return err
	}
	switch event.Kind {
	case catalog.EventAppUninstalled:
		return l.uninstalled(ctx, event)
	case catalog.EventPrivacyDataRequest, catalog.EventPrivacyCustomerRedact, catalog.EventPrivacyShopRedact:
		if l.OnPrivacy == nil {
			return &catalog.Error{Platform: event.Platform, Op: "handle " + event.Topic, Kind: catalog.ErrUnsupported,
				Message: "nobody acts on privacy requests", Hint: "set Lifecycle.OnPrivacy; platforms require an answer within their time"}
		}
		return l.OnPrivacy(ctx, event)
	}
	return nil
}

// uninstalled ends the account of a store, unless the app was installed again
// since: events come late and in any order.
func (l *Lifecycle) uninstalled(ctx context.Context, event catalog.Event) error {
	account, err := l.Accounts.ByStore(ctx, event.Platform, event.Store)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if !event.OccurredAt.IsZero() && event.OccurredAt.Before(account.UpdatedAt) && account.Status != catalog.AccountUninstalled {
		switch err := l.probe(ctx, account); {
		case err == nil:
			l.log(ctx, "uninstall is older than the connection: ignored", account)
			return nil
		case !refused(err) && catalog.KindOf(err) != catalog.ErrNotFound:
			return err
		}
	}
	return l.end(ctx, account, catalog.AccountUninstalled, "the merchant removed the app")
}

// Revoked is told the error of a call to an account's store. One that says
// that the credential is dead ends the account, after another look: the
// merchant may have connected the store again meanwhile. Any other error is
// nothing to it, and so is a refresh of unknown outcome, which may turn out
// well. It returns why it could not do so.
func (l *Lifecycle) Revoked(ctx context.Context, id string, cause error) error {
	if err := l.check(); err != nil {
		return err
	}
	if !refused(cause) {
		return nil
	}
	account, err := l.Accounts.Get(ctx, id)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return nil
	}
	if err != nil || account.Status == catalog.AccountUninstalled {
		return err
	}
	switch err := l.probe(ctx, account); {
	case err == nil:
		return nil
	case catalog.KindOf(err) == catalog.ErrNotFound: // erased already
	case !refused(err):
		return err
	}
	return l.end(ctx, account, catalog.AccountReauthorize, "the platform refused the credential")
}

// probe calls the store with the credential on record. One that is absent is
// ErrNotFound.
func (l *Lifecycle) probe(ctx context.Context, account catalog.Account) error {
	if _, err := l.Credentials.Load(ctx, account.ID); err != nil {
		return err
	}
	adapter, err := l.registry().Get(account.Platform)
	if err != nil {
		return err
	}
	refresher, _ := adapter.(Refresher)
	engine, err := adapter.Open(account, NewSource(account, l.Credentials, refresher))
	if err != nil {
		return err
	}
	_, err = engine.Shop(ctx)
	if errors.Is(err, catalog.ErrForbidden) {
		return nil // alive, though not allowed to look
	}
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return &catalog.Error{Platform: account.Platform, Op: "look whether the store is connected", Kind: catalog.ErrUnavailable, Err: err}
	}
	return err
}

// end marks the account, erases its credential and tells the host, in this
// order: whatever is done again does no harm.
func (l *Lifecycle) end(ctx context.Context, account catalog.Account, status catalog.AccountStatus, reason string) error {
	if account.Status != status || account.Reason != reason {
		if err := l.Accounts.SetStatus(ctx, account.ID, status, reason); err != nil {
			return err
		}
	}
	if err := l.Credentials.Delete(ctx, account.ID); err != nil {
		return err
	}
	account.Status, account.Reason = status, reason
	l.log(ctx, "account ended", account, "status", status)
	if l.OnEnded != nil {
		return l.OnEnded(ctx, account)
	}
	return nil
}
