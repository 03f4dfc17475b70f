package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// maxStates is how many live states are kept. Many processes that put at the
// same moment may exceed it by as many.
const maxStates = 100_000

// States returns the states of install flows in the database. A flow may begin
// in one process and end in another. 100,000 live ones are kept.
func (s *Store) States() auth.States { return (*states)(s) }

type states Store

func stateError(op string, kind catalog.Kind, why string) error {
	return &catalog.Error{Op: op, Kind: kind, Message: why}
}

// hash is what is stored of a key.
func hash(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// Put implements auth.States.
func (a *states) Put(ctx context.Context, key string, value catalog.Secret, until time.Time) error {
	const op = "keep state"
	s := (*Store)(a)
	if err := ctx.Err(); err != nil {
		return err
	}
	now := s.now()
	if key == "" || !until.After(now) {
		return stateError(op, catalog.ErrInvalid, "a state needs a key and a time to come")
	}
	if err := s.sweepStates(ctx, now); err != nil {
		return err
	}
	id := hash(key)
	var live, same int64
	err := s.row(ctx, op, "SELECT count(*), coalesce(sum(CASE WHEN key_hash = $1 THEN 1 ELSE 0 END), 0) FROM souk_states WHERE until > $2",
		[]any{id, now.UnixMicro()}, &live, &same)
	switch {
	case err != nil:
		return err
	case same == 0 && live >= maxStates:
		return stateError(op, catalog.ErrUnavailable, "too many flows are under way")
	}
	sealed := s.keys.seal(kindState, string(id), []byte(value.Reveal()))
	n, err := s.exec(ctx, op, `INSERT INTO souk_states (key_hash, key_id, sealed, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key_hash) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, until = excluded.until
		WHERE souk_states.until <= $5`, id, sealed.keyID, sealed.bytes, until.UnixMicro(), now.UnixMicro())
	if err == nil && n == 0 {
		return stateError(op, catalog.ErrConflict, "the key is in use")
	}
	return err
}

// sweepStates drops what has expired, at most once a second.
func (s *Store) sweepStates(ctx context.Context, now time.Time) error {
	last := s.statesSwept.Load()
	if now.UnixMicro()-last < int64(time.Second/time.Microsecond) || !s.statesSwept.CompareAndSwap(last, now.UnixMicro()) {
		return nil
	}
	_, err := s.exec(ctx, "drop expired states", "DELETE FROM souk_states WHERE until <= $1", now.UnixMicro())
	return err
}

// Take implements auth.States. The value is opened before the entry is
// removed, so that a key that is missing costs nothing; of those who saw it,
// one removes it.
func (a *states) Take(ctx context.Context, key string) (catalog.Secret, error) {
	const op = "take state"
	s := (*Store)(a)
	if err := ctx.Err(); err != nil {
		return catalog.Secret{}, err
	}
	gone := stateError(op, catalog.ErrNotFound, "the state is unknown, was used or has expired")
	id := hash(key)
	var value sealed
	err := s.row(ctx, op, "SELECT key_id, sealed FROM souk_states WHERE key_hash = $1 AND until > $2",
		[]any{id, s.now().UnixMicro()}, &value.keyID, &value.bytes)
	if errors.Is(err, sql.ErrNoRows) {
		return catalog.Secret{}, gone
	}
	if err != nil {
		return catalog.Secret{}, err
	}
	plain, err := s.keys.open(kindState, string(id), value)
	if err != nil {
		return catalog.Secret{}, s.failed(ctx, op, err)
	}
	n, err := s.exec(ctx, op, "DELETE FROM souk_states WHERE key_hash = $1 AND sealed = $2", id, value.bytes)
	switch {
	case err != nil:
		return catalog.Secret{}, err
	case n == 0:
		return catalog.Secret{}, gone
	}
	return catalog.NewSecret(string(plain)), nil
}

var _ auth.States = (*states)(nil)
