-- Times are microseconds since 1970, UTC. Sealed columns are encrypted.

CREATE TABLE souk_accounts (
    id         TEXT COLLATE "C" PRIMARY KEY,
    platform   TEXT   NOT NULL,
    store      TEXT   NOT NULL,
    status     TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    settings   TEXT   NOT NULL, -- JSON
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (platform, store)
);

-- A row outlives its credential, which is then NULL: versions are never given
-- out twice. The columns from attempt on are the refresh under way.
CREATE TABLE souk_credentials (
    account     TEXT COLLATE "C" PRIMARY KEY,
    version     BIGINT NOT NULL,
    key_id      TEXT,
    sealed      BYTEA,
    attempt     TEXT,
    fingerprint TEXT,
    owner       TEXT,
    started_at  BIGINT,
    deadline    BIGINT
);

CREATE TABLE souk_states (
    key_hash BYTEA  PRIMARY KEY,
    key_id   TEXT   NOT NULL,
    sealed   BYTEA  NOT NULL,
    until    BIGINT NOT NULL
);

CREATE INDEX souk_states_until ON souk_states (until);

-- A known value sealed with each key, by which a wrong key is found out.
CREATE TABLE souk_keys (
    id     TEXT  PRIMARY KEY,
    sealed BYTEA NOT NULL
);
