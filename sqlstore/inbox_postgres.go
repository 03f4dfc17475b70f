package sqlstore

import "github.com/soukhq/souk/webhook"

func newPostgresInbox(common inbox) (webhook.Inbox, error) { return nil, nil }
