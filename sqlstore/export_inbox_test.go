package sqlstore

import (
	"context"

	"github.com/soukhq/souk/webhook"
)

// Pragma reads a setting of the connection that writes.
func (s *Store) Pragma(ctx context.Context, name string) (value string, err error) {
	err = s.write.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value)
	return value, err
}

// WriteBack empties the log.
func WriteBack(ctx context.Context, inbox webhook.Inbox) error {
	return inbox.(*sqliteInbox).checkpoints.writeBack(ctx)
}
