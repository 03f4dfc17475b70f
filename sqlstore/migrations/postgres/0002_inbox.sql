-- The inbox. Times are microseconds since 1970, UTC.

-- What is searched and what changes is here, so that a row is small. due_at is
-- NULL exactly in a final state. run is the number of the River job that may
-- handle the event: a job of another run is an old one.
CREATE TABLE souk_events (
    seq          BIGINT PRIMARY KEY,
    key          TEXT   NOT NULL,
    platform     TEXT   NOT NULL,
    store        TEXT   NOT NULL,
    account      TEXT   NOT NULL,
    topic        TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    resource     TEXT   NOT NULL,
    resource_id  TEXT   NOT NULL,
    correlation  TEXT   NOT NULL,
    payload_kind TEXT   NOT NULL,
    partial      BIGINT NOT NULL,
    occurred_at  BIGINT,
    updated_at   BIGINT,
    received_at  BIGINT,
    stored_at    BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    owner        TEXT   NOT NULL DEFAULT '',
    attempts     BIGINT NOT NULL DEFAULT 0,
    tries        BIGINT NOT NULL DEFAULT 0, -- since the last replay
    replays      BIGINT NOT NULL DEFAULT 0,
    run          BIGINT NOT NULL DEFAULT 0,
    last_error   TEXT   NOT NULL DEFAULT '',
    due_at       BIGINT,
    settled_at   BIGINT
);

CREATE SEQUENCE souk_events_seq OWNED BY souk_events.seq;

CREATE INDEX souk_events_state ON souk_events (state, due_at);
CREATE INDEX souk_events_stored ON souk_events (stored_at);
CREATE INDEX souk_events_account ON souk_events (account, seq);
CREATE INDEX souk_events_resource ON souk_events (resource_id, seq) WHERE resource_id <> '';

-- What never changes and is read with one event alone.
CREATE TABLE souk_event_bodies (
    event   BIGINT PRIMARY KEY,
    header  TEXT, -- JSON
    payload BYTEA
);

-- Every key that is known, long ones by their SHA-256: own = 1 for the key of a
-- kept event, 0 for a state that it told of.
CREATE TABLE souk_event_keys (
    key   BYTEA  PRIMARY KEY,
    event BIGINT NOT NULL,
    own   BIGINT NOT NULL,
    at    BIGINT NOT NULL
);

CREATE INDEX souk_event_keys_at ON souk_event_keys (at);

-- ended_at is NULL for an attempt that runs or was never heard of again.
CREATE TABLE souk_event_attempts (
    event      BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    state      TEXT   NOT NULL DEFAULT '',
    error      TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (event, number)
);

-- The deduper's claims, by keys like those above.
CREATE TABLE souk_claims (
    key   BYTEA  PRIMARY KEY,
    owner TEXT   NOT NULL,
    done  BIGINT NOT NULL,
    until BIGINT NOT NULL
);

CREATE INDEX souk_claims_until ON souk_claims (until);
