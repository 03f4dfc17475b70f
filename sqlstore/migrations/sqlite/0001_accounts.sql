-- Times are microseconds since 1970, UTC. Sealed columns are encrypted.

CREATE TABLE souk_accounts (
    id         TEXT    NOT NULL PRIMARY KEY,
    platform   TEXT    NOT NULL,
    store      TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    settings   TEXT    NOT NULL, -- JSON
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (platform, store)
) STRICT;

-- A row outlives its credential, which is then NULL: versions are never given
-- out twice. The columns from attempt on are the refresh under way.
CREATE TABLE souk_credentials (
    account     TEXT    NOT NULL PRIMARY KEY,
    version     INTEGER NOT NULL,
    key_id      TEXT,
    sealed      BLOB,
    attempt     TEXT,
    fingerprint TEXT,
    owner       TEXT,
    started_at  INTEGER,
    deadline    INTEGER
) STRICT;

CREATE TABLE souk_states (
    key_hash BLOB    NOT NULL PRIMARY KEY,
    key_id   TEXT    NOT NULL,
    sealed   BLOB    NOT NULL,
    until    INTEGER NOT NULL
) STRICT;

CREATE INDEX souk_states_until ON souk_states (until);

-- A known value sealed with each key, by which a wrong key is found out.
CREATE TABLE souk_keys (
    id     TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;
