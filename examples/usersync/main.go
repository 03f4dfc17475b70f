// Usersync keeps a local table of the customers of a Salla store, and who bought
// what last.
//
//	go run ./examples/usersync           # what changed since the last run, then ends
//	go run ./examples/usersync -serve    # stays: syncs, takes webhooks, serves the table as JSON
//
// Each run begins where the last one ended: the checkpoint is saved in one
// transaction with the customers before it. Webhooks only make it faster: what
// they miss, the next sync finds. Without credentials it reads a server inside
// the program; with SALLA_ACCESS_TOKEN and SALLA_MERCHANT_ID the real store.
// SALLA_WEBHOOK_SECRET verifies webhooks, DATABASE_PATH names the SQLite file,
// APP_HOST and APP_PORT where it serves.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "usersync:", err)
		os.Exit(1)
	}
}

// run is the whole program, with its surroundings passed in.
func run(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer, logger *slog.Logger) error {
	flags := flag.NewFlagSet("usersync", flag.ContinueOnError)
	flags.SetOutput(stdout)
	stay := flags.Bool("serve", false, "stay, take webhooks and serve the table as JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	store, err := openStore(getenv)
	if err != nil {
		return err
	}
	defer store.close()
	path, err := databasePath(getenv, store.inside)
	if err != nil {
		return err
	}
	users, err := openUsers(ctx, path)
	if err != nil {
		return err
	}
	defer users.close()
	s := &syncer{store, users}
	if *stay {
		return serve(ctx, s, getenv, stdout, logger)
	}
	n, err := s.sync(ctx)
	if err != nil {
		return err
	}
	total, err := users.count(ctx)
	if err == nil {
		_, err = fmt.Fprintf(stdout, "%d customers came, %d are in %s\n", n, total, path)
	}
	return err
}

// databasePath keeps what comes from the server inside the program apart from a
// real store's customers.
func databasePath(getenv func(string) string, inside bool) (string, error) {
	path := getenv("DATABASE_PATH")
	if path == "" {
		folder, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("set DATABASE_PATH: %w", err)
		}
		path = filepath.Join(folder, "souk", "users.db")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", err
		}
	}
	if inside {
		end := filepath.Ext(path)
		path = strings.TrimSuffix(path, end) + "-inside" + end
	}
	return path, nil
}
