// Package sqlstore keeps what souk must not lose in a database: accounts,
// credentials with the refreshes under way, and the states of install flows.
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
// default_query_exec_mode to exec or cache_describe.
package sqlstore
