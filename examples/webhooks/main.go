// Webhooks shows deliveries being received, kept, deduplicated, processed and
// replayed.
//
//	go run ./examples/webhooks                # then open the address it prints
//	go run ./examples/webhooks -rate 200      # deliveries a second
//	go run ./examples/webhooks -quiet         # send none: receive from real platforms
//
// Without secrets in the environment each platform is a server inside the
// program, which sends deliveries signed as the platform signs them: some twice,
// some late, some forged. Kill the program at any moment and start it again:
// what was accepted is there, and its effect happens once.
//
//	APP_HOST, APP_PORT        where it listens; 127.0.0.1 and 8050
//	APP_PASSWORD              of the page, for any user name; needed to open it under another name than localhost
//	DATABASE_PATH             the SQLite file; souk/webhooks.db in the user's configuration folder
//	SOUK_KEY                  32 random bytes in base64; "" = made once and kept in a file beside the database
//	SHOPIFY_WEBHOOK_SECRET    or SHOPIFY_SHARED_SECRET, SHOPIFY_CLIENT_SECRET; with SHOPIFY_STORE_URL, SHOPIFY_ACCESS_TOKEN
//	SALLA_WEBHOOK_SECRET      with SALLA_MERCHANT_ID, SALLA_WEBHOOK_STRATEGY, SALLA_ACCESS_TOKEN
//	WOOCOMMERCE_WEBHOOK_SECRET  with WOOCOMMERCE_STORE_URL, WOOCOMMERCE_CONSUMER_KEY, WOOCOMMERCE_CONSUMER_SECRET
//	MAGENTO_WEBHOOK_SECRET    with MAGENTO_STORE_URL, MAGENTO_WEBHOOK_SCHEME, MAGENTO_ACCESS_TOKEN
//	BIGCOMMERCE_CLIENT_SECRET with BIGCOMMERCE_STORE_HASH, BIGCOMMERCE_ACCESS_TOKEN
//
// A platform's access token lets the handlers fetch what a delivery only names.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "webhooks:", err)
		os.Exit(1)
	}
}

// endTime bounds an orderly end: requests and handlers under way may finish.
const endTime = 15 * time.Second

// run is the whole program, with its surroundings passed in. It ends, in good
// order, when ctx does.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	s, err := readSettings(args, getenv, stderr)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: s.logLevel}))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return fmt.Errorf("%w; choose another address by APP_HOST and APP_PORT", err)
	}
	defer listener.Close()
	shops, err := openShops(s, getenv)
	if err != nil {
		return err
	}
	defer shops.close()
	host, err := open(ctx, s, shops, logger)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: host.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(host.feed.end)
	url := "http://" + listener.Addr().String()
	announce(stdout, s, shops, url)

	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	worked, served, sent := make(chan error, 1), make(chan error, 1), make(chan struct{})
	go func() { worked <- host.dispatcher.Run(working) }()
	go func() { served <- server.Serve(listener) }()
	go func() {
		defer close(sent)
		newTraffic(shops, url, s, logger).run(ctx)
	}()
	select {
	case <-ctx.Done():
	case err = <-served:
		err = fmt.Errorf("the server stopped: %w", err)
	case err = <-worked:
		worked <- nil
		if err == nil {
			err = errors.New("the dispatcher stopped")
		}
	}
	fmt.Fprintln(stdout, "Stopping: what is under way may finish.")
	// No new deliveries, then what was admitted is stored, then handlers end;
	// the database is last.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	err = errors.Join(err, server.Shutdown(ending), host.receiver.Close(ending))
	<-sent
	stopWork()
	return errors.Join(err, <-worked, host.close())
}

// announce says where everything is.
func announce(w io.Writer, s settings, shops shops, url string) {
	fmt.Fprintf(w, "Open %s/ in a browser; %s/docs describes the addresses.\n", url, url)
	fmt.Fprintf(w, "Events are kept in %s.\n\n", s.file)
	for _, p := range shops {
		what := "real deliveries"
		if p.inside {
			what = "a test server in this program"
		}
		fmt.Fprintf(w, "  POST %s%-34s %s\n", url, p.path, what)
	}
	if len(shops) == 0 {
		fmt.Fprintln(w, "  No platform is received from: set a secret such as SHOPIFY_WEBHOOK_SECRET, or leave -quiet out.")
	}
	fmt.Fprintln(w, "\nCtrl-C stops; kill -9 loses nothing that was accepted.")
}
