package webhook

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/soukhq/souk/catalog"
)

// Receiver answers the webhooks of all registered platforms, below a prefix:
//
//	/webhooks/{platform}            signed with the app's own secret
//	/webhooks/{platform}/{account}  signed with the account's secret, by its ID
//
// Whatever follows is for the platform's verifier, such as a topic in the
// address: /webhooks/shopify/products/create. A first part that is no account
// of the platform counts as one of these.
//
// An event is answered with success once it is kept by the Inbox, or handled
// where there is a Deduper and a Handler instead. Nothing is looked up, stored
// or parsed before the delivery is verified, but for the account in its
// address. Why a delivery was refused is told to OnDelivery and Logger, never
// to the sender.
//
// Required are Stores, with Accounts, and one of Inbox, Direct, and Deduper
// with Handler. Set the fields before the first request; see Check. It is safe
// for concurrent use. Close it after the server has shut down.
type Receiver struct {
	// Stores has the adapters and accounts; its Credentials are not used.
	Stores *catalog.Stores
	// Inbox keeps the events; a Dispatcher handles them.
	Inbox Putter
	// Deduper and Handler handle the events in the request, by a Direct with
	// its defaults. Direct is one of the host's own, which a Sweeper may share.
	Deduper catalog.Deduper
	Handler Handler
	Direct  *Direct

	// Prefix is the path the routes are below; "" = "/webhooks".
	Prefix string
	// Secrets gives the secrets of an account that has webhook secrets of its
	// own, newest first; none means the app's. nil means the app's for all. It
	// is asked about once a minute for each account. SecretsFrom makes one.
	Secrets func(ctx context.Context, account catalog.Account) ([]catalog.Secret, error)
	// OnGrant takes the credentials that a platform sends by webhook, such as
	// Salla's easy mode, and makes the account where there is none yet. It runs
	// before the event is kept: an error makes the platform send again, and so
	// it may come twice. An event that is on record already (Inbox can Search,
	// or has a Deduper) is not handed over again: a delivery somebody replays
	// must not replace the credentials in use. nil refuses such deliveries.
	OnGrant func(ctx context.Context, grant catalog.Grant, event catalog.Event) error
	// OnDelivery is told of every request after its answer is known. It must be
	// quick and safe for concurrent use; nil = none.
	OnDelivery func(ctx context.Context, report Report)
	// Logger gets refusals and faults; nil = slog.Default().
	Logger *slog.Logger

	// MaxBody bounds a body in bytes; 0 = 2 MiB. MaxInFlight bounds those of
	// all requests together; 0 = 64 MiB.
	MaxBody, MaxInFlight int64
	// Timeout is how long a request may take, reading included; 0 = 4 s, less
	// than every platform waits.
	Timeout time.Duration
	// Refusals is how many refused requests a second a source is forgiven, in
	// the long run, and RefusalBurst how many at once; then it is answered 429
	// before its body is read. 0 = 5 and 50; rate.Inf = no limit. Accepted
	// deliveries never count.
	Refusals     rate.Limit
	RefusalBurst int
	// Source names who sends a request; nil = the address of the connection,
	// of IPv6 its /64. Behind a proxy it must be set, or all share one limit;
	// "" exempts the request.
	Source func(r *http.Request) string
	// KeepHeaders names headers whose values may be stored and shown beside
	// those that RedactHeader knows.
	KeepHeaders []string
	// Batch tunes the group commit in front of the Inbox.
	Batch BatchOptions

	once     sync.Once
	fault    error
	put      func(ctx context.Context, entries []Entry, first func(context.Context) error) ([]PutResult, error)
	close    func(context.Context) error
	keyring  *keyring
	sources  *sources
	inFlight gauge
}

// BatchOptions tune a group commit; zero fields mean the defaults. A batch is
// never waited for: what comes while one is being stored is the next.
type BatchOptions struct {
	// MaxEntries and MaxBytes bound one call of Put; 0 = 256 and 4 MiB.
	MaxEntries int
	MaxBytes   int64
	// MaxQueued and MaxQueuedBytes bound the entries that wait or are being
	// stored; what comes above is refused, to be sent again; 0 = 4,096 and
	// 64 MiB.
	MaxQueued      int
	MaxQueuedBytes int64
	// Writers is how many calls of Put run at a time; 0 = 1, right for SQLite;
	// Postgres is served best by 2.
	Writers int
	// Timeout ends a call of Put, its repetitions included; 0 = 10 s.
	Timeout time.Duration
}

