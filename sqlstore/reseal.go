package sqlstore

import (
	"context"
	"fmt"
)

// Reseal encrypts everything that is sealed with another key anew with
// Keys.Current, and returns how many values that were. It may run while the
// store is used, by this process and others, and may be repeated after an
// error. Once it returns without one, and no process has the other keys as
// Current any more, they can be dropped. A value that cannot be opened is a
// *KeyError and stays as it is.
func (s *Store) Reseal(ctx context.Context) (int, error) {
	total := 0
	for _, table := range []struct{ name, id, kind string }{
		{"souk_credentials", "account", kindCredential}, {"souk_states", "key_hash", kindState},
	} {
		for {
			n, err := s.resealSome(ctx, table.name, table.id, table.kind)
			if total += n; err != nil {
				return total, s.failed(ctx, "reseal", err)
			}
			if n == 0 {
				break
			}
		}
	}
	_, err := s.exec(ctx, "reseal", `DELETE FROM souk_keys WHERE id <> $1 AND id NOT IN (SELECT key_id FROM souk_credentials WHERE key_id IS NOT NULL)
		AND id NOT IN (SELECT key_id FROM souk_states)`, s.keys.current)
	return total, err
}

// resealSome takes the next hundred. A value that is replaced meanwhile is
// left to whoever replaced it.
func (s *Store) resealSome(ctx context.Context, table, id, kind string) (int, error) {
	type row struct {
		id    []byte
		value sealed
	}
	var found []row
	rows, err := s.read.QueryContext(ctx, s.sql(fmt.Sprintf("SELECT %s, key_id, sealed FROM %s WHERE key_id <> $1 LIMIT 100", id, table)), s.keys.current)
	if err != nil {
		return 0, err
	}
	err = each(rows, func() error {
		var r row
		err := rows.Scan(&r.id, &r.value.keyID, &r.value.bytes)
		found = append(found, r)
		return err
	})
	if err != nil {
		return 0, err
	}
	update := fmt.Sprintf("UPDATE %s SET key_id = $1, sealed = $2 WHERE %s = $3 AND sealed = $4", table, id)
	for _, r := range found {
		plain, err := s.keys.open(kind, string(r.id), r.value)
		if err != nil {
			return 0, err
		}
		fresh, name := s.keys.seal(kind, string(r.id), plain), any(r.id)
		if kind == kindCredential {
			name = string(r.id) // SQLite compares no text with bytes
		}
		if _, err := s.exec(ctx, "reseal", update, fresh.keyID, fresh.bytes, name, r.value.bytes); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}
