// Connect shows merchants connecting their stores, and that they stay connected.
//
//	go run ./examples/connect    # then open the address it prints
//
// Without credentials in the environment every platform is a server inside the
// program that behaves like the real one, consent page included. With them, or
// a public address, the same code talks to the real platforms:
//
//	APP_HOST, APP_PORT            where it listens; 127.0.0.1 and 8050
//	APP_URL                       its public https address, such as a tunnel's; "" = where it listens
//	APP_PASSWORD                  of the operator's pages; needed with a public address
//	DATABASE_PATH                 the SQLite file; connect.db in the user's configuration folder
//	DATABASE_URL                  a Postgres to use instead
//	SOUK_KEY                      32 random bytes in base64 that encrypt the credentials; "" = made
//	                              once and kept in a file beside the database
//	SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET, SHOPIFY_API_VERSION, SHOPIFY_SCOPES,
//	SHOPIFY_WEBHOOK_SECRET        of webhooks that are not signed with the client secret
//	SALLA_CLIENT_ID, SALLA_CLIENT_SECRET, SALLA_WEBHOOK_SECRET, SALLA_SCOPES, SALLA_APP_ID
//	BIGCOMMERCE_CLIENT_ID, BIGCOMMERCE_CLIENT_SECRET, BIGCOMMERCE_SCOPES
//
// WooCommerce and Magento need no keys of the app's own, but APP_URL. Register
// the addresses below /connect/ and /webhooks/ with the platforms; the program
// prints them. See package catalog/auth for what stands behind it.
package main

import (
	"context"
	"errors"
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
	if len(os.Args) > 1 {
		fmt.Fprintln(os.Stderr, "connect: it takes no arguments; go doc ./examples/connect lists the environment it reads")
		os.Exit(2)
	}
	if err := run(ctx, os.Getenv, os.Stdout, slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		fmt.Fprintln(os.Stderr, "connect:", err)
		os.Exit(1)
	}
}

// endTime bounds an orderly end: requests and refreshes under way may finish.
const endTime = 20 * time.Second

// run is the whole program, with its surroundings passed in. It ends, in good
// order, when ctx does.
func run(ctx context.Context, getenv func(string) string, stdout io.Writer, logger *slog.Logger) error {
	s, err := readSettings(getenv)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	if s.baseURL == "" {
		s.baseURL = "http://" + listener.Addr().String()
	}
	h, err := open(ctx, s, stdout, logger)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: h.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 90 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	swept := make(chan struct{})
	sweeping, stopSweeping := context.WithCancel(ctx)
	defer stopSweeping()
	go func() {
		defer close(swept)
		h.sweep(sweeping)
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(stdout, "\nOpen %s/ in a browser. Ctrl-C stops; start again, and every store is still connected.\n", s.baseURL)
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	// A token that is being refreshed must not be lost, so the order matters:
	// no new requests, no sweep, no refresh; then the database.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	stopSweeping()
	err = errors.Join(err, server.Shutdown(ending))
	<-swept
	return errors.Join(err, h.close(ending))
}