// SecretsFrom reads an account's webhook secrets from its stored credential,
// Credential.WebhookSecrets.
func SecretsFrom(store catalog.CredentialStore) func(context.Context, catalog.Account) ([]catalog.Secret, error) {
	return func(ctx context.Context, account catalog.Account) ([]catalog.Secret, error) {
		stored, err := store.Load(ctx, account.ID)
		if errors.Is(err, catalog.ErrNotFound) {
			return nil, nil
		}
		return stored.Credential.WebhookSecrets, err
	}
}

// Check reports what is wrong with the fields; a request to a Receiver that is
// not right is answered 500.
func (r *Receiver) Check() error {
	r.once.Do(r.start)
	return r.fault
}

func (r *Receiver) start() {
	direct := r.Direct
	if r.Deduper != nil && direct == nil {
		direct = &Direct{Deduper: r.Deduper, Handler: r.Handler, Logger: r.Logger}
	}
	r.close = func(context.Context) error { return nil }
	bad := func(field, reason string) {
		r.fault = &catalog.ConfigError{Platform: "webhook", Field: "Receiver." + field, Reason: reason}
	}
	switch {
	case r.Stores == nil || r.Stores.Accounts == nil:
		bad("Stores", "is nil, or has no Accounts: they are where events are assigned")
		return
	case r.Inbox == nil && direct == nil:
		bad("Inbox", "is nil; set it, or a Deduper and a Handler")
		return
	case r.Inbox != nil && direct != nil:
		bad("Inbox", "is set beside Deduper or Direct; one of them handles events")
		return
	case direct != nil && (direct.Deduper == nil || direct.Handler == nil):
		bad("Handler", "is nil; a Deduper needs one, and the other way round")
		return
	case r.Refusals < 0 || r.RefusalBurst < 0 || r.MaxBody < 0 || r.MaxInFlight < 0 || r.Timeout < 0:
		bad("MaxBody, MaxInFlight, Timeout, Refusals, RefusalBurst", "must not be negative")
		return
	}
	if r.Inbox != nil {
		r.group()
	} else {
		r.put = func(ctx context.Context, entries []Entry, first func(context.Context) error) ([]PutResult, error) {
			return direct.putAll(ctx, entries, first)
		}
	}
	r.inFlight.max = orDefault(r.MaxInFlight, 64<<20)
	r.keyring = newKeyring(r.Stores, r.Secrets)
	r.sources = newSources(r.Refusals, r.RefusalBurst)
}

// group puts the group commit in front of the Inbox.
func (r *Receiver) group() {
	b := r.Batch
	g := &group[Entry, PutResult]{
		commit: r.Inbox.Put,
		fail:   func(err error) PutResult { return PutResult{Err: err} },
		size:   entrySize,
		limits: groupLimits{
			batch: orDefault(b.MaxEntries, 256), batchBytes: orDefault(b.MaxBytes, 4<<20),
			queue: orDefault(b.MaxQueued, 4096), queueBytes: orDefault(b.MaxQueuedBytes, 64<<20),
			writers: orDefault(b.Writers, 1), timeout: orDefault(b.Timeout, 10*time.Second),
		},
	}
	r.close = g.close
	r.put = func(ctx context.Context, entries []Entry, first func(context.Context) error) ([]PutResult, error) {
		if first != nil {
			if err := r.firstOnce(ctx, entries, first); err != nil {
				return nil, err
			}
		}
		return g.do(ctx, entries)
	}
}

// firstOnce runs first unless the event is on record: a grant that is sent
// again later, by whomever, must not replace the credentials in use.
func (r *Receiver) firstOnce(ctx context.Context, entries []Entry, first func(context.Context) error) error {
	if inbox, ok := r.Inbox.(interface {
		Search(ctx context.Context, query Query) (Page, error)
	}); ok && len(entries) > 0 {
		page, err := inbox.Search(ctx, Query{Key: entries[0].Event.Key, Limit: 1})
		if err != nil || len(page.Records) > 0 {
			return err
		}
	}
	return contain(func() error { return first(ctx) })
}

func entrySize(e *Entry) int64 { return int64(len(e.Event.Payload)) + 1024 }

// Close stores what was admitted and refuses what comes after, until ctx ends.
func (r *Receiver) Close(ctx context.Context) error {
	r.once.Do(r.start)
	return r.close(ctx)
}

var _ http.Handler = (*Receiver)(nil)
