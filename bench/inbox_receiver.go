package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

const (
	receiverSecret = "a secret of the bench alone"
	receiverShop   = "acme.myshopify.com"
)

// receiverTarget says what a receiving process is to be.
type receiverTarget struct {
	Kind  string
	Where string // the file, or the database
	Work  bool   // handle the events too
}

// receiver is a receiving process.
type receiver struct {
	url     string
	pid     int
	process *exec.Cmd
	input   io.Closer
}

// startReceiver runs this program as a receiver, by a command where the disk is
// to be slow.
func startReceiver(ctx context.Context, disk []string, target receiverTarget) (*receiver, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(target)
	if err != nil {
		return nil, err
	}
	args := append(append([]string(nil), disk...), self, "-child", "receive", "-target", string(text))
	process := exec.CommandContext(ctx, args[0], args[1:]...)
	process.Env = append(os.Environ(), "GOMAXPROCS=2")
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	input, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	r := &receiver{process: process, input: input}
	line, err := bufio.NewReader(out).ReadString('\n')
	if _, scan := fmt.Sscan(line, &r.url, &r.pid); err != nil || scan != nil {
		r.stop()
		return nil, errors.Join(errors.New("the receiver did not begin"), err)
	}
	return r, nil
}

func (r *receiver) stop() {
	_ = r.input.Close()
	_ = r.process.Wait()
}

// runReceiver is the receiving process, which ends with its input.
func runReceiver(ctx context.Context, text string, stdout io.Writer) error {
	var target receiverTarget
	if err := json.Unmarshal([]byte(text), &target); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	accounts, inbox, batch, err := openKind(ctx, target)
	if err != nil {
		return err
	}
	if err := accounts.Put(ctx, catalog.Account{ID: "tenant", Platform: shopify.Platform, Store: receiverShop}); err != nil {
		return err
	}
	adapter, err := shopify.New(shopify.Config{ClientID: "bench", ClientSecret: catalog.NewSecret(receiverSecret)})
	if err != nil {
		return err
	}
	stores := &catalog.Stores{Registry: &catalog.Registry{}, Accounts: accounts}
	if err := stores.Registry.Register(adapter); err != nil {
		return err
	}
	worked := make(chan error, 1)
	worked <- nil
	if target.Work {
		<-worked
		d := webhook.NewDispatcher(nil, inbox.(webhook.Inbox))
		d.OnAny(func(context.Context, catalog.Event) error { return nil })
		go func() { worked <- d.Run(ctx) }()
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: &webhook.Receiver{Stores: stores, Inbox: inbox, Batch: batch, Logger: slog.New(slog.DiscardHandler)}, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close
	fmt.Fprintf(stdout, "http://%s/webhooks/shopify/orders/create %d\n", listener.Addr(), os.Getpid())
	_, _ = io.Copy(io.Discard, os.Stdin)
	stop()
	return errors.Join(server.Close(), <-worked)
}

// openKind makes what is behind a receiver.
func openKind(ctx context.Context, target receiverTarget) (catalog.Accounts, webhook.Putter, webhook.BatchOptions, error) {
	var batch webhook.BatchOptions
	switch kind := strings.TrimSuffix(target.Kind, "-single"); kind {
	case bare.name:
		return &catalog.MemoryAccounts{}, noStore{}, batch, nil
	case reference.name:
		pool, err := pgxpool.New(ctx, target.Where)
		if err != nil {
			return nil, nil, batch, err
		}
		inbox, err := newReference(ctx, pool)
		batch.Writers = 2
		return &catalog.MemoryAccounts{}, inbox, batch, err
	case sqliteGrouped.name, postgresGrouped.name:
		keys := sqlstore.Keys{Current: sqlstore.NewKey("bench")}
		open := sqlstore.OpenSQLite
		if kind == postgresGrouped.name {
			open, batch.Writers = sqlstore.OpenPostgres, 2
		}
		if kind != target.Kind { // each request has a transaction of its own
			batch.MaxEntries = 1
			if kind == postgresGrouped.name {
				batch.Writers = inboxConnections
			}
		}
		s, err := open(ctx, target.Where, keys)
		if err != nil {
			return nil, nil, batch, err
		}
		inbox, err := s.Inbox(ctx, sqlstore.InboxConfig{})
		return s.Accounts(), inbox, batch, err
	}
	return nil, nil, batch, fmt.Errorf("there is no receiver %q", target.Kind)
}

// noStore keeps nothing.
type noStore struct{}

// Put implements webhook.Putter.
func (noStore) Put(_ context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
	results := make([]webhook.PutResult, len(entries))
	for i := range results {
		results[i].ID = "0"
	}
	return results, nil
}
