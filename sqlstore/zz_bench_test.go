package sqlstore_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

func benchPut(b *testing.B, d *database, batch int) {
	s := d.handle(b)
	inbox := inboxOf(b, s, sqlstore.InboxConfig{})
	payload := json.RawMessage(`{"x":"` + strings.Repeat("y", 1000) + `"}`)
	n := 0
	b.ResetTimer()
	for b.Loop() {
		var es []webhook.Entry
		for range batch {
			n++
			at := time.Now()
			ev := catalog.Event{Key: catalog.EventKey("shopify", "acme.myshopify.com", fmt.Sprintf("%016x-%016x", rand.Uint64(), rand.Uint64())), Platform: "shopify", Store: "acme.myshopify.com", Account: "a1", Topic: "orders/updated", Kind: catalog.EventOrderUpdated, Resource: catalog.Orders, ResourceID: fmt.Sprint(1000000000 + n), UpdatedAt: at, ReceivedAt: at, Payload: payload, PayloadKind: "shopify.webhook"}
			e := webhook.EntryOf(ev)
			es = append(es, e)
		}
		if _, err := inbox.Put(b.Context(), es); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkPut(b *testing.B) {
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("sqlite", n), func(b *testing.B) { benchPut(b, sqliteDatabase(b), n) })
	}
}
