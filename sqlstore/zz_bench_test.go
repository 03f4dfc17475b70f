package sqlstore_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

func benchPut(b *testing.B, d *database, batch int) {
	if dsn := os.Getenv("ZZDSN"); dsn != "" {
		d.dsn = dsn
		d.open = func(k sqlstore.Keys) (*sqlstore.Store, error) { return sqlstore.OpenPostgres(b.Context(), dsn, k) }
	}
	s := d.handle(b)
	if q := os.Getenv("ZZ"); q != "" {
		run(b, d.raw(b), q)
	}
	benchInto(b, inboxOf(b, s, sqlstore.InboxConfig{}), batch)
}

func benchInto(b *testing.B, inbox webhook.Putter, batch int) {
	payload := json.RawMessage(`{"x":"` + strings.Repeat("y", 1000) + `"}`)
	n := 0
	_ = n
	b.ResetTimer()
	var r0, r1 syscall.Rusage
	syscall.Getrusage(0, &r0)
	defer func() {
		syscall.Getrusage(0, &r1)
		b.ReportMetric(float64(r1.Utime.Nano()+r1.Stime.Nano()-r0.Utime.Nano()-r0.Stime.Nano())/1000/float64(n), "goCPUus/event")
	}()
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
		b.Run(fmt.Sprint("postgres", n), func(b *testing.B) { benchPut(b, postgresDatabase(b), n) })
		b.Run(fmt.Sprint("sqlite", n), func(b *testing.B) { benchPut(b, sqliteDatabase(b), n) })
	}
}

func BenchmarkRef(b *testing.B) {
	d := postgresDatabase(b)
	pool, err := pgxpool.New(b.Context(), d.dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	ref, err := newReference(b.Context(), pool)
	if err != nil {
		b.Fatal(err)
	}
	benchInto(b, ref, 64)
}
