package inboxtest_test

import (
	"testing"
	"time"

	"github.com/soukhq/souk/webhook"
	"github.com/soukhq/souk/webhook/inboxtest"
)

func memoryHarness() inboxtest.Harness {
	return inboxtest.Harness{Open: func(_ testing.TB, now func() time.Time) webhook.Inbox {
		return webhook.NewMemoryInbox(webhook.MemoryInboxConfig{Now: now})
	}}
}

func TestMemoryInbox(t *testing.T) {
	t.Parallel()
	inboxtest.Run(t, memoryHarness())
}
