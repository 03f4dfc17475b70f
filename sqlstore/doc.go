// Package sqlstore keeps what souk must not lose in a database: accounts,
// credentials with the refreshes under way, the states of install flows, and
// the events that came by webhook.
//
//	keys := sqlstore.Keys{Current: sqlstore.Key{ID: "2026", Secret: catalog.NewSecret(os.Getenv("SOUK_KEY"))}}
//	store, err := sqlstore.OpenSQLite(ctx, "/var/lib/shop/souk.db", keys)
//	if err != nil { ... }
//	defer store.Close()
//
//	creds := auth.NewProvider(auth.ProviderConfig{Store: store.Credentials(), Accounts: store.Accounts()})
//	stores := &catalog.Stores{Registry: reg, Accounts: store.Accounts(), Credentials: creds}
//
// [OpenSQLite] is for hosts that are one process: a file and no server. The
// file belongs to that process, and a second one is refused with [ErrInUse]; a
// process that was killed leaves nothing to clean up. [OpenPostgres] is for
// any number of processes. Both pass the suite in catalog/catalogtest/storetest.
//
// # Events
//
//	inbox, err := store.Inbox(ctx, sqlstore.InboxConfig{})
//	if err != nil { ... }
//	receiver := &webhook.Receiver{Stores: stores, Inbox: inbox}
//	dispatcher := webhook.NewDispatcher(stores, inbox)
//	dispatcher.On(catalog.EventOrderCreated, func(ctx context.Context, ev catalog.Event) error {
//		return webhook.Transact(ctx, func(ctx context.Context) error {
//			tx, _ := sqlstore.SQLTx(ctx) // PgxTx on Postgres
//			_, err := tx.ExecContext(ctx, "INSERT INTO ...")
//			return err
//		})
//	})
//
// What the handler writes in the transaction is there exactly once, whatever
// crashes; any other effect happens at least once, with Event.Key the same each
// time. On Postgres give the pool as many connections as the dispatcher has
// workers and four more, and keep the clocks of the processes within a third
// of InboxConfig.Lease. [Store.Deduper] is for hosts that handle events in the
// request. Payloads, headers and keys of events are not encrypted; headers that
// may hold a secret come without its value, see webhook.RedactHeader.
//
// # What is encrypted
//
// Credentials, the values of states and the answers in a [Journal] are sealed
// with AES-256-GCM, bound to their account and to the column they are in. The
// keys of states are stored as SHA-256. Accounts are not encrypted; they hold
// no secret. See [Keys] for rotation. A key that does not fit is a [*KeyError]
// when the store is opened, and nothing is changed.
//
// # Durability
//
// What a method returned without an error for is on disk: SQLite runs in WAL
// mode with synchronous=FULL, and a Postgres session with synchronous_commit
// off is refused. Back up a SQLite file with VACUUM INTO or the sqlite3 shell's
// .backup, never by copying it, and do not put it on a network file system.
// Restoring an old backup brings back refresh tokens that were used since: have
// those merchants connect again.
//
// # Limits
//
// Tables are created when the store is opened, with the prefix souk_, in the
// file or in the first schema of the session's search_path; processes may
// start at once. A database that a newer program has changed is refused with
// [*SchemaError]. Behind pgbouncer in transaction mode, set pgx's
// default_query_exec_mode to exec or cache_describe, and InboxConfig.PollOnly.
// A role that did not make the tables needs the use of the schema's sequences
// for an inbox. River's tables may be the host's own, if they are up to date.
package sqlstore
