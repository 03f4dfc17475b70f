-- The inbox. Times are microseconds since 1970, UTC.

-- What is searched and what changes is here, so that a row is small. due_at is
-- NULL exactly in a final state.
CREATE TABLE souk_events (
    seq          INTEGER NOT NULL PRIMARY KEY,
    key          TEXT    NOT NULL,
    platform     TEXT    NOT NULL,
    store        TEXT    NOT NULL,
    account      TEXT    NOT NULL,
    topic        TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    resource     TEXT    NOT NULL,
    resource_id  TEXT    NOT NULL,
    correlation  TEXT    NOT NULL,
    payload_kind TEXT    NOT NULL,
    partial      INTEGER NOT NULL,
    occurred_at  INTEGER,
    updated_at   INTEGER,
    received_at  INTEGER,
    stored_at    INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    owner        TEXT    NOT NULL DEFAULT '',
    attempts     INTEGER NOT NULL DEFAULT 0,
    tries        INTEGER NOT NULL DEFAULT 0, -- since the last replay
    replays      INTEGER NOT NULL DEFAULT 0,
    last_error   TEXT    NOT NULL DEFAULT '',
    due_at       INTEGER,
    settled_at   INTEGER
) STRICT;

CREATE INDEX souk_events_state ON souk_events (state, due_at);
CREATE INDEX souk_events_stored ON souk_events (stored_at);
CREATE INDEX souk_events_account ON souk_events (account);
CREATE INDEX souk_events_resource ON souk_events (resource_id) WHERE resource_id <> '';

-- What never changes and is read with one event alone.
CREATE TABLE souk_event_bodies (
    event   INTEGER NOT NULL PRIMARY KEY,
    header  TEXT, -- JSON
    payload BLOB
) STRICT;

-- Every key that is known, long ones by their SHA-256: own = 1 for the key of a
-- kept event, 0 for a state that it told of.
CREATE TABLE souk_event_keys (
    key   BLOB    NOT NULL PRIMARY KEY,
    event INTEGER NOT NULL,
    own   INTEGER NOT NULL,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX souk_event_keys_at ON souk_event_keys (at);

-- ended_at is NULL for an attempt that runs or was never heard of again.
CREATE TABLE souk_event_attempts (
    event      INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    state      TEXT    NOT NULL DEFAULT '',
    error      TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (event, number)
) STRICT, WITHOUT ROWID;

-- The number of the newest event, which is never given out again.
CREATE TABLE souk_event_last (
    seq INTEGER NOT NULL
) STRICT;

INSERT INTO souk_event_last (seq) VALUES (0);

-- The deduper's claims, by keys like those above.
CREATE TABLE souk_claims (
    key   BLOB    NOT NULL PRIMARY KEY,
    owner TEXT    NOT NULL,
    done  INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX souk_claims_until ON souk_claims (until);
