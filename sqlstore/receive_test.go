package sqlstore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

const (
	sharedTopic = "orders/create"   // its effect shares the event's transaction
	loggedTopic = "products/update" // its effect is a line in a file
)

func init() {
	// receive is a host: it keeps Shopify's deliveries and handles them, until
	// its input ends and all are handled.
	roles["receive"] = func() error {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		s, err := openFromEnv(ctx)
		if err != nil {
			return err
		}
		inbox, err := s.Inbox(ctx, sqlstore.InboxConfig{Lease: time.Second, Logger: silent})
		if err != nil {
			return err
		}
		receiver, err := shopReceiver(s, inbox, os.Getenv("SOUK_TEST_APP"), os.Getenv("SOUK_TEST_APP_SECRET"))
		if err != nil {
			return err
		}
		worked := make(chan error, 1)
		dispatcher, err := effectDispatcher(inbox, os.Getenv("SOUK_TEST_LOG"))
		if err != nil {
			return err
		}
		idle := os.Getenv("SOUK_TEST_IDLE") != ""
		if idle {
			worked <- nil
		} else {
			go func() { worked <- dispatcher.Run(ctx) }()
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := &http.Server{Handler: receiver, ReadHeaderTimeout: 5 * time.Second}
		go func() { _ = server.Serve(listener) }() // ends with Shutdown
		fmt.Println(listener.Addr())
		_, _ = io.Copy(io.Discard, bufio.NewReader(os.Stdin))
		if err := errors.Join(server.Shutdown(ctx), receiver.Close(ctx)); err != nil {
			return err
		}
		if !idle {
			if err := drained(ctx, inbox); err != nil {
				return err
			}
		}
		stop()
		return errors.Join(<-worked, s.Close())
	}
}

func openFromEnv(ctx context.Context) (*sqlstore.Store, error) {
	keys := sqlstore.Keys{Current: sqlstore.Key{ID: "test", Secret: catalog.NewSecret(os.Getenv("SOUK_TEST_KEY"))}}
	if os.Getenv("SOUK_TEST_DATABASE") == "sqlite" {
		return sqlstore.OpenSQLite(ctx, os.Getenv("SOUK_TEST_PATH"), keys)
	}
	return sqlstore.OpenPostgres(ctx, os.Getenv("SOUK_TEST_PATH")+" pool_max_conns=16", keys)
}

// shopReceiver receives for the shops on record.
func shopReceiver(s *sqlstore.Store, inbox webhook.Inbox, app, secret string) (*webhook.Receiver, error) {
	adapter, err := shopify.New(shopify.Config{ClientID: app, ClientSecret: catalog.NewSecret(secret)})
	if err != nil {
		return nil, err
	}
	stores := &catalog.Stores{Registry: &catalog.Registry{}, Accounts: s.Accounts()}
	receiver := &webhook.Receiver{Stores: stores, Inbox: inbox, Logger: silent}
	if _, many := inbox.(webhook.Runner); many {
		receiver.Batch.Writers = 2
	}
	return receiver, stores.Registry.Register(adapter)
}

// effectDispatcher has a handler whose effect shares the transaction, and one
// whose effect is elsewhere. Both fail now and then.
func effectDispatcher(inbox webhook.Inbox, log string) (*webhook.Dispatcher, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	fails := func(ctx context.Context, e catalog.Event) error {
		if d, _ := webhook.DeliveredFrom(ctx); d.Attempt == 1 && e.ResourceID[len(e.ResourceID)-1] == '7' {
			return errors.New("the first attempt fails")
		}
		return nil
	}
	d := webhook.NewDispatcher(nil, inbox)
	d.Workers, d.Lease, d.Poll, d.Keep, d.Logger = 8, time.Second, 20*time.Millisecond, -1, silent
	d.Backoff = webhook.Backoff(10*time.Millisecond, 100*time.Millisecond)
	d.OnTopic(shopify.Platform, sharedTopic, func(ctx context.Context, e catalog.Event) error {
		return webhook.Transact(ctx, func(ctx context.Context) error {
			return errors.Join(addEffect(ctx, e.ResourceID), fails(ctx, e)) // a failure takes the effect back
		})
	})
	d.OnAny(func(ctx context.Context, e catalog.Event) error {
		if err := fails(ctx, e); err != nil {
			return err
		}
		_, err := file.WriteString(e.ResourceID + "\n") // one write, which a kill does not cut
		return err
	})
	return d, nil
}

// drained waits until every event is in a final state.
func drained(ctx context.Context, inbox webhook.Inbox) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		stats, err := inbox.Stats(ctx)
		if err != nil {
			return err
		}
		open := int64(0)
		for state, n := range stats.States {
			if !state.Final() {
				open += n
			}
		}
		if open == 0 {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("still open: %v", stats.States)
		}
	}
}
