package sqlstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog"
)

const (
	// keepClaims is how long confirmed keys are remembered by default.
	keepClaims = 30 * 24 * time.Hour
	// keepLost is how long a claim whose lease has ended may still be confirmed
	// by its holder, if nobody has taken it.
	keepLost = 24 * time.Hour
)

// Deduper returns the dedupe keys in the database, for hosts that handle
// events without an inbox. Confirmed keys are remembered for keep; 0 = 30
// days, and it should be longer than any platform redelivers or anybody may
// replay a delivery. Keys may hold any bytes. On Postgres many processes may
// share it.
func (s *Store) Deduper(keep time.Duration) (catalog.Deduper, error) {
	if keep < 0 {
		return nil, &catalog.ConfigError{Platform: "sqlstore", Field: "keep", Reason: "must not be negative"}
	}
	return &deduper{Store: s, keep: cmp.Or(keep, keepClaims)}, nil
}

type deduper struct {
	*Store
	keep  time.Duration
	swept atomic.Int64 // microseconds
}

// Claim implements catalog.Deduper.
func (d *deduper) Claim(ctx context.Context, key string, lease time.Duration) (catalog.Claim, error) {
	const op = "claim event"
	if err := ctx.Err(); err != nil {
		return catalog.Claim{}, err
	}
	if key == "" || lease <= 0 {
		return catalog.Claim{}, &catalog.Error{Op: op, Kind: catalog.ErrInvalid, Message: "the key is empty or the lease is not positive"}
	}
	now := d.now()
	if err := d.sweep(ctx, now); err != nil {
		return catalog.Claim{}, err
	}
	stored, owner, until := storedKey(key), rand.Text(), now.Add(lease)
	for range 10 { // a claim that hinders may be gone at the next look
		n, err := d.exec(ctx, op, `INSERT INTO souk_claims (key, owner, done, until) VALUES ($1, $2, 0, $3)
			ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, done = 0, until = excluded.until WHERE souk_claims.until <= $4`,
			stored, owner, until.UnixMicro(), now.UnixMicro())
		if err != nil {
			return catalog.Claim{}, err
		}
		if n > 0 {
			return catalog.Claim{Key: key, State: catalog.ClaimGranted, Owner: owner, Until: until.UTC()}, nil
		}
		var done bool
		var held sql.NullInt64
		err = d.row(ctx, op, "SELECT done = 1, until FROM souk_claims WHERE key = $1 AND until > $2", []any{stored, now.UnixMicro()}, &done, &held)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return catalog.Claim{}, err
		}
		claim := catalog.Claim{Key: key, State: catalog.ClaimBusy, Until: fromMicros(held)}
		if done {
			claim.State = catalog.ClaimDone
		}
		return claim, nil
	}
	return catalog.Claim{}, &catalog.Error{Op: op, Kind: catalog.ErrUnavailable, Message: "too many claim the same event at once"}
}

// Confirm implements catalog.Deduper.
func (d *deduper) Confirm(ctx context.Context, claim catalog.Claim) error {
	return d.finish(ctx, "confirm event", claim, `UPDATE souk_claims SET until = CASE done WHEN 1 THEN until ELSE $3 END, done = 1
		WHERE key = $1 AND owner = $2`, d.now().Add(d.keep).UnixMicro())
}

// Release implements catalog.Deduper.
func (d *deduper) Release(ctx context.Context, claim catalog.Claim) error {
	return d.finish(ctx, "release event", claim, "DELETE FROM souk_claims WHERE key = $1 AND owner = $2 AND done = 0")
}

func (d *deduper) finish(ctx context.Context, op string, claim catalog.Claim, statement string, more ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	lost := &catalog.Error{Op: op, Kind: catalog.ErrConflict, Message: "the claim was lost: its lease ended and somebody else may have taken it"}
	if claim.Owner == "" || checkText(claim.Owner) != nil {
		return lost
	}
	n, err := d.exec(ctx, op, statement, append([]any{storedKey(claim.Key), claim.Owner}, more...)...)
	if err == nil && n == 0 {
		return lost
	}
	return err
}

// sweep forgets what is over, a step at most once a second.
func (d *deduper) sweep(ctx context.Context, now time.Time) error {
	last := d.swept.Load()
	if now.UnixMicro()-last < time.Second.Microseconds() || !d.swept.CompareAndSwap(last, now.UnixMicro()) {
		return nil
	}
	_, err := d.exec(ctx, "forget events", `DELETE FROM souk_claims WHERE key IN (SELECT key FROM souk_claims
		WHERE until <= $1 AND (done = 1 OR until <= $2) ORDER BY until LIMIT $3) AND until <= $1`,
		now.UnixMicro(), now.Add(-keepLost).UnixMicro(), purgeStep)
	return err
}

var _ catalog.Deduper = (*deduper)(nil)
